"""A bare Starlette route that answers with prebuilt bytes: what this server would be if GraphQL cost nothing.

    python -m benchmarks.bare BODY_BYTES PORT

It is served as this project is: the same uvicorn, parser, loop and collector settings.
"""

import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.server.run import serve


def bare_app(body: bytes) -> Starlette:
    """Return an application that answers every request to /graphql with `body`."""

    async def answer(_: Request) -> Response:
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route("/graphql", answer, methods=["GET", "POST"])])


if __name__ == "__main__":
    serve(bare_app(b"x" * int(sys.argv[1])), port=int(sys.argv[2]), on_listening=print)
