"""A load in waiting: it has imported all that a load needs, so that it takes half as long from when it is asked for.

A server that watches its seeds keeps one (`graphql_api.server.reloading`). It waits for a line of JSON on stdin, in
which its last options are, and ends without a load when there is none.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

import click

from graphql_api import collector
from graphql_api.cli.content_options import is_label
from graphql_api.loading.made_by import code_fingerprint

if TYPE_CHECKING:
    from pathlib import Path

_NEEDED = (
    "loading.whole_load",
    "loading.row_maker",
    "reading.compile",
    "rendering.render",
    "search.blocks",
    "store.layout",
)


def options_when_asked(store: Path) -> dict[str, Any] | None:
    """Get ready and wait; return the options that are asked for, `force` and `label`, or None if nobody asks any more.

    What is current in `store` is read already.

    Raises UsageError for what is no such line.
    """
    code_fingerprint()  # of the code that is imported, whatever is installed in its place meanwhile
    with collector.paused():
        for name in _NEEDED:
            importlib.import_module(f"graphql_api.{name}")
        from graphql_api.loading.publish import read_ahead  # noqa: PLC0415 - imported just now, not with the commands

        read_ahead(store)
    line = sys.stdin.readline()
    return _options(line) if line else None


def _options(line: str) -> dict[str, Any]:
    try:
        match json.loads(line):
            case {"force": bool(force), "label": str(label)} if is_label(label):
                return {"force": force, "label": label}
    except (ValueError, RecursionError):
        pass
    raise click.UsageError('What is asked for is a line like {"force": false, "label": ""} on stdin.')
