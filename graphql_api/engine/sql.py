"""SQL: the fragments of text that plans are made of; each function takes and returns SQL."""

from __future__ import annotations

import re
from typing import Final

_ARGUMENTS_PER_CALL = 60
_PLACE = re.compile("%[s%]")
_PARAMETER = re.compile(r"\?([0-9]+)")


def parameter(number: int) -> str:
    """Return the place of the bound parameter `number`, from 1."""
    return f"?{number}"


def parameters_in(sql: str) -> set[int]:
    """Return the numbers of the parameters in `sql`, where no text holds a question mark."""
    return {int(number) for number in _PARAMETER.findall(sql)}


def renumbered(sql: str, numbers: dict[int, int]) -> str:
    """Return `sql` with each parameter's number replaced."""
    return _PARAMETER.sub(lambda match: f"?{numbers[int(match[1])]}", sql)


def template(text: str, arguments: list[str]) -> str:
    """Return an expression for `text` with each %s replaced by an argument's text; NULL becomes nothing.

    `concat` adds up the lengths and copies each part once; `printf` reads its format each time, and grows as it goes. A
    call takes 127 arguments at most, so a long template is cut into several.
    """
    if not arguments:
        return literal(text.replace("%%", "%"))
    if len(arguments) <= _ARGUMENTS_PER_CALL:
        return "concat(" + ",\n".join(_parts(text, arguments)) + ")"
    cut = _position_after(text, _ARGUMENTS_PER_CALL)
    head = template(text[:cut], arguments[:_ARGUMENTS_PER_CALL])
    return f"{head} || {template(text[cut:], arguments[_ARGUMENTS_PER_CALL:])}"


def _parts(text: str, arguments: list[str]) -> list[str]:
    """Return the literals and the arguments of a template in their order."""
    parts, piece, start, left = [], "", 0, iter(arguments)
    for place in _PLACE.finditer(text):
        piece += text[start : place.start()]
        start = place.end()
        if place[0] == "%%":
            piece += "%"
            continue
        parts += [literal(piece), next(left)] if piece else [next(left)]
        piece = ""
    piece += text[start:]
    return [*parts, literal(piece)] if piece else parts


def literal(text: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def json_text(expression: str) -> str:
    """Return text as a JSON string."""
    return f"json_quote({expression})"


def boolean(expression: str) -> str:
    """Return a stored Boolean as JSON."""
    return f"CASE WHEN {expression} THEN 'true' ELSE 'false' END"


def joined(expression: str) -> str:
    """Return the aggregate that joins texts with commas; SQLite keeps the order of a subquery in FROM."""
    return f"group_concat({expression}, ',')"


JOINED: Final = joined("item")
JOINED_LONG: Final = "long_list(item)"
"""The same of a list that may be long: `settled` says how it is joined."""


def settled(column: str, *, is_long: bool, is_alone: bool) -> str:
    """Return a column of the answer. One that may be long ends the statement when a long list of it, or itself, does.

    `bounded` and `within` are of the connection's own; a column that `is_alone` has no others to add up with.
    """
    if not is_long:
        return column.replace(JOINED_LONG, JOINED)
    watched = column.replace(JOINED_LONG, f"CASE WHEN bounded(octet_length(item)) THEN {JOINED} END")
    return watched if is_alone else f"within({watched})"


def as_bytes(expression: str) -> str:
    """Return text as bytes of UTF-8, so that the driver does not decode it."""
    return f"CAST({expression} AS BLOB)"


def elements(bound: str) -> str:
    """Return a FROM item (key, value) with the elements of a JSON array that is bound as text."""
    return f"json_each({bound})"


def contains(text: str, part: str) -> str:
    """Return whether `text` contains `part`, literally."""
    return f"instr({text}, {part}) > 0"


def starts_with(text: str, start: str) -> str:
    """Return whether `text` starts with `start`, literally."""
    return f"substr({text}, 1, length({start})) = {start}"


def excerpt(lead: str, length: str) -> str:
    """Return the start of `lead`, cut at a word and at most `length` characters long with its ellipsis.

    A function of the connection's: SQLite's own take four times as long to find the last blank.
    """
    return f"excerpt({lead}, {length})"


def snippet(text: str, asked: str, *, as_html: bool) -> str:
    """Return the part of `text` that shows why a search for `asked` found it; as HTML its matches are marked."""
    return f"{'snippet_html' if as_html else 'snippet_text'}({text}, {asked})"


def ranked(matches: str) -> str:
    """Return a SELECT of (pk, rank) of what `search_best` or `search_all` give; a smaller `rank` is better."""
    return f"SELECT value & 4294967295 AS pk, value >> 32 AS rank FROM json_each({matches})"


def counted(column: str, pks: str, first: str) -> str:
    """Return a SELECT of (value, count): how often the values of a column occur among entries.

    `column` is a SELECT of (owner, value) without parameters, `pks` what `search_pks` gives or a JSON array; with
    `first`, only the most frequent so many and what is as frequent as the last of them.
    """
    name = literal(column)
    found = f"json_each(search_counts({name}, {pks}, {first}))"
    return f"SELECT search_value({name}, c.value >> 32) AS value, c.value & 4294967295 AS count FROM {found} AS c"


def limit(size: str) -> str:
    """Return a LIMIT clause. Of a bare parameter SQLite would plan by the value, and prepare anew for each value."""
    return f"LIMIT {size} + 0"


def _position_after(text: str, count: int) -> int:
    """Return where the `count`-th %s of `text` ends; %% is no place for an argument."""
    position = 0
    while count:
        position = text.index("%", position) + 2
        count -= text[position - 1] == "s"
    return position
