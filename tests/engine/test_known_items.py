"""Search on real articles: who knows what there is finds it by its title, by part of it, and by its beginning."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.product import Product

SEED = 20_240_917
KNOWN_ITEMS = 500
FOUND = "query ($query: String!, $first: Int!) { search(query: $query, first: $first) { nodes { title } } }"


def whole(title: str, _: random.Random) -> str:
    return title


def two_words_dropped(title: str, draw: random.Random) -> str:
    words = title.split()
    kept = sorted(draw.sample(range(len(words)), max(1, len(words) - 2)))
    return " ".join(words[at] for at in kept)


def first_half_typed(title: str, _: random.Random) -> str:
    return title[: max(1, len(title) // 2)]


@pytest.mark.parametrize(
    ("typed", "places", "least"),
    [
        pytest.param(whole, 3, 0.98, id="whole title, first three"),
        pytest.param(two_words_dropped, 3, 0.85, id="two words dropped, first three"),
        pytest.param(first_half_typed, 5, 0.85, id="first half typed, first five"),
    ],
)
def test_known_item_is_found_by_its_title(
    sample: Product, typed: Callable[[str, random.Random], str], places: int, least: float
) -> None:
    """Of 500 random articles, that many are found (or one of equal title) among the first few."""
    draw = random.Random(SEED)
    count = sample.data("{ questions { totalCount } }")["questions"]["totalCount"]
    hits = 0
    for offset in draw.sample(range(count), KNOWN_ITEMS):
        page = sample.data("query ($o: Int!) { questions(first: 1, offset: $o) { nodes { title } } }", {"o": offset})
        title = page["questions"]["nodes"][0]["title"]
        nodes = sample.data(FOUND, {"query": typed(title, draw), "first": places})["search"]["nodes"]
        hits += any(node["title"] == title for node in nodes)
    print(f"seed {SEED}: {hits} of {KNOWN_ITEMS}")  # noqa: T201 - pytest shows it with a failure
    assert hits >= least * KNOWN_ITEMS
