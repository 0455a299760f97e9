"""Documents that requests name instead of sending them: automatic persisted queries, and trusted documents.

Automatic ones are Apollo's protocol: a client sends the SHA-256 of a document, and with it the document once it is told
that the hash is not known. Trusted ones come from the manifests that graphql-codegen, Relay and Apollo write.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from graphql_api.errors import RequestError
from graphql_api.server.errors import DocumentsError
from graphql_api.server.http_message import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MAX_AUTOMATIC_BYTES: Final = 4 * 1024 * 1024
_ENTRY_BYTES: Final = 512
_SHA256: Final = "sha256:"


class PersistedQueryNotFoundError(RequestError):
    """The hash or id is not known."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        """Say it in the words that clients compare."""
        super().__init__("PersistedQueryNotFound")


class PersistedQueryNotSupportedError(RequestError):
    """Hashes are not taken; the client should send documents from now on."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"

    def __init__(self) -> None:
        """Say it in the words that clients compare."""
        super().__init__("PersistedQueryNotSupported")


class DocumentNotTrustedError(RequestError):
    """The document is none of those that are answered."""

    code = "DOCUMENT_NOT_TRUSTED"


class Named(NamedTuple):
    """What a request says of its document: the text, an id, or the hash of the text."""

    query: str | None
    document_id: str | None
    sha256: str | None


class Documents:
    """The documents that this worker knows by name."""

    def __init__(
        self,
        trusted: Mapping[str, str] | None = None,
        *,
        is_automatic: bool = True,
        is_trusted_only: bool = False,
        max_bytes: int = MAX_AUTOMATIC_BYTES,
    ) -> None:
        """Know the `trusted` texts by their ids and hashes, and at most `max_bytes` of others that clients send."""
        self._trusted = dict(trusted or {}) | {_hash(text): text for text in (trusted or {}).values()}
        self._is_automatic = is_automatic and not is_trusted_only
        self.is_trusted_only = is_trusted_only
        self._max_bytes = max_bytes
        self._bytes = 0
        self._automatic: OrderedDict[str, str] = OrderedDict()

    @property
    def size_bytes(self) -> int:
        """What the automatic ones weigh, in bytes."""
        return self._bytes

    def text_of(self, named: Named) -> str:
        """Return the document that a request means, and keep one that it sends with its hash.

        Raises HTTPError for what is no request, and RequestError for a document that is not known or not trusted.
        """
        if named.document_id is not None:
            return self._by_id(named.document_id)
        if named.sha256 is None:
            return self._checked(named.query or "")
        if named.query is None:
            return self._by_hash(named.sha256)
        if _hash(named.query) != named.sha256:
            raise bad_request("`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query`.")
        if self._is_automatic:
            self._keep(named.sha256, named.query)
        return self._checked(named.query)

    def _by_id(self, document_id: str) -> str:
        text = self._trusted.get(document_id) or self._trusted.get(document_id.removeprefix(_SHA256))
        if text is not None:
            return text
        if document_id.startswith(_SHA256) and self._is_automatic:
            return self._by_hash(document_id.removeprefix(_SHA256))
        raise PersistedQueryNotFoundError

    def _by_hash(self, sha256: str) -> str:
        text = self._trusted.get(sha256)
        if text is not None:
            return text
        if not self._is_automatic:
            raise PersistedQueryNotFoundError if self.is_trusted_only else PersistedQueryNotSupportedError
        text = self._automatic.get(sha256)
        if text is None:
            raise PersistedQueryNotFoundError
        self._automatic.move_to_end(sha256)
        return text

    def _checked(self, query: str) -> str:
        if self.is_trusted_only and _hash(query) not in self._trusted:
            raise DocumentNotTrustedError("Only known documents are answered; ask by `documentId` or by hash.")
        return query

    def _keep(self, sha256: str, query: str) -> None:
        size = len(query.encode()) + _ENTRY_BYTES
        if sha256 in self._trusted or sha256 in self._automatic or size > self._max_bytes // 8:
            return
        self._automatic[sha256] = query
        self._bytes += size
        while self._bytes > self._max_bytes:
            self._bytes -= len(self._automatic.popitem(last=False)[1].encode()) + _ENTRY_BYTES


def read_manifests(paths: Iterable[Path]) -> dict[str, str]:
    """Return the documents of manifests by their ids. Raises DocumentsError.

    A manifest is `{id: document}`, as graphql-codegen and Relay write it, or Apollo's, with a list `operations` of
    objects with `id` and `body`.
    """
    documents: dict[str, str] = {}
    for path in paths:
        try:
            documents |= _documents_in(orjson.loads(path.read_bytes()))
        except OSError as error:
            raise DocumentsError(f"Cannot read {path}: {error.strerror}. Name a manifest with --documents.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise DocumentsError(
                f"{path} is no manifest of documents: it must be JSON like {{id: document}}, or Apollo's."
            ) from error
    return documents


def _documents_in(manifest: Any) -> dict[str, str]:  # noqa: ANN401 - any JSON
    if isinstance(manifest, dict) and isinstance(manifest.get("operations"), list):
        found = {operation["id"]: operation["body"] for operation in manifest["operations"]}
    elif isinstance(manifest, dict):
        found = manifest
    else:
        raise TypeError("a manifest is an object")
    if not all(isinstance(text, str) for item in found.items() for text in item):
        raise TypeError("ids and documents are texts")
    return found


def _hash(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()
