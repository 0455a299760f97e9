"""What the commands print: results go to stdout, messages and progress to stderr.

On a terminal there are tables and a progress bar; elsewhere plain lines, one thing each. Only a terminal needs rich,
which takes longer to import than all the rest.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import contextlib
import difflib
import json
import os
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, TextIO

from msgspec import structs

from graphql_api.errors import RequestError
from graphql_api.model.english import plural
from graphql_api.records import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from graphql_api.errors import GraphQLAPIError, LoadRefusedError
    from graphql_api.loading.options import Progress as Told
    from graphql_api.model.problems import ModelProblem
    from graphql_api.records import LoadReport, Problem

PROBLEMS_SHOWN = 50
"""On a terminal; elsewhere, and with --json, all are told."""
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}
_CODES_EXPLAINED = "docs/problems.md explains every code."
_FILES_NAMED = 3
_LINES_OF_PROGRESS = 10
_SEEDS_WORTH_A_LINE = 1_000
_SAY_WHAT_IS_A_TERMINAL = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE"})
"""Variables that rich obeys, whatever the stream is."""


def say(text: str) -> None:
    """Print one message to stderr."""
    _write(printable(text), sys.stderr)


def say_error(error: GraphQLAPIError) -> None:
    """Print an error of ours to stderr: one line, or one for each error of an operation, with its place."""
    if not isinstance(error, RequestError):
        say(f"graphql-api: {error}")
        return
    for each in error.errors:
        places = [f"line {place['line']}, column {place['column']}: " for place in each.get("locations", ())]
        say(f"graphql-api: {''.join(places[:1])}{each['message']}")


def show(text: str) -> None:
    """Print one line of a result to stdout, at once."""
    _write(printable(text), sys.stdout)


def show_json(document: dict[str, Any]) -> None:
    """Print a JSON document to stdout, in ASCII so that every terminal and every reader takes it."""
    _write(json.dumps(document, indent=2), sys.stdout)


def printable(text: str) -> str:
    """Return `text` with every control character written as an escape, so that no file name steers the terminal."""
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1] for character in text
    )


@contextlib.contextmanager
def progress_of(doing: str) -> Iterator[Told]:
    """Give what is to be called with (done, total) seeds: a bar on a terminal, else a line for every tenth."""
    terminal = _terminal(stderr=True)
    if not terminal:
        yield _lines_of_progress(doing)
        return

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=terminal, transient=True) as bar:
        task = bar.add_task(doing, total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield told


def show_load(report: LoadReport, *, as_json: bool = False) -> None:
    """Print what a load did, its problems, and what they mean for the entries."""
    if as_json:
        show_json(load_document(report))
        return
    rows = {
        "version": report.version if report.published else f"{report.version} (was current already)",
        "entries": f"{report.added + report.changed + report.unchanged:,}",
        "added": f"{report.added:,}",
        "changed": f"{report.changed:,}",
        "removed": f"{report.removed:,}",
        "unchanged": f"{report.unchanged:,}",
        **({"hidden": f"{report.hidden:,}"} if report.hidden else {}),
        **({"files of no type": f"{report.unclaimed:,}"} if report.unclaimed else {}),
        "problems": problem_counts(report.problems),
        "seconds": f"{report.seconds:.2f}",
    }
    if terminal := _terminal():
        from rich.table import Table

        table = Table("", "", title="Loaded", title_justify="left", title_style="bold", show_header=False)
        for name, value in rows.items():
            table.add_row(name, value)
        terminal.print(table)
    else:
        for name, value in rows.items():
            show(f"{name}: {value}")
    show_problems(report.problems)
    show_consequences(report.problems)


def show_check(problems: Sequence[Problem], unclaimed: Sequence[str] = (), *, as_json: bool = False) -> None:
    """Print the problems of a check, or of a load that was refused, and how many there are.

    `unclaimed` are the paths of the files that no type of the model claims.
    """
    if as_json:
        show_json({**problems_document(problems), "unclaimed": len(unclaimed)})
        return
    show_problems(problems)
    show(f"problems: {problem_counts(problems)}")
    if unclaimed:
        more = f", and {len(unclaimed) - _FILES_NAMED:,} more" if len(unclaimed) > _FILES_NAMED else ""
        show(f"files of no type: {len(unclaimed):,} ({', '.join(unclaimed[:_FILES_NAMED])}{more})")
    if problems:
        show(_CODES_EXPLAINED)


def show_model_problems(problems: Sequence[ModelProblem], file: str, more: int = 0) -> None:
    """Print the problems of a model, each as compilers do, and how many there are; `more` are not among them."""
    for each in problems:
        show(f"{file}:{each.line}:{each.column}: {each.severity} {each.message}")
    severities = Counter(each.severity for each in problems)
    counts = [counted(severities[each], each.lower()) for each in Severity if severities[each]]
    show(f"{file}: {', '.join(counts) or 'no problems'}{f', and {more} more' if more else ''}")


def show_refusal(error: LoadRefusedError, *, as_json: bool = False) -> None:
    """Print what led to the refusal of a load; as JSON with the reason, which is told on stderr in any case."""
    if as_json:
        show_json({"refused": str(error), **problems_document(error.problems)})
    elif error.problems:
        show_check(error.problems)


def show_consequences(problems: Sequence[Problem]) -> None:
    """Print what a load has made of entries with an ERROR, and where the codes are explained."""
    if has_errors(problems):
        show("Entries with an error stay as they were last loaded; new ones are left out.")
    if problems:
        show(_CODES_EXPLAINED)


def show_first_problems(problems: Sequence[Problem], count: int, command: str) -> None:
    """Print a line for each of the first `count` problems, errors first; `command` tells the others."""
    for problem in sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)[:count]:
        show(f"  {_line(problem)}")
    if len(problems) > count:
        show(f"  … and {len(problems) - count:,} more; all of them: {command}")


def show_problems(problems: Sequence[Problem]) -> None:
    """Print problems: a table of the first ones on a terminal, else a line for each."""
    terminal = _terminal()
    if not terminal:
        for problem in problems:
            show(_line(problem))
        return
    if problems:
        _show_table(problems[:PROBLEMS_SHOWN], terminal)
    if len(problems) > PROBLEMS_SHOWN:
        show(f"… and {len(problems) - PROBLEMS_SHOWN:,} more. With --json, or in a pipe, all are told.")


def _show_table(problems: Sequence[Problem], terminal: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("severity", "code", title_justify="left")
    for header in ("where", "what is wrong, and what to do"):
        table.add_column(header, overflow="fold")  # a name or a place that is cut off is of no use
    for problem in problems:
        severity = Text(problem.severity, _STYLES[problem.severity])
        table.add_row(severity, problem.code, *(Text(printable(text)) for text in (_place(problem), problem.message)))
    terminal.print(table)


def problem_counts(problems: Sequence[Problem]) -> str:
    """Return a summary like "1 error, 2 warnings (DUPLICATE_URL 1, UNKNOWN_KEY 2)"."""
    if not problems:
        return "none"
    severities = Counter(problem.severity for problem in problems)
    summary = ", ".join(counted(severities[each], each.lower()) for each in Severity if severities[each])
    codes = sorted(Counter(problem.code for problem in problems).items())
    return f"{summary} ({', '.join(f'{code} {count:,}' for code, count in codes)})"


def counted(count: int, noun: str) -> str:
    """Return "1 subject" or "1,200 subjects"."""
    return f"{count:,} {noun if count == 1 else plural(noun)}"


def has_errors(problems: Sequence[Problem]) -> bool:
    """Return whether any problem is an ERROR."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def problems_document(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return problems and their counts as a JSON document."""
    severities = Counter(problem.severity for problem in problems)
    return {
        "errors": severities[Severity.ERROR],
        "warnings": severities[Severity.WARNING],
        "problems": [structs.asdict(problem) for problem in problems],
    }


