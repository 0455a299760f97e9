"""An answer is rendered as HTML, text and headings, and nothing active survives."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphql_api.records import Heading
from graphql_api.rendering.escapes import undo_escapes
from graphql_api.rendering.inline_writer import RAW_MAX, RAW_OPEN_MAX
from graphql_api.rendering.render import render_answer
from graphql_api.rendering.sanitize import ATTRIBUTES, HTML_TAGS, MATHML_TAGS, STYLE_PROPERTIES, sanitize, strip_tags
from graphql_api.rendering.words import count_words
from tests.growth import is_linear
from tests.uncounted import uncounted


class Inspector(HTMLParser):
    """Collects what a browser would find, tag by tag."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", {"data": data}))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("declaration", {"data": decl}))

    def handle_pi(self, data: str) -> None:
        self.found.append(("instruction", {"data": data}))


def assert_harmless(html: str) -> None:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    for tag, attributes in inspector.found:
        assert tag in HTML_TAGS | MATHML_TAGS, tag
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set()), (tag, attributes)
        for name in ("href", "src", "poster", "cite", "srcset"):
            scheme = re.match(r"[\s\x00-\x20]*([A-Za-z][A-Za-z0-9+.\-]*)[\s\x00-\x20]*:", attributes.get(name) or "")
            assert scheme is None or scheme[1].lower() in {"http", "https", "mailto", "tel"}, attributes
        for style in (attributes.get("style") or "").split(";"):
            assert not style or style.split(":")[0].strip() in STYLE_PROPERTIES, style
            assert "(" not in style


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<img src=data:image/svg+xml;base64,PHN2Zy8+>",
    "<svg onload=alert(1)><a xlink:href=javascript:alert(1)>x</a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:x' onclick=alert(1) target=_top rel=opener>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=//evil.example><input name=p><button formaction=javascript:alert(1)>x</button></form>",
    "<object data=x></object><embed src=x><base href=//evil.example><meta http-equiv=refresh content=0>",
    "<p style='background:url(//evil.example)'>x</p>",
    "<math style='background:url(javascript:1);width:url(x);color:red'><mi style='position:fixed'>x</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>x</mi></math>",
    "<math href=javascript:alert(1)><maction actiontype='x' xlink:href=javascript:alert(1)>x</maction></math>",
    "<math><mtext></p><p><img src=x onerror=alert(1)></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<template><script>alert(1)</script></template>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<?xml ><img src=x onerror=alert(1)>",
    "<a name=location id=location class='modal open'>x</a><h2 id=cookie>x</h2>",
    '<img srcset="javascript:alert(1) 1x, data:x 2x" src=x>',
    "<video poster=javascript:alert(1) src=vbscript:x onplay=alert(1) autoplay></video>",
    "<picture><source srcset='java\tscript:alert(1)' onerror=alert(1)><img></picture>",
    "<a id='x\" onclick=alert(1)'>x</a> <b id=x&quot;onclick=alert(1)>y</b>",
    '<h2 id=\'" onclick=alert(1) x="\'>x</h2> [x](#"onclick=alert(1))',
    "<h2 class='modal\" onclick=\"alert(1)'>x</h2>",
    '[x](<#"><img src=x onerror=alert(1)>>)',
    '## x {#"onclick=alert(1)}',
    '## x {#a"><script>alert(1)</script>}',
    'https://a.example/"onclick=alert(1)<img',
    "www.a.example/'><script>alert(1)</script>",
    "> [!NOTE]\n> <script>alert(1)</script>",
    "[^x]\n\n[^x]: <img src=x onerror=alert(1)>",
    "```math\n\\text{<img src=x onerror=alert(1)>}\n```",
    r"$\colorbox{red;background:url(x)}{<script>}$ $\htmlStyle{position:fixed}{x}$ $\url{javascript:x}$",
    r"$\rule{1em}{1px;background:url(x)}$ $\ce{<script>alert(1)</script>}$ $\tag{<b onclick=x>}$",
    "[x](javascript:alert(1))",
    "[x](<java script:alert(1)>)",
    "[x](JaVaScRiPt:alert(1) 'y\" onmouseover=alert(1)')",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![" onerror=alert(1)](x "\' onload=alert(1)")',
    '```"><script>alert(1)</script>\nx\n```',
    "```x&quot;onclick=alert(1)\nx\n```",
    r"$\text{<img src=x onerror=alert(1)>}$",
    r"$\unknown{<script>alert(1)</script>}$",
    "$<script>$alert(1)$</script>$",
    r"$\href{javascript:alert(1)}{x}$",
    "<img alt='$x$' title=\"$<b>$\" src=x>",
    '# <img src=x onerror=alert(1)> "onclick=alert(1)',
    "[^<script>]\n\n[^<script>]: x",
    "\U000f00000\U000f0001 $x$ \U000f00009\U000f0001",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_active_survives(attack: str) -> None:
    """Every tag, attribute, address and style in the HTML is on the allow-list, alone and between other content."""
    for source in (attack, f"a {attack} b $x$", f"- > {attack}\n\n$$y$$", f"<div>\n{attack}\n</div>", attack * 3):
        assert_harmless(render_answer(source).html)


hostile_text = st.one_of(
    st.text(),
    st.text(alphabet="$`\\()[]{}<>!*_~#|-+&;\"'=/:^ \n1anut", max_size=80),
    st.lists(st.sampled_from([*ATTACKS, "$", "$$", "\\(", "\\)", "`", "\n", "\\n", "> ", "- ", "|"]), max_size=8).map(
        "".join
    ),
)


@settings(deadline=None)
@given(hostile_text)
@example("<P TITLE>")
@example("<math lang=x><mi title=y>a</mi></math>")
def test_any_text_renders_harmlessly(source: str) -> None:
    """Nothing raises; anchors are unique ids of the HTML; the count is that of the text."""
    answer = render_answer(source)
    assert_harmless(answer.html)
    anchors = [heading.anchor for heading in answer.headings]
    assert len(set(anchors)) == len(anchors)
    assert all(anchor.startswith("h-") and len(anchor) > len("h-") for anchor in anchors)
    assert answer.word_count == count_words(answer.text, len(answer.text.split()))


def test_headings_are_the_ids_of_the_html() -> None:
    """Level, text and anchor are those of the HTML; anchors are slugs, never empty, never twice."""
    answer = render_answer(
        "# Réd *wine* & `x`\\n\\n## Same\\n\\n## Same\\n\\n## Same-1\\n\\n### $x^2$\\n\\n#\\n\\n## ???"
    )
    assert answer.headings == (
        Heading(1, "Réd wine & x", "h-réd-wine--x"),
        Heading(2, "Same", "h-same"),
        Heading(2, "Same", "h-same-1"),
        Heading(2, "Same-1", "h-same-1-1"),
        Heading(3, "x²", "h-x2"),
        Heading(1, "", "h-section"),
        Heading(2, "???", "h-section-1"),
    )
    assert re.findall(r'<h(\d) id="([^"]*)">', answer.html) == [(str(h.level), h.anchor) for h in answer.headings]


def test_raw_headings_cannot_take_an_anchor() -> None:
    """An id is one element's alone, whoever named it first."""
    html = render_answer('<h2 id="h-one">raw</h2>\n<h3 ID = h-one>raw</h3>\n\n## One').html
    assert re.findall(r'id="([^"]*)"', html) == ["h-one", "h-raw", "h-one-1"]


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[a](https://a.example)", '<a href="https://a.example" rel="nofollow noopener">a</a>'),
        ("[a](//a.example)", '<a href="//a.example" rel="nofollow noopener">a</a>'),
        (r"[a](/\a.example)", r'<a href="/\a.example" rel="nofollow noopener">a</a>'),
        ("<a href='/\t/a.example'>a</a>", '<a href="/\t/a.example" rel="nofollow noopener">a</a>'),
        ("<https://a.example>", '<a href="https://a.example" rel="nofollow noopener">https://a.example</a>'),
        ("[a](/learn 'b')", '<a href="/learn" title="b">a</a>'),
        ("[a](/)", '<a href="/">a</a>'),
        ("[a](#b)", '<a href="#b">a</a>'),
        ("[a](b/c)", '<a href="b/c">a</a>'),
        ("[a](../b.md)", '<a href="../b.md">a</a>'),
        ("[a](?b=1)", '<a href="?b=1">a</a>'),
        ("[a](tel:+1)", '<a href="tel:+1" rel="nofollow noopener">a</a>'),
        ("<a href='\x01//a.example'>a</a>", '<a href="\x01//a.example" rel="nofollow noopener">a</a>'),
        ("<a@b.example>", '<a href="mailto:a@b.example" rel="nofollow noopener">a@b.example</a>'),
    ],
)
def test_links_that_leave_say_so(source: str, html: str) -> None:
    """A link to another host gets nofollow and noopener; one within the site gets nothing."""
    assert render_answer(source).html == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("source", "html", "text"),
    [
        (r"One\ntwo\n\nThree", "<p>One\ntwo</p>\n<p>Three</p>\n", "One\ntwo\n\nThree"),
        ("a  \nb", "<p>a<br>\nb</p>\n", "a\nb"),
        (
            "a & b &lt; *c* **d** ~~e~~",
            "<p>a &amp; b &lt; <em>c</em> <strong>d</strong> <del>e</del></p>\n",
            "a & b < c d e",
        ),
        (
            "- a\n  - b\n\n3. c",
            '<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n<ol start="3">\n<li>c</li>\n</ol>\n',
            "a\nb\nc",
        ),
        ("1. a\n\n> b", "<ol>\n<li>a</li>\n</ol>\n<blockquote>\n<p>b</p>\n</blockquote>\n", "a\n\nb"),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>\n", "a\n\nb"),
        ("- [ ] a\n- [x] b", "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n</ul>\n", "☐ a\n☑ b"),
        (
            "```py\na = 1 < 2\n\n\nb\n```",
            '<pre><code class="language-py">a = 1 &lt; 2\n\n\nb\n</code></pre>\n',
            "a = 1 < 2\n\n\nb",
        ),
        ("    x $y$", "<pre><code>x $y$</code></pre>\n", "x $y$"),
        ("`a $b$`", "<p><code>a $b$</code></p>\n", "a $b$"),
        ("![a *b* ![c](d)](/e 'f')", '<p><img src="/e" alt="a b c" title="f"></p>\n', "a b c"),
        ("![a](/b)", '<p><img src="/b" alt="a"></p>\n', "a"),
        ("<div onclick=x>a &amp; b<script>c</script></div>", "<div>a &amp; b</div>", "a & b"),
        ("a <sub>b</sub>", "<p>a <sub>b</sub></p>\n", "a b"),
        (
            "a[^n]\n\n[^n]: b",
            (
                '<p>a<sup><a href="#fn-1" id="fnref-1">1</a></sup></p>\n<section class="footnotes">\n<ol>\n'
                '<li id="fn-1"><p>b <a href="#fnref-1">↩</a></p>\n</li>\n</ol>\n</section>\n'
            ),
            "a\n\nb",
        ),
        ("$ R $", "<p><math><mi>R</mi></math></p>\n", "R"),
        ("$$x$$", '<p><math display="block"><mi>x</mi></math></p>\n', "x"),
        (r"$\nx$", "<p><math><mi>x</mi></math></p>\n", "x"),
        (r"$\struct{<}$", r'<p><code class="formula">$\struct{&lt;}$</code></p>' + "\n", r"\struct{<}"),
        ("$26,000 to $30,000", "<p>$26,000 to $30,000</p>\n", "$26,000 to $30,000"),
        ("$a*b*c$ and [x]($y$)", None, "a * b * c and x"),
        ("", "", ""),
    ],
)
def test_markdown_becomes_html_and_text(source: str, html: str | None, text: str) -> None:
    """CommonMark with GitHub's tables, strikethrough and tasks; formulas are MathML, in text as people type them."""
    answer = render_answer(source)
    assert html is None or answer.html == html
    assert answer.text == text


