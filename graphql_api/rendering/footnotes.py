"""Footnotes: which note has which number, and from where it is referred to.

Notes stand at the end, in the order in which the text refers to them first, each with a way back to every place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql_api.records import Loss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Footnotes:
    """The footnotes of one answer."""

    def __init__(self) -> None:
        """Start with no note."""
        self._definitions: dict[str, list[Any]] = {}
        self._places: dict[str, list[str]] = {}
        self._order: list[str] = []

    def without_definitions(self, events: Iterable[Any]) -> Iterator[Any]:
        """Yield the parser's events without the notes, which are kept for the end."""
        depth = 0
        note: list[Any] = []
        for event in events:
            start = event.get("Start") if isinstance(event, dict) else None
            if isinstance(start, dict) and "FootnoteDefinition" in start:
                depth += 1
                if depth == 1:
                    note = self._definitions.setdefault(start["FootnoteDefinition"], [])
                    note = [] if note else note
            elif isinstance(event, dict) and event.get("End") == "FootnoteDefinition":
                depth -= 1
            elif depth:
                note.append(event)
            else:
                yield event

    def refer(self, name: str) -> tuple[int, str]:
        """Return the number of a note that is referred to, and the id of the place."""
        places = self._places.setdefault(name, [])
        if not places:
            self._order.append(name)
        number = int(places[0].split("-")[1]) if places else len(self._order)
        places.append(f"fnref-{number}" + (f"-{len(places) + 1}" if places else ""))
        return number, places[-1]

    def notes(self) -> Iterator[tuple[int, list[Any], list[str]]]:
        """Yield number, events and places of each note in order; writing one may refer to others, which follow."""
        number = 0
        while number < len(self._order):
            name = self._order[number]
            number += 1
            yield number, self._definitions.pop(name, []), self._places[name]

    def losses(self) -> list[Loss]:
        """Return what is not shown: notes that nothing refers to."""
        return [
            Loss("NOTE_LEFT_OUT", f'The note "[^{name[:80]}]" is left out: nothing refers to it.', f"[^{name}]:")
            for name in self._definitions
        ]
