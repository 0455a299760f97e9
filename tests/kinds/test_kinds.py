"""A kind reads what is its own, names what is not, and says how it is stored, shown, compared and sorted."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import specified_scalar_types

from graphql_api.kinds.file import File
from graphql_api.kinds.image import Image
from graphql_api.kinds.kind import BadValueError
from graphql_api.kinds.plain import Plain
from graphql_api.kinds.registry import KINDS, choice
from graphql_api.kinds.rich_text import reading_minutes
from graphql_api.model.types import Choice
from graphql_api.model.vocabulary import vocabulary

PROJECT = Path(__file__).parents[2]
FLAGS = re.MULTILINE | re.DOTALL
MOOD = choice(Choice("Mood", {"GOOD": "GOOD", "TALK_BLOG": "talk+blog", "NOT_BAD": "NOT_BAD"}))

GOOD = [
    *(("String", " a b ", "a b"), ("String", Plain("012"), "012"), ("String", "", "")),
    *(("ID", 7, "7"), ("ID", Plain("007"), "007")),
    *(("Int", Plain("-7"), -7), ("Int", 7, 7), ("Int", Plain("~"), None), ("Int", Plain(str(2**31 - 1)), 2**31 - 1)),
    *(("Float", Plain("2"), 2.0), ("Float", 2, 2.0), ("Float", Plain("null"), None), ("Float", 0.5, 0.5)),
    *(("Boolean", Plain("true"), True), ("Boolean", False, False), ("Boolean", Plain(""), None)),
    *(("Date", "2024-02-29", "2024-02-29"), ("Date", " ", "")),
    *(("Url", "https://example.org/a?b#c", "https://example.org/a?b#c"), ("Url", "/a", "/a")),
    *(("Url", "mailto:a@example.org", "mailto:a@example.org"), ("Url", "#part", "#part")),
    ("JSON", {"a": [Plain("1"), "1", Plain("no"), Plain("~"), Plain(".nan")]}, {"a": [1, "1", "no", None, ".nan"]}),
    *(("RichText", "    code\n", "    code\n"), ("RichText", " \n", "")),
    *(
        ("Image", "a.png", Image("a.png")),
        ("Image", {"src": "a.png", "alt": "A", "width": Plain("3")}, Image("a.png", "A", 3)),
    ),
    *(("Image", {"src": "", "alt": None}, None), ("File", "a.pdf", File("a.pdf"))),
]
BAD = [
    *((kind, [1], "WRONG_TYPE", "is a list") for kind in ("String", "ID", "Int", "Float", "Boolean", "Date", "Url")),
    *((kind, {}, "WRONG_TYPE", "is a mapping") for kind in ("String", "Int", "DateTime", "RichText", "File")),
    *((kind, "a\0", "NUL_CHARACTER", "escaped NUL") for kind in ("String", "RichText", "JSON", "Date", "Image")),
    *(("String", 7, "WRONG_TYPE", "an integer (7)"), ("ID", True, "WRONG_TYPE", "a Boolean (True)")),
    *(("Int", "7", "WRONG_TYPE", "text ('7')"), ("Int", Plain("1_000"), "WRONG_TYPE", "text ('1_000')")),
    *(("Int", Plain("7.0"), "WRONG_TYPE", "(7.0)"), ("Int", True, "WRONG_TYPE", "Boolean")),
    *(("Int", 2**31, "ID_OUT_OF_RANGE", "32 bits"), ("Int", Plain("9" * 9_000), "ID_OUT_OF_RANGE", "32 bits")),
    *(("Float", Plain(".nan"), "WRONG_TYPE", "(nan)"), ("Float", Plain("9" * 5_000), "WRONG_TYPE", "integer (…)")),
    *(("Boolean", Plain("yes"), "WRONG_TYPE", "'yes'"), ("Boolean", "true", "WRONG_TYPE", "text ('true')")),
    *(("Date", "2021-02-29", "INVALID_DATE", "no calendar"), ("Date", "1/2/2021", "INVALID_DATE", "YYYY-MM-DD")),
    *(("Url", "a b", "INVALID_URL", "scheme"), ("Url", "example.org", "INVALID_URL", "scheme")),
    *(("Url", "javascript:alert(1)", "INVALID_URL", "scheme"), ("Url", "VBScript:x", "INVALID_URL", "scheme")),
    *(("JSON", [2**70], "WRONG_TYPE", "too large"), ("JSON", math.inf, "WRONG_TYPE", "no number of JSON")),
    *(("Image", {"alt": "A"}, "MISSING_KEY", "src"), ("Image", {"src": "a", "width": "3"}, "WRONG_TYPE", "width")),
]


@pytest.mark.parametrize(("name", "raw", "value"), GOOD)
def test_what_is_of_its_kind_becomes_a_value(name: str, raw: Any, value: Any) -> None:
    """Plain scalars are numbers and Booleans for the kinds that want them, and text for all others."""
    read = KINDS[name].read(raw)
    assert read == value
    assert type(read) is type(value) or (type(read), type(value)) == (Plain, str)


@pytest.mark.parametrize(("name", "raw", "code", "words"), BAD)
def test_what_is_not_of_its_kind_is_named(name: str, raw: Any, code: str, words: str) -> None:
    """Nothing is converted; the reason follows the key's name and ends with what to do."""
    with pytest.raises(BadValueError) as caught:
        KINDS[name].read(raw)
    assert caught.value.code == code
    assert words in caught.value.reason
    assert caught.value.reason.endswith(".")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-11-29", "2024-11-29T00:00:00Z"),
        ("2024-11-29T08:00:00Z", "2024-11-29T08:00:00Z"),
        ("2017-12-10 20:04:31 -0200", "2017-12-10T22:04:31Z"),
        ("2024-01-01T00:30+01:00", "2023-12-31T23:30:00Z"),
        ("2024-01-01 5:06:07.5 UTC", "2024-01-01T05:06:07.500000Z"),
        ("2024-01-01t05:06:07.123456789z", "2024-01-01T05:06:07.123456Z"),
    ],
)
def test_moments_are_kept_in_utc_with_a_fixed_width(text: str, value: str) -> None:
    """Whatever form a file has, equal moments are equal texts; a date alone is its midnight in UTC."""
    assert KINDS["DateTime"].read(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-01T08:00:00",
        "2024-02-30",
        "2024-01-01T25:00Z",
        "0001-01-01T00:00+01:00",
        "soon",
        "2024-01-01T08:00+1:99",
    ],
)
def test_moments_that_none_can_know_are_named(text: str) -> None:
    """A time without a zone, and what no calendar or clock has."""
    with pytest.raises(BadValueError) as caught:
        KINDS["DateTime"].read(text)
    assert caught.value.code == "INVALID_DATE"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("String", ["", "A", "a", "é"]),
        ("Int", [-5, 0, 7]),
        ("Float", [-0.5, 0.0, 1e9]),
        ("Boolean", [False, True]),
        ("Date", ["0001-01-01", "2024-01-31", "2024-02-01"]),
        (
            "DateTime",
            ["0001-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.000001Z", "2024-01-01T00:00:01Z"],
        ),
    ],
)
def test_orders_keep_the_values_order_and_put_what_is_missing_last(name: str, values: list[Any]) -> None:
    """As SQLite compares: numbers before texts before blobs."""
    order = KINDS[name].order
    assert order is not None
    ascending = [order.ascending(value) for value in [*values, None]]
    assert sorted(ascending, key=sqlite_place) == ascending
    if order.descending:
        descending = [order.descending(value) for value in [*reversed(values), None]]
        assert sorted(descending, key=sqlite_place) == descending


