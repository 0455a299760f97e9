"""The model of a load: the file that is named, else the one in the seeds folder, else the built-in model."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from graphql_api.errors import ContentError
from graphql_api.model.problems import told_in
from graphql_api.model.texts import package_text
from graphql_api.reading.discover import is_inside
from graphql_api.records import ANY_SITE

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.model.types import Model
    from graphql_api.records import Served

MODEL_FILE = "content.graphql"
MAX_MODEL_BYTES = 1 << 20


def model_of(seeds: Path, named: Path | None = None) -> Model:
    """Return the model of the folder `seeds`. Raises ContentError for a file that cannot be read, and ModelError."""
    from graphql_api.model.language import read_model  # noqa: PLC0415 - 100 ms that a load without changes can spare

    with told_in(str(named or seeds / MODEL_FILE)):
        return read_model(model_text(seeds, named))


def model_text(seeds: Path, named: Path | None = None) -> str:
    """Return the text of the model of the folder `seeds`. Raises ContentError for a file that cannot be read."""
    path = named or seeds / MODEL_FILE
    if named is None and not path.is_file():
        return package_text("questions.graphql")
    if named is None and not is_inside(os.path.realpath(seeds), os.path.realpath(path)):
        raise ContentError(
            f"{path} is a link that leaves the seeds folder. Put the file there, or name it with --model."
        )
    return _text(path)


def fingerprint_of(text: str) -> str:
    """Return 16 hex digits that change with a model's text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fingerprint_of_site(site: Served) -> str:
    """Return 16 hex digits that change with how a site is served, for that shows in what is loaded; "" for any site."""
    if site == ANY_SITE:
        return ""
    public = "" if site.public is None else str(site.public.absolute())
    return fingerprint_of(f"{site.origin or ''}\n{public}")


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
