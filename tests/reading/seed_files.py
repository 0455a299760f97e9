"""Seed files for tests: a good one of the built-in model, the means to spoil it, and files of any other model."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from graphql_api.model.language import builtin_model, read_model
from graphql_api.reading.compile import Reader, reader_of
from graphql_api.reading.discover import SUFFIXES, discover
from graphql_api.records import Served

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphql_api.model.types import Model
    from graphql_api.reading.entry import Entry, SeedEntries
    from graphql_api.records import Problem

KEYS = {
    "id": "7",
    "url": "/learn/astronomy/questions/why-is-the-sky-dark",
    "title": "Why is the sky dark at night?",
    "date": "2024-03-09",
    "subject": "Astronomy",
    "answer": "Because the universe is young.",
}


@cache
def built_in() -> Model:
    return builtin_model()


@cache
def built_in_reader() -> Reader:
    return reader_of(built_in())


def seed_text(body: str = "&nbsp;", *, more: str = "", **keys: str | None) -> str:
    """Return a seed; `keys` replaces or (None) drops keys of the good one, `more` is added front matter."""
    return seed_with(keys, body, more)


def seed_with(keys: Mapping[str, str | None], body: str = "&nbsp;", more: str = "") -> str:
    """Return a seed as `seed_text` does, for keys that a test computes."""
    lines = [f"{key}: {value}\n" for key, value in {**KEYS, **keys}.items() if value is not None]
    return f"---\n{''.join(lines)}{more}---\n\n{body}"


def seed_of(folder: Path, content: str | bytes) -> SeedEntries:
    """Write one seed file into `folder` and return what is read from it by the built-in model."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    (folder / "seed.md").write_bytes(data)
    (seed,) = built_in_reader().read(folder, discover(folder).files)
    return seed


def article_of(folder: Path, content: str | bytes) -> SimpleNamespace:
    """Return the article of a seed that has no problem at all, its values by the names of their fields."""
    seed = seed_of(folder, content)
    assert seed.problems == ()
    (entry,) = seed.entries
    return named(built_in(), entry)


def problem_of(folder: Path, content: str | bytes) -> Problem:
    """Return the only problem of a seed."""
    (problem,) = seed_of(folder, content).problems
    return problem


def named(model: Model, entry: Entry) -> SimpleNamespace:
    """Return the values of an entry by the names of its fields, and those of groups by the names of theirs."""
    fields = model.entry_types[entry.type_name].fields
    return SimpleNamespace(
        **{field.name: _named(model, field.type.name, value) for field, value in zip(fields, entry.values, strict=True)}
    )


def _named(model: Model, type_name: str, value: Any) -> Any:
    if not isinstance(value, tuple) or hasattr(value, "_fields"):
        return value
    if type_name in model.unions:
        if value and isinstance(value[0], tuple):
            return [_named(model, type_name, item) for item in value]
        members = list(model.unions[type_name].members.values())
        return _named(model, members[value[0]], value[1]) if value else []
    fields = model.groups[type_name].fields if type_name in model.groups else ()
    if fields and len(value) == len(fields) and not isinstance(value[0], tuple):
        pairs = zip(fields, value, strict=True)
        return SimpleNamespace(**{field.name: _named(model, field.type.name, item) for field, item in pairs})
    return [_named(model, type_name, item) for item in value]


def read_files(
    folder: Path, model: str | Model, files: Mapping[str, str], public: Path | None = None
) -> dict[str, SeedEntries]:
    """Write files below `folder` and return what is read from each by a model."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    reader = reader_of(read_model(model) if isinstance(model, str) else model, Served(public))
    found = discover(folder, SUFFIXES)
    assert found.problems == ()
    return {seed.file.path: seed for seed in reader.read(folder, found.files)}


def values_of(folder: Path, model: str, text: str, name: str = "a.md") -> SimpleNamespace:
    """Return the values of the only entry of one file, which has no problem."""
    parsed = read_model(model)
    seed = read_files(folder, parsed, {name: text})[name]
    assert seed.problems == ()
    (entry,) = seed.entries
    return named(parsed, entry)


def faults_of(folder: Path, model: str, text: str, name: str = "a.md") -> list[tuple[str, int | None, str]]:
    """Return code, line and message of each problem of one file."""
    problems = read_files(folder, model, {name: text})[name].problems
    return [(problem.code, problem.line, problem.message) for problem in problems]
