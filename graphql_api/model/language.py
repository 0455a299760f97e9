"""Language: from the text of a `content.graphql` to the model that it declares."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING

from graphql_api.model.bounds import check_bounds
from graphql_api.model.building import build
from graphql_api.model.checks.asked import check_asked
from graphql_api.model.checks.references import check_references
from graphql_api.model.checks.scope import Scope
from graphql_api.model.checks.sources import check_sources
from graphql_api.model.checks.types import check_types
from graphql_api.model.declarations import Declarations
from graphql_api.model.document import parse_document
from graphql_api.model.name_checks import name_faults
from graphql_api.model.problems import MAX_COUNTED, ModelError, ModelProblem, in_order
from graphql_api.model.texts import package_text
from graphql_api.records import Severity

if TYPE_CHECKING:
    from graphql_api.model.types import Model


@lru_cache(maxsize=1)  # a generation's text is read for its tables, and at once again for its schema
def read_model(text: str) -> Model:
    """Return the model that a text declares. Raises ModelError, with all that is wrong."""
    model, problems = _read(text)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise ModelError(problems)
    return model


def problems_of(text: str) -> tuple[ModelProblem, ...]:
    """Return the problems of a text, warnings too, in its order; read_model raises it only for an ERROR."""
    try:
        return in_order(_read(text)[1])
    except ModelError as error:
        return error.problems


def _read(text: str) -> tuple[Model, tuple[ModelProblem, ...]]:
    """Return what can be made of a text, and its problems. Raises ModelError where nothing can be."""
    document = parse_document(text)
    check_bounds(document)
    declarations = Declarations(document)
    model = build(text, declarations)
    scope = Scope(model, declarations)
    checks = (check_types(scope), check_sources(scope), check_references(scope), check_asked(scope), name_faults(model))
    found = (problem for fault in chain(*checks) if (problem := scope.problem(fault)))
    return model, _without_echoes((*declarations.problems, *islice(found, MAX_COUNTED)))


def _without_echoes(problems: tuple[ModelProblem, ...]) -> tuple[ModelProblem, ...]:
    """Return the problems without warnings where an error stands already."""
    errors = {(each.line, each.column) for each in problems if each.severity is Severity.ERROR}
    return tuple(each for each in problems if each.severity is Severity.ERROR or (each.line, each.column) not in errors)


@cache
def builtin_model() -> Model:
    """Return the model that holds where a seeds folder has none."""
    return read_model(package_text("questions.graphql"))
