"""A seed becomes an article with every value as its author wrote it."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from graphql_api.reading.discover import discover
from graphql_api.reading.seed_bytes import UNSURE
from graphql_api.records import SeedFile, Severity
from graphql_api.rendering.render import render_answer, render_answers

from .seed_files import KEYS, article_of, built_in_reader, problem_of, seed_of, seed_text

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """\
_schema: default
article_title: Another title
date_format: MMM DD, YYYY
post_on_text: Posted on
file_name: x.md
author: Ada
question: Why, really?
score: -1.0
no_index: true
seo:
  title: Night | Astronomy
  page_description: >-
    Olbers and
    the dark.
  page_keywords: night, , dark sky ,universe,
"""


def test_whole_seed_becomes_an_article(tmp_path: Path) -> None:
    """Every key of the format arrives in its field."""
    article = article_of(tmp_path, seed_text(more=WHOLE))
    assert article.sourcePath == "seed.md"
    assert article.articleId == 7
    assert article.url == KEYS["url"]
    assert (article.subject.key, article.slug) == ("astronomy", "why-is-the-sky-dark")
    assert article.subject.names == '["astronomy","Astronomy",null,null]'
    assert (article.title, article.question) == ("Why is the sky dark at night?", "Why, really?")
    assert article.date == "2024-03-09"
    assert (article.author, article.score, article.noIndex) == ("Ada", -1.0, True)
    assert (article.seo.title, article.seo.description) == ("Night | Astronomy", "Olbers and the dark.")
    assert article.seo.keywords == ["night", "dark sky", "universe"]
    assert article.answer.rendered == render_answer("Because the universe is young.")


def test_optional_keys_have_empty_values(tmp_path: Path) -> None:
    """An absent author or seo is empty, an absent score none, an absent question the title."""
    article = article_of(tmp_path, seed_text())
    assert article.question == article.title
    assert (article.author, article.score, article.noIndex) == ("", None, False)
    assert (article.seo.title, article.seo.description, article.seo.keywords) == ("", "", [])
    assert article.relatedArticles == []


def test_partial_seo_has_empty_values(tmp_path: Path) -> None:
    """What seo does not say is empty."""
    article = article_of(tmp_path, seed_text(more="seo:\n  title: Only this\n"))
    assert (article.seo.title, article.seo.description, article.seo.keywords) == ("Only this", "", [])


@pytest.mark.parametrize("empty", [None, "", '""', '"  "', ">-"])
def test_body_is_the_answer_where_answer_is_missing_or_empty(tmp_path: Path, empty: str | None) -> None:
    """An author may write below the front matter instead."""
    article = article_of(tmp_path, seed_text("# Below\n\ntext", answer=empty))
    assert article.answer.rendered == render_answer("# Below\n\ntext")


def test_escapes_are_undone_in_the_key_and_not_in_the_body(tmp_path: Path) -> None:
    r"""The CMS writes an answer on one line; below the front matter `\n` is what the author typed."""
    assert article_of(tmp_path, seed_text(answer="one\\ntwo")).answer.rendered.markdown == "one\ntwo"
    below = article_of(tmp_path, seed_text("one\\ntwo `a\\tb` $\\nu$", answer=None)).answer.rendered
    assert below.markdown == "one\\ntwo `a\\tb` $\\nu$"
    assert below == render_answers(["one\\ntwo `a\\tb` $\\nu$"], [False])[0]


def test_answer_wins_over_the_body(tmp_path: Path) -> None:
    """The body counts only where there is no answer."""
    assert article_of(tmp_path, seed_text("other")).answer.rendered == render_answer(KEYS["answer"])


def test_answer_keeps_its_escapes_and_leading_space(tmp_path: Path) -> None:
    """Undoing escapes is the renderer's; white space at the start of Markdown has a meaning."""
    article = article_of(tmp_path, seed_text(answer='"    x\\\\ny"'))
    assert article.answer.rendered == render_answer("    x\\ny")


def test_negative_id_and_integer_score_are_fine(tmp_path: Path) -> None:
    """The CMS gives negative numbers, and a score of 2 is 2.0."""
    article = article_of(tmp_path, seed_text(id="-2147483648", score="2"))
    assert (article.articleId, article.score) == (-(2**31), 2.0)
    assert isinstance(article.score, float)


