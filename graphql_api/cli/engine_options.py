"""The options of `serve` that bound what an operation may ask for and cost."""

from __future__ import annotations

from typing import Final

import click

from graphql_api.cli.options import Bound, bounds
from graphql_api.settings import MAX_LEVELS, Limits

_COUNT: Final = click.IntRange(1)
_BYTES: Final = click.IntRange(1_024)
_SECONDS: Final = click.FloatRange(0.01)

_OPTIONS: Final[tuple[Bound, ...]] = (
    ("--max-cost", "cost", _COUNT, "What an operation may cost."),
    ("--max-answer-bytes", "answer_bytes", _BYTES, "An answer, before it is compressed."),
    ("--statement-seconds", "deadline_seconds", _SECONDS, "How long an operation's statement may run."),
    ("--wait-seconds", "wait_seconds", _SECONDS, "How long it may wait for others before that."),
    ("--lanes", "lanes", click.IntRange(2, 64), "The connections of a worker to the store."),
    ("--max-depth", "depth", click.IntRange(1, MAX_LEVELS), "Fields within fields, from the root."),
    ("--max-fields", "selections", _COUNT, "Fields of an operation, its fragments spread."),
    ("--max-lists", "lists", _COUNT, "Lists within lists."),
    ("--max-page-size", "page", click.IntRange(1, 10_000), "A page: first and last."),
    ("--max-objects", "rows", _COUNT, "Objects in an answer."),
    ("--max-texts", "texts", _COUNT, "Whole texts in an answer."),
    ("--max-schema-objects", "introspected", _COUNT, "Objects of the schema in an answer."),
    ("--max-document-tokens", "document_tokens", _COUNT, "Words and signs of a document."),
    ("--max-document-bytes", "document_bytes", _COUNT, "A document's text."),
    ("--max-operations", "operations", _COUNT, "Operations in a document."),
    ("--max-input-items", "items", _COUNT, "Items of all lists in the variables."),
    ("--max-input-characters", "characters", _COUNT, "A text in the variables."),
    ("--max-input-depth", "levels", click.IntRange(1, 250), "Lists and objects within each other in the variables."),
)


engine_options: Final = bounds(Limits(), _OPTIONS)
"""Adds the options of an operation's limits to a command."""
