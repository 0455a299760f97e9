"""Problems of a model: what is wrong with the text of a `content.graphql`, where, and what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.errors import GraphQLAPIError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.records import Severity

MAX_PROBLEMS = 20
"""So many problems are told at once; the rest is told when these are mended."""

MAX_COUNTED = 100
"""So many problems are looked for."""


class ModelProblem(Struct, frozen=True):
    """One problem; `line` and `column` count from 1 in the text, `message` says what is wrong and what to do."""

    severity: Severity
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Return it as compilers write it, without the name of the file."""
        return f"{self.line}:{self.column} {self.message}"


class ModelError(GraphQLAPIError):
    """The text is no model. `problems` are in the order of the text, `more` is how many there are beside them.

    `file` is the file that has the text, "" where there is none.
    """

    def __init__(self, problems: tuple[ModelProblem, ...]) -> None:
        """Keep the first problems, which the message names."""
        ordered = in_order(problems)
        self.problems = ordered[:MAX_PROBLEMS]
        self.more = len(ordered) - len(self.problems)
        self.file = ""
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return a line for each of the problems, with the name of the file if whoever has read it has set it."""
        before = f"{self.file}:" if self.file else ""
        lines = [f"{before}{problem}" for problem in self.problems]
        if self.more:
            lines.append(f"… and {self.more} more.")
        return "The model cannot be used.\n" + "\n".join(lines)


@contextmanager
def told_in(file: str) -> Iterator[None]:
    """Let a ModelError name the file whose text is read within."""
    try:
        yield
    except ModelError as error:
        error.file = file
        raise


def in_order(problems: tuple[ModelProblem, ...]) -> tuple[ModelProblem, ...]:
    """Return each problem once, in the order of the text, errors first where two stand at one place."""
    return tuple(sorted(set(problems), key=lambda each: (each.line, each.column, each.severity, each.message)))
