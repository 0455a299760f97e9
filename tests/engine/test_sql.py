"""Fragments of SQL, each against what Python says."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from graphql_api.engine import sql as fragments
from graphql_api.store.driver import sqlite3

_TEXTS = st.text(st.sampled_from("ab\u00e9\uffff\U0010ffff"), max_size=4)


@given(_TEXTS, _TEXTS)
@example("a\U0010ffff\U0010ffff", "a")
@example("b", "a")
@example("", "")
def test_text_begins_with_its_start_and_no_other(text: str, start: str) -> None:
    """Whatever follows the start, up to the last character that there is."""
    db = sqlite3.connect(":memory:")
    try:
        ((starts_with,),) = db.execute(f"SELECT {fragments.starts_with('?1', '?2')}", (text, start))
    finally:
        db.close()
    assert bool(starts_with) == text.startswith(start)
