"""The oracle itself: executes operations over one content set with plain graphql-core."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSyntaxError,
    StringValueNode,
    ValuesOfCorrectTypeRule,
    build_schema,
    execute_sync,
    get_operation_ast,
    get_variable_values,
    parse,
    specified_rules,
    validate,
)

from tests.oracle.answers import Answers
from tests.oracle.api import schema_text
from tests.oracle.inputs import InputChecks
from tests.oracle.pages import BadInputError
from tests.oracle.scalars import moment

if TYPE_CHECKING:
    from graphql import DocumentNode

    from tests.oracle.declarations import Model
    from tests.oracle.site import Site

Execute = Callable[[str, Mapping[str, Any] | None], dict[str, Any]]
"""Answers a document and its variables with a response, `{"data": …}` or `{"errors": […]}`."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[-+]\d{2}:\d{2})", re.ASCII)


def oracle_schema(model: Model) -> GraphQLSchema:
    """Return a new schema of a model's API, without resolvers."""
    schema = build_schema(schema_text(model))
    for name, read in (("Date", _parse_date), ("DateTime", _parse_moment)):
        type_ = schema.type_map[name]
        assert isinstance(type_, GraphQLScalarType)
        type_.coerce_input_value = read
        type_.coerce_input_literal = partial(_parse_literal, read)
    return schema


class Oracle:
    """Executes operations; a request error is told by its code, as the product tells it."""

    def __init__(self, site: Site, render: Callable[[str, bool], Any], *, validates: bool = True) -> None:
        """Bind the site's answers to a schema; `render` makes a text's forms from its source and its escapes.

        Without `validates`, documents must be valid, but for the values in them; that takes a tenth of the time.
        """
        self.site = site
        self._validates = validates
        self.schema = oracle_schema(site.model)
        self.answers = Answers(site, render)
        self.answers.bind(self.schema)
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
        result = execute_sync(self.schema, tree, variable_values=dict(variables or {}))
        assert not result.errors, result.errors
        return {"data": result.data}

    def _check_document(self, document: str) -> tuple[DocumentNode, list[str]]:
        tree = parse(document)
        rules = specified_rules if self._validates else [ValuesOfCorrectTypeRule]
        return tree, [error.message for error in validate(self.schema, tree, rules)]

    def _check_input(self, tree: DocumentNode, variables: dict[str, Any]) -> None:
        operation = get_operation_ast(tree)
        assert operation is not None, "one operation a document"
        values = get_variable_values(self.schema, operation.variable_definitions or (), variables)
        if isinstance(values, list):
            raise BadInputError(values[0].message)
        fragments = {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)}
        InputChecks(self.schema, fragments, values).check(operation.selection_set, self.schema.query_type)


def _failed(code: str, *messages: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code}} for message in messages]}


def _parse_literal(read: Callable[[Any], Any], node: Any) -> Any:
    return read(node.value if isinstance(node, StringValueNode) else None)


def _parse_date(value: Any) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("not a date such as 2024-11-29")
    return dt.date.fromisoformat(value).isoformat()


def _parse_moment(value: Any) -> dt.datetime:
    if isinstance(value, str) and _DATE.fullmatch(value):
        return moment(f"{value}T00:00:00Z")
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("not a moment such as 2024-11-29T08:00:00Z")
    return moment(value)
