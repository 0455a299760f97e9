"""`scripts/bench --against CHECKOUT`: another checkout is measured only with its own code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks import against
from benchmarks.contenders import BEFORE_CACHED, BEFORE_UNCACHED, before

if TYPE_CHECKING:
    from pathlib import Path


def _checkout(folder: Path, *, has_code: bool) -> Path:
    """Return a folder whose .venv has this Python, as a checkout that was set up has one."""
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    if has_code:
        (folder / "graphql_api").mkdir()
        (folder / "graphql_api" / "__init__.py").touch()
    return folder


def test_checkout_runs_its_own_code(tmp_path: Path) -> None:
    """Whatever is installed in the environment, the code of the checkout is run."""
    assert against.check(_checkout(tmp_path, has_code=True)) == tmp_path.resolve()


def test_checkout_without_code_is_refused(tmp_path: Path) -> None:
    """A folder whose Python runs the code of somewhere else would be compared with itself."""
    with pytest.raises(ValueError, match="not its own"):
        against.check(_checkout(tmp_path, has_code=False))


def test_checkout_that_is_not_set_up_is_refused(tmp_path: Path) -> None:
    """The message says what to do."""
    with pytest.raises(ValueError, match="run scripts/setup in"):
        against.check(tmp_path)


def test_servers_of_before_are_those_of_the_checkout(tmp_path: Path) -> None:
    """They run with its Python, its code and a store of its own, once without a cache."""
    servers = [before(tmp_path, tmp_path / "store", cached=cached) for cached in (False, True)]
    assert [each.name for each in servers] == [BEFORE_UNCACHED, BEFORE_CACHED]
    assert all(each.command[0] == str(tmp_path / ".venv" / "bin" / "python") for each in servers)
    assert all(each.environment["PYTHONPATH"] == str(tmp_path) for each in servers)
    assert [each.environment.get("GRAPHQL_API_RESPONSE_CACHE_BYTES") for each in servers] == ["0", None]
    assert all(each.is_ours for each in servers)
