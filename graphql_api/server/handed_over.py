"""Listening sockets that another program holds and hands over, as systemd does (sd_listen_fds).

It holds them while one server ends and the next one starts, so connections wait meanwhile, and no request is lost.
"""

from __future__ import annotations

import os
import socket
from typing import Final

from graphql_api.server.errors import CannotListenError

_FIRST_DESCRIPTOR: Final = 3


def is_handed_over() -> bool:
    """Return whether sockets are handed over to this process."""
    return os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS", "0") != "0"


def handed_over() -> list[socket.socket]:
    """Return the sockets that are handed over to this process, none if there are none.

    Raises CannotListenError if what is handed over is no listening socket.
    """
    if not is_handed_over():
        return []
    try:
        count = int(os.environ["LISTEN_FDS"])
        sockets = [socket.socket(fileno=_FIRST_DESCRIPTOR + number) for number in range(count)]
        is_listening = all(each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) for each in sockets)
    except (OSError, ValueError):
        is_listening = False
    if not is_listening:
        raise CannotListenError(
            "What is handed over by LISTEN_FDS is no listening socket. Mend the unit, or unset LISTEN_FDS."
        )
    for each in sockets:
        os.set_inheritable(each.fileno(), False)  # noqa: FBT003 - os's
    return sockets
