"""Misfit: files that the built-in model is not about, told in one sentence with what to do."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from graphql_api.cli import report
from graphql_api.loading.model_file import has_model
from graphql_api.records import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql_api.loading.options import Checked
    from graphql_api.records import LoadReport, Problem

_FILES_FOR_EACH_THAT_FITS = 9


def tell_of_load(seeds: Path, model: Path | None, loaded: LoadReport) -> None:
    """Print what to do if nearly no file of a folder without a model fits the built-in one."""
    fitting = loaded.added + loaded.changed + loaded.unchanged
    _tell(seeds, model, fitting, _refused(loaded.problems) + loaded.unclaimed)


def tell_of_check(seeds: Path, model: Path | None, checked: Checked) -> None:
    """Print the same after a check."""
    refused = _refused(checked.problems)
    _tell(seeds, model, checked.files - refused, refused + len(checked.unclaimed))


def _tell(seeds: Path, model: Path | None, fitting: int, others: int) -> None:
    if model is None and others > _FILES_FOR_EACH_THAT_FITS * fitting and not has_model(seeds):
        command = shlex.join(["graphql-api", "model", "init", "--seeds", str(seeds)])
        report.say(f"The files in {seeds} do not fit the built-in model; make one of their own: {command}")


def _refused(problems: Sequence[Problem]) -> int:
    return len({problem.path for problem in problems if problem.severity is Severity.ERROR})
