"""Sources: where a value of an argument comes from when a plan runs, and the parameters that a plan binds.

A plan is made for the shape of its arguments (which are there, which enum values, which keys), never for their
values: those are read again from each request's variables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from graphql_api.engine.sql import parameter, parameters_in, renumbered
from graphql_api.errors import BadUserInputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

LABEL = "\0label"
"""Among the variables that a plan binds, the label of the generation; no variable of a client's has such a name."""

Variables = Mapping[str, Any]
Read = Callable[[Variables], Any]


class Source(Struct, frozen=True):
    """A value that is read when the plan runs; sources with equal `key` give equal values."""

    read: Read
    key: Hashable


def constant(value: Any) -> Source:  # noqa: ANN401 - any value that an argument can have
    """Return the source of a value that stands in the document."""
    return Source(lambda _: value, key_of(value))


def derived(source: Source, convert: Callable[[Any], Any], name: Hashable) -> Source:
    """Return the source of `convert(value)`; `name` tells conversions apart. ValueError becomes BAD_USER_INPUT."""
    read = source.read
    return Source(lambda variables: convert(read(variables)), (name, source.key))


def value_of(value: Any, variables: Variables) -> Any:  # noqa: ANN401 - an argument is of any type
    """Return an argument's value with every source in it read."""
    if isinstance(value, Source):
        return value.read(variables)
    if isinstance(value, dict):
        return {key: value_of(item, variables) for key, item in value.items()}
    if isinstance(value, list):
        return [value_of(item, variables) for item in value]
    return value


def key_of(value: Any) -> Hashable:  # noqa: ANN401 - an argument is of any type
    """Return the key of an argument's value: those with equal keys have equal values whenever they are read."""
    if isinstance(value, Source):
        return value.key
    if isinstance(value, dict):
        return ("object", *((key, key_of(item)) for key, item in value.items()))
    if isinstance(value, list):
        return ("list", *map(key_of, value))
    return ("constant", type(value).__name__, repr(value))


def keys_in(value: Any) -> Iterator[Hashable]:  # noqa: ANN401 - an argument is of any type
    """Yield the keys of the sources within a value."""
    if isinstance(value, Source):
        yield value.key
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from keys_in(item)


def is_made_of(key: Hashable, keys: frozenset[Hashable]) -> bool:
    """Return whether a source's key is one of `keys`, or derived from one."""
    return key in keys or (isinstance(key, tuple) and any(is_made_of(part, keys) for part in key))


class Parameter(Struct, frozen=True):
    """One bound parameter; `path` is the response path of the field whose argument it carries."""

    source: Source
    path: tuple[str | int, ...]
    location: tuple[int, int]

    def read(self, variables: Variables) -> Any:  # noqa: ANN401 - a value that the driver takes
        """Return the value to bind. Raises BadUserInputError."""
        try:
            return self.source.read(variables)
        except ValueError as error:
            raise BadUserInputError(str(error), locations=[self.location], path=self.path) from error


class Parameters:
    """The parameters of one statement, numbered in the order in which they are first bound."""

    def __init__(self) -> None:
        """Start without any."""
        self._numbers: dict[Hashable, int] = {}
        self._bound: list[Parameter] = []
        self._checked: dict[Hashable, Parameter] = {}

    def bind(self, source: Source, path: Sequence[str | int], location: tuple[int, int]) -> str:
        """Return the SQL text of the place where the value of `source` is bound; equal sources share one."""
        number = self._numbers.get(source.key)
        if number is None:
            self._bound.append(Parameter(source, tuple(path), location))
            number = self._numbers[source.key] = len(self._bound)
        return parameter(number)

    def check(self, source: Source, path: Sequence[str | int], location: tuple[int, int]) -> None:
        """Have the value of `source` read, and so checked, even if the statement turns out not to need it."""
        self._checked.setdefault(source.key, Parameter(source, tuple(path), location))

    def settle(self, sql: str) -> tuple[str, tuple[Parameter, ...], tuple[Parameter, ...]]:
        """Return the finished statement, the parameters that it binds, and those that are only to be checked.

        Some of what was planned can have been left out of `sql`; its parameters are numbered again without those.
        """
        used = parameters_in(sql)
        bound = [each for number, each in enumerate(self._bound, 1) if number in used]
        unused = [each for number, each in enumerate(self._bound, 1) if number not in used]
        keys = {each.source.key for each in bound}
        checked = {each.source.key: each for each in (*self._checked.values(), *unused) if each.source.key not in keys}
        numbers = {old: new for new, old in enumerate(sorted(used), 1)}
        return renumbered(sql, numbers), tuple(bound), tuple(checked.values())
