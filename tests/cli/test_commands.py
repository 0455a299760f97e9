"""The commands on real folders: what they print, where, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.cli.exit_codes import ExitCode
from tests.command_line import DEADLINE_SECONDS, PROGRAM, run, run_program, seed, write_seeds

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA_FILE = Path(__file__).parents[2] / "schema.graphql"
NO_FRONT_MATTER = "Only text.\n"


@pytest.fixture(autouse=True)
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of ten good seeds; every command here takes it and the store from the environment."""
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(tmp_path / "seeds"))
    monkeypatch.setenv("GRAPHQL_API_STORE", str(tmp_path / "store"))
    return write_seeds(tmp_path / "seeds", 10)


@pytest.fixture
def printed_json(capsys: pytest.CaptureFixture[str]) -> Callable[[], Any]:
    """Return what gives the JSON document that stdout holds, and nothing else."""
    return lambda: json.loads(capsys.readouterr().out)


def test_load_prints_a_line_for_each_count(capsys: pytest.CaptureFixture[str]) -> None:
    """Not on a terminal there are plain lines, on stdout."""
    assert run("load") == ExitCode.OK
    captured = capsys.readouterr()
    lines = dict(line.split(": ", 1) for line in captured.out.splitlines())
    assert [*lines] == ["version", "entries", "added", "changed", "removed", "unchanged", "problems", "seconds"]
    assert (lines["entries"], lines["added"], lines["problems"]) == ("10", "10", "none")
    assert captured.err == ""


