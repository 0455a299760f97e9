"""Cache tags: the headers by which caches in front know what is in an answer (`Cache-Tag`, `Surrogate-Key`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graphql_api.engine.tagging import Tags
    from graphql_api.server.http_message import Headers

MAX_BYTES: Final = 3_072
"""Of both headers together: the buffer in which proxies keep all headers of an answer has 4 KiB."""


def tag_headers(tags: Tags) -> Headers:
    """Return the headers that name what an answer depends on: entries and types, or types alone if those are many.

    Cloudflare, Netlify and Akamai split `Cache-Tag` at commas, Fastly and Varnish `Surrogate-Key` at blanks.
    """
    names = (*tags.types, *tags.entries)
    if 2 * sum(len(name) + 1 for name in names) > MAX_BYTES:
        names = tags.types
    if not names:
        return ()
    return (b"cache-tag", ",".join(names).encode()), (b"surrogate-key", " ".join(names).encode())
