"""Links to other files are found as written, and get addresses once they are known."""

from __future__ import annotations

import pytest

from graphql_api.rendering.entry_links import EntryLink, entry_links, with_addresses
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
        EntryLink("D", "", 1),
        EntryLink("D", "Some part", 3),
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
    ],
)
def test_addresses_are_put_in(body: str, html: str) -> None:
    """What is known gets its url, with the id of the part; what is not stays as it is."""
    urls = {"../b.md": "/posts/b", "img/c.png": "/media/c.png", "D": "/posts/d?e=1&f"}
    [answer] = render_answers([body], [False])
    assert with_addresses(answer.html, urls) == f"<p>{html}</p>\n"


@pytest.mark.parametrize("unit", ["[[a", "<a href=", "[[a]] ", "![a](b) ", '<a title="', "[[a#b|"])
def test_links_are_found_in_linear_time(unit: str) -> None:
    """A quarter of a megabyte of anything is looked through at once."""
    html = unit * (250_000 // len(unit))
    entry_links(html, html)
    with_addresses(html, {"b": "c"})
