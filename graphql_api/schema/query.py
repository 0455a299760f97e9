"""The query type: where every query begins. Like those of `graphql_api.schema.types`, its methods have no body."""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.arguments import After, Before, Filter, First, Last, Offset, Orders, SubjectOrders
from graphql_api.schema.inputs import UNSET, QuestionBy
from graphql_api.schema.mapping import Lookup, Pages, Special, planned
from graphql_api.schema.types import (
    Content,
    Node,
    Question,
    QuestionConnection,
    SearchConnection,
    Subject,
    SubjectConnection,
)


@strawberry.type(description="What can be asked.")
class Query:
    @planned(Special("node"))
    def node(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="An id that this API gave.")],  # noqa: A002
    ) -> Node | None:
        """The thing with this id; null when there is none."""

    @planned(Special("nodes"))
    def nodes(
        self, ids: Annotated[list[strawberry.ID], strawberry.argument(description="At most 100 ids.")]
    ) -> list[Node | None]:
        """The things with these ids, in the order asked; null where there is none."""

    @planned(Lookup("question"))
    def question(self, by: Annotated[QuestionBy, strawberry.argument(description="What names it.")]) -> Question | None:
        """One question; null when there is none."""

    @planned(Pages("question", total="question_count"))
    def questions(
        self,
        filter: Filter = UNSET,  # noqa: A002 - the contract's name
        order_by: Orders = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        offset: Offset = UNSET,
    ) -> QuestionConnection:
        """All questions."""

    @planned(Lookup("subject"))
    def subject(
        self, slug: Annotated[str, strawberry.argument(description="The slug of the subject.")]
    ) -> Subject | None:
        """One subject; null when there is none."""

    @planned(Pages("subject", total="subject_count"))
    def subjects(
        self,
        order_by: SubjectOrders = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        offset: Offset = UNSET,
    ) -> SubjectConnection:
        """All subjects."""

    @planned(Special("search"))
    def search(
        self,
        query: Annotated[
            str,
            strawberry.argument(
                description='Words that must all occur, the last one perhaps unfinished; "a phrase"; -without.'
            ),
        ],
        filter: Filter = UNSET,  # noqa: A002 - the contract's name
        first: First = UNSET,
        after: After = UNSET,
        offset: Offset = UNSET,
    ) -> SearchConnection:
        """Full-text search in title, question, answer, subject and keywords; the best match first."""

    @planned(Special("content"))
    def content(self) -> Content:
        """The content that this answer comes from."""
