"""Asked: what may be filtered, sorted, counted, searched and hidden, and what names an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.model.checks.references import is_address
from graphql_api.model.checks.scope import TEXTS, Fault, UnknownPathError
from graphql_api.model.directives import shortened
from graphql_api.model.names import is_name
from graphql_api.model.searched import searched_paths
from graphql_api.model.types import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.model.checks.scope import Scope
    from graphql_api.model.types import EntryType, Field

_OF_ENTRIES = ("key", "filter", "order", "facet", "hidden", "unlisted", "aliases")
_DATES = frozenset(("Date", "DateTime"))
_KEYS = frozenset(("String", "ID", "Url", "Int"))


def check_asked(scope: Scope) -> Iterator[Fault]:
    """Yield what is wrong with what a model promises to answer."""
    for owner, fields, has_entries in scope.owners():
        for field in fields:
            if has_entries:
                yield from _of_an_entry(scope, owner, field)
            else:
                yield from _of_a_group(scope, owner, field)
            if field.search and field.is_value:
                yield from _search(scope, owner, field)
    for type_ in scope.model.entry_types.values():
        yield from _keys(scope, type_)
        yield from _of_a_type(scope, type_)


def _of_a_group(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    for name in () if scope.is_unclear(owner) else _OF_ENTRIES:
        if scope.one(name, owner, field.name):
            message = f"@{name} is about entries, and {owner} is a group of fields. Put it on a field of an entry type."
            yield Fault(message, owner, field.name, name)


def _of_an_entry(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    if field.is_order and not field.back:
        yield from _order(scope, owner, field)
    if not field.is_value:
        return
    if field.is_filter:
        yield from _filter(scope, owner, field)
    if field.facet:
        yield from _facet(scope, owner, field)
    for name in ("hidden", "unlisted"):
        if scope.one(name, owner, field.name) and (field.type.is_list or field.type.name != "Boolean"):
            message = f"@{name} asks whether, and {field.name} is {field.type}. Make it Boolean!."
            yield Fault(message, owner, field.name, name)
    if field.is_alias and not (field.type.is_list and field.type.name in {"String", "Url"}):
        message = f"Old urls are a list, and {field.name} is {field.type}. Make it [Url!]!."
        yield Fault(message, owner, field.name, "aliases")
    elif field.is_alias and not any(is_address(each) for each in scope.model.fields_of(owner)):
        message = f"Old urls lead to the new one, and {owner} has none. Give it a field url: String!"
        yield Fault(message, owner, field.name, "aliases")


def _filter(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    kind = scope.kind(field.type)
    is_compared = field.reference is not None or (kind is not None and kind.filter_name)
    if field.type.is_required and not field.type.is_list and not is_compared:
        message = f"Every entry has {field.name}, and {field.type} cannot be compared. Take @filter or its `!` out."
        yield Fault(message, owner, field.name, "filter")


def _order(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    kind = scope.kind(field.type)
    if field.walk or field.sibling:
        return
    if not field.is_value:
        message = f"{field.name} cannot be sorted by: it is no value of the file. Take @order out."
    elif field.type.is_list or kind is None or kind.order is None:
        message = f"{field.name} is {field.type}, which has no order. Take @order out, or sort by another field."
    else:
        return
    yield Fault(message, owner, field.name, "order")


def _facet(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    assert field.facet is not None  # noqa: S101 - as it was called
    kind, name = scope.kind(field.type), field.type.name
    is_date = name in _DATES and not field.type.is_list
    is_counted = field.reference is not None or (kind is not None and bool(kind.filter_name) and name != "Float")
    if not is_counted or (name in _DATES and field.type.is_list) or (field.type.item and field.type.item.is_list):
        message = f"{field.name} is {field.type}, whose values cannot be counted. Take @facet out."
        yield Fault(message, owner, field.name, "facet")
    elif is_date and field.facet.by is None:
        message = "Days are too many to count. Say by which part: @facet(by: YEAR) or @facet(by: MONTH)."
        yield Fault(message, owner, field.name, "facet")
    elif field.facet.by and not is_date:
        message = f"by is about dates, and {field.name} is {field.type}. Take it out."
        yield Fault(message, owner, field.name, "facet", 0, "by")


def _search(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    search = field.search
    assert search is not None  # noqa: S101 - as it was called
    if not 0 < search.weight <= 1_000:  # noqa: PLR2004 - the ranks stay numbers
        yield Fault("A weight is above 0, up to 1000. Mend it.", owner, field.name, "search", 0, "weight")
    if field.type.shape in {Shape.SCALAR, Shape.ENUM}:
        if field.type.name not in TEXTS:
            message = f"{field.name} is {field.type}, and only text is searched. Take @search out."
            yield Fault(message, owner, field.name, "search")
        elif search.of is not None:
            message = f"of names a field of an entry or a group, and {field.name} is {field.type}. Take it out."
            yield Fault(message, owner, field.name, "search", 0, "of")
        return
    if field.type.shape is Shape.UNION:
        message = f"{field.type.name} is one of several groups. Put @search on their fields instead."
        yield Fault(message, owner, field.name, "search")
        return
    if search.of is None:
        message = f'{field.name} is {field.type}. Say which of its fields is searched: @search(of: "title")'
        yield Fault(message, owner, field.name, "search")
        return
    try:
        found = scope.field(field.type.name, search.of)
    except UnknownPathError as error:
        if str(error):
            yield Fault(str(error), owner, field.name, "search", 0, "of")
        return
    if found.type.name not in TEXTS or not found.is_value:
        message = f"{field.type.name}.{found.name} is {found.type}, and only text is searched. Name another field."
        yield Fault(message, owner, field.name, "search", 0, "of")


def _keys(scope: Scope, type_: EntryType) -> Iterator[Fault]:
    owner = type_.name
    for field in type_.fields:
        applied = scope.one("key", owner, field.name)
        if applied is None or not field.is_value:
            continue
        if applied.node.arguments:
            message = "On a field, @key has no arguments. On the type it names several: @key(name: …, fields: […])"
            yield Fault(message, owner, field.name, "key")
        if field.type.is_list or not field.type.is_required or field.type.name not in _KEYS:
            remedy = "A key is one text or Int that is never null: make it String!, or take @key out."
            message = f"{field.name} is {field.type}. {remedy}"
            yield Fault(message, owner, field.name, "key")
    single = [
        key for key in type_.keys if scope.declarations.types[owner].fields.get(key.name) and key.fields == (key.name,)
    ]
    several = type_.keys[len(single) :]
    for nth, key in enumerate(several):
        for message, argument in _several(scope, type_, key.name, key.fields):
            yield Fault(message, owner, "", "key", nth, argument)
    if type_.is_grouped and len(type_.keys) > 1:
        message = f"References name entries of {owner} by one key. Keep @key on one field."
        yield Fault(message, owner, single[1].name if len(single) > 1 else "", "key")
    elif not type_.keys and not type_.is_singleton:
        message = f"Nothing names the entries of {owner}. Put @key on a field that differs in each, for example "
        hint = "slug: String! @key" if type_.is_grouped else "slug: String! @from(file: NAME) @key"
        yield Fault(f"{message}{hint}", owner, is_of_all=True)


def _several(scope: Scope, type_: EntryType, name: str, fields: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield (message, argument) of what is wrong with a key of several fields."""
    if not name or len(set(fields)) < 2:  # noqa: PLR2004 - several
        yield 'On a type, @key names two fields or more: @key(name: "path", fields: ["folder", "slug"])', ""
        return
    if not is_name(name):
        yield f"{shortened(name)!r} is no name. Take at most 100 letters and digits, a letter first.", "name"
    for each in fields:
        try:
            found = scope.field(type_.name, each)
        except UnknownPathError as error:
            if str(error):
                yield str(error), "fields"
            continue
        is_named = found.reference is not None or found.type.name in _KEYS
        if not found.is_value or found.type.is_list or not found.type.is_required or not is_named:
            yield f"{each} is {found.type}. A part of a key is there, and one text, Int or reference.", "fields"


def _of_a_type(scope: Scope, type_: EntryType) -> Iterator[Fault]:
    ordered = [field for field in type_.fields if field.default_order]
    for field in ordered[1:]:
        message = f"{type_.name} is sorted by {ordered[0].name} already. Keep one default."
        yield Fault(message, type_.name, field.name, "order", 0, "default")
    content = scope.one("content", type_.name)
    if content and content["search"] is not None and not searched_paths(scope.model, type_, 1):
        message = f"Nothing of {type_.name} is searched. Put @search on a text, or take `search` out."
        yield Fault(message, type_.name, "", "content", 0, "search", is_of_all=True)
