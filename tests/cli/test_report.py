"""What is printed: tables and a bar on a terminal, plain lines elsewhere, and nothing that steers a terminal."""

from __future__ import annotations

import os

import pytest
from msgspec.structs import replace

from graphql_api.cli import report
from graphql_api.errors import ValidationError
from graphql_api.records import LoadReport, Problem, Severity

LOADED = LoadReport(
    version="0123456789abcdef",
    published=True,
    added=1_200,
    changed=3,
    removed=0,
    unchanged=40,
    hidden=0,
    unclaimed=0,
    seconds=1.5,
    problems=(),
)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make both streams a terminal of 200 columns, as rich sees them."""
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "200")


def problems(count: int, severity: Severity = Severity.ERROR) -> tuple[Problem, ...]:
    """Return problems of files 0.md, 1.md and so on."""
    return tuple(Problem(severity, "NO_FRONT_MATTER", f"{number}.md", None, "Mend it.") for number in range(count))


@pytest.mark.usefixtures("terminal")
def test_load_on_a_terminal_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Large numbers have separators; the articles are all that are there now."""
    report.show_load(LOADED)
    printed = capsys.readouterr().out
    assert "│ entries   │ 1,243 " in printed
    assert "│ version   │ 0123456789abcdef " in printed


def test_terminal_is_known_without_being_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that is one is enough."""
    for variable in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(variable, raising=False)
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as printed, os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr("sys.stdout", terminal)
        report.show_load(LOADED)
        assert "│ entries   │ 1,243 ".encode() in printed.read(4_096)


@pytest.mark.usefixtures("terminal")
def test_problems_on_a_terminal_are_a_table_of_the_first_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """A thousand problems do not push the counts off the screen."""
    report.show_problems(problems(report.PROBLEMS_SHOWN + 1_000, Severity.WARNING))
    printed = capsys.readouterr().out
    assert printed.count("NO_FRONT_MATTER") == report.PROBLEMS_SHOWN
    assert "… and 1,000 more. " in printed


@pytest.mark.usefixtures("terminal")
def test_nothing_of_a_problem_is_cut_off_by_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its file, its line and what to do are what the table is for; they go on in the next line."""
    monkeypatch.setenv("COLUMNS", "80")
    path = "a-subject-with-a-name/a-question-whose-name-is-longer-than-its-column.md"
    report.show_problems([Problem(Severity.ERROR, "X", path, 17, f"Write {'x' * 60}.")])
    cells = [line.split("│")[3:5] for line in capsys.readouterr().out.splitlines() if line.count("│") > 3]
    where, message = ("".join(cell.strip() for cell in column) for column in zip(*cells, strict=True))
    assert where == f"{path}:17"
    assert message == f"Write{'x' * 60}."


@pytest.mark.usefixtures("terminal")
def test_no_problems_on_a_terminal_are_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty table would look like something that is missing."""
    report.show_problems(())
    assert capsys.readouterr().out == ""


def test_problems_elsewhere_are_all_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A pipe gets every one, each on a line however long."""
    report.show_problems(problems(1_000))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1_000
    assert lines[7] == "7.md: ERROR NO_FRONT_MATTER Mend it."


@pytest.mark.parametrize("is_terminal", [False, True])
def test_name_of_a_file_cannot_steer_the_terminal(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Control characters, halves of surrogate pairs and rich's markup in a path are shown, not obeyed."""
    monkeypatch.setenv("TTY_COMPATIBLE", str(int(is_terminal)))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    report.show_problems([Problem(Severity.WARNING, "X", "[red]\x1b]0;owned\x07\udcff.md", 3, "m")])
    printed = capsys.readouterr().out
    assert r"[red]\x1b]0;owned\x07\udcff.md:3" in printed
    assert "\x1b]" not in printed


@pytest.mark.usefixtures("terminal")
def test_progress_on_a_terminal_is_a_bar_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """Stdout stays free for the result."""
    with report.progress_of("Loading") as progress:
        progress(3, 4)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "3/4" in captured.err


def test_progress_elsewhere_is_a_line_for_every_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    """A log does not fill up, whatever the size of a step."""
    with report.progress_of("Loading") as progress:
        for done in range(0, 20_001, 50):
            progress(done, 20_000)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 10
    assert (lines[0], lines[-1]) == ("Loading: 2,000 of 20,000", "Loading: 20,000 of 20,000")


def test_short_work_has_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """What is over at once needs no lines."""
    with report.progress_of("Loading") as progress:
        progress(100, 100)
    assert capsys.readouterr().err == ""


def test_counts_of_problems_name_severities_and_codes() -> None:
    """Errors first, singular and plural as they should be, codes in order."""
    mixed = (*problems(1), *problems(2, Severity.WARNING), Problem(Severity.ERROR, "A", ".", None, ""))
    assert report.problem_counts(mixed) == "2 errors, 2 warnings (A 1, NO_FRONT_MATTER 3)"
    assert report.problem_counts(problems(1)) == "1 error (NO_FRONT_MATTER 1)"
    assert report.problem_counts(()) == "none"


def test_every_error_of_an_operation_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """With its place where there is one."""
    error = ValidationError("first", locations=[(2, 5)])
    error.errors.append(ValidationError.formatted("second"))
    report.say_error(error)
    assert capsys.readouterr().err == "graphql-api: line 2, column 5: first\ngraphql-api: second\n"


@pytest.mark.parametrize(
    ("severities", "told"),
    [
        ((), []),
        ((Severity.WARNING,), ["docs/problems.md explains every code."]),
        (
            (Severity.WARNING, Severity.ERROR),
            [
                "Entries with an error stay as they were last loaded; new ones are left out.",
                "docs/problems.md explains every code.",
            ],
        ),
    ],
)
def test_load_ends_with_what_its_problems_mean(
    severities: tuple[Severity, ...], told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """After the list, where it is seen; nothing where nothing is wrong."""
    found = tuple(each for severity in severities for each in problems(1, severity))
    report.show_load(replace(LOADED, problems=found))
    lines = capsys.readouterr().out.splitlines()
    assert lines[8 + len(found) :] == told
