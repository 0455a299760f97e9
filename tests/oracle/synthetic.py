"""Synthetic seeds: a small content set in which everything that is rare in real ones is common."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

# One subject is spelt two ways, two share a title, and one is empty of any other subject's letters.
SUBJECTS = {
    "algebra": ("Algebra", "algebra"),
    "zoology": ("Zoology",),
    "etudes": ("Études", "études", "ETUDES"),
    "music-a": ("Music",),
    "music-b": ("Music",),
    "physics": ("Physics & more",),
}
# U+FF5E sorts before U+1F600 by code point and after it by UTF-16 unit; ß is two letters when its case is folded.
WORDS = ("Élan", "élan", "ELAN", "Straße", "STRASSE", "100%", "a_b", "back\\slash", 'a"b', "～wave", "😀grin", "zebra")
SCORES = (None, None, -1.0, 0.0, 0.5, 1.0, 2.25, 1e-9)
AUTHORS = ("QuickPen", "quickpen", "Zoë", "No")
CHAIN = 40


def write_seeds(folder: Path, count: int, seed: int) -> None:
    """Write `count` seed files, the same for the same `seed`: many ties, repeats, cycles and one deep chain."""
    draw = random.Random(seed)
    articles = [_article(draw, number) for number in range(count)]
    for number, article in enumerate(articles):
        references = _references(draw, articles, number)
        path = folder / article["folder"] / f"{article['slug']}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(article, references), encoding="utf-8")


def _article(draw: random.Random, number: int) -> dict[str, Any]:
    subject = draw.choice(list(SUBJECTS))
    slug = f"a{number}" if number % 5 else f"same-{number // 25}-{number % 25}"
    return {
        "folder": subject,
        "slug": slug,
        "id": draw.randint(-5, 60),
        "url": f"/learn/{subject}/questions/{slug}",
        "title": " ".join(draw.choices(WORDS, k=draw.choice((1, 1, 2, 3)))),
        "subject": draw.choice(SUBJECTS[subject]),
        "date": f"{draw.choice((2019, 2023, 2024))}-{draw.choice((2, 12)):02}-{draw.choice((1, 28)):02}",
        "author": draw.choice(AUTHORS),
        "score": draw.choice(SCORES),
        "no_index": draw.choice((None, None, True, False)),
        "answer": _answer(draw, number),
    }


def _answer(draw: random.Random, number: int) -> str:
    words = " ".join(draw.choices(WORDS[:7], k=draw.choice((1, 8, 60, 240))))
    return f"# Part {number}\\n\\n{words}.\\n\\n## More\\n\\n- one\\n- two"


def _references(draw: random.Random, articles: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    if number < CHAIN:
        return [_by_url(articles[(number + 1) % len(articles)])]
    found: list[dict[str, Any]] = []
    for _ in range(draw.choice((0, 1, 3, 5, 7))):
        kind = draw.choice((_by_url, _by_url, _by_url, _by_name, _nowhere))
        found.append(kind(draw.choice(articles[max(0, number - 12) : number + 12])))
        if draw.random() < 0.2:
            found.append(draw.choice(found))
    return found


def _by_url(article: dict[str, Any]) -> dict[str, Any]:
    return {key: article[key] for key in ("id", "title", "subject", "url")}


def _by_name(article: dict[str, Any]) -> dict[str, Any]:
    return _by_url(article) | {"title": article["title"].upper() + "?", "url": "/learn/gone/questions/moved"}


def _nowhere(article: dict[str, Any]) -> dict[str, Any]:
    return _by_url(article) | {"title": "Nowhere", "url": f"/learn/gone/questions/{article['slug'][:2]}"}


def _text(article: dict[str, Any], references: list[dict[str, Any]]) -> str:
    keys = ("id", "url", "title", "subject", "date", "author", "score", "no_index", "answer")
    lines = [f"{key}: {_scalar(article[key], key)}" for key in keys if article[key] is not None]
    lines += [f"{key}: {_scalar(article['title'], key)}" for key in ("question", "article_title")]
    lines += [
        "seo:",
        "  title: Synthetic",
        "  page_description: Made up",
        f"  page_keywords: one, , {article['slug']} ,",
    ]
    for position, reference in enumerate(references, 1):
        lines.append(f"related_article{position + position // 4}:")
        lines += [f"    {key}: {_scalar(value, key)}" for key, value in reference.items()]
    return "\n".join(["---", *lines, "---", "", "&nbsp;", ""])


def _scalar(value: Any, key: str) -> str:
    return json.dumps(value, ensure_ascii=False) if key != "date" else str(value)
