"""Values for arguments: drawn from the content, so that they hit; now and then just beside it, so that they miss."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    is_required_input_field,
)

from tests.oracle.answers import id_of
from tests.oracle.site import plain
from tests.oracle.words import capital

if TYPE_CHECKING:
    import random

    from tests.oracle.site import Site

_ODD_TEXTS = ("", "%", "_", "\\", '"', "é", "É", "SS", "ß", "😀", "nothing like it", "\u2028")
_ODD_DATES = ("2024-02-30", "2024-1-1", "20240101", "2024-01-01T00:00:00", "", "0001-01-01", "9999-12-31")
_ODD_MOMENTS = ("2024-02-30T00:00:00Z", "2024-01-01", "2024-01-01T00:00:00", "", "9999-12-31T23:59:59Z")
_GROUPS = ("and", "or", "not")
_NULL = 0.06


class EnumName(str):
    """A string that is written without quotes in a document."""

    __slots__ = ()


@dataclass(frozen=True)
class Variable:
    """A place in a document where a variable's value goes."""

    name: str


def literal(value: Any) -> str:
    """Return the value as it is written in a document."""
    if isinstance(value, Variable):
        return f"${value.name}"
    if isinstance(value, EnumName):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False)


class Values:
    """Draws values of the schema's input types. A path of names says what a value is for."""

    def __init__(self, site: Site, draw: random.Random) -> None:
        """Take the values from this content."""
        self._site = site
        self._draw = draw
        self._entries = [entries for entries in site.entries.values() if entries]
        self._keys = {
            type_.name + capital(name): (type_, fields)
            for type_ in site.model.entries
            for name, fields in type_.keys.items()
        }
        self._pools: dict[Any, list[Any]] = defaultdict(list)
        for entries in self._entries:
            for entry in entries[:50]:
                self._fill(entry)

    def _fill(self, entry: Any) -> None:
        """Keep the values of an entry by field and by their Python type."""
        for each in entry.type.fields.values():
            if each.is_value and each.depth < 2 and not self._site.model.groups(each):
                found = self._site.asked(entry, each)
                for value in found if isinstance(found, list) else [found]:
                    name = "url" if "aliases" in each.directives else each.name
                    self._pools[name, type(value)].append(value)
                    self._pools[type(value)].append(value)

    def value(self, type_: Any, path: tuple[str, ...]) -> Any:
        """Return a constant of the type, null now and then where it may be."""
        if isinstance(type_, GraphQLNonNull):
            return self._some(type_.of_type, path)
        return None if self._draw.random() < _NULL else self._some(type_, path)

    def chosen_fields(self, type_: GraphQLInputObjectType, path: tuple[str, ...]) -> list[str]:
        """Return which fields an input object of the type should have: few, and groups not nested too deeply."""
        if type_.is_one_of:
            return [self._draw.choice(list(type_.fields))]
        required = [name for name, field in type_.fields.items() if is_required_input_field(field)]
        optional = [name for name in type_.fields if name not in required]
        if sum(name in _GROUPS for name in path) >= 2:
            optional = [name for name in optional if name not in _GROUPS]
        count = min(len(optional), self._draw.choice((0, 1, 1, 1, 2, 2, 2, 3)))
        return required + self._draw.sample(optional, count)

    def _some(self, type_: Any, path: tuple[str, ...]) -> Any:
        if isinstance(type_, GraphQLList):
            if self._draw.random() < 0.1:
                return self._some(_bare(type_.of_type), path)
            return [self.value(type_.of_type, path) for _ in range(self._draw.choice((0, 1, 1, 2, 3)))]
        if isinstance(type_, GraphQLEnumType):
            return EnumName(self._draw.choice(list(type_.values)))
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_, path)
        return _DRAWERS[type_.name](self, path)

    def _object(self, type_: GraphQLInputObjectType, path: tuple[str, ...]) -> dict[str, Any]:
        owner, fields = self._keys.get(type_.name, (None, ()))
        if owner and len(fields) > 1 and self._site.entries[owner.name] and self._draw.random() < 0.8:
            entry = self._draw.choice(self._site.entries[owner.name])
            return {name: plain(entry.values[name]) for name in fields}
        names = self.chosen_fields(type_, path)
        if type_.is_one_of:
            return {name: self._some(_bare(type_.fields[name].type), (*path, name)) for name in names}
        return {name: self.value(type_.fields[name].type, (*path, name)) for name in names}

    def _known(self, kind: type, path: tuple[str, ...], otherwise: Any) -> Any:
        """Return a value that an entry has, of the field that the path names if there is one."""
        pools = [self._pools.get((name, kind)) for name in reversed(path)]
        pool = next(filter(None, pools), None) or self._pools.get(kind)
        return self._draw.choice(pool) if pool else otherwise

    def _int(self, path: tuple[str, ...]) -> int:
        number: int = self._known(int, path, 1) + self._draw.choice((0, 0, 0, 1, -1))
        return max(-(2**31), min(2**31 - 1, number))

    def _float(self, path: tuple[str, ...]) -> float:
        return float(self._draw.choice((self._known(float, path, 0.25),) * 4 + (1, 0, -1, 0.25)))

    def _boolean(self, _path: tuple[str, ...]) -> bool:
        return self._draw.random() < 0.5

    def _date(self, path: tuple[str, ...]) -> str:
        if self._draw.random() < 0.04:
            return self._draw.choice(_ODD_DATES)
        text: str = self._known(str, path, "2024-01-01")
        try:
            date = dt.date.fromisoformat(text)
        except ValueError:
            date = dt.date(2024, 2, 29)
        return (date + dt.timedelta(days=self._draw.choice((0, 0, 0, 1, -1)))).isoformat()

    def _datetime(self, path: tuple[str, ...]) -> str:
        if self._draw.random() < 0.04:
            return self._draw.choice(_ODD_MOMENTS)
        moment: dt.datetime = self._known(dt.datetime, path, dt.datetime(2024, 2, 29, tzinfo=dt.UTC))
        moved = moment + dt.timedelta(seconds=self._draw.choice((0, 0, 0, 1, -1)))
        return moved.astimezone(dt.timezone(dt.timedelta(hours=self._draw.choice((0, 2, -5))))).isoformat()

    def _id(self, _path: tuple[str, ...]) -> str:
        if self._draw.random() < 0.1 or not self._entries:
            return self._draw.choice(("", "0", "no-such-id", "99999999999999999999"))
        return id_of(self._draw.choice(self._draw.choice(self._entries)))

    def _string(self, path: tuple[str, ...]) -> str:
        if self._draw.random() < 0.12:
            return self._draw.choice(_ODD_TEXTS)
        return self._part(self._known(str, path, "a"), path[-1])

    def _part(self, text: str, test: str) -> str:
        if test not in {"contains", "startsWith"}:
            return text
        start = self._draw.randrange(len(text) + 1) if test == "contains" else 0
        part = text[start : start + self._draw.randint(1, 8)]
        return self._draw.choice((part, part.upper(), part.lower(), part.swapcase()))


_DRAWERS = {
    "Int": Values._int,
    "Float": Values._float,
    "Boolean": Values._boolean,
    "Date": Values._date,
    "DateTime": Values._datetime,
    "ID": Values._id,
    "String": Values._string,
    "Url": Values._string,
}


def _bare(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_
