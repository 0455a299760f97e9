"""By any model, over any content, the product tells the oracle's problems and gives the oracle's answers."""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from graphql import GraphQLInputObjectType

from graphql_api.loading.model_file import MODEL_FILE
from tests.oracle.arguments import plain_value
from tests.oracle.comparison import compare
from tests.oracle.contents import write_content
from tests.oracle.declarations import Model
from tests.oracle.everything import everything
from tests.oracle.models import model_text
from tests.oracle.operations import operation
from tests.oracle.reduction import reduced
from tests.oracle.searches import in_any_order, searches
from tests.oracle.sides import Sides, both
from tests.oracle.values import Values
from tests.oracle.words import list_name
from tests.random_seeds import seed_of_run
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.oracle.execution import Oracle

pytestmark = uncounted

MODELS = int(os.environ.get("GRAPHQL_API_TEST_EXAMPLES", "200"))
PARTS = 10
OPERATIONS, FILTERS = 1, 1
Variables = list[dict[str, Any]]


@pytest.mark.parametrize("part", range(PARTS))
def test_generated_models_have_equal_problems_and_answers(part: int, tmp_path: Path) -> None:
    """All that is in the lists, what generated operations ask, and what generated filters keep and leave."""
    for number in range(part, MODELS, PARTS):
        seed = f"{seed_of_run()}:{number}"
        try:
            check_model(seed, tmp_path / str(number))
        except (Exception, pytest.fail.Exception) as error:
            error.add_note(f"model {number} of the seed {seed_of_run()} lies in {tmp_path / str(number) / 'seeds'}")
            raise
        shutil.rmtree(tmp_path / str(number))


def check_model(seed: str, folder: Path) -> None:
    """Compare both sides over one generated model and its content. Raises AssertionError."""
    draw = random.Random(seed)
    text = model_text(draw)
    seeds = folder / "seeds"
    seeds.mkdir(parents=True)
    (seeds / MODEL_FILE).write_text(text, encoding="utf-8")
    write_content(Model(text), seeds, draw)
    check_folder(text, folder, draw)


def check_folder(text: str, folder: Path, draw: random.Random) -> None:
    """Compare both sides over what is in `seeds` below a folder, by a model. Raises AssertionError."""
    seeds = folder / "seeds"
    with both(Model(text), seeds, folder / "store") as sides:
        ours = sides.oracle.site.told()
        assert sides.told == ours, f"the product alone tells {sides.told - ours}, the oracle alone {ours - sides.told}"
        for document, variables in asked(sides.oracle, draw):
            check_answer(sides, document, variables)
        for document in searches(sides.oracle, draw):
            compare(in_any_order(sides.product), in_any_order(sides.oracle.execute), document, {})


def asked(oracle: Oracle, draw: random.Random) -> Iterator[tuple[str, Variables]]:
    """Yield documents with the variables to try, one after the other: what was kept must not show in the next."""
    site, schema = oracle.site, oracle.schema
    for document in everything(site, schema):
        yield document, [{}]
    for _ in range(OPERATIONS):
        one = operation(site, schema, draw)
        yield one.document, [one.variables, one.other_variables]
    values = Values(site, draw)
    for type_ in site.model.entries:
        filter_ = schema.type_map.get(f"{type_.name}Filter")
        if isinstance(filter_, GraphQLInputObjectType):
            name = list_name(type_)
            document = (
                f"query ($f: {type_.name}Filter!) {{ kept: {name}(filter: $f) {{ totalCount nodes {{ id }} }}"
                f" left: {name}(filter: {{not: $f}}) {{ totalCount nodes {{ id }} }} }}"
            )
            yield (
                document,
                [{"f": plain_value(values.value(filter_, ("filter",))) or {}} for _ in range(FILTERS)],
            )


def check_answer(sides: Sides, document: str, variables: Variables) -> None:
    """Compare the answers to one document; of one that differs, the least part that does is shown."""

    def difference(document: str) -> str:
        try:
            for each in variables:
                compare(sides.product, sides.oracle.execute, document, each)
        except AssertionError as error:
            return str(error)
        return ""

    if difference(document):
        pytest.fail(difference(reduced(document, lambda smaller: bool(difference(smaller)))))
