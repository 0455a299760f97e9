"""Documents: parsed, within the limits and validated, with their operations' plans; kept in a bounded cache."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from sys import getsizeof
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from graphql_api.engine.limits import Measure
from graphql_api.engine.merging import TooManyStepsError
from graphql_api.engine.operations import Operation
from graphql_api.engine.syntax import Syntax, locations_of
from graphql_api.engine.validation import TOO_MUCH, errors_of
from graphql_api.errors import BadUserInputError, RequestError, ValidationError
from graphql_api.settings import DEFAULT_DOCUMENT_CACHE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import DocumentNode, GraphQLError, GraphQLSchema

    from graphql_api.engine.syntax import Tree
    from graphql_api.schema.build import Schema
    from graphql_api.settings import Limits
    from graphql_api.store.layout import Layout

_DOCUMENT_BYTES, _ERROR_BYTES = 1_000, 1_000


class Document:
    """A document that may be executed."""

    def __init__(self, schema: Schema, limits: Limits, text: str, on_growth: Callable[[], None]) -> None:
        """Parse, measure and validate `text`. Raises ParseError or ValidationError."""
        self._schema = schema.graphql
        self._syntax = Syntax(text, limits)
        tree = self._syntax.tree()
        # The limits come first: they take less work, and keep from validation what would take it long.
        _check_limits(schema, tree, limits)
        _validate(schema, tree.node)
        self._operations = {
            name: Operation(schema, self._syntax, node, on_growth) for name, node in tree.operations.items()
        }

    @property
    def weight(self) -> int:
        """About how many bytes of memory the document takes."""
        return _DOCUMENT_BYTES + self._syntax.weight + sum(each.weight for each in self._operations.values())

    def tree(self) -> DocumentNode:
        """Return the document as parsed, to be executed now and not to be kept."""
        return self._syntax.tree().node

    @property
    def schema(self) -> GraphQLSchema:
        """The schema that it is valid by."""
        return self._schema

    def operation(self, name: str | None) -> Operation:
        """Return the operation that is meant. Raises BadUserInputError if that is not clear."""
        if not name and len(self._operations) == 1:
            return next(iter(self._operations.values()))
        if not name:
            raise BadUserInputError(f"The document has {len(self._operations)} operations: name one in operationName.")
        if name not in self._operations:
            raise BadUserInputError(f"The document has no operation named {name!r}.")
        return self._operations[name]


class Refused(Struct, frozen=True):
    """Why a document was refused: all that is kept of it. The error itself would keep its frames, and so the tree."""

    kind: type[RequestError]
    errors: list[dict[str, Any]]

    @property
    def weight(self) -> int:
        """About how many bytes of memory this takes."""
        return _DOCUMENT_BYTES + sum(_ERROR_BYTES + len(error["message"]) for error in self.errors)

    def error(self) -> RequestError:
        """Return a new error that says the same."""
        error = self.kind(self.errors[0]["message"])
        error.errors = self.errors
        return error


class DocumentCache:
    """The documents seen last, by their text. Of a document that was refused, its errors are remembered."""

    def __init__(
        self,
        schema: Schema,
        limits: Limits,
        entries: int,
        max_bytes: int = DEFAULT_DOCUMENT_CACHE_BYTES,
    ) -> None:
        """Keep at most `entries` documents, which take about `max_bytes` of memory at the most."""
        self._schema = schema
        self.limits = limits
        self._entries = entries
        self._max_bytes = max_bytes
        self._documents: OrderedDict[str, Document | Refused] = OrderedDict()
        self._weights: dict[str, int] = {}
        self.weight = 0
        """About how many bytes of memory the documents take."""

    @property
    def layout(self) -> Layout:
        """Where the entries of the schema's model are."""
        return self._schema.layout

    def __contains__(self, text: str) -> bool:
        """Return whether the document for `text` is known, or that it was refused."""
        return text in self._documents

    def known(self, text: str) -> Document | None:
        """Return the document for `text` if it is known and was not refused."""
        document = self._documents.get(text)
        if not isinstance(document, Document):
            return None
        self._documents.move_to_end(text)
        return document

    def get(self, text: str) -> Document:
        """Return the document for `text`. Raises ParseError or ValidationError."""
        document = self._documents.get(text)
        if document is None:
            document = self.keep(text, self.made(text))
        else:
            self._documents.move_to_end(text)
        if isinstance(document, Refused):
            raise document.error()
        return document

    def keep(self, text: str, document: Document | Refused) -> Document | Refused:
        """Remember and return what `made` has made."""
        self._documents[text] = document
        self._weigh(text)
        return document

    def made(self, text: str) -> Document | Refused:
        """Return a new document for `text`, or why there is none. It changes nothing, so any thread may make it."""
        try:
            return Document(self._schema, self.limits, text, partial(self._weigh, text))
        except RequestError as error:
            return Refused(type(error), error.errors)

    def _weigh(self, text: str) -> None:
        """Weigh a document that is new or has grown; let go what was asked for longest ago, until the rest fits."""
        if text not in self._documents:  # it was let go while it was in use
            return
        weight = getsizeof(text) + self._documents[text].weight
        self.weight += weight - self._weights.get(text, 0)
        self._weights[text] = weight
        while self._documents and (self.weight > self._max_bytes or len(self._documents) > self._entries):
            oldest, _ = self._documents.popitem(last=False)
            self.weight -= self._weights.pop(oldest)


def _check_limits(schema: Schema, tree: Tree, limits: Limits) -> None:
    measure = Measure(schema.graphql, tree.fragments, limits.page)
    try:
        for operation in tree.operations.values():
            measure.check(operation, limits)
    except RecursionError:
        raise ValidationError(TOO_MUCH) from None


def _validate(schema: Schema, node: DocumentNode) -> None:
    try:
        errors = errors_of(schema.graphql, node)
    except TooManyStepsError:
        raise ValidationError(TOO_MUCH) from None
    if errors:
        raise _failure(errors)


def _failure(errors: list[GraphQLError]) -> ValidationError:
    failure = ValidationError(errors[0].message)
    failure.errors = [ValidationError.formatted(error.message, locations_of(error)) for error in errors]
    return failure
