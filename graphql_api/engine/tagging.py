"""Tags: by which caches know what is in an answer, so that they drop no others when it changes.

Every entry in an answer leaves a mark in the text that SQL makes, which is taken out again: no JSON looks like it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from graphql_api.engine.expression import Expression
from graphql_api.schema.mapping import Counted, Declared, Lookup, Pages, SearchOf, Special
from graphql_api.store.history import CONTENT_TAG, TAG_CHARACTERS, list_tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql_api.engine.scope import EntryScope
    from graphql_api.schema.mapping import Mapping

_BEGINNING, _END = b"\x01", b"\x02"
_OF_THE_CONTENT: Final = frozenset({"content", "changes"})
_BY_ID: Final = frozenset({"byId", "byIds"})


class Tags(NamedTuple):
    """What an answer depends on: `types` and lists of them, which are few, and `entries`."""

    types: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


class PlanTags(Struct):
    """What every answer of a plan depends on beside the entries in it: `listed` types, one of the `asked`, or none."""

    all_types: tuple[str, ...]
    listed: set[str] = set()
    asked: set[str] = set()
    is_of_content: bool = False

    def note(self, mapping: Mapping) -> None:
        """Note a field that is planned."""
        match mapping:
            case Pages(name):
                self.listed.add(name)
            case Lookup(name):
                self.asked.add(name)
            case SearchOf(names):
                self.listed.update(names)
            case Counted():
                self.is_of_content = True
            case Special(name) if name in _OF_THE_CONTENT:
                self.is_of_content = True
            case Special(name) if name in _BY_ID:
                self.asked.update(self.all_types)
            case Declared(each) if each.back:
                self.listed.add(each.back.type_name)
            case Declared(each) if each.walk or each.sibling:
                self.listed.add(each.type.name)

    def of(self, marks: Iterable[str]) -> Tags:
        """Return the tags of an answer with these marks, "TYPE ID". What was asked for and is not there may come."""
        found = [mark.partition(" ") for mark in marks]
        types = {name for name, _, _ in found}
        lists = self.listed if found else self.listed | self.asked
        content = [CONTENT_TAG] if self.is_of_content else []
        named = (*content, *sorted(types | lists), *(list_tag(name) for name in sorted(lists)))
        return Tags(named, tuple([node_id[:TAG_CHARACTERS] for _, _, node_id in found]))


def marked(expression: Expression, scope: EntryScope) -> Expression:
    """Return the object of an entry with its mark before it."""
    template = f"\x01{scope.entry.type.name} %s\x02{expression.template}"
    return Expression(template, (scope.column("node_id"), *expression.arguments))


def unmarked(body: bytes, tags: PlanTags) -> tuple[bytes, Tags]:
    """Return the body without the marks, and its tags."""
    first, *parts = body.split(_BEGINNING)
    pieces, marks = [first], dict[bytes, None]()
    for part in parts:
        mark, _, rest = part.partition(_END)
        marks[mark] = None
        pieces.append(rest)
    return b"".join(pieces), tags.of(b"\n".join(marks).decode().split("\n") if marks else ())
