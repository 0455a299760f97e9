"""What a connection is told when its request gets no answer of its own."""

from __future__ import annotations

from typing import Final

from graphql_api.server.http_message import Headers, HTTPError

CLOSE: Final[Headers] = ((b"connection", b"close"),)
_SOON: Final[Headers] = ((b"retry-after", b"1"),)


def request_timeout() -> HTTPError:
    """Return the error of a request that did not arrive in time."""
    message = "The request did not arrive in time; send it whole and without pauses."
    return HTTPError(408, "REQUEST_TIMEOUT", message, CLOSE)


def shutting_down() -> HTTPError:
    """Return the error of a request that the server's end was faster than."""
    message = "The server is being stopped; send the request again."
    return HTTPError(503, "SHUTTING_DOWN", message, CLOSE)


def too_many_connections() -> HTTPError:
    """Return the error of a connection beyond those that a worker takes, while all of them are busy."""
    message = "The server has too many connections; try again in a moment."
    return HTTPError(503, "TOO_MANY_CONNECTIONS", message, CLOSE + _SOON)


def too_much_unsent() -> HTTPError:
    """Return the error of an answer that would be kept until slow clients have read others."""
    message = "The server waits for clients that do not read their answers; try again in a moment."
    return HTTPError(503, "TOO_MUCH_UNSENT", message, _SOON)


def too_much_unread() -> HTTPError:
    """Return the error of a request whose pieces would be kept beside too many others."""
    message = "The server waits for the rest of too many large requests; try again in a moment."
    return HTTPError(503, "TOO_MUCH_UNREAD", message, CLOSE + _SOON)
