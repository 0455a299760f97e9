"""Rows: what an entry becomes in each table."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import orjson
import pytest

from graphql_api.loading.row_maker import GIVEN, RowMaker
from graphql_api.loading.rows import DIGEST_BYTES, EntryRows, SeedRows, carried_digest, claim, node_id
from graphql_api.model.language import builtin_model
from graphql_api.reading.entry import Entry, Ref, RichText
from graphql_api.records import Answer, Heading, Problem, Severity
from graphql_api.store.layout import layout_of
from graphql_api.store.places import values_of
from graphql_api.store.tables import Role, Table

LAYOUT = layout_of(builtin_model())
QUESTION = LAYOUT.entries["Question"]
MAKER = RowMaker(LAYOUT)
ANSWER = Answer('# Why\n\n"So"', "<h1>Why</h1>", "Why  So\n that", (Heading(1, "Why", "why"),), "Why So that", 3)
NAMES = '["Physics","physics",null,null]'
VALUES: dict[str, Any] = {
    "articleId": -3,
    "url": "/learn/Physics/questions/Why",
    "slug": "Why",
    "title": "Why ÄÖ?",
    "question": "Why, at all?",
    "answer": ANSWER,
    "date": "2024-02-29",
    "author": "QuickPen",
    "score": None,
    "noIndex": False,
    "seo": ("T", "D", ("one", "two words")),
    "subject": Ref("Physics", NAMES),
    "relatedArticles": ((4, 9, "That?", "Physics", "/learn/Physics/questions/that", None, Ref("/that")),),
}


def rows_of(**changes: Any) -> EntryRows:
    """Return the rows of an article that differs by `changes`."""
    said = VALUES | changes
    text = RichText("", escapes=True)
    text.rendered = said["answer"]
    said["answer"] = text
    values = tuple(said.get(field.name) for field in QUESTION.type.fields)
    return MAKER.rows(Entry("Question", said.get("path", "a.md"), "", values))


def main_of(rows: EntryRows) -> dict[tuple[str, Role], Any]:
    """Return an article's own row, by field and role."""
    given = {column.name for column in QUESTION.main.columns if column.role in GIVEN or column.role is Role.TARGET}
    columns = [column for column in QUESTION.main.columns if column.name not in given]
    return {(column.field, column.role): value for column, value in zip(columns, rows.main, strict=True)}


def details_of(rows: EntryRows) -> dict[tuple[str, Role], Any]:
    """Return the row of what is only shown, by field and role."""
    columns = QUESTION.details.columns[1:]
    return {(column.field, column.role): value for column, value in zip(columns, rows.details, strict=True)}


def test_own_row_has_what_is_asked() -> None:
    """A row has every column but those that the writer gives."""
    row = main_of(rows_of())
    assert (row["articleId", Role.VALUE], row["articleId", Role.DESCENDING]) == (-3, 3)
    assert (row["date", Role.VALUE], row["date", Role.DESCENDING]) == ("2024-02-29", -dt.date(2024, 2, 29).toordinal())
    assert row["title", Role.FOLDED] == "why äö?"
    assert (row["subject", Role.KEY], row["subject", Role.NAMES]) == ("Physics", NAMES)
    assert (row["relatedArticles", Role.HAS], row["", Role.PATH]) == (1, "a.md")


def test_details_hold_texts_as_json_already() -> None:
    """Texts that the API shows whole are JSON; what is searched is text."""
    row = details_of(rows_of())
    assert orjson.loads(row["answer", Role.MARKDOWN]) == ANSWER.markdown
    assert orjson.loads(row["answer", Role.HEADINGS]) == [[1, "Why", "why"]]
    assert (row["answer", Role.TEXT], row["answer", Role.LEAD]) == ("Why  So\n that", "Why So that")
    assert orjson.loads(row["seo", Role.VALUE]) == ["T", "D", ["one", "two words"]]
    assert row["seo.keywords", Role.SEARCHED] == "one, two words"
    assert row["subject.title", Role.SEARCHED] == "physics"


def test_details_have_again_what_entries_are_called_and_sorted_by() -> None:
    """So who shows an entry's text with its title and url reads one row."""
    main, details = main_of(rows_of()), details_of(rows_of())
    for name in ("slug", "url", "title", "date"):
        assert details[name, Role.VALUE] == main[name, Role.VALUE]
    assert ("subject", Role.KEY) not in details