def sqlite_place(value: Any) -> tuple[int, Any]:
    return (2 if isinstance(value, bytes) else 1 if isinstance(value, str) else 0, value)


def test_choices_are_read_by_their_spelling() -> None:
    """`@is` gives it; else the name does, case, - and _ aside."""
    texts = ("GOOD", "good", "talk+blog", "not-bad", "Not bad")
    assert [MOOD.read(text) for text in texts] == ["GOOD", "GOOD", "TALK_BLOG", "NOT_BAD", "NOT_BAD"]
    with pytest.raises(BadValueError, match=r"It must be one of: GOOD, talk\+blog, NOT_BAD\.") as caught:
        MOOD.read("TALK_BLOG")
    assert caught.value.code == "INVALID_VALUE"
    assert MOOD.read(" ") == ""


def test_every_kind_is_registered_under_its_own_name() -> None:
    """The names are those of the vocabulary and of the guide's table."""
    assert {name: kind.name for name, kind in KINDS.items()} == {name: name for name in KINDS}
    assert len(KINDS) >= 12
    assert set(KINDS) - set(vocabulary().type_map) - set(specified_scalar_types) == set()
    (table,) = re.findall(r"^## Kinds\n\n(.*?)\n\n", (PROJECT / "docs" / "model.md").read_text(encoding="utf-8"), FLAGS)
    assert set(re.findall(r"^\| `(\w+)` \|", table, FLAGS)) == set(KINDS)


def test_what_is_shown_is_json_of_the_value() -> None:
    """Composite values are lists of their parts, in the order of their type's fields."""
    assert KINDS["Image"].dump(Image("a.png", "A", 3, 4)) == ["a.png", "A", 3, 4]
    assert KINDS["File"].column(File("a.pdf", 5)) == '["a.pdf",5]'
    assert KINDS["Float"].column(1e22) == "1e+22"
    assert KINDS["JSON"].column({"é": [1, None]}) == '{"é":[1,null]}'
    assert [KINDS["Boolean"].column(value) for value in (False, True)] == [0, 1]


def test_reading_takes_a_minute_for_two_hundred_words() -> None:
    """Rounded up, at least one."""
    assert [reading_minutes(words) for words in (0, 200, 201)] == [1, 1, 2]