def load_document(report: LoadReport) -> dict[str, Any]:
    """Return a load's report as a JSON document: the fields of LoadReport, and counts of the problems."""
    counts = {name: getattr(report, name) for name in report.__struct_fields__ if name != "problems"}
    return {**counts, **problems_document(report.problems)}


def difference(held: str, current: str, name: str) -> str:
    """Return the unified diff from the text `held`, called `name`, to `current`; empty if they are equal."""
    before, after = held.splitlines(keepends=True), current.splitlines(keepends=True)
    return "".join(difflib.unified_diff(before, after, name, "the current schema"))


def _write(text: str, stream: TextIO | None) -> None:
    if stream:  # one that was closed before Python started is None
        stream.write(f"{text}\n")
        stream.flush()


def _terminal(*, stderr: bool = False) -> Console | None:
    """Return the terminal that stdout or stderr is, or that the environment says it is; None for anything else."""
    stream = sys.stderr if stderr else sys.stdout
    if not (stream and stream.isatty()) and _SAY_WHAT_IS_A_TERMINAL.isdisjoint(os.environ):
        return None

    from rich.console import Console

    console = Console(stderr=stderr)
    return console if console.is_terminal else None


def _line(problem: Problem) -> str:
    return f"{_place(problem)}: {problem.severity} {problem.code} {problem.message}"


def _place(problem: Problem) -> str:
    return problem.path if problem.line is None else f"{problem.path}:{problem.line}"


def _lines_of_progress(doing: str) -> Told:
    """Return what says each tenth of a long work once."""
    said = 0

    def told(done: int, total: int) -> None:
        nonlocal said
        tenth = done * _LINES_OF_PROGRESS // total
        if total >= _SEEDS_WORTH_A_LINE and tenth > said:
            said = tenth
            say(f"{doing}: {done:,} of {total:,}")

    return told
