"""What `graphql-api status` tells: what a store serves, since when, and what the last loads did."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from graphql_api.app import StoredContent, open_store
from graphql_api.cli import report
from graphql_api.errors import NoGenerationError
from graphql_api.settings import Settings
from graphql_api.store.generations import pointer_path, read_pointer
from graphql_api.store.journal import Journal, Loaded, Outcome, read_journal

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.server.probes import ContentSummary

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


class Served(Struct, frozen=True):
    """What is served: `since` is the moment of its publish (RFC 3339, UTC), `entries` has a count for each type."""

    version: str
    sequence: int
    label: str
    since: str
    size_bytes: int
    entries: dict[str, int] = {}


def show_status(store: Path, *, as_json: bool) -> None:
    """Print the status of a store. Raises NoGenerationError, after it has told of loads, and StoreError."""
    journal = read_journal(store)
    try:
        served = _served(store)
    except NoGenerationError:
        _show(None, journal, as_json=as_json)
        raise
    _show(served, journal, as_json=as_json)


def _served(store: Path) -> Served:
    pointer = read_pointer(store)
    since = _text(pointer_path(store).stat().st_mtime)
    summary = asyncio.run(_summary(store))
    entries = {name.removesuffix("Count"): count for name, count in summary.counts.items()}
    return Served(pointer.version, pointer.sequence, pointer.label, since, pointer.size_bytes, entries)


async def _summary(store: Path) -> ContentSummary:
    async with open_store(Settings(store=store)) as opened:
        return await StoredContent(opened, store).current()


def _show(served: Served | None, journal: Journal, *, as_json: bool) -> None:
    newest_first = journal.loads[::-1]
    if as_json:
        loads = [structs.asdict(each) for each in newest_first]
        report.show_json({"served": structs.asdict(served) if served else None, "loads": loads})
        return
    for line in [*_lines_of(served), *_lines_of_loads(newest_first)]:
        report.show(line)


def _lines_of(served: Served | None) -> list[str]:
    if served is None:
        return ["served: nothing"]
    label = f", label {served.label}" if served.label else ""
    counts = ", ".join(report.counted(count, name) for name, count in served.entries.items())
    return [
        f"served: version {served.version}, publish {served.sequence}{label}",
        f"since: {served.since} ({_ago(served.since)})",
        f"entries: {counts}",
        f"bytes: {served.size_bytes:,}",
    ]


def _lines_of_loads(loads: tuple[Loaded, ...]) -> list[str]:
    if not loads:
        return ["loads: none is known"]
    problems = [f"  {_place(each)}: {each['severity']} {each['code']} {each['message']}" for each in loads[0].problems]
    rest = loads[0].errors + loads[0].warnings - len(problems)
    more = [f"  … and {rest:,} more; all of them: graphql-api check"] if rest > 0 else []
    told = ["problems of the last load:", *problems, *more] if problems else []
    return ["last loads:", *(f"  {_line_of(each)}" for each in loads), *told]


def _line_of(load: Loaded) -> str:
    times = f" ({load.times} times in a row)" if load.times > 1 else ""
    what = (
        load.message.partition("\n")[0] or f"{load.added:,} added, {load.changed:,} changed, {load.removed:,} removed"
    )
    what = "nothing had changed" if load.outcome is Outcome.CURRENT else what
    label = f", label {load.label}" if load.label and load.outcome is Outcome.PUBLISHED else ""
    return f"{load.at} {load.outcome}{times}: {what}{label}; {load.seconds:.2f} s; problems: {_problems_of(load)}"


def _problems_of(load: Loaded) -> str:
    counts = [(load.errors, "error"), (load.warnings, "warning")]
    told = ", ".join(report.counted(count, noun) for count, noun in counts if count)
    codes = ", ".join(f"{code} {count:,}" for code, count in load.codes.items())
    return f"{told} ({codes})" if told else "none"


def _place(problem: dict[str, Any]) -> str:
    return str(problem["path"]) if problem["line"] is None else f"{problem['path']}:{problem['line']}"


def _text(timestamp: float) -> str:
    return dt.datetime.fromtimestamp(int(timestamp), dt.UTC).isoformat().replace("+00:00", "Z")


def _ago(moment: str) -> str:
    """Return how long ago a moment was, in its largest unit."""
    seconds = (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(moment)).total_seconds()
    for name, size in _UNITS:
        if seconds >= size:
            return f"{report.counted(int(seconds // size), name)} ago"
    return "just now"
