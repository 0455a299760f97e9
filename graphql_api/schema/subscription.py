"""Subscription: what is told of each publish."""

from __future__ import annotations

from typing import Any

import strawberry

from graphql_api.schema.making import Member, empty_class, make_type, many, optional
from graphql_api.schema.mapping import Special
from graphql_api.schema.scalars import DateTime

_text: Any = str
_URLS = "The urls of entries {}; at most 1,000."
_IDS = "The ids of entries {}; at most 1,000."
_HOW = {"added": "that are new", "changed": "that are other than before", "removed": "that are gone"}


def _told(name: str, type_: Any, description: str) -> Member:  # noqa: ANN401 - an annotation
    return Member(name, type_, Special(name), description)


ContentChange, Subscription = (empty_class(name) for name in ("ContentChange", "Subscription"))

make_type(
    ContentChange,
    [
        _told("version", str, "The version of the content that was published."),
        _told("sequence", int, "Its place among all that was published, from 1."),
        _told("publishedAt", DateTime, "When it was published."),
        _told("label", optional(_text), "What the publish was called, like a commit; null for nothing."),
        *(_told(name, many(str), _URLS.format(how)) for name, how in _HOW.items()),
        *(_told(f"{name}Ids", many(strawberry.ID), _IDS.format(how)) for name, how in _HOW.items()),
        _told("tags", many(str), "The tags of the answers that are out of date now (Cache-Tag, Surrogate-Key)."),
        _told("isKnown", bool, "Whether this is all that differs; where it is false, take everything as changed."),
        _told("total", int, "How many entries with files were added, changed and removed."),
    ],
    "What a publish has changed.",
)
make_type(
    Subscription,
    [_told("contentChanged", ContentChange, "One event for each publish, from now on.")],
    "What can be heard of as it happens.",
)
