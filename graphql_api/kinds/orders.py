"""Orders: how values become what SQLite compares; a missing one comes last in both directions."""

from __future__ import annotations

import math
from typing import Any

from graphql_api.kinds.kind import Order, Storage


def _text(value: Any) -> Any:  # noqa: ANN401 - a text or None to what SQLite compares
    # SQLite sorts every blob after every text.
    return b"\xff" if value is None else value


def _number(value: Any) -> Any:  # noqa: ANN401 - a number or None
    return math.inf if value is None else value


def _negated(value: Any) -> Any:  # noqa: ANN401 - a number or None
    return math.inf if value is None else -value


TEXT_ORDER = Order(ascending=_text, descending=None, storage=Storage.SORTED)
"""By code points."""
NUMBER_ORDER = Order(ascending=_number, descending=_negated, storage=Storage.SORTED)
FLOAT_ORDER = Order(ascending=_number, descending=_negated, storage=Storage.REAL)
"""In a column of its own, since that of a value holds its JSON."""
