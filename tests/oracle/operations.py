"""Operations: generated documents that use the whole language on the whole schema, and stay small."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import GraphQLUnionType, get_named_type, get_nullable_type, is_abstract_type, is_leaf_type, is_list_type

from tests.oracle.arguments import Arguments
from tests.oracle.words import search_name

if TYPE_CHECKING:
    import random

    from graphql import GraphQLField, GraphQLSchema

    from tests.oracle.site import Site

MOST_ITEMS = 300
MOST_FIELDS = 28
DEEPEST = 9


@dataclass(frozen=True)
class Operation:
    """A document with one operation, its variables, and other values for them."""

    document: str
    variables: dict[str, Any]
    other_variables: dict[str, Any]


@dataclass(frozen=True)
class _Fragment:
    name: str
    type_name: str
    depth: int
    items: int


def operation(site: Site, schema: GraphQLSchema, draw: random.Random) -> Operation:
    """Return one operation with values of this content, the same for the same state of `draw`."""
    return _Builder(site, schema, draw).build()


def left_out(site: Site) -> set[tuple[str, str]]:
    """Return the (type, field) that generated operations do not ask: what one side cannot know of the other."""
    found = {("Content", "version"), ("Content", "loadedAt"), ("PageMeta", "jsonLd"), ("Query", "searchAll")}
    for type_ in site.model.entries:
        found.add(("Query", search_name(site.model, type_)))
        found |= {(type_.name, each.name) for each in type_.fields.values() if each.entry_part}
    return found


class _Builder:
    """Writes one operation. `items` is how often a selection can be executed, at most."""

    def __init__(self, site: Site, schema: GraphQLSchema, draw: random.Random) -> None:
        self._schema = schema
        self._draw = draw
        self._arguments = Arguments(site, draw)
        self._left_out = left_out(site)
        # Fields of types that one selection has side by side: no two may have one name.
        self._is_beside = False
        self._aliases = 0
        self._fields = 0
        self._fragments: list[_Fragment] = []
        self._definitions: list[str] = []

    def build(self) -> Operation:
        selections = self._selections(self._schema.query_type, 0, 1)
        definitions = ", ".join(self._arguments.definitions)
        head = (
            f"query Generated({definitions}) " if definitions else self._draw.choice(("", "query ", "query Generated "))
        )
        document = "\n".join([head + selections, *self._definitions])
        return Operation(document, self._arguments.variables, self._arguments.other_variables())

    def _selections(self, parent: Any, depth: int, items: int) -> str:
        fields = self._selectable(parent, depth, items)
        parts = ["__typename"] if self._chance(0.15) or not fields else []
        count = self._draw.choice((1, 2, 2, 3, 4)) if fields else 0
        parts.extend(self._part(parent, self._draw.choice(fields), depth, items) for _ in range(count))
        if is_abstract_type(parent):
            conditions = self._conditions(parent, depth, items)
            is_spread = conditions and self._chance(0.2)
            parts += [self._named(parent, " ".join(conditions))] if is_spread else conditions
        self._draw.shuffle(parts)
        return "{ " + " ".join(parts) + " }"

    def _selectable(self, parent: Any, depth: int, items: int) -> list[str]:
        if isinstance(parent, GraphQLUnionType):
            return []
        full = depth >= DEEPEST or self._fields >= MOST_FIELDS or items > MOST_ITEMS
        names = [name for name in parent.fields if (parent.name, name) not in self._left_out]
        leaves = [name for name in names if is_leaf_type(get_named_type(parent.fields[name].type))]
        # The fields with most behind them come more often.
        return leaves if full else names + [name for name in names if "first" in parent.fields[name].args] * 3

    def _conditions(self, parent: Any, depth: int, items: int) -> list[str]:
        before, self._is_beside = self._is_beside, True
        types = self._schema.get_possible_types(parent)
        chance = 0.7 if len(types) < 4 else 0.3
        chosen = [type_ for type_ in types if self._chance(chance)]
        conditions = [self._condition(type_, depth, items) for type_ in chosen]
        self._is_beside = before
        return conditions

    def _condition(self, type_: Any, depth: int, items: int) -> str:
        selections = self._selections(type_, depth + 1, items)
        if self._chance(0.2):
            return self._named(type_, selections[2:-2])
        return f"... on {type_.name}{self._directive(0.1)} {selections}"

    def _named(self, type_: Any, selections: str) -> str:
        """Return the spread of a new fragment, which stands nowhere else."""
        name = f"F{len(self._definitions)}"
        self._definitions.append(f"fragment {name} on {type_.name} {{ {selections} }}")
        return f"...{name}{self._directive(0.2)}"

    def _part(self, parent: Any, name: str, depth: int, items: int) -> str:
        chance = self._draw.random()
        if chance < 0.72 or depth >= DEEPEST:
            return self._field(parent, name, depth, items)
        if chance < 0.8:
            return f"...{self._directive(1.0)} {{ {self._field(parent, name, depth, items)} }}"
        if chance < 0.9:
            return self._inline(parent, name, depth, items)
        return self._spread(parent, depth, items)

    def _inline(self, parent: Any, name: str, depth: int, items: int) -> str:
        interfaces = [one.name for one in getattr(parent, "interfaces", ())]
        if interfaces and self._chance(0.4):
            return f"... on {interfaces[0]}{self._directive(0.3)} {{ id __typename }}"
        return f"... on {parent.name}{self._directive(0.3)} {{ {self._field(parent, name, depth, items)} }}"

    def _spread(self, parent: Any, depth: int, items: int) -> str:
        fitting = [
            one for one in self._fragments if one.type_name == parent.name and one.depth >= depth and one.items >= items
        ]
        if fitting and not self._is_beside and self._chance(0.5):
            return f"...{self._draw.choice(fitting).name}{self._directive(0.3)}"
        selections = self._selections(parent, depth + 1, items)
        # It is known only now, so that no fragment can spread itself.
        fragment = _Fragment(f"F{len(self._definitions)}", parent.name, depth, items)
        if not self._is_beside:
            self._fragments.append(fragment)
        self._definitions.append(f"fragment {fragment.name} on {parent.name} {selections}")
        return f"...{fragment.name}{self._directive(0.3)}"

    def _field(self, parent: Any, name: str, depth: int, items: int) -> str:
        self._fields += 1
        field: GraphQLField = parent.fields[name]
        arguments, size = self._arguments.text(field, MOST_ITEMS // items)
        type_ = get_named_type(field.type)
        if self._is_beside and is_leaf_type(type_) and not arguments and self._chance(0.5):
            # Equal names of equal types: members of a union share a place in the answer.
            shared = re.sub(r"\W", lambda sign: f"_{ord(sign[0])}", f"{name}_{field.type}")
            return f"{shared}: {name}{self._directive(0.05)}"
        head = f"{self._alias(needed=bool(arguments) or self._is_beside)}{name}{arguments}{self._directive(0.08)}"
        if is_leaf_type(type_):
            return head
        before, self._is_beside = self._is_beside, False
        # A connection's size counts where its items are: below edges and nodes, and its facets are lists of their own.
        grows = is_list_type(get_nullable_type(field.type)) or "first" in field.args
        below = items * max(1, size if name not in {"edges", "nodes"} else 1) if grows else items
        text = f"{head} {self._selections(type_, depth + 1, below)}"
        if self._chance(0.08):
            text += f" {head} {self._selections(type_, depth + 1, below)}"
        self._is_beside = before
        return text

    def _alias(self, *, needed: bool) -> str:
        if not needed and self._chance(0.85):
            return ""
        self._aliases += 1
        return f"a{self._aliases}: "

    def _directive(self, chance: float) -> str:
        return self._arguments.condition() if self._chance(chance) else ""

    def _chance(self, chance: float) -> bool:
        return self._draw.random() < chance
