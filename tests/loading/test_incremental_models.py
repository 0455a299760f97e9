"""By any model, an incremental load gives what a fresh load of the same folder gives."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.loading.blog import BLOG
from tests.loading.contents import everything, manifest, spellings, words
from tests.loading.site_folder import SiteFolder
from tests.random_seeds import random_seeds
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = uncounted

LOADS = 15
SLUGS = [f"p{number}" for number in range(14)]
AUTHORS = [f"a{number}" for number in range(5)]
TAGS = ["Go", "go", "C lang", "c-lang", "Rust", "Zig"]
RANDOM_SEEDS = random_seeds(4)


class Editor:
    """Edits a blog at random."""

    def __init__(self, site: SiteFolder, draw: random.Random) -> None:
        self.site = site
        self.draw = draw
        self.authors = {slug: f"Name of {slug}" for slug in AUTHORS}
        self.write_authors()
        for slug in SLUGS[:9]:
            self.write_post(slug)

    def write_authors(self) -> None:
        items = [f"{slug}:\n  name: {name}\n" for slug, name in self.authors.items()]
        self.draw.shuffle(items)
        self.site.write("authors.yml", "".join(items) or "{}\n")

    def write_post(self, slug: str) -> None:
        some = self.draw.choices
        front = {
            "title": f"{self.draw.choice(['Red', 'Blue'])} {self.draw.choice(['star', 'moon'])}",
            "date": self.draw.choice([None, "2024-01-02", "2024-01-03"]),
            "authors": some(list(self.authors), k=self.draw.randrange(3)) if self.authors else [],
            "tags": some(TAGS, k=self.draw.randrange(4)),
            "related": some(SLUGS, k=self.draw.randrange(4)),
            "draft": self.draw.random() < 0.2,
            "sources": [{"label": word, "to": self.draw.choice([*SLUGS, "gone"])} for word in some("xyz", k=2)],
            "blocks": [self.block() for _ in range(self.draw.randrange(3))],
        }
        lines = [f"{key}: {_yaml(value)}" for key, value in front.items() if value is not None]
        self.site.page(f"posts/{slug}.md", "\n".join(lines), f"Word{self.draw.randrange(5)} is **bold**.")

    def block(self) -> dict[str, Any]:
        if self.draw.random() < 0.5:
            return {"type": "quote", "text": "T", "of": self.draw.choice([*AUTHORS, "nobody"])}
        return {"type": "box", "posts": self.draw.choices(SLUGS, k=2), "note": {"about": self.draw.choice(SLUGS)}}

    def post(self) -> None:
        self.write_post(self.draw.choice(SLUGS))

    def remove_post(self) -> None:
        path = f"posts/{self.draw.choice(SLUGS)}.md"
        if (self.site.root / path).exists():
            self.site.remove(path)

    def rename_author(self) -> None:
        slug = self.draw.choice(AUTHORS)
        self.authors[slug] = f"Name {self.draw.randrange(100_000)} of {slug}"
        self.write_authors()

    def tag(self) -> None:
        path = f"tags/{self.draw.choice(['go', 'rust', 'idle'])}.yml"
        if (self.site.root / path).exists() and self.draw.random() < 0.5:
            self.site.remove(path)
        else:
            self.site.write(path, f"slug: {path[5:-4]}\ntitle: Title {self.draw.randrange(3)}\n")

    def home(self) -> None:
        self.site.write("site.yml", f"title: Site\nhome: {self.draw.choice(SLUGS)}\n")

    def remove_author(self) -> None:
        self.authors.pop(self.draw.choice(AUTHORS), None)
        self.write_authors()

    def edit(self) -> None:
        """Make some edits; an author goes alone, so that no earlier form of a post outlives what it names."""
        kinds: list[Callable[[], None]] = [
            self.post,
            self.post,
            self.remove_post,
            self.rename_author,
            self.tag,
            self.home,
        ]
        if self.draw.random() < 0.3:
            self.remove_author()
        else:
            for kind in self.draw.choices(kinds, k=self.draw.choice([1, 2, 6])):
                kind()


def _yaml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_yaml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_yaml(each)}' for key, each in value.items())}}}"
    return str(value)


def fresh(site: SiteFolder, folder: Path) -> SiteFolder:
    """Return the same files, loaded into an empty store."""
    copy = SiteFolder(folder, BLOG)
    shutil.rmtree(copy.root)
    copy.root = site.root  # another folder's files would be others to `stat`
    copy.load()
    return copy


@pytest.mark.parametrize("seed", RANDOM_SEEDS)
def test_incremental_load_equals_a_fresh_one(tmp_path: Path, seed: int) -> None:
    """Tables, texts, files and problems: after any edits a generation says the same, updated or built anew."""
    editor = Editor(SiteFolder(tmp_path / "site", BLOG), random.Random(seed))
    for at in range(LOADS):
        editor.site.load(force=at % 6 == 5)
        other = fresh(editor.site, tmp_path / f"fresh{at}")
        assert everything(editor.site.store) == everything(other.store)
        assert manifest(editor.site.store) == manifest(other.store)
        assert words(editor.site.store) == words(other.store)
        assert spellings(editor.site.store) == spellings(other.store)
        editor.edit()
