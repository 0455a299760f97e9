"""A pattern takes what it stands for, and no text makes it slow."""

from __future__ import annotations

import random
import re
import time

import pytest

from graphql_api.model.like import Like
from graphql_api.model.wildcards import PatternError
from tests.random_seeds import random_seeds

LIKE = [
    *(("/learn/{}/questions/*", "/learn/a/questions/b", "a"), ("/learn/*/questions/{}", "/learn/a/questions/b", "b")),
    *(("/learn/{}/questions/*", "/learn/a/questions/", None), ("/learn/{}/questions/*", "/learn//questions/b", None)),
    *(("/learn/{}/questions/*", "/learn/a/b/questions/c", None), ("/learn/{}", "/learn/a/", None)),
    *(("{}min", "35min", "35"), ("{}min", "min", None), ("{}min", "35minmin", "35min"), ("*-{}", "2024-01", "01")),
    *(("*-{}", "2024-01-02-x", "01-02-x"), ("????-{}", "2024-x", "x"), ("?{}", "/x", None)),
    *(("/docs/{**}", "/docs/a/b", "a/b"), ("/docs/{**}", "/docs/", None), ("{**}/index", "a/b/index", "a/b")),
    *(("**/{}", "a/b/c", "c"), ("**/{}", "c", None), ("**/{}.md", "a/b.c.md", "b.c"), ("/**/{}/x", "/a/b/c/x", "c")),
    *(("{}/**", "a/b/c", "a"), ("{}/**", "a/", "a"), ("*a/b*", "xa/b", "xa/b"), ("*a*b{}", "aab.", ".")),
    *(("{}", "a\nb", "a\nb"), ("{}.x", "a.x\n", None), ("a", "a", "a"), ("a", "b", None), ("a.c", "abc", None)),
    *(("**x**y**", "a/x/y", "a/x/y"), ("**x**y**", "a/y/x", None), ("**ab**ba**", "aba", None)),
    *(("*.*", "a.b", "a.b"), ("*.*", "ab", None), ("pre*", "pre", "pre"), ("*", "", None), ("**", "", "")),
    *(("{????-??-??}-*", "2024-03-01-a-b", "2024-03-01"), ("{????-??-??}-*", "2024-3-1-a", None), ("{??}", "ab", "ab")),
    *(
        ("*-{??}", "a-b-12", "12"),
        ("**/{?-?}.*", "x/y/1-2.md", "1-2"),
        ("a{?}b{c}", "axby", "x"),
        ("{?}**", "/a", None),
    ),
    *(("**{b?}/c", "a/bx/c", "bx"), ("*/{???}/*", "a/bcd/e", "bcd"), ("*/{???}/*", "a/bc/e", None)),
    *(("{**}/{a}", "x/y/z", "x/y"), ("[ab]{}", "[ab]c", "c"), ("[ab]{}", "ac", None), (r"\d{}", r"\d1", "1")),
]


@pytest.mark.parametrize(("pattern", "text", "taken"), LIKE)
def test_a_text_like_the_pattern_gives_what_is_taken(pattern: str, text: str, taken: str | None) -> None:
    """Without a placeholder it gives itself; a text unlike it gives None."""
    like = Like(pattern)
    assert like.take(text) == taken
    assert like.matches(text) == (taken is not None)


def test_placeholders_with_names_give_each_of_them() -> None:
    """Numbered keys: `related_article3` fills `position` with 3."""
    like = Like("related_{kind}{position}".replace("}{", "}_{"))
    assert like.names == ("kind", "position")
    assert like.captures("related_post_3") == {"kind": "post", "position": "3"}
    assert like.captures("related_") is None
    assert Like("related_article{position}").captures("related_article12") == {"position": "12"}
    assert Like("**/{a}/{b}").captures("x/yz/ab") == {"a": "yz", "b": "ab"}


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        *(("", "empty"), ("a" * 501, "501 characters"), ("a{", "a { alone"), ("a}b", "a } alone"), ("{a.b}", "alone")),
        *(("{?}{}", "{} stands twice"), ("{?}-{?}", "{} stands twice"), ("a\0b", "null character")),
        *(("{}{}", "side by side"), ("*{}", "side by side"), ("***", "side by side"), ("{a}-{a}", "{a} stands twice")),
        *(("{}-{}", "{} stands twice"), ("**a*b**", "between two **"), ("{**}a{**}", "{} stands twice")),
    ],
)
def test_a_malformed_pattern_says_what_to_do(pattern: str, reason: str) -> None:
    """The sentence becomes the model's problem."""
    with pytest.raises(PatternError, match=re.escape(reason)):
        Like(pattern)


HOSTILE = [
    *("*a*a*a*a*a*a*a*a*a*a*b", "{}" + "a*" * 40 + "b", "**a**a**a**a**b", "*?*?*?*?*?*?*?*?x", "**/*/*/*/{}b"),
    *("*a*a*a/**b", "**" + "a" * 400 + "b", "*" + "a" * 400 + "b*", "a*" * 200 + "a{}", "**a" * 100 + "**b"),
]


@pytest.mark.parametrize("pattern", HOSTILE)
@pytest.mark.parametrize("text", ["a" * 20_000, "a/" * 10_000, "ab/" * 7_000 + "a", "/" * 20_000])
def test_no_text_makes_a_pattern_slow(pattern: str, text: str) -> None:
    """A regular expression of that many stars would take longer than anybody lives."""
    like = Like(pattern)
    started = time.process_time()
    like.take(text)
    assert time.process_time() - started < 1


def _is_like(pattern: str, text: str) -> bool:
    """Say by trying everything whether a text is like a pattern: the rule itself."""
    signs = re.findall(r"\*\*|\*|.", pattern)

    def tried(at: int, rest: str) -> bool:
        if at == len(signs):
            return not rest
        sign = signs[at]
        if sign[0] != "*":
            fits = rest[:1] == sign or (sign == "?" and rest[:1] not in {"", "/"})
            return fits and tried(at + 1, rest[1:])
        is_alone = sign == "*" and "".join(signs[:at])[-1:] in {"", "/"} and signs[at + 1 : at + 2] in ([], ["/"])
        longest = len(rest) if sign == "**" else len(rest.partition("/")[0])
        return any(tried(at + 1, rest[length:]) for length in range(int(is_alone), longest + 1))

    return tried(0, text)


@pytest.mark.parametrize("seed", random_seeds(3))
def test_taking_the_first_place_loses_no_match(seed: int) -> None:
    """Equal to trying every length of every wildcard, on generated patterns and texts."""
    draw = random.Random(seed)
    compared = 0
    while compared < 3_000:
        pattern = "".join(draw.choice(["a", "b", "/", "?", "*", "*", "**"]) for _ in range(draw.randrange(1, 9)))
        text = "".join(draw.choice("aab/") for _ in range(draw.randrange(10)))
        try:
            like = Like(pattern)
        except PatternError:
            continue
        compared += 1
        assert like.matches(text) == _is_like(pattern, text), (pattern, text)
