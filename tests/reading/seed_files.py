"""Seed files for tests: a good one, and the means to spoil it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.reading.discover import discover
from graphql_api.reading.seed import read_seed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphql_api.records import Article, Problem, Seed

KEYS = {
    "id": "7",
    "url": "/learn/astronomy/questions/why-is-the-sky-dark",
    "title": "Why is the sky dark at night?",
    "date": "2024-03-09",
    "subject": "Astronomy",
    "answer": "Because the universe is young.",
}


def seed_text(body: str = "&nbsp;", *, more: str = "", **keys: str | None) -> str:
    """Return a seed; `keys` replaces or (None) drops keys of the good one, `more` is added front matter."""
    return seed_with(keys, body, more)


def seed_with(keys: Mapping[str, str | None], body: str = "&nbsp;", more: str = "") -> str:
    """Return a seed as `seed_text` does, for keys that a test computes."""
    lines = [f"{key}: {value}\n" for key, value in {**KEYS, **keys}.items() if value is not None]
    return f"---\n{''.join(lines)}{more}---\n\n{body}"


def seed_of(folder: Path, content: str | bytes) -> Seed:
    """Write one seed file into `folder` and return what is read from it."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    (folder / "seed.md").write_bytes(data)
    (file,) = discover(folder).files
    return read_seed(folder, file)


def article_of(folder: Path, content: str | bytes) -> Article:
    """Return the article of a seed that has no problem at all."""
    seed = seed_of(folder, content)
    assert seed.problems == ()
    assert seed.article is not None
    return seed.article


def problem_of(folder: Path, content: str | bytes) -> Problem:
    """Return the only problem of a seed."""
    (problem,) = seed_of(folder, content).problems
    return problem
