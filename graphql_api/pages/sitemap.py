"""Sitemaps (https://www.sitemaps.org/protocol.html): every listed page, in parts where one cannot hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphql_api.pages import xml
from graphql_api.pages.documents import XML, Document
from graphql_api.pages.listing import Listing, asked, listed_counts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from graphql_api.pages.documents import Generation, Site
    from graphql_api.store.layout import EntryLayout

MAX_URLS: Final = 50_000
"""What one sitemap may hold."""
_AT_ONCE: Final = 500
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_Part = tuple["EntryLayout", int, int]
"""A type, where in it a part begins, and how many pages it has."""


async def sitemap(generation: Generation, site: Site, number: int | None, most: int = MAX_URLS) -> Document | None:
    """Return the sitemap, or its index if there are more than `most` pages; with a number that part, None for none."""
    counts = await listed_counts(generation)
    parts = _parts(counts, most)
    is_index = sum(count for _, count in counts) > most
    if number is None:
        pieces = _index(generation, site, parts) if is_index else _pages(generation, site, parts)
        return Document(XML, pieces, is_long=True)
    if not is_index or not 0 < number <= len(parts):
        return None
    return Document(XML, _pages(generation, site, [parts[number - 1]]), is_long=True)


def _parts(counts: Sequence[tuple[EntryLayout, int]], most: int) -> list[_Part]:
    return [(entry, start, min(most, count - start)) for entry, count in counts for start in range(0, count, most)]


async def _index(generation: Generation, site: Site, parts: Sequence[_Part]) -> AsyncIterator[str]:
    yield f'{xml.HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n'
    for number, part in enumerate(parts, 1):
        changed = await _last_change(generation, part)
        address = xml.element("loc", site.own(f"/sitemap-{number}.xml"))
        yield f"<sitemap>\n{address}{xml.element('lastmod', changed)}</sitemap>\n"
    yield "</sitemapindex>\n"


async def _last_change(generation: Generation, part: _Part) -> str:
    entry, start, count = part
    listing = Listing(generation.prepared.layout, entry)
    rows = f"SELECT {listing.values.modified} AS changed FROM {listing.scope.rows()} WHERE {listing.is_listed}"
    page = f"ORDER BY {listing.values.path} LIMIT ?1 OFFSET ?2"
    last = f"SELECT CAST(json_quote(max(changed)) AS BLOB) FROM ({rows} {page})"
    return str(await asked(generation, last, count, start))


async def _pages(generation: Generation, site: Site, parts: Sequence[_Part]) -> AsyncIterator[str]:
    yield f'{xml.HEAD}<urlset xmlns="{_NAMESPACE}">\n'
    for part in parts:
        async for rows in _rows(generation, part):
            addresses = [(site.page(url), changed) for url, changed in rows]
            yield "".join(
                f"<url>\n{xml.element('loc', address)}{xml.element('lastmod', changed)}</url>\n"
                for address, changed in addresses
                if site.has(address)
            )
    yield "</urlset>\n"


async def _rows(generation: Generation, part: _Part) -> AsyncIterator[list[tuple[str, str]]]:
    """Yield the (url, last change) of the pages of a part, in the order of the urls."""
    entry, start, left = part
    listing = Listing(generation.prepared.layout, entry)
    values = listing.values
    first = listing.statement([values.path, values.modified], [], f"ORDER BY {values.path} LIMIT ?1 OFFSET ?2")
    further = listing.statement(
        [values.path, values.modified], [f"{values.path} > ?2"], f"ORDER BY {values.path} LIMIT ?1"
    )
    rows = await asked(generation, first, min(left, _AT_ONCE), start)
    while rows:
        yield rows
        left -= len(rows)
        rows = await asked(generation, further, min(left, _AT_ONCE), rows[-1][0]) if left > 0 else []
