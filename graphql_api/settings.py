"""Settings of the server and of the commands: defaults, and what the environment says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT_PREFIX = "GRAPHQL_API_"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
DEFAULT_RESPONSE_CACHE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one operation may ask for.

    `depth` counts fields from the root, `selections` fields after fragments are spread, `lists` lists within lists,
    `rows` an upper bound of the objects in the answer; `deadline_seconds` ends a statement that runs longer.
    """

    depth: int = 24
    selections: int = 2_000
    lists: int = 10
    rows: int = 100_000
    document_tokens: int = 10_000
    deadline_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the store is and how the server serves it."""

    store: Path
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    limits: Limits = Limits()
    document_cache_entries: int = 1_000
    response_cache_bytes: int = DEFAULT_RESPONSE_CACHE_BYTES
    workers: int = 1
