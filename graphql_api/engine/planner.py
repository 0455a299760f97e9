"""The planner: one operation becomes one SQL statement that returns the response's JSON, a column per root field.

It walks the operation beside the schema's mappings. Objects become templates, to-one relations joins, lists
correlated subqueries; the modules beside this one know the shapes of pages, walks, facets and search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from graphql import GraphQLObjectType, get_named_type

from graphql_api.engine.arguments import field_arguments
from graphql_api.engine.expression import Expression, json_list, json_object, or_null, sql_value, token
from graphql_api.engine.filters import MAX_CONDITIONS
from graphql_api.engine.scope import Scope, relation_of
from graphql_api.engine.sources import Parameters, Source, derived
from graphql_api.errors import BadUserInputError
from graphql_api.schema.mapping import Column, Lookup, Many, One, Pages, Special

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphql import FieldNode, GraphQLField

    from graphql_api.engine.selections import Fields, Selections
    from graphql_api.engine.sources import Variables
    from graphql_api.schema.build import Schema
    from graphql_api.store.dialects import Dialect


@dataclass(frozen=True, slots=True)
class Field:
    """One field to plan: where it is declared, the nodes that select it, and its arguments (see `arguments`)."""

    parent: GraphQLObjectType
    definition: GraphQLField
    nodes: Sequence[FieldNode]
    arguments: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name in the schema."""
        return self.nodes[0].name.value

    @property
    def type(self) -> GraphQLObjectType:
        """The object type of the field's values; meaningless for a scalar, which nothing is selected of."""
        return cast(GraphQLObjectType, get_named_type(self.definition.type))


class SpecialField(Protocol):
    """Plans one special field; `scope` is the row that it belongs to, None at the root."""

    def __call__(self, planner: Planner, field: Field, scope: Any, /) -> Expression:  # noqa: ANN401 - Scope or None
        """Return the field's value."""


class Shapes(Protocol):
    """The planners of fields whose SQL is more than a column, a join or a plain list."""

    @property
    def special(self) -> Mapping[str, SpecialField]:
        """The planners of special fields, by name."""

    def pages(self, planner: Planner, field: Field, scope: Scope | None, mapping: Pages) -> Expression:
        """Return a connection."""

    def lookup(self, planner: Planner, field: Field, table: str) -> Expression:
        """Return one object or null."""


