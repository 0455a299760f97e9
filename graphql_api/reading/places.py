"""Places: the folders in which images and other files are looked up, and what is found there."""

from __future__ import annotations

import os
import re
import stat
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from graphql_api.reading.discover import is_inside
from graphql_api.reading.pixels import measured

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.reading.pixels import Size


class Places:
    """The seeds folder, and the folder whose files the site serves from its root, if that is known.

    What has been looked up is kept for as long as this object lives: for one chunk of files.
    """

    def __init__(self, seeds: str, public: Path | None) -> None:
        """Keep where to look."""
        self._seeds = os.path.realpath(seeds)
        self._public = None if public is None else os.path.realpath(public)
        self._found: dict[tuple[str, str], os.stat_result | None] = {}
        self._sizes: dict[str, Size | None] = {}

    def is_checked(self, src: str) -> bool:
        """Return whether it can be said if `src` is there: not elsewhere, and not below a folder nobody named."""
        if not src or src.startswith(("//", "#", "?")) or has_scheme(src):
            return False
        return self._public is not None or not src.startswith("/")

    def size_bytes(self, src: str, path: str) -> int | None:
        """Return the size of the file that `src` names in the seed at `path`; None if there is none."""
        location = self._location(src, path)
        status = None if location is None else self._status(location)
        return None if status is None else status.st_size

    def served(self, src: str, path: str) -> str | None:
        """Return the url of the file that the text of a seed at `path` shows as `src`; None if there is none.

        It lies beside the seed or, where that is not served, below the public folder: as deep as the seed is, or at its
        root. What only lies beside the seed, or cannot be looked up, keeps its address.
        """
        name = _path_of(src)
        if "\0" in name or (name.startswith("/") and self._public is None):
            return src
        beside = f"{self._seeds}/{PurePosixPath(path).parent}/{name}"
        if not name.startswith("/") and (url := self._url(beside)) is not None:
            return url or src
        for folder in (f"{PurePosixPath(path).parent}/", "") if self._public is not None else ():
            if url := self._url(f"{self._public}/{folder}{name.lstrip('/')}"):
                return url
        return None

    def _url(self, location: str) -> str | None:
        """Return the url of a file below the public folder, "" for one of the seeds folder; None if it is neither."""
        real = os.path.realpath(location)
        is_public = self._public is not None and is_inside(self._public, real)
        if not (is_public or is_inside(self._seeds, real)) or self._status(real) is None:
            return None
        # Bytes, for a link can lead to a name that is not UTF-8.
        return quote(os.fsencode(f"/{os.path.relpath(real, self._public)}")) if is_public else ""

    def pixels(self, src: str, path: str) -> Size | None:
        """Return width and height of the image that `src` names; None where they cannot be told."""
        location = self._location(src, path)
        if location is None or self._status(location) is None:
            return None
        if location not in self._sizes:
            self._sizes[location] = measured(location)
        return self._sizes[location]

    def _location(self, src: str, path: str) -> str | None:
        """Return where `src` leads, all links followed; None if that is outside."""
        name = _path_of(src)
        if "\0" in name:
            return None
        if name.startswith("/"):
            root, location = self._public or "", f"{self._public}/{name.lstrip('/')}"
        else:
            root, location = self._seeds, f"{self._seeds}/{PurePosixPath(path).parent}/{name}"
        real = os.path.realpath(location)
        return real if is_inside(root, real) else None

    def _status(self, location: str) -> os.stat_result | None:
        key = ("", location)
        if key not in self._found:
            try:
                status = os.stat(location)  # noqa: PTH116 - a path object for each image of each post
            except OSError:
                self._found[key] = None
            else:
                self._found[key] = status if stat.S_ISREG(status.st_mode) else None
        return self._found[key]


def has_scheme(src: str) -> bool:
    """Return whether `src` has a scheme (`https:`, `data:`)."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", src) is not None


def _path_of(src: str) -> str:
    """Return the path of an address without a scheme; `urlsplit` refuses some, and reads others as a host's."""
    return unquote(src.partition("#")[0].partition("?")[0])
