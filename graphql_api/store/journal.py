"""The journal of loads: what the last ones did, and with which problems, in one small file of the store.

    STORE/loads.json   {"counts": {"PUBLISHED": 12, …}, "loads": [the oldest first, …]}

It is for people and for metrics alone: nothing is decided by it, and what cannot be read or written is passed over.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

if TYPE_CHECKING:
    from pathlib import Path

LOADS_KEPT: Final = 20
PROBLEMS_KEPT: Final = 20
"""Of each load, the first ones; of the codes of all problems there are counts."""


class Outcome(StrEnum):
    """How a load ended."""

    PUBLISHED = "PUBLISHED"
    CURRENT = "CURRENT"
    """What was served already is what the seeds say."""
    REFUSED = "REFUSED"
    """Its options forbid to publish what it found."""
    FAILED = "FAILED"
    """The seeds, the model or the store cannot be read or written."""


class Loaded(Struct, frozen=True):
    """One load: when it ended (RFC 3339, UTC), how, what it did, and its problems.

    `problems` are objects with severity, code, path, line and message; `codes` counts all of them by their codes.
    `times` is how many loads in a row found that nothing had changed; they are told as one.
    """

    at: str
    outcome: Outcome
    seconds: float
    version: str = ""
    sequence: int = 0
    label: str = ""
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    errors: int = 0
    warnings: int = 0
    codes: dict[str, int] = {}
    problems: tuple[dict[str, Any], ...] = ()
    message: str = ""
    times: int = 1


class Journal(Struct, frozen=True):
    """The last loads, the oldest first, and how many there have been of each outcome."""

    loads: tuple[Loaded, ...] = ()
    counts: dict[str, int] = {}


def journal_path(store: Path) -> Path:
    """Return where the journal of `store` lies."""
    return store / "loads.json"


def read_journal(store: Path) -> Journal:
    """Return the journal; an empty one where there is none, or none that can be read."""
    try:
        document = json.loads(journal_path(store).read_bytes())
        loads = tuple(_loaded(each) for each in document["loads"])
        return Journal(loads, {str(name): int(count) for name, count in document["counts"].items()})
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Journal()


def write_down(store: Path, loaded: Loaded) -> None:
    """Add a load to the journal, in place of the oldest one if there are many.

    Two loads that end at one moment may both take the place of the other; a load itself runs alone.
    """
    journal = read_journal(store)
    counts = Counter(journal.counts) + Counter([loaded.outcome.value])
    loads = [*_before(journal.loads, loaded), _counted(journal.loads, loaded)][-LOADS_KEPT:]
    document = {"counts": dict(counts), "loads": [structs.asdict(each) for each in loads]}
    temporary = store / f"loads.{os.getpid()}.new"
    with contextlib.suppress(OSError):
        try:
            temporary.write_text(json.dumps(document), encoding="utf-8")
            temporary.replace(journal_path(store))
        finally:
            temporary.unlink(missing_ok=True)


def _before(loads: tuple[Loaded, ...], loaded: Loaded) -> tuple[Loaded, ...]:
    return loads[:-1] if loads and _is_again(loads[-1], loaded) else loads


def _counted(loads: tuple[Loaded, ...], loaded: Loaded) -> Loaded:
    if loads and _is_again(loads[-1], loaded):
        return structs.replace(loaded, times=loads[-1].times + 1)
    return loaded


def _is_again(last: Loaded, loaded: Loaded) -> bool:
    return last.outcome is loaded.outcome is Outcome.CURRENT and last.version == loaded.version


def _loaded(document: dict[str, Any]) -> Loaded:
    values = {name: value for name, value in document.items() if name in Loaded.__struct_fields__}
    return Loaded(**{**values, "outcome": Outcome(values["outcome"]), "problems": tuple(values.get("problems", ()))})
