"""Discover: which seed files there are, by `stat` alone.

A folder is walked with `os.scandir`, real folders before links, each in the order of its names, so that equal trees
give equal results. No seed is opened here.
"""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from graphql_api.errors import ContentError
from graphql_api.reading.problems import Code, error, from_os_error
from graphql_api.records import Problem, SeedFile

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_WAYS_TO_A_FOLDER = 8
"""Links that lead to each other's folders multiply: n of them can make 2**n paths. This keeps the walk linear."""

SUFFIXES = (".md", ".markdown", ".mdx", ".yml", ".yaml", ".json", ".toml")
"""The endings of files that can hold entries."""

_Identity = tuple[int, int]  # device and inode
_made = tuple.__new__
"""What a named tuple is made by at last: half the time for each of all files."""


class Discovery(Struct, frozen=True):
    """The seed files, sorted by path, and what kept others from being found.

    `unreadable` holds what could not be looked at, each as a path and as a prefix that ends in "/"; "." is all. A
    published article whose file is one of them, or below one, is not deleted: nobody knows whether it is there.
    """

    files: tuple[SeedFile, ...]
    problems: tuple[Problem, ...]
    unreadable: frozenset[str]

    def hides(self, path: str) -> bool:
        """Return whether the file at `path` may be there although it is not in `files`."""
        if not self.unreadable:
            return False
        if "." in self.unreadable:
            return True
        ends = (index + 1 for index, character in enumerate(path) if character == "/")
        return path in self.unreadable or any(path[:end] in self.unreadable for end in ends)


class _Folder(Struct, frozen=True):
    """A folder still to be read: its path on disk, its prefix in seed paths, and the folders on the way to it."""

    location: str
    prefix: str
    trail: tuple[_Identity, ...]


def discover(seeds: Path, suffixes: tuple[str, ...] = (".md",)) -> Discovery:
    """Return every file below `seeds` that ends in one of `suffixes`, without opening one; hidden ones are left out.

    Raises ContentError if `seeds` is missing, is no folder or cannot be read.
    """
    try:
        identity = _identity(seeds.stat())
        with os.scandir(seeds):
            pass
    except FileNotFoundError as cause:
        raise ContentError(f"There is no seeds folder at {seeds}. Create it, or name another one.") from cause
    except NotADirectoryError as cause:
        raise ContentError(f"{seeds} is not a folder. Name the folder that holds the seed files.") from cause
    except OSError as cause:
        raise ContentError(f"The seeds folder {seeds} cannot be read: {cause.strerror}.") from cause
    walk = _Walk(os.path.realpath(seeds), suffixes)
    walk.run(_Folder(os.fspath(seeds), "", (identity,)))
    return walk.result()


