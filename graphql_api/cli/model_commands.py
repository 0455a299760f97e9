"""The commands of `graphql-api model`: a model guessed from files, and checked without any."""
# ruff: noqa: PLC0415 - what takes time to import is imported by the command that needs it

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphql_api.cli.exit_codes import ExitCode
from graphql_api.cli.options import option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.model.problems import ModelProblem
    from graphql_api.model.types import Model

MODEL_FILE = "content.graphql"
_BUILT_IN = "the built-in model"


@click.group()
def model() -> None:
    """Guess and check the content model: what authors write and what clients may query.

    For example:

      graphql-api model check --model content.graphql
    """


@model.command()
@option("--seeds", default="seeds", metavar="FOLDER", type=Path, help="The folder whose content.graphql is checked.")
@option(
    "--model",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check this file instead.",
)
@option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(seeds: Path, file: Path | None, *, as_json: bool) -> ExitCode:
    """Check a model alone: every problem has its line, its column and a remedy.

    The exit code is 1 if a problem of severity ERROR was found.

    For example:

      graphql-api model check                             # content.graphql in the seeds folder

      graphql-api model check --model content.graphql     # this file

      graphql-api model check --json                      # in a pipeline
    """
    from graphql_api.cli import report
    from graphql_api.model.language import problems_of
    from graphql_api.records import Severity

    name, text = _model_text(seeds, file)
    problems = problems_of(text)
    if as_json:
        report.show_json(_document(problems))
    else:
        report.show_model_problems(problems, name)
    is_bad = any(problem.severity is Severity.ERROR for problem in problems)
    return ExitCode.PROBLEMS if is_bad else ExitCode.OK


@model.command()
@option("--seeds", default="seeds", metavar="FOLDER", type=Path, help="The folder whose files it is guessed from.")
@option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write into this file instead of content.graphql in that folder.",
)
def init(seeds: Path, output: Path | None) -> None:
    """Guess a model from all files of a folder, each guess with a comment that says what it rests on.

    A file that is there already is never written over.

    For example:

      graphql-api model init --seeds content        # writes content/content.graphql

      graphql-api model init --output new.graphql   # writes new.graphql
    """
    from graphql_api.cli.model_init import write_model

    write_model(seeds, output or seeds / MODEL_FILE)


@model.command()
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The model as it was.")
@option("--seeds", default="seeds", metavar="FOLDER", type=Path, help="The folder of the new content.graphql.")
@option(
    "--model",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take this file as the new one instead.",
)
@option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def diff(old: Path, seeds: Path, file: Path | None, *, as_json: bool) -> ExitCode:
    """Tell what a changed model means for clients: BREAKING, DANGEROUS or SAFE, what breaks them first.

    The exit code is 1 if a change breaks clients.

    For example:

      graphql-api model diff before.graphql                          # to content.graphql in the seeds folder

      git show HEAD:content.graphql > /tmp/old && graphql-api model diff /tmp/old --model content.graphql
    """
    from graphql_api.cli import report
    from graphql_api.model.diff import Impact, changes
    from graphql_api.schema.build import build_schema

    before, after = (build_schema(_model(seeds, each)).graphql for each in (old, file))
    found = changes(before, after)
    if as_json:
        report.show_json({"changes": [{"impact": each.impact, "message": each.message} for each in found]})
    else:
        report.show("\n".join([f"{each.impact} {each.message}" for each in found] or ["Nothing changed for clients."]))
    return ExitCode.PROBLEMS if any(each.impact is Impact.BREAKING for each in found) else ExitCode.OK


def _model(seeds: Path, file: Path | None) -> Model:
    """Return the model that is meant. Raises BadParameter and ModelError."""
    from graphql_api.model.language import read_model
    from graphql_api.model.problems import told_in

    name, text = _model_text(seeds, file)
    with told_in(name):
        return read_model(text)


def _model_text(seeds: Path, file: Path | None) -> tuple[str, str]:
    """Return the name and the text of the model that is meant. Raises BadParameter if it cannot be read."""
    from graphql_api.errors import ContentError
    from graphql_api.loading.model_file import model_text
    from graphql_api.model.texts import package_text

    path = file or seeds / MODEL_FILE
    if file is None and not path.is_file():
        return _BUILT_IN, package_text("questions.graphql")
    try:
        return str(path), model_text(seeds, file)
    except ContentError as error:
        raise click.BadParameter(str(error)) from error


def _document(problems: Sequence[ModelProblem]) -> dict[str, Any]:
    """Return problems and their counts as a JSON document."""
    from msgspec import structs

    return {
        "errors": sum(problem.severity == "ERROR" for problem in problems),
        "warnings": sum(problem.severity == "WARNING" for problem in problems),
        "problems": [structs.asdict(problem) for problem in problems],
    }
