"""Sanitizing: the last step of rendering, over the whole of an answer's HTML, whatever it came from.

An allow-list: what is not named here does not leave. MathML elements and attributes are those that math-core writes.
"""

from __future__ import annotations

import re
from typing import Final

import nh3

MATHML_TAGS: Final = frozenset(
    """
    math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow mspace msqrt msub msubsup
    msup mtable mtd mtext mtr munder munderover
    """.split(),  # noqa: SIM905 - a word list reads best as words
)
HTML_TAGS: Final = frozenset(
    """
    a abbr b blockquote br caption cite code dd del details dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark
    ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var
    """.split(),  # noqa: SIM905 - as above
)
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
_HTML_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "code": {"class"},
    "div": {"id"},
    "img": {"alt", "height", "src", "title", "width"},
    "ol": {"start"},
    "span": {"class"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
ATTRIBUTES: Final = (
    _HTML_ATTRIBUTES
    | {tag: {"style"} for tag in MATHML_TAGS}
    | {tag: {*names, "style"} for tag, names in _MATHML_ATTRIBUTES.items()}
)
STYLE_PROPERTIES: Final = frozenset(
    """
    border-bottom border-left border-right border-top color font-size font-variant-caps height justify-items margin-left
    margin-right math-depth math-style padding-bottom padding-left padding-right padding-top text-align text-indent
    vertical-align width
    """.split(),  # noqa: SIM905 - as above
)
URL_SCHEMES: Final = frozenset({"http", "https", "mailto"})
EXTERNAL_REL: Final = "nofollow noopener"

# nh3's time grows with the square of the ampersands. Any other character can stand for them: "&amp;" is inert anywhere.
_AMPERSANDS_MAX = 10_000
_AMPERSAND = "\U000f0002"

_CLASS = re.compile(r"formula|language-[\w+#.-]{1,40}|(?:math-core|menclose)-[a-z-]{1,40}")
_ID = re.compile(r"h-\S+|fn-[1-9]\d*")
_STYLE = re.compile(r"[\w\s:;.,#%+-]*")  # no brackets, quotes or backslashes: so no url() and no escapes
_OWN_LINK = re.compile(rf'(<a href="(?:#[^\s"]*|/(?:\w[^\s"]*)?)"(?: title="[^"]*")?) rel="{EXTERNAL_REL}"')
# No character that is written as a reference, none that a parser replaces, and what most formulas are made of.
_CLEAN_MATHML = re.compile(
    r"""
    <math (?:[ ]display="block")? >
    (?: [^<&\x00-\x1f\x7f-\xa0]++
      | </?m(?:frac|i|n|o|over|root|row|sqrt|sub|subsup|sup|text|under|underover)>
      | <mo (?:[ ]stretchy="(?:true|false)")? (?:[ ]lspace="[0-9.]+(?:em)?")? (?:[ ]rspace="[0-9.]+(?:em)?")? >
    )*+
    </math>
    """,
    re.VERBOSE,
)


def _filter_attribute(_tag: str, name: str, value: str) -> str | None:
    """Keep the classes, ids and plain styles that rendering gives; others could borrow the page's own."""
    if name == "class":
        return value if _CLASS.fullmatch(value) else None
    if name == "id":
        return value if _ID.fullmatch(value) else None
    if name == "style":
        return value if _STYLE.fullmatch(value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=HTML_TAGS | MATHML_TAGS,
    clean_content_tags={"iframe", "noembed", "noscript", "script", "style", "template", "textarea", "title", "xmp"},
    attributes=ATTRIBUTES,
    attribute_filter=_filter_attribute,
    link_rel=EXTERNAL_REL,
    url_schemes=URL_SCHEMES,
    filter_style_properties=STYLE_PROPERTIES,
)
_TEXT_CLEANER = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style"})


def sanitize(html: str) -> str:
    """Return the allowed part of `html`; a link that leaves the site says nofollow and noopener."""
    if html.count("&amp;") > _AMPERSANDS_MAX:
        clean = _CLEANER.clean(html.replace("&amp;", _AMPERSAND)).replace(_AMPERSAND, "&amp;")
    else:
        clean = _CLEANER.clean(html)
    # What nh3 writes is well formed, with every quote in a value escaped, so this can only meet whole tags.
    return _OWN_LINK.sub(r"\1", clean) if EXTERNAL_REL in clean else clean


def is_clean_mathml(html: str) -> bool:
    """Say whether a formula, as math-core writes it, has nothing in it that `sanitize` would change; else False."""
    return _CLEAN_MATHML.fullmatch(html) is not None


def strip_tags(html: str) -> str:
    """Return `html` without any tag, comment or script; entities stay."""
    return _TEXT_CLEANER.clean(html)
