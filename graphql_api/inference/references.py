"""References: keys whose values name entries, of another type or of the same."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from graphql_api.inference.drafts import FieldDraft
from graphql_api.inference.forms import Shape
from graphql_api.inference.hints import is_folder
from graphql_api.inference.identity import CODE_KEYS
from graphql_api.inference.words import ascii_words, type_name
from graphql_api.inference.writing import arguments
from graphql_api.model.english import singular
from graphql_api.model.names import uncapitalized
from graphql_api.reading.naming import without_end
from graphql_api.reading.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from graphql_api.inference.drafts import Draft, TypeDraft
    from graphql_api.inference.hints import Hints

THREE_IN_FIVE = 0.6
MAX_LETTERS = 60
"""Longer texts are no names that somebody would make a slug of."""
MANY_TARGETS = 3
"""So many different entries are named by no chance; fewer count only where the names of key and type agree."""

_URL_KEYS = frozenset(("url", "href", "link", "path", "permalink", "to"))
_NO_REFERENCES = frozenset(
    ("title", "name", "description", "summary", "excerpt", "alt", "label", "text", "question", "aliases", "permalink")
)
_PERSONS = frozenset(
    (
        "author",
        "authors",
        "by",
        "writer",
        "editor",
        "contributor",
        "contributors",
        "reviewer",
        "speaker",
        "speakers",
        "maintainer",
        "owner",
    )
)
_PERSON_TYPES = frozenset(("author", "person", "member", "team", "contributor", "speaker", "user", "profile"))
_RELATIONS = frozenset(
    (
        "related",
        "see",
        "also",
        "similar",
        "parent",
        "next",
        "previous",
        "prev",
        "up",
        "links",
        "children",
        "references",
        "synonyms",
        "antonyms",
        "requires",
        "prerequisites",
    )
)


class Value(NamedTuple):
    """One text that may name an entry, and the number of the entry that it stands in (-1 where nobody knows)."""

    owner: int
    text: str


class _Match(NamedTuple):
    target: TypeDraft
    by: str
    source: str
    hits: int
    total: int
    targets: int


def add_references(draft: Draft, hints: Hints) -> None:
    """Make references of the fields of all types and groups that name entries; add those that urls in groups are."""
    index = _Index([each for each in draft.types.values() if each.identities], hints)
    for owner in [*draft.types.values(), *draft.groups.values()]:
        for field in list(owner.fields):
            values = _values_of(field)
            if not values or field.name in owner.identities or field.name in _NO_REFERENCES:
                continue
            match = None if _says_who_it_is(owner, values) else index.find(owner, field, values)
            if match is None:
                continue
            if field.name in _URL_KEYS and not owner.header:
                _add_beside(owner, field, match)
            else:
                _make_reference(field, match)


def _says_who_it_is(owner: TypeDraft, values: Sequence[Value]) -> bool:
    """Return whether values are mostly what names their own entries, which may well name entries of others too."""
    texts = owner.identities.get(owner.identity, ())
    own = sum(0 <= value.owner < len(texts) and _folded(value.text) == _folded(texts[value.owner]) for value in values)
    return own >= THREE_IN_FIVE * len(values)


def _values_of(field: FieldDraft) -> list[Value]:
    """Return the texts of a field, [] if it has others than texts."""
    form, column = field.form, field.column
    if form is None or column is None or form.shape is not Shape.SCALAR or form.depth > 1:
        return []
    if form.guess.type_name not in {"String", "Url", ""} or (field.sources[:1] and "like" in field.sources[0]):
        return []
    found = []
    for index, value in column.cells:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and item.strip():
                parts = item.split(",") if form.guess.split else [item]
                found += [Value(index, part.strip()) for part in parts if part.strip()]
    return found


class _Index:
    """The entries by what names them, to find out whom values name."""

    def __init__(self, targets: Sequence[TypeDraft], hints: Hints) -> None:
        self._hints = hints
        self._keys: list[tuple[TypeDraft, str, dict[str, int]]] = []
        for target in targets:
            for name in sorted(target.identities, key=_rank):
                texts = target.identities[name]
                self._keys.append((target, name, {_folded(text): place for place, text in enumerate(texts)}))

    def find(self, owner: TypeDraft, field: FieldDraft, values: Sequence[Value]) -> _Match | None:
        """Return whom the values of a field name, None if it is hardly anyone."""
        found: list[tuple[bool, float, _Match]] = []
        hinted = self._hints.target_of(owner.folders, field.key)
        for transform, source in _ways(values):
            keys = {text: transform(text) for text in {value.text for value in values}}
            for target, name, places in self._keys:
                match = _matched(owner, target, name, places, values, keys, source)
                if match is None:
                    continue
                agrees = _agree(field.name, target.name) or (target is owner and _is_relation(field.name))
                agrees = agrees or (match.hits == match.total and name in CODE_KEYS)
                agrees = agrees or (hinted != "" and any(is_folder(hinted, each) for each in target.folders))
                if agrees or match.targets >= MANY_TARGETS:
                    found.append((agrees, match.hits / match.total, match))
            if found:
                break
        return max(found, key=lambda each: each[:2])[2] if found else None


def _rank(name: str) -> int:
    order = ("url", "permalink", "slug", "id", "path")
    return order.index(name) if name in order else len(order)


def _folded(text: str) -> str:
    return without_end(text.strip())


def _ways(values: Sequence[Value]) -> Iterator[tuple[Callable[[str], str | None], str]]:
    """Yield the ways to make the key of an entry from a text, each with the argument of @from that does it."""
    yield _folded, ""
    texts = [value.text for value in values]
    if sum(text.startswith("[[") and text.endswith("]]") for text in texts) >= THREE_IN_FIVE * len(texts):
        yield _within("[[", "]]"), "[[{}]]"
    head, tail = _shared(texts)
    if head or tail:
        yield _within(head, tail), f"{head}{{}}{tail}"
    if sum(map(len, texts)) / len(texts) <= MAX_LETTERS:
        yield slug, "slug"


def _within(head: str, tail: str) -> Callable[[str], str | None]:
    def inner(text: str) -> str | None:
        if not (text.startswith(head) and text.endswith(tail)):
            return None
        return text[len(head) : len(text) - len(tail)]

    return inner


def _shared(texts: Sequence[str]) -> tuple[str, str]:
    """Return the folders that all texts begin with, and the ending that they end with, as paths of files do."""
    first, last = min(texts), max(texts)
    same = next((index for index, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    head = first[: first.rfind("/", 0, same) + 1]
    endings = {text[text.rfind(".") :] if "." in text.rpartition("/")[2] else "" for text in texts}
    tail = endings.pop() if len(endings) == 1 else ""
    return (head, tail) if not any(sign in head + tail for sign in "*?{}") else ("", "")


def _matched(  # noqa: PLR0917 - what a match is made of
    owner: TypeDraft,
    target: TypeDraft,
    name: str,
    places: dict[str, int],
    values: Sequence[Value],
    keys: Mapping[str, str | None],
    source: str,
) -> _Match | None:
    hits, total = 0, 0
    targets: set[int] = set()
    for value in values:
        key = keys[value.text]
        place = places.get(key) if key else None
        if place is not None and target is owner and place == value.owner:
            continue  # its own name says nothing
        total += 1
        if place is not None:
            hits += 1
            targets.add(place)
    if not total or hits < THREE_IN_FIVE * total:
        return None
    return _Match(target, name, source, hits, total, len(targets))


def _agree(field: str, target: str) -> bool:
    words = [singular(word.lower()) for word in ascii_words(field)]
    name = target.lower()
    if singular(type_name(field)).lower() == name or name in words:
        return True
    return not _PERSONS.isdisjoint([field.lower(), *words]) and name in _PERSON_TYPES


def _is_relation(field: str) -> bool:
    return not _RELATIONS.isdisjoint(word.lower() for word in ascii_words(field))


def _make_reference(field: FieldDraft, match: _Match) -> None:
    field.why = [field.why[0], f"{match.by} of {match.target.name} in {match.hits} of {match.total}"]
    field.type_name = match.target.name
    field.directives = []
    if match.source:
        how = {"slug": True} if match.source == "slug" else {"like": match.source}
        field.sources = [arguments(key=key, **how) for key in (field.column.keys if field.column else ())]
    if match.hits < match.total:
        field.is_required = False
    _name_key(field, match)


def _name_key(field: FieldDraft, match: _Match, missing: str = "") -> None:
    """Make a key of what is named, and say it where it is not the identity."""
    key = match.target.field(match.by)
    if key:
        key.add("@key")
    by = "" if match.by == match.target.identity else arguments(by=match.by)
    if field.is_required and not field.depth and not match.target.is_grouped:
        missing = "missing: ERROR"  # there would be nothing to show
    inside = ", ".join(each for each in (by, missing) if each)
    if inside:
        field.add(f"@ref({inside})")


def _add_beside(owner: TypeDraft, field: FieldDraft, match: _Match) -> None:
    """Add the entry that a group's url leads to, beside the url: what leads nowhere can be shown all the same."""
    name = uncapitalized(match.target.name)
    if owner.field(name) or owner.field("status") or match.source:
        return
    reference = FieldDraft(name, match.target.name, sources=[arguments(key=field.key)])
    reference.why = [f"{match.by} of {match.target.name} in {match.hits} of {match.total}"]
    _name_key(reference, match, "missing: KEEP")
    status = FieldDraft("status", "ReferenceStatus", is_required=True, sources=[arguments(field=name)])
    owner.fields += [status, reference]


def references_to(draft: Draft) -> dict[str, list[tuple[TypeDraft, tuple[str, ...]]]]:
    """Return, by the name of each entry type, the types that refer to it with the fields that lead to the reference."""
    found: dict[str, list[tuple[TypeDraft, tuple[str, ...]]]] = defaultdict(list)
    for type_ in draft.types.values():
        for path, target in _paths(draft, type_.fields, (), frozenset()):
            found[target].append((type_, path))
    return found


def _paths(
    draft: Draft, fields: Sequence[FieldDraft], before: tuple[str, ...], seen: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for field in fields:
        name = field.type_name
        if name in draft.types:
            if not any(each.startswith("@back") for each in field.directives):
                yield (*before, field.name), name
        elif name in draft.groups and name not in seen:
            yield from _paths(draft, draft.groups[name].fields, (*before, field.name), seen | {name})
