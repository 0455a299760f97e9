"""The oracle's reading of seed files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.oracle.answers import chosen
from tests.oracle.articles import QUESTIONS
from tests.oracle.drafts import Reference
from tests.oracle.entries import Seeds, read_folder
from tests.oracle.scalars import Text
from tests.oracle.site import Site
from tests.oracle.synthetic import write_seeds
from tests.uncounted import uncounted

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


def read(folder: Path, data: bytes) -> Seeds:
    """Return what stands in a file of these bytes."""
    (folder / "a.md").write_bytes(data)
    return read_folder(QUESTIONS, folder)


def values(folder: Path, data: bytes) -> dict[str, Any]:
    """Return the values of the article in these bytes, references by their keys."""
    (entry,) = read(folder, data).entries
    return {name: value.key if isinstance(value, Reference) else value for name, value in entry.values.items()}


def test_every_value_of_a_seed_is_typed_and_text_stays_text(tmp_path: Path) -> None:
    """YAML's own types change no value: an author No, a title 012 and a time-like text stay text."""
    article = values(tmp_path, SEED.encode())
    related = [
        [ref["position"], ref["articleId"], ref["title"], ref["subject"], ref["url"], ref["question"].key]
        for ref in article.pop("relatedArticles")
    ]
    assert related == [
        [n, n, title, "Art", f"/learn/art/questions/{title.lower()}", f"/learn/art/questions/{title.lower()}"]
        for n, title in ((1, "One"), (3, "Three"), (10, "Ten"))
    ]
    assert article == {
        "__typename": "Question",
        "articleId": -7,
        "slug": "why-no",
        "url": "/learn/art/questions/why-no",
        "title": "012",
        "question": "1:30:00",
        "answer": Text("One\\n\\ntwo three", escapes=True),
        "date": "2024-02-29",
        "author": "No",
        "score": -1.0,
        "noIndex": True,
        "seo": {"__typename": "Seo", "title": "T", "description": "D", "keywords": ["a", "b"]},
        "subject": "art",
        "sourcePath": "a.md",
    }


def test_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    """CRLF, CR and a mark give the same article as LF without one."""
    plain = str(values(tmp_path, SEED.encode())).split(" at 0x")[0]
    for data in (SEED.replace("\n", "\r\n").encode("utf-8-sig"), SEED.replace("\n", "\r").encode()):
        assert str(values(tmp_path, data)).split(" at 0x")[0] == plain


def test_the_body_is_the_answer_where_there_is_none(tmp_path: Path) -> None:
    """An absent score is none, an absent no_index false, an absent question the title."""
    short = "---\nid: 1\nurl: /learn/art/questions/a\ntitle: A\nsubject: Art\ndate: 2024-01-01\n---\n\nThe *body*\n"
    article = values(tmp_path, short.encode())
    assert (article["answer"], article["question"], article["score"]) == (Text("The *body*"), "A", None)
    assert (article["noIndex"], article["relatedArticles"], article["author"]) == (False, [], "")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("no front matter", ["NO_FRONT_MATTER"]),
        ("---\nid: 1\n", ["UNTERMINATED_FRONT_MATTER"]),
        ("---\n# nothing\n---\n", ["FRONT_MATTER_NOT_A_MAPPING"]),
        ("---\n- a\n---\n", ["FRONT_MATTER_NOT_A_MAPPING"]),
        ("---\na: &b c\n---\n", ["ANCHOR_REFUSED"]),
        ("---\na: b\na: c\n---\n", ["DUPLICATE_KEY"]),
        (SEED.replace("/art/questions/why-no", "/art"), ["INVALID_URL"]),
        (SEED.replace("2024-02-29", "2021-02-29"), ["INVALID_DATE"]),
        (SEED.replace("id: -7", "id: seven"), ["WRONG_TYPE"]),
        (SEED.replace("score: -1.0", "rank: 1"), ["UNKNOWN_KEY"]),
        (SEED.replace("    id: 3\n", ""), ["INVALID_REFERENCE"]),
        (SEED.replace("id: -7\n", "").replace("author: No", "author: []"), ["MISSING_KEY"]),
    ],
)
def test_what_is_wrong_with_a_file_has_a_code(tmp_path: Path, text: str, codes: list[str]) -> None:
    """An ERROR keeps the article out, a WARNING does not."""
    found = read(tmp_path, text.encode())
    assert [each.code for each in found.problems] == codes
    assert len(found.entries) == all(each.severity == "WARNING" for each in found.problems)


def test_synthetic_seeds_are_rich_and_repeatable(tmp_path: Path) -> None:
    """The same seed gives the same articles, and each kind of reference is among them."""
    for name in ("one", "two"):
        write_seeds(tmp_path / name, 120, 5)
    texts = [{path.name: path.read_text() for path in (tmp_path / name).rglob("*.md")} for name in ("one", "two")]
    assert texts[0] == texts[1]
    articles = Site.of(QUESTIONS, tmp_path / "one").entries["Question"]
    assert len(articles) == 120
    assert {ref.status for each in articles for ref in each.references} == {
        "RESOLVED", "RESOLVED_BY_ID", "SELF", "DANGLING"
    }  # fmt: skip
    assert len({each.values["title"] for each in articles}) < len(articles)


@uncounted
def test_the_sample_gives_its_known_counts(corpus: Path) -> None:
    """An independent program counted these in the sample."""
    site = Site.of(QUESTIONS, corpus)
    articles = site.entries["Question"]
    path = ["relatedArticles", "question"]
    references = [ref.status for each in articles for ref in site.named(each, path)]
    counts = {status: references.count(status) for status in ("RESOLVED", "RESOLVED_BY_ID", "DANGLING", "SELF")}
    assert (len(articles), len(site.entries["Subject"]), len(references)) == (11_670, 16, 35_451)
    assert counts == {"RESOLVED": 28_170, "RESOLVED_BY_ID": 1_080, "DANGLING": 6_201, "SELF": 0}
    shown = [chosen(each.values["relatedArticles"], "question", unique=True, resolved=False) for each in articles]
    assert sum(map(len, shown)) == 32_449
    assert sum(len(site.links(each, path)) for each in articles) == 26_495
    assert max(map(len, site.back("Question.relatedArticles.question").values())) == 28
