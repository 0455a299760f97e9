"""The types that every schema has, written out."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry

from graphql_api.schema.making import Argument, Member, empty_class, make_type, many, optional
from graphql_api.schema.mapping import Identifier, Part, Special, metadata
from graphql_api.schema.scalars import JSON, Url

DEFAULT_EXCERPT = 200


@strawberry.interface(description="Something that has an id and can be asked for by it.")
class Node:
    """An entry."""

    id: strawberry.ID = strawberry.field(
        description="Opaque; stable over reloads and machines.", metadata=metadata(Identifier())
    )


@strawberry.enum(description="Where a reference leads.")
class ReferenceStatus(Enum):
    """See the descriptions."""

    RESOLVED = strawberry.enum_value("RESOLVED", description="To the entry that has the key.")
    RESOLVED_BY_ID = strawberry.enum_value(
        "RESOLVED_BY_ID", description="No entry has the key, but one has the other fields that are compared."
    )
    SELF = strawberry.enum_value("SELF", description="To the entry that names it.")
    DANGLING = strawberry.enum_value("DANGLING", description="Nowhere.")


Heading, RichText, Image, File, Snippet, PageInfo, PageMeta = (
    empty_class(name) for name in ("Heading", "RichText", "Image", "File", "Snippet", "PageInfo", "PageMeta")
)
_text: Any = str
_url: Any = Url

make_type(
    Heading,
    [
        Member("level", int, Part(0), "1 for the highest, 6 for the lowest."),
        Member("text", str, Part(1), "The heading without markup."),
        Member("anchor", str, Part(2), "The id of this heading in the html."),
    ],
    "One heading of a text.",
)
make_type(
    RichText,
    [
        Member("markdown", str, Part(0, "MARKDOWN"), "Markdown as the author wrote it, formulas as LaTeX."),
        Member(
            "html", str, Part(1, "HTML"), "HTML that is safe to show: sanitised, formulas as MathML, headings with ids."
        ),
        Member("text", str, Part(2, "TEXT"), "Plain text without markup."),
        Member("headings", many(Heading), Part(3, "HEADINGS"), "The headings in their order, for a table of contents."),
        Member("wordCount", int, Part(5, "WORDS"), "How many words the plain text has."),
        Member(
            "readingMinutes",
            int,
            Part(6, "MINUTES"),
            "Minutes to read it at 200 words a minute, rounded up, at least 1.",
        ),
        Member(
            "excerpt",
            str,
            Special("excerpt"),
            'The start of the plain text on one line, cut at a word; ends with "…" when something was cut.',
            [Argument("length", int, "At most this many characters, 1 to 1000.", DEFAULT_EXCERPT)],
        ),
    ],
    "Text in every form that a page needs, all made when the content was loaded.",
)
make_type(
    Image,
    [
        Member("src", str, Part(0), "Its path or url, as written."),
        Member("alt", optional(_text), Part(1), "What it shows, for those who do not see it."),
        Member("width", optional(int), Part(2), "In pixels; null where it was not measured."),
        Member("height", optional(int), Part(3), "In pixels; null where it was not measured."),
    ],
    "An image.",
)
make_type(
    File,
    [
        Member("src", str, Part(0), "Its path or url, as written."),
        Member("size", optional(int), Part(1), "In bytes; null where it was not measured."),
    ],
    "A file.",
)
make_type(
    Snippet,
    [
        Member("text", str, Special("snippetText"), "Plain text around the match."),
        Member("html", str, Special("snippetHtml"), "The same, escaped for HTML, each match in a mark element."),
    ],
    "The part of an entry that matched.",
)
make_type(
    PageInfo,
    [
        Member("hasNextPage", bool, Special("hasNextPage"), "Whether something follows the page."),
        Member("hasPreviousPage", bool, Special("hasPreviousPage"), "Whether something precedes the page."),
        Member(
            "startCursor",
            optional(_text),
            Special("startCursor"),
            "The cursor of its first one; null when it is empty.",
        ),
        Member(
            "endCursor", optional(_text), Special("endCursor"), "The cursor of its last one; null when it is empty."
        ),
    ],
    "Where a page stands in its list.",
)
make_type(
    PageMeta,
    [
        Member(
            "canonicalUrl", Url, Special("pageCanonicalUrl"), "The page's address, absolute if the site's is known."
        ),
        Member(
            "robots", str, Special("pageRobots"), "What crawlers may do with it, for the meta element of that name."
        ),
        Member("title", str, Special("pageTitle"), "The title for the head of the page and for link previews."),
        Member(
            "description",
            optional(_text),
            Special("pageDescription"),
            "What the page is about: as the author says, else the start of its text.",
        ),
        Member("image", optional(_url), Special("pageImage"), "The address of the image for link previews."),
        Member(
            "jsonLd",
            JSON,
            Special("pageJsonLd"),
            "The page in the words of schema.org, and where it stands in the site.",
        ),
    ],
    "What the head of a page needs: for search engines and for link previews.",
)
