"""What crawlers and feed readers ask: sitemaps, feeds, llms.txt and entries as Markdown, over HTTP.

A short page is made whole and has its body's entity tag. A long one is sent piece by piece; its tag names what it is
made of, so that a client that has it already costs nothing. Both are cached as they were sent, if small enough.

What makes a page is imported when one is first asked for: many servers never are.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Protocol

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from graphql_api.errors import ClientBudgetError, NoGenerationError, RequestError, StoreError
from graphql_api.pages.documents import Document, Moved, Site
from graphql_api.server import encodings
from graphql_api.server.cache_control import usual
from graphql_api.server.entity_tags import entity_tag
from graphql_api.server.graphql_refusals import refusal_of, too_busy
from graphql_api.server.http_message import HTTPError, HTTPResponse
from graphql_api.server.page_requests import RETRY_AFTER_SECONDS, busy, header, origin_of, unreadable
from graphql_api.server.page_streams import Collected, PageStream, PageStreams, tag_of_long_page
from graphql_api.server.routes import MoreRoute
from graphql_api.server.stream_encodings import encoder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from contextlib import AbstractContextManager

    from starlette.requests import Request

    from graphql_api.pages.documents import Generation
    from graphql_api.server.client_budgets import ClientBudgets
    from graphql_api.server.http_message import Headers
    from graphql_api.server.response_cache import Key, ResponseCache

    Make = Callable[[Generation, Site, Request], Awaitable[Document | Moved | None]]

_LOGGER: Final = logging.getLogger(__name__)
_METHODS: Final = ("GET", "HEAD")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")


class HeldGeneration(Protocol):
    """A generation that stays open while somebody holds it."""

    @property
    def edition(self) -> str:
        """What tells it from every other one."""
        ...

    def held(self) -> AbstractContextManager[None]:
        """Keep it open."""
        ...


class Store(Protocol):
    """Where the pages come from."""

    async def current(self) -> Any:  # noqa: ANN401 - a Generation that is a HeldGeneration too
        """Return the current generation. Raises NoGenerationError or StoreError."""
        ...


class Crawlers:
    """The pages of one store, for the site at `site_url`; without that, for the one by whose address they are asked.

    `cache` keeps them, None keeps none; `cache_control` is told to the caches of others.
    """

    def __init__(
        self,
        store: Store,
        site_url: str = "",
        base_path: str = "",
        *,
        cache: ResponseCache | None = None,
        cache_control: str = "",
        most_urls: int | None = None,
        budgets: ClientBudgets | None = None,
    ) -> None:
        """Keep them; a sitemap has `most_urls` at the most, without that as many as it may.

        `budgets` bound what clients ask for; None is no bound.
        """
        self._store = store
        self._site_url = site_url
        self._base_path = base_path
        self._cache = cache
        self._caching = (b"cache-control", usual(cache_control))
        self._most_urls = most_urls
        self._budgets = budgets
        self._streams = PageStreams()

    def routes(self) -> list[MoreRoute]:
        """Return which path leads to which page."""
        pages: dict[str, Make] = {
            "/sitemap.xml": self._sitemap,
            "/sitemap-{number:str}.xml": self._part,
            "/feed.xml": _feed,
            "/{plural}/{key:path}/feed.xml": _group_feed,
            "/llms.txt": _llms_text,
            "/{path:path}.md": _entry,
        }
        return [MoreRoute(path, self._endpoint(make), _METHODS) for path, make in pages.items()]

    def _sitemap(self, generation: Generation, site: Site, request: Request) -> Awaitable[Document | None]:
        from graphql_api.pages.sitemap import MAX_URLS, sitemap

        number = request.path_params.get("number")
        return sitemap(generation, site, number and int(number), self._most_urls or MAX_URLS)

    async def _part(self, generation: Generation, site: Site, request: Request) -> Document | None:
        is_one = _NUMBER.fullmatch(request.path_params["number"])
        return await self._sitemap(generation, site, request) if is_one else None

    def _endpoint(self, make: Make) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await self._answer(request, make)
            except (NoGenerationError, ClientBudgetError) as error:
                return _refusal(refusal_of(error, RETRY_AFTER_SECONDS))
            except RequestError as error:  # a deadline, or a server that has too much to do
                return _refusal(busy(error))
            except StoreError:
                _LOGGER.exception("The store cannot be read")
                return _refusal(unreadable())

        return answer

    async def _answer(self, request: Request, make: Make) -> Response:
        codings = encodings.negotiate(header(request, b"accept-encoding"))
        if codings.long is None or codings.short is None:
            return _refusal(encodings.not_acceptable())
        site = Site(self._site_url or origin_of(request), self._base_path)
        generation = await self._store.current()
        with ExitStack() as hold:
            hold.enter_context(generation.held())
            page = _Page(self, generation, site, request, codings)
            if kept := page.kept():
                return _as_asked(kept, request)
            if self._budgets is not None and request.client:
                self._budgets.spend(request.client.host, 0)
            document = await make(generation, site, request)
            if document is None:
                raise HTTPException(404)
            if isinstance(document, Moved):
                caching = {"cache-control": self._caching[1].decode("ascii")}
                return RedirectResponse(f"{self._base_path}{document.path}", 301, caching)
            if document.is_long and self._streams.is_full:
                return _refusal(too_busy())
            if document.is_long:
                hold.enter_context(self._streams.one())
                return page.streamed(document, hold.pop_all())
            return _as_asked(await page.whole(document), request)

    def headers(self, document: Document) -> Headers:
        """Return the header lines of a page, but for its tag and its coding."""
        lines: Headers = (
            (b"content-type", f"{document.media_type}; charset=utf-8".encode()),
            (b"vary", b"Accept-Encoding"),
            (b"x-content-type-options", b"nosniff"),
            self._caching,
        )
        if document.canonical:
            return (*lines, (b"link", f'<{document.canonical}>; rel="canonical"'.encode()))
        return lines

    def note_made(self, request: Request, piece: str) -> str:
        """Have the client pay for a piece of a page, a unit a character; return it."""
        if self._budgets is not None and request.client:
            self._budgets.take(request.client.host, len(piece))
        return piece

    @property
    def most_kept(self) -> int:
        """How many bytes of a page can be kept at the most."""
        return self._cache.largest_bytes if self._cache is not None else 0

    def get(self, edition: str, key: Key) -> HTTPResponse | None:
        """Return a page that was kept."""
        return self._cache.get(edition, key) if self._cache is not None else None

    def put(self, edition: str, key: Key, response: HTTPResponse) -> None:
        """Keep a page for others."""
        if self._cache is not None:
            self._cache.put(edition, key, response)


class _Page:
    """One page of one generation, as one client takes it."""

    def __init__(
        self, crawlers: Crawlers, generation: HeldGeneration, site: Site, request: Request, codings: encodings.Codings
    ) -> None:
        self._crawlers = crawlers
        self._edition = generation.edition
        self._codings = codings
        self._name = f"{site.origin}{site.base_path}\0{request.scope['path']}".encode()
        self._request = request

    def kept(self) -> HTTPResponse | None:
        """Return the page if somebody has asked for it before."""
        found = self._crawlers.get(self._edition, self._key(self._codings.long or b""))
        return found or self._crawlers.get(self._edition, self._key(self._codings.short or b"", is_short=True))

    async def whole(self, document: Document) -> HTTPResponse:
        """Return a page that is made at once, and keep it."""
        made = self._crawlers.note_made
        body = "".join([made(self._request, piece) async for piece in document.pieces]).encode()
        coding = self._codings.of(len(body)) or encodings.IDENTITY
        tag = entity_tag(body)
        headers = (*self._crawlers.headers(document), (b"etag", tag))
        response = HTTPResponse(200, headers, body, tag, self._edition)
        if coding != encodings.IDENTITY:
            if len(body) > encodings.MAX_BYTES_AT_ONCE:
                response = encodings.described(
                    response, coding, await asyncio.to_thread(encodings.compressed, body, coding)
                )
            else:
                response = encodings.described(response, coding, encodings.compressed(body, coding))
        self._crawlers.put(self._edition, self._key(coding, is_short=len(body) < encodings.MIN_BYTES), response)
        return response

    def streamed(self, document: Document, hold: ExitStack) -> Response:
        """Return a page that is sent as it is made; `hold` is let go once it is sent."""
        coding = self._codings.long or encodings.IDENTITY
        tag = tag_of_long_page(self._edition, self._name)
        plain = HTTPResponse(200, (*self._crawlers.headers(document), (b"etag", tag)), b"", tag, self._edition)
        response = encodings.described(plain, coding, b"") if coding else plain
        unchanged = response.for_client(header(self._request, b"if-none-match"))
        if unchanged.status != response.status or self._request.method == "HEAD":
            hold.close()
            return _sent(unchanged)
        return PageStream(self._pieces(document, response, coding), response.headers, hold)

    async def _pieces(self, document: Document, response: HTTPResponse, coding: bytes) -> AsyncIterator[bytes]:
        sent, made = Collected(self._crawlers.most_kept), encoder(coding)
        async for piece in document.pieces:
            # In a thread, for others have to be answered meanwhile.
            self._crawlers.note_made(self._request, piece)
            if part := await asyncio.to_thread(made.add, piece.encode()):
                sent.add(part)
                yield part
        sent.add(end := made.end())
        if (body := sent.body) is not None:
            whole = HTTPResponse(200, response.headers, body, response.etag, self._edition)
            self._crawlers.put(self._edition, self._key(coding), whole)
        yield end

    def _key(self, coding: bytes, *, is_short: bool = False) -> Key:
        return "GET", self._name, b"short" if is_short else b"long", None, coding


def _feed(generation: Generation, site: Site, _: Request) -> Awaitable[Document]:
    from graphql_api.pages.feeds import feed

    return feed(generation, site)


def _group_feed(generation: Generation, site: Site, request: Request) -> Awaitable[Document | None]:
    from graphql_api.pages.feeds import group_feed

    return group_feed(generation, site, request.path_params["plural"], request.path_params["key"])


def _llms_text(generation: Generation, site: Site, _: Request) -> Awaitable[Document]:
    from graphql_api.pages.llms import llms_text

    return llms_text(generation, site)


def _entry(generation: Generation, site: Site, request: Request) -> Awaitable[Document | Moved | None]:
    from graphql_api.pages.entry_markdown import entry_markdown

    return entry_markdown(generation, site, f"/{request.path_params['path']}.md")


def _as_asked(response: HTTPResponse, request: Request) -> Response:
    return _sent(response.for_client(header(request, b"if-none-match")))


def _sent(response: HTTPResponse) -> Response:
    answer = Response(response.body, response.status)
    answer.raw_headers = list(response.all_headers if response.body or response.status != 200 else response.headers)  # noqa: PLR2004 - OK
    return answer


def _refusal(error: HTTPError) -> Response:
    answer = Response(error.body(), error.status, {"cache-control": "no-store"}, "application/json")
    answer.raw_headers.extend(error.headers)
    return answer
