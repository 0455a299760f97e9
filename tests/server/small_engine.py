"""A small real engine for the tests of HTTP: graphql-core over a few dictionaries, with the contract's types."""

from __future__ import annotations

from typing import Any

import orjson
from graphql import (
    GraphQLError,
    GraphQLSyntaxError,
    OperationType,
    build_schema,
    execute,
    get_operation_ast,
    parse,
    validate,
)

from graphql_api.engine.requests import Request, Response
from graphql_api.errors import MethodNotAllowedError, NoGenerationError
from graphql_api.server.probes import ContentSummary

VERSION = "v1"

SCHEMA = build_schema('''
"""The roots of every read."""
type Query {
  question(by: QuestionBy!): Question
  questions(orderBy: [QuestionOrder!], first: Int, after: String): QuestionConnection!
  subjects(first: Int): SubjectConnection!
  content: Content!
}
type Mutation { reloadContent(force: Boolean! = false): Boolean }
input QuestionBy @oneOf { id: ID, url: String }
enum QuestionOrder { DATE_DESC TITLE_ASC }
type Question {
  title: String! url: String! date: String! answer: RichText! subject: Subject! relatedArticles: [RelatedArticle!]!
}
type RichText { markdown: String! excerpt(length: Int! = 200): String! }
type Subject {
  slug: String! title: String! questionCount: Int!
  questions(orderBy: [QuestionOrder!], first: Int): QuestionConnection!
}
type RelatedArticle { title: String! url: String! question: Question }
type QuestionConnection { nodes: [Question!]! pageInfo: PageInfo! totalCount: Int! }
type SubjectConnection { nodes: [Subject!]! totalCount: Int! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type Content {
  version: String! loadedAt: String! questionCount: Int! subjectCount: Int!
  relatedArticleCount: Int! danglingCount: Int!
}
''')


def _content() -> dict[str, Any]:
    """Return the root value: one subject with one article that names another and itself stays short."""
    subject: dict[str, Any] = {"slug": "tests", "title": "Tests", "questionCount": 1}
    question: dict[str, Any] = {
        "title": "Does it answer?",
        "url": "/learn/tests/questions/does-it-answer",
        "date": "2024-11-29",
        "answer": {"markdown": "It answers: ✓", "excerpt": "It answers…"},
        "subject": subject,
    }
    question["relatedArticles"] = [{"title": question["title"], "url": question["url"], "question": question}]
    page = {"hasNextPage": False, "endCursor": None}
    questions = {"nodes": [question], "pageInfo": page, "totalCount": 1}
    subject["questions"] = questions
    counts = {"questionCount": 1, "subjectCount": 1, "relatedArticleCount": 1, "danglingCount": 0}
    return {
        "question": question,
        "questions": questions,
        "subjects": {"nodes": [subject], "totalCount": 1},
        "content": {"version": VERSION, "loadedAt": "2024-11-29T00:00:00Z", **counts},
    }


class SmallEngine:
    """Answers from memory, as the generation `version`; `content` None is a store without a generation."""

    def __init__(self, *, is_empty: bool = False) -> None:
        """Hold one subject with one article, or nothing."""
        self.version = VERSION
        self.content = None if is_empty else _content()
        self.requests: list[Request] = []

    def known_version(self) -> str | None:
        """Return what the protocol says."""
        return None if self.content is None else self.version

    async def execute(self, request: Request) -> Response:
        """Answer as the protocol says."""
        self.requests.append(request)
        if self.content is None:
            raise NoGenerationError("Nothing has been published.")
        try:
            document = parse(request.document)
        except GraphQLSyntaxError as error:
            return self._request_error([error], "GRAPHQL_PARSE_FAILED")
        if errors := validate(SCHEMA, document):
            return self._request_error(errors, "GRAPHQL_VALIDATION_FAILED")
        operation = get_operation_ast(document, request.operation_name)
        if operation and operation.operation is OperationType.MUTATION and request.read_only:
            raise MethodNotAllowedError("A mutation came by GET.")
        result = execute(
            SCHEMA,
            document,
            self.content,
            variable_values=dict(request.variables or {}),
            operation_name=request.operation_name,
        )
        assert not hasattr(result, "__await__")
        if result.data is None and result.errors:
            return self._request_error(result.errors, "BAD_USER_INPUT")
        is_mutation = operation is not None and operation.operation is OperationType.MUTATION
        is_repeatable = not result.errors and not is_mutation
        return Response(orjson.dumps(result.formatted), True, self.version, is_repeatable)  # noqa: FBT003 - a record

    def _request_error(self, errors: list[GraphQLError], code: str) -> Response:
        formatted = [{**error.formatted, "extensions": {"code": code}} for error in errors]
        return Response(orjson.dumps({"errors": formatted}), has_data=False, version=self.version)


class SmallContentStatus:
    """The summary of a `SmallEngine`'s content."""

    def __init__(self, engine: SmallEngine) -> None:
        """Look at `engine` each time."""
        self._engine = engine

    async def current(self) -> ContentSummary:
        """Return the summary. Raises NoGenerationError."""
        if self._engine.content is None:
            raise NoGenerationError("Nothing has been published.")
        return ContentSummary(VERSION, {"questionCount": 1, "subjectCount": 1})
