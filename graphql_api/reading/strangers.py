"""Strangers: keys that nothing reads, each a warning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from graphql_api.reading.conventions import unknown_key_message
from graphql_api.reading.draft import Draft, Fault
from graphql_api.reading.known_keys import inner_keys
from graphql_api.reading.problems import Code
from graphql_api.reading.spelling import spelling_of
from graphql_api.records import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphql_api.model.types import Field
    from graphql_api.reading.events import Path
    from graphql_api.reading.key_patterns import KeyPattern

MAX_SHAPES = 1_000
"""How many sets of keys are remembered; few sites have a hundred."""
_LAST_NUMBER = re.compile(r"[0-9]+\Z")


def strangers(
    fields: Sequence[Field], known: frozenset[str], patterns: Sequence[KeyPattern]
) -> Callable[[Mapping[str, Any], Path, Draft], None]:
    """Return what warns of the keys of a mapping that are neither `known` nor match a pattern, nor are to be ignored.

    So it does of the keys of mappings within, of which only some keys are read.
    """
    inner = [(prefix, names, spelling_of(names)) for prefix, names in inner_keys(fields)]
    spelling = spelling_of(known)
    kept: dict[tuple[str, ...], list[str]] = {}

    def warn(values: Mapping[str, Any], at: Path, draft: Draft) -> None:
        shape = tuple(values)
        keys = kept.get(shape)
        if keys is None:
            if len(kept) >= MAX_SHAPES:
                kept.clear()
            keys = kept[shape] = [key for key in shape if key not in known and not _is_matched(key, patterns)]
        if keys:
            _warn_of_unknown(keys, at, draft, spelling)
        for prefix, names, spelling_within in inner:
            held: Any = values
            for part in prefix:
                held = held.get(part) if isinstance(held, dict) else None
            if isinstance(held, dict) and not names.issuperset(held):
                unknown = [key for key in held if key not in names]
                _warn_of_unknown(unknown, (*at, *prefix), draft, spelling_within)

    return warn


def _is_matched(key: str, patterns: Sequence[KeyPattern]) -> bool:
    return any(pattern.items((key,)) for pattern in patterns)


def _warn_of_unknown(keys: Sequence[str], at: Path, draft: Draft, spelling: Callable[[str], str | None]) -> None:
    for key in keys:
        name = _general_name((*at[len(draft.root) :], key))
        if name not in draft.ignored:
            message = unknown_key_message(name, spelling(key))
            draft.faults.append(Fault(Severity.WARNING, Code.UNKNOWN_KEY, message, (*at, key)))


def _general_name(path: Path) -> str:
    """Return a key's name for all files, as `ignore` has it: without places in lists ("links.url", "sourceN.x")."""
    *above, last = path
    parts = [_LAST_NUMBER.sub("N", part) for part in above if isinstance(part, str)]
    return ".".join((*parts, str(last)))
