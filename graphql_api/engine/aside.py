"""What takes long to compute is done beside the event loop, so that every other request has its turn meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from graphql_api.errors import TooBusyError
from graphql_api.store.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

MANY_CHARACTERS: Final = 2_000
"""A document of so many takes some 20 milliseconds to parse, validate and plan."""

MANY_VALUES: Final = 500
"""So many values in variables take some milliseconds to check."""


MANY_TEXT: Final = 20_000
"""Characters of texts in variables: to read some of them, such as urls, takes a microsecond for each."""


class Aside:
    """A thread for what takes long, one thing at a time: others of the kind wait, but the event loop does not."""

    def __init__(self, wait_seconds: float = 5.0) -> None:
        """Let nothing wait longer than that."""
        self._wait_seconds = wait_seconds
        self._turn = asyncio.Lock()

    async def run(
        self, call: Callable[_Arguments, _Result], *arguments: _Arguments.args, **named: _Arguments.kwargs
    ) -> _Result:
        """Return what a call returns. Raises TooBusyError after waiting too long for those of others."""
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise TooBusyError("Other documents are being read.") from None
        try:
            (result,) = await in_threads(lambda: call(*arguments, **named))
        finally:
            self._turn.release()
        return result  # type: ignore[no-any-return] # what the call returns


def are_many(variables: Mapping[str, Any]) -> bool:
    """Return whether there are many values in a request's variables, or long texts; counted no further than that."""
    left: list[Any] = [variables]
    count, characters = -len(variables), 0
    while left:
        value = left.pop()
        count += len(value)
        if count > MANY_VALUES:
            return True
        for each in value.values() if isinstance(value, dict) else value:
            if each.__class__ is str:
                characters += len(each)
            elif each.__class__ is dict or each.__class__ is list:
                left.append(each)
        if characters > MANY_TEXT:
            return True
    return False
