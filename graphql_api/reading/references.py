"""References: the related articles of a seed, as written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from graphql_api.reading.fields import INT_MAX, INT_MIN, Fields
from graphql_api.reading.problems import Code
from graphql_api.records import Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REFERENCE_KEYS = frozenset(("id", "title", "subject", "url"))

_KEY = re.compile(r"related_article([1-9][0-9]{0,8})")


@lru_cache(maxsize=1024)
def reference_position(key: str) -> int | None:
    """Return 3 for "related_article3", None for a key that names no reference."""
    match = _KEY.fullmatch(key)
    return int(match[1]) if match else None


def parse_references(values: Mapping[str, Any], report: Callable[[Code, str, str], None]) -> tuple[Reference, ...]:
    """Return the references of an article, by the number in their key; gaps and numbers over five are fine.

    A malformed reference is reported and left out. It is a WARNING, and the article stays: a link to elsewhere is
    worth less than the article, and one that leads nowhere is ordinary.
    """
    found = sorted([(position, key) for key in values if (position := reference_position(key)) is not None])
    references: list[Reference] = []
    for position, key in found:
        reference = _ordinary(position, values[key])
        if reference is not None:
            references.append(reference)
        elif values[key] is not None:
            _report_faults(key, values[key], report)
    return tuple(references)


def _ordinary(position: int, value: Any) -> Reference | None:  # noqa: ANN401 - what stands in YAML
    """Return the reference of a mapping in which nothing is wrong, else None."""
    if type(value) is not dict or len(value) < len(REFERENCE_KEYS):
        return None
    article_id, title, subject, url = value.get("id"), value.get("title"), value.get("subject"), value.get("url")
    if not (type(article_id) is int and type(title) is type(subject) is type(url) is str):
        return None
    title, subject, url = title.strip(), subject.strip(), url.strip()
    if not (title and subject and url and INT_MIN <= article_id <= INT_MAX) or "\0" in f"{title}{subject}{url}":
        return None
    return Reference(position, article_id, title, subject, url)


def _report_faults(key: str, value: object, report: Callable[[Code, str, str], None]) -> None:
    """Say what is wrong with a reference that is not ordinary."""
    if not isinstance(value, dict):
        message = f"`{key}` is not a mapping and is left out. Give it id, title, subject and url."
        report(Code.INVALID_REFERENCE, message, key)
        return
    faults: list[str] = []
    fields = Fields(value, lambda _, message, __: faults.append(message), f"{key}.")
    fields.required_int("id")
    for name in ("title", "subject", "url"):
        fields.required_text(name)
    report(Code.INVALID_REFERENCE, f"`{key}` is left out: {' '.join(faults)}", key)
