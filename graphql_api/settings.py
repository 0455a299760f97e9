"""Settings of the server and of the commands: defaults, and what the environment says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct
from msgspec.structs import asdict

if TYPE_CHECKING:
    from pathlib import Path

LogFormat = Literal["text", "json"]

ENVIRONMENT_PREFIX = "GRAPHQL_API_"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
DEFAULT_ALLOW_ORIGIN = "*"
DEFAULT_RESPONSE_CACHE_BYTES = 32 * 1024 * 1024
DEFAULT_DOCUMENT_CACHE_BYTES = 32 * 1024 * 1024
DEFAULT_MAX_BODY_BYTES = 1_048_576
DEFAULT_NICENESS = 15
"""Of a load, of 19 at the most: the nicest would hardly go on where every core is busy."""
DEFAULT_SIZE, MAX_SIZE = 20, 100
"""Of a page: without any size in the request, and the greatest that it can ask for."""
MAX_LEVELS = 200
"""How deep an operation may be nested at the most, whatever its limits say."""
DEFAULT_ANSWER_BYTES = 8 * 1024 * 1024
EVERY_PROXY = frozenset(("*", "unix"))
"""Names of proxies that are no addresses: every connection, and every one by a Unix socket."""


_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


def is_origin(text: str) -> bool:
    """Return whether `text` is an origin as browsers write it, and compare it: in small letters, without any path."""
    return _ORIGIN.fullmatch(text) is not None


def is_site_origin(text: str) -> bool:
    """Return whether `text` is the origin of a site: one of the web, without any path."""
    return is_origin(text) and text.startswith(("https://", "http://"))


class Limits(Struct, frozen=True):
    """Bounds on what one document may ask for.

    Of an operation, `depth` counts fields from the root, `selections` fields after fragments are spread, `lists` lists
    within lists; `page` is the greatest page; `rows` is an upper bound of the objects in the answer, `texts` of the
    whole texts of answers in it (`markdown`, `html`, `text`), `introspected` of the objects that describe the schema,
    whose default is room for two whole introspections; `deadline_seconds` ends a statement that runs longer,
    `wait_seconds` is how long it may wait for others before it runs, on one of `lanes` connections; `answer_bytes`
    bounds the answer, and `cost` is what an operation may cost, in units (docs/limits.md).
    Of a document, `document_bytes` and `document_tokens` bound the length and `operations` the number of operations.
    Of the variables, `items` bounds the items of all lists, `characters` each text and `levels` the nesting.
    """

    depth: int = 24
    selections: int = 2_000
    lists: int = 10
    page: int = MAX_SIZE
    rows: int = 300_000
    texts: int = 10_000
    introspected: int = 50_000
    document_bytes: int = 65_536
    document_tokens: int = 4_000
    operations: int = 100
    items: int = 20_000
    characters: int = 65_536
    levels: int = 220
    deadline_seconds: float = 1.0
    wait_seconds: float = 5.0
    lanes: int = 3
    answer_bytes: int = DEFAULT_ANSWER_BYTES
    cost: int = 10_000_000


class ConnectionLimits(Struct, frozen=True):
    """Bounds on what connections may cost one worker.

    `max_head_bytes` bounds all of a request but its body: URL, headers, chunk sizes and extensions, trailers.
    A request may pause for `read_pause_seconds` and take `read_seconds` in all to arrive; an answer whose client reads
    nothing for `write_pause_seconds`, or not all of it within `write_seconds`, is given up. A connection without a
    request is kept for `keep_alive_seconds` after an answer. `grace_seconds` is what requests in flight get at the end.
    Of a worker, `max_connections` bounds the open connections, `max_subscribers` those who are told of events,
    `max_unsent_bytes` answers that clients have not read yet, and as many bytes of requests that have not arrived
    whole.
    """

    max_head_bytes: int = 65_536
    max_connections: int = 2_000
    max_subscribers: int = 2_000
    max_unsent_bytes: int = 64 * 1024 * 1024
    read_pause_seconds: float = 10.0
    read_seconds: float = 30.0
    write_pause_seconds: float = 10.0
    write_seconds: float = 60.0
    keep_alive_seconds: float = 75.0
    grace_seconds: float = 30.0


class Settings(Struct, frozen=True):
    """Where the store is and how the server serves it.

    Browsers' pages of `allow_origin` may read the answers: `*` is every origin, none is no other than the server's own;
    `site_url` is the origin of the site that shows the content, "" where nobody says; `documents` are manifests of
    trusted documents; `cache_control` is what caches are told of answers by GET, "" for the usual; `cache_tags` says
    whether they are told what is in them; `trusted_proxies` are addresses and networks, `*`, or `unix`, whose headers
    X-Forwarded-* count.
    `load_command` loads the seeds, for whoever has the `admin_token`, or, by the hook, the `hook_secret`; "" is nobody.
    It does so too when something below `watched` changes. `webhooks` are urls that are told of every publish, in
    messages that are signed with the `webhook_secret`. With `mmap` the server's processes map the content, so they
    must be replaced when they end.
    """

    store: Path
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    limits: Limits = Limits()
    document_cache_entries: int = 1_000
    document_cache_bytes: int = DEFAULT_DOCUMENT_CACHE_BYTES
    response_cache_bytes: int = DEFAULT_RESPONSE_CACHE_BYTES
    workers: int = 1
    mmap: bool = False
    connections: ConnectionLimits = ConnectionLimits()
    max_body_bytes: int = DEFAULT_MAX_BODY_BYTES
    log_format: LogFormat = "text"
    access_log: bool = False
    allow_origin: tuple[str, ...] = (DEFAULT_ALLOW_ORIGIN,)
    allow_headers: tuple[str, ...] = ()
    unix_socket: Path | None = None
    base_path: str = ""
    cache_control: str = ""
    cache_tags: bool = False
    trusted_proxies: tuple[str, ...] = ()
    client_budget: int = 0
    load_command: tuple[str, ...] = ()
    admin_token: str = ""
    hook_secret: str = ""
    watched: tuple[Path, ...] = ()
    webhooks: tuple[str, ...] = ()
    webhook_secret: str = ""
    no_persisted_queries: bool = False
    documents: tuple[Path, ...] = ()
    trusted_only: bool = False
    site_url: str = ""
    metrics: bool = False
    request_ids: bool = False

    def __repr__(self) -> str:
        """Show all but the secrets."""
        shown = (f"{name}={value!r}" for name, value in asdict(self).items() if name not in _SECRETS)
        return f"Settings({', '.join(shown)})"


_SECRETS: Final = frozenset(("admin_token", "hook_secret", "webhook_secret"))
