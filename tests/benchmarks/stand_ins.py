"""Servers on the loopback that give one answer, for what asks and compares servers."""

from __future__ import annotations

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from benchmarks.processes import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def answering(body: bytes, coding: str = "", coded: bytes = b"") -> Iterator[int]:
    """Give the port of a server that answers each POST with `body`, or `coded` to who sends an Accept-Encoding."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            is_coded = bool(coding) and self.headers.get("Accept-Encoding") == "gzip, deflate, br, zstd"
            sent = coded if is_coded else body
            self.send_response(200)
            if is_coded:
                self.send_header("Content-Encoding", coding)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing."""

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
