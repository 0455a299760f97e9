"""The command `status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphql_api.cli.content_options import json_option, store_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@store_option
@json_option
def status(store: Path, *, as_json: bool) -> None:
    """Tell what a store serves: version, label, since when; and what the last loads did, with their problems.

    For example:

      graphql-api status

      graphql-api status --json    # for a monitor
    """
    from graphql_api.cli.status import show_status  # noqa: PLC0415 - what takes time to import, the command imports

    show_status(store, as_json=as_json)
