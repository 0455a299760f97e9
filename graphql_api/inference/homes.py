"""Homes: the folder that a file counts to, which is the one around a bundle, a year, or each of many things."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from graphql_api.inference.words import GENERIC_FOLDERS, is_plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.inference.walk import Found

MANY_FOLDERS = 8
"""So many folders beside each other in one with a plural name hold the same kind of files."""

_BY_DATE = re.compile(r"(?<=[^/])(?:/[0-9]{2}|/[0-9]{4})+\Z")


def home_folders(files: Sequence[Found]) -> dict[str, str]:
    """Return the folder of each file by its path.

    `index.md` alone in its folder counts to the one above (a bundle), and so do folders of years and months.
    """
    beside = Counter(file.folder for file in files if file.is_markdown)
    folders = {}
    for file in files:
        is_bundle = file.stem == "index" and file.is_markdown and beside[file.folder] == 1 and file.folder
        home = file.folder.rpartition("/")[0] if is_bundle else file.folder
        folders[file.path] = _BY_DATE.sub("", home)
    folders.update(_homes_of_data(files))
    return folders


def _homes_of_data(files: Sequence[Found]) -> dict[str, str]:
    """Return the folder of folders for the data files of one kind in it, as comments are below what they are about."""
    below: dict[str, list[Found]] = defaultdict(list)
    for file in files:
        above = file.folder.rpartition("/")[0]
        if not file.is_markdown and is_plural(above.rpartition("/")[2]) and not is_generic(above):
            below[above].append(file)
    homes: dict[str, str] = {}
    for above, some in below.items():
        stems = {file.stem for file in some}  # a few that are in each folder are of several kinds
        if (len(stems) == 1 or len(stems) > len(some) / 2) and len({file.folder for file in some}) >= MANY_FOLDERS:
            homes |= {file.path: above for file in some}
    return homes


def is_generic(folder: str) -> bool:
    """Return whether the name of a folder says nothing of what lies there."""
    return folder.rpartition("/")[2].lower() in GENERIC_FOLDERS | {""}
