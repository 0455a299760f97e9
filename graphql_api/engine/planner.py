"""The planner: one operation becomes one SQL statement that returns the response's JSON, a column per root field.

It walks the operation beside the schema's mappings. Objects become templates, references joins, lists correlated
subqueries; the modules beside this one know the shapes of values, pages, walks, facets and search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from graphql import GraphQLObjectType, get_named_type
from msgspec import Struct

from graphql_api.engine import sql
from graphql_api.engine.arguments import field_arguments
from graphql_api.engine.conditions import MAX_CONDITIONS
from graphql_api.engine.cost import PER_FIELD, PER_ROW_SHOWN, Meter
from graphql_api.engine.expression import Expression, json_list, json_object, or_null, sql_value, token
from graphql_api.engine.scope import EntryScope
from graphql_api.engine.sources import Parameters, Source, constant, derived, is_made_of, keys_in
from graphql_api.engine.tagging import PlanTags, marked
from graphql_api.errors import BadUserInputError
from graphql_api.schema.mapping import Declared
from graphql_api.settings import DEFAULT_SIZE, MAX_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from collections.abc import Mapping as MappingOf

    from graphql import FieldNode, GraphQLField

    from graphql_api.engine.scope import AnyScope
    from graphql_api.engine.selections import Fields, Selections
    from graphql_api.engine.sources import Variables
    from graphql_api.schema.build import Schema
    from graphql_api.schema.mapping import Mapping


class Field(Struct, frozen=True):
    """One field to plan: where it is declared, the nodes that select it, and its arguments (see `arguments`)."""

    parent: GraphQLObjectType
    definition: GraphQLField
    nodes: Sequence[FieldNode]
    arguments: MappingOf[str, Any]

    @property
    def name(self) -> str:
        """The name in the schema."""
        return self.nodes[0].name.value

    @property
    def type(self) -> GraphQLObjectType:
        """The object type of the field's values; meaningless for a scalar, which nothing is selected of."""
        return cast(GraphQLObjectType, get_named_type(self.definition.type))


class Asker(NamedTuple):
    """A field that is being planned, and the keys of the sources in its arguments."""

    path: tuple[str, ...]
    location: tuple[int, int]
    keys: frozenset[Hashable]
    has_arguments: bool


class Shapes(Protocol):
    """Plans what a field shows, by its mapping."""

    def plan(self, planner: Planner, field: Field, scope: AnyScope, mapping: Mapping) -> Expression:
        """Return the field's value; `scope` is what it is read from, None at the root."""


