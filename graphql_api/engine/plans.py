"""Plans: what an operation becomes for one shape of its variables."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from graphql_api.engine.sources import LABEL
from graphql_api.engine.tagging import unmarked
from graphql_api.errors import ChangesTooOldError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql_api.engine.cost import Cost
    from graphql_api.engine.sources import Parameter, Variables
    from graphql_api.engine.tagging import PlanTags, Tags

_TOO_OLD = "What has changed since then is not known (any more): fetch everything, and go on from content.sequence."
_START, _END = b'{"data":{', b"}}"
_PLAN_BYTES, _PARAMETER_BYTES, _MEMBER_BYTES = 1_000, 1_000, 150


class Plan(Struct, frozen=True, dict=True):
    """One statement, its parameters, and how its columns become the response.

    `checks` are arguments that the statement does not need but that must be valid all the same.

    `cost` is what the statement costs.

    `members` are (response key, number of the column) in the response's order; a column of None is a member that
    introspection answers. `sql` is None when there is nothing to ask the store. `is_guarded` says that a column can be
    NULL, for what is not known any more, `is_labelled` that the label of the generation is bound
    (`graphql_api.engine.labels`). With `tags`, entries have marks, which are
    to be taken out.
    """

    sql: str | None
    parameters: tuple[Parameter, ...]
    checks: tuple[Parameter, ...]
    members: tuple[tuple[bytes, int | None], ...]
    cost: Cost
    is_guarded: bool = False
    is_labelled: bool = False
    tags: PlanTags | None = None

    @cached_property
    def is_introspecting(self) -> bool:
        """Whether introspection answers members."""
        return any(column is None for _, column in self.members)

    @property
    def weight(self) -> int:
        """About how many bytes of memory the plan takes."""
        parameters = _PARAMETER_BYTES * (len(self.parameters) + len(self.checks))
        return _PLAN_BYTES + len(self.sql or "") + parameters + _MEMBER_BYTES * len(self.members) + self.cost.weight

    def bind(self, variables: Variables, label: str = "") -> list[Any]:
        """Return the values to bind, on a generation of this label. Raises BadUserInputError for one of no use."""
        if self.is_labelled:
            variables = {**variables, LABEL: label}
        for check in self.checks:
            check.read(variables)
        return [parameter.read(variables) for parameter in self.parameters]

    def answer(self, row: Sequence[bytes], introspected: Mapping[bytes, bytes]) -> tuple[bytes, Tags | None]:
        """Return the response's body, as `response` does, and what it depends on, where that is asked for.

        Raises ChangesTooOldError.
        """
        if self.is_guarded and None in row:
            raise ChangesTooOldError(_TOO_OLD)
        body = self.response(row, introspected)
        return (body, None) if self.tags is None else unmarked(body, self.tags)

    def response(self, row: Sequence[bytes], introspected: Mapping[bytes, bytes]) -> bytes:
        """Return the response's body from the statement's one row and what introspection gave, by response key."""
        parts = [_START]
        for key, column in self.members:
            parts += (b'"', key, b'":', introspected[key] if column is None else row[column], b",")
        parts[len(parts) - bool(self.members) :] = [_END]  # in place of the last comma
        return b"".join(parts)  # so that what is long is copied once
