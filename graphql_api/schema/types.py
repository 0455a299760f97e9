"""The types of a model, and what every type with entries brings: pages, facets, searches, walks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry

from graphql_api.model import names
from graphql_api.model.types import Shape
from graphql_api.schema.fixed import Node, PageInfo, PageMeta, Snippet
from graphql_api.schema.making import Argument, Member, empty_class, make_type, many, optional
from graphql_api.schema.mapping import Declared, FacetOf, Identifier, Special
from graphql_api.store.placements import kept_reference

if TYPE_CHECKING:
    from graphql_api.model.types import EntryType, Facet, Field, Model
    from graphql_api.schema.annotations import Annotations
    from graphql_api.schema.inputs import Inputs

_CURSOR = Member(
    "cursor", str, Special("cursor"), "Opaque; names this place for after and before, also after a reload."
)
_COUNT = Member("count", int, Special("count"), "How many of the set.")
_FIRST = Argument("first", optional(int), "How many from the start, 100 at most. Without first and last: 20.")
_AFTER = Argument("after", optional(str), "Only what follows this cursor of the same order and filter.")
_LAST = Argument("last", optional(int), "How many from the end, 100 at most; not with first.")
_BEFORE = Argument("before", optional(str), "Only what precedes this cursor of the same order and filter.")
_OFFSET = Argument("offset", optional(int), "How many to skip; not with after, before or last.")
_META = Member("meta", PageMeta, Special("meta"), "What the head of its page needs.")
SEARCH_PAGE = (_FIRST, _AFTER, _OFFSET)


class Types:
    """The object types of one model."""

    def __init__(self, model: Model, annotations: Annotations, inputs: Inputs) -> None:
        """Make every type that the model declares, and those that follow from it."""
        self._model = model
        self._annotations = annotations
        self._inputs = inputs
        self.connections = {name: empty_class(f"{name}Connection") for name in model.entry_types}
        self._owner = ""
        self._facet_types: dict[str, type] = {}
        self.facets: dict[str, type] = {}
        for type_ in model.entry_types.values():
            self._make_page(type_)
        for group in model.groups.values():
            members = [self._member(each) for each in group.fields]
            make_type(annotations.classes[group.name], members, group.description)
        for type_ in model.entry_types.values():
            self._make_entry(type_)

    def page_arguments(self, type_: EntryType) -> list[Argument]:
        """Return the arguments of a list of entries."""
        arguments = []
        if type_.name in self._inputs.filters:
            about = f"Which {type_.plural} to keep."
            arguments.append(Argument("filter", optional(self._inputs.filters[type_.name]), about))
        if type_.name in self._inputs.orders:
            about = f"How to sort; later ones decide between equal ones. Without it: {_default_order(type_)}."
            arguments.append(Argument("orderBy", optional(many(self._inputs.orders[type_.name])), about))
        return [*arguments, _FIRST, _AFTER, _LAST, _BEFORE, _OFFSET]

    def _make_entry(self, type_: EntryType) -> None:
        class_ = self._annotations.classes[type_.name]
        self._owner = type_.name
        identity = Member("id", strawberry.ID, Identifier(), "Opaque; stable over reloads and machines.")
        members = [identity, *(self._member(each) for each in type_.fields), *([_META] if type_.page else [])]
        make_type(class_, members, type_.description)

    def _member(self, each: Field) -> Member:
        """Return the field of an entry type or a group as the schema shows it."""
        about = each.description or _description(each)
        return Member(each.name, self._type_of(each), Declared(each), about, self._arguments_of(each))

    def _type_of(self, each: Field) -> Any:  # noqa: ANN401 - an annotation
        if each.walk:
            return many(self._walk_type(each))
        if each.back and each.type.is_list:
            return self.connections[each.back.type_name]
        return self._annotations.of(each.type)

    def _arguments_of(self, each: Field) -> list[Argument]:
        if each.walk:
            return [
                Argument("depth", int, "How many steps to go, 1 to 3.", 1),
                Argument("first", int, "How many at most, 1 to 100.", 20),
            ]
        if each.back and each.type.is_list:
            arguments = self.page_arguments(self._model.entry_types[each.back.type_name])
            # Those that refer to an entry of their own type are few, and are read whole.
            is_own = each.back.type_name == self._owner
            return [argument for argument in arguments if argument.name != "filter" or not is_own]
        if self._is_list_of_kept_references(each):
            return [
                Argument("unique", bool, "Leave out those whose target was named before.", default=True),
                Argument("resolved", bool, "Keep only those that lead to an entry.", default=False),
            ]
        return []

    def _is_list_of_kept_references(self, each: Field) -> bool:
        if not each.type.is_list or each.type.shape is not Shape.GROUP:
            return False
        return kept_reference(self._model.groups[each.type.name]) is not None

    def _walk_type(self, each: Field) -> type:
        target = each.type.name
        class_ = empty_class(names.walk_type_name(each))
        entry = Member(names.uncapitalized(target), self._annotations.classes[target], Special("node"), "The entry.")
        distance = Member("distance", int, Special("distance"), "The least number of steps to it, from 1.")
        make_type(class_, [distance, entry], "An entry that references lead to, step by step.")
        return class_

    # Pages

    def _make_page(self, type_: EntryType) -> None:
        edge = empty_class(names.edge_name(type_))
        node = self._node(type_)
        make_type(edge, [_CURSOR, node], f"One of the {type_.plural} in its place in a list.")
        faceted = self._facets_of(type_)
        make_type(
            self.connections[type_.name],
            self.page_members(edge, node.type, faceted),
            f"A page of {type_.plural}.",
        )

    def page_members(self, edge: type, node: Any, facets: type | None) -> list[Member]:  # noqa: ANN401
        """Return the fields of a connection."""
        members = [
            Member("edges", many(edge), Special("edges"), "The page, each entry with its cursor."),
            Member("nodes", many(node), Special("nodes"), "The page, just the entries."),
            Member("pageInfo", PageInfo, Special("pageInfo"), "Where the page stands."),
            Member("totalCount", int, Special("totalCount"), "How many there are on all pages."),
        ]
        if facets:
            members.append(Member("facets", facets, Special("facets"), "Counts over all pages."))
        return members

    def _node(self, type_: EntryType) -> Member:
        return Member("node", self._annotations.classes[type_.name], Special("node"), "The entry.")

    def search_connection(self, type_: EntryType) -> type:
        """Return the type of a page of what a search of the type finds."""
        edge = empty_class(names.search_edge_name(type_))
        node = self._node(type_)
        make_type(edge, [_CURSOR, node, *_HIT], "What matched, in its place among the matches.")
        connection = empty_class(names.search_connection_name(type_))
        make_type(
            connection,
            [*self.page_members(edge, node.type, self.facets.get(type_.name)), _SUGGESTION],
            "A page of matches, the best first.",
        )
        return connection

    def search_all_connection(self, kinds: Any) -> type:  # noqa: ANN401 - an enum
        """Return the type of a page of what a search over all types finds; `kinds` are the types."""
        edge, count, facets, connection = (
            empty_class(f"SearchAll{name}") for name in ("Edge", "TypeFacet", "Facets", "Connection")
        )
        node = Member("node", Node, Special("node"), "The entry.")
        make_type(edge, [_CURSOR, node, *_HIT], "What matched, in its place among the matches.")
        make_type(count, [Member("type", kinds, Special("value"), "The type."), _COUNT], "How many of a type match.")
        make_type(facets, [Member("types", many(count), Special("types"), "By type.")], "Counts over all that match.")
        members = [*self.page_members(edge, Node, facets), _SUGGESTION]
        make_type(connection, members, "A page of matches, the best first.")
        return connection

    # Facets

    def _facets_of(self, type_: EntryType) -> type | None:
        members = [self._facet_member(each, each.facet) for each in type_.fields if each.facet]
        if not members:
            return None
        self.facets[type_.name] = class_ = empty_class(names.facets_name(type_))
        make_type(class_, members, "Counts over the whole filtered set, not over the page; the most frequent first.")
        return class_

    def _facet_member(self, each: Field, facet: Facet) -> Member:
        first = [Argument("first", int, "How many at most, 1 to 100.", 20)] if each.type.is_list else []
        about = f"By {facet.name}; of equal counts in the order of the values."
        return Member(
            names.facets_field(facet), many(self._facet_type(each, facet)), FacetOf(each, facet), about, first
        )

    def _facet_type(self, each: Field, facet: Facet) -> type:
        name = names.facet_type_name(facet)
        if name not in self._facet_types:
            self._facet_types[name] = class_ = empty_class(name)
            shown = int if facet.by else self._annotations.named(each.type.name)
            value = Member(facet.name, shown, Special("node" if each.reference else "value"), "What is counted.")
            make_type(class_, [value, _COUNT], "How many of the set have one value.")
        return self._facet_types[name]


_SUGGESTION = Member(
    "suggestion",
    str | None,
    Special("suggestion"),
    "What was searched for instead, where nothing matches the query: the words that were meant. Null otherwise.",
)
_HIT = (
    Member("score", float, Special("score"), "How well it matched; higher is better, comparable within one search."),
    Member("snippet", Snippet, Special("snippet"), "The part of it that matched."),
)


def _description(each: Field) -> str:
    """Return the description of a field that has none in the model."""
    if each.back:
        how = "Those" if each.type.is_list else "How many there are"
        return f"{how} that refer to it by {'.'.join(each.back.path)}."
    if each.status_of:
        return f"Where {each.status_of} leads."
    return f"Its {' '.join(names.constant(each.name).lower().split('_'))}."


def _default_order(type_: EntryType) -> str:
    for each in type_.fields:
        if each.default_order:
            return f"{names.order_value(each, each.default_order)}"
    return f"by {' and '.join(type_.keys[0].fields)}"
