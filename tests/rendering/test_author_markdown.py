"""What authors write into Markdown reaches readers: links within the page, notes, asides, raw HTML, bare addresses."""

from __future__ import annotations

import re

import pytest

from graphql_api.records import Answer, Heading
from graphql_api.rendering.render import render_answers


def rendered(body: str, origin: str | None = None) -> Answer:
    """Return a body, in which nothing is escaped, rendered."""
    return render_answers([body], [False], origin)[0]


@pytest.mark.parametrize(
    ("body", "targets"),
    [
        ("[go](#foo--bar)\n\n## Foo & Bar", ["h-foo--bar"]),
        ("[go](#Foo--Bar)\n\n## Foo & Bar", ["h-foo--bar"]),
        ("[go](#h-foo)\n\n## Foo", ["h-foo"]),
        ("[go](#r%C3%A9d)\n\n## Réd", ["h-réd"]),
        ("[a](#x) [b](#x-1)\n\n# X\n\n# X", ["h-x", "h-x-1"]),
        ("[go](#-smile)\n\n## 😀 Smile", ["h-smile"]),
        (f"[go](#{'a' * 100})\n\n## {'a' * 100}", [f"h-{'a' * 80}"]),
        ('<a name="top"></a>Text [up](#top)', ["h-top"]),
        ("<a id=Top></a>Text [up](#Top)", ["h-Top"]),
        ('<div id="x">a</div>\n\n[b](#x)', ["h-x"]),
        ("[b](#x) c <span id='x'>a</span>", ["h-x"]),
        ('<a href="#foo">go</a>\n\n## Foo', ["h-foo"]),
        ("[go](#raw-one)\n\n<h2 align=center>Raw <b>one</b></h2>", ["h-raw-one"]),
        ("[go](#own)\n\n<h3\n id='own'>Raw</h3>", ["h-own"]),
        ("[a](#b)\n\n## Title {#b}", ["h-b"]),
        ("[a](#title)\n\n## Title {#b}", ["h-b"]),
        ("[a](#why-x2)\n\n## Why $x^2$?", ["h-why-x2"]),
        ("A[^n].\n\n[^n]: [go](#foo)\n\n## Foo", ["h-foo"]),
    ],
)
def test_links_within_a_page_reach_their_place(body: str, targets: list[str]) -> None:
    """A link has GitHub's slug or the author's name; it gets the prefix that the id has."""
    answer = rendered(body)
    found = re.findall(r'<a href="#(h-[^"]*)"', answer.html)
    assert found == targets
    assert all(f' id="{target}"' in answer.html for target in targets)
    assert answer.losses == ()


def test_a_link_within_the_page_that_leads_nowhere_is_told() -> None:
    """It stays as it is; the top of the page is always there."""
    answer = rendered("[a](#nowhere) [b](#top) [c](#)")
    assert [loss.sentence for loss in answer.losses] == [
        'The link "#nowhere" leads nowhere: nothing on the page has this id.'
    ]
    assert re.findall('href="([^"]*)"', answer.html) == ["#nowhere", "#top", "#"]


@pytest.mark.parametrize("body", ["<b id=x>a</b> <i id=x>b</i>", '<p id="x">a</p>\n\n## x', "## x\n\n<p id=h-x>a</p>"])
def test_an_id_is_there_once(body: str) -> None:
    """The first that asks for an id has it."""
    ids = re.findall(r'id="([^"]*)"', rendered(body).html)
    assert len(ids) == len(set(ids)) > 0


def test_raw_headings_are_headings() -> None:
    """They have anchors and stand among the others, in the order of the text."""
    answer = rendered(
        "# One\n\n<h2>Two<br>lines</h2>\n<H3 id=three>3 <i>x</i></H3>\n\n## Four\n\n<h2><img src=a.png></h2>"
    )
    assert answer.headings == (
        Heading(1, "One", "h-one"),
        Heading(2, "Two lines", "h-two-lines"),
        Heading(3, "3 x", "h-three"),
        Heading(2, "Four", "h-four"),
    )
    assert re.findall(r'<h\d id="([^"]*)"', answer.html) == [heading.anchor for heading in answer.headings]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("alpha<br>beta", "alpha\nbeta"),
        ("alpha<BR />beta", "alpha\nbeta"),
        ("a<br>\nb", "a\n\nb"),
        ("<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\nc"),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "a\nb"),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ("<details><summary>a</summary>b</details>", "a\nb"),
        ('<figure><img alt="a" src=b><figcaption>c</figcaption></figure>', "a\nc"),
        ("a <sub>b</sub>c<b>d</b>", "a bcd"),
        ("a <script>b</script> c", "a  c"),
        ("<pre>a\nb</pre>", "a\nb"),
    ],
)
def test_raw_blocks_keep_words_apart(body: str, text: str) -> None:
    """What stands on lines of its own in a browser does so in the text."""
    assert rendered(body).text == text


