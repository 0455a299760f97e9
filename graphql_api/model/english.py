"""English: the plural and the singular of a name's last word. Names of an API follow from it, so it never changes."""

from __future__ import annotations

import re

_IRREGULAR = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "goose": "geese",
    "analysis": "analyses",
    "basis": "bases",
    "thesis": "theses",
    "hypothesis": "hypotheses",
    "crisis": "crises",
    "index": "indexes",
    "leaf": "leaves",
    "life": "lives",
    "knife": "knives",
    "half": "halves",
    "shelf": "shelves",
    "wolf": "wolves",
    "hero": "heroes",
    "potato": "potatoes",
    "tomato": "tomatoes",
    "echo": "echoes",
    "quiz": "quizzes",
    "movie": "movies",
    "cookie": "cookies",
    "calorie": "calories",
    "selfie": "selfies",
    "tie": "ties",
    "pie": "pies",
    "cache": "caches",
    "axe": "axes",
    "shoe": "shoes",
    "bus": "buses",
    "gas": "gases",
    "lens": "lenses",
    "bonus": "bonuses",
    "campus": "campuses",
    "virus": "viruses",
    "status": "statuses",
    "alias": "aliases",
    "canvas": "canvases",
    "atlas": "atlases",
}
_SINGULARS = {plural: word for word, plural in _IRREGULAR.items()}
_UNCHANGED = {"news", "series", "species", "sheep", "fish", "media", "data", "information", "equipment"}
_LAST_WORD = re.compile(r"[A-Z]?[a-z]+\Z|[A-Z]+\Z")


def plural(word: str) -> str:
    """Return a name with its last word in the plural: `blogPost` gives `blogPosts`, `category` gives `categories`."""
    head, last = _split(word)
    lower = last.lower()
    if lower in _UNCHANGED or lower in _SINGULARS:
        return word
    if lower in _IRREGULAR:
        return head + _cased(_IRREGULAR[lower], last)
    if re.search(r"[^aeiou]y\Z", lower):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(s|x|z|ch|sh)\Z", lower) else "s")


def singular(word: str) -> str:
    """Return a name with its last word in the singular; one that is no plural stays: `similar` gives `similar`."""
    head, last = _split(word)
    lower = last.lower()
    if lower in _UNCHANGED or lower in _IRREGULAR:
        return word
    if lower in _SINGULARS:
        return head + _cased(_SINGULARS[lower], last)
    whole = word.lower()
    if re.search(r"[^aeiou]ies\Z", whole):
        return word[:-3] + "y"
    if re.search(r"(ss|x|tz|zz|ch|sh)es\Z", whole):
        return word[:-2]
    return word[:-1] if re.search(r"[^s]s\Z", whole) and not whole.endswith(("us", "is")) else word


def _split(word: str) -> tuple[str, str]:
    found = _LAST_WORD.search(word)
    return (word[: found.start()], found[0]) if found else (word, "")


def _cased(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word
