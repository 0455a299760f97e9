"""The oracle's fields, relations and errors, by hand-computed answers: everything else is measured by it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, find_breaking_changes

from tests.oracle.answers import id_of
from tests.oracle.articles import QUESTIONS, article, data, links, oracle, reference, site, url
from tests.oracle.comparison import code_of
from tests.oracle.documents import Plain, RefusedError
from tests.oracle.excerpts import excerpt
from tests.oracle.execution import oracle_schema
from tests.oracle.scalars import scalar

# a: everything that a reference can be; b and c lead back to it, c by id and title.
WEB = oracle(
    article(
        "a",
        title="Same, title!",
        id=7,
        **reference(1, "b"),
        **reference(2, "gone", title="SAME title", id=8),
        **reference(4, "gone"),
        **reference(5, "a"),
        **reference(6, "b", title="again"),
        **reference(7, "gone", title="again"),
        **reference(8, "elsewhere", title="same title?", id=8),
        **reference(9, "a"),
    ),
    article("b", **links("a", "d", "a"), **reference(4, "x", id=7, title="sametitle")),
    article("c", "bio", title="Same title", id=8, **reference(1, "x", id=7, title="SAME title")),
    article("d", "bio", title="Same title", id=8),
    article("d", **links("e")),
    article("e", **links("a")),
)
RELATED = "{ position title status url question { url } }"


def titled(slug: str, subject: str, title: str, **changes: Any) -> dict[str, Any]:
    """Return the keys of an article whose subject is spelt so."""
    return article(slug, subject, **changes) | {"subject": title}


def ask(slug: str, selection: str) -> Any:
    """Return one field of one article of the web."""
    found = data(WEB, f'{{ question(by: {{url: "{url(slug)}"}}) {{ it: {selection} }} }}')
    return found["question"]["it"]


def test_references_resolve_by_url_then_by_id_and_title() -> None:
    """An equal url wins; then the smallest url of equal id and title, case and punctuation aside; never itself."""
    found = ask("a", f"relatedArticles(unique: false) {RELATED}")
    leads = [(ref["position"], ref["status"], (ref["question"] or {}).get("url")) for ref in found]
    assert leads == [
        (1, "RESOLVED", url("b")),
        (2, "RESOLVED_BY_ID", url("c", "bio")),
        (4, "DANGLING", None),
        (5, "SELF", None),
        (6, "RESOLVED", url("b")),
        (7, "DANGLING", None),
        (8, "RESOLVED_BY_ID", url("c", "bio")),
        (9, "SELF", None),
    ]
    assert found[5]["title"] == "again"


@pytest.mark.parametrize(
    ("arguments", "positions"),
    [
        ("", [1, 2, 4, 5]),
        ("(resolved: true)", [1, 2]),
        ("(unique: false, resolved: true)", [1, 2, 6, 8]),
    ],
)
def test_a_repeat_is_a_target_named_before(arguments: str, positions: list[int]) -> None:
    """For a reference that leads somewhere its article counts, for one that does not its url."""
    assert [ref["position"] for ref in ask("a", f"relatedArticles{arguments} {{ position }}")] == positions


def test_referenced_by_names_each_source_once_and_never_itself() -> None:
    """By url or by id, however often; a reference to itself is no link."""
    found = ask("a", "referencedBy(orderBy: [URL_ASC]) { totalCount nodes { url } }")
    assert [node["url"] for node in found["nodes"]] == [url("b"), url("e"), url("c", "bio")]
    assert found["totalCount"] == 3
    assert ask("d", "referencedBy { totalCount nodes { url } }") == {"totalCount": 1, "nodes": [{"url": url("b")}]}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", [(1, "b"), (1, "c")]),
        ("(depth: 2)", [(1, "b"), (1, "c"), (2, "d")]),
        ("(depth: 3)", [(1, "b"), (1, "c"), (2, "d"), (3, "e")]),
        ("(depth: 3, first: 3)", [(1, "b"), (1, "c"), (2, "d")]),
    ],
)
def test_neighbours_come_breadth_first_each_once(arguments: str, expected: list[tuple[int, str]]) -> None:
    """The nearest distance counts, the author's order within it, and cycles end."""
    found = ask("a", f"neighbours{arguments} {{ distance question {{ slug }} }}")
    assert [(one["distance"], one["question"]["slug"]) for one in found] == expected


