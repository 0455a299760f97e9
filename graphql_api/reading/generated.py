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
    from graphql_api.reading.takes import CheckValue, ReadField, Take

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
    """One field: its place among the values, its reader, what may go without that, and if it looks at others."""

    place: int
    read: ReadField
    inline: Inline | None
    needs_others: bool


class Strangers(NamedTuple):
    """What looks for keys that nothing reads: `warn`, unless all keys of a mapping are among `known` (if set)."""

    known: frozenset[str] | None
    warn: Callable[[Mapping[str, Any], Path, Draft], None]


def fill_of(steps: Sequence[Step], others: Strangers) -> Fill:
    """Return the function that takes all steps, in order."""
    code = _Code("fill(values, at, draft, out)", others)
    code.add_steps(steps, "out[{}]", "out")
    fill: Fill = code.compiled("fill")
    return fill


def take_of(steps: Sequence[Step], others: Strangers, size: int, refuse: Take, given: int | None) -> Take:
    """Return the take of a group of so many fields; `refuse` takes what is no mapping.

    With `given`, what it takes is a pair, of which the first is the value of the field at that place.
    """
    code = _Code("take(values, at, draft)", others, "    given, values = values" if given is not None else "", refuse)
    if any(step.needs_others for step in steps):
        code.lines.append(f"    out = [None] * {size}")
        code.lines += [] if given is None else [f"    out[{given}] = given"]
        code.add_steps(steps, "out[{}]", "out")
        code.lines.append("    return tuple(out)")
    else:
        code.add_steps(steps, "value_{}", "()")
        places = {step.place: f"value_{step.place}" for step in steps} | ({} if given is None else {given: "given"})
        code.lines.append(f"    return ({''.join(f'{places.get(place)}, ' for place in range(size))})")
    take: Take = code.compiled("take")
    return take


class _Code:
    """The text of one function, and what its names mean."""

    def __init__(self, head: str, others: Strangers, before: str = "", refuse: Take | None = None) -> None:
        self.names: dict[str, Any] = {"Plain": Plain, "Ref": Ref, "new": tuple.__new__, "nul": "\0"}
        self.names.update(known=others.known, warn=others.warn, refuse=refuse)
        self.lines = [f"def {head}:"]
        self.lines += [before] if before else []
        if refuse is not None:
            self.lines.append("    if not isinstance(values, dict): return refuse(values, at, draft)")
        test = "if not known.issuperset(values): " if others.known is not None else ""
        self.lines += [f"    {test}warn(values, at, draft)", "    get = values.get"]

    def add_steps(self, steps: Sequence[Step], target: str, out: str) -> None:
        """Add all steps; `target` is what they assign to, by their place, `out` what their readers see of it."""
        for number, step in enumerate(steps):
            self.names[f"read{number}"] = step.read
            read = f"{target.format(step.place)} = read{number}(values, at, draft, {out})"
            self.lines += self._lines(number, step.inline, target.format(step.place), read)

    def compiled(self, name: str) -> Any:  # noqa: ANN401 - the function
        """Return the function; tracebacks show its lines."""
        source = "\n".join(self.lines) + "\n"
        file_name = f"<fields of a mapping {next(_numbers)}>"
        exec(compile(source, file_name, "exec"), self.names)  # noqa: S102 - made of numbered names alone
        linecache.cache[file_name] = len(source), None, source.splitlines(keepends=True), file_name
        return self.names[name]

    def _lines(self, number: int, inline: Inline | None, target: str, read: str) -> Iterator[str]:
        if inline is None:
            yield f"    {read}"
            return
        names = [f"key{number}_{index}" for index in range(len(inline.keys))]
        self.names.update(zip(names, inline.keys, strict=True))
        yield f"    value = get({names[0]})"
        yield from (f"    if value is None: value = get({name})" for name in names[1:])
        test = "if"
        if inline.absent is not UNKNOWN:
            self.names[f"absent{number}"] = inline.absent
            yield f"    if value is None: {target} = absent{number}"
            test = "elif"
        taken = self._taken(number, inline)
        if taken is not None:
            yield f"    {test} {taken[0]}: {target} = {taken[1]}"
        yield f"    else: {read}" if taken is not None or test == "elif" else f"    {read}"

    def _taken(self, number: int, inline: Inline) -> tuple[str, str] | None:
        """Return when a value may be taken in place, and as what."""
        is_text = "type(value) is str and nul not in value and (value := value.strip())"
        if inline.form == "text":
            self.names[f"check{number}"] = inline.check
            return is_text + (f" and check{number}(value) is None" if inline.check else ""), "value"
        if inline.form == "reference":
            return f"{is_text} and value[-1] != '/' and '#' not in value", "new(Ref, (value, None))"
        if inline.form == "integer":
            is_short = f"type(value) is Plain and len(value) <= {_MAX_INLINE_DIGITS}"
            return f"{is_short} and value.isdigit() and value.isascii()", "int(value)"
        return None
