"""What both sides once saw differently, they see alike: models and files that generated ones have led to."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from graphql_api.loading.model_file import MODEL_FILE
from tests.oracle.test_models import check_folder
from tests.random_seeds import seed_of_run

if TYPE_CHECKING:
    from pathlib import Path

NOTES = 'type Note @content(files: ["n.yml"], each: ITEM) { slug: String! @from(file: KEY) @key '
CASES = {
    "JSON that is blank": (
        NOTES + "data: JSON other: JSON! @default(value: 1) group: Part } type Part { data: JSON inner: [Part!]! }",
        {
            "n.yml": """
a: {data: '  ', other: '', group: {data: '  ', inner: [{data: ''}, {data: "\\t"}, {data: ~}, {data: []}]}}
b: {data: ~, other: '  '}"""
        },
    ),
    "an item that is nothing in a list of lists": (
        NOTES + "rows: [[Int!]!]! texts: [[String!]!]! images: [[Image!]!]! deep: [[[Date!]!]!]! }",
        {
            "n.yml": """
a: {rows: [~, [1, ~], [], 2], texts: [~, [~], ['']], images: ['', [''], x.png], deep: [~, [~, [~], []], 2024-02-29]}
b: {rows: ~, texts: ~, images: '', deep: [[[]]]}"""
        },
    ),
    "a number for Markdown with escapes is no text": (
        NOTES + """text: RichText @from(key: "text", escapes: true) }""",
        {"n.yml": "a: {text: 7}\nb: {text: 'a\\nb'}"},
    ),
    "two ways to one group": (
        NOTES
        + """part: Part mains: Int! @back(of: "Note.part.main.see") others: [Note!]! @back(of: "Note.part.others.see")
        near: [Note!]! @walk(over: "part.main.see") }
        type Part { main: Credit others: [Credit!]! inner: [Part!]! }
        type Credit { see: [Note!]! }""",
        {
            "n.yml": """
a: {part: {main: {see: [b]}, others: [{see: [c]}], inner: [{main: {see: [c]}}]}}
b: {part: {others: [{see: [a, c]}]}}
c: {}"""
        },
    ),
    "kept references in groups, in blocks, and in a group that holds itself": (
        NOTES
        + """part: Part! parts: [Part!]! blocks: [Block!]! }
        type Part {
          who: Note to: Note @ref(missing: KEEP) state: ReferenceStatus @from(field: "to") inner: [Part!]!
        }
        union Block @block(key: "is") = Text | Parts
        type Text { text: String }
        type Parts { parts: [Part!]! }""",
        {
            "n.yml": """
a:
  part: {inner: [{to: b}, {to: gone}, {}, {to: b}]}
  parts: [{to: a, inner: [{to: a}, {who: b}]}, {to: a}, {who: gone, to: b}]
b: {blocks: [{is: Parts, parts: [{to: a}, {to: a}]}, {is: Text}]}"""
        },
    ),
    "sorted by a count unless something else is asked": (
        NOTES
        + """see: [Note!]! to: Note seen: [Note!]! @back(of: "Note.see")
        count: Int! @back(of: "Note.to") @order(default: DESC) }""",
        {"n.yml": "a: {see: [c], to: b}\nb: {see: [c], to: d}\nc: {to: b}\nd: {see: [c], to: b}"},
    ),
    "lists of Booleans, nulls in JSON, a page that a number names": (
        """type Note @content(files: ["n.json"], each: ITEM) @page(title: "name") { number: Int! @key
        url: String! @from(template: "/{number}") name: String replies: [Boolean!]! @filter data: JSON }""",
        {"n.json": '[{"number": 7, "replies": [true, false], "data": [null, "a"]}, {"number": 8, "name": "x"}]'},
    ),
    "a search of the titles of items": (
        NOTES
        + """tag: Tag @search(of: "title") }
        type Tag @grouped @content(files: ["t.yml"], each: ITEM) {
          slug: String! @from(key: "slug") @from(file: KEY) @key title: String! @search
        }""",
        {"n.yml": "a: {tag: one}\nb: {tag: zebra}", "t.yml": "one: {title: A zebra}"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_once_differed_does_so_no_more(name: str, tmp_path: Path) -> None:
    """Equal problems and equal answers, of all that can be asked."""
    text, files = CASES[name]
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for path, content in {MODEL_FILE: text, **files}.items():
        (seeds / path).write_text(content, encoding="utf-8")
    check_folder(text, tmp_path, random.Random(seed_of_run()))