def test_next_and_previous_stay_in_the_subject() -> None:
    """By (title, url); null at the ends."""
    titles = {"a": "Z", "b": "A", "c": "M", "d": "M"}
    shelf = oracle(*(article(slug, title=title) for slug, title in titles.items()), article("e", "bio", title="N"))
    found = data(shelf, "{ questions(orderBy: URL_ASC) { nodes { slug previous { slug } next { slug } } } }")
    beside = {
        node["slug"]: tuple((node[side] or {}).get("slug") for side in ("previous", "next"))
        for node in found["questions"]["nodes"]
    }
    assert beside == {"a": ("d", None), "b": (None, "c"), "c": ("b", "d"), "d": ("c", "a"), "e": (None, None)}


def test_facets_count_the_whole_filtered_set() -> None:
    """The most frequent first; equal ones by title then slug, by year, by author."""
    shelf = oracle(
        titled("a", "x", "Same", author="b", date="2024-05-05"),
        titled("b", "w", "Same", author="B"),
        titled("c", "v", "Able", date="1999-01-01"),
        titled("d", "v", "able", no_index=True),
    )
    document = """query ($f: QuestionFilter) { questions(first: 1, filter: $f) { facets {
      subjects { subject { slug } count } years { year count } authors { author count } } } }"""
    found = data(shelf, document)["questions"]["facets"]
    assert [(one["subject"]["slug"], one["count"]) for one in found["subjects"]] == [("v", 2), ("w", 1), ("x", 1)]
    assert [tuple(one.values()) for one in found["years"]] == [(2024, 3), (1999, 1)]
    assert [tuple(one.values()) for one in found["authors"]] == [("Ann", 2), ("B", 1), ("b", 1)]
    filtered = data(shelf, document, f={"noIndex": {"eq": True}})["questions"]["facets"]
    assert filtered["years"] == [{"year": 2024, "count": 1}]


def test_a_subject_has_its_most_frequent_title() -> None:
    """A tie goes to the first by code point."""
    shelf = oracle(
        *(titled(f"a{n}", "x", title) for n, title in enumerate(("Zed", "Zed", "Abe"))),
        *(titled(f"b{n}", "y", title) for n, title in enumerate(("b", "B"))),
    )
    found = data(shelf, "{ subjects(orderBy: SLUG_ASC) { nodes { title questionCount } } }")
    assert [tuple(node.values()) for node in found["subjects"]["nodes"]] == [("Zed", 3), ("B", 2)]


def test_two_articles_never_have_one_url() -> None:
    """The url is the identity of an article: neither of them is there."""
    found = site(article("a"), article("b"), article("a"))
    assert [(each.code, each.path) for each in sorted(found.problems)] == [
        ("DUPLICATE_URL", "0.md"),
        ("DUPLICATE_URL", "2.md"),
    ]
    assert [each.identity for each in found.entries["Question"]] == [(url("b"),)]


def test_roots_find_one_thing_by_each_of_its_names() -> None:
    """By id, url or path; null where there is none; nodes in the order asked."""
    ids = [id_of(each) for name in ("Question", "Subject") for each in WEB.site.entries[name]]
    document = """query ($q: ID!, $s: ID!) {
      id: question(by: {id: $q}) { slug }
      url: question(by: {url: "/learn/bio/questions/c"}) { slug }
      path: question(by: {path: {subject: "bio", slug: "d"}}) { subject { slug } }
      no: question(by: {path: {subject: "bio", slug: "a"}}) { slug }
      wrong: question(by: {id: $s}) { slug }
      subject(slug: "bio") { title questions(filter: {slug: {eq: "c"}}) { totalCount } }
      none: subject(slug: "Bio") { title }
      node(id: $s) { __typename ... on Subject { slug } }
      nodes(ids: [$s, "x", $q, $q]) { id __typename }
      content { questionCount subjectCount relatedArticleCount danglingCount }
    }"""
    found = data(WEB, document, q=ids[0], s=ids[-1])
    assert len(set(ids)) == len(ids)
    assert found == {
        "id": {"slug": "a"},
        "url": {"slug": "c"},
        "path": {"subject": {"slug": "bio"}},
        "no": None,
        "wrong": None,
        "subject": {"title": "Bio", "questions": {"totalCount": 1}},
        "none": None,
        "node": {"__typename": "Subject", "slug": "bio"},
        "nodes": [
            {"id": ids[-1], "__typename": "Subject"},
            None,
            {"id": ids[0], "__typename": "Question"},
            {"id": ids[0], "__typename": "Question"},
        ],
        "content": {"questionCount": 6, "subjectCount": 2, "relatedArticleCount": 15, "danglingCount": 2},
    }


