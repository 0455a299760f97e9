"""What differs between the databases that a plan can run on: a handful of text fragments."""

from __future__ import annotations

import re
from typing import Protocol

from graphql_api.search.query import fts5_query

SEARCH_WEIGHTS = (10.0, 4.0, 1.0, 2.0, 3.0)
"""Of title, question, text, subject and keywords, in the order of `graphql_api.store.layout.SEARCH_COLUMNS`."""
_ARGUMENTS_PER_CALL = 90
_PARAMETER = re.compile(r"\?([0-9]+)")


class Dialect(Protocol):
    """SQL fragments; every method takes and returns SQL text."""

    def parameter(self, number: int) -> str:
        """Return the place of the bound parameter `number`, from 1."""

    def parameters_in(self, sql: str) -> set[int]:
        """Return the numbers of the parameters that occur in `sql`."""

    def renumbered(self, sql: str, numbers: dict[int, int]) -> str:
        """Return `sql` with each parameter's number replaced."""

    def template(self, text: str, arguments: list[str]) -> str:
        """Return an expression for `text` with each %s replaced by an argument's text; NULL becomes nothing."""

    def json_text(self, expression: str) -> str:
        """Return text as a JSON string."""

    def boolean(self, expression: str) -> str:
        """Return a stored Boolean as JSON."""

    def joined(self, expression: str) -> str:
        """Return the aggregate that joins texts with commas, in the order of the rows."""

    def as_bytes(self, expression: str) -> str:
        """Return text as bytes of UTF-8, so that the driver does not decode it."""

    def elements(self, parameter: str) -> str:
        """Return a FROM item (key, value) with the elements of a JSON array that is bound as text."""

    def contains(self, text: str, part: str) -> str:
        """Return whether `text` contains `part`, literally."""

    def starts_with(self, text: str, start: str) -> str:
        """Return whether `text` starts with `start`, literally."""

    def begins(self, text: str, start: str) -> str:
        """Return the same as `starts_with`, so that an index on the column `text` finds the rows."""

    def excerpt(self, lead: str, length: str) -> str:
        """Return the start of `lead`, cut at a word and at most `length` characters long with its ellipsis."""

    def search_query(self, text: str) -> str:
        """Return what to bind for a search for `text`, as a person typed it; every text is a valid search."""

    def matches(self, query: str, ranks_per_point: int) -> str:
        """Return a SELECT of (pk, rank) of the questions that match; `rank` is whole, and smaller is better."""

    def snippet(self, text: str, asked: str, *, as_html: bool) -> str:
        """Return the part of `text` that shows why a search for `asked` found it; as HTML its matches are marked."""


class SQLiteDialect:
    """SQLite 3.37 and newer."""

    def parameter(self, number: int) -> str:
        """See Dialect."""
        return f"?{number}"

    def parameters_in(self, sql: str) -> set[int]:
        """See Dialect. No text in a statement holds a question mark: names and punctuation of JSON do not."""
        return {int(number) for number in _PARAMETER.findall(sql)}

    def renumbered(self, sql: str, numbers: dict[int, int]) -> str:
        """See Dialect."""
        return _PARAMETER.sub(lambda match: f"?{numbers[int(match[1])]}", sql)

    def template(self, text: str, arguments: list[str]) -> str:
        """See Dialect. A call takes 127 arguments at most, so a long template is cut into several."""
        if not arguments:
            return _literal(text.replace("%%", "%"))
        if len(arguments) <= _ARGUMENTS_PER_CALL:
            return "printf(" + ",\n".join([_literal(text), *arguments]) + ")"
        cut = _position_after(text, _ARGUMENTS_PER_CALL)
        head = self.template(text[:cut], arguments[:_ARGUMENTS_PER_CALL])
        return f"{head} || {self.template(text[cut:], arguments[_ARGUMENTS_PER_CALL:])}"

    def json_text(self, expression: str) -> str:
        """See Dialect."""
        return f"json_quote({expression})"

    def boolean(self, expression: str) -> str:
        """See Dialect."""
        return f"CASE WHEN {expression} THEN 'true' ELSE 'false' END"

    def joined(self, expression: str) -> str:
        """See Dialect. SQLite keeps the order of a subquery in FROM when the outer query aggregates."""
        return f"group_concat({expression}, ',')"

    def as_bytes(self, expression: str) -> str:
        """See Dialect."""
        return f"CAST({expression} AS BLOB)"

    def elements(self, parameter: str) -> str:
        """See Dialect."""
        return f"json_each({parameter})"

    def contains(self, text: str, part: str) -> str:
        """See Dialect."""
        return f"instr({text}, {part}) > 0"

    def starts_with(self, text: str, start: str) -> str:
        """See Dialect."""
        return f"substr({text}, 1, length({start})) = {start}"

    def begins(self, text: str, start: str) -> str:
        """See Dialect. No UTF-8 holds the byte FF, so it comes after whatever can follow `start`."""
        return f"{text} >= {start} AND {text} < {start} || x'ff'"

    def excerpt(self, lead: str, length: str) -> str:
        """See Dialect. A function of the connection's: SQLite's own take four times as long to find the last blank."""
        return f"excerpt({lead}, {length})"

    def search_query(self, text: str) -> str:
        """See Dialect."""
        return fts5_query(text)

    def matches(self, query: str, ranks_per_point: int) -> str:
        """See Dialect. BM25 with a weight for each of the columns of `search`."""
        weights = ", ".join(map(str, SEARCH_WEIGHTS))
        rank = f"CAST(round(bm25(search, {weights}) * {ranks_per_point}) AS INTEGER)"
        return f"SELECT rowid AS pk, {rank} AS rank FROM search WHERE search MATCH {query}"

    def snippet(self, text: str, asked: str, *, as_html: bool) -> str:
        """See Dialect. `connect_to_generation` registers both functions."""
        return f"{'snippet_html' if as_html else 'snippet_text'}({text}, {asked})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _position_after(text: str, count: int) -> int:
    """Return where the `count`-th %s of `text` ends; %% is no place for an argument."""
    position = 0
    while count:
        position = text.index("%", position) + 2
        count -= text[position - 1] == "s"
    return position
