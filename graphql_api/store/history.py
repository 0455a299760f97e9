"""The history in a generation: what each publish has changed, as those read it who tell of it or ask for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence

ADDED, CHANGED, REMOVED = 1, 2, 3
CHANGE_KINDS: Final = {ADDED: "ADDED", CHANGED: "CHANGED", REMOVED: "REMOVED"}

MAX_PUBLISHES: Final = 1_000
MAX_IDS: Final = 1_000_000
"""What is kept of the history: the older publishes go first."""

MAX_TOLD: Final = 1_000
"""How many urls and ids of a kind are told of a publish."""

CONTENT_TAG: Final = "content"
"""The tag of what depends on every publish."""

TAG_CHARACTERS: Final = 8
"""How much of an id is the tag that caches know an entry by."""


def _told(column: str, kind: int) -> str:
    return (
        f"(SELECT json_group_array({column}) FROM (SELECT {column} FROM change AS c WHERE c.sequence = p.sequence"
        f" AND c.kind = {kind} AND {column} IS NOT NULL ORDER BY c.url, c.node_id LIMIT {MAX_TOLD}))"
    )


EVENTS: Final = f"""
SELECT CAST(json_group_array(json(event)) AS BLOB)
FROM (
    SELECT json_object(
        'sequence', p.sequence, 'version', p.version, 'publishedAt', p.published_at, 'label', p.label,
        'total', p.total, 'isKnown', p.is_known,
        'added', json({_told("url", ADDED)}), 'addedIds', json({_told("node_id", ADDED)}),
        'changed', json({_told("url", CHANGED)}), 'changedIds', json({_told("node_id", CHANGED)}),
        'removed', json({_told("url", REMOVED)}), 'removedIds', json({_told("node_id", REMOVED)}),
        'types', json((SELECT json_group_array(DISTINCT c.type) FROM change AS c WHERE c.sequence = p.sequence))
    ) AS event
    FROM publish AS p
    WHERE p.sequence > ?
    ORDER BY p.sequence
)
"""
"""The publishes after the one whose place is bound: one value, what `events_of` reads."""

Event = dict[str, Any]
"""What is told of one publish, by the names of `ContentChange`."""


def events_of(row: Sequence[bytes]) -> list[Event]:
    """Return the publishes that the row of `EVENTS` tells of, in order."""
    return [_told_event(event) for event in orjson.loads(row[0])]


def unknown_event(version: str, sequence: int, label: str, types: Sequence[str] = ()) -> Event:
    """Return what is told of a publish of which nobody knows what it changes: one that was taken back, or imported."""
    lists: dict[str, Any] = {name: [] for kind in ("added", "changed", "removed") for name in (kind, f"{kind}Ids")}
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    named = {"version": version, "sequence": sequence, "publishedAt": moment, "label": label}
    return _told_event({**named, **lists, "total": 0, "isKnown": False, "types": list(types)})


def _told_event(event: Event) -> Event:
    told = {**event, "label": event["label"] or None, "isKnown": bool(event["isKnown"])}
    return {**told, "tags": tags_of(told)}


def tag_of(node_id: str) -> str:
    """Return the tag that caches know an entry by: short, since there may be hundreds in a header."""
    return node_id[:TAG_CHARACTERS]


def list_tag(type_name: str) -> str:
    """Return the tag of what depends on which entries of a type there are, and on how they are sorted."""
    return f"{type_name}-list"


def tags_of(event: Event) -> list[str]:
    """Return the tags of what a publish has made old: of entries and lists, or of whole types if that is not known."""
    ids = [*event["addedIds"], *event["changedIds"], *event["removedIds"]]
    is_cut = MAX_TOLD in {len(event["addedIds"]), len(event["changedIds"]), len(event["removedIds"])}
    if is_cut or not event["isKnown"]:
        return [CONTENT_TAG, *event["types"]]
    return [CONTENT_TAG, *map(list_tag, event["types"]), *sorted({tag_of(each) for each in ids})]
