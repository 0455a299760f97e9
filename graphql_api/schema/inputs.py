"""Input types and enums: what a client may ask by."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry

from graphql_api.schema.scalars import Date

UNSET: Any = strawberry.UNSET


def option(description: str) -> Any:  # noqa: ANN401 - stands where an input field's default value stands
    """Return an optional input field without a default value."""
    return strawberry.field(description=description, default=UNSET)


def required(description: str) -> Any:  # noqa: ANN401 - as above
    """Return an input field that must be given."""
    return strawberry.field(description=description)


@strawberry.input(description="A question's place in its site: the last parts of its url.")
class QuestionPath:
    subject: str = required("The slug of the subject.")
    slug: str = required("The slug of the question, unique within its subject.")


@strawberry.input(description="What names one question: exactly one of these.", one_of=True)
class QuestionBy:
    id: strawberry.ID | None = option("The id that this API gave.")
    url: str | None = option("The url, exactly.")
    path: QuestionPath | None = option("The slugs of its subject and of itself.")


@strawberry.input(description="Conditions on a whole number; all that are given must hold.")
class IntFilter:
    eq: int | None = option("Is equal to this.")
    ne: int | None = option("Is not equal to this.")
    in_: list[int] | None = strawberry.field(
        name="in", description="Is one of these; an empty list matches nothing.", default=UNSET
    )
    not_in: list[int] | None = option("Is none of these; an empty list matches everything.")
    gt: int | None = option("Is greater than this.")
    gte: int | None = option("Is greater than or equal to this.")
    lt: int | None = option("Is less than this.")
    lte: int | None = option("Is less than or equal to this.")


@strawberry.input(
    description="Conditions on a number that can be missing; all that are given must hold. "
    "A missing number is unequal to every number, and neither less nor greater than any."
)
class FloatFilter:
    eq: float | None = option("Is equal to this.")
    ne: float | None = option("Is missing or not equal to this.")
    gt: float | None = option("Is greater than this.")
    gte: float | None = option("Is greater than or equal to this.")
    lt: float | None = option("Is less than this.")
    lte: float | None = option("Is less than or equal to this.")
    exists: bool | None = option("true: is there; false: is missing.")


@strawberry.input(description="Conditions on text; all that are given must hold.")
class StringFilter:
    eq: str | None = option("Is exactly this text.")
    ne: str | None = option("Is not exactly this text.")
    in_: list[str] | None = strawberry.field(
        name="in", description="Is exactly one of these; an empty list matches nothing.", default=UNSET
    )
    not_in: list[str] | None = option("Is none of these; an empty list matches everything.")
    contains: str | None = option("Contains this text, upper and lower case alike.")
    starts_with: str | None = option("Starts with this text, upper and lower case alike.")


@strawberry.input(description="Conditions on a date; all that are given must hold.")
class DateFilter:
    eq: Date | None = option("Is this day.")
    ne: Date | None = option("Is not this day.")
    gt: Date | None = option("Is after this day.")
    gte: Date | None = option("Is this day or after it.")
    lt: Date | None = option("Is before this day.")
    lte: Date | None = option("Is this day or before it.")


@strawberry.input(description="A condition on a Boolean.")
class BooleanFilter:
    eq: bool | None = option("Is this.")


@strawberry.input(
    description="Which questions to keep: all conditions that are given must hold. "
    "An empty filter keeps everything; null is the same as leaving the condition out."
)
class QuestionFilter:
    and_: list[QuestionFilter] | None = strawberry.field(name="and", description="All of these hold.", default=UNSET)
    or_: list[QuestionFilter] | None = strawberry.field(
        name="or", description="At least one of these holds; an empty list matches nothing.", default=UNSET
    )
    not_: QuestionFilter | None = strawberry.field(
        name="not", description="This does not hold; exactly the questions that it leaves out.", default=UNSET
    )
    article_id: IntFilter | None = option("The CMS's own number.")
    slug: StringFilter | None = option("The last segment of the url.")
    url: StringFilter | None = option("The url.")
    title: StringFilter | None = option("The title.")
    author: StringFilter | None = option("The author.")
    subject: StringFilter | None = option("The slug of the subject.")
    date: DateFilter | None = option("The date.")
    score: FloatFilter | None = option("The score, which can be missing.")
    no_index: BooleanFilter | None = option("Whether search engines must not list it.")
    has_related_articles: bool | None = option("true: names at least one related article; false: names none.")


@strawberry.enum(description="How to sort questions. Whatever the order, equal ones follow by url.")
class QuestionOrder(Enum):
    DATE_ASC = strawberry.enum_value("DATE_ASC", description="Oldest first.")
    DATE_DESC = strawberry.enum_value("DATE_DESC", description="Newest first.")
    TITLE_ASC = strawberry.enum_value("TITLE_ASC", description="By title, by Unicode code point.")
    TITLE_DESC = strawberry.enum_value("TITLE_DESC", description="By title, backwards.")
    ARTICLE_ID_ASC = strawberry.enum_value("ARTICLE_ID_ASC", description="Smallest number of the CMS first.")
    ARTICLE_ID_DESC = strawberry.enum_value("ARTICLE_ID_DESC", description="Greatest number of the CMS first.")
    SCORE_ASC = strawberry.enum_value("SCORE_ASC", description="Lowest score first, missing ones last.")
    SCORE_DESC = strawberry.enum_value("SCORE_DESC", description="Highest score first, missing ones last.")
    URL_ASC = strawberry.enum_value("URL_ASC", description="By url, by Unicode code point.")
    URL_DESC = strawberry.enum_value("URL_DESC", description="By url, backwards.")


@strawberry.enum(description="How to sort subjects. Whatever the order, equal ones follow by slug.")
class SubjectOrder(Enum):
    TITLE_ASC = strawberry.enum_value("TITLE_ASC", description="By title, by Unicode code point.")
    TITLE_DESC = strawberry.enum_value("TITLE_DESC", description="By title, backwards.")
    SLUG_ASC = strawberry.enum_value("SLUG_ASC", description="By slug, by Unicode code point.")
    SLUG_DESC = strawberry.enum_value("SLUG_DESC", description="By slug, backwards.")
    QUESTION_COUNT_ASC = strawberry.enum_value("QUESTION_COUNT_ASC", description="Fewest questions first.")
    QUESTION_COUNT_DESC = strawberry.enum_value("QUESTION_COUNT_DESC", description="Most questions first.")
