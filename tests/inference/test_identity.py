"""Identity: what names the entries of a guessed type, and so what references to them say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.inference.guessing import guessed

if TYPE_CHECKING:
    from pathlib import Path

AUTHORS = """
vera:
  name: Vera Holm
  url: https://vera.example.org
tom:
  name: Tom Aske
  url: https://tom.example.org
"""


def test_item_is_named_by_its_key_before_any_address(tmp_path: Path) -> None:
    """What other files say of an author is the key in the mapping, not where the author's own site is."""
    files = {f"blog/by-{name}.md": f"---\ntitle: {name}\nauthors: [{name}]\n---\nText.\n" for name in ("vera", "tom")}
    found = guessed(tmp_path, {**files, "blog/authors.yml": AUTHORS})
    assert found.line("Author", "slug") == "slug: String! @from(file: KEY) @key @filter"
    assert found.line("Author", "url") == "url: Url! @key @filter"
    assert found.line("Post", "authors").startswith("authors: [Author!]!")
    assert found.errors == ()


def test_address_of_another_site_is_a_key_and_not_the_identity(tmp_path: Path) -> None:
    """A file of links is named by the file; its own address, which begins with /, would name it."""
    found = guessed(
        tmp_path, {f"links/{name}.yml": f"title: {name}\nurl: https://{name}.org/\n" for name in ("a", "b")}
    )
    assert found.keys("Link") == ["slug", "url"]
    found = guessed(tmp_path / "own", {f"pages/{name}.yml": f"title: {name}\nurl: /{name}\n" for name in ("a", "b")})
    assert found.keys("Page") == ["url"]


def test_item_without_any_name_is_named_by_its_address_before_its_number(tmp_path: Path) -> None:
    """A number changes with every item that is put in front; who has a login is named by that."""
    sponsors = [{"url": f"https://{name}.org", "level": name == "a"} for name in ("a", "b")]
    users = [{"avatar": "/x.png", "url": f"https://{name}.org", "login": name} for name in ("a", "b")]
    files = {"sponsors.json": json.dumps(sponsors), "users.json": json.dumps(users)}
    found = guessed(tmp_path, files)
    assert found.keys("Sponsor") == ["url"]
    assert found.keys("User") == ["login", "url"]


def test_folder_names_what_lies_in_it_where_all_files_have_one_name(tmp_path: Path) -> None:
    """plates/1844.2/plate.yaml: references say 1844.2."""
    numbers = ("1844.2", "1844.3", "1901.1")
    files = {f"plates/{each}/plate.yaml": f"title: Plate {each}\nroom: 1\n" for each in numbers}
    files |= {f"shows/{n}.md": f"---\ntitle: {n}\nplates: {json.dumps(numbers)}\n---\nText.\n" for n in ("x", "y")}
    found = guessed(tmp_path, files)
    assert found.line("Plate", "slug") == "slug: String! @from(file: FOLDER) @key @filter"
    assert found.line("Show", "plates").startswith("plates: [Plate!]!")
    assert found.errors == ()


def test_folder_of_a_language_names_no_entry(tmp_path: Path) -> None:
    """The same file in each of several languages is told apart by its path."""
    found = guessed(tmp_path, {f"{each}/imprint.md": "---\ntitle: x\n---\nText.\n" for each in ("de", "en", "fr")})
    assert found.names == ["Imprint"]
    assert found.line("Imprint", "path").startswith("path: String! @from(file: ROUTE) @key")
    assert found.line("Imprint", "language").startswith('language: String! @from(file: PATH, like: "{}/**")')


def test_identity_stands_before_all_other_keys(tmp_path: Path) -> None:
    """Of a model's keys the first one is the identity, which references name without saying so."""
    terms = {f"terms/{name}.md": f"---\nurl: /t/{name}\nslug: {name}\nsee: [{other}]\n---\nText.\n"
             for name, other in (("warp", "weft"), ("weft", "shuttle"), ("shuttle", "warp"))}  # fmt: skip
    found = guessed(tmp_path, terms)
    assert found.keys("Term") == ["slug", "url"]
    assert found.line("Term", "see") == "see: [Term!]! @filter @facet"


def test_field_that_says_who_its_own_entry_is_refers_to_nobody(tmp_path: Path) -> None:
    """Two lists of people by their logins: that some are in both makes no reference of the login."""
    lists = {
        f"data/{kind}.yml": "".join(
            f"{name}:\n  login: {name}\n  {kind}Count: 1\n  {kind}Since: 2\n  {kind}Until: 3\n" for name in names
        )
        for kind, names in (("reviewers", ("ann", "bert", "cleo", "dora")), ("translators", ("ann", "bert", "cleo")))
    }
    found = guessed(tmp_path, lists)
    assert found.line("Translator", "login") == "login: String!"
    permalinks = {f"{folder}/{name}.md": f"---\npermalink: {name}\nn{folder}: 1\n---\nText.\n"
                  for folder in ("guides", "manuals") for name in ("a", "b", "c", "d")}  # fmt: skip
    found = guessed(tmp_path / "pages", permalinks)
    assert found.line("Guide", "permalink") == "permalink: String! @key @filter"
    assert found.line("Manual", "permalink") == "permalink: String! @key @filter"


def test_date_is_taken_from_the_name_of_the_file_in_folders_of_languages_too(tmp_path: Path) -> None:
    """Where names repeat, and the key is in some files only."""
    files = {
        f"{language}/news/2024-0{month}-01-news.md": f"---\ntitle: N{month}\n{more}---\nText.\n"
        for language, more in (("de", ""), ("en", "date: 2024-05-05\n"))
        for month in range(1, 5)
    }
    found = guessed(tmp_path, files)
    (name,) = found.names
    assert found.line(name, "date").startswith(
        'date: Date! @from(key: "date") @from(file: NAME, like: "{????-??-??}-*")'
    )
    assert found.errors == ()
