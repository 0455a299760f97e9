"""Unions: lists whose mappings are of several types, told apart by one key (blocks of a page)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from graphql_api.inference.shapes import likeness, presence, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STRONG_KEYS = (
    "_bookshop_name",
    "_component",
    "_type",
    "_template",
    "_block",
    "__component",
    "__typename",
    "blockType",
    "block_type",
    "block",
    "component",
    "discriminant",
    "acf_fc_layout",
    "sectionType",
    "section_type",
)
"""Keys that are there for nothing else."""
WEAK_KEYS = ("type", "kind", "template", "layout", "section", "variant")
"""Keys that may tell types apart, or be a value like any other."""
MAX_MEMBERS = 60
APART_BELOW = 0.75
_MAX_NAME_LETTERS = 80
_MAX_WALK_DEPTH = 40


class UnionDraft(Struct):
    """Lists that are told apart by `key`: their own keys, and the mappings of each member."""

    key: str
    list_keys: Counter[str] = field(default_factory=Counter)
    members: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    name: str = ""
    member_names: dict[str, str] = {}


def unions_of(mappings: Iterable[dict[str, Any]]) -> list[UnionDraft]:
    """Return the unions in mappings and in all that they hold; lists that share a member are of one union."""
    found: dict[tuple[str, str], UnionDraft] = {}
    for list_key, items in _lists(mappings):
        key = _telling_key(items)
        if key:
            draft = found.setdefault((key, list_key), UnionDraft(key))
            draft.list_keys[list_key] += 1
            for item in items:
                draft.members[str(item[key]).strip()].append(item)
    merged: list[UnionDraft] = []
    for draft in found.values():
        _merge(draft, merged)
    return [draft for draft in merged if _decides(draft)]


def union_of(items: Sequence[Any], unions: Sequence[UnionDraft]) -> UnionDraft | None:
    """Return the union that all the items are members of, None if there is none."""
    for union in unions:
        if all(isinstance(item, dict) and str(item.get(union.key, "")).strip() in union.members for item in items):
            return union
    return None


def _lists(mappings: Iterable[dict[str, Any]]) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    waiting: list[tuple[str, Any, int]] = [("", mapping, 0) for mapping in mappings]
    while waiting:
        key, value, depth = waiting.pop()
        if depth > _MAX_WALK_DEPTH:
            continue
        if isinstance(value, dict):
            waiting += [(name, inner, depth + 1) for name, inner in value.items() if isinstance(inner, (dict, list))]
        elif value:
            items = [item for item in value if isinstance(item, dict)]
            if len(items) == len(value):
                yield key, items
            waiting += [(key, item, depth + 1) for item in value if isinstance(item, (dict, list))]


def _telling_key(items: Sequence[dict[str, Any]]) -> str:
    for key in (*STRONG_KEYS, *WEAK_KEYS):
        if all(isinstance(item.get(key), str) and 0 < len(item[key].strip()) <= _MAX_NAME_LETTERS for item in items):
            return key
    return ""


def _merge(draft: UnionDraft, merged: list[UnionDraft]) -> None:
    """Add a draft to those there are, together with the ones that it shares a member with."""
    same = [each for each in merged if each.key == draft.key and each.members.keys() & draft.members.keys()]
    for other in same:
        merged.remove(other)
        draft.list_keys.update(other.list_keys)
        for name, items in other.members.items():
            draft.members[name] += items
    merged.append(draft)


def _decides(draft: UnionDraft) -> bool:
    """Return whether the key decides over the other keys."""
    if len(draft.members) > MAX_MEMBERS:
        return False
    if draft.key in STRONG_KEYS:
        return True
    if len(draft.members) < 2:  # noqa: PLR2004 - one alone decides nothing
        return False
    shapes = [presence(shape_of(item) for item in items) for items in draft.members.values()]
    pairs = [(one, other) for index, one in enumerate(shapes) for other in shapes[index + 1 :]]
    return sum(likeness(one, other) for one, other in pairs) / len(pairs) < APART_BELOW
