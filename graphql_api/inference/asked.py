"""Asked: what clients will want to filter, order, count and search by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.inference.scalars import MAX_CHOICE_LETTERS, MAX_CHOICES
from graphql_api.model.english import singular
from graphql_api.model.names import capitalized, uncapitalized

if TYPE_CHECKING:
    from graphql_api.inference.drafts import Draft, FieldDraft, TypeDraft

REPEATS = 2.0

_TITLES = frozenset(("title", "name", "term", "heading", "label"))
_SUMMARIES = frozenset(
    ("description", "summary", "excerpt", "abstract", "subtitle", "tagline", "lead", "intro", "definition")
)
_DATES = (
    "date",
    "pubDate",
    "publishedAt",
    "publishDate",
    "published",
    "publishedDate",
    "datePublished",
    "createdAt",
    "created",
    "updated",
)
_PLACES = ("weight", "order", "position", "sidebarPosition", "navOrder", "sort", "sortOrder", "rank")
_OLD_URLS = frozenset(("aliases", "alias", "redirectfrom", "redirects", "oldurls"))
_HIDING = frozenset(("draft", "isdraft", "unpublished", "hidden", "private", "archived"))
_SHOWING = frozenset(("published", "publish", "ispublished", "active", "public", "visible"))


def add_asked(draft: Draft) -> None:
    """Add @filter, @order, @facet and @search to the fields of entry types, and keep facets of one name of one type."""
    for type_ in draft.types.values():
        if not type_.is_singleton and (type_.documents or not type_.is_grouped):
            for field in type_.fields:
                _ask(field, draft)
            _add_default_order(type_)
    _name_facets(draft)


def _ask(field: FieldDraft, draft: Draft) -> None:
    if any(each.startswith("@back") for each in field.directives):
        return
    name, kind = field.name, field.type_name
    if kind in draft.types:
        field.add("@filter")
        field.add("@facet")
    elif field.depth:
        _ask_list(field)
    elif kind in draft.choices:
        field.add("@filter")
        field.add("@facet")
    elif kind in {"Date", "DateTime", "Int", "Float"}:
        field.add("@filter")
        field.add("@order")
    elif kind == "Boolean":
        field.add("@filter")
        _say_what_hides(field)
    elif kind == "RichText":
        field.add("@search(weight: 2)" if name.lower() in _SUMMARIES else "@search")
    elif kind == "String":
        _ask_text(field)


def _ask_list(field: FieldDraft) -> None:
    if field.type_name == "Url" and field.name.lower() in _OLD_URLS:
        field.add("@aliases")
    if field.type_name == "String" and field.depth == 1 and field.column:
        items = [item for value in field.column.values if isinstance(value, list) for item in value]
        if all(isinstance(item, str) for item in items) and any(isinstance(item, str) for item in items):
            field.add("@search(weight: 2)")


def _ask_text(field: FieldDraft) -> None:
    if field.name.lower() in _TITLES:
        field.add("@order")
        field.add("@search(weight: 8)")
    elif field.name.lower() in _SUMMARIES:
        field.add("@search(weight: 2)")
    elif field.column and "@key" not in field.directives:
        texts = [value for value in field.column.values if isinstance(value, str)]
        if (
            texts
            and len(texts) / len(set(texts)) >= REPEATS
            and all(len(text) <= 2 * MAX_CHOICE_LETTERS for text in texts)
        ):
            field.add("@filter")
            field.add("@facet")
            different = len(set(texts))
            told = f"{different} different in {len(texts)}: text, a choice, or entries of their own?"
            field.why.append("the same in all" if different == 1 else told)
        elif field.name in {*_DATES} and len(texts) > MAX_CHOICES:
            field.add("@order")


def _say_what_hides(field: FieldDraft) -> None:
    name = field.name.lower()
    if name in _HIDING:
        field.why.append("@hidden would keep such entries out of the API")
    elif name in _SHOWING:
        field.why.append("@hidden(when: false) would keep the others out of the API")


def _add_default_order(type_: TypeDraft) -> None:
    """Let the newest come first, else what has a place in an order, else the titles by the alphabet."""
    for names, direction in ((_DATES, "DESC"), (_PLACES, "ASC"), (("title", "name", "term", "label"), "ASC")):
        for name in names:
            field = type_.field(name)
            if field is None or "@order" not in field.directives:
                continue
            field.directives[field.directives.index("@order")] = f"@order(default: {direction})"
            if direction == "DESC" and field.type_name in {"Date", "DateTime"}:
                field.add("@facet(by: YEAR)")
            return


def _name_facets(draft: Draft) -> None:
    """Name facets after their types where those of two types would share a name, and not be of one type."""
    known: dict[str, str] = {"year": "Int"}
    for type_ in draft.types.values():
        for field in type_.fields:
            if "@facet" not in field.directives:
                continue
            own = singular(field.name) if field.depth else field.name
            if known.setdefault(own, field.type_name) != field.type_name:
                name = uncapitalized(type_.name) + capitalized(own)
                field.directives[field.directives.index("@facet")] = f'@facet(name: "{name}")'
                known[name] = field.type_name


def add_notes(draft: Draft) -> None:
    """Say of lists of mappings whose names repeat that they could be entries of their own."""
    for type_ in draft.types.values():
        for field in type_.fields:
            if field.depth != 1 or field.type_name not in draft.groups or field.column is None or field.column.pattern:
                continue
            names = [
                item.get("name")
                for value in field.column.values
                if isinstance(value, list)
                for item in value
                if isinstance(item, dict) and isinstance(item.get("name"), str)
            ]
            if names and len(names) / len(set(names)) >= REPEATS:
                field.why.append(f"{len(set(names))} names in {len(names)}: entries of their own?")
