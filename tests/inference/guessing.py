"""Guesses in tests: files in a folder, the model that is guessed from them, and what loading them by it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphql_api.inference.infer import infer
from graphql_api.model.language import read_model
from graphql_api.reading.compile import reader_of
from graphql_api.reading.discover import SUFFIXES, discover
from graphql_api.records import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphql_api.inference.infer import Inferred
    from graphql_api.model.types import Model


class Guess(NamedTuple):
    """A guess, the model that it is, and what is wrong with the files by it."""

    inferred: Inferred
    model: Model
    errors: tuple[str, ...]
    unclaimed: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text of the model."""
        return self.inferred.text

    def line(self, type_name: str, field: str) -> str:
        """Return the line of a field, without what it rests on."""
        lines = self.text.split(f"type {type_name} ", 1)[1].split("\n}", 1)[0].splitlines()
        return next(line.split("  #", 1)[0].strip() for line in lines if line.startswith(f"  {field}:"))

    def keys(self, type_name: str) -> list[str]:
        """Return the fields of a type that are keys, the identity first."""
        lines = self.text.split(f"type {type_name} ", 1)[1].split("\n}", 1)[0].splitlines()
        return [line.split(":")[0].strip() for line in lines[1:] if "@key" in line]

    @property
    def names(self) -> list[str]:
        """The names of the types that have files."""
        return [name for name, _ in self.inferred.types]

    def why(self, type_name: str, field: str) -> str:
        """Return what a field rests on."""
        lines = self.text.split(f"type {type_name} ", 1)[1].split("\n}", 1)[0].splitlines()
        return next(line for line in lines if line.startswith(f"  {field}:")).partition("  # ")[2]


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files by their paths, and return their folder."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def guess(folder: Path) -> Guess:
    """Return the guess for a folder. Raises ModelError if it is no model."""
    inferred = infer(folder)
    model = read_model(inferred.text)
    reader = reader_of(model)
    left_out = {path for path, _ in inferred.left_out}
    files = [file for file in discover(folder, SUFFIXES).files if file.path not in left_out]
    problems = [problem for entries in reader.read(folder, files) for problem in entries.problems]
    return Guess(
        inferred,
        model,
        tuple(f"{each.path}:{each.line} {each.message}" for each in problems if each.severity is Severity.ERROR),
        tuple(file.path for file in files if len(reader.claims(file.path)) != 1),
    )


def guessed(folder: Path, files: Mapping[str, str]) -> Guess:
    """Return the guess for files that are written first."""
    return guess(write_files(folder, files))
