"""A server program for the tests of running: `small_server [PORT [WORKERS [GRACE [PAUSE [WHOLE]]]]]`, in seconds."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from graphql_api.server.errors import CannotListenError
from graphql_api.server.protocol import ReadingLimits
from graphql_api.server.routes import build_app
from graphql_api.server.run import serve
from tests.server.small_engine import SmallContentStatus, SmallEngine

if TYPE_CHECKING:
    from graphql_api.engine.requests import Request, Response

SLOW_SECONDS = 1.0


class _SlowEngine(SmallEngine):
    """Takes its time for an operation that is named Slow, so that a test can end the server meanwhile."""

    async def execute(self, request: Request) -> Response:
        if request.operation_name == "Slow":
            os.write(1, b"slow\n")  # the test waits for this line; two processes may write at once
            await asyncio.sleep(SLOW_SECONDS)
        return await super().execute(request)


def main(port: int = 0, workers: int = 1, grace: int = 30, pause: int = 10, whole: int = 30) -> int:
    """Serve until a signal; return the exit code."""
    engine = _SlowEngine()
    app = build_app(engine, SmallContentStatus(engine), allow_origin="*")
    try:
        serve(
            app,
            port=port,
            workers=workers,
            grace_seconds=grace,
            reading_limits=ReadingLimits(pause, whole),
            on_listening=lambda url: print(url, flush=True),  # noqa: T201 - the test reads it
        )
    except CannotListenError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the test reads it
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
