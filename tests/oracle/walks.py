"""Walks: a list paged through by one side's own cursors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.oracle.execution import Execute

PAGE = "first: $first, after: $after, last: $last, before: $before"
HEAD = "$first: Int, $after: String, $last: Int, $before: String"
SHOWN = "{ totalCount edges { cursor node { %s } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"


@dataclass(frozen=True)
class PagedList:
    """A list to page through: a document that declares `HEAD` and passes `PAGE`, and where its connection stands."""

    document: str
    path: tuple[str, ...]
    variables: dict[str, Any] = field(default_factory=dict)

    def page(self, execute: Execute, **arguments: Any) -> dict[str, Any]:
        """Return the connection for the page arguments."""
        response = execute(self.document, self.variables | arguments)
        assert "data" in response, response
        connection = response["data"]
        for key in self.path:
            connection = connection[key]
        assert isinstance(connection, dict)
        return connection


def walk(execute: Execute, paged: PagedList, size: int) -> list[Any]:
    """Return all nodes of the list, read `size` at a time to its end and back to its start.

    Raises AssertionError if a page's own flags and cursors do not fit, or if the two directions differ.
    """
    forwards, backwards = _forwards(execute, paged, size), _backwards(execute, paged, size)
    assert forwards == backwards, "the list differs by direction"
    return [edge["node"] for edge in forwards]


def cut(execute: Execute, paged: PagedList, cursors: list[str], after: int | None, before: int | None) -> list[Any]:
    """Return what pages of 3 in both directions show between two places of the list: nodes and flags."""
    between = {
        "after": None if after is None else cursors[after],
        "before": None if before is None else cursors[before],
    }
    return [_seen(paged.page(execute, **between, **size)) for size in ({"first": 3}, {"last": 3}, {"first": 0}, {})]


def _forwards(execute: Execute, paged: PagedList, size: int) -> list[Any]:
    edges: list[Any] = []
    after: str | None = None
    while True:
        page = paged.page(execute, first=size, after=after)
        _check(page, behind=bool(edges), size=size)
        edges += page["edges"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(edges) == page["totalCount"]
    assert len({edge["cursor"] for edge in edges}) == len(edges), "two places share a cursor"
    return edges


def _backwards(execute: Execute, paged: PagedList, size: int) -> list[Any]:
    edges: list[Any] = []
    before: str | None = None
    while True:
        page = paged.page(execute, last=size, before=before)
        assert page["pageInfo"]["hasNextPage"] == bool(edges)
        edges = page["edges"] + edges
        if not page["pageInfo"]["hasPreviousPage"]:
            return edges
        assert len(page["edges"]) == size
        before = page["pageInfo"]["startCursor"]


def _check(page: dict[str, Any], *, behind: bool, size: int) -> None:
    info, edges = page["pageInfo"], page["edges"]
    assert info["hasPreviousPage"] == behind
    assert len(edges) == size if info["hasNextPage"] else len(edges) <= size
    assert info["startCursor"] == (edges[0]["cursor"] if edges else None)
    assert info["endCursor"] == (edges[-1]["cursor"] if edges else None)


def _seen(page: dict[str, Any]) -> tuple[Any, ...]:
    info = page["pageInfo"]
    nodes = [edge["node"] for edge in page["edges"]]
    return nodes, info["hasPreviousPage"], info["hasNextPage"], page["totalCount"]
