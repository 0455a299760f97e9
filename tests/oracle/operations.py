"""Operations: generated documents that use the whole language on the whole schema, and stay small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import GraphQLInterfaceType, get_named_type, is_leaf_type

from tests.oracle.arguments import Arguments

if TYPE_CHECKING:
    import random

    from graphql import GraphQLField, GraphQLSchema

    from tests.oracle.content import Content

_LEFT_OUT = {("Query", "search"), ("Content", "version"), ("Content", "loadedAt")}
_LONG = ("edges", "nodes", "relatedArticles", "neighbours", "headings", "subjects", "years", "authors", "keywords")
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


def operation(content: Content, schema: GraphQLSchema, draw: random.Random) -> Operation:
    """Return one operation with values of this content, the same for the same state of `draw`."""
    return _Builder(content, schema, draw).build()


class _Builder:
    """Writes one operation. `items` is how often a selection can be executed, at most."""

    def __init__(self, content: Content, schema: GraphQLSchema, draw: random.Random) -> None:
        self._schema = schema
        self._draw = draw
        self._arguments = Arguments(content, draw)
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
        if isinstance(parent, GraphQLInterfaceType):
            parts += self._conditions(parent, depth, items)
        self._draw.shuffle(parts)
        return "{ " + " ".join(parts) + " }"

    def _selectable(self, parent: Any, depth: int, items: int) -> list[str]:
        full = depth >= DEEPEST or self._fields >= MOST_FIELDS or items > MOST_ITEMS
        names = [name for name in parent.fields if (parent.name, name) not in _LEFT_OUT]
        leaves = [name for name in names if is_leaf_type(get_named_type(parent.fields[name].type))]
        # The fields with most behind them come more often.
        return leaves if full else names + [name for name in names if "filter" in parent.fields[name].args] * 3

    def _conditions(self, parent: GraphQLInterfaceType, depth: int, items: int) -> list[str]:
        types = self._schema.get_implementations(parent).objects
        return [
            f"... on {type_.name} {self._selections(type_, depth + 1, items)}" for type_ in types if self._chance(0.7)
        ]

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
        if fitting and self._chance(0.5):
            return f"...{self._draw.choice(fitting).name}{self._directive(0.3)}"
        selections = self._selections(parent, depth + 1, items)
        # It is known only now, so that no fragment can spread itself.
        fragment = _Fragment(f"F{len(self._fragments)}", parent.name, depth, items)
        self._fragments.append(fragment)
        self._definitions.append(f"fragment {fragment.name} on {parent.name} {selections}")
        return f"...{fragment.name}{self._directive(0.3)}"

    def _field(self, parent: Any, name: str, depth: int, items: int) -> str:
        self._fields += 1
        field: GraphQLField = parent.fields[name]
        arguments, size = self._arguments.text(field, MOST_ITEMS // items)
        head = f"{self._alias(needed=bool(arguments))}{name}{arguments}{self._directive(0.08)}"
        type_ = get_named_type(field.type)
        if is_leaf_type(type_):
            return head
        # A connection's size counts where its items are: below edges and nodes, and its facets are lists of their own.
        below = items * max(1, size if name not in {"edges", "nodes"} else 1) if self._grows(name, field) else items
        text = f"{head} {self._selections(type_, depth + 1, below)}"
        if self._chance(0.08):
            text += f" {head} {self._selections(type_, depth + 1, below)}"
        return text

    def _grows(self, name: str, field: GraphQLField) -> bool:
        return name in _LONG or "first" in field.args

    def _alias(self, *, needed: bool) -> str:
        if not needed and self._chance(0.85):
            return ""
        self._aliases += 1
        return f"a{self._aliases}: "

    def _directive(self, chance: float) -> str:
        return self._arguments.condition() if self._chance(chance) else ""

    def _chance(self, chance: float) -> bool:
        return self._draw.random() < chance
