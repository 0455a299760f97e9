"""The command `check`, for a person, a pipeline, GitHub's pages, and a hook before a commit."""
# ruff: noqa: PLC0415 - what takes time to import is imported by the command that needs it

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from graphql_api.cli.content_options import (
    json_option,
    model_option,
    nice_option,
    public_option,
    redirects_option,
    seeds_option,
)
from graphql_api.cli.exit_codes import ExitCode
from graphql_api.cli.options import option

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from graphql_api.loading.options import Checked
    from graphql_api.model.problems import ModelError
    from graphql_api.records import Problem

MODEL_FILE: Final = "content.graphql"
_FORMATS: Final = ("text", "json", "github")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), help="Tell the problems of these files alone.")
@seeds_option
@model_option
@public_option
@redirects_option
@nice_option
@json_option
@option("--format", "form", type=click.Choice(_FORMATS), default="text", help="How the problems are told.")
def check(
    *,
    files: tuple[Path, ...],
    seeds: Path,
    model_file: Path | None,
    public: Path | None,
    redirects: Path | None,
    nice: int,
    form: str,
    as_json: bool,
) -> ExitCode:
    """Read and validate every seed, and store nothing. Every problem has a code, a place and a remedy.

    The exit code is 1 if a problem of severity ERROR was found. With FILES only their problems count, though all seeds
    are read, for what leads from one to another; files that are no seeds are passed over.

    For example:

      graphql-api check                          # before a commit

      graphql-api check --seeds drafts --json    # in a pipeline

      graphql-api check --format github          # in a workflow: the lines of a pull request show the problems

      graphql-api check seeds/physics/tides.md   # as a hook before a commit calls it
    """
    from graphql_api.cli import misfit, report
    from graphql_api.model.problems import ModelError

    wanted = _wanted(files, seeds, model_file)
    if wanted is not None and not wanted:
        report.say(f"None of these files is a seed below {seeds}.")
        return ExitCode.OK
    form = "json" if as_json else form
    try:
        checked = _checked(seeds, model_file, public, redirects, nice)
    except ModelError as error:
        file = str(model_file or seeds / MODEL_FILE)
        if form == "github":
            _annotate_model(error, file)
        elif form == "text":
            report.show_model_problems(error.problems, file, error.more)
            return ExitCode.PROBLEMS
        raise
    problems = [each for each in checked.problems if wanted is None or each.path in wanted]
    if form == "github":
        _annotate(problems, seeds)
    else:
        report.show_check(problems, () if wanted else checked.unclaimed, as_json=form == "json")
    if wanted is None:
        misfit.tell_of_check(seeds, model_file, checked)
    return ExitCode.PROBLEMS if report.has_errors(problems) else ExitCode.OK


def _checked(seeds: Path, model_file: Path | None, public: Path | None, redirects: Path | None, nice: int) -> Checked:
    from graphql_api.cli import report
    from graphql_api.loading.load import check as check_seeds
    from graphql_api.signals import run

    with report.progress_of("Checking") as progress:
        return run(check_seeds(seeds, progress, model_file, public, redirects, nice=nice))


def _wanted(files: Sequence[Path], seeds: Path, model_file: Path | None) -> Collection[str] | None:
    """Return the paths below the seeds folder whose problems are to be told; None for all.

    Whoever names the model changes what every file means.
    """
    from graphql_api.reading.discover import SUFFIXES
    from graphql_api.reading.redirect_files import NAMES

    folder, model = seeds.resolve(), (model_file or seeds / MODEL_FILE).resolve()
    named = [each.resolve() for each in files]
    if not named or model in named:
        return None
    below = [each for each in named if each.is_relative_to(folder)]
    below = [each for each in below if each.suffix.lower() in SUFFIXES or each.name in NAMES]
    return {each.relative_to(folder).as_posix() for each in below}


def _annotate(problems: Sequence[Problem], seeds: Path) -> None:
    """Print workflow commands, which GitHub shows beside the lines that they name."""
    for each in problems:
        _print_command(each.severity, str(seeds / each.path), each.line, each.code, each.message)


def _annotate_model(error: ModelError, path: str) -> None:
    for each in error.problems:
        _print_command(each.severity, path, each.line, "MODEL", each.message)


def _print_command(severity: str, path: str, line: int | None, code: str, message: str) -> None:
    from graphql_api.cli import report

    place = [f"file={_escaped(_from_here(path), ':,')}", *([f"line={line}"] if line else []), f"title={code}"]
    report.show(f"::{severity.lower()} {','.join(place)}::{_escaped(message)}")


def _from_here(path: str) -> str:
    """Return a path as it is seen from the current folder, which in a workflow is that of the repository."""
    here, there = Path.cwd(), Path(path).absolute()
    return there.relative_to(here).as_posix() if there.is_relative_to(here) else path


def _escaped(text: str, more: str = "") -> str:
    """Return a text as a workflow command has it: its own signs, and `more` of them, as %XX."""
    return "".join(f"%{ord(each):02X}" if each in f"%\r\n{more}" else each for each in text)
