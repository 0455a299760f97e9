"""Sides: the product and the oracle over one folder; the one place here, but for tests, that knows the product."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql_api.errors import GraphQLAPIError
from graphql_api.loading.load import check
from graphql_api.rendering.render import render_answers
from graphql_api.settings import Limits
from tests.engine.product import Product
from tests.oracle.comparison import translated
from tests.oracle.execution import Oracle
from tests.oracle.site import NOWHERE, Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.oracle.declarations import Model
    from tests.oracle.execution import Execute

OF_RENDERING = frozenset(
    ("HTML_LEFT_OUT", "HTML_AS_TEXT", "ADDRESS_LEFT_OUT", "FORMULA_AS_SOURCE", "NOTE_LEFT_OUT", "LINK_DANGLING")
)
# Limits are another test's concern; a size in a variable would count as the largest.
UNLIMITED = Limits(
    cost=1 << 61, depth=1000, selections=1_000_000, lists=1000, rows=1 << 61, texts=1 << 61, document_tokens=1_000_000
)
RENDERING = ("HTML_LEFT_OUT", "ADDRESS_LEFT_OUT", "NOTE_LEFT_OUT", "LINK_DANGLING")


@dataclass(frozen=True)
class Sides:
    """The product, speaking the oracle's ids, and the oracle over the same folder, with the problems of each."""

    product: Execute
    oracle: Oracle
    told: Counter[tuple[str, str, str]]

    @property
    def site(self) -> Site:
        """The content, as the oracle has read it."""
        return self.oracle.site


@contextmanager
def both(model: Model, folder: Path, store: Path, *, validates: bool = False) -> Iterator[Sides]:
    """Open both sides over a folder, which the product loads in its own way; it must have found the model itself."""
    site = Site.of(model, folder)
    oracle = Oracle(site, lambda source, escapes: render_answers([source], [escapes])[0], validates=validates)
    with Product(store, UNLIMITED) as product:
        problems = product.load(folder).problems
        checked = asyncio.run(check(folder)).problems
        assert checked == problems, (
            f"a check alone tells {set(checked) - set(problems)}, a load {set(problems) - set(checked)}"
        )
        # What rendering leaves out of a text is told by the product's renderer, which the oracle has not got.
        known = [each for each in problems if each.code not in RENDERING]
        told = Counter((str(each.severity), each.code, each.path) for each in known)
        # One that leads nowhere is told by its line, which the oracle does not know.
        told.update({each: 1 - count for each, count in told.items() if each[1] == NOWHERE})
        # What is lost in rendering is known by who renders, for both sides.
        told = Counter({each: count for each, count in told.items() if each[1] not in OF_RENDERING})
        yield Sides(translated(_spoken(product), oracle.execute, site.model), oracle, told)


def _spoken(product: Product) -> Execute:
    def execute(document: str, variables: Mapping[str, Any] | None) -> dict[str, Any]:
        try:
            return product.response(document, variables)
        except GraphQLAPIError as error:
            # It never should; told as a response, so that the operation is shown and reduced.
            return {"errors": [{"message": repr(error), "extensions": {"code": "RAISED"}}]}

    return execute
