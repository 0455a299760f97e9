"""A folder of any model's files, and the store that they are loaded into."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from graphql_api.loading.load import load
from graphql_api.loading.options import LoadOptions
from tests.loading.contents import everything, query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql_api.records import LoadReport


class SiteFolder:
    """Files under `root`, with a model in `content.graphql`."""

    def __init__(self, folder: Path, model: str) -> None:
        self.root = folder / "seeds"
        self.store = folder / "store"
        self.root.mkdir(parents=True)
        self.model(model)

    def model(self, text: str) -> None:
        """Declare another model."""
        (self.root / "content.graphql").write_text(text)

    def write(self, path: str, text: str) -> None:
        """Write a file; one that was there is new to a load even within one clock tick."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.stat().st_mtime_ns if file.exists() else 0
        file.write_text(text)
        if file.stat().st_mtime_ns == before:
            os.utime(file, ns=(before + 1, before + 1))

    def page(self, path: str, front: str, body: str = "") -> None:
        """Write a Markdown file with front matter."""
        self.write(path, f"---\n{front.strip()}\n---\n{body}\n")

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def load(self, *, force: bool = False, strict: bool = False, allow_shrink: bool = True) -> LoadReport:
        """Load the files; all of them may go unless something else is said."""
        return asyncio.run(load(self.root, self.store, LoadOptions(force, strict, allow_shrink)))

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement on the current generation, which may ask the views."""
        return query(self.store, sql, values)

    def everything(self) -> dict[str, dict[str, Any]]:
        """Return all that the current generation says of each entry."""
        return everything(self.store)


def told(report: LoadReport) -> list[tuple[str, str, str]]:
    """Return severity, code and path of each problem."""
    return [(problem.severity.value, problem.code, problem.path) for problem in report.problems]


def counts(report: LoadReport) -> tuple[int, int, int, int]:
    """Return how many entries were added, changed, removed and left."""
    return report.added, report.changed, report.removed, report.unchanged