def test_a_break_in_a_heading_is_a_blank() -> None:
    """A heading is one line."""
    assert rendered("## Left<br>Right").headings == (Heading(2, "Left Right", "h-left-right"),)


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("Say `Hello\\nworld`.", "<p>Say <code>Hello\\nworld</code>.</p>\n"),
        ("<pre>a\\nb\\tc</pre>", "<pre>a\\nb\\tc</pre>"),
        ("```\na\\nb\n```", "<pre><code>a\\nb\n</code></pre>\n"),
        ("C:\\new\\table", "<p>C:\\new\\table</p>\n"),
        ("a `b\\n\\nc` d", "<p>a <code>b\\n\\nc</code> d</p>\n"),
        ("```\na\\n```\nb\n```", "<pre><code>a\\n```\nb\n</code></pre>\n"),
        ("$\\nu$ and $\\tau$", "<p><math><mi>ν</mi></math> and <math><mi>τ</mi></math></p>\n"),
    ],
)
def test_nothing_is_unescaped_in_a_body(body: str, html: str) -> None:
    r"""Where line breaks are real, `\n` is what its author typed."""
    assert rendered(body).html == html


def test_footnotes_stand_at_the_end_in_the_order_of_their_numbers() -> None:
    """Each has a way back to every place that refers to it; what nothing refers to is not shown, and told."""
    answer = rendered("B[^b] A[^a] B[^b].\n\n[^a]: aa[^d]\n[^b]: bb\n\n    - two\n\n[^c]: cc\n[^d]: dd\n\nTwo.")
    assert answer.text == "B A B.\n\nTwo.\n\nbb\n\ntwo\n\naa\n\ndd"
    notes = re.findall(r'<li id="(fn-\d)">(.*?)</li>\n(?=<li id|</ol>\n</section>)', answer.html, re.DOTALL)
    assert [name for name, _ in notes] == ["fn-1", "fn-2", "fn-3"]
    assert re.findall('href="([^"]*)"', notes[0][1]) == ["#fnref-1", "#fnref-1-2"]
    assert notes[2][1] == '<p>dd <a href="#fnref-3">↩</a></p>\n'
    for place in ("fnref-1", "fnref-1-2", "fnref-2", "fnref-3"):
        assert answer.html.count(f'id="{place}"') == 1
    assert [loss.sentence for loss in answer.losses] == ['The note "[^c]" is left out: nothing refers to it.']


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        ("other-article", True),
        ("../x/y", True),
        ("?p=2", True),
        ("/a", True),
        ("//x.example", False),
        ("https://x.example", False),
        ("https://me.example", True),
        ("https://me.example/a?b#c", True),
        ("HTTPS://ME.example/a", True),
        ("https://me.example.evil.example/", False),
        ("https://me.example@evil.example/", False),
        ("http://me.example/", False),
    ],
)
def test_links_that_stay_say_nothing(address: str, is_own: bool) -> None:
    """Relative links and those to the site's own origin have no rel."""
    html = rendered(f"[a]({address})", "https://me.example").html
    assert ("nofollow" not in html) == is_own


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("See https://example.org/a.", 'See <a href="https://example.org/a"{}>https://example.org/a</a>.'),
        ("(www.a.example/b_(c))", '(<a href="https://www.a.example/b_(c)"{}>www.a.example/b_(c)</a>)'),
        ("a@b.example!", '<a href="mailto:a@b.example"{}>a@b.example</a>!'),
        ("http://a.example/?b=1&c=2;", '<a href="http://a.example/?b=1&amp;c=2"{}>http://a.example/?b=1&amp;c=2</a>;'),
        ("看https://a.example/b。好", '看<a href="https://a.example/b"{}>https://a.example/b</a>。好'),
        ("**https://a.example**", '<strong><a href="https://a.example"{}>https://a.example</a></strong>'),
        ("`https://a.example`", "<code>https://a.example</code>"),
        ("[https://a.example](/b)", '<a href="/b">https://a.example</a>'),
        ("https:// www. a@b @c xhttps://a.example", "https:// www. a@b @c xhttps://a.example"),
    ],
)
def test_bare_addresses_are_links(body: str, html: str) -> None:
    """GitHub's rules (GFM 6.9): what ends the sentence around an address is no part of it."""
    assert rendered(body).html == "<p>" + html.replace("{}", ' rel="nofollow noopener"') + "</p>\n"


