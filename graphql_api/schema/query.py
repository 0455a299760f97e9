"""The query type: where every query begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from graphql_api.model import names
from graphql_api.model.types import Missing
from graphql_api.schema.annotations import key_type
from graphql_api.schema.changes import CHANGES, ContentChanges
from graphql_api.schema.fixed import Node
from graphql_api.schema.making import Argument, Member, empty_class, make_enum, make_type, many, optional
from graphql_api.schema.mapping import Counted, Lookup, Pages, SearchOf, Special
from graphql_api.schema.scalars import DateTime, Url
from graphql_api.schema.types import SEARCH_PAGE
from graphql_api.store.placements import counted_groups

if TYPE_CHECKING:
    from graphql_api.model.types import EntryType, Model
    from graphql_api.schema.annotations import Annotations
    from graphql_api.schema.inputs import Inputs
    from graphql_api.schema.types import Types

_QUERY = Argument("query", str, 'Words that must all occur, the last one perhaps unfinished; "a phrase"; -without.')


def query_type(model: Model, annotations: Annotations, inputs: Inputs, types: Types) -> type:
    """Return the query type of a model."""
    maker = _Roots(model, annotations, inputs, types)
    class_ = empty_class("Query")
    make_type(class_, maker.members(), "What can be asked.")
    return class_


class _Roots:
    """Makes the root fields."""

    def __init__(self, model: Model, annotations: Annotations, inputs: Inputs, types: Types) -> None:
        self._model = model
        self._annotations = annotations
        self._inputs = inputs
        self._types = types

    def members(self) -> list[Member]:
        id_ = Argument("id", strawberry.ID, "An id that this API gave.")
        ids = Argument("ids", many(strawberry.ID), "At most 100 ids.")
        found = [
            Member("node", optional(Node), Special("byId"), "The entry with this id; null when there is none.", [id_]),
            Member(
                "nodes",
                many(optional(Node)),
                Special("byIds"),
                "The entries with these ids, in the order asked; null where there is none.",
                [ids],
            ),
        ]
        for type_ in self._model.entry_types.values():
            found += self._of_type(type_)
        found += self._search_all()
        old = Argument("url", str, "A url that a page had before, as a path or with the site's origin.")
        about = "The url of the page that had this one before; null when there is none."
        return [
            *found,
            Member("redirect", optional(Url), Special("redirect"), about, [old]),
            Member("content", self._content(), Special("content"), "The content that this answer comes from."),
            Member("changes", ContentChanges, Special("changes"), "What differs since an earlier publish.", CHANGES),
        ]

    def _of_type(self, type_: EntryType) -> list[Member]:
        class_ = self._annotations.classes[type_.name]
        one = names.lookup_field(type_)
        if type_.is_singleton:
            return [Member(one, optional(class_), Lookup(type_.name), type_.description or f"The {one}.")]
        members = [
            Member(
                one, optional(class_), Lookup(type_.name), "One entry; null when there is none.", self._named_by(type_)
            ),
            Member(
                names.list_field(type_),
                self._types.connections[type_.name],
                Pages(type_.name),
                f"All {type_.plural}.",
                self._types.page_arguments(type_),
            ),
        ]
        if type_.search:
            members.append(self._search(type_))
        return members

    def _named_by(self, type_: EntryType) -> list[Argument]:
        if type_.name in self._inputs.lookups:
            return [Argument("by", self._inputs.lookups[type_.name], "What names it.")]
        name = type_.keys[0].fields[0]
        kind = self._annotations.named(key_type(self._model, type_.field(name)))
        return [Argument(name, kind, f"The {name}, exactly.")]

    def _search(self, type_: EntryType) -> Member:
        arguments = [_QUERY]
        if type_.name in self._inputs.filters:
            about = f"Which {type_.plural} to keep."
            arguments.append(Argument("filter", optional(self._inputs.filters[type_.name]), about))
        searched = ", ".join(each.name for each in type_.fields if each.search)
        return Member(
            names.search_field(type_),
            self._types.search_connection(type_),
            SearchOf((type_.name,)),
            f"Full-text search ({searched}); the best match first.",
            [*arguments, *SEARCH_PAGE],
        )

    def _search_all(self) -> list[Member]:
        searched = [type_ for type_ in self._model.entry_types.values() if type_.search]
        if len(searched) < 2:  # noqa: PLR2004 - one has a search of its own
            return []
        values = dict.fromkeys(map(names.search_all_value, searched))
        kinds = make_enum("SearchAllType", values, "What is searched.")
        only = Argument("types", optional(many(kinds)), "Only these types; all without it.")
        return [
            Member(
                names.SEARCH_ALL,
                self._types.search_all_connection(kinds),
                SearchOf(tuple(type_.name for type_ in searched), is_over_all=True),
                "Full-text search over every type; the best match first.",
                [_QUERY, only, *SEARCH_PAGE],
            )
        ]

    def _content(self) -> type:
        members = [
            Member("version", str, Counted("version"), "Names the content; equal content has an equal version."),
            Member("loadedAt", DateTime, Counted("loaded_at"), "When it was published."),
            Member("sequence", int, Special("sequence"), "Its place among all that was published, from 1."),
            Member("label", optional(str), Special("label"), "What the publish is called, like a commit."),
        ]
        for type_ in self._model.entry_types.values():
            if not type_.is_singleton:
                name = names.count_field(type_)
                members.append(Member(name, int, Counted(field=type_.name), f"How many {type_.plural} there are."))
        for group in counted_groups(self._model):
            name = names.group_count_field(self._model.groups[group])
            members.append(Member(name, int, Counted(field=group), f"How many values of {group} there are."))
        if _keeps_references(self._model):
            members.append(Member("danglingCount", int, Counted("dangling_count"), "How many references lead nowhere."))
        class_ = empty_class("Content")
        make_type(class_, members, "The content that answers come from: one published generation.")
        return class_


def _keeps_references(model: Model) -> bool:
    """Return whether there are references that are shown wherever they lead."""
    return any(
        each.reference and each.reference.missing is Missing.KEEP
        for types in (model.entry_types, model.groups)
        for type_ in types.values()
        for each in type_.fields
    )
