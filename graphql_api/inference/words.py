"""Words: names of types and fields out of the names of folders and keys."""

from __future__ import annotations

import re
import unicodedata

from graphql_api.model.english import plural, singular
from graphql_api.model.names import capitalized, uncapitalized
from graphql_api.model.sources import implicit_sources
from graphql_api.model.vocabulary import vocabulary

GENERIC_FOLDERS = frozenset(
    (
        "content",
        "contents",
        "data",
        "_data",
        "src",
        "app",
        "site",
        "source",
        "sources",
        "collections",
        "seeds",
        "files",
        "entries",
        "items",
        "all",
        "assets",
        "static",
        "public",
        "resources",
        "settings",
        "config",
        "globals",
        "global",
        "tmp",
        "work",
        "repo",
        "main",
        "master",
        "master-content",
        "cms",
        "md",
        "markdown",
    )
)
"""Names of folders that do not say what lies in them."""

COLLECTION_FOLDERS = frozenset(
    (
        "posts",
        "_posts",
        "blog",
        "articles",
        "news",
        "projects",
        "pages",
        "authors",
        "people",
        "team",
        "members",
        "docs",
        "notes",
        "talks",
        "events",
        "recipes",
        "products",
        "categories",
        "tags",
        "services",
        "jobs",
        "faqs",
        "testimonials",
        "case-studies",
        "portfolio",
        "works",
        "books",
        "reviews",
        "videos",
        "podcasts",
        "episodes",
        "guides",
        "tutorials",
        "terms",
        "glossary",
        "partners",
        "customers",
        "courses",
        "lessons",
        "changelog",
        "releases",
        "drafts",
        "_drafts",
        "weblog",
        "writing",
    )
)
"""Names of folders that are one kind of entry each, whatever their keys."""
SECTION_FOLDERS = COLLECTION_FOLDERS | {
    *("article", "author", "book", "course", "episode", "event", "guide", "lesson", "note", "page", "podcast", "post"),
    *("presentation", "product", "project", "recipe", "review", "talk", "tutorial"),
}
"""The same, and names in the singular, as Hugo's sections have them; a file of such a name is one entry."""

_WORD = re.compile(r"[A-Za-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NUMBER_IN_FRONT = re.compile(r"\A[0-9]+[.\-_ ]+")
_OWN_WORDS = {"blog": "Post", "weblog": "Post", "glossary": "Term", "docs": "Doc", "faq": "Faq", "faqs": "Faq"}
_RESERVED = frozenset(
    (
        "Query",
        "Mutation",
        "Subscription",
        "Node",
        "PageInfo",
        "Snippet",
        "Content",
        "SearchAll",
        "Boolean",
        "Date",
        "Json",
    )
)


def ascii_words(text: str) -> list[str]:
    """Return the words of a text in ASCII letters and digits; marks on letters go, other scripts give none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _WORD.findall(_CAMEL.sub(" ", plain))


def can_be_named(key: str) -> bool:
    """Return whether a model can name a key: a dot would lead into a mapping."""
    return bool(key) and "." not in key


def place_of_source(name: str, key: str) -> int:
    """Return the place of a key among those that a field of that name is read from; those to be named come last."""
    keys = [source.key for source in implicit_sources(name)]
    return keys.index((key,)) if (key,) in keys else len(keys)


def field_name(key: str) -> str:
    """Return the name of the field for a key: in camelCase, "" if no letter of the key can stand in a name."""
    words = ascii_words(key)
    if not words:
        return ""
    first, *others = words
    name = _lowered(first) + "".join(
        capitalized(_lowered(word) if word.isupper() and len(word) > 1 else word) for word in others
    )
    return f"n{name}" if name[0].isdigit() else name


def _lowered(word: str) -> str:
    return word.lower() if word.isupper() else uncapitalized(word)


def needs_source(name: str, key: str) -> bool:
    """Return whether a field of that name is not read from that key by itself."""
    return all(source.key != (key,) for source in implicit_sources(name))


def without_number(name: str) -> str:
    """Return the name of a folder or file without a number that only sorts it: "01-intro" gives "intro"."""
    return _NUMBER_IN_FRONT.sub("", name) or name


def type_name(folder: str, *, is_one: bool = True) -> str:
    """Return the name of the type for a folder or key, its last word in the singular if so wished; "" for no word."""
    own = _OWN_WORDS.get(folder.lower().lstrip("_"))
    if own:
        return own
    words = ascii_words(without_number(folder))
    if not words:
        return ""
    name = "".join(capitalized(word.lower() if word.isupper() and len(word) > 3 else word) for word in words)  # noqa: PLR2004 - FAQ stays
    name = capitalized(singular(name)) if is_one else name
    return f"N{name}" if name[0].isdigit() else name


def is_reserved(name: str) -> bool:
    """Return whether the API has that name already."""
    return name in _RESERVED or vocabulary().get_type(name) is not None


def is_plural(word: str) -> bool:
    """Return whether a word is in the plural."""
    return singular(word) != word


def list_name(type_: str) -> str:
    """Return the `plural` that a type needs where its own is its singular, "" where the rules do it."""
    own = uncapitalized(type_)
    return f"{own}List" if plural(own) == own else ""


def constant_name(text: str) -> str:
    """Return the name of an enum's value for its spelling, "" if there is none."""
    name = "_".join(word.upper() for word in ascii_words(text))
    if not name or name in {"TRUE", "FALSE", "NULL"}:
        return f"{name}_VALUE" if name else ""
    return f"V_{name}" if name[0].isdigit() else name
