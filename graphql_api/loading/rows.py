"""What an entry becomes: the rows of each table, and the texts by which others know it."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.loading.further_rows import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.loading.further_rows import Row
    from graphql_api.records import Problem

DIGEST_BYTES = 16
NO_VERSION = "0" * 16
"""As long as a version, so that the row has its size before its version is known."""


class EntryRows(NamedTuple):
    """The rows of one entry, in the order of their tables' columns, without the keys that the writer gives.

    `claims` has the text of each key of its type, None for one that it does not have; `named` the (key, names) of each
    grouped entry that the entry's own row refers to. Rows of `lists` and `nested` begin with their position; those of
    grouped targets, too, get the pk from the writer. `linked` has the texts that link to other files.
    """

    type_name: str
    path: str
    item: str
    claims: tuple[str | None, ...]
    named: tuple[tuple[str, str | None] | None, ...]
    main: Row
    details: Row
    lists: tuple[list[Row], ...]
    values: tuple[list[Row], ...]
    nested: tuple[list[Row], ...]
    linked: tuple[Row, ...] = ()


class SeedRows(NamedTuple):
    """One seed on its way into the store; `failed` holds the items whose last good form stays, "" for the file."""

    path: str
    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    sha256: bytes | None
    entries: tuple[EntryRows, ...]
    failed: frozenset[str]
    hidden: int
    problems: tuple[Problem, ...]


def node_id(type_name: str, key: str) -> str:
    """Return the id of the entry that `key` identifies; opaque, the same on every machine."""
    digest = hashlib.blake2b(f"{type_name}\0{key}".encode(), digest_size=12).digest()
    return base64.urlsafe_b64encode(digest).decode()


def claim(values: Sequence[Any]) -> str | None:
    """Return the text of a key whose columns hold `values`: the value's own, or JSON of several; None without one."""
    if None in values:
        return None
    return str(values[0]) if len(values) == 1 else json_text(values)


def carried_digest(digest: bytes, code: str) -> bytes:
    """Return the digest of an entry as other code, whose fingerprint is `code`, has made it.

    It differs from that of the same entry made anew, so that a version never stands for two contents.
    """
    # The entry's own stays in front: it names its values, whoever has made them.
    return digest[:DIGEST_BYTES] + hashlib.sha256(digest + code.encode()).digest()[: DIGEST_BYTES // 2]
