"""Document: the text of a model as GraphQL's syntax tree, within bounds that keep every later step short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLSyntaxError, Lexer, Source, TokenKind, parse

from graphql_api.model.directives import shortened
from graphql_api.model.problems import ModelError, ModelProblem
from graphql_api.records import Severity

if TYPE_CHECKING:
    from graphql import DocumentNode, Token

MAX_TEXT_BYTES = 1 << 20
MAX_TOKENS = 100_000
MAX_NESTING = 32

_OPENING = {TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L}
_CLOSING = {TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R}


def parse_document(text: str) -> DocumentNode:
    """Return the syntax tree of a model's text. Raises ModelError, with one problem."""
    size = len(text.encode(errors="surrogatepass"))
    if size > MAX_TEXT_BYTES:
        raise _error(1, 1, f"The model has {size:,} bytes; {MAX_TEXT_BYTES:,} are the most. Shorten it.")
    source = Source(text)
    try:
        _check_tokens(Lexer(source))
        return parse(source)
    except GraphQLSyntaxError as error:
        place = error.locations[0] if error.locations else None
        line, column = (place.line, place.column) if place else (1, 1)
        raise _error(line, column, _told(error.message)) from None


def _check_tokens(lexer: Lexer) -> None:
    """Raise ModelError where there are too many tokens, too deep nesting or none at all."""
    depth, count = 0, 0
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        count += 1
        depth += (token.kind in _OPENING) - (token.kind in _CLOSING)
        if count > MAX_TOKENS:
            raise _at(token, f"The model has more than {MAX_TOKENS:,} words and signs. Shorten it.")
        if depth > MAX_NESTING:
            raise _at(token, f"Brackets nest deeper than {MAX_NESTING} here. Take some out.")
    if not count:
        raise _error(1, 1, 'The model is empty. Declare a type: type Post @content(files: ["posts/*.md"]) { … }')


def _told(message: str) -> str:
    reason = message.removeprefix("Syntax Error: ").replace("<EOF>", "the end of the text").rstrip(".")
    return f"This is not GraphQL's schema language: {shortened(reason, 200)}. Mend it here, or right before."


def _at(token: Token, message: str) -> ModelError:
    return _error(token.line, token.column, message)


def _error(line: int, column: int, message: str) -> ModelError:
    return ModelError((ModelProblem(Severity.ERROR, line, column, message),))
