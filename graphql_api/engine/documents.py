"""Documents: parsed, validated and within the limits, with their operations' plans; kept in a bounded cache."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    validate,
)

from graphql_api.engine.introspection import Introspection, is_introspection
from graphql_api.engine.limits import check_limits
from graphql_api.engine.planner import Planner
from graphql_api.engine.plans import Plan
from graphql_api.engine.selections import Selections
from graphql_api.engine.shapes import FieldShapes
from graphql_api.engine.variables import VariableDefinitions
from graphql_api.errors import BadUserInputError, ParseError, RequestError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from graphql import DocumentNode

    from graphql_api.schema.build import Schema
    from graphql_api.settings import Limits
    from graphql_api.store.dialects import Dialect

_PLANS_PER_OPERATION = 64
_MAX_ERRORS = 20
_TOO_MUCH = "The document is too large or nested too deeply to be validated: ask for less, or in parts."


class Operation:
    """One operation of a valid document, and its plans by the shape of their variables."""

    def __init__(
        self,
        schema: Schema,
        dialect: Dialect,
        node: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        """Prepare to plan."""
        self._schema = schema
        self._dialect = dialect
        self._node = node
        self._fragments = fragments
        self._plans: OrderedDict[Hashable, Plan] = OrderedDict()
        self.variables = VariableDefinitions(schema.graphql, node)
        self.introspection = Introspection(schema.graphql, node, fragments)

    def plan(self, variables: Mapping[str, Any]) -> Plan:
        """Return the plan for the shape of `variables`, coerced values. Raises BadUserInputError."""
        shape = self.variables.shape(variables)
        plan = self._plans.get(shape)
        if plan is None:
            plan = self._plans[shape] = self._planned(variables)
            if len(self._plans) > _PLANS_PER_OPERATION:
                self._plans.popitem(last=False)
        return plan

    def _planned(self, variables: Mapping[str, Any]) -> Plan:
        query = cast(GraphQLObjectType, self._schema.graphql.query_type)
        selections = Selections(self._schema.graphql, self._fragments, variables)
        planner = Planner(self._schema, self._dialect, selections, variables, FieldShapes())
        columns: list[str] = []
        members: list[tuple[bytes, int | None]] = []
        for key, nodes in selections.fields(query, [self._node.selection_set]).items():
            if is_introspection(nodes[0]):
                members.append((key.encode(), None))
                continue
            value = planner.member(query, key, nodes, planner.mapped)
            members.append((key.encode(), len(columns)))
            columns.append(self._dialect.as_bytes(value.sql(self._dialect)))
        sql, bound, checked = planner.parameters.settle("SELECT\n" + ",\n".join(columns))
        return Plan(sql if columns else None, bound, checked, tuple(members))


class Document:
    """A document that may be executed."""

    def __init__(self, schema: Schema, dialect: Dialect, limits: Limits, text: str) -> None:
        """Parse, validate and measure `text`. Raises ParseError or ValidationError."""
        node = _parsed(text, limits)
        _validate(schema, node)
        fragments = {each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)}
        self._operations: dict[str | None, Operation] = {}
        for each in node.definitions:
            if isinstance(each, OperationDefinitionNode):
                check_limits(schema.graphql, each, fragments, limits)
                name = each.name.value if each.name else None
                self._operations[name] = Operation(schema, dialect, each, fragments)

    def operation(self, name: str | None) -> Operation:
        """Return the operation that is meant. Raises BadUserInputError if that is not clear."""
        if not name and len(self._operations) == 1:
            return next(iter(self._operations.values()))
        if not name:
            raise BadUserInputError(f"The document has {len(self._operations)} operations: name one in operationName.")
        if name not in self._operations:
            raise BadUserInputError(f"The document has no operation named {name!r}.")
        return self._operations[name]


class DocumentCache:
    """The documents seen last, by their text. A document that was refused is remembered with its error."""

    def __init__(self, schema: Schema, dialect: Dialect, limits: Limits, entries: int) -> None:
        """Keep at most `entries` documents."""
        self._schema = schema
        self._dialect = dialect
        self._limits = limits
        self._entries = entries
        self._documents: OrderedDict[str, Document | RequestError] = OrderedDict()

    def get(self, text: str) -> Document:
        """Return the document for `text`. Raises ParseError or ValidationError."""
        document = self._documents.get(text)
        if document is None:
            document = self._documents[text] = self._made(text)
            if len(self._documents) > self._entries:
                self._documents.popitem(last=False)
        else:
            self._documents.move_to_end(text)
        if isinstance(document, RequestError):
            raise document.with_traceback(None)
        return document

    def _made(self, text: str) -> Document | RequestError:
        try:
            return Document(self._schema, self._dialect, self._limits, text)
        except RequestError as error:
            return error


def _parsed(text: str, limits: Limits) -> DocumentNode:
    try:
        return parse(text, max_tokens=limits.document_tokens)
    except GraphQLSyntaxError as error:
        raise ParseError(error.message, locations=_locations(error)) from None


def _validate(schema: Schema, node: DocumentNode) -> None:
    errors = validate(schema.graphql, node, max_errors=_MAX_ERRORS)
    if errors:
        failure = ValidationError(errors[0].message)
        failure.errors = [ValidationError.formatted(_told(error), _locations(error)) for error in errors]
        raise failure


def _told(error: GraphQLError) -> str:
    """Return the error's message; graphql-core ends with only two words what would take it too deep or too long."""
    return _TOO_MUCH if error.message == "Validation aborted." else error.message


def _locations(error: GraphQLError) -> list[tuple[int, int]]:
    return [(location.line, location.column) for location in error.locations or ()]
