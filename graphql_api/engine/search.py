"""Search: a connection over what full-text search finds, the best match first.

The matches are found once, by functions of SQL (`graphql_api.store.searching`) that give as much of them as is asked
for: the best for a page, all for a filter or a cursor, their number, and their keys for facets. Equal ranks follow by
the identity, which is looked up only for those that rank high enough for the page. A cursor holds the rank beside the
row's place, with a check of the two.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql_api.engine import sql
from graphql_api.engine.cost import PER_SNIPPET, SEARCHED, Entries, count_search, filter_weight
from graphql_api.engine.cursors import CONTEXT_CHARACTERS, altered, place_values
from graphql_api.engine.expression import Expression, sql_value
from graphql_api.engine.listings import Listing, context_source, filter_conditions
from graphql_api.engine.orders import OrderKey
from graphql_api.engine.pages import Connection, Rows
from graphql_api.engine.search_all import search_all
from graphql_api.engine.sources import derived
from graphql_api.engine.windows import MAX_OFFSET
from graphql_api.search.names import RANKS_PER_POINT, Name, written_names
from graphql_api.search.query import searched
from graphql_api.store.placements import key_columns, title_field
from graphql_api.store.places import place_check
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import EntryScope
    from graphql_api.engine.sources import Source
    from graphql_api.schema.mapping import SearchOf
    from graphql_api.store.layout import EntryLayout

_CURSOR_PARTS = 3
_RANK = re.compile(r"0|-?[1-9][0-9]{0,14}")
_CHECK_FACTOR, _CHECK_MODULUS = 48_271, 2_147_483_647


def search(planner: Planner, field: Field, mapping: SearchOf) -> Expression:
    """Return the connection over the entries that match."""
    if mapping.is_over_all:
        return search_all(planner, field, mapping.type_names)
    (type_name,) = mapping.type_names
    asked = derived(field.arguments["query"], searched, "searched")
    matched, counted = planner.alias("matched"), planner.alias("counted")
    rows = planner.scope(type_name)
    kept = _filter(planner, field, type_name)
    count_search(planner.meter, mapping.type_names, filter_weight(field.arguments.get("filter")))
    meant = Meant(planner, [rows.entry], asked)
    found = Matches(rows.entry, meant.text)
    is_read_whole = bool(kept) or field.arguments.get("after") is not None
    some = found.every() if is_read_whole else found.best(_last_shown(planner, field))
    pks = f"json_group_array(pk) AS pks FROM {matched}" if kept else f"{found.pks()} AS pks"
    with_ = [
        meant.table,
        f"{matched} AS MATERIALIZED (SELECT m.pk, m.rank\nFROM ({some}) AS m{kept})",
        f"{counted} AS MATERIALIZED (SELECT {pks})",
    ]
    identity = key_columns(rows.entry.main, rows.entry.type.keys[0])
    keys = [OrderKey("rank", lambda values: values[0])]
    keys += [OrderKey(name, partial(_identity_value, at)) for at, name in enumerate(identity, 1)]
    listing = Listing(
        scope=rows,
        source=_source(matched, rows),
        where=(),
        keys=keys,
        columns=[f"{matched}.rank", *map(rows.column, identity)],
        place=_ranked_place,
        context=context_source(("search", type_name), asked, field.arguments.get("filter")),
        rows=Entries(type_name),
        kept_total=f"(SELECT count(*) FROM {matched})" if is_read_whole else found.total(),
        read_place=partial(_rank_and_identity, len(identity)),
        with_=", ".join(with_),
        among_first=(lambda count: f"{matched}.rank <= ({_rank_at(matched, count)})") if is_read_whole else None,
        pks=f"(SELECT pks FROM {counted})",
    )
    edge_fields = {"score": _score, "snippet": _snippet_of(meant.text)}
    return Connection(planner, field, listing, edge_fields, {"suggestion": meant.suggestion}).expression()


class Meant:
    """SQL for what is searched for: what was typed, or what was meant by it where nothing has that."""

    def __init__(self, planner: Planner, entries: Sequence[EntryLayout], asked: Source) -> None:
        """Look for `asked` in the indexes of all of `entries`."""
        self._name, self._typed = planner.alias("meant"), planner.bind(asked)
        names = sql.literal(written_names([index_name(entry) for entry in entries]))
        self.table = f"{self._name} AS MATERIALIZED (SELECT search_text({names}, {self._typed}) AS text)"
        """A common table expression that all else here reads."""
        self.text = f"(SELECT text FROM {self._name})"

    @property
    def suggestion(self) -> Expression:
        """What is searched for in place of what was typed, null where it is that."""
        return sql_value(f"coalesce(json_quote(nullif({self.text}, {self._typed})), 'null')")


class Matches:
    """SQL for the entries of a type that match, in the forms in which they are asked for."""

    def __init__(self, entry: EntryLayout, text: str) -> None:
        """Search the index of `entry` for a text, given as SQL."""
        self._call = f"{sql.literal(index_name(entry).written())}, {text}"

    def best(self, count: str) -> str:
        """Return the SELECT of (pk, rank) of the best `count`, and of what is as good as the last of them."""
        return sql.ranked(f"search_best({self._call}, {count})")

    def every(self) -> str:
        """Return the SELECT of (pk, rank) of all."""
        return sql.ranked(f"search_all({self._call})")

    def pks(self) -> str:
        """Return the pks of all, for facets."""
        return f"search_pks({self._call})"

    def total(self) -> str:
        """Return how many there are."""
        return f"search_total({self._call})"


def index_name(entry: EntryLayout) -> Name:
    """Return the name of a type's index."""
    title = entry.main.find(title_field(entry.model, entry.type), Role.FOLDED)
    titles = (entry.main.name, title.name) if title else ()
    return Name(entry.search_table, tuple(each.weight for each in entry.searched), *titles)


