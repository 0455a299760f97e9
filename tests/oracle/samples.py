"""Samples: values of every kind, good, odd and bad, that generated files are made of."""

from __future__ import annotations

import base64
from typing import Any

from tests.oracle.documents import Plain

PICTURE = "media/dot.png"
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAC0lEQVR4nGNgQAAAAAgAAUWG0VYAAAAASUVORK5CYII=")
NAMES = (
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "one-two",
    "2024-notes",
    "2024-02-29-snow",
    "2023-13-01-ice",
)
# U+FF5E sorts before U+1F600 by code point and after it by UTF-16 unit; ß is two letters when its case is folded.
TEXTS = (
    "Élan",
    "élan",
    "ELAN vital",
    "Straße",
    "STRASSE",
    "100%",
    "a_b",
    "back\\slash",
    'a"b',
    "～wave",
    "😀 grin",
    "zebra",
    "it: is",
    "# no",
    "a, b",
    "a,b ,, c",
    "One. Two!",
)
_NULLS = ("null", "Null", "~")
PLAIN_TEXTS = ("No", "on", "012", "1:30:00", "0x1F", "1_000", "1e3", ".5", "yes", "true", "2024-01-01", *_NULLS)
TAGS = ("deep sea", "Deep Sea", "deep-sea", "Art", "art", "Älter", "news!", "2024", "a b")
DAYS = ("2019-12-31", "2023-02-01", "2024-02-29", "2024-11-30", "2024-03-01")
MOMENTS = (
    "2024-02-29",
    "2017-12-10 20:04:31 -0200",
    "2024-02-29T08:00:00Z",
    "2024-02-29T08:00:00.25Z",
    "2024-02-29 09:00 +01:00",
    "2023-01-01t00:00:00+05:30",
)
_BAD_DAYS = ("2021-02-29", "2024-1-1", "01/02/2024", "2024-13-01", "tomorrow", "0000-01-01")
_BAD_MOMENTS = ("2021-02-29", "2024-02-29T25:00:00Z", "2024-02-29T08:00:00", "now", "2024-02-29T08:00:00+99:00")
URLS = ("https://example.org/a", "/about", "/a/b#c", "mailto:a@b.c")
MOODS = ("CALM", "calm", "Wild", "very sad+", "VERY-SAD+")
MARKDOWN = (
    "# Part\n\nSome *words*.\n\n## More & more\n\n- one\n- two",
    "One line.",
    "a\\nb $\\nu$ `x\\n`",
    "<b>x</b> [a](/b)",
)
JSX = (
    'import Box from "./box"\n\nSome *words*.',
    "One line.\n\n<Box>in it</Box>",
    "`<Box>` is code.\n\n```\n<Box/>\n```\n",
    "# Part\n\nexport const a = 1\n",
    "Words with <b>HTML</b> and a <br>.",
)
ODD: tuple[Any, ...] = (
    [],
    {},
    "",
    "  ",
    None,
    ["a", "b"],
    {"odd": "thing"},
    "12",
    Plain("12"),
    Plain("true"),
    Plain("1.5"),
    7,
    "x" * 70,
    [None, "a", ""],
)

PLAIN = ("Int", "Float", "Boolean", "Date", "DateTime")
# The good values of each kind, and bad ones.
SCALARS: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "Int": (("1", "2", "3", "5", "+4", "-7", "012", "0x1F"), ("99999999999",)),
    "Float": (("1", "0.5", "-2.25", "1e-9", ".5"), (".inf",)),
    "Boolean": (("true", "false", "True"), ("yes",)),
    "Date": (DAYS, _BAD_DAYS),
    "DateTime": (MOMENTS, _BAD_MOMENTS),
    "Url": (URLS, ("not a url",)),
    "ID": (("a1", Plain("007"), 12, "A1"), ()),
    "JSON": (({"a": [Plain("1"), None, "x"]}, [Plain("1.50")], Plain("no"), Plain("3"), "3"), ()),
    "Image": (
        (
            "/img/a.png",
            "https://example.org/a.png",
            "gone.png",
            {"src": "/b.png", "alt": "B", "width": Plain("3")},
            {"src": "", "alt": ""},
        ),
        (),
    ),
    "File": (("/a.pdf", "gone.pdf"), ()),
    "RichText": (MARKDOWN, ()),
    "String": (TEXTS, ()),
}
