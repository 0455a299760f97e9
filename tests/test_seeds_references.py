"""The references of the seeds folder: every status occurs, and none dangles by accident.

The statuses are worked out here from the front matter alone, with nothing of the loader.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.test_seeds import seeds

if TYPE_CHECKING:
    from tests.test_seeds import Seed

DANGLING_TITLES = {
    "How do you keep a sourdough starter alive?",
    "How do you sort a list that does not fit into memory?",
    "How do you test a page on a slow network?",
    "How fast is the universe expanding?",
    "Is brown sugar better for you than white sugar?",
}


def folded(title: str) -> str:
    """Return a title without case and punctuation, for comparing."""
    return " ".join(re.findall(r"\w+", re.sub(r"['’]", "", title.casefold())))


def kind(seed: Seed, reference: dict[str, Any]) -> str:
    """Return the status that a reference ought to get."""
    if reference["url"] == seed.front["url"]:
        return "SELF"
    if any(other.front["url"] == reference["url"] for other in seeds()):
        return "RESOLVED"
    same = {(other.front["id"], folded(other.front["title"])) for other in seeds()}
    return "RESOLVED_BY_ID" if (reference["id"], folded(reference["title"])) in same else "DANGLING"


def references(status: str) -> list[dict[str, Any]]:
    """Return every reference of one status."""
    return [each for seed in seeds() for each in seed.references.values() if kind(seed, each) == status]


def test_references_occur_in_every_status() -> None:
    """By url (most), by id and title, to the article itself, and to nothing."""
    assert len(references("RESOLVED")) > 200
    assert len(references("RESOLVED_BY_ID")) == 5
    assert len(references("SELF")) == 3
    assert references("DANGLING")


def test_only_intended_references_dangle() -> None:
    """A reference leads nowhere only where it is meant to."""
    assert sorted(reference["title"] for reference in references("DANGLING")) == sorted(DANGLING_TITLES)


def test_a_dangling_reference_has_the_id_of_another_article() -> None:
    """An equal id alone proves nothing."""
    ids = {seed.front["id"] for seed in seeds()}
    assert [reference for reference in references("DANGLING") if reference["id"] in ids]


def test_a_reference_by_id_has_two_candidates_and_one_another_spelling() -> None:
    """Of several articles with the id and title the smallest url counts, and case and punctuation do not."""
    titles = Counter((seed.front["id"], seed.front["title"]) for seed in seeds())
    candidates = [titles[reference["id"], reference["title"]] for reference in references("RESOLVED_BY_ID")]
    assert sorted(candidates) == [0, 1, 1, 1, 2]


def test_references_that_resolve_agree_with_their_article() -> None:
    """A reference by url shows the id, title and subject that its article has."""
    articles = {seed.front["url"]: seed.front for seed in seeds()}
    for seed in seeds():
        for reference in seed.references.values():
            article = articles.get(reference["url"], reference)
            assert all(reference[key] == article[key] for key in ("id", "title", "subject")), seed.path


def test_some_references_are_repeated_and_some_cross_subjects() -> None:
    """One article can name another twice, and lead to any subject."""
    urls = [(seed, [reference["url"] for reference in seed.references.values()]) for seed in seeds()]
    assert sum(len(set(each)) < len(each) for _, each in urls) >= 2
    crossing = [seed for seed, each in urls if any(url.split("/")[2] != seed.path.parts[0] for url in each)]
    assert len(crossing) > len(seeds()) / 2


def test_reference_numbers_have_gaps_and_go_beyond_five() -> None:
    """Two articles have none, most have two to five, some have more or leave numbers out."""
    numbers = [sorted(seed.references) for seed in seeds()]
    assert numbers.count([]) == 2
    assert sum(each != list(range(1, len(each) + 1)) for each in numbers) >= 2
    assert sum(len(each) > 5 for each in numbers) >= 2
    assert sum(2 <= len(each) <= 5 for each in numbers) >= 60