def test_second_load_says_that_the_content_was_current(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing changed is not the same as something published."""
    run("load")
    capsys.readouterr()
    assert run("load") == ExitCode.OK
    printed = capsys.readouterr().out
    assert "(was current already)" in printed
    assert "unchanged: 10\n" in printed


def test_load_as_json_is_one_object(printed_json: Callable[[], Any]) -> None:
    """The fields that docs/commands.md names."""
    assert run("load", "--json") == ExitCode.OK
    report = printed_json()
    assert report.pop("seconds") > 0
    assert len(report.pop("version")) == 16
    counts = {"added": 10, "changed": 0, "removed": 0, "unchanged": 0, "errors": 0, "warnings": 0, "hidden": 0}
    assert report.pop("changes")["total"] == 10
    told = {"published": True, "sequence": 1, "label": "", "unclaimed": 0, "problems": []}
    assert report == {**counts, **told}


def test_load_with_an_error_publishes_the_rest_and_exits_with_1(seeds: Path, printed_json: Callable[[], Any]) -> None:
    """One spoilt article does not keep the others back, and does not go unnoticed."""
    (seeds / "spoilt.md").write_text(NO_FRONT_MATTER)
    assert run("load", "--json") == ExitCode.PROBLEMS
    report = printed_json()
    assert (report["published"], report["added"], report["errors"]) == (True, 10, 1)
    problem = report["problems"][0]
    assert problem.pop("message")
    assert problem == {"severity": "ERROR", "code": "NO_FRONT_MATTER", "path": "spoilt.md", "line": 1}


def test_load_when_asked_waits_for_a_line_and_takes_options_from_it(seeds: Path) -> None:
    """What it prints and how it ends is that of any load; one that nobody asks loads nothing."""
    nobody = run_program("load", "--json", "--when-asked")
    assert (nobody.returncode, nobody.stdout, nobody.stderr) == (ExitCode.OK, "", "")
    assert not (seeds.parent / "store" / "current.json").exists()
    asked = run_program("load", "--json", "--when-asked", stdin='{"force": true, "label": "first"}\n')
    report = json.loads(asked.stdout)
    assert (asked.returncode, asked.stderr) == (ExitCode.OK, "")
    assert (report["added"], report["label"]) == (10, "first")
    (seeds / "spoilt.md").write_text(NO_FRONT_MATTER)
    asked = run_program("load", "--json", "--when-asked", stdin='{"force": false, "label": ""}\n')
    assert (asked.returncode, json.loads(asked.stdout)["errors"]) == (ExitCode.PROBLEMS, 1)


def test_load_in_waiting_goes_by_what_is_current_when_it_is_asked(seeds: Path) -> None:
    """Whatever was published, or has happened to that, while it waited."""
    store = seeds.parent / "store"
    run("load")
    for damage in (False, True):
        with subprocess.Popen(
            [*PROGRAM, "load", "--json", "--when-asked"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as waiting:
            deadline = time.monotonic() + DEADLINE_SECONDS
            while not _is_asleep(waiting.pid):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            if damage:
                path = store / "generations" / json.loads((store / "current.json").read_text())["file"]
                path.write_bytes(path.read_bytes()[:-1] + b"x")
            else:
                (seeds / "0.md").write_text(seed(0).replace("title: ", "title: Another "))
                assert run("load") == ExitCode.OK
            out, _ = waiting.communicate('{"force": false, "label": ""}\n')
        report = json.loads(out)
        assert (report["changed"], report["unchanged"]) == ((1, 9) if damage else (0, 10))  # than the one before
        codes = [problem["code"] for problem in report["problems"]]
        assert codes == (["GENERATION_DAMAGED"] if damage else [])


def _is_asleep(process_id: int) -> bool:
    """Return whether a program waits for something, and has used the processor for nothing in the last moment."""
    used = []
    for _ in range(2):
        fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
        used.append((fields[0], fields[11], fields[12]))
        time.sleep(0.3)
    state, *ticks = used[0]
    return used[0] == used[1] and state == "S" and sum(map(int, ticks)) > 10  # a fast machine needs some 20


@pytest.mark.parametrize("line", ["no JSON", "[]", '{"force": true}', '{"force": true, "label": "a\\n"}', "\n"])
def test_what_is_no_asking_is_told(line: str) -> None:
    """In one line; nothing is loaded."""
    asked = run_program("load", "--json", "--when-asked", stdin=f"{line}\n")
    assert (asked.returncode, asked.stdout) == (ExitCode.USAGE, "")
    assert '{"force": false, "label": ""}' in asked.stderr


@pytest.mark.parametrize("form", ["--json", None])
def test_strict_load_with_an_error_is_refused_and_tells_it(
    seeds: Path, form: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 3; the problems are on stdout in either form, the refusal on stderr."""
    (seeds / "spoilt.md").write_text(NO_FRONT_MATTER)
    assert run("load", "--strict", *filter(None, [form])) == ExitCode.REFUSED
    captured = capsys.readouterr()
    assert "NO_FRONT_MATTER" in captured.out
    assert captured.err.startswith("graphql-api: Nothing was published: ")


def test_shrinking_load_needs_to_be_allowed(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fifth of the articles and more never goes by mistake."""
    run("load")
    for number in range(5):
        (seeds / f"{number}.md").unlink()
    assert run("load") == ExitCode.REFUSED
    assert "--allow-shrink" in capsys.readouterr().err
    assert run("load", "--allow-shrink") == ExitCode.OK
    assert "removed: 5\n" in capsys.readouterr().out


@pytest.mark.parametrize("how", ["--force", "--rescan"])
def test_load_can_be_told_to_trust_no_stat(seeds: Path, printed_json: Callable[[], Any], how: str) -> None:
    """Of what has not changed it publishes nothing; a change that size and mtime do not show is found anyway."""
    run("load", "--json")
    version = printed_json()["version"]
    run("load", "--json", how)
    report = printed_json()
    assert (report["version"], report["published"], report["unchanged"]) == (version, False, 10)
    path = seeds / "3.md"
    stat = path.stat()
    path.write_text(path.read_text().replace("It is 3", "It is 4"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    run("load", "--json")
    report = printed_json()
    assert report["version"] != version
    assert (report["published"], report["changed"], report["unchanged"]) == (True, 1, 9)


def test_load_as_json_that_is_refused_says_why(seeds: Path, printed_json: Callable[[], Any]) -> None:
    """The reason stands in the object, beside the problems that led to it."""
    (seeds / "3.md").write_text("no front matter")
    assert run("load", "--json", "--strict") == ExitCode.REFUSED
    refused = printed_json()
    assert refused["refused"] == "Nothing was published: 1 error, and --strict allows none."
    assert (refused["errors"], refused["problems"][0]["path"]) == (1, "3.md")
    for path in seeds.iterdir():
        path.unlink()
    assert run("load", "--json") == ExitCode.REFUSED
    assert "there is no seed file in" in printed_json()["refused"]


def test_check_lists_problems_as_editors_read_them(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """path:line: SEVERITY CODE message; then the counts, and where the codes are explained."""
    (seeds / "odd.md").write_text(seed(99, "mood: blue\n"))
    assert run("check") == ExitCode.OK
    problem, counts, codes_explained = capsys.readouterr().out.splitlines()
    assert problem.startswith("odd.md:8: WARNING UNKNOWN_KEY ")
    assert counts == "problems: 1 warning (UNKNOWN_KEY 1)"
    assert codes_explained == "docs/problems.md explains every code."


def test_check_with_an_error_exits_with_1_and_stores_nothing(
    seeds: Path, tmp_path: Path, printed_json: Callable[[], Any]
) -> None:
    """In a pipeline the exit code decides."""
    (seeds / "spoilt.md").write_text(NO_FRONT_MATTER)
    assert run("check", "--json") == ExitCode.PROBLEMS
    report = printed_json()
    assert (report["errors"], report["warnings"], len(report["problems"])) == (1, 0, 1)
    assert not (tmp_path / "store").exists()


def test_the_sites_url_makes_links_to_it_its_own(
    seeds: Path, monkeypatch: pytest.MonkeyPatch, printed_json: Callable[[], Any]
) -> None:
    """By option or variable; another one is another content."""
    (seeds / "linked.md").write_text(seed(98, "").replace("It is 98", "See [own](https://a.example/b)"))
    versions = []
    for url in (None, "https://a.example", "https://a.example/", "https://b.example"):
        assert run("load", "--json", *(["--site-url", url] if url else [])) == ExitCode.OK
        versions.append(printed_json()["version"])
    assert versions[1] == versions[2]
    assert len(set(versions)) == 3
    monkeypatch.setenv("GRAPHQL_API_SITE_URL", "https://a.example")
    assert run("load", "--json") == ExitCode.OK
    assert printed_json()["version"] == versions[1]


@pytest.mark.parametrize(
    "url", ["a.example", "ftp://a.example", "https://", "https://a b", "/blog", "https://a.example/b"]
)
def test_what_is_no_url_of_a_site_is_refused(url: str, seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its scheme and host, or not at all."""
    assert seeds.is_dir()
    assert run("load", "--site-url", url) == ExitCode.USAGE
    assert "is no origin like https://www.example.org" in capsys.readouterr().err


def test_schema_is_what_the_file_holds(capsys: pytest.CaptureFixture[str]) -> None:
    """`schema.graphql` of the project is the schema that is served."""
    assert run("schema") == ExitCode.OK
    assert capsys.readouterr().out == SCHEMA_FILE.read_text()
    assert run("schema", "--check", SCHEMA_FILE) == ExitCode.OK
    assert capsys.readouterr().out == ""


def test_schema_that_differs_is_shown_as_a_diff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that the file has too much stands there with a minus; code 1."""
    old = tmp_path / "old.graphql"
    old.write_text(SCHEMA_FILE.read_text() + "scalar Gone\n")
    assert run("schema", "--check", old) == ExitCode.PROBLEMS
    printed = capsys.readouterr().out
    assert printed.startswith(f"--- {old}\n+++ the current schema\n")
    assert "\n-scalar Gone\n" in printed


def test_explain_shows_statement_values_and_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each operation of a file is explained; all but the statements is a comment."""
    run("load")
    capsys.readouterr()
    operations, variables = tmp_path / "two.graphql", tmp_path / "variables.json"
    operations.write_text("""
        query One($url: String!) { question(by: { url: $url }) { title } }
        query Two($first: Int!) { questions(first: $first) { nodes { title } } }
    """)
    variables.write_text('{"url": "/learn/rivers/questions/river-1", "first": 3}')
    assert run("explain", operations, "--variables", variables) == ExitCode.OK
    one, two = capsys.readouterr().out.split("\n\n-- Two\n")
    assert one.startswith("-- One\nSELECT")
    assert '-- ?1 = "/learn/rivers/questions/river-1"' in one
    assert "SEARCH e1_1 USING INDEX e1_key_0 (c2=?)" in one
    assert "-- ?1 = 3\n" in two
    assert "FULL SCAN" not in one + two


def test_explain_reads_the_standard_input() -> None:
    """What only the schema answers needs no statement and no store."""
    finished = run_program("explain", "-", stdin="{ __schema { queryType { name } } }")
    title, explanation = finished.stdout.splitlines()
    assert title == "-- the only operation"
    assert explanation == "-- The schema answers it; the store is asked nothing."


@pytest.mark.parametrize(
    ("operation", "variables", "message"),
    [
        ("{ nonsense }", "{}", "line 1, column 3: Cannot query field 'nonsense' on type 'Query'."),
        ("{", "{}", "line 1, column 2: Syntax Error: Expected Name, found <EOF>."),
        (
            "query ($n: Int!) { subjects(first: $n) { totalCount } }",
            "{}",
            "line 1, column 8: Variable '$n' has invalid value: ",
        ),
        ("{ content { version } }", "[]", "The variables are not a JSON object"),
        ("{ content { version } }", "{", "The variables are not JSON"),
        ("{ content { version } }", "[" * 100_000, "The variables are not JSON"),
    ],
)
def test_operation_that_is_not_valid_is_told_with_its_place(
    operation: str, variables: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 1 and a line for each error, as a server would answer it."""
    (tmp_path / "operation.graphql").write_text(operation)
    (tmp_path / "variables.json").write_text(variables)
    code = run("explain", tmp_path / "operation.graphql", "--variables", tmp_path / "variables.json")
    assert code == ExitCode.PROBLEMS
    assert capsys.readouterr().err.startswith(f"graphql-api: {message}")


def test_explain_without_content_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan is made for what is in the store."""
    (tmp_path / "operation.graphql").write_text("{ content { version } }")
    assert run("explain", tmp_path / "operation.graphql") == ExitCode.UNREADABLE
    assert "graphql-api load" in capsys.readouterr().err


def test_explain_on_a_damaged_generation_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 5, and the way out."""
    run("load")
    (generation,) = (tmp_path / "store" / "generations").glob("*.sqlite")
    generation.write_bytes(b"not a database at all" * 400)
    (tmp_path / "operation.graphql").write_text("{ content { version } }")
    assert run("explain", tmp_path / "operation.graphql") == ExitCode.UNREADABLE
    assert "Load again: that rebuilds it." in capsys.readouterr().err


def test_file_that_is_not_utf8_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, with the place."""
    (tmp_path / "operation.graphql").write_bytes(b"{ \xff }")
    assert run("explain", tmp_path / "operation.graphql") == ExitCode.USAGE
    assert "(byte 2)" in capsys.readouterr().err
