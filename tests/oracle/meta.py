"""Meta: what the head of an entry's page needs, by what its type says of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.oracle.excerpts import excerpt
from tests.oracle.scalars import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.declarations import Field, Type
    from tests.oracle.drafts import Entry

_LEAD = 200
_KEPT = "/:?#[]@!$&'()*+,;=%~"


def meta(entry: Entry, plain_text: Callable[[Text], str]) -> dict[str, Any]:
    """Return the parts of `PageMeta`, but for `jsonLd`, where the site's origin is not known."""
    type_, values = entry.type, entry.values
    page = type_.one("page") or {}
    bodies = [each for each in type_.fields.values() if each.type.rstrip("!") == "RichText"]
    bodies = [each for each in bodies if each.name != page.get("description", "").split(".")[0]]
    body = next((each.name for each in bodies if "search" in each.directives), bodies[0].name if bodies else "")
    about = [_at(values, path) for path in (page.get("description"), body) if path]
    picture = _at(values, page["image"]) if "image" in page else None
    source = picture["src"] if isinstance(picture, dict) else picture
    called = values[_called(type_)]
    return {
        "canonicalUrl": _address(values["url"]),
        "robots": "noindex, follow" if _is_unlisted(entry) else "index, follow",
        "title": _spoken(_at(values, page["title"]), plain_text) or called or values["url"],
        "description": next((text for each in about if (text := _lead(each, plain_text))), None),
        "image": _address(source) if source else None,
    }


def _called(type_: Type) -> str:
    """Return the field that an entry is called by: the text that weighs most in a search, a title, or the key."""
    texts = {each.name: each for each in type_.fields.values() if each.type.rstrip("!") == "String" and each.is_value}
    searched = [each.name for each in texts.values() if each.one("search") is not None]
    heaviest = max(searched, key=lambda name: _weight(texts[name]), default="")
    titles = (name for name in ("title", "name", "label", "heading") if name in texts)
    return heaviest or next(titles, "") or type_.identity[0]


def _weight(each: Field) -> float:
    weight: float = (each.one("search") or {}).get("weight", 1)
    return weight


def _is_unlisted(entry: Entry) -> bool:
    fields = entry.type.fields.values()
    return any(
        entry.values[each.name] is one.get("when", True) for each in fields if (one := each.one("unlisted")) is not None
    )


def _at(values: dict[str, Any], path: str) -> Any:
    found: Any = values
    for name in path.split("."):
        found = found[name] if isinstance(found, dict) else None
    return found


def _spoken(value: Any, plain_text: Callable[[Text], str]) -> str:
    return plain_text(value) if isinstance(value, Text) else value or ""


def _lead(value: Any, plain_text: Callable[[Text], str]) -> str:
    return excerpt(plain_text(value), _LEAD) if isinstance(value, Text) else value or ""


def _address(url: str) -> str:
    is_whole = ":" in url.split("/", maxsplit=1)[0]
    return quote(url if is_whole else "/" + url.lstrip("/"), safe=_KEPT)
