"""Model init: a guessed model, written beside the files that it was guessed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphql_api.cli import report
from graphql_api.errors import ContentError
from graphql_api.inference.infer import infer

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.inference.infer import Inferred

LEFT_OUT_SHOWN = 5


def write_model(seeds: Path, file: Path) -> None:
    """Guess a model of the files below `seeds` and write it into `file`; say what is in it, and what is not.

    Raises BadParameter if the file is there already or cannot be written, ContentError if there is nothing to read.
    """
    if file.exists() or file.is_symlink():
        raise _is_there(file)
    inferred = infer(seeds)
    if not inferred.types:
        raise ContentError(f"There is no content below {seeds}: no file with keys or text. Name another folder.")
    _write(file, inferred.text)
    _show(inferred, file, seeds)


def _is_there(file: Path) -> click.BadParameter:
    return click.BadParameter(f"{file} is there already, and stays as it is. Name another file with --output.")


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        raise _is_there(file) from None
    except OSError as cause:
        message = f"{file} cannot be written: {cause.strerror}. Name another file with --output."
        raise click.BadParameter(message) from cause


def _show(inferred: Inferred, file: Path, seeds: Path) -> None:
    for name, count in inferred.types:
        report.show(f"{name}: {count:,}")
    for path, reason in inferred.left_out[:LEFT_OUT_SHOWN]:
        report.say(f"left out: {path}: {reason}")
    if len(inferred.left_out) > LEFT_OUT_SHOWN:
        report.say(f"left out: {len(inferred.left_out) - LEFT_OUT_SHOWN:,} more; the first of them stand in {file}")
    report.say(f"{file} is written: read what each guess rests on, then: graphql-api serve --seeds {seeds}")
