"""llms.txt (https://llmstxt.org): the listed pages for language models, each with its address as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphql_api.model.names import constant
from graphql_api.pages.about import about
from graphql_api.pages.documents import PLAIN, Document
from graphql_api.pages.listing import Listing, asked, listed_counts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graphql_api.pages.documents import Generation, Site
    from graphql_api.store.layout import EntryLayout

_AT_ONCE: Final = 250
_MARKS: Final = str.maketrans({"[": r"\[", "]": r"\]", "\\": r"\\"})


async def llms_text(generation: Generation, site: Site) -> Document:
    """Return what there is to read on the site."""
    return Document(PLAIN, _pieces(generation, site), is_long=True)


def words_of(name: str) -> str:
    """Return the words of a field's or a list's name as a heading: "relatedPosts" is "Related posts"."""
    words = " ".join(constant(name).lower().split("_"))
    return words[:1].upper() + words[1:]


def one_line(text: str) -> str:
    """Return a text without line ends and control characters."""
    return " ".join("".join(" " if ord(each) < ord(" ") or each == "\x7f" else each for each in text).split())


def link(name: str, address: str) -> str:
    """Return a link in Markdown; addresses are encoded already."""
    return f"[{one_line(name).translate(_MARKS)}]({address.replace('(', '%28').replace(')', '%29')})"


async def _pieces(generation: Generation, site: Site) -> AsyncIterator[str]:
    told = await about(generation, site)
    summary = f"\n> {one_line(told.description)}\n" if told.description else ""
    yield f"# {one_line(told.name)}\n{summary}"
    for entry, count in await listed_counts(generation):
        if count:
            yield f"\n## {words_of(entry.type.plural or entry.type.name)}\n\n"
            async for lines in _lines(generation, site, entry):
                yield lines


async def _lines(generation: Generation, site: Site, entry: EntryLayout) -> AsyncIterator[str]:
    after: list[str] = []
    while True:
        listing = Listing(generation.prepared.layout, entry)
        values = listing.values
        members = [values.path, values.name, values.description]
        where = [f"{values.path} > ?2"] if after else []
        sql = listing.statement(members, where, f"ORDER BY {values.path} LIMIT ?1")
        rows = await asked(generation, sql, _AT_ONCE, *after)
        if not rows:
            return
        yield "".join(_line(site, *row) for row in rows)
        after = [rows[-1][0]]


def _line(site: Site, url: str, name: str, description: str | None) -> str:
    more = f": {one_line(description)}" if description else ""
    return f"- {link(name, site.markdown(url))}{more}\n"
