"""Filters, read literally: a filter is a predicate over one article's dictionary."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Test = Callable[[Any, Any], bool]

_FIELDS = {"subject": "subjectSlug"}
_TESTS: dict[str, Test] = {
    "ne": lambda value, wanted: value != wanted,
    "in": lambda value, wanted: value in wanted,
    "notIn": lambda value, wanted: value not in wanted,
    "contains": lambda value, wanted: wanted.casefold() in value.casefold(),
    "startsWith": lambda value, wanted: value.casefold().startswith(wanted.casefold()),
    "exists": lambda value, wanted: (value is not None) == wanted,
}


def _known(compare: Test) -> Test:
    return lambda value, wanted: value is not None and bool(compare(value, wanted))


_TESTS |= {
    "eq": _known(operator.eq),
    "gt": _known(operator.gt),
    "gte": _known(operator.ge),
    "lt": _known(operator.lt),
    "lte": _known(operator.le),
}


def matches(article: Mapping[str, Any], condition: Mapping[str, Any] | None) -> bool:
    """Return whether the article meets a coerced QuestionFilter; null and absent entries ask for nothing."""
    return all(_meets(article, name, value) for name, value in (condition or {}).items() if value is not None)


def _meets(article: Mapping[str, Any], name: str, value: Any) -> bool:
    if name == "and":
        return all(matches(article, part) for part in value)
    if name == "or":
        return any(matches(article, part) for part in value)
    if name == "not":
        return not matches(article, value)
    if name == "hasRelatedArticles":
        return bool(article["references"]) is value
    content = article[_FIELDS.get(name, name)]
    return all(_TESTS[test](content, wanted) for test, wanted in value.items() if wanted is not None)
