"""What has made a generation: the code and the libraries that decide what a seed becomes."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from functools import cache
from pathlib import Path

_FOLDERS = ("kinds", "loading", "model", "reading", "rendering", "search", "store")
_DECIDES_NOTHING = frozenset((
    "loading/check", "loading/copies", "loading/durability", "loading/holding", "loading/load", "loading/options",
    "loading/publish",
    "loading/reader_process", "loading/readers", "loading/seen", "loading/unchanged", "loading/unchanged_manifest",
    "loading/whole_load", "loading/work", "loading/work_tree",
    "store/driver", "store/failures", "store/generations", "store/inventory", "store/just_checked", "store/kept",
    "store/lane",
    "store/lanes", "store/locks", "store/query_plan", "store/rollback", "store/searching", "store/sqlite",
    "store/threads", "store/transfer", "store/waiting",
    "search/index", "search/ranking",
))  # fmt: skip
"""Modules that bring rows from here to there and ask for them. Every other one of the folders counts."""
_LIBRARIES = frozenset((
    "graphql_core", "imagesize", "math_core", "nh3", "numpy", "orjson", "pyromark", "pystemmer", "python_frontmatter",
    "pyyaml", "yaml_rs",
))  # fmt: skip
_INSTALLED = re.compile(r"(\w+)-[^-]+\.dist-info")


@cache
def code_fingerprint() -> str:
    """Return 16 hex digits that change with the code and the libraries that read, render and store entries.

    A generation that other code has made is never updated; it is built anew.
    """
    digest = hashlib.sha256(sys.version.encode())
    for source in deciding_sources():
        digest.update(source.read_bytes())
    for name in sorted(_installed()):
        digest.update(name.encode())
    return digest.hexdigest()[:16]


def deciding_sources() -> list[Path]:
    """Return the source files that decide what a seed becomes, in a fixed order."""
    package = Path(__file__).parent.parent
    files = [
        file for folder in _FOLDERS for file in package.glob(f"{folder}/**/*") if file.suffix in {".py", ".graphql"}
    ]
    deciding = [each for each in files if each.relative_to(package).with_suffix("").as_posix() not in _DECIDES_NOTHING]
    return [*sorted(deciding), package / "records.py"]


def _installed() -> set[str]:
    """Return the names of the libraries' metadata, which hold their versions: far quicker than to read them."""
    found = set()
    for folder in filter(os.path.isdir, sys.path):
        for name in os.listdir(folder):  # noqa: PTH208 - names are enough, and quicker
            installed = _INSTALLED.fullmatch(name)
            if installed and installed[1].lower() in _LIBRARIES:
                found.add(name)
    return found
