"""Orders: the keys that a list is sorted by. Every order is total: it ends with the key that is unique."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key: a column, its direction, and its value in a place (see `graphql_api.store.places`).

    Descending keys are columns of their own where values can be negated, so that an order with `url` at its end runs
    in one direction and its cursors become one comparison of rows.
    """

    column: str
    value: Callable[[list[Any]], Any]
    descending: bool = False


def _at(index: int) -> Callable[[list[Any]], Any]:
    return lambda values: values[index]


def _negated_date(values: list[Any]) -> int:
    return -dt.date.fromisoformat(values[1]).toordinal()


_QUESTION = {
    "DATE_ASC": OrderKey("date", _at(1)),
    "DATE_DESC": OrderKey("date_desc", _negated_date),
    "TITLE_ASC": OrderKey("title", _at(2)),
    "TITLE_DESC": OrderKey("title", _at(2), descending=True),
    "ARTICLE_ID_ASC": OrderKey("article_id", _at(3)),
    "ARTICLE_ID_DESC": OrderKey("article_id_desc", lambda values: -values[3]),
    "SCORE_ASC": OrderKey("score_asc", lambda values: math.inf if values[4] is None else values[4]),
    "SCORE_DESC": OrderKey("score_desc", lambda values: math.inf if values[4] is None else -values[4]),
    "URL_ASC": OrderKey("url", _at(0)),
    "URL_DESC": OrderKey("url", _at(0), descending=True),
}
_SUBJECT = {
    "TITLE_ASC": OrderKey("title", _at(1)),
    "TITLE_DESC": OrderKey("title", _at(1), descending=True),
    "SLUG_ASC": OrderKey("slug", _at(0)),
    "SLUG_DESC": OrderKey("slug", _at(0), descending=True),
    "QUESTION_COUNT_ASC": OrderKey("question_count", _at(2)),
    "QUESTION_COUNT_DESC": OrderKey("question_count_desc", lambda values: -values[2]),
}
_ORDERS = {"question": (_QUESTION, "DATE_DESC", "URL_ASC"), "subject": (_SUBJECT, "TITLE_ASC", "SLUG_ASC")}


def order_names(table: str, names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the order that `names` ask for, made total; none or an empty list gives the default order."""
    _, default, last = _ORDERS[table]
    names = tuple(dict.fromkeys(names or (default,)))
    unique = last.removesuffix("_ASC")
    for at, name in enumerate(names):
        if name.startswith(unique):
            return names[: at + 1]
    return (*names, last)


def order_keys(table: str, names: Sequence[str]) -> list[OrderKey]:
    """Return the keys of a total order."""
    keys, _, _ = _ORDERS[table]
    return [keys[name] for name in names]


def sorting(keys: Sequence[OrderKey], columns: Sequence[str], *, backwards: bool = False) -> str:
    """Return the content of an ORDER BY clause over `columns`, the keys' SQL names."""
    return ", ".join(
        f"{column} DESC" if key.descending != backwards else column for key, column in zip(keys, columns, strict=True)
    )


def beyond(
    keys: Sequence[OrderKey],
    columns: Sequence[str],
    values: Sequence[str],
    *,
    backwards: bool = False,
    inclusive: bool = False,
) -> str:
    """Return the condition that a row comes after the place `values` (SQL), or before it when `backwards`.

    One comparison of rows where all keys run in one direction; else the lexicographic expansion, led by a comparison
    of the first key that an index can answer.
    """
    signs = ["<" if key.descending != backwards else ">" for key in keys]
    if len(set(signs)) == 1:
        sign = signs[0] + ("=" if inclusive else "")
        return f"({', '.join(columns)}) {sign} ({', '.join(values)})"
    condition = f"{columns[-1]} {signs[-1]}{'=' if inclusive else ''} {values[-1]}"
    for column, value, sign in reversed(list(zip(columns[:-1], values[:-1], signs[:-1], strict=True))):
        condition = f"({column} {sign} {value} OR ({column} = {value} AND {condition}))"
    return f"({columns[0]} {signs[0]}= {values[0]} AND {condition})"
