"""Just checked: what a load has compared with its checksum a moment ago, no server on this machine need compare again.

`STORE/checked.json` says which file that was, by what tells it from any other and from itself before any change, when
it was read, and since which start of the machine that is counted. Whatever does not fit costs a comparison.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql_api.store import served_file
from graphql_api.store.generations import replace_file

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from graphql_api.store.generations import Pointer
    from graphql_api.store.served_file import ServedFile

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def note_checked(store: Path, pointer: Pointer, path: Path, before: os.stat_result) -> None:
    """Note that the generation `path` is what the pointer says; it was read just now, and was then as `before`.

    It may have got another name since. Raises OSError.
    """
    status = path.stat()
    if _content_of(status) == _content_of(before):
        said = {**_of(pointer, served_file.identity_of(status)), "read": _now()}
        replace_file(_path(store), json.dumps(said).encode(), is_durable=False)


def is_just_checked(store: Path, pointer: Pointer, file: ServedFile) -> bool:
    """Return whether a load has read this very file a moment ago, and found it to be what the pointer says."""
    try:
        said = json.loads(_path(store).read_bytes())
        age_seconds = _now() - said.pop("read")
        return bool(said == _of(pointer, file.identity) and 0 <= age_seconds < served_file.SECONDS_A_CHECK_HOLDS)
    except (OSError, LookupError, AttributeError, TypeError, ValueError, RecursionError):
        return False


def _content_of(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _of(pointer: Pointer, identity: Sequence[int]) -> dict[str, Any]:
    return {"name": pointer.file, "checksum": pointer.checksum, "file": [*identity], "boot": _boot()}


def _now() -> float:
    """Return the seconds since the machine was started, with those that it slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _boot() -> str:
    return _BOOT.read_text(encoding="ascii").strip()


def _path(store: Path) -> Path:
    return store / "checked.json"
