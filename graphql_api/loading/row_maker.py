"""Make the rows of entries. Compiled once from a layout; pure, and fit for any process."""

from __future__ import annotations

import hashlib
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.kinds.kind import Storage
from graphql_api.loading.dumping import Dumper, Slots, reading_minutes
from graphql_api.loading.further_rows import OF_REFERENCE, PLAIN, FurtherRows, json_text
from graphql_api.loading.rows import DIGEST_BYTES, EntryRows, claim, node_id
from graphql_api.loading.texts import texts_within
from graphql_api.model.types import Direction
from graphql_api.search.snippets import DEFAULT_EXCERPT_CHARACTERS, excerpt
from graphql_api.store.placements import Placement, carried_order, order_fields, placement
from graphql_api.store.places import place, place_check
from graphql_api.store.sites import SiteShape
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.kinds.kind import Kind
    from graphql_api.loading.further_rows import Row
    from graphql_api.model.types import Field
    from graphql_api.reading.entry import Entry
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.tables import Column

GIVEN = frozenset((Role.PK, Role.VERSION, Role.UPDATED_AT))
"""What the writer gives, beside the pks of grouped entries."""
_VALUES, _COMPUTED, _TEXTS, _OWN = range(4)
_OWN_ROLES = (Role.PATH, Role.ITEM, Role.NODE_ID, Role.PLACE, Role.PLACE_CHECK, Role.DIGEST)


class RowMaker:
    """Makes the rows of the entries of every type of a layout."""

    def __init__(self, layout: Layout) -> None:
        """Compile each type."""
        self._types = {name: _TypeRows(layout, entry) for name, entry in layout.entries.items()}

    def rows(self, entry: Entry) -> EntryRows:
        """Return the rows of one entry."""
        return self._types[entry.type_name].rows(entry)


