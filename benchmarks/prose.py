"""Prose that means nothing: words of a made-up language, as frequent as words are, and the Markdown around them."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_WORDS = 40_000
_ONSETS = [*"bdfghjklmnprstvwz", "br", "dr", "fl", "gr", "kl", "pr", "st", "tr"]
_SYLLABLES = [onset + vowel for onset in _ONSETS for vowel in "aeiou"]
_ENDINGS = ["", "", "l", "m", "n", "r", "s", "t", "th", "nt"]
_OPENINGS = ["How does", "What is", "Why can", "When should", "Which", "How are", "What makes", "Where did"]
_FORMULAS = [
    r"$ {a} = \frac{{{b}}}{{{c}^2}} $",
    r"$ {a} \neq {b} $",
    r"$\sqrt{{{a}^2 + {b}^2}}$",
    r"$$\nabla \cdot \vec{{{a}}} = {b}$$",
    r"\( {a}_{{{n}}} \leq \sum_{{i=1}}^{{n}} {b}_i \)",
    r"$$\int_0^{n} {a}(x)\,dx = \begin{{pmatrix}} {b} & {c} \\ {n} & {a} \end{{pmatrix}}$$",
]
_CODE = r"```python\ndef {name}({argument}):\n    print(\"{word}:\", {argument})\n    return {argument} * {number}\n```"

# Paragraphs are parted as the CMS writes it: a backslash and an n, twice.
BREAK = r"\n\n"


class Prose:
    """A source of words, titles and answers; the same `source` of randomness gives the same text."""

    def __init__(self, vocabulary: Vocabulary, source: random.Random) -> None:
        """Draw from `vocabulary` as `source` says."""
        self._vocabulary = vocabulary
        self._source = source
        self._topic: Sequence[str] = ()

    def title(self) -> str:
        """Return a question of about 75 characters."""
        words = self._words(self._source.randint(5, 12))
        return f"{self._source.choice(_OPENINGS)} {' '.join(words)}?"

    def about(self, title: str) -> None:
        """Let the words of `title` come back in what follows."""
        self._topic = title.rstrip("?").split()[2:]

    def sentence(self, least: int = 8, most: int = 31) -> str:
        """Return one sentence of so many words."""
        words = self._words(self._source.randint(least, most))
        if self._topic:
            words[self._source.randrange(len(words))] = self._source.choice(self._topic)
        return " ".join(words).capitalize() + "."

    def keywords(self) -> str:
        """Return a comma-separated list of about 12."""
        return ", ".join(self._words(self._source.randint(8, 16)))

    def answer(self, *, formulas: bool) -> str:
        """Return about 2.5 KB of Markdown, most often paragraphs and a numbered list."""
        parts = [self._paragraph(), *self._middle(), self._paragraph()]
        if formulas:
            parts[1:1] = [self._formulas() for _ in range(self._source.randint(1, 5))]
        if self._happens(0.03):
            parts.insert(-1, self._code())
        if self._happens(0.004):
            parts.insert(-1, self._table())
        return BREAK.join(parts)

    def _middle(self) -> list[str]:
        if self._happens(0.23):
            return [f"### {self.sentence(2, 6)[:-1]}{BREAK}{self._paragraph()}" for _ in range(3)]
        if self._happens(0.10):
            return [r"\n".join(f"- {self.sentence()}" for _ in range(self._source.randint(5, 10)))]
        return [f"{number}. {self._item()}" for number in range(1, self._source.randint(5, 8))]

    def _item(self) -> str:
        bold = f"**{self.sentence(1, 4)[:-1]}**: " if self._happens(0.85) else ""
        return bold + " ".join(self.sentence() for _ in range(2))

    def _paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self._source.randint(2, 5)))

    def _formulas(self) -> str:
        a, b, c = self._source.sample("abcdkmpqrtuvwyz", 3)
        formula = self._source.choice(_FORMULAS).format(a=a, b=b, c=c, n=self._source.randint(1, 9))
        return f"{self.sentence(4, 10)[:-1]} {formula} {self.sentence(3, 8)}"

    def _code(self) -> str:
        name, argument, word = self._words(3)
        return _CODE.format(name=name, argument=argument, word=word, number=self._source.randint(2, 9))

    def _table(self) -> str:
        rows = [f"| {' | '.join(self._words(3))} |" for _ in range(5)]
        return r"\n".join([rows[0], "|---|---|---|", *rows[1:]])

    def _words(self, count: int) -> list[str]:
        return self._vocabulary.draw(self._source, count)

    def _happens(self, share: float) -> bool:
        return self._source.random() < share


class Vocabulary:
    """40,000 words; the one at rank r is drawn with a weight of 1 / (r + 2), as in Zipf's law."""

    def __init__(self, seed: int) -> None:
        """Make the words up from `seed`; the frequent ones are short."""
        source = random.Random(f"words:{seed}")
        self.words = _distinct(lambda rank: _word(source, rank), _WORDS)
        self._weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(_WORDS)))

    def draw(self, source: random.Random, count: int) -> list[str]:
        """Return `count` words."""
        return source.choices(self.words, cum_weights=self._weights, k=count)


def _distinct(make: Callable[[int], str], count: int) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        made[make(len(made))] = None
    return list(made)


def _word(source: random.Random, rank: int) -> str:
    syllables = 1 + (rank > 20) + (rank > 1_000) + (rank > 20_000)  # noqa: PLR2004 - ranks
    return "".join(source.choice(_SYLLABLES) for _ in range(syllables)) + source.choice(_ENDINGS)
