"""The program: exit codes, errors as one line, signals, and that every command is documented."""

from __future__ import annotations

import errno
import importlib
import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import pytest

from graphql_api.cli.commands import app
from graphql_api.cli.exit_codes import ExitCode
from graphql_api.cli.program import main
from graphql_api.store.generations import load_lock
from tests.command_line import DEADLINE_SECONDS, PROGRAM, run, run_program, write_seeds
from tests.loading.opened_files import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENTATION = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
COMMANDS = (
    *("serve", "load", "check", "schema", "explain", "run", "client-config", "status"),
    *("generations", "verify", "rollback", "export", "import", "webhooks"),
    *("model check", "model init", "model diff"),
)


def options() -> Iterator[tuple[str, str, object]]:
    """Yield each option of each command: the command, the option and its environment variable."""
    for name, command in commands():
        for parameter in command.params:
            if parameter.param_type_name == "option":
                yield name, parameter.opts[0], parameter.envvar


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield each command with its name; those of a group with the group's before it."""
    for name, command in app.commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())
        else:
            yield name, command


def section(command: str) -> str:
    """Return the part of the documentation that is about `command`."""
    return DOCUMENTATION.split(f"\n## `{command}`\n")[1].split("\n## ")[0]


def test_commands_are_the_documented_ones_in_that_order() -> None:
    """docs/commands.md has a section for each command and for nothing else."""
    assert tuple(re.findall(r"^## `(.+)`$", DOCUMENTATION, re.MULTILINE)) == COMMANDS
    assert tuple(dict.fromkeys(command for command, _, _ in options())) == COMMANDS


@pytest.mark.parametrize(("command", "option", "variable"), [*options()])
def test_option_has_a_variable_and_both_are_documented(command: str, option: str, variable: object) -> None:
    """Every option can be given by the environment, under a name that follows from it."""
    assert variable == "GRAPHQL_API_" + option.removeprefix("--").replace("-", "_").upper()
    assert f"| `{option}` | `{variable}` |" in section(command)


@pytest.mark.parametrize("command", COMMANDS)
def test_documented_options_exist(command: str) -> None:
    """The documentation promises no option that there is not."""
    documented = re.findall(r"^\| `(--[\w-]+)` \|", section(command), re.MULTILINE)
    assert documented == [option for name, option, _ in options() if name == command]


@pytest.mark.parametrize("code", [*ExitCode])
def test_exit_code_is_documented(code: ExitCode) -> None:
    """Scripts rely on the codes."""
    assert f"| {code.value} | `{code.name}` |" in DOCUMENTATION


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_by_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command's help has examples, each of them with the command in it."""
    assert run(*command.split(), "--help") == ExitCode.OK
    examples = capsys.readouterr().out.partition("For example:")[2]
    assert f"graphql-api {command}" in examples


def test_help_of_the_program_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """The first thing that a new user types."""
    assert run("--help") == ExitCode.OK
    printed = capsys.readouterr().out
    assert all(command.split()[0] in printed for command in COMMANDS)


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    """A name and a number."""
    assert run("--version") == ExitCode.OK
    assert re.fullmatch(r"graphql-api \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("load", "--nonsense"), ("serve", "--port", "70000"), ("explain", "no-such-file")]
)
def test_command_line_that_makes_no_sense_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    """Code 2, and nothing was done."""
    assert run(*arguments) == ExitCode.USAGE


