"""The oracle itself: executes operations over one content set with plain graphql-core."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSyntaxError,
    StringValueNode,
    build_schema,
    execute_sync,
    get_operation_ast,
    get_variable_values,
    parse,
    validate,
)

from tests.oracle.inputs import InputChecks
from tests.oracle.pages import BadInputError
from tests.oracle.resolvers import Resolvers

if TYPE_CHECKING:
    from graphql import DocumentNode

    from tests.oracle.content import Content
    from tests.oracle.resolvers import Rendered

Execute = Callable[[str, Mapping[str, Any] | None], dict[str, Any]]
"""Answers a document and its variables with a response, `{"data": …}` or `{"errors": […]}`."""

_SDL = Path(__file__).with_name("schema.graphql")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def oracle_schema() -> GraphQLSchema:
    """Return a new schema of the public contract, without resolvers."""
    schema = build_schema(_SDL.read_text(encoding="utf-8"))
    date = schema.type_map["Date"]
    assert isinstance(date, GraphQLScalarType)
    date.coerce_input_value = _parse_date
    date.coerce_input_literal = lambda node: _parse_date(node.value if isinstance(node, StringValueNode) else None)
    date.coerce_output_value = _serialize_date
    return schema


class Oracle:
    """Executes operations; a request error is told by its code, as the product tells it."""

    def __init__(self, content: Content, render: Callable[[str], Rendered]) -> None:
        """Bind the content's resolvers to a schema; `render` makes an answer's forms from its source."""
        self.content = content
        self._schema = oracle_schema()
        Resolvers(content, render).bind(self._schema)
        # Validation is most of the oracle's time, and documents come several times in a row.
        self._checked = lru_cache(16)(self._check_document)

    def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the response. Raises AssertionError if the execution itself failed, which none should."""
        try:
            tree, errors = self._checked(document)
        except GraphQLSyntaxError as error:
            return _failed("GRAPHQL_PARSE_FAILED", error.message)
        if errors:
            return _failed("GRAPHQL_VALIDATION_FAILED", *errors)
        try:
            self._check_input(tree, dict(variables or {}))
        except BadInputError as error:
            return _failed("BAD_USER_INPUT", str(error))
        result = execute_sync(self._schema, tree, variable_values=dict(variables or {}))
        assert not result.errors, result.errors
        return {"data": result.data}

    def _check_document(self, document: str) -> tuple[DocumentNode, list[str]]:
        tree = parse(document)
        return tree, [error.message for error in validate(self._schema, tree)]

    def _check_input(self, tree: DocumentNode, variables: dict[str, Any]) -> None:
        operation = get_operation_ast(tree)
        assert operation is not None, "one operation a document"
        values = get_variable_values(self._schema, operation.variable_definitions or (), variables)
        if isinstance(values, list):
            raise BadInputError(values[0].message)
        fragments = {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)}
        InputChecks(self._schema, fragments, values).check(operation.selection_set, self._schema.query_type)


def _failed(code: str, *messages: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code}} for message in messages]}


def _parse_date(value: Any) -> dt.date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("not a date such as 2024-11-29")
    return dt.date.fromisoformat(value)


def _serialize_date(value: Any) -> str:
    assert isinstance(value, dt.date)
    return value.isoformat()
