"""Filters: from a QuestionFilter to one SQL condition.

Two-valued: a condition on a missing score is false (except `ne` and `exists: false`), so `not` is an exact complement.
No column is NULL in any comparison here; a missing score has sort keys of plus infinity in both directions.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.engine.sources import Source, constant, derived

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.store.dialects import Dialect

Filter = dict[str, Any]
_COMPARISONS = {"eq": "=", "ne": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_MIRRORED = {"gt": "<", "gte": "<="}
_TEXT_COLUMNS = {"slug": "slug", "url": "url", "title": "title", "author": "author"}
_PLAIN_COLUMNS = {"articleId": "article_id", "date": "date"}
_TRUE, _FALSE = "1 = 1", "1 = 0"
_MOST_IN_A_ROW = 4

MAX_CONDITIONS, MAX_LEVELS = 1_000, 100
"""How many conditions the filters of one operation may have, and how deep one may be nested."""


def count_conditions(filter_: Filter, level: int = 1) -> int:
    """Return how many conditions a filter has; an empty object counts as one. Raises ValueError if it is too deep."""
    if level > MAX_LEVELS:
        raise ValueError(f"'filter' is nested more than {MAX_LEVELS} levels deep: flatten it.")
    count = 0
    for name, value in filter_.items():
        if name in ("and", "or"):
            count += sum(count_conditions(each, level + 1) for each in value or ())
        elif name == "not":
            count += count_conditions(value or {}, level + 1)
        else:
            count += len(value) if isinstance(value, dict) else 1
    return max(count, 1)


class FilterConditions:
    """Writes conditions on the question `alias`; `bind` gives the place of a bound value."""

    def __init__(self, alias: str, bind: Callable[[Source], str], dialect: Dialect) -> None:
        """Keep what every condition needs."""
        self._alias = alias
        self._bind = bind
        self._dialect = dialect

    def condition(self, filter_: Filter) -> str:
        """Return the SQL condition for `filter_`; null values are as if they were not there."""
        parts = [self._field(name, value) for name, value in filter_.items() if value is not None]
        return _all(parts)

    def _field(self, name: str, value: Any) -> str:  # noqa: ANN401 - each field has its own type
        match name:
            case "and":
                return _all([f"({self.condition(each)})" for each in value])
            case "or":
                return _any([self.condition(each) for each in value])
            case "not":
                return f"NOT ({self.condition(value)})"
            case "subject":
                return self._subject(value)
            case "score":
                return self._score(value)
            case "noIndex":
                return _all([self._flag(flag) for flag in value.values() if flag is not None])
            case "hasRelatedArticles":
                return f"{self._alias}.reference_count {'>' if value else '='} 0"
            case _ if name in _TEXT_COLUMNS:
                return self._operators(value, f"{self._alias}.{_TEXT_COLUMNS[name]}")
            case _:
                return self._operators(value, f"{self._alias}.{_PLAIN_COLUMNS[name]}")

    def _operators(self, operators: Filter, column: str) -> str:
        return _all([self._operator(name, value, column) for name, value in operators.items() if value is not None])

    def _operator(self, name: str, value: Source, column: str) -> str:
        if name in _COMPARISONS:
            return f"{column} {_COMPARISONS[name]} {self._bind(value)}"
        if name in ("in", "notIn"):
            listed = self._dialect.elements(self._bind(derived(value, _json_text, "json")))
            return f"{column} {'IN' if name == 'in' else 'NOT IN'} (SELECT value FROM {listed})"
        part = self._bind(derived(value, str.casefold, "casefold"))
        test = self._dialect.contains if name == "contains" else self._dialect.starts_with
        return test(f"{column}_folded", part)

    def _subject(self, operators: Filter) -> str:
        """Return a condition on the subject's slug, led by its key, which the indexes begin with."""
        if not any(value is not None for value in operators.values()):
            return _TRUE
        if set(operators) == {"eq"}:
            slug = self._bind(operators["eq"])
            # No subject has the key 0; NULL, for a slug that no subject has, would make `not` neither true nor false.
            return f"{self._alias}.subject_pk = coalesce((SELECT pk FROM subject WHERE slug = {slug}), 0)"
        return (
            f"{self._alias}.subject_pk IN (SELECT pk FROM subject WHERE {self._operators(operators, 'subject.slug')})"
        )

    def _score(self, operators: Filter) -> str:
        return _all([self._score_operator(name, value) for name, value in operators.items() if value is not None])

    def _score_operator(self, name: str, value: Any) -> str:  # noqa: ANN401 - a source or a Boolean
        if name == "exists":
            return f"{self._alias}.score_asc {'<' if value else '='} {self._bind(constant(math.inf))}"
        if name in _MIRRORED:
            return f"{self._alias}.score_desc {_MIRRORED[name]} {self._bind(derived(value, _negated, 'negated'))}"
        return f"{self._alias}.score_asc {_COMPARISONS[name]} {self._bind(value)}"

    def _flag(self, value: bool) -> str:
        return f"{self._alias}.no_index = {int(value)}"


def _all(conditions: list[str]) -> str:
    return _joined(conditions, "AND") if conditions else _TRUE


def _any(conditions: list[str]) -> str:
    return f"({_joined([f'({condition})' for condition in conditions], 'OR')})" if conditions else _FALSE


def _joined(conditions: list[str], operator: str) -> str:
    """Return the conditions joined. Many become a balanced tree: SQLite takes expressions 1,000 levels deep at most."""
    if len(conditions) <= _MOST_IN_A_ROW:
        return f" {operator} ".join(conditions)
    middle = len(conditions) // 2
    return f"({_joined(conditions[:middle], operator)}) {operator} ({_joined(conditions[middle:], operator)})"


def _json_text(values: list[Any]) -> str:
    return orjson.dumps(values).decode()


def _negated(value: float) -> float:
    return -value
