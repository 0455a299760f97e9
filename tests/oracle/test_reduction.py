"""The reduction keeps what a failure needs and nothing else."""

from __future__ import annotations

from graphql import parse, print_ast

from tests.oracle.reduction import reduced

DOCUMENT = """
query Q($a: Int, $b: Boolean!, $c: String) {
  one: questions(first: $a, filter: {title: {contains: $c}, noIndex: {eq: true}}) {
    totalCount nodes { ...F title @skip(if: $b) }
  }
  content { questionCount subjectCount }
}
fragment F on Question { url ...G }
fragment G on Question { slug date }
fragment H on Question { score }
"""


def test_only_what_the_failure_needs_is_left() -> None:
    """Fragments and variables that nothing uses any more go too."""
    found = reduced(DOCUMENT, lambda document: "slug" in document and "$c" in document)
    assert found == print_ast(
        parse(
            """query Q($c: String) { one: questions(filter: {title: {contains: $c}}) { nodes { ...F } } }
            fragment F on Question { ...G }
            fragment G on Question { slug }""",
        ),
    )


def test_a_failure_that_needs_everything_keeps_everything() -> None:
    """Nothing is left out that is needed."""
    whole = print_ast(parse("{ content { questionCount } }"))
    assert reduced(whole, lambda document: document == whole) == whole
