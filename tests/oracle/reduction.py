"""Reduction: a failing document made as small as it can be while it still fails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphql import (
    REMOVE,
    ArgumentNode,
    DirectiveNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    SelectionNode,
    ValueNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import DocumentNode, Node


def reduced(document: str, fails: Callable[[str], bool]) -> str:
    """Return the document without any selection, argument, directive or value that the failure does not need."""
    smallest, place, changed = print_ast(parse(document)), 0, True
    while changed:
        place, changed = 0, False
        while (smaller := _without(smallest, place)) is not None:
            if fails(smaller):
                smallest, changed = smaller, True
            else:
                place += 1
    return smallest


def _without(document: str, place: int) -> str | None:
    """Return the document without the removable node at this place, None if there is none."""
    remover = _Remover(place)
    tree = visit(parse(document, no_location=True), remover)
    return print_ast(_used_only(tree)) if remover.found else None


class _Remover(Visitor):
    """Removes one node: the removable one that comes after `place` others, outer ones first."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._left = place
        self.found = False

    def enter(self, node: Node, key: Any, parent: Any, *_: Any) -> Any:
        if not self._removable(node, key, parent):
            return None
        self._left -= 1
        self.found = self.found or self._left < 0
        return REMOVE if self._left == -1 else None

    @staticmethod
    def _removable(node: Node, key: Any, parent: Any) -> bool:
        if isinstance(node, SelectionNode):
            return len(parent) > 1
        return isinstance(node, ArgumentNode | DirectiveNode | ObjectFieldNode) or (
            isinstance(node, ValueNode) and isinstance(key, int)
        )


def _used_only(tree: DocumentNode) -> DocumentNode:
    """Return the document without the fragments and variables that nothing uses."""
    fragments = {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)}
    operation = next(node for node in tree.definitions if isinstance(node, OperationDefinitionNode))
    bare = replace(operation, variable_definitions=())
    reached: list[Node] = [bare]
    for definition in reached:
        names = dict.fromkeys(name for name in _names(definition, FragmentSpreadNode) if name in fragments)
        reached += [fragments[name] for name in names if fragments[name] not in reached]
    used = {name for definition in reached for name in _names(definition, VariableNode)}
    kept = tuple(one for one in operation.variable_definitions or () if one.variable.name.value in used)
    needed = tuple(fragments[name] for name in fragments if fragments[name] in reached)
    return replace(tree, definitions=(replace(bare, variable_definitions=kept), *needed))


def _names(tree: Node, kind: type[Any]) -> list[str]:
    """Return the names of all nodes of a kind below a node."""
    names: list[str] = []

    class Names(Visitor):
        def enter(self, node: Any, *_: Any) -> None:
            if isinstance(node, kind):
                names.append(node.name.value)

    visit(tree, Names())
    return names
