"""Reloading: loads that requests ask for, each in a process of its own, one after the other.

Where somebody saves file after file, a process waits that has imported all it needs: that is half of the time that a
load of one file takes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any, Final, Self

import orjson
from msgspec import Struct, field

from graphql_api.errors import LoadFailedError, ReloadRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

_LOGGER = logging.getLogger(__name__)

_REFUSED, _BUSY = 3, 4
"""Exit codes of `graphql-api load`: what its options forbid, and another load that is under way."""

_SECONDS_BETWEEN_TRIES: Final = 0.2
_SECONDS_TO_END: Final = 3.0
_SECONDS_TO_REST: Final = 0.25
"""After a load, until the process for the next one gets ready: what was published is asked for first."""


class _Load(Struct, eq=False):
    """A load that has been asked for, by one or by many, and has not begun."""

    force: bool
    label: str
    done: asyncio.Future[dict[str, Any]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Reloader:
    """Runs `command`, which loads, when somebody asks. Use it as an async context manager.

    Who asks while a load runs gets the next one, with all who ask meanwhile: what the running one has read already may
    be older than what they know of.
    """

    def __init__(self, command: Sequence[str]) -> None:
        """Keep the command, `graphql-api load` with the options of the store that is served."""
        self._command = tuple(command)
        self._waiting: _Load | None = None
        self._is_working = False
        self._keeps_ready = False
        self._ready: asyncio.subprocess.Process | None = None
        self._preparing: asyncio.Task[None] | None = None
        self._tasks = asyncio.TaskGroup()
        self._work: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin."""
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the load that runs: it leaves the store as it was."""
        for task in (self._work, self._preparing):
            if task is not None:
                task.cancel()
        await self._tasks.__aexit__(None, None, None)
        if self._ready is not None:
            await _end(self._ready)

    def keep_ready(self) -> None:
        """Have a process ready for the next load from now on, and after each load another one."""
        self._keeps_ready = True
        self._prepare()

    def ask(self, *, force: bool = False, label: str = "") -> asyncio.Future[dict[str, Any]]:
        """Have the seeds loaded; return what will be the report, as `load --json` prints it, or LoadFailedError.

        Of loads that become one, the last `label` counts.
        """
        if self._waiting is None:
            self._waiting = _Load(force, label)
        else:
            self._waiting.force = self._waiting.force or force
            self._waiting.label = label or self._waiting.label
        load = self._waiting
        if not self._is_working:
            self._is_working = True
            self._work = self._tasks.create_task(self._work_off())
        return load.done

    async def _work_off(self) -> None:
        try:
            while self._waiting is not None:
                await self._do(self._begin())
        finally:
            self._is_working = False
            self._prepare()

    def _begin(self) -> _Load:
        assert self._waiting is not None  # noqa: S101 - whoever calls has looked
        load, self._waiting = self._waiting, None
        return load

    async def _do(self, load: _Load) -> None:
        try:
            report = await self._report(load)
        except LoadFailedError as error:
            _LOGGER.error("The seeds were NOT loaded: %s", error)  # noqa: TRY400 - it is told in full
            load.done.set_exception(error)
            load.done.exception()  # nobody may be waiting
        except asyncio.CancelledError:
            load.done.cancel()
            raise
        else:
            load.done.set_result(report)

    async def _report(self, load: _Load) -> dict[str, Any]:
        options = ["--json", *(["--force"] if load.force else []), *(["--label", load.label] if load.label else [])]
        while True:
            asked = orjson.dumps({"force": load.force, "label": load.label}) + b"\n"
            code, out, told = await self._run_ready(asked) or await self._run(options)
            if code != _BUSY:
                break
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
        said = told.decode(errors="replace").strip().splitlines()
        reason = said[-1] if said else f"the load ended with {code}."
        if code == _REFUSED:
            raise ReloadRefusedError(reason)
        try:
            report: dict[str, Any] = orjson.loads(out)
        except orjson.JSONDecodeError:
            raise LoadFailedError(reason) from None
        return report

    async def _run(self, options: Sequence[str]) -> tuple[int, bytes, bytes]:
        """Run the command to its end; return its exit code and what it has printed and told."""
        return await _ended(await self._started(options, asyncio.subprocess.DEVNULL))

    async def _run_ready(self, asked: bytes) -> tuple[int, bytes, bytes] | None:
        """Have the process that is ready do what is asked, and return the same; None if there is none, or none more."""
        process, self._ready = self._ready, None
        if process is None or process.returncode is not None:
            return None
        return await _ended(process, asked)

    def _prepare(self) -> None:
        is_preparing = self._preparing is not None and not self._preparing.done()
        if self._keeps_ready and self._ready is None and not is_preparing:
            self._preparing = self._tasks.create_task(self._make_ready())

    async def _make_ready(self) -> None:
        await asyncio.sleep(_SECONDS_TO_REST)
        with contextlib.suppress(OSError):  # whoever asks meets the same, and is told
            self._ready = await self._started(["--json", "--when-asked"], asyncio.subprocess.PIPE)

    async def _started(self, options: Sequence[str], stdin: int) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *self._command, *options, stdin=stdin, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )


async def _ended(process: asyncio.subprocess.Process, said: bytes | None = None) -> tuple[int, bytes, bytes]:
    """Wait for a process, to which something is said; return its exit code and what it has printed and told."""
    try:
        out, told = await process.communicate(said)
    finally:
        if process.returncode is None:
            await _end(process)
    return process.returncode or 0, out, told


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a load: by SIGTERM, so that it puts the store in order, and if that takes too long, at once."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _SECONDS_TO_END)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
