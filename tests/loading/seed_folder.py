"""A folder of seeds to load, and what a generation says of them."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql_api.loading.load import load
from graphql_api.loading.options import LoadOptions
from tests.loading.contents import everything, query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.records import LoadReport

GOOD = {"date": "2024-03-09", "subject": "Astronomy", "answer": "It depends."}


class SeedFolder:
    """Seeds under `root` and the store that they are loaded into."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "seeds"
        self.store = folder / "store"
        self.root.mkdir()

    def write(self, name: str, *, more: str = "", **keys: Any) -> Path:
        """Write the seed NAME.md: a good one with the url /learn/astronomy/questions/NAME, unless `keys` say else."""
        said = {"id": 7, "url": url_of(name), "title": f"What is {name}?", **GOOD, **keys}
        lines = [f"{key}: {_scalar(key, value)}\n" for key, value in said.items() if value is not None]
        return self.write_text(name, f"---\n{''.join(lines)}{more}---\n\n&nbsp;\n")

    def write_text(self, name: str, text: str) -> Path:
        """Write the file NAME.md as it is; a file that was there is new to a load even within one clock tick."""
        path = self.root / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.stat().st_mtime_ns if path.exists() else 0
        path.write_text(text, encoding="utf-8")
        if path.stat().st_mtime_ns == before:
            os.utime(path, ns=(before + 1, before + 1))
        return path

    def break_(self, name: str) -> Path:
        """Make NAME.md a seed with an ERROR."""
        return self.write_text(name, "no front matter")

    def remove(self, name: str) -> None:
        (self.root / f"{name}.md").unlink()

    def load(
        self, *, force: bool = False, strict: bool = False, allow_shrink: bool = False, **options: Any
    ) -> LoadReport:
        """Load the seeds into the store."""
        return asyncio.run(load(self.root, self.store, LoadOptions(force, strict, allow_shrink, **options)))

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement on the current generation."""
        return query(self.store, sql, values)

    def titles(self) -> dict[str, str]:
        """Return the title of every article, by the last segment of its url."""
        return dict(self.query("SELECT slug, title FROM question ORDER BY slug"))

    def everything(self) -> dict[str, dict[str, Any]]:
        """Return all that the current generation says of each entry, in no terms of its own keys."""
        return everything(self.store)


def url_of(name: str) -> str:
    """Return the url that the seed NAME.md has, unless it says another."""
    return f"/learn/astronomy/questions/{Path(name).name}"


def related(position: int, name: str, **keys: Any) -> str:
    """Return the front matter of a reference to the article of the seed NAME.md."""
    said = {"id": 7, "title": f"What is {name}?", "subject": "Astronomy", "url": url_of(name), **keys}
    lines = [f"    {key}: {_scalar(key, value)}\n" for key, value in said.items()]
    return f"related_article{position}:\n{''.join(lines)}"


def _scalar(key: str, value: Any) -> str:
    return str(value) if key == "date" else json.dumps(value, ensure_ascii=False)


def written(file: Path) -> tuple[int, ...]:
    """Return what tells that a file was written; to read it changes another of its times."""
    stat = file.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
