"""Types without files: what is told of a model whose globs match nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from graphql import ObjectTypeDefinitionNode
from msgspec.structs import replace

from graphql_api.loading.model_file import MODEL_FILE, has_model
from graphql_api.model.document import parse_document
from graphql_api.model.globs import Globs, is_literal
from graphql_api.reading.problems import Code, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from graphql_api.model.types import EntryType, Model
    from graphql_api.reading.discover import Discovery
    from graphql_api.records import SeedFile

_SHOWN_GLOBS: Final = 3
_WILDCARD: Final = re.compile(r"[*?]")
_PATH: Final = attrgetter("path")


def with_types_without_files(
    claimed: Discovery, model: Model, seeds: Path, named: Path | None, found: Sequence[SeedFile]
) -> Discovery:
    """Return what types have `claimed` of the files that were `found`, with a WARNING for each type that has none.

    The built-in model is nobody's to mend: of that nothing is told. `named` is the model's file, where one is named.
    """
    if named is None and not has_model(seeds):
        return claimed
    lacking = [each for each in model.entry_types.values() if _wants_file(each) and not _has_file(each, claimed.files)]
    if not lacking:
        return claimed
    path, lines = str(named or MODEL_FILE), _lines_of_types(model.text)
    told = [warning(Code.NO_FILES, path, _message(each, found), lines.get(each.name)) for each in lacking]
    return replace(claimed, problems=(*claimed.problems, *told))


def _wants_file(entry_type: EntryType) -> bool:
    """Return whether a type should have a file: what references name as well needs none but one that is named."""
    return any(is_literal(glob) or not entry_type.is_grouped for glob in entry_type.globs)


def _has_file(entry_type: EntryType, files: Sequence[SeedFile]) -> bool:
    matches = Globs(entry_type.globs).matches
    starts = [_WILDCARD.split(glob, 1)[0] for glob in entry_type.globs if not glob.startswith("!")]
    return any(matches(path) for start in starts for path in _starting_with(start, files))


def _starting_with(start: str, files: Sequence[SeedFile]) -> Iterator[str]:
    """Yield the paths that begin so, of files that are sorted by path."""
    for at in range(bisect_left(files, start, key=_PATH), len(files)):
        if not files[at].path.startswith(start):
            return
        yield files[at].path


def _message(entry_type: EntryType, files: Sequence[SeedFile]) -> str:
    if entry_type.is_singleton:
        return f"{entry_type.name} has no file: {entry_type.globs[0]} is not there. Add it, or mend the path here."
    for glob in entry_type.globs:
        inside = next(_starting_with(f"{glob}/", files), None)
        if inside:
            suffix = inside[inside.rindex(".") :]
            return f'{entry_type.name} has no files: {glob} is a folder. Write "{glob}/**/*{suffix}".'
    more = "" if len(entry_type.globs) <= _SHOWN_GLOBS else ", …"
    shown = ", ".join(entry_type.globs[:_SHOWN_GLOBS])
    return f"{entry_type.name} has no files: none matches {shown}{more}. Add one, mend the globs, or take the type out."


def _lines_of_types(text: str) -> dict[str, int]:
    """Return the line, from 1, of the name of each type that a model declares."""
    nodes = [node for node in parse_document(text).definitions if isinstance(node, ObjectTypeDefinitionNode)]
    return {node.name.value: node.name.loc.start_token.line for node in nodes if node.name.loc}
