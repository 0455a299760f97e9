"""Costs: what a statement reads, told from its plan before it runs.

A **unit** is what a quarter of a microsecond does: one row looked at in an index. The weights below were measured; a
cost is an upper estimate, for entries as many as there are, pages as long as they may be and conditions that nothing
meets early. It is a sum of terms, each a weight times the lengths of the lists around it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphql_api.engine.conditions import Filter
    from graphql_api.engine.sources import Source, Variables

PER_FIELD: Final = 2
PER_ROW_SHOWN: Final = 2
PER_ROW_COUNTED: Final = 1
PER_ROW_SORTED: Final = 4
PER_ROW_GROUPED: Final = 2
PER_ROW_RANKED: Final = 5
PER_SNIPPET: Final = 200
PER_STEP: Final = 4
"""Of a walk, for each entry that it reaches."""
PER_EXCERPT, CHARACTERS_PER_UNIT = 5, 50
"""Of starts of texts that are cut when they are asked for."""

SHOWN: Final = "what is shown"
TEXTS: Final = "whole texts"
STARTS: Final = "starts of texts"
COUNTED: Final = "looking at every entry of a list"
GROUPED: Final = "facets, for which every entry of a list is looked at"
SEARCHED: Final = "searching"

PLAIN_LIST_LENGTH: Final = 5
"""A plain list is as long as authors make it; five is what most have at the most."""
PER_TEXT: Final = 40
"""Whole; as one of 4,000 characters."""

_TERM_BYTES: Final = 600
_SKEW: Final = 4
_PARTS_TOLD: Final = 3
_MANY: Final = 1_000_000
_FEW_TEXTS: Final = 8
_LITTLE: Final = 50_000
"""Objects and short texts for less than this fit into an answer, whatever they are."""


_QUARTERS: Final = {"contains": 2, "startsWith": 2, "hasAll": 16}
"""Of a unit, for the operators of filters that cost more than one."""


class Entries(Struct, frozen=True):
    """The number of entries of a type."""

    type_name: str


class Share(Struct, frozen=True):
    """The entries of a type that lead to one entry of another: the average, several times, and all of them at most.

    `each` is how many of those others an entry leads to.
    """

    type_name: str
    other: str
    each: int = 1


class Asked(Struct, frozen=True):
    """A number that a request says, `most` at the most; more than `among` rows there cannot be."""

    source: Source
    most: int
    among: Entries | Share | None = None

    def __hash__(self) -> int:
        """Follow `__eq__`; sources with equal keys give equal values."""
        return hash((self.source.key, self.most, self.among))

    def __eq__(self, other: object) -> bool:
        """Return whether it is the same number in every request."""
        return isinstance(other, Asked) and (self.source.key, self.most, self.among) == (
            other.source.key,
            other.most,
            other.among,
        )


Factor = int | Entries | Share | Asked
_Key = tuple[str, tuple[Factor, ...]]


class _Term(Struct):
    weight: int
    path: tuple[str, ...]


class Part(Struct, frozen=True):
    """A part of a cost: where in the answer it comes from (of several places, the first), and what is done there."""

    cost: int
    path: tuple[str, ...]
    what: str


class Cost:
    """The cost of one plan."""

    __slots__ = ("_bound", "_counts", "_terms")

    def __init__(self, terms: Mapping[_Key, _Term]) -> None:
        """Keep the terms by what is done and what they are multiplied with."""
        self._terms = terms
        self._counts: Mapping[str, int] | None = None
        self._bound = 0

    @property
    def weight(self) -> int:
        """About how many bytes of memory this takes."""
        return _TERM_BYTES * len(self._terms)

    def bound(self, counts: Mapping[str, int]) -> int:
        """Return what it costs at the most, whatever the variables; computed once for each generation."""
        if self._counts is not counts:
            self._bound = sum(self._products(counts, None))
            self._counts = counts
        return self._bound

    def exact(self, counts: Mapping[str, int], variables: Variables) -> int:
        """Return what it costs with these variables, which must have been checked by binding the plan to them."""
        return sum(self._products(counts, variables))

    def largest(self, counts: Mapping[str, int], variables: Variables) -> list[Part]:
        """Return its largest parts, the largest first."""
        products = zip(self._products(counts, variables), self._terms, self._terms.values(), strict=True)
        parts = [Part(cost, term.path, what) for cost, (what, _), term in products]
        return sorted(parts, key=lambda part: -part.cost)[:_PARTS_TOLD]

    @property
    def is_long(self) -> bool:
        """Whether the answer may be so long that it must be watched while it is built."""
        return _is_long((what, factors, term.weight) for (what, factors), term in self._terms.items())

    def _products(self, counts: Mapping[str, int] | None, variables: Variables | None) -> list[int]:
        return [_product(term.weight, factors, counts, variables) for (_, factors), term in self._terms.items()]


class Listed:
    """A list that is being planned."""

    __slots__ = ("is_long",)

    def __init__(self) -> None:
        """Count as long as long as nothing else is known."""
        self.is_long = True
        """Whether one such list, whatever is around it, may be so long that it must be watched while it is built."""


class Meter:
    """Adds up the cost of an operation while it is planned."""

    def __init__(self, path: Sequence[str]) -> None:
        """Begin; `path` always says which field is being planned."""
        self._path = path
        self._around: tuple[Factor, ...] = ()
        self._terms: dict[_Key, _Term] = {}

    @contextmanager
    def times(self, *factors: Factor) -> Iterator[Listed]:
        """Count what is planned meanwhile as often as the factors say: a list, which is known when it is planned."""
        around, before, listed = self._around, {key: term.weight for key, term in self._terms.items()}, Listed()
        self._around = (*around, *factors)
        try:
            yield listed
        finally:
            self._around = around
        listed.is_long = _is_long(
            (what, factors[len(around) :] if factors[: len(around)] == around else factors, weight)
            for (what, factors), term in self._terms.items()
            if (weight := term.weight - before.get((what, factors), 0))
        )

    def add(self, weight: int, *factors: Factor, what: str = SHOWN) -> None:
        """Add a weight times the factors, and times what is around; `what` tells clients what costs so much."""
        self._add((what, (*self._around, *factors)), weight)

    def add_once(self, weight: int, *factors: Factor, what: str) -> None:
        """Add what is done once in a statement, whatever is around."""
        self._add((what, factors), weight)

    def _add(self, key: _Key, weight: int) -> None:
        term = self._terms.get(key)
        if term is None:
            self._terms[key] = _Term(weight, tuple(self._path))
        else:
            term.weight += weight

    def cost(self) -> Cost:
        """Return the cost of what has been planned."""
        return Cost(self._terms)


def _is_long(terms: Iterable[tuple[str, tuple[Factor, ...], int]]) -> bool:
    """Return whether what is shown, as (what, factors, weight), may be a long text; what is not known is many."""
    costs = dict.fromkeys((SHOWN, STARTS, TEXTS), 0)
    for what, factors, weight in terms:
        costs[what] = costs.get(what, 0) + _product(weight, factors, None, None)
    return costs[TEXTS] > _FEW_TEXTS * PER_TEXT or costs[SHOWN] + costs[STARTS] > _LITTLE


def _product(
    weight: int, factors: Sequence[Factor], counts: Mapping[str, int] | None, variables: Variables | None
) -> int:
    for factor in factors:
        weight *= _value_of(factor, counts, variables)
    return weight


def filter_weight(filter_: Filter | None) -> int:
    """Return what it costs to look whether an entry meets a filter: four plain conditions are a unit."""
    return -(-_quarters(filter_ or {}) // 4)


def _quarters(filter_: Filter) -> int:
    quarters = 0
    for name, value in filter_.items():
        if name in ("and", "or"):
            quarters += sum(_quarters(each) for each in value or ())
        elif name == "not":
            quarters += _quarters(value or {})
        else:
            quarters += sum(_QUARTERS.get(operator, 1) for operator in value) if isinstance(value, dict) else 1
    return quarters


def count_search(meter: Meter, type_names: Sequence[str], per_match: int = 0) -> None:
    """Count a search in types; `per_match` is what it costs to filter one match."""
    for type_name in type_names:
        meter.add(PER_ROW_RANKED + per_match, Entries(type_name), what=SEARCHED)


def _value_of(factor: Factor, counts: Mapping[str, int] | None, variables: Variables | None) -> int:
    """Return a factor's value; counts or variables that are not known yet count as many."""
    match factor:
        case int():
            return factor
        case Entries(type_name):
            return _MANY if counts is None else counts.get(type_name, 1)
        case Share(type_name, other, each):
            if counts is None:
                return _MANY
            entries = counts.get(type_name, 1)
            return min(entries, 1 + entries * each * _SKEW // max(counts.get(other, 1), 1))
        case Asked(source, most, among):
            asked = _asked(source, most, variables)
            return max(1, asked if among is None else min(asked, _value_of(among, counts, variables)))


def _asked(source: Source, most: int, variables: Variables | None) -> int:
    if variables is not None:
        return min(int(source.read(variables)), most)
    try:
        return min(int(source.read({})), most)
    except (KeyError, ValueError):  # it is a variable's, or will be refused
        return most
