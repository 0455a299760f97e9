"""Conventions: keys that other sites' generators know, and what in a model would use them."""

from __future__ import annotations

_HIDDEN = "a field with @hidden would keep such entries out of the API"
_KEY = "a field with @key would let clients look the entry up by it"
_ALIASES = "a field with @aliases would find the entry by its old urls"
_GROUPED = "a list of a type with @grouped would make entries of what it names"
_PEOPLE = "a field of a type with @content or @grouped would make it a reference"
_DATE = "a field of the kind DateTime, with @order and @filter, would sort by it"
_IMAGE = "a field of the kind Image would measure it"
_LISTED = "a field with @unlisted would keep the entry out of sitemaps and feeds"
_IGNORED = "`ignore` in @content names keys that only another program reads"

HINTS: dict[str, str] = {
    **dict.fromkeys(("draft", "drafts", "unpublished", "hidden", "private"), _HIDDEN),
    **dict.fromkeys(("published", "publish"), "a field with @hidden(when: false) would keep unpublished entries out"),
    **dict.fromkeys(("slug", "permalink", "url", "path", "id", "uid", "key"), _KEY),
    **dict.fromkeys(("aliases", "alias", "redirect_from", "redirects", "oldurls"), _ALIASES),
    **dict.fromkeys(("tags", "tag", "categories", "category", "keywords", "topics", "series"), _GROUPED),
    **dict.fromkeys(("author", "authors", "contributors"), _PEOPLE),
    **dict.fromkeys(("date", "pubdate", "publishdate", "lastmod", "updated", "updatedat", "modified"), _DATE),
    **dict.fromkeys(("image", "cover", "thumbnail", "featuredimage", "heroimage", "ogimage", "banner"), _IMAGE),
    **dict.fromkeys(("noindex", "sitemap", "robots", "unlisted", "searchexclude"), _LISTED),
    **dict.fromkeys(("weight", "order", "position", "sort"), "a field with @order(default: ASC) would sort by it"),
    **dict.fromkeys(
        ("layout", "template", "type", "theme", "eleventynavigation", "eleventyexcludefromcollections"), _IGNORED
    ),
}


def unknown_key_message(name: str, meant: str | None = None) -> str:
    """Return what is said of an unknown key: the same in every file, so that a load can say it once.

    `meant` is a known key that is spelt nearly so.
    """
    if meant is not None:
        return f"The key `{name}` is unknown and ignored. If `{meant}` is meant, mend its spelling. Else remove it."
    hint = HINTS.get(name.casefold().replace("_", "").replace("-", "")) or HINTS.get(name.casefold())
    if hint is None:
        return f"The key `{name}` is unknown and ignored. Remove it, mend its spelling, or add it to the model."
    return f"The key `{name}` is unknown and ignored. If it is meant, add it to the model: {hint}. Else remove it."
