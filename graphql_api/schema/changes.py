"""What `changes` shows: the entries that differ since an earlier publish."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry

from graphql_api.schema.making import Argument, Member, empty_class, make_type, many, optional
from graphql_api.schema.mapping import Special

DEFAULT_CHANGES = 100
_text: Any = str


@strawberry.enum(description="How an entry differs.")
class ChangeKind(Enum):
    """See the descriptions."""

    ADDED = strawberry.enum_value("ADDED", description="It was not there.")
    CHANGED = strawberry.enum_value("CHANGED", description="It, or where its references lead, is other than it was.")
    REMOVED = strawberry.enum_value("REMOVED", description="It is there no more.")


ChangedEntry, ContentChanges = (empty_class(name) for name in ("ChangedEntry", "ContentChanges"))

make_type(
    ChangedEntry,
    [
        Member("id", strawberry.ID, Special("changedId"), "Its id, for `node` and `nodes`."),
        Member("kind", ChangeKind, Special("changedKind"), "How it differs."),
        Member("type", str, Special("changedType"), "The name of its type."),
        Member("url", optional(_text), Special("changedUrl"), "Its url; null for a type without one."),
        Member("tag", str, Special("changedTag"), "What caches know it by (Cache-Tag, Surrogate-Key)."),
    ],
    "An entry that differs since an earlier publish.",
)
make_type(
    ContentChanges,
    [
        Member("sequence", int, Special("sequence"), "The place of the content that this answer comes from."),
        Member("version", str, Special("version"), "Its version."),
        Member("totalCount", int, Special("totalCount"), "How many entries differ."),
        Member("nodes", many(ChangedEntry), Special("nodes"), "A page of them, by their ids."),
        Member(
            "next",
            optional(strawberry.ID),
            Special("next"),
            "The `after` of the next page; null at the end.",
        ),
    ],
    "What differs since an earlier publish, whatever has been published meanwhile.",
)

CHANGES = [
    Argument("since", strawberry.ID, "A `sequence` or a `version` that this API gave."),
    Argument("first", int, "How many entries, 1 to 1000.", DEFAULT_CHANGES),
    Argument("after", optional(strawberry.ID), "The `next` of the page before."),
]