def snippet_text(scope: EntryScope) -> str:
    """Return SQL for the text that a snippet is cut from: the first rich text that is searched, else the first text."""
    searched_fields = [each.path for each in scope.entry.searched if "." not in each.path]
    for path in searched_fields:
        if scope.entry.type.field(path).type.name == "RichText":
            return f"coalesce({scope.sql(path, Role.TEXT)}, '')"
    for each in scope.entry.searched:
        table = scope.alias if each.table == scope.entry.main.name else scope.details()
        return f"coalesce({table}.{each.column}, '')"
    return "''"


def snippet(planner: Planner, field: Field, text: str, asked: str) -> Expression:
    """Return the parts of a snippet that are selected."""
    planner.meter.add(PER_SNIPPET, what=SEARCHED)

    def value(member: Field) -> Expression:
        shown = sql.snippet(text, asked, as_html=member.name == "html")
        return Expression("%s", (sql.json_text(shown),))

    return planner.members(field.type, planner.selections.below(field.type, field.nodes), value)


def _source(matched: str, rows: EntryScope) -> str:
    # A cross join keeps the order: from the matches to their entries, never from all entries to the matches.
    return f"{matched} CROSS JOIN {rows.entry.main.name} AS {rows.alias} ON {rows.pk} = {matched}.pk"


def _last_shown(planner: Planner, field: Field) -> str:
    """Return SQL for how many matches there are up to the end of the page, with one more."""
    size = planner.bind(planner.page_size(field.arguments.get("first")))
    offset = field.arguments.get("offset")
    if offset is None:
        return f"{size} + 1"
    return f"{size} + 1 + {planner.bind(planner.between(offset, 'offset', 0, MAX_OFFSET))}"


def _filter(planner: Planner, field: Field, type_name: str) -> str:
    """Return the rest of the FROM clause of the matches m, for those that the field's filter keeps."""
    rows = planner.scope(type_name)
    conditions = filter_conditions(planner, field, rows)
    if not conditions:
        return ""
    conditions.insert(0, f"{rows.pk} = m.pk")
    return f"\nCROSS JOIN {rows.entry.main.name} AS {rows.alias}\nWHERE {' AND '.join(conditions)}"


def _rank_at(matched: str, count: str) -> str:
    """Return the SELECT of the rank of the last of the first `count` matches."""
    return f"SELECT max(rank) FROM (SELECT rank FROM {matched} ORDER BY rank LIMIT {count})"


def _score(_planner: Planner, _field: Field, rows: Rows) -> Expression:
    return sql_value(f"-{rows.columns[0]} / {RANKS_PER_POINT}.0")


def _snippet_of(asked: str) -> Callable[[Planner, Field, Rows], Expression]:
    """Return the planner of `snippet` for a search for `asked`."""

    def planned(planner: Planner, field: Field, rows: Rows) -> Expression:
        return snippet(planner, field, snippet_text(rows.scope), asked)

    return planned


def _identity_value(at: int, values: list[Any]) -> Any:  # noqa: ANN401 - text or a number
    return values[at]


def _ranked_place(alias: str, columns: Sequence[str]) -> str:
    """Return SQL for the rank, a check of rank and place, and the place of a row."""
    rank = columns[0]
    check = f"((abs({rank}) * {_CHECK_FACTOR} + {alias}.place_check) % {_CHECK_MODULUS})"
    return f"{rank} || '.' || {check} || '.' || {alias}.place"


def _rank_and_identity(count: int, cursor: str, context: str, name: str) -> list[Any]:
    """Return the rank and the `count` values of the identity that a cursor holds. Raises ValueError with advice."""
    start, parts = cursor[:CONTEXT_CHARACTERS], cursor[CONTEXT_CHARACTERS:].split(".")
    rank, check, place = parts if len(parts) == _CURSOR_PARTS else ("", "", "")
    values = place_values(start + place, context, name)
    if not _RANK.fullmatch(rank) or check != str(
        (abs(int(rank)) * _CHECK_FACTOR + place_check(place)) % _CHECK_MODULUS
    ):
        raise altered(name)
    return [int(rank), *values[:count]]
