"""Name checks: names that a model gives, or that follow from it, must not meet (rule 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.model import names
from graphql_api.model.checks.scope import Fault, Scope
from graphql_api.model.declarations import Declarations
from graphql_api.model.directives import shortened
from graphql_api.model.document import parse_document
from graphql_api.model.fixed_names import FIXED_COUNTS, FIXED_FILTERS, FIXED_QUERIES, FIXED_TYPES, SEARCH_ALL_TYPES
from graphql_api.model.types import Direction, Missing
from graphql_api.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.model.problems import ModelProblem
    from graphql_api.model.types import EntryType, Field, Model

_OF_GRAPHQL = "Names that begin with __ are GraphQL's own. Rename it."


def check_names(model: Model) -> list[ModelProblem]:
    """Return the problems of names; the model's text says where they are."""
    faults = list(name_faults(model))
    if not faults:
        return []
    scope = Scope(model, Declarations(parse_document(model.text)))
    return [problem for fault in faults if (problem := scope.problem(fault))]


class _Names:
    """The names of one place (types, root fields, …): each belongs to what took it first."""

    def __init__(self, place: str, fixed: frozenset[str] = frozenset(), *, any_case: bool = False) -> None:
        """`place` says what the names are of; `any_case` tells of names that differ only in case, too."""
        self._place = place
        self._taken = {self._folded(name, any_case=any_case): "the API itself" for name in fixed}
        self._any_case = any_case

    @staticmethod
    def _folded(name: str, *, any_case: bool) -> str:
        return name.lower() if any_case else name

    def take(self, name: str, what: str, remedy: str, **at: str) -> Iterator[Fault]:
        """Take a name for something, or yield a fault if it is taken."""
        key = self._folded(name, any_case=self._any_case)
        if key in self._taken:
            message = (
                f"{shortened(name)} would be the name of {what}, and is that of {self._taken[key]} already. {remedy}"
            )
            yield Fault(message, **at)  # type: ignore[arg-type] # what is left are texts
        self._taken.setdefault(key, what)


def name_faults(model: Model) -> Iterator[Fault]:
    """Yield a fault for each thing whose name, or one that follows from it, meets another or cannot be one."""
    told: set[tuple[str, ...]] = set()
    for fault in _faults(model):
        # One name too many makes several others, which say nothing new.
        place = (fault.type, fault.field, fault.directive, fault.member)
        if place not in told:
            told.add(place)
            yield fault


def _faults(model: Model) -> Iterator[Fault]:
    yield from _given(model)
    yield from _types(model)
    yield from _queries(model)
    yield from _counts(model)
    for type_ in model.entry_types.values():
        yield from _members(type_)
    yield from _facets(model)


def _given(model: Model) -> Iterator[Fault]:
    """Yield faults of names as they are written."""
    for name in _named(model):
        if name.startswith("__"):
            yield Fault(_OF_GRAPHQL, name)
        elif _is_of_api(name):
            yield Fault(f"{name} is a type of the API itself. Rename it, for example to {name}Entry.", name)
    for name in (*model.entry_types, *model.groups):
        yield from _given_fields(name, model.fields_of(name))
    for choice in model.choices.values():
        ours = [value for value in choice.values if value.startswith("__")]
        yield from (Fault(_OF_GRAPHQL, choice.name, member=value) for value in ours)
    for type_ in model.entry_types.values():
        reserved = {"id": "`id` is added by itself", **({"meta": "`meta` is added by @page"} if type_.page else {})}
        for field in type_.fields:
            if field.name in reserved:
                remedy = f'Name this field otherwise, for example number: {field.type} @from(key: "{field.name}")'
                yield Fault(f"{reserved[field.name]}. {remedy}", type_.name, field.name)


def _given_fields(owner: str, fields: tuple[Field, ...]) -> Iterator[Fault]:
    known: dict[str, str] = {}
    for field in fields:
        if field.name.startswith("__"):
            yield Fault(_OF_GRAPHQL, owner, field.name)
        other = known.setdefault(field.name.lower(), field.name)
        if other != field.name:
            yield Fault(f"{field.name} and {other} differ only in capitals. Rename one.", owner, field.name)


def _types(model: Model) -> Iterator[Fault]:
    taken = _Names("types", any_case=True)
    for name in (*model.entry_types, *model.groups, *model.unions, *model.choices):
        yield from taken.take(name, f"the type {name}", "Rename one.", type=name)
    for type_ in model.entry_types.values():
        for name, what in _derived_types(type_):
            yield from taken.take(name, f"{what} of {type_.name}", "Rename one of the two types.", type=type_.name)
        for field in type_.fields:
            if field.walk:
                name = names.walk_type_name(field)
                what = f"what {type_.name}.{field.name} finds"
                if _is_of_api(name):
                    message = f"{name} would be the type of {what}, and is one of the API itself. Rename this field."
                    yield Fault(message, type_.name, field.name)
                yield from taken.take(name, what, "Rename this field.", type=type_.name, field=field.name)
    if sum(bool(type_.search) for type_ in model.entry_types.values()) > 1:
        for name in SEARCH_ALL_TYPES:
            for fault in taken.take(name, "the search over all types", "Rename the type."):
                owner = next((each for each in _named(model) if each.lower() == name.lower()), "")
                yield Fault(fault.message, owner)


def _is_of_api(name: str) -> bool:
    return name in FIXED_TYPES or vocabulary().get_type(name) is not None


def _named(model: Model) -> tuple[str, ...]:
    return (*model.entry_types, *model.groups, *model.unions, *model.choices)


