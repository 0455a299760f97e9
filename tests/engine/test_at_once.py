"""What is answered at once, without a task: only what was asked before, and takes no longer than a moment."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import orjson
import pytest
from msgspec.structs import replace

from graphql_api.engine.requests import Request
from tests.engine.conftest import SEEDS
from tests.engine.product import Product

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOOKUP = "query Lookup($slug: String!) { subject(slug: $slug) { title } content { version } }"
ASTRONOMY = Request(LOOKUP, None, {"slug": "astronomy"})
OTHERS = (
    Request("{ __schema { queryType { name } } subjects { totalCount } }"),
    Request('{ search(query: "moon") { totalCount } }'),
    Request("mutation { reloadContent { version } }"),
    Request("subscription { contentChanged { version } }"),
    Request(LOOKUP, None, {"slug": 1}),
    Request(LOOKUP, None, {}),
    Request(LOOKUP, "Other", {"slug": "astronomy"}),
    Request("{ nothing }"),
    Request("{"),
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return an engine of its own, which was asked nothing yet."""
    with Product(tmp_path_factory.mktemp("store")) as product:
        product.load(SEEDS)
        yield product


def test_what_was_asked_before_is_answered_at_once(product: Product) -> None:
    """With the same bytes, for other values of its variables too."""
    assert product.at_once(ASTRONOMY) is None
    expected = product.response(LOOKUP, {"slug": "physics"})
    physics = product.at_once(replace(ASTRONOMY, variables={"slug": "physics"}))
    astronomy = product.at_once(ASTRONOMY)
    assert physics is not None
    assert astronomy is not None
    assert b'"title":"Astronomy"' in astronomy.body
    assert physics.body == astronomy.body.replace(b"Astronomy", expected["data"]["subject"]["title"].encode())
    assert (astronomy.has_data, astronomy.is_repeatable) == (True, True)


@pytest.mark.parametrize("request_", OTHERS, ids=lambda request: request.document)
def test_what_needs_more_than_a_row_is_not(product: Product, request_: Request) -> None:
    """Introspection, searches, mutations, subscriptions, and all that is refused, however often it is asked."""
    for _ in range(2):
        product.at_once(request_)
        if not request_.document.startswith(("mutation", "subscription")):
            product.response(request_.document, request_.variables, request_.operation_name)
        assert product.at_once(request_) is None


def test_what_has_its_cost_told_or_paid_is_not(product: Product) -> None:
    """A budget is charged once, before anything is read."""
    product.response(LOOKUP, {"slug": "astronomy"})
    assert product.at_once(ASTRONOMY) is not None
    spent: list[int] = []
    assert product.at_once(replace(ASTRONOMY, spend=spent.append)) is None
    assert product.at_once(replace(ASTRONOMY, wants_cost=True)) is None
    assert not spent


def test_what_was_published_is_answered_at_once_when_a_request_has_opened_it(product: Product, tmp_path: Path) -> None:
    """From then on, and nothing of what was before."""
    product.response(LOOKUP, {"slug": "astronomy"})
    before = product.at_once(ASTRONOMY)
    assert before is not None
    shutil.copytree(SEEDS, tmp_path / "seeds")
    next((tmp_path / "seeds").rglob("*.md")).unlink()
    assert product.load(tmp_path / "seeds").published
    assert product.at_once(ASTRONOMY) is None
    expected = product.response(LOOKUP, {"slug": "astronomy"})
    product.response(LOOKUP, {"slug": "astronomy"})
    after = product.at_once(ASTRONOMY)
    assert after is not None
    assert after.version != before.version
    assert orjson.loads(after.body) == expected
