"""Grouping: lists of texts that repeat, as entries of their own (tags), and the fields that lead back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphql_api.inference.drafts import FieldDraft, TypeDraft
from graphql_api.inference.forms import Shape
from graphql_api.inference.references import references_to
from graphql_api.inference.words import type_name
from graphql_api.inference.writing import arguments
from graphql_api.model.english import plural
from graphql_api.model.names import capitalized, uncapitalized
from graphql_api.reading.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.inference.drafts import Draft

REPEATS = 1.5
MAX_LETTERS = 40

_TAGS = frozenset(
    ("tags", "tag", "categories", "topics", "labels", "keywords", "genres", "cuisines", "series", "authors")
)
_NO_TAGS = frozenset(("aliases", "alias", "redirectfrom", "images", "links", "urls", "steps", "instructions"))


def add_groups(draft: Draft) -> None:
    """Make entries of what lists of texts name again and again."""
    for type_ in list(draft.types.values()):
        for field in type_.fields:
            texts = _texts_of(field)
            if texts and _are_tags(field.name, texts):
                _make_group(draft, type_, field, texts)


def add_backs(draft: Draft) -> None:
    """Give each entry type the entries that lead to it, and their number; of a singleton there is only one."""
    for name, referring in references_to(draft).items():
        target = draft.types[name]
        for origin, path in referring:
            if not origin.is_singleton:
                _add_back(target, origin, path)


def _texts_of(field: FieldDraft) -> list[str]:
    form = field.form
    if form is None or field.column is None or form.shape is not Shape.SCALAR or field.depth != 1:
        return []
    if field.type_name != "String":
        return []
    items = [item for value in field.column.values for item in (value if isinstance(value, list) else [value])]
    texts = [
        part for item in items if isinstance(item, str) for part in (item.split(",") if form.guess.split else [item])
    ]
    return [text.strip() for text in texts if text.strip()]


def _are_tags(name: str, texts: Sequence[str]) -> bool:
    if name.lower() in _NO_TAGS or any(len(text) > MAX_LETTERS or "\n" in text for text in texts):
        return False
    different = len(set(texts))
    repeats = len(texts) / different
    return (repeats >= REPEATS and different > 1) or (name.lower() in _TAGS and repeats > 1)


def _make_group(draft: Draft, type_: TypeDraft, field: FieldDraft, texts: Sequence[str]) -> None:
    counts = Counter(texts)
    own = type_name(field.name)
    known = draft.types.get(own)
    if known is not None and known is not type_ and not known.is_grouped:
        _open(known, {slug(text) for text in texts})
    name = (
        own if known is not None and known.is_grouped else draft.free_name(own, f"{type_.name}{own}", has_entries=True)
    )
    if name not in draft.types:
        draft.types[name] = _grouped(name, is_slug=_stay_apart(counts))
    field.type_name = name
    field.directives = []
    field.why.append(f"{len(counts)} different in {len(texts)}")
    if field.form and field.form.guess.split:
        field.sources = [arguments(key=key, split=",") for key in (field.column.keys if field.column else ())]


def _open(listed: TypeDraft, slugs: set[str]) -> None:
    """Let a type with files have entries that are only named as well, if some of what is named has a file."""
    key = listed.field(listed.identity)
    if (
        key is None
        or slugs.isdisjoint(listed.identities.get(key.name, ()))
        or key.sources not in (["file: KEY"], ["file: NAME"])
    ):
        return
    listed.is_grouped = True
    listed.more = f"{listed.more} @grouped".strip()
    key.sources = [*key.sources, "slug: true"]
    listed.note += " Others are only named, by lists of texts."
    for field in listed.fields:
        if field is not key and field.name not in {"title", "name"}:
            field.is_required = False


def _stay_apart(texts: Counter[str]) -> bool:
    """Return whether different texts have different slugs, case aside."""
    slugs: dict[str, str] = {}
    for text in texts:
        made = slug(text)
        if not made or slugs.setdefault(made, _plain(text)) != _plain(text):
            return False
    return True


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _grouped(name: str, *, is_slug: bool) -> TypeDraft:
    type_ = TypeDraft(name, header="@grouped", is_grouped=True)
    title = FieldDraft("title", "String", is_required=True, directives=["@order(default: ASC)"])
    if is_slug:
        type_.fields = [
            FieldDraft("slug", "String", is_required=True, sources=["slug: true"], directives=["@key"]),
            title,
        ]
    else:
        title.directives = ["@key", "@order(default: ASC)"]
        type_.fields = [title]
    type_.identity = type_.fields[0].name
    return type_


def _add_back(target: TypeDraft, origin: TypeDraft, path: tuple[str, ...]) -> None:
    of = ".".join((origin.name, *path))
    own = uncapitalized(origin.name)
    if origin is target:
        names, count = ["mentionedBy", f"mentionedBy{capitalized(path[-1])}"], ""
    else:
        by = capitalized(path[-1])
        names, count = [plural(own) if plural(own) != own else f"{own}List", f"{own}sBy{by}"], f"{own}Count"
    name = next((each for each in names if not target.field(each)), "")
    if not name:
        return
    target.fields.append(FieldDraft(name, origin.name, 1, directives=[f"@back({arguments(of=of)})"]))
    if count and not target.field(count):
        target.fields.append(
            FieldDraft(count, "Int", is_required=True, directives=[f"@back({arguments(of=of)})", "@order"])
        )
