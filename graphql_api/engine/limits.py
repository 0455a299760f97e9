"""Query limits: what one operation may ask for, told before it is validated and planned.

Each fragment is measured once, whatever the number of its spreads, so the time is linear in the document; the sizes
themselves are what a response would have, with every spread counted. What does not fit the schema has no size: it is
refused by validation, which comes next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNonNull,
    InlineFragmentNode,
    IntValueNode,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    get_named_type,
)
from msgspec import Struct
from msgspec.structs import replace

from graphql_api.engine.cost import PLAIN_LIST_LENGTH
from graphql_api.errors import ValidationError
from graphql_api.settings import DEFAULT_SIZE, MAX_SIZE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import (
        FragmentDefinitionNode,
        GraphQLField,
        GraphQLNamedType,
        GraphQLOutputType,
        GraphQLSchema,
        OperationDefinitionNode,
        SelectionSetNode,
    )

    from graphql_api.settings import Limits

_MOST_DIGITS = 9
MAX_NODES = 100
"""The greatest number of ids that can be asked for at once."""
_UNBOUNDED = 1 << 62
_META_FIELDS = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
_LONG_TEXTS = {("RichText", "markdown"), ("RichText", "html"), ("RichText", "text"), ("PageMeta", "jsonLd")}


class Size(Struct, frozen=True):
    """How large a selection is.

    Levels of fields, fields, levels of lists, and what the answer holds at the most: objects, whole texts, and objects
    that describe the schema.
    """

    depth: int = 0
    selections: int = 0
    lists: int = 0
    rows: int = 0
    texts: int = 0
    introspected: int = 0

    def beside(self, other: Size) -> Size:
        """Return the size of two selections of one object."""
        return Size(
            max(self.depth, other.depth),
            min(self.selections + other.selections, _UNBOUNDED),
            max(self.lists, other.lists),
            min(self.rows + other.rows, _UNBOUNDED),
            min(self.texts + other.texts, _UNBOUNDED),
            min(self.introspected + other.introspected, _UNBOUNDED),
        )

    def below(self, factor: int, *, is_list: bool) -> Size:
        """Return the size of a field whose objects, `factor` at the most, have this size each."""
        return Size(
            self.depth + 1,
            min(self.selections + 1, _UNBOUNDED),
            self.lists + is_list,
            min((self.rows + 1) * factor, _UNBOUNDED),
            min(self.texts * factor, _UNBOUNDED),
        )


class Measure:
    """Measures the operations of one document; it may be invalid, but must not be nested beyond Python's stack."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], max_page: int = MAX_SIZE
    ) -> None:
        """Start without any fragment measured; pages have at most `max_page` rows."""
        self._max_page = max_page
        self._schema = schema
        self._fragments = fragments
        self._measured: dict[str, Size] = {}

    def check(self, operation: OperationDefinitionNode, limits: Limits) -> None:
        """Raise ValidationError if the operation goes over a limit; the message says which and what to do."""
        size = self._of(self._schema.get_root_type(operation.operation), operation.selection_set)
        for name, actual, allowed in (
            ("levels of fields", size.depth, limits.depth),
            ("fields with its fragments spread", size.selections, limits.selections),
            ("levels of lists within lists", size.lists, limits.lists),
            ("objects in its answer at the most", size.rows, limits.rows),
            ("whole texts (markdown, html, text) in its answer at the most", size.texts, limits.texts),
            ("objects of the schema in its answer at the most", size.introspected, limits.introspected),
        ):
            if actual > allowed:
                raise ValidationError(
                    f"The operation has {min(actual, 10**9)} {name}; {allowed} are allowed. Ask for less, or in parts."
                )

    def _of(self, type_: GraphQLNamedType | None, selection_set: SelectionSetNode) -> Size:
        size = Size()
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                size = size.beside(self._field(type_, selection))
            elif isinstance(selection, FragmentSpreadNode):
                size = size.beside(self._fragment(selection.name.value))
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self._schema.type_map.get(condition.name.value) if condition else type_
                size = size.beside(self._of(inner, selection.selection_set))
        return size

    def _fragment(self, name: str) -> Size:
        if name not in self._measured:
            # A fragment within itself is refused by validation; here it only has to come to an end.
            self._measured[name] = Size()
            if name not in self._fragments:
                return Size()
            fragment = self._fragments[name]
            type_ = self._schema.type_map.get(fragment.type_condition.name.value)
            self._measured[name] = self._of(type_, fragment.selection_set)
        return self._measured[name]

    def _field(self, type_: GraphQLNamedType | None, node: FieldNode) -> Size:
        name = node.name.value
        if node.selection_set is None:
            is_long = type_ is not None and (type_.name, name) in _LONG_TEXTS
            return Size(depth=1, selections=1, texts=int(is_long))
        field: GraphQLField | None = _META_FIELDS.get(name) or getattr(type_, "fields", {}).get(name)
        if field is None:
            return Size(depth=1, selections=1)
        is_list = _is_list(field.type)
        inner = self._of(get_named_type(field.type), node.selection_set)
        size = inner.below(self._length(field, node, is_list=is_list), is_list=is_list)
        return replace(size, rows=0, introspected=size.rows) if name in _META_FIELDS else size

    def _length(self, field: GraphQLField, node: FieldNode, *, is_list: bool) -> int:
        """Return how many objects a field has at the most; a connection counts as its page, edges and nodes as one."""
        if node.name.value in {"edges", "nodes"} and not field.args:
            return 1
        if "first" in field.args:
            return _page_length(node, self._max_page)
        if "ids" in field.args:
            return MAX_NODES
        if get_named_type(field.type).name == "__Type" and node.name.value == "types":
            return len(self._schema.type_map)
        return PLAIN_LIST_LENGTH if is_list else 1


def _page_length(node: FieldNode, max_page: int) -> int:
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    size = given.get("first") or given.get("last")
    if size is None:
        return min(DEFAULT_SIZE, max_page)
    if isinstance(size, IntValueNode) and len(size.value) <= _MOST_DIGITS:
        return max(int(size.value), 1)
    return max_page


def _is_list(type_: GraphQLOutputType) -> bool:
    return isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)