def test_tables_keep_their_cells_apart() -> None:
    """A row is a line, a cell is set apart; alignment is an attribute."""
    answer = render_answer("| a | b |\n|:--|--:|\n| $x$ | 2 |")
    assert answer.text == "a | b\nx | 2"
    assert '<th align="left">a</th><th align="right">b</th>' in answer.html
    assert '<td align="left"><math><mi>x</mi></math></td>' in answer.html


def test_markdown_is_the_source_with_escapes_undone() -> None:
    """Nothing but the escapes changes."""
    assert render_answer(r"# A\n\n$ a \neq b $ *c*").markdown == "# A\n\n$ a \\neq b $ *c*"


def test_words_are_runs_of_other_than_white_space() -> None:
    """Markup is no word; what stands between white space is one."""
    assert render_answer(r"**One** two-three,\n- four $x + 1$").word_count == 6


@pytest.mark.parametrize(
    ("source", "lead"),
    [
        ("", ""),
        (r"# a\n\n- b\n\n    c  d", "a b c d"),
        ("a" * 2_000, "a" * 1_001),
        ("a " * 2_000, ("a " * 501)[:1_001]),
    ],
)
def test_lead_is_one_line(source: str, lead: str) -> None:
    """White space in the plain text is collapsed and 1,001 characters are kept."""
    assert render_answer(source).lead == lead


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    """Text that UTF-8 cannot hold is no reason to fail."""
    answer = render_answer("a \ud800 $\\neq \udfff$")
    assert answer.text == "a ? ≠ ?"
    assert undo_escapes("$\\neq \udfff$") == "$\\neq \udfff$"