def test_an_answer_has_all_its_forms() -> None:
    """200 words are a minute's reading, 201 two, one still one."""
    shelf = oracle(*(article(f"a{count}", answer="w " * count) for count in (1, 200, 201)))
    document = """{ questions(orderBy: URL_ASC) { nodes { answer {
      wordCount readingMinutes headings { level text anchor } } } } }"""
    found = [node["answer"] for node in data(shelf, document)["questions"]["nodes"]]
    assert [(one["wordCount"], one["readingMinutes"]) for one in found] == [(1, 1), (200, 1), (201, 2)]
    assert found[0]["headings"] == [{"level": 2, "text": "Part", "anchor": "part"}]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (13, "one two three"),
        (12, "one two…"),
        (8, "one two…"),
        (7, "one…"),
        (4, "one…"),
        (3, "on…"),
        (2, "o…"),
        (1, "…"),
    ],
)
def test_an_excerpt_is_cut_at_a_word_and_never_too_long(length: int, expected: str) -> None:
    """White space is one space; without a space in reach the cut goes through the word."""
    assert excerpt(" one \n two\t\tthree\n", length) == expected
    assert len(expected) <= length


def test_an_excerpt_of_a_script_without_blanks_is_cut_between_characters() -> None:
    """What is longer than a word is no word to leave out; a character keeps its marks."""
    assert excerpt("ab " + "語" * 60, 50) == "ab " + "語" * 46 + "…"
    assert excerpt("ab " + "語" * 60, 43) == "ab…"
    assert excerpt("e\u0301" * 30, 10) == "e\u0301" * 4 + "…"


@pytest.mark.parametrize(
    ("kind", "expected"), [("String", "null"), ("Url", None), ("Date", None), ("Int", None), ("DateTime", None)]
)
def test_a_plain_null_is_absent_but_where_text_is_wanted(kind: str, expected: str | None) -> None:
    """In quotes it is a text, which is no good value of the others."""
    assert scalar(kind, Plain("null")) == expected
    if kind != "String":
        with pytest.raises(RefusedError):
            scalar(kind, "null")


@pytest.mark.parametrize(
    ("document", "variables", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ('{ questions(filter: {date: {eq: "2024-02-30"}}) { totalCount } }', {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ questions(filter: {date: {eq: 20240101}}) { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ('{ question(by: {url: "a", id: "b"}) { id } }', {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query ($d: Date) { questions(filter: {date: {eq: $d}}) { totalCount } }", {"d": "24-1-1"}, "BAD_USER_INPUT"),
        ("query ($b: QuestionBy!) { question(by: $b) { id } }", {"b": {"url": "a", "id": "b"}}, "BAD_USER_INPUT"),
        ("query ($b: Boolean = true) { content @skip(if: $b) { questionCount } }", {"b": None}, "BAD_USER_INPUT"),
        (
            'query ($b: Boolean = true) { question(by: {url: "no"}) { relatedArticles(unique: $b) { url } } }',
            {"b": None},
            "BAD_USER_INPUT",
        ),
        ('{ question(by: {url: "no"}) { neighbours(depth: 4) { distance } } }', {}, "BAD_USER_INPUT"),
        ("{ node(id: 1) { ...F } } fragment F on Question { neighbours(first: 0) { distance } }", {}, "BAD_USER_INPUT"),
        ('{ question(by: {url: "no"}) { answer { ... { excerpt(length: 1001) } } } }', {}, "BAD_USER_INPUT"),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["x"] * 101}, "BAD_USER_INPUT"),
    ],
)  # fmt: skip
def test_a_request_error_has_a_code_and_no_data(document: str, variables: dict[str, Any], code: str) -> None:
    """Bad input is refused wherever it stands, also below a field that is null."""
    response = WEB.execute(document, variables)
    assert "data" not in response
    assert code_of(response) == code


def test_a_skipped_field_is_not_checked() -> None:
    """What is not executed cannot be bad input."""
    document = "query ($no: Boolean!) { questions(first: 999) @include(if: $no) { totalCount } __typename }"
    assert data(WEB, document, no=False) == {"__typename": "Query"}


def test_the_oracle_shares_only_rendering_with_the_product() -> None:
    """No module but the tests, and the one that opens both sides, imports it; what renders answers is handed in."""
    for path in Path(__file__).parent.glob("*.py"):
        if path.name.startswith(("test_", "sides")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "graphql_api" for name in names), path


def test_api_of_the_built_in_model_is_the_contract() -> None:
    """By the rules of names alone: nothing is missing, nothing differs; what is more breaks no client."""
    contract = build_schema(Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8"))
    not_of_queries = {"Mutation", "Subscription", "ContentChange", "LoadReport", "LoadProblem", "ProblemSeverity"}
    found = [each.description for each in find_breaking_changes(contract, oracle_schema(QUESTIONS))]
    assert [each for each in found if each.split()[0] not in not_of_queries] == []
