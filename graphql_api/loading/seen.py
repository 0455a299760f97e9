"""Seen: what the last load has left, so that the next one, if nothing has changed, need not ask the generation.

`STORE/seen.json` says of which pointer, of which files (a fingerprint of all their stats), and what the report was. It
is a shortcut and nothing else: one that is missing, damaged or of another time costs a look into the generation.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict, replace
from xxhash import xxh3_128_hexdigest

from graphql_api.records import Problem, Severity
from graphql_api.store.generations import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.reading.discover import Discovery
    from graphql_api.store.generations import Pointer


class Seen(Struct, frozen=True):
    """The files by their fingerprint, and what was reported of their content; `problems` are those of the manifest."""

    files: str
    entries: int
    hidden: int
    unclaimed: int
    problems: tuple[Problem, ...]


def files_fingerprint(discovery: Discovery, redirects: str) -> str:
    """Return what changes with the path or the stat of any file, and with what could not be looked at.

    `redirects` is the fingerprint of the files of redirects.
    """
    lines = [
        f"{path}\0{size_bytes}\0{mtime_ns}\0{ctime_ns}\0{inode}"
        for path, size_bytes, mtime_ns, ctime_ns, inode in discovery.files
    ]
    hidden = [f"\0{path}" for path in sorted(discovery.unreadable)]
    return xxh3_128_hexdigest("\n".join([*lines, *hidden, redirects]).encode())


def read_seen(store: Path, pointer: Pointer) -> Seen | None:
    """Return what was seen of the generation that `pointer` names; None if nothing was, or what was is not readable."""
    try:
        said = json.loads(_path(store).read_bytes())
        body = said["body"]
        if said["checksum"] != xxh3_128_hexdigest(body.encode()):
            return None
        document = json.loads(body)
        if document.pop("pointer") != _identity(pointer):
            return None
        problems = [Problem(Severity(severity), *others) for severity, *others in document.pop("problems")]
        return Seen(problems=tuple(problems), **document)
    except (OSError, LookupError, TypeError, ValueError, RecursionError):
        return None


def write_seen(store: Path, pointer: Pointer, seen: Seen) -> None:
    """Remember what was seen; where that cannot be written, the next load looks again. Hold the store's lock.

    It is not made durable: what a power cut leaves of it is no shortcut, and nothing else.
    """
    document: dict[str, Any] = asdict(seen) | {"pointer": _identity(pointer)}
    document["problems"] = [
        (str(each.severity), each.code, each.path, each.line, each.message) for each in seen.problems
    ]
    body = json.dumps(document)
    text = json.dumps({"checksum": xxh3_128_hexdigest(body.encode()), "body": body})
    with contextlib.suppress(OSError):
        replace_file(_path(store), text.encode(), is_durable=False)


def _identity(pointer: Pointer) -> dict[str, Any]:
    """Return what the pointer says of the generation itself, whatever its publish is called."""
    return asdict(replace(pointer, sequence=0, label="", held="", held_label=""))


def _path(store: Path) -> Path:
    return store / "seen.json"
