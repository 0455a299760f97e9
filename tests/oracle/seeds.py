"""Seed files as plain dictionaries: the oracle's own reading, strict, and only for well-formed seeds."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

_FRONT_MATTER = re.compile(r"---\n(.*?)^---[ \t]*(?:\n|\Z)(.*)", re.DOTALL | re.MULTILINE)
_URL = re.compile(r"/learn/([^/]+)/questions/([^/]+)")
_REFERENCE = re.compile(r"related_article(\d+)")
_NULLS = ("", "~", "null")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_seeds(folder: Path) -> list[dict[str, Any]]:
    """Return one article per seed file below `folder`, by path. Raises ValueError for a bad seed."""
    return [read_seed(path.read_bytes()) for path in sorted(folder.rglob("*.md"))]


def read_seed(data: bytes) -> dict[str, Any]:
    """Return the article in a seed's bytes, every value typed. Raises ValueError or KeyError if it is not one."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    match = _FRONT_MATTER.fullmatch(text)
    if match is None:
        msg = "no front matter"
        raise ValueError(msg)
    # The base loader makes text of every scalar, so nothing here is subject to YAML's own idea of types.
    return _article(yaml.load(match[1], _LOADER), match[2].strip())  # noqa: S506


def _article(keys: dict[str, Any], body: str) -> dict[str, Any]:
    url = _URL.fullmatch(keys["url"])
    if url is None:
        msg = f"not the url of an article: {keys['url']}"
        raise ValueError(msg)
    seo = keys.get("seo") or {}
    return {
        "__typename": "Question",
        "articleId": int(keys["id"]),
        "url": keys["url"],
        "subjectSlug": url[1],
        "slug": url[2],
        "subjectTitle": keys["subject"],
        "title": keys["title"],
        "question": keys.get("question", keys["title"]),
        "source": keys.get("answer") or body,
        "date": dt.date.fromisoformat(keys["date"]),
        "author": keys.get("author", ""),
        "score": _score(keys.get("score", "")),
        "noIndex": keys.get("no_index", "false").lower() == "true",
        "seo": _seo(seo),
        "references": _references(keys),
    }


def _score(text: str) -> float | None:
    return None if text in _NULLS else float(text)


def _seo(seo: dict[str, str]) -> dict[str, Any]:
    words = (word.strip() for word in seo.get("page_keywords", "").split(","))
    return {
        "title": seo.get("title", ""),
        "description": seo.get("page_description", ""),
        "keywords": [word for word in words if word],
    }


def _references(keys: dict[str, Any]) -> list[dict[str, Any]]:
    numbered = [(int(match[1]), value) for key, value in keys.items() if (match := _REFERENCE.fullmatch(key)) and value]
    return [
        {
            "position": position,
            "articleId": int(value["id"]),
            "title": value["title"],
            "subject": value["subject"],
            "url": value["url"],
        }
        for position, value in sorted(numbered, key=lambda pair: pair[0])
    ]
