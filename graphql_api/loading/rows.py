"""Entries as rows: what an entry becomes in each table. Compiled once from a layout; pure, and fit for any process."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from graphql_api.kinds.kind import Storage
from graphql_api.loading.dumping import Dumper, Slots, reading_minutes
from graphql_api.model.types import Direction
from graphql_api.search.snippets import excerpt
from graphql_api.store.columns import Placement, default_order, order_fields, placement
from graphql_api.store.places import place, place_check
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.model.types import Field
    from graphql_api.reading.entry import Entry
    from graphql_api.records import Problem
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.tables import Column, Table

Row = tuple[Any, ...]
DEFAULT_EXCERPT_CHARACTERS = 200
DIGEST_BYTES = 16
GIVEN = frozenset((Role.PK, Role.VERSION, Role.UPDATED_AT))
"""What the writer gives, beside the pks of grouped entries."""
NO_VERSION = "0" * 16
"""As long as a version, so that the row has its size before its version is known."""


class EntryRows(NamedTuple):
    """The rows of one entry, in the order of their tables' columns, without the keys that the writer gives.

    `claims` has the text of each key of its type, None for one that it does not have; `named` the (key, names) of each grouped entry that the entry's own
    row refers to. Rows of `lists` and `nested` begin with their position; those of grouped targets, too, get the pk
    from the writer.
    """

    type_name: str
    path: str
    item: str
    claims: tuple[str | None, ...]
    named: tuple[tuple[str, str | None] | None, ...]
    main: Row
    details: Row
    lists: tuple[list[Row], ...]
    values: tuple[list[Row], ...]
    nested: tuple[list[Row], ...]


class SeedRows(NamedTuple):
    """One seed on its way into the store; `failed` holds the items whose last good form stays ("" is the whole file)."""

    path: str
    size_bytes: int
    mtime_ns: int
    sha256: bytes | None
    entries: tuple[EntryRows, ...]
    failed: frozenset[str]
    hidden: int
    problems: tuple[Problem, ...]


def node_id(type_name: str, key: str) -> str:
    """Return the id of the entry that `key` identifies; opaque, the same on every machine."""
    digest = hashlib.blake2b(f"{type_name}\0{key}".encode(), digest_size=12).digest()
    return base64.urlsafe_b64encode(digest).decode()


def claim(values: Sequence[Any]) -> str | None:
    """Return the text of a key whose columns hold `values`: the value's own, or JSON of several; None without one."""
    if None in values:
        return None
    return str(values[0]) if len(values) == 1 else _json(values)


