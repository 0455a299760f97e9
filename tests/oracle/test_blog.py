"""The oracle on a model that is not the built-in one, by hand-computed answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle.articles import data, plain
from tests.oracle.declarations import Model
from tests.oracle.execution import Oracle
from tests.oracle.site import Site

if TYPE_CHECKING:
    from pathlib import Path

MODEL = Model("""
type Post @content(files: ["posts/*.md"]) {
  slug: String! @from(file: NAME) @key
  url: String! @from(template: "/blog/{day.year}/{slug}") @key
  day: Date! @order(default: DESC)
  author: Author! @ref(missing: ERROR)
  tags: [Tag!]! @facet @filter
  related: [Post!]! @filter
  draft: Boolean! @default(value: false) @hidden
  blocks: [Block!]!
  older: Post @sibling(by: ["day"], step: PREVIOUS)
}
type Author @content(files: ["authors.yml"], each: ITEM) {
  slug: String! @from(file: KEY) @key
  name: String! @order(default: ASC)
  postCount: Int! @back(of: "Post.author") @order
}
type Tag @content(files: ["tags.yml"], each: ITEM) @grouped {
  slug: String! @from(file: KEY) @from(slug: true) @key
  title: String! @order(default: ASC)
}
union Block @block(key: "type") = Quote | Picture
type Quote @is(value: "quote") { text: String! }
type Picture { src: Image! }
""")
FILES = {
    "authors.yml": "ann: {name: Ann}\nbo: {name: Bo}\n",
    "tags.yml": "art: {title: The arts}\n",
    "posts/a.md": "---\nday: 2024-01-02\nauthor: ann\ntags: [art, Deep Sea]\nrelated: [b, gone, a]\n"
    "blocks: [{type: quote, text: Q}, {type: Picture, src: /p.png}]\n---\n",
    "posts/b.md": "---\nday: 2024-01-01\nauthor: ann\ntags: deep sea\nrelated: hidden\n---\n",
    "posts/c.md": "---\nday: 2023-01-01\nauthor: nobody\ntags: [Only here]\n---\n",
    "posts/hidden.md": "---\ndraft: true\n---\n",
}


@pytest.fixture
def blog(tmp_path: Path) -> Oracle:
    """An oracle over the files."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return Oracle(Site.of(MODEL, tmp_path), plain)


def test_entries_are_refused_left_out_and_hidden(blog: Oracle) -> None:
    """Without its author a post is not there, nor what it alone names; a relation that is lost is a warning."""
    assert [each.identity for each in blog.site.entries["Post"]] == [("a",), ("b",)]
    assert blog.site.told() == {
        ("ERROR", "REFERENCE_DANGLING", "posts/c.md"): 1,
        ("WARNING", "REFERENCE_DANGLING", "posts/a.md"): 1,
        ("WARNING", "REFERENCE_DANGLING", "posts/b.md"): 1,
    }
    found = data(
        blog, "{ tags { nodes { slug title } } authors(orderBy: POST_COUNT_DESC) { nodes { slug postCount } } }"
    )
    # Two spellings of one tag are equally frequent: the first by code point.
    assert [tuple(node.values()) for node in found["tags"]["nodes"]] == [("deep-sea", "Deep Sea"), ("art", "The arts")]
    assert [tuple(node.values()) for node in found["authors"]["nodes"]] == [("ann", 2), ("bo", 0)]


def test_values_lead_where_they_say(blog: Oracle) -> None:
    """By template, by reference, to a sibling, through a union; only what is shown can be asked for."""
    found = data(
        blog,
        """{ posts(filter: {hasRelated: true}) { nodes { url related { slug } older { slug }
          blocks { __typename ... on Quote { text } ... on Picture { src { src width } } } }
          facets { tags { tag { slug } count } } } byUrl: post(by: {url: "/blog/2024/b"}) { slug } }""",
    )
    assert found["byUrl"] == {"slug": "b"}
    assert found["posts"]["nodes"] == [
        {
            "url": "/blog/2024/a",
            "related": [{"slug": "b"}],
            "older": {"slug": "b"},
            "blocks": [
                {"__typename": "Quote", "text": "Q"},
                {"__typename": "Picture", "src": {"src": "/p.png", "width": None}},
            ],
        }
    ]
    assert [(one["tag"]["slug"], one["count"]) for one in found["posts"]["facets"]["tags"]] == [
        ("deep-sea", 1),
        ("art", 1),
    ]
