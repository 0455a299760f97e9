"""References are read in the author's order, and titles compared without case and punctuation."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from graphql_api.loading.titles import title_key
from graphql_api.reading.discover import discover
from graphql_api.reading.references import reference_position
from graphql_api.reading.seed import read_seed
from graphql_api.records import Reference, Severity

from .seed_files import article_of, seed_of, seed_text

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.records import Article


def reference(number: int | str, **keys: str) -> str:
    values = {"id": "5", "title": "T", "subject": "S", "url": "/learn/s/questions/t", **keys}
    return f"related_article{number}:\n" + "".join(f"    {key}: {value}\n" for key, value in values.items())


def test_references_follow_their_numbers_over_gaps_and_beyond_five(tmp_path: Path) -> None:
    """The order is that of the numbers, 10 after 9, wherever the keys stand."""
    more = reference(10, title="ten") + reference(2, title="two") + reference(9, title="nine")
    article = article_of(tmp_path, seed_text(more=more))
    assert [(item.position, item.title) for item in article.references] == [(2, "two"), (9, "nine"), (10, "ten")]


def test_reference_keeps_what_is_written(tmp_path: Path) -> None:
    """A reference is data as the author wrote it, plain values as text, whether it leads anywhere or not."""
    more = reference(1, id="-4", title="012", subject="No", url="/learn/no/questions/012")
    (found,) = article_of(tmp_path, seed_text(more=more)).references
    assert found == Reference(1, -4, "012", "No", "/learn/no/questions/012")


def test_repeated_references_are_all_kept(tmp_path: Path) -> None:
    """Leaving repeats out is the reader's choice, not the loader's."""
    assert len(article_of(tmp_path, seed_text(more=reference(1) + reference(2))).references) == 2


def test_reference_without_a_value_is_absent(tmp_path: Path) -> None:
    """An editor that leaves an empty key behind means no reference."""
    assert article_of(tmp_path, seed_text(more="related_article1:\n")).references == ()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("related_article2: a text\n", "not a mapping"),
        ("related_article2: [a]\n", "not a mapping"),
        (reference(2, id="many"), "`related_article2.id` is text ('many')"),
        (reference(2, id="3000000000"), "`related_article2.id` does not fit 32 bits"),
        (reference(2, title=""), "`related_article2.title` is missing"),
        (reference(2, url="[a]"), "`related_article2.url` is a list"),
    ],
)
def test_malformed_reference_is_a_warning_and_left_out(tmp_path: Path, more: str, words: str) -> None:
    """One bad link does not cost the article, nor its other references."""
    seed = seed_of(tmp_path, seed_text(more=reference(1) + more))
    (problem,) = seed.problems
    assert (problem.severity, problem.code, problem.line) == (Severity.WARNING, "INVALID_REFERENCE", 13)
    assert words in problem.message
    assert seed.article is not None
    assert [item.position for item in seed.article.references] == [1]


@pytest.mark.parametrize("key", ["related_article", "related_article0", "related_article01", "related_article1x"])
def test_other_keys_name_no_reference(key: str) -> None:
    """Only related_article and a positive number do."""
    assert reference_position(key) is None


def test_titles_that_read_alike_have_one_key() -> None:
    """Case, punctuation, spaces and compatibility forms do not tell titles apart; letters and digits do."""
    assert title_key("What’s  the “Straße” of ①?") == title_key("whats-the STRASSE_OF 1")
    assert title_key("Is π > 3?") == "isπ3"
    assert title_key("A1") != title_key("A2")
    assert title_key("é") != title_key("e")


def resolve(article: Article, item: Reference, urls: dict[str, str], filed: dict[tuple[int, str], list[str]]) -> str:
    """The rules for references, over plain dictionaries."""
    target = urls.get(item.url) or min(filed.get((item.article_id, title_key(item.title)), [""]))
    if target == article.url:
        return "SELF"
    if target == item.url:
        return "RESOLVED"
    return "RESOLVED_BY_ID" if target else "DANGLING"


def test_references_of_the_sample_resolve_as_counted(corpus: Path) -> None:
    """An independent program counted the sample's references by status."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        seeds = list(pool.map(partial(read_seed, corpus), discover(corpus).files, chunksize=500))
    articles = [seed.article for seed in seeds if seed.article]
    assert len(articles) == 11_670
    assert [problem for seed in seeds for problem in seed.problems] == []
    urls = {article.url: article.url for article in articles}
    filed: dict[tuple[int, str], list[str]] = {}
    for article in articles:
        filed.setdefault((article.article_id, title_key(article.title)), []).append(article.url)
    assert Counter(resolve(article, item, urls, filed) for article in articles for item in article.references) == {
        "RESOLVED": 28_170,
        "RESOLVED_BY_ID": 1_080,
        "DANGLING": 6_201,
    }
    assert len({article.subject_slug for article in articles}) == 16
    assert sum(article.no_index for article in articles) == 22
    assert sum(article.article_id < 0 for article in articles) == 13
    ids = Counter(article.article_id for article in articles)
    assert sum(count > 1 for count in ids.values()) == 270
