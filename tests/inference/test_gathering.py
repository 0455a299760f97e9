"""Gathering: which files a guess makes one type of, and what it calls that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.inference.guessing import guessed

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("da", "de", "en", "es", "fr", "km")


def page(title: str) -> str:
    """Return a page with one key."""
    return f"---\ntitle: {title}\n---\nText.\n"


def test_folders_with_names_of_languages_are_languages_whatever_their_files_are_called(tmp_path: Path) -> None:
    """Names of files are translated as well; five such folders beside each other are no chance."""
    files = {f"{each}/{each}-{number}.md": page(each) for each in LANGUAGES for number in range(3)}
    options = {f"{each}/options.json": json.dumps({"name": each, "logo": f"{each}.png"}) for each in LANGUAGES}
    found = guessed(tmp_path, {**files, **options})
    assert sorted(found.names) == ["Option", "Page"]
    assert found.line("Page", "language").startswith('language: String! @from(file: PATH, like: "{}/**")')
    assert (found.errors, found.unclaimed) == ((), ())


def test_mapping_of_sentences_is_a_table_with_an_entry_for_each(tmp_path: Path) -> None:
    """Texts by paths, sentences or dotted names: no hundred fields, and none that a model could not name."""
    texts = {f"shop.cart.line {number}": f"Text {number}" if number else None for number in range(9)}
    settings = {f"key{number}": "x" for number in range(9)}
    found = guessed(tmp_path, {"messages.json": json.dumps(texts), "settings.json": json.dumps(settings)})
    assert found.line("Message", "slug") == "slug: String! @from(file: KEY) @key @filter"
    assert found.line("Message", "value").startswith('value: String @from(key: ".")')
    assert found.line("Settings", "key3") == "key3: String!"
    assert (found.errors, found.unclaimed) == ((), ())


def test_larger_of_two_folders_has_the_name(tmp_path: Path) -> None:
    """One page about the blog in blog/ and the posts in blog/posts/."""
    posts = {
        f"blog/posts/2024-01-0{day}-day.md": f"---\ntitle: Day {day}\nkind: a\n---\nText.\n" for day in range(1, 6)
    }
    found = guessed(tmp_path, {"blog/index.md": "About this blog.\n", "blog/more.md": "More.\n", **posts})
    assert found.line("Post", "title").startswith("title: String!")
    assert (found.errors, found.unclaimed) == ((), ())


def test_file_that_is_called_what_it_holds_has_the_name_before_a_folder(tmp_path: Path) -> None:
    """tools.yml holds tools; the many pages in tools/ say how each is set up."""
    files = {f"tools/{name}/{part}.md": "Text.\n" for name in "abc" for part in ("install", "use")}
    found = guessed(tmp_path, {**files, "tools.yml": "- name: A\n  home: /a\n- name: B\n  home: /b\n"})
    assert found.line("Tool", "name").startswith("name: String! @key")


def test_docs_are_of_one_type_whether_they_have_keys_or_not(tmp_path: Path) -> None:
    """Front matter in a few of many documents."""
    files = {f"docs/guide/{number}.md": "Text.\n" for number in range(8)}
    files |= {f"docs/{number}.md": f"---\nhide: [nav]\ntitle: {number}\n---\nText.\n" for number in range(5)}
    found = guessed(tmp_path, files)
    assert found.names == ["Doc"]


def test_list_that_says_the_same_everywhere_is_no_list_of_tags(tmp_path: Path) -> None:
    """A type of its own for one text tells nobody anything; tags are tags from the first one on."""
    files = {f"posts/{n}.md": f"---\ntitle: {n}\nscripts: [a.js]\ntags: [x]\n---\nText.\n" for n in range(4)}
    found = guessed(tmp_path, files)
    assert found.line("Post", "scripts").startswith("scripts: [String!]!")
    assert found.line("Post", "tags").startswith("tags: [Tag!]!")


def test_nothing_leads_back_to_a_singleton(tmp_path: Path) -> None:
    """There is one, which its query gives."""
    people = {f"people/{name}.yml": f"name: {name}\n" for name in ("ann", "bert", "cleo")}
    found = guessed(tmp_path, {**people, "board.yml": "people: [ann, bert, cleo]\nyear: 2024\n"})
    assert found.line("Board", "people").startswith("people: [Person!]!")
    assert "@back" not in found.text


def test_lists_of_different_things_stay_apart_however_alike(tmp_path: Path) -> None:
    """Two files whose entries have the same keys, each called what it holds; those of two years are of one type."""
    entry = "{name}:\n  login: {name}\n  count: 1\n"
    files = {
        f"data/{kind}.yml": "".join(entry.format(name=f"{kind}{n}") for n in "ab") for kind in ("editors", "guests")
    }
    years = {f"data/{year}.yml": f"- day: 1\n  place: {year}\n" for year in ("2023", "2024")}
    found = guessed(tmp_path, {**files, **years})
    assert sorted(found.names) == ["Editor", "Guest", "Record"]
    assert (found.errors, found.unclaimed) == ((), ())


def test_data_in_a_folder_for_each_of_many_things_is_of_one_type(tmp_path: Path) -> None:
    """Comments by article: some have keys that others lack, and folders happen to have plural names."""
    names = ("tides", "moons", "basics", "erasing", "wet-clay", "hammers", "birds", "salt", "glass")
    files = {
        f"_data/comments/{name}/{name}-{number}.yml": f"name: A\nmessage: B\n{extra}: 1\n{extra}Too: 2\n"
        for name, extra in zip(names, "abcdefghi", strict=True)
        for number in range(4)
    }
    found = guessed(tmp_path, files)
    assert found.names == ["Comment"]


def test_sections_in_the_singular_are_types_of_their_own(tmp_path: Path) -> None:
    """Hugo's post and presentation, whose files have the same keys."""
    front = "---\ntitle: T{n}\ndate: 2024-01-0{n}\ntopics: [a]\nlead: B\nplace: C\nmood: D\n---\nText.\n"
    files = {f"content/{each}/{n}.md": front.format(n=n) for each in ("post", "talk", "project") for n in range(1, 6)}
    found = guessed(tmp_path, {**files, "content/recipe/one.md": "---\nserves: 4\n---\nText.\n"})
    assert sorted(found.names) == ["Post", "Project", "Recipe", "Talk"]
    assert found.line("Recipe", "slug").endswith("@key @filter")


def test_files_that_no_few_globs_tell_apart_join_those_beside_them(tmp_path: Path) -> None:
    """However much they are like those of another folder."""
    plain = "---\ntitle: T\nauthor: A\nlead: B\n---\nText.\n"
    odd = "---\nheading: T\nby: A\nsummary: B\n---\nText.\n"
    files = {f"post/{number:03d}.md": odd if number % 2 else plain for number in range(70)}
    found = guessed(tmp_path, {**files, **{f"talk/{number}.md": odd for number in range(30)}})
    assert sorted(found.names) == ["Post", "Talk"]
