"""Identity: what tells entries apart during a load, and the keys that they claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

if TYPE_CHECKING:
    from graphql_api.loading.rows import EntryRows


class EntryId(NamedTuple):
    """What tells one entry from others while keys are disputed: its type, its file and the item in it."""

    type_name: str
    path: str
    item: str


class Claim(NamedTuple):
    """The text of one key: nobody else of the type may have it. `key` is the key's number in the type."""

    type_name: str
    key: int
    text: str


class Owner(Struct, frozen=True):
    """Who has a key, and whether this load has put it there."""

    id: EntryId
    is_new: bool


def id_of(rows: EntryRows) -> EntryId:
    """Return what names the entry."""
    return EntryId(rows.type_name, rows.path, rows.item)


def claims_of(rows: EntryRows) -> list[Claim]:
    """Return what the entry claims."""
    return [Claim(rows.type_name, key, text) for key, text in enumerate(rows.claims) if text is not None]
