"""Just checked: what a load has compared with its checksum a moment ago, no server on this machine need compare again.

`STORE/checked.json` says which file that was, by what tells it from any other and from itself before any change, when
it was read, and since which start of the machine that is counted. Whatever does not fit costs a comparison.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql_api.store.generations import replace_file
from graphql_api.store.served_file import SECONDS_A_CHECK_HOLDS, identity_of

if TYPE_CHECKING:
    import os

    from graphql_api.store.generations import Pointer
    from graphql_api.store.served_file import ServedFile

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def note_checked(store: Path, pointer: Pointer, path: Path, before: os.stat_result) -> None:
    """Note that the generation `path` is what the pointer says; it was read just now, and was then as `before`.

    It may have got another name since. Raises OSError.
    """
    status = path.stat()
    if _content_of(status) == _content_of(before):
        said = {**_of(pointer), "file": identity_of(status), "read": time.clock_gettime(time.CLOCK_BOOTTIME)}
        replace_file(_path(store), json.dumps({**said, "boot": _boot()}).encode(), is_durable=False)


def is_just_checked(store: Path, pointer: Pointer, file: ServedFile) -> bool:
    """Return whether a load has read this very file a moment ago, and found it to be what the pointer says."""
    try:
        said = json.loads(_path(store).read_bytes())
        age_seconds = time.clock_gettime(time.CLOCK_BOOTTIME) - said["read"]
        expected = {**_of(pointer), "file": list(file.identity), "boot": _boot()}
        return 0 <= age_seconds < SECONDS_A_CHECK_HOLDS and {name: said[name] for name in expected} == expected
    except (OSError, LookupError, TypeError, ValueError, RecursionError):
        return False


def _content_of(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _of(pointer: Pointer) -> dict[str, Any]:
    return {"name": pointer.file, "checksum": pointer.checksum}


def _boot() -> str:
    return _BOOT.read_text(encoding="ascii").strip()


def _path(store: Path) -> Path:
    return store / "checked.json"
