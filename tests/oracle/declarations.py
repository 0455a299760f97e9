"""Declarations: the text of a model as plain data, read with graphql-core and nothing of the product."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphql import (
    EnumTypeDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
    value_from_ast_untyped,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphql import FieldDefinitionNode

Arguments = dict[str, Any]
Directives = dict[str, list[Arguments]]

_PARTS = ("key", "keys", "field", "file", "entry", "template")


@dataclass(frozen=True)
class Field:
    """A field: its type as written ("[Tag!]!"), the named type in it, and its directives' arguments by name."""

    name: str
    type: str
    named: str
    directives: Directives

    @cached_property
    def is_list(self) -> bool:
        """Whether values are lists."""
        return self.type.startswith("[")

    @cached_property
    def depth(self) -> int:
        """How many lists are in each other."""
        return self.type.count("[")

    @cached_property
    def is_required(self) -> bool:
        """Whether the value itself is never null."""
        return self.type.endswith("!")

    def one(self, directive: str) -> Arguments | None:
        """Return the arguments of a directive, None where it does not stand."""
        return next(iter(self.directives.get(directive, ())), None)

    @cached_property
    def status_of(self) -> str | None:
        """The reference that a status tells of."""
        return (self.one("from") or {}).get("field") if self.named == "ReferenceStatus" else None

    @cached_property
    def entry_part(self) -> str | None:
        """VERSION or UPDATED_AT, of what the store knows."""
        return next((each["entry"] for each in self.directives.get("from", ()) if "entry" in each), None)

    @cached_property
    def is_value(self) -> bool:
        """Whether files give its value."""
        made = self.status_of or self.entry_part or any(name in self.directives for name in ("back", "walk", "sibling"))
        return not made

    @cached_property
    def sources(self) -> list[Arguments]:
        """What stands in @from, with the keys that follow from the name where none says from where."""
        found: list[Arguments] = []
        for each in self.directives.get("from", [{}]):
            if any(part in each for part in _PARTS):
                found.append(each)
            else:
                found += [each | {"key": key} for key in spellings(self.name)]
        return found


@dataclass(frozen=True)
class Type:
    """A type: "entry", "group", "union" (`members`: its groups by value) or "enum" (its spellings by name)."""

    name: str
    kind: str
    directives: Directives
    fields: dict[str, Field] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)

    def one(self, directive: str) -> Arguments | None:
        """Return the arguments of a directive, None where it does not stand."""
        return next(iter(self.directives.get(directive, ())), None)

    @property
    def is_singleton(self) -> bool:
        """Whether there is exactly one entry."""
        return "singleton" in self.directives

    @property
    def is_grouped(self) -> bool:
        """Whether references make its entries."""
        return "grouped" in self.directives

    @property
    def globs(self) -> list[str]:
        """Which files are its own."""
        if self.is_singleton:
            return [self.directives["singleton"][0]["file"]]
        files = (self.one("content") or {}).get("files", [])
        return files if isinstance(files, list) else [files]

    @property
    def has_items(self) -> bool:
        """Whether a file holds several entries."""
        return (self.one("content") or {}).get("each") == "ITEM"

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """The fields of each key by its name; the first one is the identity."""
        single = {name: (name,) for name, each in self.fields.items() if "key" in each.directives}
        return single | {each["name"]: tuple(each["fields"]) for each in self.directives.get("key", ())}

    @property
    def identity(self) -> tuple[str, ...]:
        """The fields of the first key; () of a singleton without any."""
        return next(iter(self.keys.values()), ())


class Model:
    """A model: its types by name, in the order of the text."""

    def __init__(self, text: str) -> None:
        """Read the text, which must be good."""
        self.text = text
        self.types = {each.name: each for each in _types(text)}

    @property
    def entries(self) -> list[Type]:
        """The types with entries."""
        return [each for each in self.types.values() if each.kind == "entry"]

    def kind(self, name: str) -> str:
        """Return "scalar", or the kind of a declared type."""
        return self.types[name].kind if name in self.types else "scalar"

    def target(self, each: Field) -> Type | None:
        """Return the type of the entries that a field refers to, None if it is no reference."""
        target = self.types.get(each.named)
        return target if target and target.kind == "entry" and each.is_value else None

    def by(self, each: Field) -> str:
        """Return the key by which a reference names its target."""
        named: str | None = (each.one("ref") or {}).get("by")
        return named or self.types[each.named].identity[0]

    def groups(self, each: Field) -> list[Type]:
        """Return the groups that a field's values are: none, one, or the members of a union."""
        type_ = self.types.get(each.named)
        if type_ is None or type_.kind not in {"group", "union"}:
            return []
        return [type_] if type_.kind == "group" else [self.types[name] for name in type_.members.values()]

    def grouped_within(self, type_: Type) -> list[Type]:
        """Return the grouped types that references in an entry name, those in groups too; once for each reference."""
        found, waiting, seen = [], list(type_.fields.values()), set()
        while waiting:
            each = waiting.pop()
            target = self.target(each)
            if target and target.is_grouped:
                found.append(target)
            for group in self.groups(each):
                if group.name not in seen:
                    seen.add(group.name)
                    waiting += group.fields.values()
        return found

    def kept(self, group: Type) -> list[Field]:
        """Return the references of a group that are shown even where they lead nowhere."""
        fields = group.fields.values()
        return [each for each in fields if self.target(each) and missing(each) == "KEEP" and not each.is_list]


def missing(each: Field) -> str:
    """Return what becomes of a reference that leads nowhere."""
    found: str = (each.one("ref") or {}).get("missing", "WARN")
    return found


def spellings(name: str) -> list[str]:
    """Return the keys that a field's name stands for."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return list(dict.fromkeys((name, snake, snake.replace("_", "-"))))


def _types(text: str) -> Iterator[Type]:
    nodes = [node for node in parse(text).definitions if isinstance(node, _Definition)]
    blocks = {node.name.value: _arguments_of(node).get("is", [{}])[0].get("value") for node in nodes}
    for node in nodes:
        directives, name = _arguments_of(node), node.name.value
        if isinstance(node, ObjectTypeDefinitionNode):
            is_entry = {"content", "singleton", "grouped"} & directives.keys()
            fields = {one.name: one for one in map(_field, node.fields or ())}
            yield Type(name, "entry" if is_entry else "group", directives, fields)
        elif isinstance(node, UnionTypeDefinitionNode):
            names = [one.name.value for one in node.types or ()]
            yield Type(name, "union", directives, members={blocks[one] or one: one for one in names})
        else:
            values = {
                one.name.value: _arguments_of(one).get("is", [{"value": one.name.value}])[0]["value"]
                for one in node.values or ()
            }
            yield Type(name, "enum", directives, members=values)


_Definition = ObjectTypeDefinitionNode | UnionTypeDefinitionNode | EnumTypeDefinitionNode


def _field(node: FieldDefinitionNode) -> Field:
    inner: Any = node.type
    while isinstance(inner, NonNullTypeNode | ListTypeNode):
        inner = inner.type
    return Field(node.name.value, print_ast(node.type), inner.name.value, _arguments_of(node))


def _arguments_of(node: Any) -> Directives:
    found: Directives = {}
    directives: Iterable[Any] = node.directives or ()
    for each in directives:
        arguments = {one.name.value: value_from_ast_untyped(one.value) for one in each.arguments or ()}
        found.setdefault(each.name.value, []).append(arguments)
    return found
