"""Search on real articles: who knows what there is finds it by its title, by part of it, and by its beginning."""

from __future__ import annotations

import random
import string
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.engine.product import Product

SEED = 20_240_917
KNOWN_ITEMS, MISSPELT = 500, 300
FEWEST_LETTERS = 4
FOUND = "query ($query: String!, $first: Int!) { search(query: $query, first: $first) { nodes { title } } }"


def whole(title: str, _: random.Random) -> str:
    return title


def two_words_dropped(title: str, draw: random.Random) -> str:
    words = title.split()
    kept = sorted(draw.sample(range(len(words)), max(1, len(words) - 2)))
    return " ".join(words[at] for at in kept)


def first_half_typed(title: str, _: random.Random) -> str:
    return title[: max(1, len(title) // 2)]


def misspelt(title: str, draw: random.Random) -> str:
    """Return a title with one random edit in one of its words of four letters or more."""
    words = title.split()
    number = draw.choice([at for at, word in enumerate(words) if len(word) >= FEWEST_LETTERS and word.isalpha()])
    word, at, letter = words[number], draw.randrange(len(words[number])), draw.choice(string.ascii_lowercase)
    edits = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    )
    words[number] = draw.choice(edits)
    return " ".join(words)


def titles(sample: Product, draw: random.Random, count: int) -> Iterator[str]:
    """Yield the titles of so many random articles."""
    total = sample.data("{ questions { totalCount } }")["questions"]["totalCount"]
    for offset in draw.sample(range(total), count):
        page = sample.data("query ($o: Int!) { questions(first: 1, offset: $o) { nodes { title } } }", {"o": offset})
        yield page["questions"]["nodes"][0]["title"]


def is_found(sample: Product, title: str, query: str, places: int) -> bool:
    """Return whether a query finds an article of a title among so many."""
    nodes = sample.data(FOUND, {"query": query, "first": places})["search"]["nodes"]
    return any(node["title"] == title for node in nodes)


@pytest.mark.parametrize(
    ("typed", "places", "least"),
    [
        pytest.param(whole, 3, 500, id="whole title, first three"),
        pytest.param(two_words_dropped, 3, 498, id="two words dropped, first three"),
        pytest.param(first_half_typed, 5, 476, id="first half typed, first five"),
    ],
)
def test_known_item_is_found_by_its_title(
    sample: Product, typed: Callable[[str, random.Random], str], places: int, least: int
) -> None:
    """Of 500 random articles, that many are found (or one of equal title) among the first few."""
    draw = random.Random(SEED)
    hits = sum(is_found(sample, title, typed(title, draw), places) for title in titles(sample, draw, KNOWN_ITEMS))
    print(f"seed {SEED}: {hits} of {KNOWN_ITEMS}")  # noqa: T201 - pytest shows it with a failure
    assert hits >= least


def test_misspelt_title_finds_its_article(sample: Product) -> None:
    """Of 300, at least 85 in 100 are among the first five, whichever word was misspelt."""
    draw = random.Random(SEED)
    hits = sum(is_found(sample, title, misspelt(title, draw), 5) for title in titles(sample, draw, MISSPELT))
    print(f"seed {SEED}: {hits} of {MISSPELT}")  # noqa: T201 - pytest shows it with a failure
    assert hits >= 0.85 * MISSPELT
