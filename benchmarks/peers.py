"""The servers of Node, which are measured when asked for: mercurius, and PostGraphile on a PostgreSQL made for it."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from benchmarks.contenders import MERCURIUS, PEERS, mercurius, postgraphile, runs
from benchmarks.postgres import postgres, programs
from benchmarks.results import missing
from benchmarks.words import POSTGRAPHILE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from benchmarks.contenders import Contender
    from benchmarks.results import Row

_MACHINES = {"x86_64": "x64", "aarch64": "arm64"}


def start_peers(plain_database: Path, cores: Sequence[int], stack: ExitStack) -> tuple[list[Contender], list[Row]]:
    """Return the servers that can be measured, and a row of why not for each that cannot.

    PostgreSQL runs on `cores`, which are those of the servers, until `stack` is closed.
    """
    node = PEERS / "node_modules" / f"node-linux-{_MACHINES.get(platform.machine(), '')}" / "bin" / "node"
    if not runs(node):
        return [], [missing("Servers", each, f"{node} does not run; see above") for each in (MERCURIUS, POSTGRAPHILE)]
    peers = [mercurius(node, plain_database)]
    binaries = programs()
    if binaries is None:
        return peers, [
            missing("Servers", POSTGRAPHILE, "there is no PostgreSQL; on Debian: apt-get install postgresql")
        ]
    try:
        socket = stack.enter_context(postgres(plain_database, binaries, cores))
    except (OSError, RuntimeError) as error:
        return peers, [missing("Servers", POSTGRAPHILE, str(error).strip().splitlines()[-1])]
    return [*peers, postgraphile(node, socket)], []