def test_plain_values_stay_text(tmp_path: Path) -> None:
    """No value that looks like a number, a Boolean, a time or a date changes."""
    keys = {"author": "No", "title": "012", "question": "1:30:00", "subject": "1e3"}
    article = article_of(tmp_path, seed_text(**keys, answer="2024-01-01"))
    assert (article.author, article.title, article.question) == ("No", "012", "1:30:00")
    assert article.subject.names == '["astronomy","1e3",null,null]'
    assert article.answer.rendered == render_answer("2024-01-01")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_and_byte_order_mark_give_the_same_article(tmp_path: Path, mark: bytes, end: bytes) -> None:
    """Only the bytes differ, and so their digest."""
    text = seed_text("one\n\ntwo", more=WHOLE, answer=None)
    wanted = article_of(tmp_path, text)
    data = mark + text.encode().replace(b"\n", end)
    seed = seed_of(tmp_path, data)
    assert (repr(seed.entries), seed.problems) == (repr(seed_of(tmp_path, text).entries), ())
    assert article_of(tmp_path, data).answer.rendered == wanted.answer.rendered
    assert seed.sha256 == hashlib.sha256(data).digest()


def test_seed_tells_the_stat_of_what_was_read(tmp_path: Path) -> None:
    """A file that changed since it was found is known by the stat of its new bytes."""
    (tmp_path / "seed.md").write_text(seed_text())
    (found,) = discover(tmp_path).files
    (tmp_path / "seed.md").write_text(seed_text(title="Longer than it was, and therefore of another size"))
    os.utime(tmp_path / "seed.md", ns=(1, 1))
    (seed,) = built_in_reader().read(tmp_path, [found])
    status = (tmp_path / "seed.md").stat()
    assert seed.file[:3] == ("seed.md", status.st_size, 1)
    assert seed.file.inode == status.st_ino
    assert seed.file.ctime_ns in {status.st_ctime_ns, UNSURE}  # it was written just now
    assert seed.entries


def test_seeds_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    """What is wrong with one of them changes no other: not there, no front matter, a key missing, another answer."""
    texts = {"a": seed_text(), "c": "text", "d": seed_text(url=None), "e": seed_text(answer="Other.")}
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(text)
    files = [SeedFile(f"{name}.md", 1, 1) for name in "edcba"]
    seeds = built_in_reader().read(tmp_path, files)
    assert repr(seeds) == repr([seed for file in files for seed in built_in_reader().read(tmp_path, [file])])
    assert [seed.file.path for seed in seeds] == [file.path for file in files[:1]] + ["d.md", "c.md", "b.md", "a.md"]
    assert [[entry.values[5].rendered.text for entry in seed.entries] for seed in seeds] == [
        ["Other."],
        *([], [], []),
        [KEYS["answer"]],
    ]
    assert [set(seed.failed) for seed in seeds] == [set(), {""}, {""}, {""}, set()]


def test_linked_seed_is_read(tmp_path: Path) -> None:
    """A link within the folder gives the article of the file that it points at."""
    (tmp_path / ".data").mkdir()
    (tmp_path / ".data" / "x.md").write_text(seed_text())
    (tmp_path / "x.md").symlink_to(".data/x.md")
    (file,) = discover(tmp_path).files
    (seed,) = built_in_reader().read(tmp_path, [file])
    assert [entry.path for entry in seed.entries] == ["x.md"]


def test_unknown_keys_are_warnings_with_one_message_each(tmp_path: Path) -> None:
    """A load can tell that two files have one unknown key: the message does not depend on the file."""
    more = "colour: red\nseo:\n  colour: blue\nrelated_article3:\n  id: 1\n  title: t\n  subject: s\n  url: u\n  x: y\n"
    seed = seed_of(tmp_path, seed_text(more=more))
    assert seed.entries
    assert {problem.code for problem in seed.problems} == {"UNKNOWN_KEY"}
    assert {problem.severity for problem in seed.problems} == {Severity.WARNING}
    found = [(problem.line, problem.message.split("`")[1]) for problem in seed.problems]
    assert found == [(8, "colour"), (10, "seo.colour"), (16, "related_articleN.x")]


def test_all_problems_of_a_seed_are_reported_at_once(tmp_path: Path) -> None:
    """An author mends a file once, not once per problem."""
    seed = seed_of(tmp_path, seed_text(id="x", date=None, title=None))
    assert [(problem.code, problem.line) for problem in seed.problems] == [
        ("WRONG_TYPE", 2),
        ("MISSING_KEY", None),
        ("MISSING_KEY", None),
    ]
    assert (len(seed.entries), set(seed.failed)) == (0, {""})


def test_problem_line_is_that_of_the_key(tmp_path: Path) -> None:
    """Also where the front matter is read with care, and below blank lines."""
    assert problem_of(tmp_path, "\n\n" + seed_text(date="soon")).line == 7
    assert problem_of(tmp_path, seed_text(title='"a" # comment', date="soon")).line == 5
