"""Tables: cells of a formula in rows, and what reads and writes them for the functions of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from graphql_api.rendering.latex_tokens import Reader
    from graphql_api.rendering.mathml_effects import Effect


class Table(NamedTuple):
    """Cells row by row, and the distances behind rows."""

    rows: list[list[str]]
    distances: tuple[tuple[int, float], ...]

    @property
    def body(self) -> str:
        """The cells in LaTeX."""
        return r"\\ ".join(["&".join(row) for row in self.rows])

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(map(len, self.rows))


class Rewriting(Protocol):
    """What a command's function uses of the rewriter of its formula."""

    reader: Reader
    tag: str | None
    numbered: list[bool]

    def cell(self) -> str:
        """Return what stands up to the end of a cell, row or group."""

    def table(self, stop: str) -> Table:
        """Read cells and rows up to `stop`."""

    def nested(self, latex: str) -> str:
        """Return another formula, or a part that has been read as it is written, rewritten."""

    def environment(self, name: str, columns: str, table: Table, *, is_small: bool = False) -> str:
        """Return an environment of the converter's."""

    def opened(self, effect: Effect) -> str:
        """Return the beginning of a group with an effect."""
