"""Which files a load opens as seeds."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.reading import seed_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def opened_files() -> Iterator[set[str]]:
    """Give the names of the seeds that are opened in this process while the block runs; a few are read in it."""
    names: set[str] = set()
    open_file = os.open

    def noticed(path: Any, flags: int, *others: Any) -> int:
        if flags == seed_bytes._FLAGS:
            names.add(Path(path).name)
        return open_file(path, flags, *others)

    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(os, "open", noticed)
        yield names


def settle(folder: Path) -> None:
    """Wait until no file of a folder could be written once more without its times telling, which is a few ms."""
    while any(seed_bytes._is_fresh(path.stat()) for path in folder.rglob("*")):
        time.sleep(0.001)
