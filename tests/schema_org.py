"""The part of schema.org's vocabulary that pages are described in, and a check of JSON-LD by it.

Types with what they are kinds of, and properties with the types that have them and the types of their values, as
https://schema.org/docs/developers.html gives them for its core. A url may stand for a thing.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PARENTS = {
    "CreativeWork": "Thing",
    "Article": "CreativeWork",
    "SocialMediaPosting": "Article",
    "BlogPosting": "SocialMediaPosting",
    "NewsArticle": "Article",
    "Comment": "CreativeWork",
    "Question": "Comment",
    "Answer": "Comment",
    "WebPage": "CreativeWork",
    "QAPage": "WebPage",
    "AboutPage": "WebPage",
    "Intangible": "Thing",
    "ItemList": "Intangible",
    "BreadcrumbList": "ItemList",
    "ListItem": "Intangible",
    "Person": "Thing",
    "Organization": "Thing",
    "Product": "Thing",
}
PROPERTIES = {
    "name": ("Thing", ["Text"]),
    "description": ("Thing", ["Text", "TextObject"]),
    "url": ("Thing", ["URL"]),
    "image": ("Thing", ["ImageObject", "URL"]),
    "mainEntityOfPage": ("Thing", ["CreativeWork", "URL"]),
    "author": ("CreativeWork", ["Organization", "Person"]),
    "datePublished": ("CreativeWork", ["Date", "DateTime"]),
    "dateModified": ("CreativeWork", ["Date", "DateTime"]),
    "headline": ("CreativeWork", ["Text"]),
    "mainEntity": ("CreativeWork", ["Thing"]),
    "text": ("CreativeWork", ["Text"]),
    "acceptedAnswer": ("Question", ["Answer", "ItemList"]),
    "answerCount": ("Question", ["Integer"]),
    "itemListElement": ("ItemList", ["ListItem", "Text", "Thing"]),
    "item": ("ListItem", ["Thing"]),
    "position": ("ListItem", ["Integer", "Text"]),
}
NEEDED = {
    "QAPage": ["mainEntity"],
    "Question": ["name", "answerCount"],
    "Answer": ["text"],
    "BlogPosting": ["headline"],
    "Article": ["headline"],
    "Person": ["name"],
    "BreadcrumbList": ["itemListElement"],
    "ListItem": ["position", "name"],
}
"""What search engines ask for beside that."""
_URL = re.compile(r"https?://[a-z0-9.:-]+(?:/[!-~]*)?")


def faults(document: Any) -> list[str]:
    """Return what is wrong with a document of JSON-LD that holds a graph."""
    found = [] if document.get("@context") == "https://schema.org" else ["it is not about https://schema.org"]
    for entity in document["@graph"]:
        found += _of_entity(entity, entity.get("@type", "?"))
    return found


def _of_entity(entity: dict[str, Any], path: str) -> Iterator[str]:
    kind = entity.get("@type")
    if kind not in PARENTS:
        yield f"{path}: there is no type {kind}"
        return
    for name in NEEDED.get(kind, ()):
        if name not in entity:
            yield f"{path}: {name} is missing"
    for name, value in entity.items():
        if name == "@type":
            continue
        if name not in PROPERTIES or not _is_a(kind, PROPERTIES[name][0]):
            yield f"{path}: {kind} has no {name}"
            continue
        for each in value if isinstance(value, list) else [value]:
            yield from _of_value(each, PROPERTIES[name][1], f"{path}.{name}")
    if kind == "BreadcrumbList":
        yield from _of_order(entity, path)


def _of_value(value: Any, kinds: list[str], path: str) -> Iterator[str]:
    if isinstance(value, dict):
        if not any(_is_a(value.get("@type", ""), each) for each in kinds):
            yield f"{path} is a {value.get('@type')}, and not {kinds}"
        yield from _of_entity(value, path)
    elif not any(_fits(value, each) for each in kinds):
        yield f"{path} is {value!r}, and not {kinds}"


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "Text":
            return isinstance(value, str) and bool(value.strip())
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Date":
            return isinstance(value, str) and _is_moment(value, 10)
        case "DateTime":
            return isinstance(value, str) and _is_moment(value, 20)
        case _:
            return isinstance(value, str) and bool(_URL.fullmatch(value))


def _is_moment(value: str, least: int) -> bool:
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return len(value) >= least


def _is_a(kind: str, other: str) -> bool:
    while kind != other:
        if kind not in PARENTS:
            return False
        kind = PARENTS[kind]
    return True


def _of_order(entity: dict[str, Any], path: str) -> Iterator[str]:
    items = entity["itemListElement"]
    if [each.get("position") for each in items] != list(range(1, len(items) + 1)):
        yield f"{path}: its items are not in order"
    if any("item" not in each for each in items[:-1]):
        yield f"{path}: an item but the last has no address"
