"""The API of a model, by the rules of names, as the text of a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.declarations import Field, Model, Type, missing
from tests.oracle.words import capital, constant, facet_name, list_name, plural, search_name, singular, small

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXED = """
scalar Date scalar DateTime scalar Url scalar JSON
interface Node { id: ID! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type RichText {
  markdown: String! html: String! text: String! excerpt(length: Int! = 200): String! headings: [Heading!]!
  wordCount: Int! readingMinutes: Int!
}
type Heading { level: Int! text: String! anchor: String! }
type Image { src: String! alt: String width: Int height: Int }
type File { src: String! size: Int }
type PageMeta { canonicalUrl: Url! robots: String! title: String! description: String image: Url jsonLd: JSON! }
type Snippet { text: String! html: String! }
enum ReferenceStatus { RESOLVED RESOLVED_BY_ID SELF DANGLING }
"""
PAGE = "first: Int, after: String, last: Int, before: String, offset: Int"
_OPERATIONS = {
    "Int": "eq: Int, ne: Int, in: [Int!], notIn: [Int!], gt: Int, gte: Int, lt: Int, lte: Int",
    "Float": "eq: Float, ne: Float, gt: Float, gte: Float, lt: Float, lte: Float",
    "String": "eq: String, ne: String, in: [String!], notIn: [String!], contains: String, startsWith: String",
    "Date": "eq: Date, ne: Date, gt: Date, gte: Date, lt: Date, lte: Date",
    "DateTime": "eq: DateTime, ne: DateTime, gt: DateTime, gte: DateTime, lt: DateTime, lte: DateTime",
    "Boolean": "eq: Boolean",
}
_OPERATIONS |= {name: _OPERATIONS["String"].replace("String", name) for name in ("Url", "ID")}


def schema_text(model: Model) -> str:
    """Return the schema of a model's API, without the mutation and the subscription."""
    return "\n".join((FIXED, *_Api(model).definitions()))


def kind_of(model: Model, each: Field) -> str:
    """Return the kind by which a field's values are compared: a scalar's or an enum's name, "" if they are not."""
    if target := model.target(each):
        return kind_of(model, target.fields[model.by(each)])
    return each.named if model.kind(each.named) == "enum" or each.named in _OPERATIONS else ""


def list_arguments(type_: Type, *, is_filtered: bool = True) -> str:
    """Return the arguments of a list of entries."""
    fields = type_.fields.values()
    filters = (
        f"filter: {type_.name}Filter, " if is_filtered and any("filter" in each.directives for each in fields) else ""
    )
    orders = f"orderBy: [{type_.name}Order!], " if any("order" in each.directives for each in fields) else ""
    return filters + orders + PAGE


def has_field(each: Field) -> str:
    """Return the member of a filter that asks whether there is a value."""
    return f"has{capital(each.name)}"


def walk_name(each: Field) -> str:
    """Return the type of what a walk finds."""
    return capital(singular(each.name))


class _Api:
    def __init__(self, model: Model) -> None:
        self._model = model
        self._searched = [each for each in model.entries if search_name(model, each)]
        self._filtered = [
            each
            for type_ in model.entries
            for each in type_.fields.values()
            if "filter" in each.directives and not type_.is_singleton
        ]

    def definitions(self) -> Iterator[str]:
        model = self._model
        yield f"type Query {{ {' '.join(self._queries())} }}"
        yield f"type Content {{ {' '.join(self._counts())} }}"
        for type_ in model.types.values():
            if type_.kind == "enum":
                yield f"enum {type_.name} {{ {' '.join(type_.members)} }}"
            elif type_.kind == "union":
                yield f"union {type_.name} = {' | '.join(dict.fromkeys(type_.members.values()))}"
            else:
                node, id_ = ("implements Node ", "id: ID! ") if type_.kind == "entry" else ("", "")
                fields = " ".join(self._field(type_, each) for each in type_.fields.values())
                meta = " meta: PageMeta!" if "page" in type_.directives else ""
                yield f"type {type_.name} {node}{{ {id_}{fields}{meta} }}"
        for type_ in model.entries:
            yield from self._of_entries(type_)
        yield from self._search_all()
        yield from self._kind_filters()
        yield from dict.fromkeys(self._facets())

    def _queries(self) -> Iterator[str]:
        yield "node(id: ID!): Node nodes(ids: [ID!]!): [Node]! content: Content!"
        for type_ in self._model.entries:
            name = small(type_.name)
            if type_.is_singleton:
                yield f"{name}: {type_.name}"
                continue
            if not type_.globs:
                yield f"{name}({self._key(type_, type_.identity[0])}): {type_.name}"
            else:
                yield f"{name}(by: {type_.name}By!): {type_.name}"
            yield f"{list_name(type_)}({list_arguments(type_)}): {type_.name}Connection!"
            if search := search_name(self._model, type_):
                filter_ = f"filter: {type_.name}Filter, " if "filter: " in list_arguments(type_) else ""
                arguments = f"query: String!, {filter_}first: Int, after: String, offset: Int"
                yield f"{search}({arguments}): {capital(search)}Connection!"

        yield "redirect(url: String!): Url"
        if len(self._searched) > 1:
            arguments = "query: String!, types: [SearchAllType!], first: Int, after: String, offset: Int"
            yield f"searchAll({arguments}): SearchAllConnection!"

    def _counts(self) -> Iterator[str]:
        yield "version: String! loadedAt: DateTime!"
        for type_ in self._model.entries:
            if not type_.is_singleton:
                yield f"{small(type_.name)}Count: Int!"
        kept = [each for each in self._model.types.values() if each.kind == "group" and self._model.kept(each)]
        for each in kept:
            yield f"{small(each.name)}Count: Int!"
        fields = [each for type_ in self._model.types.values() for each in type_.fields.values()]
        if any(self._model.target(each) and missing(each) == "KEEP" for each in fields):
            yield "danglingCount: Int!"

