"""`scripts/synthesize`: corpora that the loader takes without a problem, in the shape of real ones."""

from __future__ import annotations

import asyncio
import contextlib
import random
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.prose import Vocabulary
from benchmarks.synthesize import seeds, synthesize
from graphql_api.loading.load import load
from graphql_api.store.driver import sqlite3

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).parent.parent.parent
_COUNT = 400


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The generation that a synthetic corpus becomes."""
    folder = tmp_path_factory.mktemp("synthetic")
    synthesize(_COUNT, 1, folder / "seeds")
    report = asyncio.run(load(folder / "seeds", folder / "store"))
    assert report.problems == ()
    assert report.added == _COUNT
    (generation,) = (folder / "store" / "generations").glob("*.sqlite")
    with contextlib.closing(sqlite3.connect(generation)) as db:
        db.execute("CREATE TEMP VIEW reference AS SELECT c6_status AS status, c6_repeated AS repeated FROM l1_12")
        db.execute("CREATE TEMP VIEW subject AS SELECT c2 AS question_count FROM e2")
        db.execute("CREATE TEMP VIEW question AS SELECT pk, c6 AS date, c11_names AS subject_title FROM e1")
        db.execute("CREATE TEMP VIEW answer AS SELECT pk, c5_html AS html, c5_headings AS headings FROM d1")
        yield db


def _value(store: sqlite3.Connection, sql: str) -> float:
    ((value,),) = store.execute(sql).fetchall()
    return float(value)


def test_same_seed_number_gives_the_same_files() -> None:
    """A corpus is a function of its size and seed number, so that measurements can be repeated."""
    assert list(seeds(30, 7)) == list(seeds(30, 7))


def test_other_seed_number_gives_other_articles() -> None:
    """Another seed number shares no path with the first."""
    assert not {path for path, _ in seeds(30, 7)} & {path for path, _ in seeds(30, 8)}


def test_every_article_has_a_path_of_its_own() -> None:
    """N articles are N files, however often a text is filed twice."""
    assert len({path for path, _ in seeds(2_000, 1)}) == 2_000


def test_articles_are_as_long_as_real_ones() -> None:
    """A file has about 4.5 KB, as on the site whose shape this is."""
    sizes = [len(text.encode()) for _, text in islice(seeds(_COUNT, 1), _COUNT)]
    assert 4_000 < sum(sizes) / len(sizes) < 5_000


def test_references_of_every_kind_are_in_it(store: sqlite3.Connection) -> None:
    """Most references lead somewhere, about a sixth nowhere, a few only by id and title; some are repeated."""
    counts = Counter(dict(store.execute("SELECT status, count(*) FROM reference GROUP BY status")))
    total = counts.total()
    assert 2.5 * _COUNT < total < 3.6 * _COUNT
    assert 0.70 < counts["RESOLVED"] / total < 0.90
    assert 0.10 < counts["DANGLING"] / total < 0.25
    assert 0 < counts["RESOLVED_BY_ID"] / total < 0.10
    assert 0 < _value(store, "SELECT total(repeated) FROM reference") < 0.2 * total


def test_few_subjects_hold_most_articles(store: sqlite3.Connection) -> None:
    """The four largest of at most 16 subjects hold more than half, and one is spelt in two ways."""
    counts = sorted((row[0] for row in store.execute("SELECT question_count FROM subject")), reverse=True)
    assert 8 < len(counts) <= 16
    assert sum(counts[:4]) > _COUNT / 2
    assert _value(store, "SELECT count(DISTINCT subject_title) FROM question") > len(counts)


def test_dates_have_ties(store: sqlite3.Connection) -> None:
    """Many articles share a day, so that an order by date is decided by the url."""
    assert _value(store, "SELECT max(n) FROM (SELECT count(*) AS n FROM question GROUP BY date)") > _COUNT / 50


def test_answers_have_formulas_headings_and_code(store: sqlite3.Connection) -> None:
    """What costs time to render is in it: formulas that become MathML, headings, code."""
    assert _value(store, "SELECT count(*) FROM answer WHERE html LIKE '%<math%'") > _COUNT / 20
    assert _value(store, "SELECT count(*) FROM answer WHERE headings <> '[]'") > _COUNT / 10
    assert _value(store, "SELECT count(*) FROM answer WHERE html LIKE '%<pre>%'") > 0


def test_words_are_as_frequent_as_words_are() -> None:
    """By Zipf's law the first of 40,000 words comes several times as often as the tenth, and most come hardly ever."""
    vocabulary = Vocabulary(1)
    drawn = Counter(vocabulary.draw(random.Random(1), 50_000))
    assert len(set(vocabulary.words)) == 40_000
    assert drawn[vocabulary.words[0]] > 3 * drawn[vocabulary.words[9]] > 3 * drawn[vocabulary.words[500]]
    assert len(drawn) > 10_000


def test_script_writes_a_corpus(tmp_path: Path) -> None:
    """The command takes N, a seed number and a new folder."""
    command = [sys.executable, "-m", "benchmarks.synthesize", "5", "--seed", "3", str(tmp_path / "out")]
    subprocess.run(command, check=True, cwd=_ROOT)
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.md")}
    assert written == {path for path, _ in seeds(5, 3)}


def test_script_does_not_write_into_an_existing_corpus(tmp_path: Path) -> None:
    """A folder that has such a corpus already is refused: two corpora would mix."""
    synthesize(3, 1, tmp_path)
    with pytest.raises(FileExistsError):
        synthesize(3, 2, tmp_path)
