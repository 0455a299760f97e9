"""Orders: lists sorted by the enum values of an orderBy argument, always total."""

from __future__ import annotations

from typing import Any

_FIELDS = {
    "DATE": "date",
    "TITLE": "title",
    "ARTICLE_ID": "articleId",
    "SCORE": "score",
    "URL": "url",
    "SLUG": "slug",
    "QUESTION_COUNT": "questionCount",
}


def ordered(items: list[dict[str, Any]], order_by: list[str], last_key: str) -> list[dict[str, Any]]:
    """Return the items by each order in turn, ties by `last_key` ascending; a null comes last in both directions."""
    result = sorted(items, key=lambda item: item[last_key])
    for order in reversed(order_by):
        name, _, direction = order.rpartition("_")
        result = _by(result, _FIELDS[name], descending=direction == "DESC")
    return result


def _by(items: list[dict[str, Any]], field: str, *, descending: bool) -> list[dict[str, Any]]:
    known = [item for item in items if item[field] is not None]
    # A reversed sort keeps the order of equal items, so the later keys hold.
    known.sort(key=lambda item: item[field], reverse=descending)
    return known + [item for item in items if item[field] is None]