    def _key(self, type_: Type, name: str) -> str:
        """Return a field of a key as an argument."""
        each = type_.fields[name]
        target = self._model.target(each)
        return f"{name}: {target.fields[self._model.by(each)].named if target else each.named}!"

    def _field(self, owner: Type, each: Field) -> str:
        if back := each.one("back"):
            if each.is_list:
                target = self._model.types[back["of"].split(".")[0]]
                # Entries of its own type come without a filter.
                arguments = list_arguments(target, is_filtered=target is not owner)
                return f"{each.name}({arguments}): {target.name}Connection!"
            return f"{each.name}: Int!"
        if "walk" in each.directives:
            return f"{each.name}(depth: Int! = 1, first: Int! = 20): [{walk_name(each)}!]!"
        group = self._model.types.get(each.named)
        if each.is_list and group and group.kind == "group" and self._model.kept(group):
            return f"{each.name}(unique: Boolean! = true, resolved: Boolean! = false): {each.type}"
        return f"{each.name}: {each.type}"

    def _of_entries(self, type_: Type) -> Iterator[str]:
        name, fields = type_.name, type_.fields.values()
        for each in fields:
            if "walk" in each.directives:
                yield f"type {walk_name(each)} {{ distance: Int! {small(each.named)}: {each.named}! }}"
        if type_.is_singleton:
            return
        facets = f"facets: {name}Facets!" if any("facet" in each.directives for each in fields) else ""
        connection = f"nodes: [{name}!]! pageInfo: PageInfo! totalCount: Int! {facets}"
        yield f"type {name}Connection {{ edges: [{name}Edge!]! {connection} }}"
        yield f"type {name}Edge {{ cursor: String! node: {name}! }}"
        if search := capital(search_name(self._model, type_)):
            yield f"type {search}Connection {{ edges: [{search}Edge!]! {connection} suggestion: String }}"
            yield f"type {search}Edge {{ cursor: String! node: {name}! score: Float! snippet: Snippet! }}"
        if type_.globs:
            yield from self._lookups(type_)
        if filtered := [each for each in fields if "filter" in each.directives]:
            members = " ".join(member for each in filtered for member in self._filter_members(each))
            yield f"input {name}Filter {{ and: [{name}Filter!] or: [{name}Filter!] not: {name}Filter {members} }}"
        if ordered := [constant(each.name) for each in fields if "order" in each.directives]:
            yield f"enum {name}Order {{ {' '.join(f'{each}_ASC {each}_DESC' for each in ordered)} }}"

    def _search_all(self) -> Iterator[str]:
        if len(self._searched) > 1:
            yield f"enum SearchAllType {{ {' '.join(constant(each.name) for each in self._searched)} }}"
            yield "type SearchAllTypeFacet { type: SearchAllType! count: Int! }"
            yield "type SearchAllFacets { types: [SearchAllTypeFacet!]! }"
            yield "type SearchAllEdge { cursor: String! node: Node! score: Float! snippet: Snippet! }"
            members = "nodes: [Node!]! pageInfo: PageInfo! totalCount: Int! facets: SearchAllFacets!"
            yield f"type SearchAllConnection {{ edges: [SearchAllEdge!]! {members} suggestion: String }}"

    def _lookups(self, type_: Type) -> Iterator[str]:
        members = ["id: ID"]
        for key, fields in type_.keys.items():
            if len(fields) == 1:
                members.append(self._key(type_, fields[0]).rstrip("!"))
            else:
                name = type_.name + capital(key)
                members.append(f"{key}: {name}")
                yield f"input {name} {{ {' '.join(self._key(type_, each) for each in fields)} }}"
        yield f"input {type_.name}By @oneOf {{ {' '.join(members)} }}"

    def _filter_members(self, each: Field) -> Iterator[str]:
        kind = kind_of(self._model, each)
        if kind:
            yield f"{each.name}: {kind}{'List' if each.is_list else ''}Filter"
        if each.is_list or not kind:
            yield f"{has_field(each)}: Boolean"

    def _kind_filters(self) -> Iterator[str]:
        compared = [(kind, each) for each in self._filtered if (kind := kind_of(self._model, each))]
        for kind in dict.fromkeys(kind for kind, each in compared if not each.is_list):
            operations = _OPERATIONS.get(kind) or f"eq: {kind} ne: {kind} in: [{kind}!] notIn: [{kind}!]"
            may_be_null = any(not each.is_required for one, each in compared if one == kind and not each.is_list)
            yield f"input {kind}Filter {{ {operations} {'exists: Boolean' if may_be_null else ''} }}"
        for kind in dict.fromkeys(kind for kind, each in compared if each.is_list):
            yield f"input {kind}ListFilter {{ has: {kind} hasAny: [{kind}!] hasAll: [{kind}!] }}"

    def _facets(self) -> Iterator[str]:
        for type_ in self._model.entries:
            faceted = [each for each in type_.fields.values() if "facet" in each.directives]
            if faceted:
                yield f"type {type_.name}Facets {{ {' '.join(map(_facet_member, faceted))} }}"
            for each in faceted:
                kind = "Int" if (each.one("facet") or {}).get("by") else each.named
                yield f"type {capital(facet_name(each))}Facet {{ {facet_name(each)}: {kind}! count: Int! }}"


def _facet_member(each: Field) -> str:
    first = "(first: Int! = 20)" if each.is_list else ""
    return f"{plural(facet_name(each))}{first}: [{capital(facet_name(each))}Facet!]!"
