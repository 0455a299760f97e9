"""Synthetic corpora: as many seeds as you like, in the shape of real ones, the same for the same seed number.

What the shape is was counted on a site of 35,915 articles: 4.5 KB a file; subjects of which a few hold almost all;
publication dates with many articles on one day; no to five references, of which a sixth lead nowhere.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.prose import Prose, Vocabulary
from benchmarks.synthesize_model import synthesize_model
from graphql_api.model.language import read_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Each subject: its spellings, its weight, and how many of its articles have formulas.
_SUBJECTS = [
    (("History of the Sea", "History of the sea"), 229, 0.0),
    (("Village Life",), 214, 0.0),
    (("Numbers and Shapes",), 203, 0.6),
    (("Machine Logic", "Machine logic"), 193, 0.2),
    (("Rules and Courts",), 115, 0.0),
    (("Trade",), 99, 0.3),
    (("Signals and Screens",), 60, 0.05),
    (("Other Things",), 27, 0.1),
    *(((name,), weight, 0.02) for name, weight in (("Guilds", 8), ("Houses", 6), ("Councils", 4), ("Rivers", 3))),
    *(((name,), weight, 0.02) for name, weight in (("Customs", 2), ("Thought", 2), ("Ball Games", 1), ("Meadows", 1))),
]
_REFERENCE_COUNTS, _REFERENCE_WEIGHTS = range(6), (23, 6, 8, 9, 16, 38)
_FIRST_DAY, _DAYS = dt.date(2024, 3, 1), 100
_FIRST_ID = 20_000
_NEARBY = 150
_GONE = 10_000_000

# Shares: of articles that have the same text or only the same id as the one before, a negative id, a score, no_index;
# of references that repeat the one before, lead nowhere, lead somewhere by id and title only, stay in the subject.
_SHARED_TEXT, _SHARED_ID, _NEGATIVE_ID, _SCORED, _NO_INDEX = 0.01, 0.023, 0.001, 0.84, 0.002
_REPEATED, _DANGLING, _BY_ID, _SAME_SUBJECT = 0.1, 0.17, 0.03, 0.6
_TEMPLATE = """\
---
_schema: default
id: {id}
date: {date}
title: >-
    {title}
article_title: >-
    {title}
date_format: MMM DD, YYYY
post_on_text: Posted on
seo:
  title: Synthetic | {subject}
  page_description: >-
    {description}
  page_keywords: >-
    {keywords}
author: {author}
question: >-
    {title}
answer: >-
    {answer}
subject: {subject}
file_name: {slug}.md
url: {url}
{rest}---

&nbsp;
"""
_REFERENCE_TEMPLATE = """\
related_article{position}:
    id: {id}
    title: >-
        {title}
    subject: {subject}
    url: {url}
"""


@dataclass(frozen=True, slots=True)
class Head:
    """What a reference names: an article without its text."""

    article_id: int
    title: str
    subject: int

    @property
    def subject_title(self) -> str:
        """The subject as most of its articles spell it."""
        return str(_SUBJECTS[self.subject][0][0])

    @property
    def slug(self) -> str:
        """The last segment of the url."""
        return _slug(self.title)

    @property
    def url(self) -> str:
        """The article's identity."""
        return f"/learn/{_slug(self.subject_title)}/questions/{self.slug}"


def synthesize(count: int, seed: int, folder: Path) -> None:
    """Write `count` seeds into the new folder `folder`, one folder for each subject. Raises OSError."""
    for subject in _SUBJECTS:
        (folder / _slug(subject[0][0])).mkdir(parents=True)
    for path, text in seeds(count, seed):
        (folder / path).write_bytes(text.encode())


