"""examples/operations: what docs/operations.md gives an operator is checked by those who will read it, or runs."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2
import pytest
import yaml

from graphql_api.store.generations import read_pointer
from graphql_api.store.journal import read_journal
from tests.clients.conftest import checked, program
from tests.command_line import seed, write_seeds
from tests.server.programs import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = program("examples/operations")
PAGE = program("docs/operations.md").read_text(encoding="utf-8")
UNITS = ("content-api.socket", "content-api.service", "content-load.service", "content-load.timer")
PROGRAMS = {"/srv/content-api/.venv/bin/graphql-api", "/srv/content-api/examples/operations/content-update"}
HARDENED = 20
"""In tenths, what `systemd-analyze security` may give at the most; 100 is a unit without any hardening."""


@pytest.fixture
def units(tmp_path: Path) -> list[str]:
    """Return copies of the units whose programs are on this machine."""
    for name in UNITS:
        text = (FILES / name).read_text()
        for each in PROGRAMS:
            text = text.replace(each, "/bin/true")
        (tmp_path / name).write_text(text)
    return [str(tmp_path / name) for name in UNITS]


def test_units_are_those_of_systemd(units: list[str], tmp_path: Path) -> None:
    """Not a warning: no unknown key, no value that cannot be read, no unit that is named and not there."""
    assert checked(["systemd-analyze", "verify", "--man=no", *units], tmp_path) == ""


@pytest.mark.parametrize("name", ["content-api.service", "content-load.service"])
def test_services_are_hardened(units: list[str], name: str, tmp_path: Path) -> None:
    """As docs/operations.md says, by systemd's own measure."""
    (unit,) = (each for each in units if each.endswith(name))
    options = ("--offline=true", f"--threshold={HARDENED}", "--no-pager")
    told = checked(["systemd-analyze", "security", *options, unit], tmp_path)
    (exposure,) = re.findall(r"exposure level for \S+: ([\d.]+)", told)
    assert f"gives both {exposure}" in PAGE


def test_programs_of_the_units_are_what_there_is() -> None:
    """The commands of the units are commands of this project, with options that they have."""
    for name in UNITS:
        for command in re.findall(r"^ExecStart=((?:.*\\\n)*.*)$", (FILES / name).read_text(), re.MULTILINE):
            first, *arguments = command.replace("\\\n", " ").split()
            assert first in PROGRAMS
            if arguments:
                options = [each for each in arguments if each.startswith("--")]
                told = checked([sys.executable, "-m", "graphql_api", arguments[0], "--help"], FILES)
                assert [each for each in options if each not in told] == []


def test_script_is_portable_shell(tmp_path: Path) -> None:
    """shellcheck has nothing to say."""
    shellcheck = shutil.which("shellcheck") or str(program(".venv/bin/shellcheck"))
    assert checked([shellcheck, str(FILES / "content-update")], tmp_path) == ""


class Content:
    """A repository of content, a clone of it, and a store."""

    def __init__(self, folder: Path) -> None:
        self.origin, self.checkout, self.store = folder / "origin", folder / "checkout", folder / "store"
        write_seeds(self.origin, 3)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()
        checked(["git", "clone", "--quiet", str(self.origin), str(self.checkout)], folder)
        self.program = folder / "graphql-api"
        self.program.write_text(f'#!/bin/sh\nexec {sys.executable} -m graphql_api "$@"\n')
        self.program.chmod(0o755)

    def git(self, *arguments: str) -> str:
        """Run git in the repository."""
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        return checked(["git", *who, *arguments], self.origin).strip()

    def commit(self) -> str:
        """Commit all there is, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "content")
        return self.git("rev-parse", "HEAD")

    def update(self) -> None:
        """Run the script; the program is found in this project's folder."""
        variables = {"CONTENT_CHECKOUT": self.checkout, "CONTENT_STORE": self.store, "GRAPHQL_API": self.program}
        checked([str(FILES / "content-update")], program("."), **{name: str(path) for name, path in variables.items()})


