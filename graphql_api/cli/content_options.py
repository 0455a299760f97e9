"""The options that commands about content share: the seeds, the store, the model, the site's files, JSON."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphql_api.cli.options import option
from graphql_api.settings import DEFAULT_NICENESS

if TYPE_CHECKING:
    from collections.abc import Callable


def _folder(_context: click.Context, _parameter: click.Parameter, text: str) -> Path:
    """Return the folder that an option names; the path of an empty text would be the current folder."""
    if not text:
        raise click.BadParameter("It names no folder; the current one is `.`.")
    return Path(text)


_FOLDER: dict[str, Any] = {"callback": _folder, "metavar": "FOLDER"}

seeds_option: Callable[..., Any] = option("--seeds", default="seeds", help="The folder of the seed files.", **_FOLDER)
store_option: Callable[..., Any] = option(
    "--store", default=".graphql-api", help="The folder where what is loaded lives.", **_FOLDER
)
model_option: Callable[..., Any] = option(
    "--model",
    "model_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The content model, in place of content.graphql in the seeds folder and of the built-in one.",
)
public_option: Callable[..., Any] = option(
    "--public",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder that the site serves from its root, to look up images and files in.",
)
redirects_option: Callable[..., Any] = option(
    "--redirects",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file of old and new urls, in place of redirects.yml or the like in the seeds folder.",
)
nice_option: Callable[..., Any] = option(
    "--nice",
    type=click.IntRange(0, 19),
    default=DEFAULT_NICENESS,
    help="How much a load leaves the cores to others, from 0 to 19.",
)
json_option: Callable[..., Any] = option("--json", "as_json", is_flag=True, help="Print the report as JSON.")


_MAX_LABEL_CHARACTERS = 200


def is_label(text: str) -> bool:
    """Return whether a publish can be called so: in one line that is not too long."""
    return len(text) <= _MAX_LABEL_CHARACTERS and text.isprintable()


def _label(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    """Return the label that an option gives: one line."""
    if not is_label(text):
        raise click.BadParameter(f"A label is one line of at most {_MAX_LABEL_CHARACTERS} characters.")
    return text


label_option: Callable[..., Any] = option(
    "--label", default="", callback=_label, metavar="TEXT", help="What the publish is called, like a commit."
)


def _webhooks(_context: click.Context, _parameter: click.Parameter, urls: tuple[str, ...]) -> tuple[str, ...]:
    """Return the urls that an option gives."""
    for url in urls:
        if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?][!-~]*)?", url):
            raise click.BadParameter(f"{url!r} is no address like https://www.example.org/hooks/content.")
    return urls


webhook_option: Callable[..., Any] = option(
    "--webhook", "webhooks", multiple=True, callback=_webhooks, metavar="URL", help="Whom to tell of each publish."
)
