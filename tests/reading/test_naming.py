"""References keep the key that they name, and one to a grouped type what it says of its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.reading.entry import Ref

from .seed_files import faults_of, read_files, values_of
from .test_sources import front, page

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.reading.entry import Entry

PEOPLE = """
type Person @content(files: ["people/*.yml"]) {
  slug: String! @from(file: NAME) @key
  url: String! @key
  name: String
}
"""
TAGS = "type Tag @grouped { slug: String! @from(slug: true) @key title: String! weight: Int }"


def test_reference_is_the_key_that_a_text_or_a_mapping_names(tmp_path: Path) -> None:
    """A list of them too; nothing is no reference, and a number is its digits."""
    model = page('author: Person people: [Person!]! boss: Person @ref(by: "url")') + PEOPLE
    text = front(
        "author: ' ada '", "people: [bob, {slug: cy, name: Cy}, 7, '', ~x]", "boss: https://example.org/ada/#top"
    )
    values = values_of(tmp_path, model, text)
    assert values.author == Ref("ada")
    assert values.people == [Ref("bob"), Ref("cy"), Ref("7"), Ref("~x")]
    assert values.boss == Ref("https://example.org/ada")
    assert values_of(tmp_path, model, front("author: ")).author is None


def test_required_reference_that_is_absent_is_an_error(tmp_path: Path) -> None:
    """And so is a mapping that names nobody."""
    model = page("author: Person! @ref(missing: ERROR)") + PEOPLE
    assert [code for code, _, _ in faults_of(tmp_path, model, front("author:"))] == ["MISSING_KEY"]
    ((code, line, message),) = faults_of(tmp_path, model, front("author: {name: Ada}"))
    assert (code, line) == ("MISSING_KEY", 2)
    assert "slug" in message


def test_text_names_a_grouped_entry_by_its_slug_and_gives_its_title(tmp_path: Path) -> None:
    """What the text cannot be is null."""
    values = values_of(tmp_path, page("tags: [Tag!]!") + TAGS, front("tags: [C++, 'A  b', 2024]"))
    assert values.tags == [
        Ref("cplusplus", '["cplusplus","C++",null]'),
        Ref("a-b", '["a-b","A  b",null]'),
        Ref("2024", '["2024","2024",null]'),
    ]


def test_mapping_gives_the_fields_of_a_grouped_entry_by_their_keys(tmp_path: Path) -> None:
    """Without its key, it is known by the first text that it has."""
    model = page("tags: [Tag!]!") + TAGS
    values = values_of(tmp_path, model, front("tags: [{slug: Rome, title: The city, weight: 3}, {title: A b}]"))
    assert values.tags == [Ref("rome", '["rome","The city",3]'), Ref("a-b", '["a-b","A b",null]')]
    assert [code for code, _, _ in faults_of(tmp_path, model, front("tags: [{weight: 3}]"))] == ["MISSING_KEY"]
    assert [code for code, _, _ in faults_of(tmp_path, model, front("tags: [[x]]"))] == ["WRONG_TYPE"]


def test_grouped_field_with_a_key_reads_the_entry_that_names(tmp_path: Path) -> None:
    """Also where the reference stands deeper; what is wrong there is told once."""
    model = page("tag: Tag more: More") + "type More { tags: [Tag!]! }"
    model += 'type Tag @grouped { slug: String! @key title: String! @from(key: "label") }'
    seed = read_files(tmp_path, model, {"a.md": front("label: L", "tag: x", "more: {tags: [y]}")})["a.md"]
    assert seed.problems == ()
    assert seed.entries[0].values[1:] == (Ref("x", '["x","L"]'), ((Ref("y", '["y","L"]'),),))
    found = faults_of(tmp_path, model, front("tag: x", "more: {tags: [y, z]}"))
    assert [(code, message) for code, _, message in found] == [("MISSING_KEY", "`label` is missing or empty. Add it.")]
    assert [code for code, _, _ in faults_of(tmp_path, model, front("label: [x]", "tag: x"))] == ["WRONG_TYPE"]


def test_grouped_type_may_have_files_of_its_own(tmp_path: Path) -> None:
    """There its fields are keys of their names."""
    model = page("tags: [Tag!]!").replace("**/*.md", "*.md")
    model += (
        'type Tag @grouped @content(files: ["tags.yml"], each: ITEM) { slug: String! @key title: String! order: Int }'
    )
    read = read_files(tmp_path, model, {"a.md": front("tags: x"), "tags.yml": "- {slug: x, title: X, order: 2}\n"})
    (entry,) = read["tags.yml"].entries
    assert (read["tags.yml"].problems, entry.type_name, entry.values) == ((), "Tag", ("x", "X", 2))
    assert read["a.md"].entries[0].values[1] == (Ref("x", '["x","x",null]'),)


@pytest.mark.parametrize("level", ["WARNING", "ERROR"])
def test_bad_reference_is_left_out_where_the_model_allows(tmp_path: Path, level: str) -> None:
    """It has a code of its own then."""
    model = page(f"people: [Person!]! @check(level: {level})") + PEOPLE
    seed = read_files(tmp_path, model, {"a.md": front("people:", "  - ada", "  - [x]")})["a.md"]
    assert [(problem.code, problem.line) for problem in seed.problems] == [
        ("INVALID_REFERENCE" if level == "WARNING" else "WRONG_TYPE", 4)
    ]
    assert [people_of(entry) for entry in seed.entries] == ([(Ref("ada"),)] if level == "WARNING" else [])


def people_of(entry: Entry) -> object:
    return entry.values[1]
