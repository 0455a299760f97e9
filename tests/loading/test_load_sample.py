"""The sample as a whole: its counts, taken by an independent program, through the real loader."""

from __future__ import annotations

import asyncio
import fcntl
import os
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.loading.load import load
from tests.loading.contents import query
from tests.uncounted import coverage_paused

if TYPE_CHECKING:
    from pathlib import Path

MOST_LINKED = "how-do-mathematical-models-help-in-predicting-physical-phenomena"


@pytest.fixture(scope="session")
def store(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store that the sample was loaded into, once for all processes that run tests."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    store = root / "sample-store"
    with (root / "sample-store.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (store / "current.json").exists():
            with coverage_paused():
                report = asyncio.run(load(corpus, store))
            assert report.published
            # A macro of a site's own, which KaTeX does not know either.
            assert [each.code for each in report.problems] == ["FORMULA_AS_SOURCE"]
    return store


@pytest.mark.parametrize(
    ("count", "sql"),
    [
        pytest.param(11_670, "SELECT count(*) FROM question", id="articles"),
        pytest.param(11_670, "SELECT question_count FROM told", id="articles-told"),
        pytest.param(16, "SELECT count(*) FROM subject", id="subjects"),
        pytest.param(16, "SELECT subject_count FROM told", id="subjects-told"),
        pytest.param(
            270,
            "SELECT count(*) FROM (SELECT 1 FROM question GROUP BY article_id HAVING count(*) > 1)",
            id="ids-on-several-articles",
        ),
        pytest.param(35_451, "SELECT count(*) FROM reference", id="references"),
        pytest.param(35_451, "SELECT related_article_count FROM told", id="references-told"),
        pytest.param(28_170, "SELECT count(*) FROM reference WHERE status = 'RESOLVED'", id="by-url"),
        pytest.param(1_080, "SELECT count(*) FROM reference WHERE status = 'RESOLVED_BY_ID'", id="by-id-and-title"),
        pytest.param(6_201, "SELECT count(*) FROM reference WHERE status = 'DANGLING'", id="dangling"),
        pytest.param(6_201, "SELECT dangling_count FROM told", id="dangling-told"),
        pytest.param(0, "SELECT count(*) FROM reference WHERE status = 'SELF'", id="to-itself"),
        pytest.param(32_449, "SELECT count(*) FROM reference WHERE NOT repeated", id="not-repeated"),
        pytest.param(
            26_495,
            "SELECT count(*) FROM (SELECT DISTINCT question_pk, target_pk FROM reference WHERE target_pk IS NOT NULL)",
            id="links",
        ),
        pytest.param(22, "SELECT count(*) FROM question WHERE no_index", id="not-to-be-indexed"),
        pytest.param(13, "SELECT count(*) FROM question WHERE article_id < 0", id="negative-ids"),
    ],
)
def test_sample_counts_are_those_of_an_independent_program(store: Path, count: int, sql: str) -> None:
    """What the loader finds in the sample is what another program has counted."""
    assert query(store, sql) == [(count,)]


def test_most_linked_article_has_28_links(store: Path) -> None:
    """Links count articles, not references: one that names another twice links to it once."""
    sql = """
    SELECT q.slug, count(DISTINCT r.question_pk) AS links
    FROM reference AS r
    JOIN question AS q ON q.pk = r.target_pk
    GROUP BY q.pk
    ORDER BY links DESC, q.url
    LIMIT 1
    """
    assert query(store, sql) == [(MOST_LINKED, 28)]


def test_loading_the_sample_again_opens_and_publishes_nothing(store: Path, corpus: Path) -> None:
    """A second load has nothing to do."""
    told: list[Any] = []
    report = asyncio.run(load(corpus, store, progress=lambda done, total: told.append((done, total))))
    assert (report.published, report.added, report.changed, report.removed) == (False, 0, 0, 0)
    assert (report.unchanged, told) == (11_670, [])