def seeds(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield the path, relative to the corpus, and the text of `count` seeds."""
    vocabulary = Vocabulary(seed)
    heads = _heads(count, seed, vocabulary)
    for index, head in enumerate(heads):
        source = random.Random(f"{seed}:{index}")
        yield f"{_slug(head.subject_title)}/{head.slug}.md", _seed(heads, index, vocabulary, source)


def _heads(count: int, seed: int, vocabulary: Vocabulary) -> list[Head]:
    source = random.Random(f"heads:{seed}")
    prose = Prose(vocabulary, source)
    subjects = source.choices(range(len(_SUBJECTS)), [weight for _, weight, _ in _SUBJECTS], k=count)
    heads: dict[tuple[str, int], Head] = {}
    last = Head(_FIRST_ID, _new_title(prose, set()), subjects[0])
    titles: set[str] = set()
    for article_id, subject in enumerate(subjects, _FIRST_ID):
        kind = source.random()
        if kind < _SHARED_TEXT and (last.title, subject) not in heads:
            last = Head(last.article_id, last.title, subject)
        else:
            number = last.article_id if kind < _SHARED_ID else article_id
            last = Head(-number if kind > 1 - _NEGATIVE_ID else number, _new_title(prose, titles), subject)
        heads[last.title, subject] = last
    return list(heads.values())


def _new_title(prose: Prose, titles: set[str]) -> str:
    while (title := prose.title()) in titles:
        pass
    titles.add(title)
    return title


def _seed(heads: Sequence[Head], index: int, vocabulary: Vocabulary, source: random.Random) -> str:
    head = heads[index]
    spellings, _, formulas = _SUBJECTS[head.subject]
    prose = Prose(vocabulary, source)
    prose.about(head.title)
    day = int(_DAYS * source.random() ** 2)
    rest = "score: -1.0\n" if source.random() < _SCORED else ""
    rest += "no_index: true\n" if source.random() < _NO_INDEX else ""
    return _TEMPLATE.format(
        id=head.article_id,
        date=_FIRST_DAY + dt.timedelta(days=day),
        title=head.title,
        subject=source.choices(spellings, [3, 1][: len(spellings)])[0],
        description=prose.sentence(25, 40),
        keywords=prose.keywords(),
        author="Synthetic",
        answer=prose.answer(formulas=source.random() < formulas),
        slug=head.slug,
        url=head.url,
        rest=rest + "".join(_references(heads, index, source)),
    )


def _references(heads: Sequence[Head], index: int, source: random.Random) -> Iterator[str]:
    """Yield references to articles of about the same time, two of three in the same subject."""
    target: Head | None = None
    for position in range(1, 1 + source.choices(_REFERENCE_COUNTS, _REFERENCE_WEIGHTS)[0]):
        if target is None or source.random() > _REPEATED:
            target = _nearby(heads, index, source)
        article_id, url = _written(target, source)
        yield _REFERENCE_TEMPLATE.format(
            position=position, id=article_id, title=target.title, subject=target.subject_title, url=url
        )


def _written(target: Head, source: random.Random) -> tuple[int, str]:
    """Return the id and url of a reference: mostly right, at times those of no article, at times a wrong subject's."""
    kind = source.random()
    if kind < _DANGLING:
        return target.article_id + _GONE, f"{target.url}-gone"
    if kind < _DANGLING + _BY_ID:
        return target.article_id, Head(target.article_id, target.title, (target.subject + 1) % len(_SUBJECTS)).url
    return target.article_id, target.url


def _nearby(heads: Sequence[Head], index: int, source: random.Random) -> Head:
    found = heads[index]
    for _ in range(12 if source.random() < _SAME_SUBJECT else 1):
        found = heads[(index + source.randint(1, _NEARBY)) % len(heads)]
        if found.subject == heads[index].subject:
            break
    return found


def _slug(title: str) -> str:
    return title.lower().rstrip("?").replace(" ", "-")


def main() -> None:
    """Run `scripts/synthesize`."""
    parser = argparse.ArgumentParser(prog="scripts/synthesize", description=textwrap.dedent(__doc__ or ""))
    parser.add_argument("count", metavar="N", type=int, help="how many articles")
    parser.add_argument("folder", metavar="OUT", type=Path, help="the folder to make and fill")
    parser.add_argument("--seed", type=int, default=1, help="another number gives another corpus (default: 1)")
    parser.add_argument("--model", type=Path, help="a content.graphql: content for its types instead of articles")
    options = parser.parse_args()
    if options.model:
        synthesize_model(read_model(options.model.read_text()), options.count, options.seed, options.folder)
    else:
        synthesize(options.count, options.seed, options.folder)


if __name__ == "__main__":
    main()