def test_update_fetches_loads_and_calls_the_publish_by_its_commit(tmp_path: Path) -> None:
    """What was committed is served."""
    content = Content(tmp_path)
    content.update()
    (content.origin / "9.md").write_text(seed(9))
    commit = content.commit()
    content.update()
    assert read_pointer(content.store).label == commit
    assert [each.added for each in read_journal(content.store).loads] == [3, 1]


def test_updates_that_meet_wait_for_each_other(tmp_path: Path) -> None:
    """One lock is around pull and load: all end well, and none finds another load under way."""
    content = Content(tmp_path)
    content.update()
    (content.origin / "9.md").write_text(seed(9))
    commit = content.commit()
    failures: list[BaseException] = []

    def update() -> None:
        try:
            content.update()
        except BaseException as failure:  # noqa: BLE001 - told by the test
            failures.append(failure)

    threads = [threading.Thread(target=update) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert read_pointer(content.store).label == commit


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[str]:
    """Run nginx with the documented configuration before a server at `upstream`; gives its url."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = (FILES / "nginx.conf").read_text()
    assert "listen 80;" in text
    (folder / "site.conf").write_text(
        text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("127.0.0.1:8000", upstream)
    )
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""  # only root may become another
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {places} include {folder}/site.conf; }}\n"
    )
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    command = [found, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    assert "test is successful" in checked([*command, "-t"], folder)
    with subprocess.Popen(command) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            with httpx2.Client(transport=httpx2.HTTPTransport(retries=8)) as client:  # until it listens
                client.get(f"{url}/healthz")
            yield url
        finally:
            process.terminate()


def test_nginx_hands_on_what_is_public_and_nothing_else(tmp_path: Path) -> None:
    """Queries, GraphiQL and events; not the metrics. The log has the client's address and nginx's id."""
    seeds = write_seeds(tmp_path / "seeds", 3)
    options = ("--trusted-proxies", "127.0.0.1", "--metrics", "--request-ids", "--access-log")
    command = [sys.executable, "-m", "graphql_api", "serve", "--port", "0", *options]
    with running([*command, "--seeds", str(seeds), "--store", str(tmp_path / "store")]) as server:
        (tmp_path / "nginx").mkdir()
        with (
            nginx(tmp_path / "nginx", server.url.removeprefix("http://")) as url,
            httpx2.Client(base_url=url) as client,
        ):
            answer = client.post("/graphql", json={"query": "{ content { questionCount } }"})
            assert answer.json() == {"data": {"content": {"questionCount": 3}}}
            assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])
            assert "text/html" in client.get("/graphql", headers={"accept": "text/html"}).headers["content-type"]
            assert client.get("/healthz").status_code == 200
            assert {client.get(path).status_code for path in ("/metrics", "/readyz")} == {404}


def test_container_file_has_nothing_that_a_linter_would_say(python_clients: Path, tmp_path: Path) -> None:
    """hadolint, at its strictest; what it copies is there."""
    text = (FILES / "Containerfile").read_text()
    assert checked([str(python_clients / "hadolint"), str(FILES / "Containerfile")], tmp_path) == ""
    for names in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE):
        assert [name for name in names.split() if not program(name).exists()] == []


def test_files_of_the_page_are_the_files_there_are() -> None:
    """Each is named, and its YAML can be read."""
    assert set(re.findall(r"\]\(\.\./examples/operations/([\w.-]+)\)", PAGE)) == {each.name for each in FILES.iterdir()}
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    workflow, hooks = (yaml.safe_load(block) for block in blocks)
    (hook,) = yaml.safe_load(program(".pre-commit-hooks.yaml").read_text())
    assert [each["id"] for each in hooks["repos"][0]["hooks"]] == [hook["id"]]
    assert "check --seeds content --format github" in workflow["jobs"]["check"]["steps"][-1]["run"]