class Planner:
    """Plans one operation for one shape of its variables; used once."""

    def __init__(
        self,
        schema: Schema,
        selections: Selections,
        variables: Variables,
        shapes: Shapes,
        max_page: int = MAX_SIZE,
    ) -> None:
        """Prepare to plan; only the shape of `variables` is used, never their values.

        Pages have at most `max_page` rows.
        """
        self.max_page = max_page
        self.selections = selections
        self.layout = schema.layout
        self.site_url = schema.site_url
        self._schema = schema
        self._variables = variables
        self._shapes = shapes
        self._path: list[str] = []
        self._location = (1, 1)
        self._askers: list[Asker] = []
        self._aliases: dict[str, int] = {}
        self._conditions = 0
        self.parameters = Parameters()
        self.meter = Meter(self._path)
        self.tags = PlanTags(tuple(self.layout.entries)) if schema.is_tagged else None
        self.is_labelled = False
        """Whether the label of the publish is shown."""
        self.is_guarded = False
        """Whether a column that is NULL says that a request cannot be answered."""

    def object(self, type_: GraphQLObjectType, nodes: Sequence[FieldNode], scope: AnyScope) -> Expression:
        """Return the object of `type_` that the selections of `nodes` show of one row."""
        self.meter.add(PER_ROW_SHOWN)
        shown = self.members(type_, self.selections.below(type_, nodes), lambda field: self._mapped(field, scope))
        return marked(shown, scope) if self.tags and isinstance(scope, EntryScope) else shown

    def entry(self, field: Field, scope: EntryScope) -> Expression:
        """Return what is selected of an entry, from its wide table alone where that has to be read at all."""
        names = [each.field.name for each in self.shown(field) if isinstance(each, Declared)]
        main, details = scope.entry.main, scope.entry.details
        if any(details.has(name) and not main.has(name) for name in names):
            scope.read_wide()
        return self.object(field.type, field.nodes, scope)

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
        self.meter.add(PER_FIELD)
        definition = type_.fields[name]
        arguments = self._arguments(definition, nodes[0])
        self._askers.append(Asker(tuple(self._path), self._location, frozenset(keys_in(arguments)), bool(arguments)))
        expression = value(Field(type_, definition, nodes, arguments))
        self._askers.pop()
        self._path.pop()
        self._location = outer
        return expression

    def mapped(self, field: Field) -> Expression:
        """Return the value of a root field."""
        return self._mapped(field, None)

    def items(self, item: Expression, rows: str, *clauses: str, is_long: bool = True) -> Expression:
        """Return the JSON list of `item` over `rows`, a FROM clause's content, and the clauses that follow it."""
        select = "\n".join([f"SELECT {item.sql()} AS item", f"FROM {rows}", *filter(None, clauses)])
        return json_list(f"(\nSELECT {sql.JOINED_LONG if is_long else sql.JOINED}\nFROM (\n{select}))")

    def optional(self, item: Expression, rows: str, *clauses: str) -> Expression:
        """Return `item` of the one row that `rows` and `clauses` find, or null."""
        select = "\n".join([f"SELECT {item.sql()}", f"FROM {rows}", *filter(None, clauses)])
        return sql_value(or_null(f"(\n{select})"))

    def scope(self, type_name: str) -> EntryScope:
        """Return a scope with a name of its own for entries of a type."""
        entry = self.layout.entries[type_name]
        return EntryScope(self.layout, entry, self.alias(entry.main.name), self.alias)

    def alias(self, name: str) -> str:
        """Return a name that is new in this statement."""
        number = self._aliases[name] = self._aliases.get(name, 0) + 1
        return f"{name}_{number}"

    def bind(self, source: Source) -> str:
        """Return the place where `source` is bound, for the field whose argument it is."""
        return self.parameters.bind(source, *self._asker_of(source))

    def between(self, source: Source, name: str, low: int, high: int) -> Source:
        """Return the source of a whole number that is refused unless it is `low` to `high`, used or not."""

        def check(value: int) -> int:
            if low <= value <= high:
                return value
            raise ValueError(f"{name!r} must be {low} to {high}, and is {value}.")

        return self.checked(derived(source, check, ("between", name, low, high)))

    def page_size(self, given: Source | None, name: str = "first") -> Source:
        """Return the source of a page's size: what was given, or the usual one."""
        return self.between(given or constant(min(DEFAULT_SIZE, self.max_page)), name, 0, self.max_page)

    def checked(self, source: Source) -> Source:
        """Return `source`, whose value will be checked whether the statement uses it or not."""
        self.parameters.check(source, *self._asker_of(source))
        return source

    def _asker_of(self, source: Source) -> tuple[tuple[str, ...], tuple[int, int]]:
        """Return path and location of the field whose argument a source is made of; else of the one being planned."""
        for asker in reversed(self._askers):
            if is_made_of(source.key, asker.keys):
                return asker.path, asker.location
        return tuple(self._path), self._location

    def refusal(self, message: str) -> BadUserInputError:
        """Return the error for the arguments of the field that is being planned."""
        for asker in reversed(self._askers):
            if asker.has_arguments:
                return BadUserInputError(message, locations=[asker.location], path=asker.path)
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
            raise BadUserInputError(f"{error}", locations=[self._location], path=self._path) from error

    def mapping(self, field: Field) -> Mapping:
        """Return what a field shows."""
        return self._schema.mappings[field.parent.name, field.name]

    def shown(self, field: Field) -> Iterator[Mapping]:
        """Yield what is shown by each field that is selected of a field's value."""
        for nodes in self.selections.below(field.type, field.nodes).values():
            mapping = self._schema.mappings.get((field.type.name, nodes[0].name.value))
            if mapping is not None:  # __typename has none
                yield mapping

    def _mapped(self, field: Field, scope: AnyScope) -> Expression:
        mapping = self.mapping(field)
        if self.tags:
            self.tags.note(mapping)
        return self._shapes.plan(self, field, scope, mapping)


def _location(node: FieldNode) -> tuple[int, int]:
    return (node.loc.start_token.line, node.loc.start_token.column) if node.loc else (1, 1)
