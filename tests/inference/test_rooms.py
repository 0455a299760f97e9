"""The smaller rules by themselves: likeness, globs, hints of CMSs, mending, and what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import ContentError
from graphql_api.inference.infer import infer
from graphql_api.inference.mending import mended
from graphql_api.inference.patterns import globs_of
from graphql_api.inference.shapes import likeness
from graphql_api.inference.walk import walk
from graphql_api.model.globs import Globs
from graphql_api.model.language import read_model
from tests.inference.guessing import guessed, write_files

if TYPE_CHECKING:
    from pathlib import Path

DECAP = """
backend: {name: git-gateway}
collections:
  - name: people
    label_singular: Colleague
    folder: content/staff
    fields: [{name: name, widget: string}]
  - name: news
    label_singular: Item
    folder: content/news
    fields:
      - {name: mood, widget: select, options: [{label: Good, value: good}, {label: Bad, value: bad}, so-so]}
      - {name: from, widget: relation, collection: people}
"""
CLOUDCANNON = """
collections_config:
  news:
    path: news
    singular_name: story
_inputs:
  mood:
    type: select
    options: {values: [good, bad]}
"""
NEWS = {
    "news/a.md": "---\ntitle: a\nmood: good\nfrom: jo\n---\n",
    "news/b.md": "---\ntitle: b\nmood: good\nfrom: jo\n---\n",
    "staff/jo.md": "---\nname: Jo\nage: 3\n---\n",
    "staff/al.md": "---\nname: Al\nage: 4\n---\n",
}


def test_likeness_is_the_lesser_presences_over_the_greater() -> None:
    """Equal ones are 1, strangers 0, and nothing is like nothing."""
    assert likeness({"a": 1.0, "b": 0.5}, {"a": 0.5, "c": 0.5}) == pytest.approx(0.5 / 2.0)
    assert (likeness({"a": 1.0}, {"a": 1.0}), likeness({"a": 1.0}, {"b": 1.0}), likeness({}, {})) == (1.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        (["posts/a.md", "posts/x/b.md"], ["about.md"], ("posts/**/*.md",)),
        (["posts/a.md", "posts/b.mdx"], ["posts/c.yml"], ("posts/**/*.md", "posts/**/*.mdx")),
        (["a.md", "b.md"], ["posts/a.md"], ("*.md",)),
        (["posts/a.md"], ["posts/_index.md"], ("posts/**/*.md", "!**/_index.md")),
        (["docs/a.md", "docs/b.md"], ["docs/c.md"], ("docs/a.md", "docs/b.md")),
        (["data/site.yml"], ["data/nav.yml"], ("data/site.yml",)),
        (["a (1)/x[2].md"], ["b/y.md"], ("a (1)/**/*.md",)),
        (["a*b/x.md"], ["ab/x.md"], ("a?b/**/*.md",)),
    ],
)
def test_globs_match_the_files_and_no_others(own: list[str], others: list[str], expected: tuple[str, ...]) -> None:
    """As few as can be, and such that a new file is matched too."""
    assert globs_of(own, others) == expected
    globs = Globs(expected)
    assert [path for path in (*own, *others) if globs.matches(path)] == own


def test_many_folders_among_others_are_a_tree_with_exceptions() -> None:
    """Instead of a glob for each."""
    own = [f"docs/{number}/a/x.md" for number in range(12)]
    others = ["docs/3/b/y.md"]
    assert globs_of(own, others) == ("docs/**/*.md", "!docs/3/b/**/*.md")


def test_decap_names_types_options_and_targets(tmp_path: Path) -> None:
    """Its configuration lies among the files, and is none of them."""
    found = guessed(tmp_path, {**NEWS, "admin/config.yml": DECAP})
    assert [name for name, _ in found.inferred.types] == ["Item", "Colleague"]
    assert set(found.model.choices["Mood"].values) == {"GOOD", "BAD", "SO_SO"}
    assert found.line("Item", "from") == "from: Colleague! @ref(missing: ERROR) @filter @facet"
    assert "the options of the CMS" in found.why("Item", "mood")
    assert (found.errors, found.unclaimed) == ((), ())


def test_cloudcannon_names_types_and_options(tmp_path: Path) -> None:
    """Inputs of its top level hold in all collections."""
    found = guessed(tmp_path, {**NEWS, "cloudcannon.config.yml": CLOUDCANNON})
    assert [name for name, _ in found.inferred.types] == ["Story", "Staff"]
    assert set(found.model.choices["Mood"].values) == {"GOOD", "BAD"}


@pytest.mark.parametrize(
    "text", ["collections: [", "- a", "collections: 3", "collections: [{folder: 3, fields: {a: b}}]"]
)
def test_configuration_that_says_nothing_hinders_nothing(tmp_path: Path, text: str) -> None:
    """It is a hint, no more."""
    found = guessed(tmp_path, {**NEWS, "admin/config.yml": text, "cloudcannon.config.yml": text})
    assert dict(found.inferred.types) == {"News": 2, "Staff": 2}


def test_file_that_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    """So are those that hold nothing, and those of programs."""
    write_files(
        tmp_path,
        {
            "a.md": "---\ntitle: a\n---\n",
            "bad.md": "---\ntitle: [\n---\n",
            "twice.yml": "a: 1\na: 2\n",
            "empty.md": "",
            "single.json": "3",
            "package.json": '{"name": "x"}',
            "node_modules/x/readme.md": "Text",
            ".git/x.md": "Text",
        },
    )
    (tmp_path / "bytes.md").write_bytes(b"---\ntitle: \xff\n---\n")
    walked = walk(tmp_path)
    assert [file.path for file in walked.files] == ["a.md"]
    assert [path for path, _ in walked.left_out] == [
        *("bad.md", "bytes.md", "empty.md", "node_modules/x/readme.md", "package.json", "single.json", "twice.yml")
    ]
    text = infer(tmp_path).text
    assert "#   empty.md: It has neither keys nor text." in text
    read_model(text)


def test_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Nothing is guessed of nothing."""
    with pytest.raises(ContentError, match="There is no seeds folder"):
        infer(tmp_path / "nowhere")


def test_mending_takes_promises_before_it_takes_a_field() -> None:
    """What no rule of models allows goes, and says why."""
    fields = "  slug: String! @from(file: NAME) @key\n  a: RichText @order\n  b: Nothing\n"
    text = f'type Post @content(files: ["*.md"]) {{\n{fields}}}\n'
    lines = mended(text).splitlines()
    read_model(mended(text))
    assert lines[2] == "  a: RichText"
    assert lines[3].startswith("  # There is no type Nothing.")
    assert lines[3].endswith("b: Nothing")


def test_text_that_cannot_be_mended_is_shown_as_it_is() -> None:
    """A person sees what is wrong with it."""
    assert mended("type {") == "type {"