def test_depth_is_bounded() -> None:
    """Elements nested too deep are left out, what they hold is not."""
    answer = render_answer("> " * 500 + "![deep *x*](y)")
    assert answer.html.count("<blockquote>") == 60
    assert answer.text == "deep x"


def test_raw_html_is_bounded() -> None:
    """Too many tags, or too many that nothing closes, are shown as text, and the author is told."""
    assert render_answer("<b>x</b> " * 501).html.count("<b>x</b>") == 501
    answer = render_answer("<b>" * (RAW_OPEN_MAX + 5))
    assert answer.html.count("&lt;b&gt;") == 5
    assert [loss.sentence for loss in answer.losses] == ["Raw HTML is shown as text from <b> on."]
    assert render_answer("<br>" * (RAW_MAX + 5)).html.count("&lt;br&gt;") == 5


def test_many_ampersands_survive_sanitizing() -> None:
    """The stand-in for ampersands leaves no trace."""
    text = "&<" * 10_001
    assert render_answer(text).html == "<p>" + "&amp;&lt;" * 10_001 + "</p>\n"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\xa0", "&nbsp;"), ("&nbsp;", "&nbsp;"), ("&#160;", "&nbsp;"), ("&#xA0;", "&nbsp;"), ("&amp;", "&amp;"),
        ("& ", "&amp; "), ("&#38;", "&amp;"), ("&foo;", "&amp;foo;"), ("&copy;", "©"), ("·", "·"), ("&lt;", "&lt;"),
    ],
)  # fmt: skip
def test_sanitizing_takes_linear_time(written: str, shown: str) -> None:
    """Whatever there are many of; half a megabyte of no-break spaces took eight seconds. Few are read by nh3 alone."""
    few = f'<p>{written}<a href="/x?{written}">y</a></p>'

    def work(count: int) -> None:
        many = f"<p>{written * count}</p>"
        assert sanitize(many) == f"<p>{shown * count}</p>"
        assert strip_tags(many) == shown * count

    assert is_linear(work, 20_000)
    assert sanitize(few * 5_001) == sanitize(few) * 5_001


def test_sanitizing_again_changes_nothing() -> None:
    """What was sanitised is stable."""
    html = render_answer("[a](https://b.example) $\\frac{a}{b}$ <b class=x>c</b>").html
    assert sanitize(html) == html


HOSTILE = [
    "$",
    "$x",
    "`",
    "` `` ",
    "[",
    "![",
    "\\n",
    "\\(",
    "$$x ",
    "```\\n",
    "'\\n",
    "> ",
    "- ",
    "<div>",
    "$(",
    "&",
    "|",
]


@uncounted
def test_hostile_repetition_is_rendered_in_bounded_time() -> None:
    """A quarter of a megabyte of any delimiter renders: nothing looks back at everything before it."""
    program = (
        "import sys; from graphql_api.rendering.render import render_answer\n"
        "for unit in sys.argv[1:]: render_answer(unit * (250_000 // len(unit)))"
    )
    subprocess.run([sys.executable, "-c", program, *HOSTILE], check=True, timeout=120)