class Planner:
    """Plans one operation for one shape of its variables; used once."""

    def __init__(
        self,
        schema: Schema,
        dialect: Dialect,
        selections: Selections,
        variables: Variables,
        shapes: Shapes,
    ) -> None:
        """Prepare to plan; only the shape of `variables` is used, never their values."""
        self.dialect = dialect
        self.selections = selections
        self._schema = schema
        self._variables = variables
        self._shapes = shapes
        self._path: list[str] = []
        self._location = (1, 1)
        self._aliases: dict[str, int] = {}
        self._conditions = 0
        self.parameters = Parameters(dialect)

    def object(self, type_: GraphQLObjectType, nodes: Sequence[FieldNode], scope: Scope | None) -> Expression:
        """Return the object of `type_` that the selections of `nodes` show of one row."""
        return self.members(type_, self.selections.below(type_, nodes), lambda field: self._mapped(field, scope))

    def members(self, type_: GraphQLObjectType, fields: Fields, value: Callable[[Field], Expression]) -> Expression:
        """Return the object whose members are the `value` of each field."""
        return json_object([(key, self.member(type_, key, nodes, value)) for key, nodes in fields.items()])

    def member(
        self, type_: GraphQLObjectType, key: str, nodes: Sequence[FieldNode], value: Callable[[Field], Expression]
    ) -> Expression:
        """Return the `value` of one field; arguments that are refused on the way name it as their path."""
        name = nodes[0].name.value
        if name == "__typename":
            return token(type_.name)
        outer = self._location
        self._path.append(key)
        self._location = _location(nodes[0])
        definition = type_.fields[name]
        expression = value(Field(type_, definition, nodes, self._arguments(definition, nodes[0])))
        self._path.pop()
        self._location = outer
        return expression

    def mapped(self, field: Field) -> Expression:
        """Return the value of a root field."""
        return self._mapped(field, None)

    def items(self, item: Expression, rows: str, *clauses: str) -> Expression:
        """Return the JSON list of `item` over `rows`, a FROM clause's content, and the clauses that follow it."""
        select = "\n".join([f"SELECT {item.sql(self.dialect)} AS item", f"FROM {rows}", *filter(None, clauses)])
        return json_list(f"(\nSELECT {self.dialect.joined('item')}\nFROM (\n{select}))")

    def optional(self, item: Expression, rows: str, *clauses: str) -> Expression:
        """Return `item` of the one row that `rows` and `clauses` find, or null."""
        select = "\n".join([f"SELECT {item.sql(self.dialect)}", f"FROM {rows}", *filter(None, clauses)])
        return sql_value(or_null(f"(\n{select})"))

    def scope(self, table: str) -> Scope:
        """Return a scope with a name of its own for rows of `table`."""
        return Scope(table, self.alias(table))

    def alias(self, name: str) -> str:
        """Return a name that is new in this statement."""
        number = self._aliases[name] = self._aliases.get(name, 0) + 1
        return f"{name}_{number}"

    def bind(self, source: Source) -> str:
        """Return the place where `source` is bound, for the field that is being planned."""
        return self.parameters.bind(source, tuple(self._path), self._location)

    def between(self, source: Source, name: str, low: int, high: int) -> Source:
        """Return the source of a whole number that is refused unless it is `low` to `high`, used or not."""

        def check(value: int) -> int:
            if low <= value <= high:
                return value
            raise ValueError(f"{name!r} must be {low} to {high}, and is {value}.")

        return self.checked(derived(source, check, ("between", name, low, high)))

    def checked(self, source: Source) -> Source:
        """Return `source`, whose value will be checked whether the statement uses it or not."""
        self.parameters.check(source, tuple(self._path), self._location)
        return source

    def refusal(self, message: str) -> BadUserInputError:
        """Return the error for the arguments of the field that is being planned."""
        return BadUserInputError(message, locations=[self._location], path=self._path)

    def count_conditions(self, count: int) -> None:
        """Add to the number of conditions in the operation's filters. Raises ValueError if there are too many."""
        self._conditions += count
        if self._conditions > MAX_CONDITIONS:
            raise ValueError(
                f"'filter' brings the operation to {self._conditions} conditions; {MAX_CONDITIONS} are allowed."
            )

    def type_named(self, name: str) -> GraphQLObjectType:
        """Return an object type of the schema."""
        return cast(GraphQLObjectType, self._schema.graphql.type_map[name])

    def _arguments(self, definition: GraphQLField, node: FieldNode) -> dict[str, Any]:
        try:
            return field_arguments(definition, node, self._variables)
        except ValueError as error:
            raise self.refusal(f"{error}") from error

    def _mapped(self, field: Field, scope: Scope | None) -> Expression:
        mapping = self._schema.mappings[field.parent.name, field.name]
        match mapping:
            case Special(name):
                return self._shapes.special[name](self, field, scope)
            case Pages():
                return self._shapes.pages(self, field, scope, mapping)
            case Lookup(table):
                return self._shapes.lookup(self, field, table)
        if scope is None:
            raise TypeError(f"{field.parent.name}.{field.name} needs a row")
        match mapping:
            case Column(name):
                return scope.value(name, self.dialect)
            case One(relation):
                return self._one(field, scope, relation)
            case Many(relation):
                return self._many(field, scope, relation)

    def _one(self, field: Field, scope: Scope, name: str) -> Expression:
        relation = relation_of(scope.table, name)
        target = scope.one(relation, self.alias(relation.target))
        value = self.object(field.type, field.nodes, target)
        if not relation.optional:
            return value
        return sql_value(f"CASE WHEN {target.column('pk')} IS NULL THEN 'null' ELSE {value.sql(self.dialect)} END")

    def _many(self, field: Field, scope: Scope, name: str) -> Expression:
        relation = relation_of(scope.table, name)
        target = self.scope(relation.target)
        item = self.object(field.type, field.nodes, target)
        where = [relation.on.format(source=scope.alias, target=target.alias)]
        if field.arguments.get("unique"):
            where.append(f"NOT {target.column('repeated')}")
        if field.arguments.get("resolved"):
            where.append(f"{target.column('target_pk')} IS NOT NULL")
        order = ", ".join(map(target.column, relation.order))
        return self.items(item, target.rows(), f"WHERE {' AND '.join(where)}", f"ORDER BY {order}")


def _location(node: FieldNode) -> tuple[int, int]:
    return (node.loc.start_token.line, node.loc.start_token.column) if node.loc else (1, 1)