@pytest.mark.parametrize("kind", ["Note", "Tip", "Important", "Warning", "Caution"])
def test_alerts_are_asides(kind: str) -> None:
    """Their mark is no text; a name for readers stands in the HTML alone."""
    answer = rendered(f"> [!{kind.upper()}]\n> Careful.")
    assert answer.html == f'<aside class="{kind.lower()}">\n<p><strong>{kind}</strong></p>\n<p>Careful.</p>\n</aside>\n'
    assert answer.text == "Careful."


@pytest.mark.parametrize(
    ("source", "escapes"),
    [("```math\na \\neq b\n```", False), ("```math\\na \\neq b\\n```", True), ("~~~ math\\na \\neq\\nb\\n~~~", True)],
)
def test_formulas_may_be_fenced(source: str, escapes: bool) -> None:
    """Code of the language `math` is a formula."""
    [answer] = render_answers([source], [escapes])
    assert answer.text == "a ≠ b"
    assert answer.html.startswith('<p><math display="block">')


@pytest.mark.parametrize(
    ("heading", "text", "anchor"),
    [
        ("Title {#custom-id}", "Title", "h-custom-id"),
        ("*Title* {#a_b.c}", "Title", "h-a_b.c"),
        ("The set {a}", "The set {a}", "h-the-set-a"),
        ("{#a}", "", "h-a"),
        ("$x$ {#a}", "x", "h-a"),
    ],
)
def test_authors_may_name_headings(heading: str, text: str, anchor: str) -> None:
    """`{#id}` behind a heading is its id and not shown."""
    answer = rendered(f"## {heading}")
    assert answer.headings == (Heading(2, text, anchor),)
    assert "{#" not in answer.html


@pytest.mark.parametrize(
    "html",
    [
        '<p dir="rtl" lang="ar">a</p>',
        '<div class="note">a</div>',
        '<figure class="center"><img src="a.png" alt="b"><figcaption>c</figcaption></figure>',
        '<picture><source srcset="a.webp 1x, b.webp 2x" type="image/webp"><img src="a.png" alt="b"></picture>',
        '<video src="a.mp4" poster="a.png" controls=""></video>',
        '<h2 id="h-a" align="center">a</h2>',
        '<time datetime="2024-01-01">a</time>',
    ],
)
def test_harmless_html_stays(html: str) -> None:
    """Languages, directions, figures, pictures and videos pass; nothing is told."""
    answer = rendered(html.replace(' id="h-a"', ""))
    assert answer.html.strip() in {html, f"<p>{html}</p>"}
    assert answer.losses == ()


@pytest.mark.parametrize(
    ("body", "loss"),
    [
        ("<iframe src=x></iframe>", "<iframe> is left out with all that is in it."),
        ("<font>a</font>", "<font> is left out; what is in it is shown."),
        ("<p onclick=x>a</p>", '"onclick" of <p> is left out.'),
        ("<p style='color:red'>a</p>", '"style" of <p> is left out.'),
        ("<p class='modal note'>a</p>", '"class" of <p> is left out.'),
        ("[a](javascript:b)", 'The address of "javascript:b" is left out: "javascript:" may not be linked.'),
        ("![a](data:b)", 'The address of "data:b" is left out: "data:" may not be linked.'),
        (
            "$\\unknown$",
            "The formula $\\unknown$ is shown as its source: it has a command that is not known, or is not closed.",
        ),
    ],
)
def test_what_an_author_loses_is_told(body: str, loss: str) -> None:
    """Each thing that is not shown as meant has a sentence, once."""
    assert [each.sentence for each in rendered(f"{body}\n\n{body}").losses] == [loss]