@pytest.mark.parametrize("option", ["--seeds", "--store"])
def test_empty_name_of_a_folder_is_a_usage_error(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unset variable of a shell must not make the current folder a store, by option or by environment."""
    monkeypatch.chdir(tmp_path)
    write_seeds(tmp_path / "seeds", 1)
    assert run("load", option, "") == ExitCode.USAGE
    variable = f"GRAPHQL_API_{option.removeprefix('--').upper()}"
    monkeypatch.setenv(variable, "")
    assert run("load") == ExitCode.USAGE
    assert variable in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["seeds"]


@pytest.mark.parametrize(
    "origin", ["", "null", "https://a.example/", "HTTPS://a.example", "a.example", "https://a\nb: c"]
)
def test_allowed_origin_is_one_as_browsers_write_it(origin: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a browser would never send, or would break the header, is a usage error and not a silent no."""
    assert run("serve", "--allow-origin", origin) == ExitCode.USAGE
    assert "--allow-origin" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option", ["ALLOW_ORIGIN", "HOST", "PORT", "RESPONSE_CACHE_BYTES", "SEEDS", "STORE", "WORKERS"]
)
def test_empty_variable_is_not_the_default(
    option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who sets it to nothing hardly means every origin, or a worker for each core; it has to be said."""
    monkeypatch.setenv(f"GRAPHQL_API_{option}", "")
    assert run("serve") == ExitCode.USAGE
    assert f"GRAPHQL_API_{option} is set, but empty" in capsys.readouterr().err


def test_empty_host_is_not_every_address(capsys: pytest.CaptureFixture[str]) -> None:
    """As from `--host "$HOST"` where there is no such variable."""
    assert run("serve", "--host", "") == ExitCode.USAGE
    assert "--host" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["seeds", "others"])
def test_option_stands_for_an_empty_variable(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line wins, also when it says what the default is."""
    monkeypatch.chdir(tmp_path)
    write_seeds(tmp_path / folder, 1)
    monkeypatch.setenv("GRAPHQL_API_SEEDS", "")
    assert run("check", "--seeds", folder) == ExitCode.OK


@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("schema",),
        ("load", "--json"),
        ("load",),
        ("--help",),
        ("serve", "--port=0"),
        ("serve", "--no-load", "--port=0"),
        ("serve", "--no-load", "--port=0", "--workers=2"),
    ],
)
def test_output_that_cannot_be_written_is_one_line(arguments: tuple[str, ...], buffered: str, tmp_path: Path) -> None:
    """Code 7, as on a full disk, and no traceback; neither from what waits to be written."""
    folders = {"GRAPHQL_API_SEEDS": str(write_seeds(tmp_path / "seeds", 1)), "GRAPHQL_API_STORE": str(tmp_path / "s")}
    subprocess.run([*PROGRAM, "load"], env={**os.environ, **folders}, stdout=subprocess.DEVNULL, check=True)
    with Path("/dev/full").open("w") as full:
        finished = subprocess.run(
            [*PROGRAM, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, **folders, "PYTHONUNBUFFERED": buffered},
            timeout=DEADLINE_SECONDS,
        )
    assert finished.returncode == ExitCode.UNWRITABLE
    assert finished.stderr == "graphql-api: The output cannot be written: No space left on device.\n"


def test_messages_that_cannot_be_written_do_not_stop_a_load(tmp_path: Path) -> None:
    """A full disk, or a reader of stderr who has gone away, keeps nothing from being published."""
    seeds, store = write_seeds(tmp_path / "seeds", 1_000), tmp_path / "store"
    command = (*PROGRAM, "load", "--seeds", seeds, "--store", store, "--force")
    with Path("/dev/full").open("w") as full:
        finished = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, text=True, check=False)
        assert (finished.returncode, "entries: 1,000\n" in finished.stdout) == (ExitCode.OK, True)
        missing = subprocess.run((*PROGRAM, "check", "--seeds", tmp_path / "nowhere"), stderr=full, check=False)
        assert missing.returncode == ExitCode.UNREADABLE
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        process.stderr.close()
        assert process.wait(DEADLINE_SECONDS) == ExitCode.OK


