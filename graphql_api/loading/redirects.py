"""Redirects: where old urls lead, decided over all entries and redirect files at once.

An old url leads to one place or to none: one that two say differently leads nowhere, and both are told. The url of an
entry is never an old one. Steps from one old url to the next are taken here, so that a reader takes one at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from graphql_api.reading.problems import Code, error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphql_api.reading.redirect_files import Move, RedirectFile
    from graphql_api.records import Problem

KeyOf = Callable[[str], str]
"""Gives the form in which two spellings of a url are equal."""
_SHOWN_CHARACTERS = 200
_SHOWN_STEPS = 4


class PageOf(NamedTuple):
    """The url of an entry, and its file."""

    url: str
    path: str


class Alias(NamedTuple):
    """An old url that an entry says it had; `position` counts from 1 in the entry's list."""

    key: str
    page: PageOf
    type_name: str
    item: str
    position: int


class Redirect(NamedTuple):
    """Where an old url leads: to `url`, which is that of an entry if `page` is its url."""

    url: str
    page: str | None


class Decided(Struct):
    """Where each old url leads, by its key, and what is wrong; of an alias the line is not known yet."""

    redirects: dict[str, Redirect] = {}
    problems: list[Problem] = []
    of_aliases: list[tuple[Alias, Problem]] = []


def wanted_keys(aliases: Iterable[Alias], files: Iterable[RedirectFile], key_of: KeyOf) -> set[str]:
    """Return the keys of all urls whose entries `decide` asks for."""
    keys = {each.key for each in aliases}
    for file in files:
        for move in file.moves:
            keys |= {key_of(move.old), key_of(move.new)}
    return keys


def decide(
    pages: Mapping[str, PageOf], aliases: Iterable[Alias], files: Sequence[RedirectFile], key_of: KeyOf
) -> Decided:
    """Return where old urls lead; `pages` has the entries by the keys of their urls, which `key_of` gives."""
    decided = Decided()
    claimed = _decide_aliases(decided, pages, aliases, key_of)
    moves = _Moves(decided, pages, claimed, key_of)
    for file in files:
        decided.problems += file.problems
        for move in file.moves:
            moves.take(file, move)
    moves.follow()
    return decided


def _decide_aliases(
    decided: Decided, pages: Mapping[str, PageOf], aliases: Iterable[Alias], key_of: KeyOf
) -> dict[str, list[Alias]]:
    claimed: dict[str, list[Alias]] = defaultdict(list)
    for alias in aliases:
        if alias.key != key_of(alias.page.url):  # one that lists its own url says nothing new
            claimed[alias.key].append(alias)
    for key, some in sorted(claimed.items()):
        owner = pages.get(key)
        for alias in some:
            others = sorted({each.page.path for each in some if each.page.url != alias.page.url})
            if owner is not None:
                reason = f"is the url of the entry in {owner.path}. Take it out of the old urls, or rename that entry."
            elif others:
                reason = f"also stands in {', '.join(others)}. Leave it with one entry."
            else:
                decided.redirects[key] = Redirect(alias.page.url, alias.page.url)
                continue
            problem = error(Code.REDIRECT_CLASH, alias.page.path, f"The old url {_shown(key)} {reason}")
            decided.of_aliases.append((alias, problem))
    return claimed


class _Moves:
    """The moves that files tell, by the keys of their old urls."""

    def __init__(
        self,
        decided: Decided,
        pages: Mapping[str, PageOf],
        claimed: Mapping[str, Sequence[Alias]],
        key_of: KeyOf,
    ) -> None:
        self._key_of = key_of
        self._decided = decided
        self._pages = pages
        self._claimed = claimed
        self._known: dict[str, tuple[RedirectFile, Move]] = {}

    def take(self, file: RedirectFile, move: Move) -> None:
        """Take one move, if nobody else says where its old url leads."""
        key = self._key_of(move.old)
        earlier = self._known.get(key)
        if key in self._pages:
            reason = f"is the url of the entry in {self._pages[key].path}. Remove the redirect, or rename that entry."
        elif key in self._claimed:
            if self._key_of(move.new) in {self._key_of(each.page.url) for each in self._claimed[key]}:
                return
            other = self._claimed[key][0].page.path
            reason = f"is one of the entry in {other} already, and leads elsewhere here. Remove one of the two."
        elif earlier:
            if self._key_of(earlier[1].new) == self._key_of(move.new):
                return
            where = earlier[0].line_of(earlier[1].place)
            reason = f"stands in line {where} of {earlier[0].path} already, with another new url. Remove one."
        else:
            self._known[key] = (file, move)
            return
        self._tell(file, move, Code.REDIRECT_CLASH, reason)

    def follow(self) -> None:
        """Decide where each leads, step by step; what leads in a circle leads nowhere."""
        ends: dict[str, Redirect | None] = {}
        for key in self._known:
            way: dict[str, str] = {}
            at = key
            while at in self._known and at not in ends and at not in way:
                way[at] = self._known[at][1].new
                at = self._key_of(way[at])
            if at in way:
                self._tell_circle(list(way)[list(way).index(at) :])
            end = None if at in way else ends[at] if at in ends else self._target(at, list(way.values())[-1])
            ends.update(dict.fromkeys(way, end))
        self._decided.redirects.update((key, end) for key, end in ends.items() if end)

    def _tell_circle(self, keys: list[str]) -> None:
        way = " → ".join(_shown(each) for each in [*keys[:_SHOWN_STEPS], keys[0]])
        reason = f"leads in a circle: {way}. Remove one of these redirects."
        for key in keys:
            self._tell(*self._known[key], Code.REDIRECT_CIRCLE, reason)

    def _target(self, key: str, url: str) -> Redirect:
        if earlier := self._decided.redirects.get(key):
            return earlier
        page = self._pages.get(key)
        if page is None:
            return Redirect(url, None)
        return Redirect(url if "#" in url else page.url, page.url)

    def _tell(self, file: RedirectFile, move: Move, code: Code, reason: str) -> None:
        message = f"The old url {_shown(move.old)} {reason}"
        self._decided.problems.append(error(code, file.path, message, file.line_of(move.place)))


def _shown(url: str) -> str:
    return url if len(url) <= _SHOWN_CHARACTERS else f"{url[:_SHOWN_CHARACTERS]}…"