class _TypeRows:
    """Makes the rows of the entries of one type.

    What the columns hold is laid out in one tuple, `all`: the entry's values, what is computed from them, the JSON of
    those that become JSON, and the entry's own. Each row is then picked from it in one step.
    """

    def __init__(self, layout: Layout, entry: EntryLayout) -> None:
        self._entry = entry
        self._type = entry.type
        self._layout = layout
        fields = {each.name: (at, each) for at, each in enumerate(entry.type.fields)}
        self._fields = fields
        self._places: dict[tuple[str, Role], tuple[int, int]] = {}
        self._computed: list[Callable[[tuple[Any, ...]], Any]] = []
        self._dumped: list[tuple[int, Callable[[Any, Slots], Any]]] = []
        self._texts: list[Callable[[list[Any]], Any]] = []
        dumped = [
            (at, each)
            for at, each in fields.values()
            if each.is_value
            and (
                placement(layout.model, each) is Placement.JSON
                or (placement(layout.model, each) is Placement.SCALAR and not self._is_plain(each))
            )
        ]
        self._dumped = [(at, Dumper(layout, entry, each.name).of(each.type)) for at, each in dumped]
        self._dumped_at = {at: place for place, (at, _) in enumerate(self._dumped)}
        main = [self._place_of(column) for column in entry.main.columns if self._is_made_here(column)]
        details = [self._place_of(column) for column in entry.details.columns if column.role is not Role.PK]
        self._carried = self._carried_place() if any(t.find("", Role.CARRIED) for t in entry.lists.values()) else None
        self._main, self._details = self._picker(main), self._picker(details)
        self._carried_at = None if self._carried is None else self._number(*self._carried)
        self._named = [fields[column.field][0] for column in entry.main.columns if self._is_given(column)]
        self._further = FurtherRows(layout, entry)
        self._order = [(fields[each.name][0], self._plain(each)) for each in order_fields(entry.type)]
        self._keys = [[self._key_part(*fields[name]) for name in key.fields] for key in entry.type.keys]
        self._compared = self._picker([(_VALUES, at) for at, each in fields.values() if self._is_plain(each)])
        self._rich = [at for at, each in fields.values() if _is_rich(each)]
        self._ones = [fields[site.path[0]][0] for site in entry.sites if site.shape is SiteShape.ONE]

    def rows(self, entry: Entry) -> EntryRows:
        values, slots = entry.values, Slots()
        dumped = [dump(values[at], slots) for at, dump in self._dumped]
        computed = [compute(values) for compute in self._computed]
        texts = [text(dumped) for text in self._texts]
        carried = self._carried_at
        before = (*values, *computed, *texts)
        further = self._further
        lists = further.lists(values, slots, before[carried] if carried is not None else None)
        nested = further.nested(slots)
        claims = tuple([claim([part(values) for part in key]) for key in self._keys])
        own_place = place([plain(values[at]) for at, plain in self._order])
        own_id = node_id(self._type.name, (claims and claims[0]) or "")
        digest = self._digest(values, dumped, lists, further.told(nested))
        whole = (*before, entry.path, entry.item, own_id, own_place, place_check(own_place), digest)
        return EntryRows(
            self._type.name, entry.path, entry.item, claims,
            tuple([None if values[at] is None else (values[at].key, values[at].names) for at in self._named]),
            self._main(whole),
            self._details(whole),
            lists,
            further.values(values),
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

    def _is_plain(self, each: Field) -> bool:
        """Return whether the values of a field are what SQLite stores and JSON has."""
        kind = None if each.type.is_list or each.reference or not each.is_value else self._layout.kind_of(each.type)
        return kind is not None and kind.dump in PLAIN

    def _picker(self, places: Sequence[tuple[int, int]]) -> Callable[[tuple[Any, ...]], Row]:
        """Return what picks `places` of `all`."""
        numbers = [self._number(*place) for place in places]
        if len(numbers) > 1:
            return itemgetter(*numbers)
        return lambda whole: tuple([whole[number] for number in numbers])

    def _number(self, part: int, at: int) -> int:
        """Return where something stands in `all`."""
        sizes = (len(self._type.fields), len(self._computed), len(self._texts))
        return sum(sizes[:part]) + at

    def _place_of(self, column: Column) -> tuple[int, int]:
        """Return the part of `all` that a column's value is in, and its place there; made once for all tables."""
        meaning = (column.field, column.role)
        if meaning not in self._places:
            self._places[meaning] = self._new_place_of(column)
        return self._places[meaning]

    def _new_place_of(self, column: Column) -> tuple[int, int]:
        if column.role is Role.UNLISTED:
            return self._compute(self._unlisted())
        if not column.field:
            return _OWN, _OWN_ROLES.index(column.role)
        if column.role is Role.SEARCHED:
            return self._searched(column)
        at, each = self._fields[column.field]
        if column.role in OF_REFERENCE:
            get = OF_REFERENCE[column.role]
            return self._compute(lambda values: get(values[at]))
        if column.role is Role.COUNT or (column.role is Role.DESCENDING and each.back):
            return self._compute(lambda _: 0)
        if column.role is Role.HAS:
            return self._compute(lambda values: int(values[at] is not None and values[at] != ()))
        if _is_rich(each) and column.role in _OF_TEXT:
            form = _OF_TEXT[column.role]
            return self._compute(lambda values: None if values[at] is None else form(values[at].rendered))
        return self._of_scalar(column, at, each)

    def _compute(self, compute: Callable[[tuple[Any, ...]], Any]) -> tuple[int, int]:
        self._computed.append(compute)
        return _COMPUTED, len(self._computed) - 1

    def _of_scalar(self, column: Column, at: int, each: Field) -> tuple[int, int]:
        kind = None if each.type.is_list else self._layout.kind_of(each.type)
        if column.role is Role.VALUE and self._is_plain(each) and column.storage is not Storage.JSON:
            return _VALUES, at
        if kind is None or (column.role is Role.VALUE and at in self._dumped_at):
            return self._text(at, is_list=each.type.is_list)
        return self._compute(_column_of(column.role, kind, at))

    def _text(self, at: int, *, is_list: bool) -> tuple[int, int]:
        """Return the place of the JSON of a value; of an absent one there is none, unless it is a list."""
        place = self._dumped_at[at]
        self._texts.append(lambda dumped: None if dumped[place] is None and not is_list else json_text(dumped[place]))
        return _TEXTS, len(self._texts) - 1

    def _unlisted(self) -> Callable[[tuple[Any, ...]], int]:
        """Return what says whether a field keeps the entry out of what crawlers read."""
        said = [(at, each.unlisted_when) for at, each in self._fields.values() if each.unlisted_when is not None]
        return lambda values: int(any(values[at] is when for at, when in said))

    def _searched(self, column: Column) -> tuple[int, int]:
        """Return the place of the text of a path for the full-text index; of other entries it is not known yet."""
        name, *inner = column.field.split(".")
        at, each = self._fields[name]
        texts = texts_within(self._layout.model, each.type, inner)
        return self._compute(lambda values: ", ".join(filter(None, texts(values[at]))))

    def _carried_place(self) -> tuple[int, int]:
        """Return the place of an entry's key in the default order of its type."""
        order = carried_order(self._type)
        assert order is not None  # noqa: S101 - else no list carries it
        key = self._entry.order_key(order[0].name, descending=order[1] is Direction.DESC)
        return self._place_of(self._entry.main.column(key.column))

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

    def _digest(
        self, values: tuple[Any, ...], dumped: list[Any], lists: Sequence[list[Row]], nested: Sequence[list[Row]]
    ) -> bytes:
        """Return bytes that name the entry's content; where the file lies is not part of it."""
        content = (
            self._compared(values),
            dumped,
            lists,
            nested,
            [None if values[at] is None else values[at].rendered.markdown for at in self._rich],
            [None if values[at] is None else (values[at].key, values[at].names) for at in self._ones],
        )
        # Bytes stand for what is missing from an order.
        return hashlib.sha256(orjson.dumps(content, default=bytes.hex)).digest()[:DIGEST_BYTES]


def _column_of(role: Role, kind: Kind, at: int) -> Callable[[tuple[Any, ...]], Any]:
    """Return what gives a column of a scalar whose value cannot be stored as it is."""
    match role:
        case Role.VALUE:
            stored = kind.column
            return lambda values: None if values[at] is None else stored(values[at])
        case Role.FOLDED:
            return lambda values: None if values[at] is None else values[at].casefold()
        case _:
            assert kind.order is not None  # noqa: S101 - else there were no such column
            key = kind.order.ascending if role is Role.ASCENDING else kind.order.descending
            if key is None:
                return lambda values: 0 if values[at] is None else values[at]
            return lambda values: key(values[at])


def _is_rich(each: Field) -> bool:
    return each.is_value and each.type.name == "RichText" and not each.type.is_list


_OF_TEXT: dict[Role, Callable[[Any], Any]] = {
    Role.MARKDOWN: lambda rendered: json_text(rendered.markdown),
    Role.HTML: lambda rendered: json_text(rendered.html),
    Role.TEXT: lambda rendered: rendered.text,
    Role.HEADINGS: lambda rendered: json_text([list(each) for each in rendered.headings]),
    Role.WORDS: lambda rendered: rendered.word_count,
    Role.MINUTES: lambda rendered: reading_minutes(rendered.word_count),
    Role.LEAD: lambda rendered: rendered.lead,
    Role.EXCERPT: lambda rendered: json_text(excerpt(rendered.lead, DEFAULT_EXCERPT_CHARACTERS)),
}
