"""An incremental load gives what a fresh load of the same folder gives; with errors, what a small model says."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.loading.contents import everything, manifest, spellings, words, words_of_texts
from tests.loading.seed_folder import SeedFolder, related, url_of
from tests.random_seeds import random_seeds
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = uncounted

SEEDS = 30
LOADS = 12
SPELLINGS = ("Astronomy", "astronomy", "Stars")
RANDOM_SEEDS = random_seeds(4)


@dataclass
class Author:
    """Edits a folder at random, and knows what each file says."""

    folder: SeedFolder
    draw: random.Random
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    made: int = 0

    def add(self) -> None:
        name = f"n{self.made}"
        self.made += 1
        self.files[name] = {"url": url_of(f"u{self.made}"), "id": self.draw.randrange(5)}
        self.rewrite(name)

    def rewrite(self, name: str, **keys: Any) -> None:
        """Write a file again, with a title, a spelling and references of chance."""
        said = self.files[name]
        said |= {"title": f"{self.draw.choice(('Red', 'red', 'Blue'))} {self.draw.choice(('star', 'moon'))}"}
        said |= {"subject": self.draw.choice(SPELLINGS), "answer": f"Word{self.draw.randrange(6)} is **bold**."}
        said |= keys
        self.broken.discard(name)
        self.folder.write(name, **said, more=self._references())

    def delete(self, name: str) -> None:
        del self.files[name]
        self.broken.discard(name)
        self.folder.remove(name)

    def rename(self, name: str) -> None:
        if name in self.broken:
            return
        new = f"r{self.made}"
        self.made += 1
        (self.folder.root / f"{name}.md").rename(self.folder.root / f"{new}.md")
        self.files[new] = self.files.pop(name)

    def swap(self, name: str) -> None:
        other = self.draw.choice(list(self.files))
        first, second = self.files[name]["url"], self.files[other]["url"]
        self.rewrite(name, url=second)
        self.rewrite(other, url=first)

    def move(self, name: str) -> None:
        subject = self.draw.choice(("astronomy", "optics"))
        self.made += 1
        self.rewrite(name, url=f"/learn/{subject}/questions/u{self.made}")

    def duplicate(self, name: str) -> None:
        self.rewrite(name, url=self.files[self.draw.choice(list(self.files))]["url"])

    def breaks(self, name: str) -> None:
        self.broken.add(name)
        self.folder.break_(name)

    def edit(self, *kinds: Any) -> None:
        self.draw.choice(kinds)(self, self.draw.choice(list(self.files)))

    def _references(self) -> str:
        names = self.draw.choices(list(self.files), k=self.draw.randrange(4))
        kinds = [{}, {"url": "/learn/a/questions/gone"}, {"title": "red star?", "url": "/learn/a/questions/moved"}]
        return "".join(
            related(
                at, name, **{"url": self.files[name]["url"], "id": self.draw.randrange(5), **self.draw.choice(kinds)}
            )
            for at, name in enumerate(names, 1)
        )


@pytest.fixture(params=RANDOM_SEEDS, ids=[str(seed) for seed in RANDOM_SEEDS])
def author(request: pytest.FixtureRequest, seeds: SeedFolder) -> Author:
    """An author with a folder of seeds; the test's id is the seed of the randomness."""
    author = Author(seeds, random.Random(request.param))
    for _ in range(SEEDS):
        author.add()
    return author


def fresh_store(folder: SeedFolder, path: Path) -> Path:
    """Load the folder into an empty store and return it."""
    path.mkdir()
    fresh = SeedFolder(path)
    fresh.root.rmdir()
    fresh.root.symlink_to(folder.root)
    fresh.load()
    return fresh.store


def test_incremental_load_equals_a_fresh_one(author: Author, tmp_path: Path) -> None:
    """After any edits without an ERROR, a generation says the same whether it was updated or built anew."""
    for at in range(LOADS):
        report = author.folder.load(allow_shrink=True)
        assert report.problems == ()
        fresh = fresh_store(author.folder, tmp_path / f"fresh{at}")
        assert everything(author.folder.store) == everything(fresh)
        assert manifest(author.folder.store) == manifest(fresh)
        assert words(author.folder.store) == words(fresh)
        assert spellings(author.folder.store) == spellings(fresh)
        for _ in range(author.draw.choice((1, 3, 10))):
            author.edit(Author.rewrite, Author.delete, Author.rename, Author.swap, Author.move, Author.move)
            author.add()


def test_full_text_index_agrees_with_the_texts(author: Author) -> None:
    """The index has each word of each text in its place, and no other, after many loads."""
    for _ in range(LOADS):
        author.folder.load(allow_shrink=True)
        author.edit(Author.rewrite, Author.delete, Author.move)
    indexed, spelled = words_of_texts(author.folder.store)
    assert words(author.folder.store) == indexed
    assert spellings(author.folder.store) == spelled


def test_last_good_forms_are_those_of_the_model(author: Author) -> None:
    """With broken files and duplicate urls, what is published is what the rule of the last good form says."""
    published: dict[str, tuple[str, str]] = {}
    for at in range(2 * LOADS):
        report = author.folder.load(allow_shrink=True, force=at % 5 == 4)
        published = expected(author, published)
        rows = author.folder.query("SELECT entry_path, url, title FROM question")
        assert {path: (url, title) for path, url, title in rows} == published
        named = {problem.path for problem in report.problems if problem.severity == "ERROR"}
        assert named >= {f"{name}.md" for name in author.broken}
        for name, said in author.files.items():
            assert (f"{name}.md" in named) or published[f"{name}.md"] == (said["url"], said["title"])
        for _ in range(author.draw.choice((1, 2, 5))):
            author.edit(
                Author.rewrite, Author.delete, Author.breaks, Author.breaks, Author.swap, Author.move, Author.duplicate
            )
            author.add()


def expected(author: Author, published: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return what should be published, by path: as the files say, then taken back until nothing clashes."""
    forms = {
        f"{name}.md": (said["url"], said["title"]) for name, said in author.files.items() if name not in author.broken
    }
    fallen = {f"{name}.md" for name in author.broken}
    while True:
        kept = {path: published[path] for path in fallen if path in published}
        urls = [form[0] for form in (*forms.values(), *kept.values())]
        clashing = {path for path, form in forms.items() if urls.count(form[0]) > 1}
        if not clashing:
            return forms | kept
        fallen |= clashing
        forms = {path: form for path, form in forms.items() if path not in clashing}
