"""The oracle's reading of seed files."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from tests.oracle.content import Content, chosen
from tests.oracle.seeds import read_seed, read_seeds
from tests.oracle.synthetic import write_seeds

if TYPE_CHECKING:
    from pathlib import Path

SEED = """---
id: -7
url: /learn/art/questions/why-no
title: >-
    012
subject: Art
date: 2024-02-29
author: No
question: 1:30:00
answer: >-
    One\\n\\ntwo
    three
score: -1.0
no_index: True
seo:
  title: T
  page_description: D
  page_keywords: a, , b ,
related_article3:
    id: 3
    title: Three
    subject: Art
    url: /learn/art/questions/three
related_article10:
    id: 10
    title: Ten
    subject: Art
    url: /learn/art/questions/ten
related_article1:
    id: 1
    title: One
    subject: Art
    url: /learn/art/questions/one
---

&nbsp;
"""


def test_every_value_of_a_seed_is_typed_and_text_stays_text() -> None:
    """YAML's own types change no value: an author No, a title 012 and a time-like text stay text."""
    article = read_seed(SEED.encode())
    assert article.pop("references") == [
        {
            "position": n,
            "articleId": n,
            "title": title,
            "subject": "Art",
            "url": f"/learn/art/questions/{title.lower()}",
        }
        for n, title in ((1, "One"), (3, "Three"), (10, "Ten"))
    ]
    assert article == {
        "__typename": "Question",
        "articleId": -7,
        "url": "/learn/art/questions/why-no",
        "subjectSlug": "art",
        "slug": "why-no",
        "subjectTitle": "Art",
        "title": "012",
        "question": "1:30:00",
        "source": "One\\n\\ntwo three",
        "date": dt.date(2024, 2, 29),
        "author": "No",
        "score": -1.0,
        "noIndex": True,
        "seo": {"title": "T", "description": "D", "keywords": ["a", "b"]},
    }


def test_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    """CRLF, CR and a mark give the same article as LF without one."""
    plain = read_seed(SEED.encode())
    assert read_seed(SEED.replace("\n", "\r\n").encode("utf-8-sig")) == plain
    assert read_seed(SEED.replace("\n", "\r").encode()) == plain


def test_the_body_is_the_answer_where_there_is_none() -> None:
    """An absent score is none, an absent no_index false, an absent question the title."""
    short = "---\nid: 1\nurl: /learn/art/questions/a\ntitle: A\nsubject: Art\ndate: 2024-01-01\n---\n\nThe *body*\n"
    article = read_seed(short.encode())
    assert (article["source"], article["question"], article["score"]) == ("The *body*", "A", None)
    assert (article["noIndex"], article["references"], article["author"]) == (False, [], "")


@pytest.mark.parametrize("text", ["no front matter", "---\nid: 1\n", "---\nurl: /other/place\n---\n"])
def test_a_file_that_is_no_seed_is_refused(text: str) -> None:
    """The oracle reads well-formed seeds only."""
    with pytest.raises(ValueError, match=r"no front matter|not the url"):
        read_seed(text.encode())


def test_synthetic_seeds_are_rich_and_repeatable(tmp_path: Path) -> None:
    """The same seed gives the same articles, and each kind of reference is among them."""
    for name in ("one", "two"):
        write_seeds(tmp_path / name, 120, 5)
    articles = read_seeds(tmp_path / "one")
    assert articles == read_seeds(tmp_path / "two")
    assert len(articles) == 120
    statuses = {ref["status"] for references in Content(articles).references.values() for ref in references}
    assert statuses == {"RESOLVED", "RESOLVED_BY_ID", "SELF", "DANGLING"}
    titles = {article["title"] for article in articles}
    assert len(titles) < len(articles)


def test_the_sample_gives_its_known_counts(corpus: Path) -> None:
    """An independent program counted these in the sample."""
    content = Content(read_seeds(corpus))
    references = [ref for references in content.references.values() for ref in references]
    counts = {status: sum(ref["status"] == status for ref in references) for status in ("RESOLVED", "RESOLVED_BY_ID")}
    assert (len(content.articles), len(content.subjects), len(references)) == (11_670, 16, 35_451)
    assert counts == {"RESOLVED": 28_170, "RESOLVED_BY_ID": 1_080}
    assert sum(ref["status"] == "DANGLING" for ref in references) == 6_201
    assert sum(len(chosen(refs, unique=True, resolved=False)) for refs in content.references.values()) == 32_449
    assert sum(len(content.links(url)) for url in content.articles) == 26_495
    assert max(map(len, content.inbound.values())) == 28
