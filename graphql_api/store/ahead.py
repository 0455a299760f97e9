"""Checking ahead: the bytes of what is published are read while the program still gets ready to open it."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from graphql_api.errors import StoreError
from graphql_api.store.generations import check_generation, generation_path, read_pointer, reading
from graphql_api.store.served_file import ServedFile

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from graphql_api.store.generations import Pointer


class CheckAhead:
    """Checks the current generation of a store in a thread. Use it as a context manager, which waits for the thread."""

    def __init__(self, folder: Path) -> None:
        """Prepare to check what is published in the store `folder`."""
        self._folder = folder
        self._sound: tuple[Pointer, ServedFile] | None = None
        self._thread = Thread(target=self._check, name="check ahead")

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wait until it has ended."""
        self._thread.join()

    def has_found_sound(self, pointer: Pointer, file: ServedFile) -> bool:
        """Return whether it was this generation, in this file as it is now, and nothing is wrong with it. Blocks."""
        self._thread.join()
        if self._sound is None:
            return False
        checked, as_it_was = self._sound
        return checked.is_of_same_file(pointer) and file.is_just_as(as_it_was)

    def _check(self) -> None:
        with suppress(StoreError, OSError):  # whoever opens it finds the same, and tells
            pointer = read_pointer(self._folder)
            path = generation_path(self._folder, pointer)
            with reading(path) as open_file:
                file = ServedFile(open_file)
                check_generation(path, pointer)
                self._sound = pointer, file
