"""Another checkout of this project, measured as what was before: its code loads the same seeds and serves them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from benchmarks.contenders import before, environment_of, python_of
from benchmarks.processes import run_watched

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.contenders import Contender

_WHERE = "import graphql_api; print(graphql_api.__path__[0])"


def check(checkout: Path) -> Path:
    """Return the absolute path of a checkout that runs its own code. Raises ValueError if it does not."""
    checkout = checkout.resolve()
    try:
        asked = subprocess.run(
            [*python_of(checkout), "-c", _WHERE],
            check=True,
            capture_output=True,
            text=True,
            env=environment_of(checkout),
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise ValueError(f"--against: run scripts/setup in {checkout} first; its .venv does not run: {error}") from None
    if asked.stdout.strip() != str(checkout / "graphql_api"):
        raise ValueError(f"--against: {checkout} runs the code in {asked.stdout.strip()}, not its own.")
    return checkout


def loaded(checkout: Path, seeds: Path, store: Path) -> list[Contender]:
    """Load the seeds into `store` by the code of `checkout`, and return its servers, without and with a cache."""
    command = [*python_of(checkout), "-m", "graphql_api", "load", "--seeds", str(seeds), "--store", str(store)]
    run_watched(command, (0, 1), environment_of(checkout))
    return [before(checkout, store, cached=False), before(checkout, store, cached=True)]
