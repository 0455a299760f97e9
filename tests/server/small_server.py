"""A server program for the tests of running: `small_server [NAME=VALUE]…`.

The names are `port`, `workers`, `by_asgi` (1 for all by ASGI), `unix_socket`, and those of `ConnectionLimits`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphql_api.server.errors import CannotListenError
from graphql_api.server.routes import build_app
from graphql_api.server.run import serve
from graphql_api.settings import ConnectionLimits
from tests.server.small_engine import SmallContentStatus, SmallEngine

if TYPE_CHECKING:
    from graphql_api.engine.requests import Request, Response

SLOW_SECONDS = 1.0
_OPTIONS = {"port": "0", "workers": "1", "by_asgi": "0"}


class _SlowEngine(SmallEngine):
    """Takes its time for an operation that is named Slow, so that a test can end the server meanwhile."""

    async def execute(self, request: Request) -> Response:
        if request.operation_name == "Slow":
            os.write(1, b"slow\n")  # the test waits for this line; two processes may write at once
            await asyncio.sleep(SLOW_SECONDS)
        return await super().execute(request)


def main(arguments: list[str]) -> int:
    """Serve until a signal; return the exit code."""
    options = dict(argument.split("=") for argument in arguments)
    unix_socket = options.pop("unix_socket", None)
    port, workers, by_asgi = (int(options.pop(name, default)) for name, default in _OPTIONS.items())
    limits = ConnectionLimits(**{name: int(value) for name, value in options.items()})
    engine = _SlowEngine()
    app = build_app(engine, SmallContentStatus(engine), allow_origin=["*"])
    try:
        serve(
            app,
            port=port,
            unix_socket=Path(unix_socket) if unix_socket else None,
            workers=workers,
            limits=limits,
            is_short=not by_asgi,
            on_listening=lambda url: print(url, flush=True),  # noqa: T201 - the test reads it
        )
    except CannotListenError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the test reads it
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