def _derived_types(type_: EntryType) -> Iterator[tuple[str, str]]:
    """Yield the name of each type that follows from an entry type, and what it is."""
    if not type_.is_singleton:
        yield names.connection_name(type_), "the pages"
        yield names.edge_name(type_), "the edges"
        yield names.filter_name(type_), "the filter"
        yield names.order_name(type_), "the order"
        if not type_.is_grouped or type_.globs:
            yield names.by_input_name(type_), "the lookup"
            for key in type_.keys:
                if len(key.fields) > 1:
                    yield names.key_input_name(type_, key), f"the key {key.name}"
        if any(field.facet for field in type_.fields):
            yield names.facets_name(type_), "the facets"
    if type_.search:
        yield names.search_connection_name(type_), "the search"
        yield names.search_edge_name(type_), "the hits"


def _queries(model: Model) -> Iterator[Fault]:
    taken = _Names("queries", FIXED_QUERIES)
    searched = [type_ for type_ in model.entry_types.values() if type_.search]
    if len(searched) > 1:
        taken = _Names("queries", FIXED_QUERIES | {names.SEARCH_ALL})
    for type_ in model.entry_types.values():
        at = {"type": type_.name}
        lookup = names.lookup_field(type_)
        yield from taken.take(lookup, f"the lookup of {type_.name}", "Rename the type.", **at)
        if not type_.is_singleton:
            directive = "grouped" if type_.is_grouped and not type_.globs else "content"
            remedy = f'Name the list: @{directive}(plural: "{lookup}List").'
            yield from taken.take(type_.plural, f"the list of {type_.name}", remedy, directive=directive, **at)
        if type_.search:
            remedy = f'Name the search: @content(search: "find{type_.name}").' if type_.globs else "Rename the type."
            yield from taken.take(type_.search, f"the search of {type_.name}", remedy, **at)


def _counts(model: Model) -> Iterator[Fault]:
    taken = _Names("Content", FIXED_COUNTS)
    for type_ in model.entry_types.values():
        yield from taken.take(names.count_field(type_), f"the number of {type_.name}", "Rename it.", type=type_.name)
    for group in model.groups.values():
        if any(field.reference and field.reference.missing is Missing.KEEP for field in group.fields):
            name = names.group_count_field(group)
            yield from taken.take(name, f"the number of {group.name}", "Rename it.", type=group.name)
    values = _Names("SearchAllType")
    for type_ in model.entry_types.values():
        if type_.search:
            name = names.search_all_value(type_)
            yield from values.take(name, f"{type_.name} in the search over all", "Rename it.", type=type_.name)


def _members(type_: EntryType) -> Iterator[Fault]:
    """Yield faults of names in the filter, the order, the lookup and the facets of a type."""
    filters, orders = _Names("filter", FIXED_FILTERS), _Names("order")
    lookups, facets = _Names("lookup", frozenset(("id",))), _Names("facets")
    remedy = "Rename one of the fields."
    filtered = [field for field in type_.fields if field.is_filter]
    for field in sorted(filtered, key=_is_asked_whether):
        name = names.has_field(field) if _is_asked_whether(field) else field.name
        yield from filters.take(name, f"the filter of {field.name}", remedy, type=type_.name, field=field.name)
    for field in type_.fields:
        if field.is_order:
            name = names.order_value(field, Direction.ASC)
            if name.startswith("__"):
                message = f"{name} would be the name of the order by {field.name}. {_OF_GRAPHQL}"
                yield Fault(message, type_.name, field.name)
            yield from orders.take(name, f"the order by {field.name}", remedy, type=type_.name, field=field.name)
    for key in type_.keys:
        at = {"type": type_.name, **({"field": key.name} if len(key.fields) == 1 else {"directive": "key"})}
        if key.name:
            yield from lookups.take(key.name, f"a key of {type_.name}", "Rename one of the keys.", **at)
    for field in type_.fields:
        if field.facet:
            name, what = names.facets_field(field.facet), f"the facet of {field.name}"
            at = {"type": type_.name, "field": field.name, "directive": "facet"}
            yield from facets.take(name, what, 'Name it otherwise: @facet(name: "…").', **at)


def _is_asked_whether(field: Field) -> bool:
    """Return whether a filter asks only if there is a value; what can be compared has its own name in the filter."""
    return field.type.is_list or (field.reference is None and field.type.name in {"RichText", "Image", "File", "JSON"})


def _facets(model: Model) -> Iterator[Fault]:
    """Yield a fault for each facet whose type another facet of that name has with other fields."""
    known: dict[str, tuple[str, str]] = {}
    given = {name.lower() for name in _named(model)}
    for type_ in model.entry_types.values():
        for field in type_.fields:
            if field.facet is None:
                continue
            at = (type_.name, field.name, "facet")
            name = field.facet.name
            if not names.is_name(name) or name == "count":
                yield Fault(
                    f"{name[:40]!r} is no name of a facet. Take at most 100 letters, and not `count`.", *at, 0, "name"
                )
                continue
            counted = "Int" if field.facet.by else field.type.name
            type_name = names.facet_type_name(field.facet)
            other, owner = known.setdefault(type_name, (counted, f"{type_.name}.{field.name}"))
            if other != counted:
                message = f"{type_name} counts values of {other} for {owner} already, and {counted} here."
                yield Fault(f'{message} Name this facet otherwise: @facet(name: "{name}Of{type_.name}").', *at)
            if type_name.lower() in given:
                message = f"{type_name} is the name of a type, and of this facet's."
                yield Fault(f'{message} Name the facet otherwise: @facet(name: "{name}Of{type_.name}").', *at)
