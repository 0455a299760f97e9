"""Every error that the package raises on purpose.

GraphQLAPIError
├── ContentError            the seeds cannot be loaded as asked
│   ├── LoadRefusedError    strict mode met an ERROR, or too many articles would go
│   └── LoadBusyError       another load holds the lock
├── StoreError              the store cannot be read or written
│   ├── NoGenerationError   nothing has been published yet
│   ├── UnusableGenerationError   what is published cannot be served, however often it is tried
│   │   └── DamagedGenerationError   a generation is not what was published
│   └── TooBusyError        other requests keep every connection busy
├── ClientBudgetError       a client has asked for too much
└── RequestError            a client's request cannot be answered; it becomes the response's `errors`
    ├── ParseError          GRAPHQL_PARSE_FAILED
    ├── ValidationError     GRAPHQL_VALIDATION_FAILED
    ├── BadUserInputError   BAD_USER_INPUT
    ├── MethodNotAllowedError   METHOD_NOT_ALLOWED: a mutation over GET
    ├── UnauthenticatedError    UNAUTHENTICATED: no token, or a wrong one
    ├── ForbiddenError          FORBIDDEN: nobody may
    ├── LoadFailedError         LOAD_FAILED, LOAD_REFUSED: a reload that was asked for
    ├── ChangesTooOldError      CHANGES_TOO_OLD: a publish that nothing is known of any more
    ├── StreamNeededError       STREAM_NEEDED: a subscription where there is one answer only
    ├── DeadlineError       DEADLINE_EXCEEDED
    ├── AnswerTooLargeError ANSWER_TOO_LARGE
    └── CostExceededError   COST_EXCEEDED
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.records import Problem


# What a client sent is told back to it in part: names and values can be as long as a request.
_MESSAGE_CHARACTERS: Final = 600
_PATH_CHARACTERS: Final = 120


class GraphQLAPIError(Exception):
    """The root of the package's own errors."""


class ContentError(GraphQLAPIError):
    """The seeds cannot be loaded as asked."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        """Keep the problems that led here, for the report."""
        super().__init__(message)
        self.problems = tuple(problems)


class LoadRefusedError(ContentError):
    """A load that would publish what its options forbid; nothing was changed."""


class LoadBusyError(ContentError):
    """Another load is under way; nothing was changed."""


class StoreError(GraphQLAPIError):
    """The store cannot be read or written."""


class NoGenerationError(StoreError):
    """No generation has been published yet."""


class UnusableGenerationError(StoreError):
    """What is published cannot be served by this program, and will not be until it is replaced."""


class DamagedGenerationError(UnusableGenerationError):
    """A generation's file is not the one that was published."""


class ChangedGenerationError(DamagedGenerationError):
    """A generation's file was changed while it was served; from now on another generation is."""


class TooBusyError(StoreError):
    """A statement has waited too long for others; the same request can be answered in a moment."""


class ClientBudgetError(GraphQLAPIError):
    """A client has asked for more than it may within a minute."""

    def __init__(self, retry_after_seconds: int) -> None:
        """Know when there will be enough for the same request."""
        super().__init__(f"This client has asked for too much. Try again in {retry_after_seconds} s, or ask for less.")
        self.retry_after_seconds = retry_after_seconds


class RequestError(GraphQLAPIError):
    """A request that gets errors and no data.

    `errors` is a list of GraphQL errors in their response form (message, locations, path, extensions.code).
    """

    code: ClassVar[str] = "BAD_REQUEST"
    is_refusal: ClassVar[bool] = False
    """Whether there is nothing wrong with the request but what it would cost."""

    def __init__(
        self,
        message: str,
        *,
        locations: Sequence[tuple[int, int]] = (),
        path: Sequence[str | int] = (),
    ) -> None:
        """Start with one error; `locations` are (line, column) pairs from 1."""
        super().__init__(message)
        self.errors: list[dict[str, Any]] = [self.formatted(message, locations, path)]

    @classmethod
    def formatted(
        cls,
        message: str,
        locations: Sequence[tuple[int, int]] = (),
        path: Sequence[str | int] = (),
    ) -> dict[str, Any]:
        """Return one error as the GraphQL specification's response format has it (section "Errors")."""
        error: dict[str, Any] = {"message": _shortened(message, _MESSAGE_CHARACTERS)}
        if locations:
            error["locations"] = [{"line": line, "column": column} for line, column in locations]
        if path:
            error["path"] = [_shortened(part, _PATH_CHARACTERS) if isinstance(part, str) else part for part in path]
        error["extensions"] = {"code": cls.code}
        return error


class ParseError(RequestError):
    """The document is not GraphQL."""

    code = "GRAPHQL_PARSE_FAILED"


class ValidationError(RequestError):
    """The document does not fit the schema, or goes over a limit."""

    code = "GRAPHQL_VALIDATION_FAILED"


class BadUserInputError(RequestError):
    """A variable or argument has a value that cannot be used."""

    code = "BAD_USER_INPUT"


class MethodNotAllowedError(RequestError):
    """A mutation came by GET."""

    code = "METHOD_NOT_ALLOWED"


class UnauthenticatedError(RequestError):
    """What only an administrator may do was asked for without the token, or with a wrong one."""

    code = "UNAUTHENTICATED"


class ForbiddenError(RequestError):
    """What was asked for is not done here, for nobody."""

    code = "FORBIDDEN"


class LoadFailedError(RequestError):
    """A load that a request has asked for has published nothing."""

    code = "LOAD_FAILED"


class ReloadRefusedError(LoadFailedError):
    """A load that a request has asked for would have published what its options forbid."""

    code = "LOAD_REFUSED"


class ChangesTooOldError(RequestError):
    """What was asked for began before what is still known."""

    code = "CHANGES_TOO_OLD"


class StreamNeededError(RequestError):
    """A subscription came in a way that has room for one answer only."""

    code = "STREAM_NEEDED"


class DeadlineError(RequestError):
    """The operation's statement ran longer than it may."""

    code = "DEADLINE_EXCEEDED"


class AnswerTooLargeError(RequestError):
    """The answer would be longer than it may be. It is refused whatever the media type lets statuses say."""

    code = "ANSWER_TOO_LARGE"
    is_refusal = True

    @classmethod
    def of(cls, max_bytes: int) -> AnswerTooLargeError:
        """Return the error for answers of at most `max_bytes`."""
        return cls(f"The answer has more than {max_bytes:,} bytes. Ask for smaller pages, or for fewer texts at once.")


class CostExceededError(RequestError):
    """The operation would read more than it may."""

    code = "COST_EXCEEDED"
    is_refusal = True


def _shortened(text: str, most: int) -> str:
    """Return a text without its middle, if it is long."""
    return text if len(text) <= most else f"{text[: most * 2 // 3]}…{text[-most // 3 :]}"
