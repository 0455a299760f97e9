"""`serve` as a program: what it loads, what it says, and that nothing keeps content that is there from being served."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx2
import pytest

import graphql_api.cli.serving
from benchmarks.processes import descendants
from graphql_api.cli.exit_codes import ExitCode
from graphql_api.store.generations import load_lock
from tests.command_line import DEADLINE_SECONDS, PROGRAM, run, run_program, seed, serving, write_seeds

if TYPE_CHECKING:
    from pathlib import Path

COUNT_QUERY = {"query": "{ content { questionCount } }"}


@pytest.fixture(autouse=True)
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of ten good seeds; every command here takes it and the store from the environment."""
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(tmp_path / "seeds"))
    monkeypatch.setenv("GRAPHQL_API_STORE", str(tmp_path / "store"))
    return write_seeds(tmp_path / "seeds", 10)


def count_at(url: str) -> object:
    """Return how many articles a server says it has."""
    return httpx2.post(f"{url}/graphql", json=COUNT_QUERY).json()["data"]["content"]["questionCount"]


def wait_until_ready(url: str) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        with suppress(httpx2.ConnectError):
            httpx2.get(f"{url}/readyz").raise_for_status()
            return
        time.sleep(0.05)
    pytest.fail(f"nothing answers at {url}")


def test_serve_loads_says_what_and_where_and_answers() -> None:
    """One command: counts, problems, version, address; it ends with code 0."""
    with serving() as server:
        loaded, problems, content, address = server.printed.splitlines()
        assert count_at(server.url) == 10
    assert ": 10 added, 0 changed, 0 removed, 0 unchanged." in loaded
    assert problems == "Problems: none."
    assert content.endswith(" (10 questions, 1 subject).")
    assert address == f"GraphiQL and the API: {server.url}/graphql (Ctrl+C ends)"


def test_first_problems_are_told_and_the_way_to_all_of_them(seeds: Path) -> None:
    """The first lines stay few, however much is wrong; errors come before warnings."""
    (seeds / "0.md").write_text(seed(0, "unheard_of: 1\n"))
    for number in range(6):
        (seeds / f"spoilt-{number}.md").write_text("Only text.\n")
    with serving() as server:
        _, problems, *first, more, errors, codes, _, _ = server.printed.splitlines()
        assert count_at(server.url) == 10
    assert problems == "Problems: 6 errors, 1 warning (NO_FRONT_MATTER 6, UNKNOWN_KEY 1)."
    assert [line.partition(" NO_FRONT_MATTER ")[0] for line in first] == [
        f"  spoilt-{number}.md:1: ERROR" for number in range(5)
    ]
    assert more == f"  … and 2 more; all of them: graphql-api check --seeds {seeds}"
    assert errors == "Entries with an error stay as they were last loaded; new ones are left out."
    assert codes == "docs/problems.md explains every code."


def test_few_problems_are_all_told(seeds: Path) -> None:
    """Then there is no more to ask for; a warning takes no article away."""
    (seeds / "0.md").write_text(seed(0, "unheard_of: 1\n"))
    with serving() as server:
        assert "\n  0.md:" in server.printed
    assert " more; " not in server.printed
    assert "left out" not in server.printed


