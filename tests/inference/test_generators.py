"""Folders as well-known generators and calendars have them: what the guess makes of their habits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.inference.guessing import guessed

if TYPE_CHECKING:
    from pathlib import Path


def test_data_in_folders_of_years_and_months_is_one_type(tmp_path: Path) -> None:
    """As texts in such folders are; a month with a single event is no type of its own."""
    days = ("2024/03/01-jazz", "2024/03/09-poetry", "2024/04/20-market", "2025/01/05-walk")
    found = guessed(tmp_path, {f"events/{day}.yml": f"title: {day[8:]}\nprice: 3\n" for day in days})
    assert [name for name, _ in found.inferred.types] == ["Event"]
    assert found.model.entry_types["Event"].globs == ("events/**/*.yml",)
    assert (found.errors, found.unclaimed) == ((), ())


def test_docs_are_one_type_and_what_tells_of_their_folders_another(tmp_path: Path) -> None:
    """Docusaurus: numbered folders, few keys that are in all texts, a `_category_` file in each folder."""
    files = {
        "docs/intro.md": "---\nsidebar_position: 1\n---\nHello.\n",
        "docs/01-basics/_category_.json": '{"label": "Basics", "position": 2, "link": {"type": "generated-index"}}',
        "docs/01-basics/01-page.md": "---\nsidebar_position: 1\ntitle: Page\nkeywords: [a, b]\n---\nText.\n",
        "docs/01-basics/02-doc.md": "---\nsidebar_label: Doc!\nid: doc\nslug: /doc\n---\nText.\n",
        "docs/01-basics/03-features.mdx": "---\nhide_table_of_contents: true\n---\nText.\n",
        "docs/02-extras/_category_.yml": "label: Extras\nposition: 3.5\ncollapsed: true\n",
        "docs/02-extras/versions.md": "---\nsidebar_position: 1.5\ntags: [x]\n---\nText.\n",
        "blog/2019-05-28-first.md": "---\ntitle: First\nslug: first\n---\nText.\n",
    }
    found = guessed(tmp_path, files)
    assert dict(found.inferred.types) == {"Post": 1, "Doc": 5, "Category": 2}
    assert found.model.entry_types["Doc"].globs == ("docs/**/*.md", "docs/**/*.mdx")
    assert (found.errors, found.unclaimed) == ((), ())


def test_file_of_people_holds_an_entry_for_each(tmp_path: Path) -> None:
    """Its name says so, be it one person or two who have little in common; settings are no entries."""
    files = {
        "_data/authors.yml": "kim:\n  name: Kim Ode\n",
        "people.toml": '[ana]\nname = "Ana"\nphone = "0123"\n[ben]\nname = "Ben"\njoined = 2020-02-02\n',
        "theme.json": '{"light": {"ink": "#000", "page": "#fff"}, "print": {"margin": 3}}',
        "terms.json": '{"ws24": {"starts": "2024-10-14"}, "ss25": {"starts": "2025-04-07", "note": "short"}}',
    }
    found = guessed(tmp_path, files)
    assert dict(found.inferred.types) == {"Author": 1, "Person": 2, "Term": 2, "Theme": 1}
    assert (found.errors, found.unclaimed) == ((), ())


def test_day_in_the_name_of_a_daily_note_is_its_name_and_its_date(tmp_path: Path) -> None:
    """The year is no number in front of a name."""
    found = guessed(tmp_path, {f"Daily/2024-01-0{day}.md": f"---\nmood: m{day}\n---\nText.\n" for day in (1, 2, 3)})
    assert found.line("Daily", "slug") == "slug: String! @from(file: NAME) @key @filter"
    assert found.line("Daily", "date").startswith("date: Date! @from(file: NAME) ")
    assert found.errors == ()


def test_ending_that_one_file_has_is_taken_in_all_folders_of_its_type(tmp_path: Path) -> None:
    """The next text in MDX may stand in any of them."""
    bundles = {f"blog/{name}/index.md": f"---\ntitle: {name}\n---\nText.\n" for name in ("a", "b", "c")}
    found = guessed(tmp_path, {**bundles, "blog/d/index.mdx": "---\ntitle: d\n---\nText.\n", "about.mdx": "Text.\n"})
    assert found.model.entry_types["Post"].globs == ("blog/**/*.md", "blog/**/*.mdx")


def test_data_of_a_folder_for_eleventy_is_no_content(tmp_path: Path) -> None:
    """It sets the layout and a tag of what lies beside it."""
    files = {"blog/blog.11tydata.json": '{"tags": ["posts"]}', "blog/first.md": "---\ntitle: First\n---\nText.\n"}
    found = guessed(tmp_path, files)
    assert [name for name, _ in found.inferred.types] == ["Post"]
    assert [path for path, _ in found.inferred.left_out] == ["blog/blog.11tydata.json"]


def test_times_numbers_and_colours_are_texts(tmp_path: Path) -> None:
    """A choice has names, and `#0af` is no place on a page."""
    rows = "".join(f"- {{ start: '0{n % 2}:00', seats: '{n % 2 + 1}0', color: '#0a{n % 10}' }}\n" for n in range(12))
    found = guessed(tmp_path, {"rows.yml": rows})
    kinds = {field.name: field.type.name for field in found.model.entry_types["Row"].fields}
    assert {name: kinds[name] for name in ("start", "seats", "color")} == dict.fromkeys(
        ("start", "seats", "color"), "String"
    )
