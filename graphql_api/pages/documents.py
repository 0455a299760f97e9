"""Documents: what a page for crawlers is made of, whatever it holds, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote

from msgspec import Struct

from graphql_api.store.addresses import absolute_url, page_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from graphql_api.store.layout import Layout

XML: Final = "application/xml"
ATOM: Final = "application/atom+xml"
PLAIN: Final = "text/plain"
MARKDOWN: Final = "text/markdown"
_KEPT: Final = "/:@!$&'()*+,;=~"


class Documents(Protocol):
    """What was made of a generation's model."""

    @property
    def layout(self) -> Layout:
        """Where the entries are."""
        ...


class Generation(Protocol):
    """One content set: nothing of it changes while it is asked."""

    @property
    def prepared(self) -> Documents:
        """What was made of its model."""
        ...

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[bytes]:
        """Return the statement's one row. Raises RequestError or StoreError."""
        ...


class Document(Struct, frozen=True):
    """A page: its text in pieces, which are made as they are asked for.

    One that `is_long` is sent piece by piece. `canonical` is the address of what it is another form of, "" for nothing.
    """

    media_type: str
    pieces: AsyncIterator[str]
    is_long: bool = False
    canonical: str = ""


class Moved(Struct, frozen=True):
    """A page that is elsewhere now: at the path `path` of this server."""

    path: str


class Site(Struct, frozen=True):
    """Where pages are: `origin` is the site's, and what this server answers is below `base_path` there."""

    origin: str
    base_path: str = ""

    @property
    def host(self) -> str:
        """The name of the site where nobody gives it another one."""
        return self.origin.partition("://")[2] or self.origin

    def page(self, url: str) -> str:
        """Return the absolute address of an entry's page."""
        return absolute_url(url, self.origin)

    def own(self, path: str) -> str:
        """Return the absolute address of a path that this server answers."""
        return f"{self.origin}{self.base_path}{path}"

    def has(self, address: str) -> bool:
        """Return whether an absolute address is one of this site."""
        return address.startswith(f"{self.origin}/") or address == self.origin

    def markdown(self, url: str) -> str:
        """Return the address of an entry's page as Markdown; of a page elsewhere, that page's."""
        path = markdown_path(url, self.origin)
        return self.own(path) if path else self.page(url)


def markdown_path(url: str, origin: str = "") -> str:
    """Return the path of an entry as Markdown, encoded; "" for one whose url is no path of the site."""
    key = page_key(url, origin)
    if not key.startswith("/") or key.startswith("//") or "?" in key:
        return ""
    return quote("/index" if key == "/" else key, safe=_KEPT) + ".md"


async def whole(text: str) -> AsyncIterator[str]:
    """Yield a text in one piece."""
    yield text
