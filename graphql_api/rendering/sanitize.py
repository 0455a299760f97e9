"""Sanitizing: the last step of rendering, over the whole of an answer's HTML, whatever it came from.

An allow-list: what is not named here does not leave. MathML elements and attributes are those that math-core writes.
"""

from __future__ import annotations

import re
import secrets
from html import unescape
from typing import Final

import nh3

from graphql_api.rendering.links import URL_SCHEMES, are_allowed, forbidden_scheme, is_within_site

MATHML_TAGS: Final = frozenset(
    """
    math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow mspace msqrt msub msubsup
    msup mtable mtd mtext mtr munder munderover
    """.split(),  # noqa: SIM905 - a word list reads best as words
)
HTML_TAGS: Final = frozenset(
    """
    a abbr aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption
    figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp section small source span
    strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr
    """.split(),  # noqa: SIM905 - as above
)
EMPTIED_TAGS: Final = frozenset(
    ("iframe", "noembed", "noscript", "script", "style", "template", "textarea", "title", "xmp")
)
"""Elements that go with all that they hold: it is no text."""
_MATHML_ATTRIBUTES: Final = {
    "math": {"display"},
    "menclose": {"notation"},
    "mfrac": {"displaystyle", "linethickness", "scriptlevel"},
    "mi": {"mathvariant"},
    "mo": {
        *("accent", "fence", "form", "largeop", "lspace", "maxsize", "minsize", "movablelimits", "rspace"),
        *("separator", "stretchy", "symmetric"),
    },
    "mover": {"accent", "displaystyle", "scriptlevel"},
    "mpadded": {"depth", "height", "lspace", "voffset", "width"},
    "mrow": {"class", "displaystyle", "scriptlevel"},
    "mspace": {"depth", "height", "width"},
    "mtable": {"columnalign", "displaystyle", "rowspacing", "scriptlevel"},
    "mtd": {"columnspan", "rowspan"},
    "munder": {"accent", "accentunder"},
    "munderover": {"accent", "accentunder"},
}
_EVERYWHERE: Final = {"class", "dir", "id", "lang", "title"}
_HTML_ATTRIBUTES: Final = {
    "a": {"href"},
    "audio": {"controls", "loop", "muted", "preload", "src"},
    "blockquote": {"cite"},
    "col": {"align", "span"},
    "colgroup": {"align", "span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "div": {"align"},
    "img": {"align", "alt", "height", "loading", "sizes", "src", "srcset", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "p": {"align"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "table": {"align"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "tr": {"align"},
    "video": {"controls", "height", "loop", "muted", "playsinline", "poster", "preload", "src", "width"},
    **{f"h{level}": {"align"} for level in range(1, 7)},
}
ATTRIBUTES: Final = (
    {tag: _EVERYWHERE | _HTML_ATTRIBUTES.get(tag, set()) for tag in HTML_TAGS}
    | {tag: {"style"} for tag in MATHML_TAGS}
    | {tag: {*names, "style"} for tag, names in _MATHML_ATTRIBUTES.items()}
)
STYLE_PROPERTIES: Final = frozenset(
    """
    background-color border-bottom border-left border-right border-top color font-size font-variant-caps height
    justify-items margin-left margin-right math-depth math-style padding-bottom padding-left padding-right
    padding-top text-align text-indent vertical-align width
    """.split(),  # noqa: SIM905 - as above
)
EXTERNAL_REL: Final = "nofollow noopener"

# nh3's time grows with the square of the ampersands and no-break spaces that it writes, and of signs that share their
# first byte in UTF-8. Others can stand for them: "&amp;", "&nbsp;" and signs like "©" are inert anywhere.
_ESCAPED_MAX = 10_000
_AMPERSAND, _SPACE = "\U000f0002", "\U000f0005"
_SIGNS = {code: 0xF0100 + code for code in range(0x80, 0xC0) if code != ord("\xa0")}
_SIGNS_BACK = {stand_in: code for code, stand_in in _SIGNS.items()}
_REFERENCE = re.compile(r"\xa0|&(?:#[0-9]{1,9};|#[xX][0-9A-Fa-f]{1,8};|[A-Za-z][A-Za-z0-9]{0,40};)?")

_CLASS = re.compile(
    r"""
      formula | language-[\w+#.-]{1,40} | (?:math-core|menclose)-[a-z-]{1,40}
    | note | tip | important | warning | caution | info | danger | admonition | footnotes
    | left | right | center | caption | lead | small | highlight | (?:align-?|text-)(?:left|right|center)
    """,
    re.VERBOSE,
)
_EMPTY_SPACE = re.compile(r"(<mspace[^<>/]*)/>")
_STYLE = re.compile(r"[\w\s:;.,#%+-]*")  # no brackets, quotes or backslashes: so no url() and no escapes
_FOREIGN_LINK = re.compile(rf'<a((?: [a-z]+="[^"]*")*?) rel="{EXTERNAL_REL}">')
_HREF = re.compile(r' href="([^"]*)"')
# Nobody who writes an answer knows it: ids that begin with it are ours, others are not shown.
_OWN_ID = f"{secrets.token_hex(8)}-"
# No character that is written as another reference, none that a parser replaces, and what most formulas are made of.
_CLEAN_MATHML = re.compile(
    r"""
    <math (?:[ ]display="block")? >
    (?: [^<&\x00-\x1f\x7f-\xa0]++
      | </?m(?:frac|i|n|o|over|root|row|space|sqrt|sub|subsup|sup|table|td|text|tr|under|underover)>
      | &(?:amp|gt|lt|nbsp);
      | <m(?:frac[ ]linethickness="0"|i[ ]mathvariant="normal"|o[ ]form="(?:infix|postfix)"|over[ ]accent="true")>
      | <mspace[ ]width="-?[0-9.]+em">
      | <mtable[ ]displaystyle="(?:true|false)"[ ]scriptlevel="0">
      | <mo (?:[ ]stretchy="(?:true|false)")? (?:[ ]lspace="[0-9.]+(?:em)?")? (?:[ ]rspace="[0-9.]+(?:em)?")? >
    )*+
    </math>
    """,
    re.VERBOSE,
)


def _filter_attribute(_tag: str, name: str, value: str) -> str | None:
    """Keep the classes, ids and plain styles that rendering gives; others could borrow the page's own."""
    if name == "class":
        return " ".join(filter(_CLASS.fullmatch, value.split())) or None
    if name == "id":
        return value.removeprefix(_OWN_ID) if value.startswith(_OWN_ID) else None
    if name in {"src", "poster", "cite"}:
        return None if forbidden_scheme(value) else value
    if name == "srcset":
        return value if are_allowed(value) else None
    if name == "style":
        return value if _STYLE.fullmatch(value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=HTML_TAGS | MATHML_TAGS,
    clean_content_tags=set(EMPTIED_TAGS),
    attributes={**ATTRIBUTES, "*": set()},  # else `lang` and `title` pass everywhere
    attribute_filter=_filter_attribute,
    link_rel=EXTERNAL_REL,
    url_schemes=set(URL_SCHEMES),
    filter_style_properties=STYLE_PROPERTIES,
)
_TEXT_CLEANER = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style"})


def is_lost_class(classes: str) -> bool:
    """Say whether a name among classes is none that may be shown."""
    return not all(map(_CLASS.fullmatch, classes.split()))


def own_id(anchor: str) -> str:
    """Return an id as `sanitize` must find it to keep it: only rendering gives any."""
    return _OWN_ID + anchor


def sanitize(html: str, origin: str | None = None) -> str:
    """Return the allowed part of `html`; a link that leaves the site of `origin` says nofollow and noopener."""
    clean = _cleaned(_CLEANER, html)
    if EXTERNAL_REL not in clean:
        return clean

    def told(match: re.Match[str]) -> str:
        href = _HREF.search(match[1])
        is_own = href is None or is_within_site(href[1], origin)
        return f"<a{match[1]}>" if is_own else match[0]

    # What nh3 writes is well formed, with every quote in a value escaped, so this can only meet whole tags.
    return _FOREIGN_LINK.sub(told, clean)


def _cleaned(cleaner: nh3.Cleaner, html: str) -> str:
    if html.count("&") + (0 if html.isascii() else html.encode().count(b"\xc2")) <= _ESCAPED_MAX:
        return cleaner.clean(html)
    spared = cleaner.clean(_REFERENCE.sub(_spared, html).translate(_SIGNS))
    return spared.translate(_SIGNS_BACK).replace(_AMPERSAND, "&amp;").replace(_SPACE, "&nbsp;")


def _spared(match: re.Match[str]) -> str:
    """Return what stands for an ampersand or a no-break space, or is meant; what is markup otherwise stays."""
    character = unescape(match[0])
    if character == "\xa0":
        return _SPACE
    if character and min(character) > "\xa0":
        return character
    # What is no reference is an ampersand, and so is one without its semicolon: there are thousands of them.
    return _AMPERSAND + character[1:] if character.startswith("&") else match[0]


def normal_mathml(mathml: str) -> str:
    """Return a formula, as math-core writes it, in the way in which `sanitize` writes spaces."""
    if "/>" in mathml:
        mathml = _EMPTY_SPACE.sub(r"\1></mspace>", mathml).replace("&ApplyFunction;", "\u2061")
    return mathml.replace("\xa0", "&nbsp;") if "\xa0" in mathml else mathml


def is_clean_mathml(html: str) -> bool:
    """Say whether a formula, as math-core writes it, has nothing in it that `sanitize` would change; else False."""
    return _CLEAN_MATHML.fullmatch(html) is not None


def strip_tags(html: str) -> str:
    """Return `html` without any tag, comment or script; entities stay."""
    return _cleaned(_TEXT_CLEANER, html)
