"""All articles together: subjects merged, references resolved, links followed in both directions."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEADS = ("RESOLVED", "RESOLVED_BY_ID")


class Content:
    """One content set. `articles` are by url in url order, `subjects` by slug in slug order."""

    def __init__(self, articles: Iterable[dict[str, Any]]) -> None:
        """Take articles as `seeds.read_seed` gives them. Raises ValueError if two have one url."""
        self.articles: dict[str, dict[str, Any]] = {}
        for article in sorted(articles, key=lambda article: article["url"]):
            if article["url"] in self.articles:
                msg = f"two articles have the url {article['url']}"
                raise ValueError(msg)
            self.articles[article["url"]] = article
        self.subjects = _subjects(self.articles.values())
        self.references = {url: self._resolved(article) for url, article in self.articles.items()}

    @cached_property
    def _by_name(self) -> dict[tuple[int, str], str]:
        """The smallest url of each (id, title key); urls come in order, so the first one stays."""
        names: dict[tuple[int, str], str] = {}
        for url, article in self.articles.items():
            names.setdefault((article["articleId"], title_key(article["title"])), url)
        return names

    @cached_property
    def inbound(self) -> dict[str, list[str]]:
        """The urls of the articles that lead to each url, each source once, in url order."""
        sources: dict[str, list[str]] = defaultdict(list)
        for url in self.articles:
            for target in self.links(url):
                sources[target].append(url)
        return sources

    @cached_property
    def shelves(self) -> dict[str, list[str]]:
        """The urls of each subject, by (title, url)."""
        shelves: dict[str, list[str]] = defaultdict(list)
        for article in sorted(self.articles.values(), key=lambda article: (article["title"], article["url"])):
            shelves[article["subjectSlug"]].append(article["url"])
        return shelves

    def links(self, url: str) -> list[str]:
        """Return the urls that the article's references lead to, each once, in the author's order."""
        return list(dict.fromkeys(ref["target"] for ref in self.references[url] if ref["status"] in _LEADS))

    def neighbours(self, url: str, depth: int, first: int) -> list[tuple[int, str]]:
        """Return up to `first` (distance, url) pairs, breadth first, none further than `depth`."""
        distances = {url: 0}
        queue = [url]
        for here in queue:
            for target in self.links(here) if distances[here] < depth else ():
                if target not in distances:
                    distances[target] = distances[here] + 1
                    queue.append(target)
        return [(distances[found], found) for found in queue[1 : first + 1]]

    def beside(self, url: str, step: int) -> str | None:
        """Return the url `step` places further in its subject's (title, url) order, None past either end."""
        shelf = self.shelves[self.articles[url]["subjectSlug"]]
        place = shelf.index(url) + step
        return shelf[place] if 0 <= place < len(shelf) else None

    def _resolved(self, article: dict[str, Any]) -> list[dict[str, Any]]:
        return [ref | self._lead(article["url"], ref) for ref in article["references"]]

    def _lead(self, source: str, ref: dict[str, Any]) -> dict[str, Any]:
        if ref["url"] in self.articles:
            target, status = ref["url"], "RESOLVED"
        elif found := self._by_name.get((ref["articleId"], title_key(ref["title"]))):
            target, status = found, "RESOLVED_BY_ID"
        else:
            return {"target": None, "status": "DANGLING"}
        return {"target": target, "status": "SELF" if target == source else status}


def title_key(title: str) -> str:
    """Return the letters and digits of a title, case folded: what two spellings of one title have in common."""
    return "".join(character for character in title.casefold() if character.isalnum())


def chosen(references: list[dict[str, Any]], *, unique: bool, resolved: bool) -> list[dict[str, Any]]:
    """Return the references that a selection with these arguments shows, in the author's order.

    A repeat is a reference whose target was named before: the same article, or the same url where there is none.
    """
    first: dict[tuple[bool, str], dict[str, Any]] = {}
    for ref in references:
        first.setdefault((ref["target"] is None, ref["target"] or ref["url"]), ref)
    kept = list(first.values()) if unique else references
    return [ref for ref in kept if not resolved or ref["status"] in _LEADS]


def _subjects(articles: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        spellings[article["subjectSlug"]][article["subjectTitle"]] += 1
    return {
        slug: {
            "__typename": "Subject",
            "slug": slug,
            "title": min(spellings[slug].items(), key=lambda item: (-item[1], item[0]))[0],
            "questionCount": spellings[slug].total(),
        }
        for slug in sorted(spellings)
    }
