"""Drafts: an entry while it is read, and what is found wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphql_api.records import Severity

if TYPE_CHECKING:
    from graphql_api.reading.entry import RichText
    from graphql_api.reading.events import Path
    from graphql_api.reading.places import Places


class _Failed:
    """Stands for a value that has been refused, and told."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "FAILED"


FAILED: Final = _Failed()


class Fault(NamedTuple):
    """Something wrong with the value at `path`; `message` names it already."""

    severity: Severity
    code: str
    message: str
    path: Path


class Draft:
    """One entry in the making, with what its fields may ask: where it stands, and the values of its whole mapping."""

    __slots__ = ("body", "faults", "ignored", "item", "path", "places", "root", "texts", "top", "values")

    def __init__(  # noqa: PLR0917 - what a draft is made of
        self,
        path: str,
        item: str,
        root: Path,
        top: Any,  # noqa: ANN401 - whatever stands in a file
        body: str,
        places: Places,
        ignored: frozenset[str],
    ) -> None:
        """Start without values; `root` is where the entry stands in its file, `ignored` are keys to be silent about."""
        self.ignored = ignored
        self.path = path
        self.item = item
        self.root = root
        self.top = top
        self.body = body
        self.places = places
        self.faults: list[Fault] = []
        self.texts: list[RichText] = []
        self.values: Any = None

    def refuse(self, code: str, reason: str, path: Path) -> _Failed:
        """Note an ERROR, and return what stands for the value; `reason` follows the name of the key."""
        self.faults.append(Fault(Severity.ERROR, code, f"`{label(path)}` {reason}", path))
        return FAILED

    def refuse_file(self, code: str, message: str) -> None:
        """Note an ERROR of the file as a whole."""
        self.faults.append(Fault(Severity.ERROR, code, message, ()))

    def warn(self, code: str, reason: str, path: Path) -> None:
        """Note a WARNING."""
        self.faults.append(Fault(Severity.WARNING, code, f"`{label(path)}` {reason}", path))

    def errors_since(self, mark: int) -> list[Fault]:
        """Take out and return the ERRORs among the faults from number `mark` on."""
        errors = [fault for fault in self.faults[mark:] if fault.severity is Severity.ERROR]
        if errors:
            self.faults[mark:] = [fault for fault in self.faults[mark:] if fault.severity is not Severity.ERROR]
        return errors


def label(path: Path) -> str:
    """Return a path as authors read it: keys joined with dots, places in lists from 1 ("links[2].url")."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".") or "."
