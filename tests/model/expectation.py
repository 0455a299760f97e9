"""Expectation: a model that is good but for one thing, and the check that this is told, where it is."""

from __future__ import annotations

import pytest

from graphql_api.model.language import problems_of, read_model
from graphql_api.model.problems import ModelError

MARK = "⟦"
"""Stands in texts before the place that a problem must have."""

FIELD = """
type Post @content(files: ["posts/*.md"]) {
  slug: String! @from(file: NAME) @key
  title: String!
  date: DateTime
  tags: [Tag!]!
  related: [Post!]!
  author: Author
  seo: Seo!
  blocks: [Block!]!
  mood: Mood
  FIELD
}
type Author @content(files: ["authors.yml"], each: ITEM) { slug: String! @key  name: String! }
type Tag @grouped { slug: String! @key  title: String! }
type Seo { title: String  cover: Image }
type Quote { text: String! }
type Code { code: String! }
union Block @block(key: "kind") = Quote | Code
enum Mood { GOOD BAD }
"""
GROUP_FIELD = FIELD.replace("  FIELD\n", "").replace("type Quote {", "type Quote { FIELD ")
GROUPED_FIELD = FIELD.replace("  FIELD\n", "").replace("type Tag @grouped {", "type Tag @grouped { FIELD ")
ITEM_FIELD = FIELD.replace("  FIELD\n", "").replace("each: ITEM) {", "each: ITEM) { FIELD ")
REST = FIELD.replace("  FIELD\n", "")


def expect(marked: str, message: str) -> None:
    """Check that the text has this one problem, at the mark, and that it says so in the error."""
    before, mark, after = marked.partition(MARK)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    place = (line, column) if mark else (1, 1)
    text = before + after
    found = [(problem.line, problem.column, problem.message) for problem in problems_of(text)]
    assert [each[:2] for each in found] == [place], found
    assert message in found[0][2]
    with pytest.raises(ModelError) as caught:
        read_model(text)
    assert f"{line}:{column} " in str(caught.value) if mark else "1:1 " in str(caught.value)
