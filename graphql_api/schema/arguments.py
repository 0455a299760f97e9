"""Arguments that several fields share."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_api.schema.inputs import QuestionFilter, QuestionOrder, SubjectOrder

Filter = Annotated[QuestionFilter | None, strawberry.argument(description="Which questions to keep.")]
Orders = Annotated[
    list[QuestionOrder] | None,
    strawberry.argument(description="How to sort; later ones decide between equal ones. Without it: newest first."),
]
SubjectOrders = Annotated[
    list[SubjectOrder] | None,
    strawberry.argument(description="How to sort; later ones decide between equal ones. Without it: by title."),
]
First = Annotated[
    int | None, strawberry.argument(description="How many from the start, 100 at most. Without first and last: 20.")
]
After = Annotated[
    str | None, strawberry.argument(description="Only what follows this cursor of the same order and filter.")
]
Last = Annotated[int | None, strawberry.argument(description="How many from the end, 100 at most; not with first.")]
Before = Annotated[
    str | None, strawberry.argument(description="Only what precedes this cursor of the same order and filter.")
]
Offset = Annotated[int | None, strawberry.argument(description="How many to skip; not with after, before or last.")]