def test_command_for_all_problems_is_the_program_that_was_called(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It need not be on the path, as in .venv/bin; what a shell would split is quoted."""
    monkeypatch.setattr("sys.argv", ["/some where/graphql-api", "serve"])
    for number in range(6):
        (seeds / f"spoilt-{number}.md").write_text("Only text.\n")
    monkeypatch.setattr(graphql_api.cli.serving, "serve", lambda *_arguments, **_options: None)
    assert run("serve", "--port", "0") == ExitCode.OK
    assert f"more; all of them: '/some where/graphql-api' check --seeds {tmp_path}/seeds\n" in capsys.readouterr().out


def test_without_loading_what_is_there_is_served(seeds: Path) -> None:
    """--no-load does not look at the seeds."""
    run("load")
    write_seeds(seeds, 11)
    with serving("--no-load") as server:
        assert count_at(server.url) == 10


@pytest.mark.parametrize("options", [(), ("--no-mmap",)])
def test_content_is_open_before_the_server_says_that_it_answers(tmp_path: Path, options: tuple[str, ...]) -> None:
    """So the first request does not wait for it."""
    with serving(*options) as server:
        (generation,) = (tmp_path / "store" / "generations").glob("*.sqlite")
        generation.unlink()
        assert count_at(server.url) == 10


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("output", ["closed", "broken"])
def test_server_whose_output_nobody_reads_serves(output: str, workers: int) -> None:
    """As in `graphql-api serve | head -1`, or `>&-`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = ("serve", "--port", str(port), "--workers", str(workers))
    command = ["sh", "-c", 'exec "$@"' + (" >&-" if output == "closed" else ""), "sh", *PROGRAM, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        try:
            wait_until_ready(f"http://127.0.0.1:{port}")
            assert count_at(f"http://127.0.0.1:{port}") == 10
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, errors) == (ExitCode.OK, b"")


def test_server_without_content_says_so_and_recovers() -> None:
    """503 until something is loaded, by whoever; then the next request has it."""
    with serving("--no-load") as server:
        assert "No content has been loaded into" in server.printed
        assert "503" in server.printed
        assert httpx2.post(f"{server.url}/graphql", json=COUNT_QUERY).status_code == 503
        assert run("load") == ExitCode.OK
        assert count_at(server.url) == 10


def test_refused_load_leaves_what_was_loaded_in_service(seeds: Path) -> None:
    """A mistake in the seeds folder does not take the site down."""
    run("load")
    for path in list(seeds.iterdir())[:5]:
        path.unlink()
    with serving() as server:
        assert "The seeds were NOT loaded: Nothing was published: 5 of 10 entries would go." in server.printed
        assert count_at(server.url) == 10


def test_load_under_way_is_said_and_what_is_there_is_served(tmp_path: Path) -> None:
    """The other load's result follows by itself."""
    run("load")
    with load_lock(tmp_path / "store"), serving() as server:
        assert "The seeds were NOT loaded: Another load is under way" in server.printed
        assert count_at(server.url) == 10


def test_load_under_way_on_an_empty_store_is_waited_for(tmp_path: Path) -> None:
    """The first load of all: the server is there already, and answers 503."""
    with load_lock(tmp_path / "store"), serving() as server:
        assert httpx2.get(f"{server.url}/readyz").status_code == 503


def test_failed_load_with_nothing_to_serve_ends_the_command(tmp_path: Path) -> None:
    """The load's exit code, one line, no traceback."""
    finished = run_program("serve", "--seeds", tmp_path / "nowhere", "--port", "0")
    assert (finished.returncode, finished.stdout) == (ExitCode.UNREADABLE, "")
    assert finished.stderr.startswith("graphql-api: There is no seeds folder at ")
    assert finished.stderr.count("\n") == 1


def test_why_a_load_failed_is_told_although_the_store_is_broken(tmp_path: Path) -> None:
    """The pointer that cannot be read is replaced by a load; it is not what is in the way."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "current.json").write_text("{")
    finished = run_program("serve", "--seeds", tmp_path / "nowhere", "--port", "0")
    assert finished.returncode == ExitCode.UNREADABLE
    assert finished.stderr.startswith("graphql-api: There is no seeds folder at ")


def test_processes_that_read_end_before_serving(seeds: Path) -> None:
    """A server does not keep what only loading needs."""
    write_seeds(seeds, 200)
    with serving() as server:
        assert "Loaded" in server.printed
        assert len(descendants(server.process_id)) == 1  # the one that answers


def test_store_that_cannot_be_read_ends_the_command(tmp_path: Path) -> None:
    """Code 5 before anything listens."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "current.json").write_text("{")
    finished = run_program("serve", "--no-load", "--port", "0")
    assert (finished.returncode, finished.stdout) == (ExitCode.UNREADABLE, "")
    assert "cannot be read" in finished.stderr


def test_server_whose_content_was_cut_off_is_not_ready_until_it_is_loaded_again(tmp_path: Path) -> None:
    """SQLite still has pages of the file in memory, but the probe must not call that ready; a load mends it."""
    with serving("--no-mmap") as server:
        assert httpx2.get(f"{server.url}/readyz").status_code == 200
        (generation,) = (tmp_path / "store" / "generations").glob("*.sqlite")
        os.truncate(generation, 8_192)
        unready = httpx2.get(f"{server.url}/readyz")
        assert unready.status_code == 503
        assert unready.json()["errors"][0]["extensions"]["code"] == "STORE_UNREADABLE"
        assert run("load") == ExitCode.OK
        assert httpx2.get(f"{server.url}/readyz").json()["questionCount"] == 10


def test_server_that_goes_on_with_older_content_is_ready(tmp_path: Path) -> None:
    """What it has open answers, whatever has become of the pointer and of the names in the store."""
    with serving() as server:
        assert count_at(server.url) == 10
        (generation,) = (tmp_path / "store" / "generations").glob("*.sqlite")
        generation.unlink()
        assert httpx2.get(f"{server.url}/readyz").status_code == 200
        (tmp_path / "store" / "current.json").write_text("{")
        assert httpx2.get(f"{server.url}/readyz").status_code == 200
        assert count_at(server.url) == 10


def test_port_in_use_ends_the_command() -> None:
    """Code 6, and the way out; what is not served is not announced."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        finished = run_program("serve", "--port", str(taken.getsockname()[1]))
    assert finished.returncode == ExitCode.NOT_SERVING
    assert finished.stdout == ""  # it is known before anything is loaded
    assert "Cannot listen on 127.0.0.1 port" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [((), "*"), (("--allow-origin", "none"), None), (("--allow-origin", "https://[::1]:8443"), "https://[::1]:8443")],
)
def test_pages_of_the_allowed_origin_may_query(arguments: tuple[str, ...], told: str | None) -> None:
    """By default all may: the content is public, and nothing in an answer depends on who asks."""
    with serving(*arguments) as server:
        answer = httpx2.post(f"{server.url}/graphql", json=COUNT_QUERY, headers={"origin": "https://a.example"})
    assert answer.headers.get("access-control-allow-origin") == told
