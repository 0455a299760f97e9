"""Language: from the text of a `content.graphql` to the model that it declares."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from graphql_api.model.building import build
from graphql_api.model.declarations import Declarations
from graphql_api.model.document import parse_document
from graphql_api.model.problems import ModelError
from graphql_api.model.vocabulary import package_text

if TYPE_CHECKING:
    from graphql_api.model.types import Model


def read_model(text: str) -> Model:
    """Return the model that a text declares. Raises ModelError, with all that is wrong."""
    declarations = Declarations(parse_document(text))
    model = build(text, declarations)
    if declarations.problems:
        raise ModelError(tuple(declarations.problems))
    return model


@cache
def builtin_model() -> Model:
    """Return the model that holds where a seeds folder has none."""
    return read_model(package_text("questions.graphql"))