class _Walk:
    """One walk: what is left to read, and what was found."""

    def __init__(self, real_root: str, suffixes: tuple[str, ...]) -> None:
        self._real_root = real_root
        self._suffixes = suffixes
        self._files: list[SeedFile] = []
        self._problems: list[Problem] = []
        self._unreadable: set[str] = set()
        self._ways: Counter[_Identity] = Counter()
        self._waiting: list[_Folder] = []
        self._linked: list[_Folder] = []

    def run(self, root: _Folder) -> None:
        self._waiting.append(root)
        while self._waiting or self._linked:
            folder = self._waiting.pop() if self._waiting else self._linked.pop(0)
            try:
                self._read(folder)
            except OSError as cause:
                self._refuse(from_os_error(cause, folder.prefix.rstrip("/") or "."))

    def result(self) -> Discovery:
        self._files.sort(key=attrgetter("path"))
        self._problems.sort(key=attrgetter("path"))
        return Discovery(tuple(self._files), tuple(self._problems), frozenset(self._unreadable))

    def _read(self, folder: _Folder) -> None:
        suffixes, prefix, keep = self._suffixes, folder.prefix, self._keep
        with os.scandir(folder.location) as scan:
            entries = [entry for entry in scan if not entry.name.startswith(".")]
        entries.sort(key=attrgetter("name"), reverse=True)
        while entries:
            entry = entries.pop()  # An entry keeps its stat, a kilobyte; no entry is kept.
            path = prefix + entry.name
            if not path.isascii() and not _is_utf8(path):
                self._refuse_name(path)
                continue
            try:
                if entry.is_file(follow_symlinks=False):  # as nearly every one is
                    if path.endswith(suffixes):
                        keep(path, entry.stat(follow_symlinks=False))
                else:
                    self._look(entry, path, folder)
            except OSError as cause:
                self._refuse(from_os_error(cause, path))

    def _look(self, entry: os.DirEntry[str], path: str, folder: _Folder) -> None:
        if entry.is_symlink():
            self._follow(entry, path, folder)
        elif entry.is_dir(follow_symlinks=False):
            status = entry.stat(follow_symlinks=False)
            self._enter(_Folder(entry.path, path + "/", (*folder.trail, _identity(status))), self._waiting)
        elif path.endswith(self._suffixes):
            self._keep(path, entry.stat(follow_symlinks=False))

    def _follow(self, entry: os.DirEntry[str], path: str, folder: _Folder) -> None:
        try:
            status = Path(entry.path).stat()
        except OSError as cause:
            self._refuse(_broken_link(cause, path))
            return
        is_folder = stat.S_ISDIR(status.st_mode)
        if not is_folder and not path.endswith(self._suffixes):
            return
        if not is_inside(self._real_root, os.path.realpath(entry.path)):
            self._refuse(leaving_link(path))
        elif not is_folder:
            self._keep(path, status)
        elif _identity(status) in folder.trail:
            self._refuse(_loop(path))
        else:
            self._enter(_Folder(entry.path, path + "/", (*folder.trail, _identity(status))), self._linked)

    def _enter(self, folder: _Folder, queue: list[_Folder]) -> None:
        identity = folder.trail[-1]
        self._ways[identity] += 1
        if self._ways[identity] <= MAX_WAYS_TO_A_FOLDER:
            queue.append(folder)
            return
        message = f"More than {MAX_WAYS_TO_A_FOLDER} ways lead to this folder. Remove some of the symbolic links."
        self._refuse(error(Code.LINK_REPEATED, folder.prefix.rstrip("/"), message))

    def _keep(self, path: str, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            self._refuse(not_a_file(path))
        elif (size_bytes := status.st_size) > MAX_FILE_BYTES:
            self._refuse(too_large(path, size_bytes))
        else:
            self._files.append(
                _made(SeedFile, (path, size_bytes, status.st_mtime_ns, status.st_ctime_ns, status.st_ino))
            )

    def _refuse(self, problem: Problem) -> None:
        self._problems.append(problem)
        self._unreadable.update((problem.path, problem.path + "/"))

    def _refuse_name(self, path: str) -> None:
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        message = "The name is not UTF-8. Rename the file or folder."
        self._problems.append(error(Code.NAME_NOT_UTF8, shown, message))


def is_inside(real_root: str, real_path: str) -> bool:
    """Return whether a path is the root or below it; both must be without symbolic links."""
    return os.path.commonpath((real_root, real_path)) == real_root


def leaving_link(path: str) -> Problem:
    """Return the problem of a link to a place outside the seeds folder."""
    message = "This symbolic link leaves the seeds folder. Replace it with the file, or link to one inside."
    return error(Code.LINK_LEAVES_FOLDER, path, message)


def not_a_file(path: str) -> Problem:
    """Return the problem of a FIFO, socket or device with a seed's name."""
    message = "It is a FIFO, a socket or a device, not a regular file. Remove it, or give it another name."
    return error(Code.NOT_A_FILE, path, message)


def too_large(path: str, size_bytes: int) -> Problem:
    """Return the problem of a file that is over `MAX_FILE_BYTES`."""
    message = (
        f"The file has {size_bytes} bytes; at most {MAX_FILE_BYTES} are read. Shorten it, or make several files of it."
    )
    return error(Code.FILE_TOO_LARGE, path, message)


def _broken_link(cause: OSError, path: str) -> Problem:
    if cause.errno == errno.ELOOP:
        return _loop(path)
    if isinstance(cause, FileNotFoundError):
        return error(Code.LINK_BROKEN, path, "This symbolic link points at nothing. Mend it or remove it.")
    return from_os_error(cause, path)


def _loop(path: str) -> Problem:
    return error(Code.LINK_LOOP, path, "This symbolic link leads in a circle. Remove it.")


def _identity(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
