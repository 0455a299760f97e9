"""A plain scalar of YAML is text, and what YAML 1.2 takes it for only where that is asked."""

from __future__ import annotations

import math
import pickle

import pytest

from graphql_api.kinds.plain import Plain, plain_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("12", 12), ("-12", -12), ("+5", 5), ("012", 12), ("0o17", 15), ("0x1F", 31), ("1.5", 1.5), (".5", 0.5)),
        *(("5.", 5.0), ("1e3", 1000.0), ("-1.5E-1", -0.15), (".inf", math.inf), ("-.INF", -math.inf)),
        *(("true", True), ("TRUE", True), ("False", False), ("~", None), ("null", None), ("", None)),
    ],
)
def test_numbers_booleans_and_null_are_those_of_the_core_schema(text: str, value: object) -> None:
    """YAML 1.2, section 10.3.2."""
    assert plain_value(text) == value
    assert type(plain_value(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    ["1_000", "1:30:00", "No", "yes", "on", "y", "0b11", "2024-01-01", "=", "1,5", "١", "12 ", "tRue", "1e", "."],
)
def test_what_only_yaml_1_1_takes_for_something_else_stays_text(text: str) -> None:
    """Underscores, base 60, yes and no, and dates are text; so are digits of other scripts."""
    assert plain_value(text) == text


def test_integers_too_long_for_python_are_some_number_that_fits_nothing() -> None:
    """Reading 200,000 digits takes seconds; no kind has such a number."""
    for text in ("9" * 200_000, "-" + "9" * 200_000):
        value = plain_value(text)
        assert isinstance(value, int)
        assert abs(value) > 2**64
        assert (value < 0) == (text[0] == "-")


def test_plain_text_travels_between_processes_as_text() -> None:
    """What is kept of it is its letters."""
    assert type(pickle.loads(pickle.dumps(Plain("x")))) is str  # noqa: S301 - made here