def test_list_has_a_row_for_each_group() -> None:
    """With its place in the list, its values, and a reference that leads nowhere yet."""
    table: Table = QUESTION.lists["relatedArticles"]
    ((first, *others),) = rows_of().lists[0]
    row = {(c.field, c.role): value for c, value in zip(table.columns[2:], others, strict=True)}
    assert (first, row["position", Role.VALUE], row["articleId", Role.VALUE]) == (1, 4, 9)
    assert (row["question", Role.KEY], row["question", Role.TARGET]) == ("/that", None)
    assert (row["question", Role.STATUS], row["question", Role.REPEATED]) == ("DANGLING", 0)


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (200, 1), (201, 2), (400, 2), (401, 3)])
def test_reading_takes_a_minute_for_200_words(words: int, minutes: int) -> None:
    """Reading time is rounded up and never nothing."""
    row = details_of(rows_of(answer=ANSWER._replace(word_count=words)))
    assert row["answer", Role.MINUTES] == minutes


def test_missing_score_comes_last_in_both_directions() -> None:
    """An article without a score follows those that have one, whichever way they are sorted."""
    without = main_of(rows_of())
    scored = [main_of(rows_of(score=score)) for score in (-1.5, 0.0, 1e300)]
    keys = [row["score", Role.ASCENDING] for row in (*scored, without)]
    assert without["score", Role.VALUE] is None
    assert keys == sorted(keys)
    assert all(row["score", Role.DESCENDING] < without["score", Role.DESCENDING] for row in scored)
    assert scored[0]["score", Role.VALUE] == "-1.5"


def test_place_holds_the_value_of_each_order() -> None:
    """A cursor made today finds its place in tomorrow's generation; the identity comes first."""
    place = values_of(main_of(rows_of(score=0.5))["", Role.PLACE])
    assert place == [VALUES["url"], -3, "Why ÄÖ?", "2024-02-29", 0.5]


@pytest.mark.parametrize(
    "change",
    [
        {"articleId": 4},
        {"url": "/learn/Physics/questions/other"},
        {"subject": Ref("Physics", '["Physics","Physics",null,null]')},
        {"title": "Why?"},
        {"question": "Why?"},
        {"author": "No"},
        {"date": "2024-03-01"},
        {"score": 0.0},
        {"noIndex": True},
        {"seo": ("", "D", ("one", "two words"))},
        {"seo": ("T", "", ("one", "two words"))},
        {"seo": ("T", "D", ("one",))},
        {"seo": ("T", "D", ("one", "two", "words"))},
        {"relatedArticles": ()},
        {"relatedArticles": ((5, *VALUES["relatedArticles"][0][1:]),)},
        {"answer": ANSWER._replace(markdown="other")},
    ],
    ids=str,
)
def test_digest_changes_with_the_content(change: dict[str, Any]) -> None:
    """Whatever an author changes makes another version."""
    assert main_of(rows_of(**change))["", Role.DIGEST] != main_of(rows_of())["", Role.DIGEST]


def test_digest_does_not_depend_on_the_path() -> None:
    """Where a file lies is no content, unless a field shows it."""
    assert main_of(rows_of(path="b.md"))["", Role.DIGEST] == main_of(rows_of())["", Role.DIGEST]


def test_carried_digest_differs_by_the_code_that_made_the_entry() -> None:
    """The same entry made by other code is another content; its own digest stays in front."""
    digest = main_of(rows_of())["", Role.DIGEST]
    carried = [carried_digest(digest, "a"), carried_digest(digest, "b"), carried_digest(digest + b"x", "b")]
    assert len({digest, *carried}) == 4
    assert all(each[:DIGEST_BYTES] == digest for each in carried)


def test_claims_are_the_texts_of_the_keys() -> None:
    """A key of several fields is JSON; one of which a part is missing claims nothing."""
    assert rows_of().claims == (VALUES["url"], '["Physics","Why"]')
    assert (claim([5]), claim(["a", None]), claim([None])) == ("5", None, None)


def test_node_id_depends_on_type_and_key() -> None:
    """An id names one object, the same on every machine."""
    assert node_id("Question", "/a") == node_id("Question", "/a")
    assert len({node_id("Question", "/a"), node_id("Question", "/b"), node_id("Subject", "/a")}) == 3
    assert main_of(rows_of())["", Role.NODE_ID] == node_id("Question", VALUES["url"])


def test_rows_pass_a_process_boundary() -> None:
    """With the problems of a file that has no entry."""
    problem = Problem(Severity.ERROR, "INVALID_YAML", "a.md", 3, "No.")
    seed = SeedRows("a.md", 10, 20, 30, 40, None, (rows_of(),), frozenset(("",)), 0, (problem,))
    assert pickle.loads(pickle.dumps(seed)) == seed  # noqa: S301 - our own
