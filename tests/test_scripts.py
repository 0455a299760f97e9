"""The scripts: portable, self-sufficient, and the lock that they install from."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
SCRIPTS = (
    "build-graphiql",
    "attack",
    "bench",
    "check",
    "graphql-api",
    "lock",
    "reload",
    "serve",
    "setup",
    "soak",
    "synthesize",
    "test",
    "torture",
)
LOCKS = {"requirements.lock": ("build",), "requirements-dev.lock": ("build", "dev")}


def pinned(lock: str) -> dict[str, str]:
    """Return the version of each package in a lock file."""
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==([^ ]+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_is_executable_portable_shell(name: str) -> None:
    """It may be started, is POSIX sh without a syntax error, stops at the first error, and says what it does."""
    script = ROOT / "scripts" / name
    first, second, *_ = script.read_text().splitlines()
    assert os.access(script, os.X_OK)
    assert first == "#!/bin/sh"
    assert second.startswith("# ")
    assert "\nset -eu\n" in script.read_text()
    subprocess.run(["sh", "-n", script], check=True)


def test_check_looks_at_every_script() -> None:
    """What is not named is not linted."""
    (command,) = re.findall(r"^run shellcheck ((?:.*\\\n)*.*)$", (ROOT / "scripts" / "check").read_text(), re.MULTILINE)
    linted = {name.removeprefix("scripts/") for name in command.replace("\\\n", "").split()}
    assert linted == {*SCRIPTS, ".ci/run"}
    scripts = (ROOT / "scripts").iterdir()
    assert set(SCRIPTS) == {each.name for each in scripts if each.suffix != ".txt"}


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name != "build-graphiql"])
def test_script_reads_file_names_as_utf8(name: str) -> None:
    """Whatever the locale says: in C, without this, Python leaves out names that are not ASCII."""
    assert "\nexport PYTHONUTF8=1 " in (ROOT / "scripts" / name).read_text()


def test_continuous_integration_is_bash_and_runs_checks_and_tests() -> None:
    """`.ci/run` has no work of its own."""
    script = ROOT / ".ci" / "run"
    subprocess.run(["bash", "-n", script], check=True)
    assert os.access(script, os.X_OK)
    assert "scripts/check" in script.read_text()
    assert "scripts/test" in script.read_text()


@pytest.mark.parametrize("name", ["build-graphiql", "lock", "setup"])
def test_argument_that_a_script_does_not_know_shows_its_usage(name: str, tmp_path: Path) -> None:
    """From any folder: its own head, and code 2."""
    finished = subprocess.run(
        [ROOT / "scripts" / name, "--nonsense"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 2
    assert f"scripts/{name}" in finished.stdout + finished.stderr


def test_script_can_be_called_by_a_link(tmp_path: Path) -> None:
    """As from ~/bin."""
    link = tmp_path / "serve"
    link.symlink_to(ROOT / "scripts" / "serve")
    finished = subprocess.run([link, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stdout.startswith("Usage: graphql-api serve")) == (0, True)


@pytest.mark.parametrize("name", ["setup", "serve"])
def test_closed_standard_error_stops_no_script(name: str) -> None:
    """Nobody may be there to read what the setup says."""
    arguments = {"setup": ["venv"], "serve": ["--help"]}[name]
    command = ["sh", "-c", '"$@" 2>&-', "sh", str(ROOT / "scripts" / name), *arguments]
    assert subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_setup_says_which_python_is_needed(tmp_path: Path) -> None:
    """On a machine with an old Python only, one sentence that says what to install."""
    copy = tmp_path / "project"
    (copy / "scripts").mkdir(parents=True)
    (copy / "scripts" / "setup").write_bytes((ROOT / "scripts" / "setup").read_bytes())
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("python3", "python3.13"):
        (programs / name).write_text("#!/bin/sh\nexit 1\n")
        (programs / name).chmod(0o755)
    for name in ("cat", "dirname"):
        (programs / name).symlink_to(f"/usr/bin/{name}")
    finished = subprocess.run(
        ["/bin/sh", copy / "scripts" / "setup"],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "no Python 3.11 or newer" in finished.stderr
    assert not (copy / ".venv").exists()


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_what_the_project_asks_for(lock: str) -> None:
    """Every requirement of pyproject.toml is pinned, at a version that it allows: scripts/lock has been run."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [project["dependency-groups"][group] for group in LOCKS[lock]]
    versions = pinned(lock)
    for text in [*project["project"]["dependencies"], *(each for group in groups for each in group)]:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name in versions, f"{name} is not in {lock}: run scripts/lock"
        assert requirement.specifier.contains(versions[name]), f"{lock} has {name} {versions[name]}: run scripts/lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_every_package_by_hash_and_names_no_machine(lock: str) -> None:
    """It installs the same bytes everywhere, from whatever index a machine uses."""
    text = (ROOT / lock).read_text()
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|--index|--find-links|--extra|^/", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_the_extras_that_its_packages_ask_for(lock: str) -> None:
    """Else pip would try versions of `package[extra]` that the lock does not hold, as soon as there are newer ones."""
    text = (ROOT / lock).read_text()
    for package in pinned(lock):
        try:
            requirements = [Requirement(each) for each in metadata.requires(package) or []]
        except metadata.PackageNotFoundError:
            continue  # for another platform
        for each in requirements:
            if each.extras and (each.marker is None or each.marker.evaluate({"extra": ""})):
                pin = f"{canonicalize_name(each.name)}[{','.join(sorted(each.extras))}]=="
                assert f"\n{pin}" in text, f"{package} asks for {each}: run scripts/lock"


def test_locks_agree() -> None:
    """Tests run on the versions that are served."""
    assert pinned("requirements.lock").items() <= pinned("requirements-dev.lock").items()


def test_documentation_names_every_script() -> None:
    """docs/commands.md has a row for each; what builds GraphiQL is documented with it."""
    documentation = (ROOT / "docs" / "commands.md").read_text()
    assert [name for name in SCRIPTS[1:] if f"| `scripts/{name}` |" not in documentation] == []
