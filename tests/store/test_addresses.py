"""Addresses: absolute ones, and the form in which two spellings of one are equal."""

from __future__ import annotations

import random

import pytest

from graphql_api.pages.documents import markdown_path
from graphql_api.pages.xml import text
from graphql_api.store.addresses import absolute_url, page_key
from tests.random_seeds import seed_of_run

ORIGIN = "https://www.example.org"


@pytest.mark.parametrize(
    ("url", "absolute"),
    [
        ("/a/b-c_d.e~f", f"{ORIGIN}/a/b-c_d.e~f"),
        ("a/b", f"{ORIGIN}/a/b"),
        ("", f"{ORIGIN}/"),
        ("/", f"{ORIGIN}/"),
        ("/é ü?x=1&y=[2]#z", f"{ORIGIN}/%C3%A9%20%C3%BC?x=1&y=[2]#z"),
        ("/a%20b", f"{ORIGIN}/a%20b"),
        ('/"><script>\r\n', f"{ORIGIN}/%22%3E%3Cscript%3E%0D%0A"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("http://other.example/ä", "http://other.example/%C3%A4"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("javascript:alert(1)", f"{ORIGIN}/javascript:alert(1)"),
        ("VBScript:x", f"{ORIGIN}/VBScript:x"),
        ("data:text/html,<x>", f"{ORIGIN}/data:text/html,%3Cx%3E"),
        ("data:image/png;base64,AA==", "data:image/png;base64,AA=="),
    ],
)
def test_absolute_address_is_in_ascii(url: str, absolute: str) -> None:
    """A path is one of the site; what is encoded is not encoded again, and nothing ends a header or an attribute."""
    assert absolute_url(url, ORIGIN) == absolute


def test_path_stays_one_without_an_origin() -> None:
    """Nobody knows where the site is."""
    assert [absolute_url(url, "") for url in ("/a b", "a", "//x.example/y")] == ["/a%20b", "/a", "https://x.example/y"]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("/a/b", "/a/b"),
        ("/a/b/", "/a/b"),
        ("a/b", "/a/b"),
        ("/", "/"),
        ("", "/"),
        ("/a#part", "/a"),
        (" /a ", "/a"),
        ("/a%20b", "/a b"),
        ("/a?x=%20#part", "/a?x=%20"),
        (ORIGIN, "/"),
        (f"{ORIGIN}/a/", "/a"),
        (f"{ORIGIN}.evil.example/a", f"{ORIGIN}.evil.example/a"),
        ("https://other.example/a/", "https://other.example/a"),
    ],
)
def test_spellings_of_one_page_are_equal(url: str, key: str) -> None:
    """An origin is left out only if it is the site's."""
    assert page_key(url, ORIGIN) == key


def test_key_is_its_own_key() -> None:
    """For paths of any kind, so that what is stored is found."""
    draw = random.Random(seed_of_run())
    for _ in range(2_000):
        url = "/" + "".join(draw.choice("ab/.é -_~") for _ in range(draw.randrange(12)))
        assert page_key(page_key(url)) == page_key(url), (url, seed_of_run())


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/a/", "/a.md"),
        ("/", "/index.md"),
        ("/é", "/%C3%A9.md"),
        (f"{ORIGIN}/a", "/a.md"),
        ("/a?b=c", ""),
        ("https://x.example/a", ""),
    ],
)
def test_path_of_markdown_is_that_of_the_page(url: str, path: str) -> None:
    """A page elsewhere, or one that a query string names, has none."""
    assert markdown_path(url, ORIGIN) == path


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Plain é 水 text; it's", "Plain é 水 text; it's"),
        ('<a b="c">&', "&lt;a b=&quot;c&quot;&gt;&amp;"),
        ("a\x00b\x0bc\x1f\x7f\ufffe\ud800d\te\n", "abcd\te\n"),
        ("]]>", "]]&gt;"),
        ("😀", "😀"),
    ],
)
def test_text_is_one_of_xml(value: str, written: str) -> None:
    """Whatever is in it; what XML has no way to write is left out."""
    assert text(value) == written


def test_very_long_address_has_no_other_spelling() -> None:
    """No page has one, and to read many of them would take seconds."""
    assert page_key("/a%20b/" + "c" * 4_000) == "/a b/" + "c" * 4_000
    assert page_key("/a%20b/" + "c" * 5_000) == "/a%20b/" + "c" * 5_000
