"""The model of a load: the file that is named, else the one in the seeds folder, else the built-in model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.errors import ContentError
from graphql_api.model.language import builtin_model, read_model

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.model.types import Model

MODEL_FILE = "content.graphql"
MAX_MODEL_BYTES = 1 << 20


def model_of(seeds: Path, named: Path | None = None) -> Model:
    """Return the model of the folder `seeds`. Raises ContentError for a file that cannot be read, and ModelError."""
    path = named or seeds / MODEL_FILE
    if named is None and not path.is_file():
        return builtin_model()
    return read_model(_text(path))


def has_model(seeds: Path) -> bool:
    """Return whether the folder has a model of its own."""
    return (seeds / MODEL_FILE).is_file()


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_MODEL_BYTES + 1)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise ContentError(f"The model {path} is not UTF-8 (byte {cause.start}). Save it as UTF-8.") from cause
    except OSError as cause:
        raise ContentError(
            f"The model {path} cannot be read: {cause.strerror}. Name another one with --model."
        ) from cause
    if len(data) > MAX_MODEL_BYTES:
        raise ContentError(f"The model {path} has more than {MAX_MODEL_BYTES:,} bytes. Make it smaller.")
    return text
