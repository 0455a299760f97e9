"""Drawn lists page through every connection of the schema, and the oracle walks them to both ends."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings

from tests.oracle.articles import QUESTIONS, oracle, plain
from tests.oracle.execution import Oracle
from tests.oracle.hostile import hostile_operations
from tests.oracle.lists import paged_list
from tests.oracle.site import Site
from tests.oracle.synthetic import write_seeds
from tests.oracle.walks import walk

if TYPE_CHECKING:
    from pathlib import Path


def test_drawn_lists_are_walked(tmp_path: Path) -> None:
    """Each kind of connection is drawn, with a filter and an order that the oracle accepts."""
    write_seeds(tmp_path, 60, 2)
    both = Oracle(Site.of(QUESTIONS, tmp_path), plain)
    paths = set()
    for number in range(40):
        paged = paged_list(both.site, both.schema, random.Random(number))
        if "errors" not in both.execute(paged.document, paged.variables):
            paths.add(paged.path)
            assert len(walk(both.execute, paged, 13)) == paged.page(both.execute)["totalCount"]
    assert paths == {("questions",), ("subjects",), ("node", "questions"), ("node", "referencedBy")}


@settings(max_examples=20, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=hostile_operations())
def test_hostile_operations_are_answered(document: str) -> None:
    """Each is valid in the whole schema, so that the oracle has data for it."""
    assert "data" in EMPTY.execute(document)


EMPTY = oracle()
