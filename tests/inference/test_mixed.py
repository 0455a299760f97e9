"""Mixed: what a guess makes of a folder with texts and data in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.inference.guessing import guessed

if TYPE_CHECKING:
    from pathlib import Path

POSTS = {f"posts/post-{day}.md": f"---\ntitle: Day {day}\ndate: 2024-01-0{day}\n---\nText.\n" for day in range(1, 6)}


def test_posts_that_are_written_as_data_are_posts(tmp_path: Path) -> None:
    """With the same keys; the text below the front matter is that of the key `body`."""
    knots = json.dumps({"title": "Knots", "date": "2024-02-01", "body": "Three are enough."})
    rope = 'title = "Rope"\ndate = 2024-02-02\nbody = "A rope is never just a rope."\n'
    found = guessed(tmp_path, {**POSTS, "posts/knots.json": knots, "posts/rope.toml": rope})
    assert found.names == ["Post"]
    assert found.line("Post", "body").startswith('body: RichText! @from(key: "body") @from(file: BODY) @search')
    assert (found.errors, found.unclaimed) == ((), ())


def test_authors_may_have_more_to_say_as_data(tmp_path: Path) -> None:
    """Their folder says what they are."""
    ana = 'name = "Ana"\nbio = "Sails."\n'
    authors = {"authors/ana.toml": ana, "authors/ben.md": "---\nname: Ben\n---\nDraws maps.\n"}
    found = guessed(tmp_path, {**POSTS, **authors})
    assert sorted(found.names) == ["Author", "Post"]
    assert found.line("Author", "bio") == "bio: String"


def test_data_about_texts_stays_apart(tmp_path: Path) -> None:
    """What a generator reads for a folder has other keys, or the name of the file that it is about."""
    settings = json.dumps({"layout": "post", "tags": ["a"]})
    beside = json.dumps({"title": "Day 1", "date": "2024-01-01"})
    for file, text in (("posts/posts.json", settings), ("posts/post-1.json", beside)):
        folder = tmp_path / file.rpartition("/")[2]
        folder.mkdir()
        found = guessed(folder, {**POSTS, file: text})
        assert len(found.names) == 2
