"""Syntax: a document's tree, which is large beside its text and is kept only as long as somebody is to read it.

A tree takes a hundred times the memory of its text. So it serves validation and the first plan and is then let go;
another plan of the same document, for another shape of its variables, parses the text again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import FragmentDefinitionNode, GraphQLSyntaxError, OperationDefinitionNode, parse

from graphql_api.errors import ParseError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, GraphQLError

    from graphql_api.settings import Limits

_MOST_BYTES = 4
"""Of a character in UTF-8."""

TREE_BYTES_PER_CHARACTER = 110
"""Measured: what a tree takes, with the ends of its nodes, for each character of a document without spare blanks."""


class Tree:
    """A document as parsed: `node`, its `operations` by name, its `fragments` by name."""

    def __init__(self, node: DocumentNode) -> None:
        """Sort the definitions; of two with one name, which validation refuses, the last stays."""
        self.node = node
        self.operations: Mapping[str | None, OperationDefinitionNode] = {
            each.name.value if each.name else None: each
            for each in node.definitions
            if isinstance(each, OperationDefinitionNode)
        }
        self.fragments: Mapping[str, FragmentDefinitionNode] = {
            each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)
        }


def check_length(text: str, limits: Limits) -> None:
    """Raise ParseError for a document with too many bytes; it is not even looked for among those that are known."""
    if len(text) * _MOST_BYTES > limits.document_bytes and len(text.encode()) > limits.document_bytes:
        size, allowed = f"{len(text.encode()):,} bytes", f"{limits.document_bytes:,}"
        raise ParseError(f"The document has {size}; {allowed} are allowed. Send it in parts.")


class Syntax:
    """The text of a document, and its tree while that is kept."""

    def __init__(self, text: str, limits: Limits) -> None:
        """Parse `text`. Raises ParseError, also for too many bytes, and ValidationError for too many operations."""
        check_length(text, limits)
        self._text = text
        self.characters = len(text)
        self.limits = limits
        self._tree: Tree | None = Tree(self._parsed())
        count = sum(isinstance(each, OperationDefinitionNode) for each in self._tree.node.definitions)
        if count > limits.operations:
            raise ValidationError(
                f"The document has {count} operations; {limits.operations} are allowed. Send them in parts."
            )

    @property
    def weight(self) -> int:
        """About how many bytes of memory this takes."""
        return len(self._text) * (4 + (TREE_BYTES_PER_CHARACTER if self._tree else 0))

    def tree(self) -> Tree:
        """Return the tree, to be read now and not to be kept."""
        return self._tree or Tree(self._parsed())

    def release(self) -> None:
        """Let the tree go; who needs it from now on parses the text again."""
        self._tree = None

    def _parsed(self) -> DocumentNode:
        try:
            node = parse(self._text, max_tokens=self.limits.document_tokens)
        except GraphQLSyntaxError as error:
            raise ParseError(error.message, locations=locations_of(error)) from None
        _unlink(node)
        return node


def locations_of(error: GraphQLError) -> list[tuple[int, int]]:
    """Return where an error stands, as (line, column) from 1."""
    return [(location.line, location.column) for location in error.locations or ()]


def _unlink(node: DocumentNode) -> None:
    """Part the document's tokens: each leads to the next, so that one node would keep all of them in memory."""
    token = node.loc.start_token if node.loc else None
    while token is not None:
        following = token.next
        token.prev = token.next = None
        token = following
