"""Search: a connection over what full-text search finds, the best match first.

The matches are found once, into a common table expression; page, total count and facets all read it. Equal ranks
follow by url, which is looked up only for those that rank high enough for the page. A cursor holds the rank beside the
row's place, with a check of the two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from graphql_api.engine.cursors import CONTEXT_CHARACTERS, altered, place_values
from graphql_api.engine.expression import Expression, sql_value
from graphql_api.engine.listings import Listing, context_source, filter_conditions
from graphql_api.engine.orders import OrderKey
from graphql_api.engine.pages import Connection, Rows
from graphql_api.engine.scope import relation_of
from graphql_api.engine.sources import derived
from graphql_api.search.query import searched, title_start
from graphql_api.store.places import place_check

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import Scope

RANKS_PER_POINT = 1_000_000
TITLE_BONUS = 100 * RANKS_PER_POINT
"""For a title that begins with what was typed: more than words alone ever give, so such titles come first."""
_CURSOR_PARTS = 3
_RANK = re.compile(r"0|-?[1-9][0-9]{0,14}")
_CHECK_FACTOR, _CHECK_MODULUS = 48_271, 2_147_483_647
_KEYS = (OrderKey("rank", lambda values: values[0]), OrderKey("url", lambda values: values[1]))


def search(planner: Planner, field: Field, _: Scope | None) -> Expression:
    """Return the connection over the questions that match."""
    asked = derived(field.arguments["query"], searched, "searched")
    query = planner.bind(derived(asked, planner.dialect.search_query, "search"))
    start = planner.bind(derived(asked, title_start, "title start"))
    titled = f"SELECT pk FROM question WHERE {planner.dialect.begins('title_folded', start)}"
    bonus = f"CASE WHEN m.pk IN ({titled}) THEN {TITLE_BONUS} ELSE 0 END"
    matched = planner.alias("matched")
    with_ = (
        f"{matched} AS MATERIALIZED (SELECT m.pk, m.rank - {bonus} AS rank\n"
        f"FROM ({planner.dialect.matches(query, RANKS_PER_POINT)}) AS m{_filter(planner, field)})"
    )
    rows = planner.scope("question")
    listing = Listing(
        scope=rows,
        # A cross join keeps the order: from the matches to their questions, never from all questions to the matches.
        source=f"{matched} CROSS JOIN question AS {rows.alias} ON {rows.column('pk')} = {matched}.pk",
        where=(),
        keys=_KEYS,
        columns=[f"{matched}.rank", rows.column("url")],
        place=_ranked_place,
        context=context_source(("search",), asked, field.arguments.get("filter")),
        kept_total=f"(SELECT count(*) FROM {matched})",
        read_place=_rank_and_url,
        with_=with_,
        among_first=lambda count: f"{matched}.rank <= ({_rank_at(matched, count)})",
    )
    return Connection(
        planner, field, listing, {"score": _score, "snippet": _snippet_of(planner.bind(asked))}
    ).expression()


def _filter(planner: Planner, field: Field) -> str:
    """Return the rest of the FROM clause of the matches m, for those that the field's filter keeps."""
    question = planner.scope("question")
    conditions = filter_conditions(planner, field, question.alias)
    if not conditions:
        return ""
    conditions.insert(0, f"{question.column('pk')} = m.pk")
    return f"\nCROSS JOIN question AS {question.alias}\nWHERE {' AND '.join(conditions)}"


def _rank_at(matched: str, count: str) -> str:
    """Return the SELECT of the rank of the last of the first `count` matches."""
    return f"SELECT max(rank) FROM (SELECT rank FROM {matched} ORDER BY rank LIMIT {count})"


def _score(_planner: Planner, _field: Field, rows: Rows) -> Expression:
    return sql_value(f"-{rows.columns[0]} / {RANKS_PER_POINT}.0")


def _snippet_of(asked: str) -> Callable[[Planner, Field, Rows], Expression]:
    """Return the planner of `snippet` for a search for `asked`."""

    def snippet(planner: Planner, field: Field, rows: Rows) -> Expression:
        answer = rows.scope.one(relation_of("question", "answer"), planner.alias("answer"))

        def value(member: Field) -> Expression:
            shown = planner.dialect.snippet(answer.column("text"), asked, as_html=member.name == "html")
            return Expression("%s", (planner.dialect.json_text(shown),))

        return planner.members(field.type, planner.selections.below(field.type, field.nodes), value)

    return snippet


def _ranked_place(alias: str, columns: Sequence[str]) -> str:
    """Return SQL for the rank, a check of rank and place, and the place of a row."""
    rank, _ = columns
    check = f"((abs({rank}) * {_CHECK_FACTOR} + {alias}.place_check) % {_CHECK_MODULUS})"
    return f"{rank} || '.' || {check} || '.' || {alias}.place"


def _rank_and_url(cursor: str, context: str, name: str) -> list[Any]:
    """Return the rank and the url that a cursor holds. Raises ValueError that tells the client what to do."""
    start, parts = cursor[:CONTEXT_CHARACTERS], cursor[CONTEXT_CHARACTERS:].split(".")
    rank, check, place = parts if len(parts) == _CURSOR_PARTS else ("", "", "")
    values = place_values(start + place, context, name)
    if not _RANK.fullmatch(rank) or check != str(
        (abs(int(rank)) * _CHECK_FACTOR + place_check(place)) % _CHECK_MODULUS
    ):
        raise altered(name)
    return [int(rank), values[0]]
