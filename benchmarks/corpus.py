"""The corpus to measure with: a synthetic one, or a given one, repeated under other names until it is large enough."""

from __future__ import annotations

import os
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.synthesize import synthesize

_SAMPLE = "quicktakes-sample.tar.xz"
_ID_STEP = 20_000_000
_ID = re.compile(rb"^( *id: *)(-?)(\d+) *$", re.MULTILINE)
_NAMED = re.compile(rb"^( *url: *\S*?|file_name: *\S*?)((?:\.md)?[\"']?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of seeds, how many articles it has, and what they are, for the table's title."""

    seeds: Path
    articles: int
    description: str


def given_corpus() -> Path | None:
    """Return the corpus that the environment names by its folder, as tests do; None without one."""
    folder = os.environ.get("GRAPHQL_API_TEST_CORPUS")
    return Path(folder, _SAMPLE) if folder and Path(folder, _SAMPLE).exists() else None


def prepare(given: Path | None, least: int, folder: Path) -> Corpus:
    """Return a corpus of at least `least` articles, made below `folder`; `given` is a folder of seeds or a tar of one.

    A corpus that is given and smaller is repeated, the last time in part; a larger one is used whole. Raises OSError.
    """
    if given is None:
        synthesize(least, 1, folder / "seeds")
        return Corpus(folder / "seeds", _count(folder / "seeds"), f"{least:,} synthetic articles")
    once = given
    if not given.is_dir():
        once = folder / "once"
        with tarfile.open(given) as archive:
            archive.extractall(once, filter="data")
    articles = _count(once)
    if not articles or articles >= least:
        return Corpus(once, articles, f"{articles:,} given articles")
    repeat(once, least, folder / "seeds")
    times = f"{least / articles:.2f} times over" if least % articles else f"{least // articles} times over"
    return Corpus(folder / "seeds", least, f"{articles:,} given articles {times}: {least:,}")


def repeat(once: Path, count: int, folder: Path) -> None:
    """Write `count` seeds into the new folder `folder`: those of `once`, then again under other names, and so on."""
    files = sorted(once.rglob("*.md"))
    for number in range(count):
        turn, place = divmod(number, len(files))
        target = folder / str(turn + 1) / files[place].relative_to(once)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(renamed(files[place].read_bytes(), turn))


def renamed(seed: bytes, turn: int) -> bytes:
    """Return a seed whose ids and urls, and those of its references, are others for each turn; 0 leaves it as it is."""
    if not turn:
        return seed
    seed = _ID.sub(lambda found: b"%b%b%d" % (found[1], found[2], int(found[3]) + turn * _ID_STEP), seed)
    return _NAMED.sub(lambda found: b"%b-%d%b" % (found[1], turn + 1, found[2]), seed)


def _count(seeds: Path) -> int:
    return sum(1 for _ in seeds.rglob("*.md"))
