"""Scalars: the kind of the values of one key, by all of them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.inference.words import constant_name
from graphql_api.kinds.date import DATE
from graphql_api.kinds.date_time import DATE_TIME
from graphql_api.kinds.integer import INT_MAX, INT_MIN
from graphql_api.kinds.kind import BadValueError
from graphql_api.kinds.plain import Plain, plain_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphql_api.kinds.kind import Kind

MIN_CHOICES = 2
MAX_CHOICES = 8
MAX_CHOICE_LETTERS = 24
REPEATS_OF_A_CHOICE = 4
LONG_TEXT = 400
MARKED_TEXT = 80

_IMAGE = re.compile(r"[^\n]*[^\s]\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp|tiff?)(?:[?#]\S*)?", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|mailto:|tel:|//|/|#(?!(?:[0-9a-f]{3,4}){1,2}\Z))\S*", re.IGNORECASE)
"""Not the code of a colour (#0af)."""
_MARKS = re.compile(
    r"\*\*[^*\n]+\*\*|\[[^\]\n]+\]\([^)\n]+\)|^\#{1,6}\ \S|^(?:[-*+]|\d+\.)\ \S|`[^`\n]+`|^>\ |^```|\\n|^\|.+\|$"
    r"|</?[a-z]+[^>]*>",
    re.MULTILINE,
)
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_WITH_UNIT = re.compile(r"(\d+)(\s*)([^\W\d_]{1,12}|%|€|\$|°C|°F)")
_MULTIPLES = frozenset(("k", "K", "M", "B", "bn", "mn", "th", "st", "nd", "rd"))
"""What makes another number of the one before it, or its place in a row, is no unit."""
_LEADING_ZERO = re.compile(r"[-+]?0\d")
_SENTENCE_END = re.compile(r"[.!?](?:\s|\Z)")
_NO_CHOICES = re.compile(
    r"(?i)(?:^|_|(?<=[a-z]))(?:author|authors|title|name|slug|url|link|href|id|by|creator|email|description|date|image|icon|alt|label|text|path|color|version|item|key|value)s?\Z"
)
_COMMA_KEYS = frozenset(("keywords", "page_keywords", "tags", "categories", "topics", "meta_keywords", "labels"))


class Guess(NamedTuple):
    """What a value is: the name of its type, what `@from` makes of the text, why, and the spellings of a choice."""

    type_name: str
    is_list: bool = False
    like: str = ""
    split: str = ""
    escapes: bool = False
    why: str = ""
    choices: tuple[str, ...] = ()


def is_nothing(value: Any) -> bool:  # noqa: ANN401 - whatever stands in a file
    """Return whether there is no value: absent, null, an empty text, list or mapping."""
    if isinstance(value, str):
        return not value.strip() or (type(value) is Plain and plain_value(value) is None)
    return value is None or (isinstance(value, (list, dict)) and not value)


def guess(key: str, values: Sequence[Any]) -> Guess:
    """Return the kind of the values of `key`, none of which is nothing, a list or a mapping."""
    number = _number(values)
    if number:
        return number
    if not all(isinstance(value, str) for value in values):
        return Guess("JSON", why="texts, numbers or Booleans")
    texts = [value.strip() for value in values]
    return _moment(texts) or _text(key, texts)


def _number(values: Sequence[Any]) -> Guess | None:
    """Return Boolean, Int or Float if all values are such; a number with zeros in front is a text."""
    typed = [plain_value(value) if type(value) is Plain else value for value in values]
    if any(isinstance(value, str) for value in typed):
        return None
    if any(isinstance(value, str) and _LEADING_ZERO.match(value) for value in values):
        return None
    if all(type(value) is bool for value in typed):
        return Guess("Boolean")
    if any(type(value) is bool for value in typed):
        return None
    integers = [value for value in typed if type(value) is int]
    if len(integers) == len(typed):
        if all(INT_MIN <= value <= INT_MAX for value in integers):
            return Guess("Int")
        return (
            Guess("String", why="numbers beyond 32 bits")
            if all(isinstance(each, str) for each in values)
            else Guess("Float")
        )
    return Guess("Float")


def _moment(texts: Sequence[str]) -> Guess | None:
    if all(_can_read(DATE, text) for text in texts):
        return Guess("Date")
    if all(_can_read(DATE_TIME, text) for text in texts):
        dates = sum(_can_read(DATE, text) for text in texts)
        return Guess("DateTime", why=f"{dates} without a time" if dates else "")
    return None


def _can_read(kind: Kind, text: str) -> bool:
    if not text[:4].isdigit():
        return False
    try:
        kind.read(text)
    except BadValueError:
        return False
    return True


def _text(key: str, texts: Sequence[str]) -> Guess:
    for find in _FINDERS:
        found = find(key, texts)
        if found:
            return found
    return Guess("String", why=_why_text(texts))


def _why_text(texts: Sequence[str]) -> str:
    if sum(text[:4].isdigit() and text[4:5] == "-" and text[10:11] in {"T", " "} for text in texts) > len(texts) / 2:
        return "moments without a zone; with one they can be DateTime"
    return ""


def _image(key: str, texts: Sequence[str]) -> Guess | None:  # noqa: ARG001 - as all finders
    return Guess("Image", why="paths of images") if all(map(_IMAGE.fullmatch, texts)) else None


def _url(key: str, texts: Sequence[str]) -> Guess | None:  # noqa: ARG001 - as all finders
    return Guess("Url") if all(map(_URL.fullmatch, texts)) else None


def _unit(key: str, texts: Sequence[str]) -> Guess | None:  # noqa: ARG001 - as all finders
    found = [_WITH_UNIT.fullmatch(text) for text in texts]
    if not all(found):
        return None
    units = {(match[2], match[3]) for match in found if match}
    if (
        len(units) != 1
        or next(iter(units))[1] in _MULTIPLES
        or any(int(match[1]) > INT_MAX for match in found if match)
    ):
        return None
    space, unit = units.pop()
    return Guess("Int", like=f"{{}}{space}{unit}", why=f"a number and {unit} in each")


def _rich(key: str, texts: Sequence[str]) -> Guess | None:
    if key.lower() in {"title", "name", "slug", "keywords", "page_keywords"}:
        return None
    count = len(texts)
    marked = sum(1 for text in texts if _MARKS.search(text))
    paragraphs = sum(1 for text in texts if _PARAGRAPHS.search(text))
    length = sum(map(len, texts)) / count
    escapes = sum(1 for text in texts if "\\n" in text and "\n" not in text)
    is_rich = (
        (marked >= count * 0.3 and length >= MARKED_TEXT)
        or paragraphs >= max(1, count * 0.2)
        or length >= LONG_TEXT
        or (marked >= count * 0.3 and escapes)
    )
    if not is_rich:
        return None
    has_escapes = escapes >= max(1, count * 0.1)
    why = f"Markdown in {marked} of {count}" if marked else f"{length:.0f} letters on average"
    return Guess("RichText", escapes=has_escapes, why=why + (r", with \n on one line" if has_escapes else ""))


def _commas(key: str, texts: Sequence[str]) -> Guess | None:
    """Return a list if texts are words with commas between: short ones, many of them, and no sentences."""
    parts = [[part.strip() for part in text.split(",") if part.strip()] for text in texts]
    several = sum(1 for each in parts if len(each) > 1)
    sentences = sum(1 for text in texts if _SENTENCE_END.search(text))
    if several < len(texts) * 0.5 or sentences > len(texts) * (0.2 if key.lower() in _COMMA_KEYS else 0):
        return None
    words = [len(part.split()) for each in parts for part in each]
    is_named = key.lower() in _COMMA_KEYS
    average = sum(map(len, parts)) / len(parts)
    if sum(words) / len(words) > 4 or (not is_named and (average < 3 or several < len(texts) * 0.9)):  # noqa: PLR2004 - words, parts
        return None
    return Guess("String", is_list=True, split=",", why=f"commas in {several} of {len(texts)}")


def choice_of(key: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the spellings of a choice, () if the texts are none.

    They are few different short ones that come often, each with a letter: times and numbers are no choices.
    """
    if _NO_CHOICES.search(key):
        return ()
    counts = Counter(text.casefold().replace("-", "_").replace(" ", "_") for text in texts)
    spellings = tuple(dict.fromkeys(text for text, _ in Counter(texts).most_common()))
    if not MIN_CHOICES <= len(counts) <= MAX_CHOICES or len(texts) / len(counts) < REPEATS_OF_A_CHOICE:
        return ()
    if any(len(text) > MAX_CHOICE_LETTERS or "\n" in text or not any(map(str.isalpha, text)) for text in spellings):
        return ()
    first: dict[str, str] = {}
    for text in spellings:
        first.setdefault(text.casefold().replace("-", "_").replace(" ", "_"), text)
    return tuple(first.values()) if are_choices(first.values()) else ()


def are_choices(spellings: Iterable[str]) -> bool:
    """Return whether each spelling gives a name for a value of an enum, and none of them the same."""
    names = [constant_name(text) for text in spellings]
    return all(names) and len(set(names)) == len(names)


def _choice(key: str, texts: Sequence[str]) -> Guess | None:
    choices = choice_of(key, texts)
    return Guess("", choices=choices, why=f"{len(choices)} values: a choice?") if choices else None


_FINDERS: tuple[Callable[[str, Sequence[str]], Guess | None], ...] = (_image, _url, _unit, _rich, _commas, _choice)
