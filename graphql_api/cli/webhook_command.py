"""The command `webhooks`, and what `load` does about them."""
# ruff: noqa: PLC0415 - what takes time to import is imported by the command that needs it

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from graphql_api.cli.content_options import json_option, store_option
from graphql_api.cli.exit_codes import ExitCode
from graphql_api.cli.options import option, secret

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.store.webhook_queue import Message


def send_after_load(store: Path) -> None:
    """Try once to send what is in the queue, unless a server does; what is left is told."""
    from graphql_api.store.webhook_queue import folder_of

    if not folder_of(store).exists():
        return
    from graphql_api.cli import report
    from graphql_api.server.webhooks import send_due

    outcome = send_due(store, secret("WEBHOOK_SECRET"))
    if outcome and outcome.waiting:
        report.say(f"{outcome.waiting:,} webhooks could not be sent. Try again: graphql-api webhooks --flush")


@click.command()
@store_option
@option("--flush", is_flag=True, help="Try to send all of them now, those that were given up too.")
@json_option
def webhooks(store: Path, *, flush: bool, as_json: bool) -> ExitCode:
    """List the webhooks that wait to be sent or were given up, and why.

    With --flush all are tried first. The exit code is 1 if any is left.

    For example:

      graphql-api webhooks           # what waits?

      graphql-api webhooks --flush   # try now
    """
    from graphql_api.cli import report
    from graphql_api.server.webhooks import send_due
    from graphql_api.store.webhook_queue import queued

    if flush and send_due(store, secret("WEBHOOK_SECRET"), everything=True) is None:
        report.say("A server sends the webhooks of this store; it tries again by itself.")
    messages = [message for _, message in queued(store)]
    if as_json:
        report.show_json({"webhooks": [_document(message) for message in messages]})
    else:
        for message in messages:
            report.show(_line(message))
        report.show(f"webhooks in the queue: {len(messages):,}")
    return ExitCode.PROBLEMS if messages else ExitCode.OK


def _document(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "sequence": message.sequence,
        "url": message.url,
        "attempts": message.attempts,
        "nextAt": _moment(message),
        "reason": message.reason,
    }


def _moment(message: Message) -> str | None:
    if message.next_at is None:
        return None
    return dt.datetime.fromtimestamp(message.next_at, dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _line(message: Message) -> str:
    state = "given up" if message.is_given_up else f"next at {_moment(message)}"
    tried = f"{message.attempts} attempts" if message.attempts else "not tried yet"
    return f"publish {message.sequence} to {message.url}: {tried}, {state}. {message.reason}".rstrip()
