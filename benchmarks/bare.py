"""A bare Starlette route that answers with prebuilt bytes: what this server would be if GraphQL cost nothing.

    python -m benchmarks.bare [--coding CODING] BODY_BYTES PORT

It is served as this project is: the same uvicorn, parser, loop and collector settings. With CODING, the bytes stand for
a body that was compressed before: they are sent with `Content-Encoding: CODING`.
"""

import argparse

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.server.run import serve


def bare_app(body: bytes, coding: str = "") -> Starlette:
    """Return an application that answers every request to /graphql with `body`."""
    headers = {"Content-Encoding": coding, "Vary": "Accept-Encoding"} if coding else {}

    async def answer(_: Request) -> Response:
        return Response(body, media_type="application/json", headers=headers)

    return Starlette(routes=[Route("/graphql", answer, methods=["GET", "POST"])])


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bare")
    parser.add_argument("--coding", default="")
    parser.add_argument("body_bytes", type=int)
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    serve(bare_app(b"x" * options.body_bytes, options.coding), port=options.port, on_listening=print)


if __name__ == "__main__":
    main()