def carried_digest(digest: bytes, code: str) -> bytes:
    """Return the digest of an entry as other code, whose fingerprint is `code`, has made it.

    It differs from that of the same entry made anew, so that a version never stands for two contents.
    """
    # The entry's own stays in front: it names its values, whoever has made them.
    return digest[:DIGEST_BYTES] + hashlib.sha256(digest + code.encode()).digest()[: DIGEST_BYTES // 2]


class RowMaker:
    """Makes the rows of the entries of every type of a layout."""

    def __init__(self, layout: Layout) -> None:
        """Compile each type."""
        self._types = {name: _TypeRows(layout, entry) for name, entry in layout.entries.items()}

    def rows(self, entry: Entry) -> EntryRows:
        """Return the rows of one entry."""
        return self._types[entry.type_name].rows(entry)


class _TypeRows:
    """Makes the rows of the entries of one type."""

    def __init__(self, layout: Layout, entry: EntryLayout) -> None:
        self._entry = entry
        self._type = entry.type
        self._layout = layout
        fields = {each.name: (at, each) for at, each in enumerate(entry.type.fields)}
        self._fields = fields
        self._json = {
            at: Dumper(layout, entry, each.name).of(each.type)
            for at, each in fields.values()
            if each.is_value and placement(layout.model, each) in {Placement.JSON, Placement.SCALAR}
        }
        self._main = [self._getter(column) for column in entry.main.columns if self._is_made_here(column)]
        self._details = [self._getter(column) for column in entry.details.columns if column.role is not Role.PK]
        self._named = [fields[column.field][0] for column in entry.main.columns if self._is_given(column)]
        self._lists = [self._list_rows(*fields[name], table) for name, table in entry.lists.items()]
        self._values = [(fields[name][0], self._value_of(fields[name][1])) for name in entry.values]
        self._nested = [(path, self._nested_row(table)) for path, table in entry.nested.items()]
        self._order = [(fields[each.name][0], self._plain(each)) for each in order_fields(entry.type)]
        self._keys = [[self._key_part(*fields[name]) for name in key.fields] for key in entry.type.keys]

    def rows(self, entry: Entry) -> EntryRows:
        values, slots = entry.values, Slots()
        dumped = {at: dump(values[at], slots) for at, dump in self._json.items()}
        made = _Made(entry, values, dumped)
        lists = tuple([make(made, slots) for make in self._lists])
        nested = tuple([[row(each) for each in slots.get(path, ())] for path, row in self._nested])
        claims = tuple([claim([part(values) for part in key]) for key in self._keys])
        made.claims = claims
        made.place = place([plain(values[at]) for at, plain in self._order])
        made.digest = self._digest(made, lists, nested)
        return EntryRows(
            self._type.name, entry.path, entry.item, claims,
            tuple([None if values[at] is None else (values[at].key, values[at].names) for at in self._named]),
            tuple([get(made) for get in self._main]),
            tuple([get(made) for get in self._details]),
            lists,
            tuple([[(at, value(each)) for at, each in enumerate(values[index] or (), 1)] for index, value in self._values]),
            nested,
        )  # fmt: skip

    # Columns

    def _is_given(self, column: Column) -> bool:
        return (
            column.role is Role.TARGET
            and self._layout.model.entry_types[self._fields[column.field][1].type.name].is_grouped
        )

    def _is_made_here(self, column: Column) -> bool:
        return column.role not in GIVEN and not self._is_given(column)

    def _getter(self, column: Column) -> Callable[[_Made], Any]:
        if column.role is Role.UNLISTED:
            return self._unlisted()
        if not column.field:
            return _OWN[column.role](self._type.name)
        if column.role is Role.SEARCHED:
            return self._searched(column)
        at, each = self._fields[column.field]
        if column.role in _OF_REFERENCE:
            get = _OF_REFERENCE[column.role]
            return lambda made: get(made.values[at])
        if column.role is Role.COUNT or (column.role is Role.DESCENDING and each.back):
            return lambda _: 0
        if column.role is Role.HAS:
            return lambda made: int(bool(made.values[at]))
        if each.type.name == "RichText" and not each.type.is_list and column.role in _OF_TEXT:
            form = _OF_TEXT[column.role]
            return lambda made: None if made.values[at] is None else form(made.values[at].rendered)
        return self._of_scalar(column, at, each)

    def _of_scalar(self, column: Column, at: int, each: Field) -> Callable[[_Made], Any]:
        kind = None if each.type.is_list else self._layout.kind_of(each.type)
        if kind is None or (column.role is Role.VALUE and column.storage is Storage.JSON):
            return lambda made: None if made.values[at] is None and not each.type.is_list else _json(made.dumped[at])
        order = kind.order
        match column.role:
            case Role.VALUE:
                stored = kind.column
                return lambda made: None if made.values[at] is None else stored(made.values[at])
            case Role.FOLDED:
                return lambda made: None if made.values[at] is None else made.values[at].casefold()
            case Role.ASCENDING:
                assert order is not None  # noqa: S101 - else there were no such column
                ascending = order.ascending
                return lambda made: ascending(made.values[at])
            case _:
                assert order is not None  # noqa: S101 - as above
                descending = order.descending
                if descending:
                    return lambda made: descending(made.values[at])
                return lambda made: 0 if made.values[at] is None else made.values[at]

    def _unlisted(self) -> Callable[[_Made], int]:
        """Return what says whether a field keeps the entry out of what crawlers read."""
        said = [(at, each.unlisted_when) for at, each in self._fields.values() if each.unlisted_when is not None]
        return lambda made: int(any(made.values[at] is when for at, when in said))

    def _searched(self, column: Column) -> Callable[[_Made], str]:
        """Return what gives the text of a path for the full-text index; of other entries it is not known yet."""
        name, _, inner = column.field.partition(".")
        at, each = self._fields[name]
        if each.reference:
            target = self._layout.model.entry_types[each.type.name]
            if not target.is_grouped:
                return lambda _: ""
            place_in_names = [other.name for other in target.fields].index(inner)
            return lambda made: _named_text(made.values[at], place_in_names)
        dump = self._json[at]
        if not inner:
            return lambda made: _text_of(dump(made.values[at], {}))
        place_in_group = [other.name for other in self._layout.model.groups[each.type.name].fields].index(inner)
        return lambda made: _text_within(made.dumped[at], place_in_group, is_list=each.type.is_list)

    # Further tables

    def _list_rows(self, at: int, each: Field, table: Table) -> Callable[[_Made, Slots], list[Row]]:
        if each.reference:
            return self._reference_rows(at, table)
        group = self._layout.model.groups[each.type.name]
        places = {inner.name: place for place, inner in enumerate(group.fields)}
        dumper = Dumper(self._layout, self._entry, each.name)
        getters = [
            self._of_member(column, places, group.field(column.field), dumper)
            for column in table.columns
            if column.role not in {Role.OWNER, Role.POSITION}
        ]
        return lambda made, slots: [
            (position, *[get(item, slots) for get in getters]) for position, item in enumerate(made.values[at] or (), 1)
        ]

    def _reference_rows(self, at: int, table: Table) -> Callable[[_Made, Slots], list[Row]]:
        get = [_OF_REFERENCE[column.role] for column in table.columns if column.role in _OF_REFERENCE]
        carried = self._carried() if table.find("", Role.CARRIED) else None

        def rows(made: _Made, _: Slots) -> list[Row]:
            end = [carried(made)] if carried else []
            return [
                (position, *[one(reference) for one in get], *end)
                for position, reference in enumerate(made.values[at] or (), 1)
            ]

        return rows

    def _carried(self) -> Callable[[_Made], Any]:
        """Return what gives an entry's key in the default order of its type."""
        order = default_order(self._type)
        assert order is not None  # noqa: S101 - else no list carries it
        key = self._entry.order_key(order[0].name, descending=order[1] is Direction.DESC)
        return self._getter(self._entry.main.column(key.column))

    def _of_member(
        self, column: Column, places: dict[str, int], inner: Field, dumper: Dumper
    ) -> Callable[[Any, Slots], Any]:
        at = places[column.field]
        if column.role in _OF_REFERENCE:
            get = _OF_REFERENCE[column.role]
            return lambda item, _: get(item[at])
        kind = None if inner.type.is_list else self._layout.kind_of(inner.type)
        if kind and kind.storage is not Storage.JSON:
            stored = kind.column
            return lambda item, _: None if item[at] is None else stored(item[at])
        dump = dumper.of(inner.type)
        return lambda item, slots: None if item[at] is None else _json(dump(item[at], slots))

    def _nested_row(self, table: Table) -> Callable[[tuple[Any, ...]], Row]:
        get = [_OF_REFERENCE[column.role] for column in table.columns if column.role in _OF_REFERENCE]
        return lambda slot: (slot[0], *[one(slot[1]) for one in get], *slot[2])

    def _value_of(self, each: Field) -> Callable[[Any], Any]:
        kind = self._layout.kind_of(each.type)
        assert kind is not None  # noqa: S101 - only scalars are asked by value
        return kind.column

    def _plain(self, each: Field) -> Callable[[Any], Any]:
        """Return what gives a field's value in a place or a key."""
        if each.reference:
            return lambda value: None if value is None else value.key
        kind = self._layout.kind_of(each.type)
        if kind is None or each.back:
            return lambda value: value or 0
        dump = kind.dump
        return lambda value: None if value is None else dump(value)

    def _key_part(self, at: int, each: Field) -> Callable[[tuple[Any, ...]], Any]:
        """Return what gives the column of one field of a key."""
        if each.reference:
            return lambda values: None if values[at] is None else values[at].key
        kind = self._layout.kind_of(each.type)
        assert kind is not None  # noqa: S101 - the model was checked: keys are scalars
        stored = kind.column
        return lambda values: None if values[at] is None else stored(values[at])

    def _digest(self, made: _Made, lists: Sequence[list[Row]], nested: Sequence[list[Row]]) -> bytes:
        """Return bytes that name the entry's content; where the file lies is not part of it."""
        content = [made.dumped, lists, nested]
        for at, each in self._fields.values():
            if each.is_value and at not in made.dumped and not each.type.is_list:
                value = made.values[at]
                content.append(value.rendered[0] if value and each.type.name == "RichText" else value and tuple(value))
        # Bytes stand for what is missing from an order.
        text = orjson.dumps(content, default=bytes.hex, option=orjson.OPT_NON_STR_KEYS)
        return hashlib.sha256(text).digest()[:DIGEST_BYTES]


class _Made:
    """What the columns of one entry are made from."""

    __slots__ = ("claims", "digest", "dumped", "entry", "place", "values")

    def __init__(self, entry: Entry, values: tuple[Any, ...], dumped: dict[int, Any]) -> None:
        self.entry = entry
        self.values = values
        self.dumped = dumped
        self.claims: tuple[str | None, ...] = ()
        self.place = ""
        self.digest = b""


def _json(value: Any) -> str:  # noqa: ANN401 - any value that JSON has
    return orjson.dumps(value).decode()


def _named_text(reference: Any, at: int) -> str:  # noqa: ANN401 - a Ref or None
    if reference is None or reference.names is None:
        return ""
    return _text_of(orjson.loads(reference.names)[at])


def _text_within(dumped: Any, at: int, *, is_list: bool) -> str:  # noqa: ANN401 - a dumped group, or a list of them
    groups = dumped or [] if is_list else [dumped] if dumped else []
    return ", ".join(filter(None, [_text_of(group[at]) for group in groups]))


def _text_of(value: Any) -> str:  # noqa: ANN401 - a dumped value
    """Return the text of a dumped value: of a list all texts, of rich text the plain one."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text_of, value)))
    return "" if value is None else str(value)


_OWN: dict[Role, Callable[[str], Callable[[_Made], Any]]] = {
    Role.PATH: lambda _: lambda made: made.entry.path,
    Role.ITEM: lambda _: lambda made: made.entry.item,
    Role.NODE_ID: lambda name: lambda made: node_id(name, (made.claims and made.claims[0]) or ""),
    Role.PLACE: lambda _: lambda made: made.place,
    Role.PLACE_CHECK: lambda _: lambda made: place_check(made.place),
    Role.DIGEST: lambda _: lambda made: made.digest,
}
_OF_REFERENCE: dict[Role, Callable[[Any], Any]] = {
    Role.TARGET: lambda _: None,
    Role.KEY: lambda reference: None if reference is None else reference.key,
    Role.STATUS: lambda reference: None if reference is None else "DANGLING",
    Role.NAMES: lambda reference: None if reference is None else reference.names,
    Role.REPEATED: lambda _: 0,
}
_OF_TEXT: dict[Role, Callable[[Any], Any]] = {
    Role.MARKDOWN: lambda rendered: _json(rendered.markdown),
    Role.HTML: lambda rendered: _json(rendered.html),
    Role.TEXT: lambda rendered: rendered.text,
    Role.HEADINGS: lambda rendered: _json([list(each) for each in rendered.headings]),
    Role.WORDS: lambda rendered: rendered.word_count,
    Role.MINUTES: lambda rendered: reading_minutes(rendered.word_count),
    Role.LEAD: lambda rendered: rendered.lead,
    Role.EXCERPT: lambda rendered: _json(excerpt(rendered.lead, DEFAULT_EXCERPT_CHARACTERS)),
}
