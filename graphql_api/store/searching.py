"""Search functions: what SQL calls to search the generation that a connection reads.

Each takes the name of an index (`graphql_api.search.index.Name`) and what was typed. They find once what several of
them are asked for in a statement. What needs time to import is imported when somebody searches.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.search.names import read_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from graphql_api.search.counting import Columns
    from graphql_api.search.index import Entries, Index
    from graphql_api.search.ranking import Found

_FOUND_REMEMBERED = 8
_PK_BITS = 32


class SearchMemory:
    """What the connections to one generation have read of its indexes, and of the columns that were counted.

    It is shared, because a connection whose statements may run for a few milliseconds alone could not read it.
    """

    def __init__(self) -> None:
        """Begin without anything."""
        self.entries: dict[str, Entries] = {}
        self.columns: Columns | None = None


class SearchFunctions:
    """The functions of one connection, and what it has found."""

    def __init__(self, connection: sqlite3.Connection, memory: SearchMemory | None = None) -> None:
        """Have `connection` know them; `memory` is that of its generation."""
        self._connection = connection
        self._memory = memory or SearchMemory()
        self._indexes: dict[str, Index] = {}
        self._found: OrderedDict[tuple[str, str], Found] = OrderedDict()
        self._failure: Exception | None = None
        functions = ((self.text, 2), (self.best, 3), (self.all, 2), (self.pks, 2), (self.total, 2))
        for function, arguments in (*functions, (self.counts, 3), (self.value, 2)):
            name = f"search_{function.__name__}"
            connection.create_function(name, arguments, self._watched(function), deterministic=True)

    def failure(self) -> Exception | None:
        """Return the error for which a function has ended its statement, once: SQLite does not tell it."""
        failure, self._failure = self._failure, None
        return failure

    def text(self, names: str, text: str) -> str:
        """Return what to search for: the text, or what was meant by it where none of some indexes has it."""
        from graphql_api.search.corrections import corrected  # noqa: PLC0415 - see above

        several = [json.dumps(name) for name in json.loads(names)]
        if any(len(self._find(name, text).pks) for name in several):
            return text
        return corrected([self._index(name) for name in several], text)

    def best(self, name: str, text: str, count: int) -> str:
        """Return the best `count` matches, and what is as good as the last, as JSON: see `sql.ranked`."""
        return _packed(self._find(name, text).best(count))

    def all(self, name: str, text: str) -> str:
        """Return all matches in the same form."""
        return _packed(self._find(name, text))

    def pks(self, name: str, text: str) -> bytes:
        """Return the pks of all matches as int64 each."""
        return self._find(name, text).pks.tobytes()

    def total(self, name: str, text: str) -> int:
        """Return how many matches there are."""
        return len(self._find(name, text).pks)

    def counts(self, column: str, pks: bytes | str, first: int | None) -> str:
        """Return how often values of a column occur among entries, as JSON: see `sql.counted` and `Columns.counts`.

        The entries are given as `pks` gives them, or as JSON.
        """
        import numpy as np  # noqa: PLC0415 - see above

        some = np.frombuffer(pks, np.int64) if isinstance(pks, bytes) else np.array(orjson.loads(pks), np.int64)
        numbers, counts = self._columns().counts(self._ask, column, some, first)
        return _json((numbers << _PK_BITS) | counts)

    def value(self, column: str, number: int) -> Any:  # noqa: ANN401 - a value of SQL
        """Return the value of a column that `counts` calls by a number."""
        return self._columns().value(self._ask, column, number)

    def _columns(self) -> Columns:
        from graphql_api.search.counting import Columns  # noqa: PLC0415 - see above

        if self._memory.columns is None:
            self._memory.columns = Columns()
        return self._memory.columns

    def _watched(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*values: Any) -> Any:  # noqa: ANN401 - values of SQL
            try:
                return function(*values)
            except Exception as error:
                self._failure = error
                raise

        return watched

    def _find(self, name: str, text: str) -> Found:
        from graphql_api.search.ranking import find  # noqa: PLC0415 - see above

        key = (name, text)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = find(self._index(name), text)
            if len(self._found) > _FOUND_REMEMBERED:
                self._found.popitem(last=False)
        return found

    def _index(self, name: str) -> Index:
        from graphql_api.search.index import Entries, Index  # noqa: PLC0415 - see above

        index = self._indexes.get(name)
        if index is None:
            entries = self._memory.entries.get(name)
            if entries is None:
                entries = self._memory.entries[name] = Entries(read_name(name), self._ask)
            index = self._indexes[name] = Index(read_name(name), entries, self._ask)
        return index

    def _ask(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        return self._connection.execute(sql, values).fetchall()


def _packed(found: Found) -> str:
    return _json((found.ranks << _PK_BITS) | found.pks)


def _json(numbers: Any) -> str:  # noqa: ANN401 - an array
    return orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY).decode()
