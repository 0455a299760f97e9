"""Generated code: one function for all fields of a mapping, as dataclasses make their `__init__`.

Calling a closure for each of an article's fifty values takes twice as long as looking at them in place. So texts and
whole numbers that are as nearly all are, are taken here; whatever is not goes to the field's own reader, which alone
knows the rules. The code holds numbered names only: keys and values come in beside it.
"""

from __future__ import annotations

import linecache
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from graphql_api.kinds.plain import Plain
from graphql_api.reading.entry import Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from graphql_api.reading.draft import Draft
    from graphql_api.reading.events import Path
    from graphql_api.reading.field_readers import ReadField
    from graphql_api.reading.takes import CheckValue

    Fill = Callable[[Mapping[str, Any], Path, Draft, list[Any]], None]
    """Puts the values of a mapping's fields into the list, which has a place for each."""

UNKNOWN: Final = object()
"""Stands for what an absent key means where that is no constant."""
Form = Literal["text", "integer", "reference", "other"]
_MAX_INLINE_DIGITS = 9
_numbers = count(1)


class Inline(NamedTuple):
    """What may be taken in place: a value of one of `keys`, the first that is there. `absent` is what none means."""

    keys: tuple[str, ...]
    form: Form
    absent: Any = UNKNOWN
    check: CheckValue | None = None


class Step(NamedTuple):
    """One field: its place among the values, its reader, and what may be done without that."""

    place: int
    read: ReadField
    inline: Inline | None


def fill_of(
    steps: Sequence[Step], known: frozenset[str] | None, warn: Callable[[Mapping[str, Any], Path, Draft], None]
) -> Fill:
    """Return the function that takes all steps, in order, after `warn` unless all keys of the mapping are `known`."""
    names: dict[str, Any] = {
        "Plain": Plain,
        "Ref": Ref,
        "new": tuple.__new__,
        "nul": "\0",
        "known": known,
        "warn": warn,
    }
    test = "if not known.issuperset(values): " if known is not None else ""
    lines = ["def fill(values, at, draft, out):", f"    {test}warn(values, at, draft)", "    get = values.get"]
    for number, step in enumerate(steps):
        names[f"read{number}"] = step.read
        lines += _lines(number, step, names)
    source = "\n".join(lines) + "\n"
    file_name = f"<fields of a mapping {next(_numbers)}>"
    exec(compile(source, file_name, "exec"), names)  # noqa: S102 - made of numbered names alone
    # Tracebacks show the lines.
    linecache.cache[file_name] = len(source), None, source.splitlines(keepends=True), file_name
    fill: Fill = names["fill"]
    return fill


def _lines(number: int, step: Step, names: dict[str, Any]) -> Iterator[str]:
    read = f"out[{step.place}] = read{number}(values, at, draft, out)"
    if step.inline is None:
        yield f"    {read}"
        return
    first, *others = step.inline.keys
    names[f"key{number}_0"] = first
    yield f"    value = get(key{number}_0)"
    for index, key in enumerate(others, 1):
        names[f"key{number}_{index}"] = key
        yield f"    if value is None: value = get(key{number}_{index})"
    test = "if"
    if step.inline.absent is not UNKNOWN:
        names[f"absent{number}"] = step.inline.absent
        yield f"    if value is None: out[{step.place}] = absent{number}"
        test = "elif"
    is_text = f"    {test} type(value) is str and nul not in value and (value := value.strip())"
    if step.inline.form == "text":
        names[f"check{number}"] = step.inline.check
        is_good = f" and check{number}(value) is None" if step.inline.check else ""
        yield f"{is_text}{is_good}: out[{step.place}] = value"
        yield f"    else: {read}"
    elif step.inline.form == "reference":
        yield f"{is_text} and value[-1] != '/' and '#' not in value: out[{step.place}] = new(Ref, (value, None))"
        yield f"    else: {read}"
    elif step.inline.form == "integer":
        is_short = f"len(value) <= {_MAX_INLINE_DIGITS}"
        yield f"    {test} type(value) is Plain and {is_short} and value.isdigit() and value.isascii():"
        yield f"        out[{step.place}] = int(value)"
        yield f"    else: {read}"
    elif test == "elif":
        yield f"    else: {read}"
    else:
        yield f"    {read}"
