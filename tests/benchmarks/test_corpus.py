"""The corpus to measure with: a given one is repeated under other names until it is large enough."""

from __future__ import annotations

import asyncio
import tarfile
from typing import TYPE_CHECKING

from benchmarks.corpus import given_corpus, prepare, renamed
from benchmarks.synthesize import synthesize
from graphql_api.loading.load import load

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SEED = b"""\
---
id: -12
title: >-
    An id: 7 in a title
answer: >-
    See url and id.
file_name: a-b.md
url: /learn/x/questions/a-b
related_article1:
    id: 3
    title: >-
        C
    url: "/learn/x/questions/c"
---
"""


def test_first_turn_is_the_corpus_itself() -> None:
    """Nothing is changed in it."""
    assert renamed(SEED, 0) == SEED


def test_further_turns_have_other_ids_and_urls() -> None:
    """So have their references, which lead to articles of the same turn; texts stay."""
    assert renamed(SEED, 1) == (
        SEED.replace(b"id: -12", b"id: -20000012")
        .replace(b"id: 3", b"id: 20000003")
        .replace(b"a-b.md", b"a-b-2.md")
        .replace(b"questions/a-b", b"questions/a-b-2")
        .replace(b'questions/c"', b'questions/c-2"')
    )


def test_small_corpus_is_repeated_and_loads_without_a_problem(tmp_path: Path) -> None:
    """As many articles as asked for, all of them different ones, whether a folder or a tar was given."""
    synthesize(40, 1, tmp_path / "given")
    archive = tmp_path / "given.tar.xz"
    with tarfile.open(archive, "w:xz") as tar:
        tar.add(tmp_path / "given", arcname=".")
    corpus = prepare(archive, 110, tmp_path)
    assert corpus.articles == 110
    assert corpus.description == "40 given articles 2.75 times over: 110"
    report = asyncio.run(load(corpus.seeds, tmp_path / "store"))
    assert report.problems == ()
    assert report.added == 110


def test_large_corpus_is_taken_as_it_is(tmp_path: Path) -> None:
    """Nothing is copied, nothing left out."""
    synthesize(40, 1, tmp_path / "given")
    corpus = prepare(tmp_path / "given", 30, tmp_path)
    assert (corpus.seeds, corpus.articles) == (tmp_path / "given", 40)
    assert corpus.description == "40 given articles"


def test_without_a_corpus_a_synthetic_one_is_made(tmp_path: Path) -> None:
    """It has as many articles as asked for."""
    corpus = prepare(None, 30, tmp_path)
    assert (corpus.articles, corpus.description) == (30, "30 synthetic articles")


def test_corpus_of_the_tests_is_that_of_the_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One variable names it; a folder without it counts as none."""
    monkeypatch.setenv("GRAPHQL_API_TEST_CORPUS", str(tmp_path))
    assert given_corpus() is None
    (tmp_path / "quicktakes-sample.tar.xz").touch()
    assert given_corpus() == tmp_path / "quicktakes-sample.tar.xz"
    monkeypatch.delenv("GRAPHQL_API_TEST_CORPUS")
    assert given_corpus() is None
