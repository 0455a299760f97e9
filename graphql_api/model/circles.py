"""Circles: which of some things lead back to themselves."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet


def in_circles(edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Return what stands in a circle, or on a way from one circle to another; `edges` lead from each thing to others.

    What nothing leads to, and what leads nowhere, is taken away until nothing more can be.
    """
    forwards = {name: {other for other in others if other in edges} for name, others in edges.items()}
    backwards: dict[str, set[str]] = defaultdict(set)
    for name, others in forwards.items():
        for other in others:
            backwards[other].add(name)
    return _without_ends(backwards, forwards, _without_ends(forwards, backwards, set(edges)))


def _without_ends(
    forwards: Mapping[str, AbstractSet[str]], backwards: Mapping[str, AbstractSet[str]], left: set[str]
) -> set[str]:
    """Return what is left when what leads nowhere is taken away, again and again."""
    degrees = {name: len(forwards.get(name, set()) & left) for name in left}
    ends = [name for name, degree in degrees.items() if not degree]
    left = set(left)
    while ends:
        name = ends.pop()
        left.discard(name)
        for before in backwards.get(name, ()):
            if before in left:
                degrees[before] -= 1
                if not degrees[before]:
                    ends.append(before)
    return left


def inner_first(edges: Mapping[str, Iterable[str]]) -> list[str]:
    """Return some things so that each comes after all that it leads to; what leads to a circle is left out."""
    forwards = {name: {other for other in others if other in edges} for name, others in edges.items()}
    backwards: dict[str, list[str]] = defaultdict(list)
    for name, others in forwards.items():
        for other in others:
            backwards[other].append(name)
    degrees = {name: len(others) for name, others in forwards.items()}
    found = [name for name, degree in degrees.items() if not degree]
    for name in found:  # it grows
        for before in backwards[name]:
            degrees[before] -= 1
            if not degrees[before]:
                found.append(before)
    return found