def test_reader_that_goes_away_is_no_error() -> None:
    """As in `graphql-api schema | head -1`: no line and no traceback, and the code that it has otherwise."""
    with subprocess.Popen([*PROGRAM, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.communicate(timeout=DEADLINE_SECONDS)[1] == b""
    assert process.returncode == ExitCode.OK


@pytest.mark.parametrize("command", ["schema", "check"])
def test_without_an_output_nothing_is_written(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after `>&-`."""
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(write_seeds(tmp_path / "seeds", 1)))
    finished = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *PROGRAM, command], capture_output=True, check=False)
    assert (finished.returncode, finished.stderr) == (ExitCode.OK, b"")


def test_file_names_that_are_not_utf8_are_a_usage_error() -> None:
    """Python would read names like `é.md` as broken ones, and a load would leave them out."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    finished = subprocess.run([*PROGRAM, "check"], capture_output=True, text=True, check=False, env=environment)
    assert finished.returncode == ExitCode.USAGE
    assert re.fullmatch(r"graphql-api: File names are read as ascii .+ Set PYTHONUTF8=1\.\n", finished.stderr)


SERVING = {"graphql", "starlette", "strawberry", "uvicorn"}
READING = {"frontmatter", "math_core", "nh3", "pyromark", "yaml", "imagesize"}


@pytest.mark.parametrize(
    ("command", "needless"),
    [("load", SERVING | READING | {"rich"}), ("--help", SERVING | READING | {"rich", "aiosqlite", "asyncio"})],
)
def test_what_is_not_needed_is_not_imported(
    command: str, needless: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load of nothing new, and help, are over soon: what takes time to import is left to what needs it."""
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(write_seeds(tmp_path / "seeds", 1)))
    monkeypatch.setenv("GRAPHQL_API_STORE", str(tmp_path / "store"))
    settle(tmp_path / "seeds")  # what was written in this moment would be compared once more
    run("load")
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    finished = run_program(command)
    assert finished.returncode == ExitCode.OK
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in finished.stderr.splitlines()}
    assert "click" in imported
    assert imported & needless == set()


def test_server_imports_what_answers_queries_and_no_more() -> None:
    """It starts sooner; what loads, and what few are asked for, is imported by who needs it first."""
    needless = {"graphql_api.loading.load", "graphql_api.pages.feeds", "graphql_api.server.webhooks", "nh3"}
    needless |= {"numpy", "prometheus_client", "websockets"}
    code = f"import sys, graphql_api.cli.serving; print({needless} & set(sys.modules))"
    finished = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert finished.stdout == "set()\n"


def test_end_of_the_program_looks_for_no_cycles() -> None:
    """All that there is goes with the process; Python would look through it twice."""
    told_last = "import atexit, gc; atexit.register(lambda: print('frozen:', gc.get_freeze_count() > 0)); "
    program = told_last + "from graphql_api.cli.program import main; main(['--help'])"
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert finished.stdout.endswith("frozen: True\n")


def test_load_in_a_store_that_is_being_loaded_is_busy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 4, one line that says what to do, and no traceback."""
    with load_lock(tmp_path / "store"):
        assert (
            run("load", "--seeds", write_seeds(tmp_path / "seeds", 1), "--store", tmp_path / "store") == ExitCode.BUSY
        )
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(r"graphql-api: Another load is under way .+\n", captured.err)


@pytest.mark.parametrize("command", ["load", "check"])
def test_missing_seeds_folder_is_unreadable(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 5: a wrong path must never look like a folder without seeds."""
    monkeypatch.setenv("GRAPHQL_API_STORE", str(tmp_path / "store"))
    assert run(command, "--seeds", tmp_path / "nowhere") == ExitCode.UNREADABLE
    assert "There is no seeds folder at" in capsys.readouterr().err


@pytest.mark.parametrize("command", [("load",), ("serve", "--port", "0"), ("serve", "--no-load", "--port", "0")])
def test_store_whose_place_is_taken_by_a_file_is_unreadable(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 5, and not the advice to load."""
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(write_seeds(tmp_path / "seeds", 1)))
    (tmp_path / "store").write_text("a file")
    assert run(*command, "--store", tmp_path / "store") == ExitCode.UNREADABLE
    assert "is not a folder. Name another one with --store." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MemoryError(), "not enough memory"),
        (RuntimeError("can't start new thread"), "not enough room for threads"),
        (OSError(errno.EMFILE, ""), "not enough room for open files"),
    ],
)
def test_shortage_is_told_in_a_line(
    error: Exception, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 5, with what to do."""

    def failing(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr("graphql_api.schema.build.build_schema", failing)
    assert run("schema") == ExitCode.UNREADABLE
    assert re.fullmatch(rf"graphql-api: There is {told}\. Allow more .+\n", capsys.readouterr().err)


def test_error_that_nobody_expects_shows_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a mistake of ours."""

    def failing(*_: object) -> NoReturn:
        raise RuntimeError("surprise")

    monkeypatch.setattr("graphql_api.schema.build.build_schema", failing)
    with pytest.raises(RuntimeError, match="surprise"):
        main(["schema"])


def test_standard_input_that_is_closed_is_empty(tmp_path: Path) -> None:
    """As in a service without any."""
    command = ["sh", "-c", '"$@" <&-', "sh", *PROGRAM, "explain", "-", "--store", str(tmp_path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == ExitCode.PROBLEMS
    assert re.fullmatch(r"graphql-api: .*Unexpected <EOF>\.\n", finished.stderr)


def test_standard_input_cannot_be_two_files() -> None:
    """Whichever is read first would leave nothing for the other."""
    finished = run_program("explain", "-", "--variables", "-", stdin="{}")
    assert finished.returncode == ExitCode.USAGE
    assert "Only one of the operations and the variables" in finished.stderr


def test_every_program_exits_with_the_codes(tmp_path: Path) -> None:
    """`python -m graphql_api` passes the code on to the shell, and prints an error as one line."""
    finished = run_program("load", "--seeds", tmp_path / "nowhere", "--store", tmp_path / "store")
    assert (finished.returncode, finished.stdout) == (ExitCode.UNREADABLE, "")
    assert finished.stderr.count("\n") == 1


def test_installed_program_is_the_same() -> None:
    """The entry point `graphql-api` stands beside Python where the project is installed."""
    program = Path(sys.executable).with_name("graphql-api")
    if not program.exists():
        pytest.skip("the project is not installed in this environment")
    finished = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert finished.stdout == run_program("--version").stdout


def test_program_that_is_imported_again_does_nothing() -> None:
    """The processes that read seeds import the main module of their parent, and must not start a command."""
    importlib.import_module("graphql_api.__main__")


def test_output_that_is_no_file_is_written_to_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls `main` in a process of their own may have put anything in the place of stdout."""
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    assert run("schema") == ExitCode.OK
    assert output.getvalue().startswith('"""')


def test_text_that_the_terminal_cannot_show_is_escaped(tmp_path: Path) -> None:
    """An ASCII terminal gets an escape, not a UnicodeEncodeError."""
    finished = subprocess.run(
        [*PROGRAM, "check", "--seeds", tmp_path / "naïve"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict"},
    )
    assert finished.returncode == ExitCode.UNREADABLE
    assert r"na\xefve" in finished.stderr


@pytest.mark.parametrize(("signal_number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_load_ended_by_a_signal_leaves_no_process_and_publishes_nothing(
    tmp_path: Path, signal_number: signal.Signals, code: int
) -> None:
    """The processes that read seeds end with the load, and the store is as it was."""
    seeds, store = write_seeds(tmp_path / "seeds", 3_000), tmp_path / "store"
    command = (*PROGRAM, "load", "--seeds", seeds, "--store", store)
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"Loading: ")
        process.send_signal(signal_number)
        process.communicate(timeout=DEADLINE_SECONDS)  # until all its processes have closed standard error
        assert process.returncode == code
    assert not (store / "current.json").exists()
