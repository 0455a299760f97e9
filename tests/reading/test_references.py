"""References are read in the author's order, and titles compared without case and punctuation."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.loading.titles import title_key
from graphql_api.reading.discover import discover
from graphql_api.records import SeedFile, Severity
from tests.uncounted import uncounted

from .seed_files import article_of, built_in, built_in_reader, named, problem_of, seed_of, seed_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def reference(number: int | str, **keys: str) -> str:
    values = {"id": "5", "title": "T", "subject": "S", "url": "/learn/s/questions/t", **keys}
    return f"related_article{number}:\n" + "".join(f"    {key}: {value}\n" for key, value in values.items())


def test_references_follow_their_numbers_over_gaps_and_beyond_five(tmp_path: Path) -> None:
    """The order is that of the numbers, 10 after 9, wherever the keys stand."""
    more = reference(10, title="ten") + reference(2, title="two") + reference(9, title="nine")
    article = article_of(tmp_path, seed_text(more=more))
    assert [(item.position, item.title) for item in article.relatedArticles] == [(2, "two"), (9, "nine"), (10, "ten")]


def test_reference_keeps_what_is_written(tmp_path: Path) -> None:
    """A reference is data as the author wrote it, plain values as text, whether it leads anywhere or not."""
    more = reference(1, id="-4", title="012", subject="No", url="/learn/no/questions/012")
    (found,) = article_of(tmp_path, seed_text(more=more)).relatedArticles
    assert (found.position, found.articleId, found.title, found.subject) == (1, -4, "012", "No")
    assert (found.url, found.question) == ("/learn/no/questions/012", ("/learn/no/questions/012", None))


def test_repeated_references_are_all_kept(tmp_path: Path) -> None:
    """Leaving repeats out is the reader's choice, not the loader's."""
    assert len(article_of(tmp_path, seed_text(more=reference(1) + reference(2))).relatedArticles) == 2


def test_reference_without_a_value_is_absent(tmp_path: Path) -> None:
    """An editor that leaves an empty key behind means no reference."""
    assert article_of(tmp_path, seed_text(more="related_article1:\n")).relatedArticles == []


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
    (entry,) = seed.entries
    assert [item.position for item in named(built_in(), entry).relatedArticles] == [1]


@pytest.mark.parametrize("key", ["related_article", "related_article0", "related_article01", "related_article1x"])
def test_other_keys_name_no_reference(tmp_path: Path, key: str) -> None:
    """Only related_article and a positive number do."""
    more = reference(1).replace("related_article1", key)
    problem = problem_of(tmp_path, seed_text(more=more))
    assert (problem.code, problem.line) == ("UNKNOWN_KEY", 8)
    assert f"`{key}`" in problem.message


def test_reference_by_url_may_end_in_a_slash_or_name_a_part(tmp_path: Path) -> None:
    """It leads to the same page; what is shown is as written."""
    more = reference(1, url="/learn/s/questions/t/") + reference(2, url='"/learn/s/questions/t#part"')
    found = article_of(tmp_path, seed_text(more=more)).relatedArticles
    assert [item.question.key for item in found] == ["/learn/s/questions/t"] * 2
    assert [item.url for item in found] == ["/learn/s/questions/t/", "/learn/s/questions/t#part"]


def test_titles_that_read_alike_have_one_key() -> None:
    """Case, punctuation, spaces and compatibility forms do not tell titles apart; letters and digits do."""
    assert title_key("What’s  the “Straße” of ①?") == title_key("whats-the STRASSE_OF 1")
    assert title_key("Is π > 3?") == "isπ3"
    assert title_key("A1") != title_key("A2")
    assert title_key("é") != title_key("e")
    assert title_key(None) is None


def resolve(article: Any, item: Any, urls: dict[str, str], filed: dict[tuple[int, str | None], list[str]]) -> str:
    """The rules for references, over plain dictionaries."""
    target = urls.get(item.url) or min(filed.get((item.articleId, title_key(item.title)), [""]))
    if target == article.url:
        return "SELF"
    if target == item.url:
        return "RESOLVED"
    return "RESOLVED_BY_ID" if target else "DANGLING"


def read_part(corpus: Path, files: Sequence[SeedFile]) -> tuple[list[Any], int]:
    """Return the articles of some files, and the number of their problems; without texts, which are large."""
    seeds = built_in_reader().read(corpus, files)
    articles = [named(built_in(), entry) for seed in seeds for entry in seed.entries]
    for article in articles:
        article.answer = None
    return articles, sum(len(seed.problems) for seed in seeds)


@uncounted
def test_references_of_the_sample_resolve_as_counted(corpus: Path) -> None:
    """An independent program counted the sample's references by status."""
    files = discover(corpus).files
    parts = [files[start : start + 500] for start in range(0, len(files), 500)]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        read = list(pool.map(partial(read_part, corpus), parts))
    articles = [article for found, _ in read for article in found]
    assert len(articles) == 11_670
    assert sum(problems for _, problems in read) == 1  # a formula that is shown as source
    urls = {article.url: article.url for article in articles}
    filed: dict[tuple[int, str | None], list[str]] = {}
    for article in articles:
        filed.setdefault((article.articleId, title_key(article.title)), []).append(article.url)
    statuses = Counter(resolve(article, item, urls, filed) for article in articles for item in article.relatedArticles)
    assert statuses == {"RESOLVED": 28_170, "RESOLVED_BY_ID": 1_080, "DANGLING": 6_201}
    assert len({article.subject.key for article in articles}) == 16
    assert sum(article.noIndex for article in articles) == 22
    assert sum(article.articleId < 0 for article in articles) == 13
    ids = Counter(article.articleId for article in articles)
    assert sum(count > 1 for count in ids.values()) == 270
