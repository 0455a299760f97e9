"""Links to other files are found as written, and get addresses once they are known."""

from __future__ import annotations

import pytest

from graphql_api.records import EntryLink
from graphql_api.rendering.entry_links import entry_links, is_file, with_addresses
from graphql_api.rendering.render import render_answers

BODY = """A [b](../b.md#Part-one "t"), ![c](img/c.png) and [[D]].

[[D#Some part|shown]] `[[E]]` [f](https://f.example/a.md) [g](/g) [h](#h) [i](?i=1) [[*J*]]
<img alt="k > k" src="k.png"> [l](/l.md)
"""


def test_links_to_files_are_found_with_their_lines() -> None:
    """Relative places, names in double brackets and images; not addresses of sites, pages and code."""
    [answer] = render_answers([BODY], [False])
    assert entry_links(answer.markdown, answer.html) == (
        EntryLink("../b.md", "Part-one", 1),
        EntryLink("img/c.png", "", 1),
        EntryLink("D", "", 1, is_name=True),
        EntryLink("D", "Some part", 3, is_name=True),
        EntryLink("k.png", "", 4),
        EntryLink("/l.md", "", 4),
    )


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("[b](../b.md)", '<a href="/posts/b">b</a>'),
        ("[b](../b.md#Part-one)", '<a href="/posts/b#h-part-one">b</a>'),
        ('[b](../b.md "t")', '<a href="/posts/b" title="t">b</a>'),
        ("![c](img/c.png)", '<img src="/media/c.png" alt="c">'),
        ("[[D]]", '<a href="/posts/d?e=1&amp;f">D</a>'),
        ("[[D#Some part|shown & so]]", '<a href="/posts/d?e=1&amp;f#h-some-part">shown &amp; so</a>'),
        ("[[E]] `[[D]]` [[[D]]](/x)", '[[E]] <code>[[D]]</code> <a href="/x">[[D]]</a>'),
        ("[e](e.md)", '<a href="e.md">e</a>'),
        ("[[../b.md]]", "[[../b.md]]"),
        ("[[#Some part]] [[#x|y]]", '<a href="#h-some-part">Some part</a> <a href="#h-x">y</a>'),
        ("[[D#One#Two]] [[D#^block]]", '<a href="/posts/d?e=1&amp;f#h-two">D</a> <a href="/posts/d?e=1&amp;f">D</a>'),
        ("![[D]]", '<a href="/posts/d?e=1&amp;f">D</a>'),
        ("![[p.png]]", '<img src="/media/p.png" alt="p.png">'),
        ("![[p.png|200]]", '<img src="/media/p.png" alt="p.png" width="200">'),
        ('![[p.png|A "b"]]', '<img src="/media/p.png" alt="A &quot;b&quot;">'),
        ("[f](f.pdf#page=3) [[f.pdf#page=3]]", '<a href="/f.pdf#page=3">f</a> <a href="/f.pdf#page=3">f.pdf</a>'),
    ],
)
def test_addresses_are_put_in(body: str, html: str) -> None:
    """What is known gets its url, with the id of the part; what is not stays as it is."""
    urls = {
        "../b.md": "/posts/b",
        "img/c.png": "/media/c.png",
        "[[D": "/posts/d?e=1&f",
        "[[p.png": "/media/p.png",
        "f.pdf": "/f.pdf",
        "[[f.pdf": "/f.pdf",
    }
    [answer] = render_answers([body], [False])
    assert with_addresses(answer.html, urls) == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("See [[B]] and [[B|that]].", "See B and that."),
        ("[[B#Part]] [[#Part]] ![[p.png]]", "B Part p.png"),
        ("`[[B|that]]` [[[1]]](/x) [[1], [2]]", "[[B|that]] [[1]] [[1], [2]]"),
        ("- [[B|that]]\n- c", "that\nc"),
    ],
)
def test_plain_text_has_what_is_shown_of_a_name(body: str, text: str) -> None:
    """So do excerpts and search; code and what is in a link stay as they are written."""
    [answer] = render_answers([body], [False])
    assert answer.text == text


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("b.md\n\n[b](b.md)", 3),
        ("[[B]]x\n[b](B)", 2),
        ("`[b](b.md)`\n[x][y]\n\n[y]: b.md", 4),
        ("a\n<a href='b.md'>b</a>", 2),
        ("a\n[b](<b.md>)", 2),
        ("a\n\n[b](b%2Emd) c.md\n[c](c.md#p)", 4),
    ],
)
def test_the_line_is_that_of_the_link(body: str, line: int) -> None:
    """Not that of the same words elsewhere, where it can be told."""
    [answer] = render_answers([body], [False])
    assert answer.links[-1].line == line


@pytest.mark.parametrize("address", ["a.png", "/a/b.PDF", "../c.mp4?v=1", "d.tar.gz"])
def test_files_are_known_by_their_ending(address: str) -> None:
    """Images, films, sounds, documents and archives; a site serves them as they are."""
    assert is_file(address)


@pytest.mark.parametrize("address", ["a", "a.md", "a.html", "png", "a?b=c.png", "a.png/b", ""])
def test_other_addresses_are_those_of_no_file(address: str) -> None:
    """Pages, places, and what is only part of a query."""
    assert not is_file(address)


@pytest.mark.parametrize("unit", ["[[a", "<a href=", "[[a]] ", "![a](b) ", "![[a.png", "[[#", '<a title="', "[[a#b|"])
def test_links_are_found_in_linear_time(unit: str) -> None:
    """A quarter of a megabyte of anything is looked through at once."""
    html = unit * (250_000 // len(unit))
    entry_links(html, html)
    with_addresses(html, {"b": "c"})
