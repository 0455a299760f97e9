"""Searches: generated ones over any model, of which both sides find the same, in whatever order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.oracle.everything import facets_of
from tests.oracle.words import constant, search_name

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping

    from tests.oracle.execution import Execute, Oracle

# Words without endings, that are not among the commonest; one has an accent, which does not count.
WORDS = ("zebra", "vital", "wave", "grin", "line", "élan")

SHARE_OF_ALL = 0.5


def searches(oracle: Oracle, draw: random.Random) -> Iterator[str]:
    """Yield documents that search one type, and several of them, for words that there are."""
    site, schema, has = oracle.site, oracle.schema, oracle.answers.has_words
    searched = [each for each in site.model.entries if search_name(site.model, each)]
    for type_ in draw.sample(searched, min(1, len(searched))):
        there = [word for word in WORDS if any(has(entry, word) for entry in site.entries[type_.name])]
        if there and not type_.is_singleton:
            facets = facets_of(site, schema, type_.name)
            # With a space behind it, a word is finished.
            search = f'{search_name(site.model, type_)}(query: "{draw.choice(there)} ", first: 100)'
            yield f"{{ {search} {{ totalCount nodes {{ id }} {facets} }} }}"
    entries = [entry for type_ in searched for entry in site.entries[type_.name]]
    there = [word for word in WORDS if any(has(entry, word) for entry in entries)]
    if len(searched) > 1 and there and draw.random() < SHARE_OF_ALL:
        some = draw.sample([constant(each.name) for each in searched], draw.randint(1, len(searched)))
        types = draw.choice(("", f", types: [{', '.join(some)}]"))
        page = "totalCount nodes { __typename id } facets { types { type count } }"
        yield f'{{ searchAll(query: "{draw.choice(there)} ", first: 100{types}) {{ {page} }} }}'


def in_any_order(execute: Execute) -> Execute:
    """Return one side with the hits of its searches in the order of their ids."""

    def sorted_hits(document: str, variables: Mapping[str, Any] | None) -> dict[str, Any]:
        answer = execute(document, variables)
        for page in answer.get("data", {}).values():
            page["nodes"].sort(key=lambda node: node["id"])
        return answer

    return sorted_hits
