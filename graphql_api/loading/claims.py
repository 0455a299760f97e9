"""Claims: who gets a url when more than one seed says it. Nobody new does.

Every seed that says a disputed url is named, and each new form among them falls back to the form that was published
before. That claims its own earlier url again, which somebody may have taken meanwhile. So it is decided in rounds; each
takes at least one new form away, and the result does not depend on the order in which the seeds were read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql_api.loading.articles import ArticleTables, Owner
    from graphql_api.loading.previous import Previous
    from graphql_api.loading.rows import ArticleRows


class Claims:
    """The articles of one load whose urls were not free when they came, and the seeds that fall back.

    After `settle`, `disputed` holds the paths that say each disputed url.
    """

    def __init__(self, articles: ArticleTables, previous: Previous) -> None:
        """Start without any claim."""
        self._articles = articles
        self._previous = previous
        self._waiting: dict[str, ArticleRows] = {}
        self._fallen: dict[str, str] = {}
        self.disputed: dict[str, set[str]] = {}

    async def free(self, articles: Iterable[ArticleRows]) -> list[ArticleRows]:
        """Return the articles whose urls nobody else has; the others wait until all claims are known."""
        wanted = list(articles)
        owners = await self._articles.owners([article.url for article in wanted])
        paths = {url: owner.path for url, owner in owners.items()}
        free = []
        for article in wanted:
            if paths.setdefault(article.url, article.path) == article.path:
                free.append(article)
            else:
                self._waiting[article.path] = article
        return free

    async def settle(self, without_article: Iterable[str]) -> None:
        """Decide every claim and write what follows: the seeds `without_article` fall back too."""
        self._fallen.update(await self._previous.urls(await self._articles.missing(list(without_article))))
        urls = {article.url for article in self._waiting.values()} | set(self._fallen.values())
        while urls:
            urls = await self._round(urls)
        await self._articles.delete(list(self._waiting))
        await self._articles.insert(list(self._waiting.values()))

    async def fallen(self) -> list[str]:
        """Return the paths whose earlier article must be written again, because nothing of it is there."""
        return await self._articles.missing(list(self._fallen))

    async def _round(self, urls: set[str]) -> set[str]:
        """Decide the claims on `urls`. Returns the urls to which the losers fall back."""
        owners = await self._articles.owners(urls)
        losers: set[str] = set()
        for url, paths in self._claims(urls, owners).items():
            if len(paths) > 1:
                self.disputed.setdefault(url, set()).update(paths)
                losers |= paths & self._waiting.keys()
                owner = owners.get(url)
                if owner and owner.is_new:
                    losers.add(owner.path)
        return await self._take_back(losers, {owner.path for owner in owners.values() if owner.is_new})

    def _claims(self, urls: set[str], owners: Mapping[str, Owner]) -> dict[str, set[str]]:
        """Return the paths that claim each of `urls`."""
        claims: dict[str, set[str]] = {url: set() for url in urls}
        for url, owner in owners.items():
            # One that waits for another url gives this one up, unless it falls back.
            if owner.path not in self._waiting:
                claims[url].add(owner.path)
        for path, article in self._waiting.items():
            if article.url in urls:
                claims[article.url].add(path)
        for path, url in self._fallen.items():
            if url in urls:
                claims[url].add(path)
        return claims

    async def _take_back(self, losers: set[str], new_owners: set[str]) -> set[str]:
        for path in losers:
            self._waiting.pop(path, None)
        await self._articles.delete(losers & new_owners)
        earlier = await self._previous.urls(losers)
        self._fallen.update(earlier)
        return set(earlier.values())
