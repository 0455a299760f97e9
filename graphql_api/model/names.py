"""Names: the rules by which every name of the API follows from a model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphql_api.model.english import plural, singular

if TYPE_CHECKING:
    from graphql_api.model.types import Direction, EntryType, Facet, Field, Group, Key

__all__ = ["plural", "singular"]

SEARCH_ALL = "searchAll"
"""The search over every type; there where two or more types are searched."""

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def is_name(text: str) -> bool:
    """Return whether a text can be a name in a GraphQL schema of ours, where others are made of it."""
    return re.fullmatch(r"(?!__)[A-Za-z_][A-Za-z0-9_]{0,99}", text) is not None


def capitalized(name: str) -> str:
    """Return a name with a capital, as types begin: `year` gives `Year`."""
    return name[:1].upper() + name[1:]


def uncapitalized(name: str) -> str:
    """Return a name in small letters, as fields begin: `BlogPost` gives `blogPost`, `FAQItem` `faqItem`."""
    leading = re.match(r"[A-Z]+(?![a-z])|[A-Z]", name)
    return name[: leading.end()].lower() + name[leading.end() :] if leading else name


def constant(name: str) -> str:
    """Return a name as enum values are written: `articleId` gives `ARTICLE_ID`."""
    return _WORDS.sub("_", name).upper()


def plural_of(type_name: str) -> str:
    """Return the name of a type's list where nothing else is said: `BlogPost` gives `blogPosts`."""
    return plural(uncapitalized(type_name))


def list_field(type_: EntryType) -> str:
    """Return the root field that lists the entries: `questions`."""
    return type_.plural


def lookup_field(type_: EntryType) -> str:
    """Return the root field of one entry, or of a singleton: `question`."""
    return uncapitalized(type_.name)


def search_field(type_: EntryType) -> str:
    """Return the root field that searches the entries, "" if nothing of them is searched: `searchPosts`."""
    return type_.search


def connection_name(type_: EntryType) -> str:
    """Return the type of a page of entries: `QuestionConnection`."""
    return f"{type_.name}Connection"


def edge_name(type_: EntryType) -> str:
    """Return the type of an entry of a page: `QuestionEdge`."""
    return f"{type_.name}Edge"


def by_input_name(type_: EntryType) -> str:
    """Return the one-of input of a lookup: `QuestionBy`."""
    return f"{type_.name}By"


def key_input_name(type_: EntryType, key: Key) -> str:
    """Return the input of a key of several fields: `QuestionPath`."""
    return type_.name + capitalized(key.name)


def filter_name(type_: EntryType) -> str:
    """Return the input that filters entries: `QuestionFilter`."""
    return f"{type_.name}Filter"


def list_filter_name(kind_name: str) -> str:
    """Return the input that filters by lists of a kind or an enum: `StringListFilter`."""
    return f"{kind_name}ListFilter"


def order_name(type_: EntryType) -> str:
    """Return the enum of the orders: `QuestionOrder`."""
    return f"{type_.name}Order"


def order_value(field: Field, direction: Direction) -> str:
    """Return the value of an order's enum: `ARTICLE_ID_ASC`."""
    return f"{constant(field.name)}_{direction}"


def facets_name(type_: EntryType) -> str:
    """Return the type of all facets of entries: `QuestionFacets`."""
    return f"{type_.name}Facets"


def facet_type_name(facet: Facet) -> str:
    """Return the type of one count of a facet: `YearFacet`."""
    return f"{capitalized(facet.name)}Facet"


def facets_field(facet: Facet) -> str:
    """Return the field of the facets' type: `years`."""
    return plural(facet.name)


def search_connection_name(type_: EntryType) -> str:
    """Return the type of a page of a search, named after its field: `SearchPostsConnection`."""
    return f"{capitalized(type_.search)}Connection"


def search_edge_name(type_: EntryType) -> str:
    """Return the type of one hit of a search: `SearchPostsEdge`."""
    return f"{capitalized(type_.search)}Edge"


def walk_type_name(field: Field) -> str:
    """Return the type of what a walk finds: `Neighbour` for `neighbours`."""
    return capitalized(singular(field.name))


def count_field(type_: EntryType) -> str:
    """Return the field of `Content` that counts the entries: `questionCount`."""
    return f"{uncapitalized(type_.name)}Count"


def group_count_field(group: Group) -> str:
    """Return the field of `Content` that counts the groups with a kept reference: `relatedArticleCount`."""
    return f"{uncapitalized(group.name)}Count"


def has_field(field: Field) -> str:
    """Return the field of a filter that asks whether there is a value: `hasRelatedArticles`."""
    return f"has{capitalized(field.name)}"


def search_all_value(type_: EntryType) -> str:
    """Return the value of `SearchAllType` that stands for a type: `BLOG_POST`."""
    return constant(type_.name)
