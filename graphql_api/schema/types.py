"""The public types. Each field says which column or relation it shows; nothing here runs when a query is answered.

A new field needs two things: a column in `graphql_api.store.tables` and a line here. Methods have no body: their
signatures give the arguments, their docstrings the descriptions.
"""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from enum import Enum
from typing import Annotated

import strawberry

from graphql_api.schema.arguments import After, Before, Filter, First, Last, Offset, Orders
from graphql_api.schema.inputs import UNSET
from graphql_api.schema.mapping import Column, Many, One, Pages, Special, planned, shows
from graphql_api.schema.scalars import Date, DateTime


@strawberry.interface(description="Something that has an id and can be asked for by it.")
class Node:
    id: strawberry.ID = shows(Column("node_id"), "Opaque; stable over reloads and machines.")


@strawberry.type(description="One heading of an answer.")
class Heading:
    level: int = shows(Column("level"), "1 for the highest, 6 for the lowest.")
    text: str = shows(Column("text"), "The heading without markup.")
    anchor: str = shows(Column("anchor"), "The id of this heading in the answer's html.")


@strawberry.type(description="Text in every form that a page needs, all made when the content was loaded.")
class RichText:
    markdown: str = shows(Column("markdown"), "Markdown as the author wrote it, formulas as LaTeX.")
    html: str = shows(Column("html"), "HTML that is safe to show: sanitised, formulas as MathML, headings with ids.")
    text: str = shows(Column("text"), "Plain text without markup.")
    headings: list[Heading] = shows(Many("headings"), "The headings in their order, for a table of contents.")
    word_count: int = shows(Column("word_count"), "How many words the plain text has.")
    reading_minutes: int = shows(
        Column("reading_minutes"), "Minutes to read it at 200 words a minute, rounded up, at least 1."
    )

    @planned(Special("excerpt"))
    def excerpt(
        self,
        length: Annotated[int, strawberry.argument(description="At most this many characters, 1 to 1000.")] = 200,
    ) -> str:
        """The start of the plain text on one line, cut at a word; ends with "…" when something was cut."""


@strawberry.type(description="What search engines and link previews show.")
class Seo:
    title: str = shows(Column("title"), "The title of the page.")
    description: str = shows(Column("description"), "The description of the page.")
    keywords: list[str] = shows(Column("keywords"), "The keywords in the author's order.")


@strawberry.enum(description="Where a related article leads.")
class ReferenceStatus(Enum):
    RESOLVED = strawberry.enum_value("RESOLVED", description="The url is that of a question.")
    RESOLVED_BY_ID = strawberry.enum_value(
        "RESOLVED_BY_ID", description="No question has the url, but one has the same number and title."
    )
    SELF = strawberry.enum_value("SELF", description="It leads to the question that names it.")
    DANGLING = strawberry.enum_value("DANGLING", description="It leads nowhere.")


@strawberry.type(description="An article that a question's author named as related, as it was written.")
class RelatedArticle:
    position: int = shows(Column("position"), "The number that the author gave it, from 1.")
    article_id: int = shows(Column("article_id"), "The CMS's number as written in the reference.")
    title: str = shows(Column("title"), "The title as written in the reference; there even if it leads nowhere.")
    subject: str = shows(Column("subject"), "The subject as written in the reference.")
    url: str = shows(Column("url"), "The url as written in the reference.")
    status: ReferenceStatus = shows(Column("status"), "Where it leads.")
    question: Question | None = shows(
        One("target"), "The question that it leads to; null unless the status is RESOLVED or RESOLVED_BY_ID."
    )


@strawberry.type(description="A question that related articles lead to, step by step.")
class Neighbour:
    distance: int = shows(Column("distance"), "The least number of steps to it, from 1.")
    question: Question = shows(One("question"), "The question.")


@strawberry.type(description="One article: a question and its answer.")
class Question(Node):
    id: strawberry.ID = shows(
        Column("node_id"), "Opaque; stable over reloads and machines, because it is made from the url."
    )
    article_id: int = shows(Column("article_id"), "The CMS's own number; not unique.")
    slug: str = shows(Column("slug"), "The last segment of the url; unique only within its subject.")
    url: str = shows(Column("url"), "The path of its page; unique.")
    title: str = shows(Column("title"), "The title.")
    question: str = shows(Column("question"), "The question in full.")
    answer: RichText = shows(One("answer"), "The answer.")
    date: Date = shows(Column("date"), "The day that the author gave it.")
    author: str = shows(Column("author"), "Who wrote it.")
    score: float | None = shows(Column("score"), "The CMS's score; null when it has none.")
    no_index: bool = shows(Column("no_index"), "Whether search engines must not list it.")
    seo: Seo = shows(One("seo"), "What search engines and link previews show.")
    subject: Subject = shows(One("subject"), "The subject that it is filed under.")
    next: Question | None = shows(Special("next"), "The one after it in its subject, by title and url.")
    previous: Question | None = shows(Special("previous"), "The one before it in its subject, by title and url.")

    @planned(Many("references"))
    def related_articles(
        self,
        unique: Annotated[
            bool, strawberry.argument(description="Leave out those whose target was named before.")
        ] = True,
        resolved: Annotated[bool, strawberry.argument(description="Keep only those that have a question.")] = False,
    ) -> list[RelatedArticle]:
        """The articles that the author named as related, in the author's order."""

    @planned(Pages("question", "referrers"))
    def referenced_by(
        self,
        order_by: Orders = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        offset: Offset = UNSET,
    ) -> QuestionConnection:
        """The questions whose related articles lead here, each once."""

    @planned(Special("neighbours"))
    def neighbours(
        self,
        depth: Annotated[int, strawberry.argument(description="How many steps to go, 1 to 3.")] = 1,
        first: Annotated[int, strawberry.argument(description="How many at most, 1 to 100.")] = 20,
    ) -> list[Neighbour]:
        """The questions around it, nearest first, in the authors' order; each once, and never itself."""


@strawberry.type(description="A subject that questions are filed under.")
class Subject(Node):
    id: strawberry.ID = shows(
        Column("node_id"), "Opaque; stable over reloads and machines, because it is made from the slug."
    )
    slug: str = shows(Column("slug"), "The segment of its questions' urls; unique.")
    title: str = shows(Column("title"), "The most frequent spelling among its questions.")
    question_count: int = shows(Column("question_count"), "How many questions it has.")

    @planned(Pages("question", "questions", total="question_count"))
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
        """The questions filed under it."""


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = shows(Special("hasNextPage"), "Whether something follows the page.")
    has_previous_page: bool = shows(Special("hasPreviousPage"), "Whether something precedes the page.")
    start_cursor: str | None = shows(Special("startCursor"), "The cursor of its first one; null when it is empty.")
    end_cursor: str | None = shows(Special("endCursor"), "The cursor of its last one; null when it is empty.")


@strawberry.type(description="How many questions of the set a subject has.")
class SubjectFacet:
    subject: Subject = shows(One("subject"), "The subject.")
    count: int = shows(Column("count"), "How many questions.")


@strawberry.type(description="How many questions of the set a year has.")
class YearFacet:
    year: int = shows(Column("year"), "The year of their dates.")
    count: int = shows(Column("count"), "How many questions.")


@strawberry.type(description="How many questions of the set an author has.")
class AuthorFacet:
    author: str = shows(Column("author"), "The author.")
    count: int = shows(Column("count"), "How many questions.")


@strawberry.type(description="Counts over the whole filtered set, not over the page; the most frequent first.")
class QuestionFacets:
    subjects: list[SubjectFacet] = shows(Special("subjects"), "By subject; equal counts by title.")
    years: list[YearFacet] = shows(Special("years"), "By year; equal counts by year.")
    authors: list[AuthorFacet] = shows(Special("authors"), "By author; equal counts by name.")


@strawberry.type(description="A question in its place in a list.")
class QuestionEdge:
    cursor: str = shows(Special("cursor"), "Opaque; names this place for after and before, also after a reload.")
    node: Question = shows(Special("node"), "The question.")


@strawberry.type(description="A page of questions.")
class QuestionConnection:
    edges: list[QuestionEdge] = shows(Special("edges"), "The page, each question with its cursor.")
    nodes: list[Question] = shows(Special("nodes"), "The page, just the questions.")
    page_info: PageInfo = shows(Special("pageInfo"), "Where the page stands.")
    total_count: int = shows(Special("totalCount"), "How many questions there are on all pages.")
    facets: QuestionFacets = shows(Special("facets"), "Counts over the questions of all pages.")


@strawberry.type(description="A subject in its place in a list.")
class SubjectEdge:
    cursor: str = shows(Special("cursor"), "Opaque; names this place for after and before, also after a reload.")
    node: Subject = shows(Special("node"), "The subject.")


@strawberry.type(description="A page of subjects.")
class SubjectConnection:
    edges: list[SubjectEdge] = shows(Special("edges"), "The page, each subject with its cursor.")
    nodes: list[Subject] = shows(Special("nodes"), "The page, just the subjects.")
    page_info: PageInfo = shows(Special("pageInfo"), "Where the page stands.")
    total_count: int = shows(Special("totalCount"), "How many subjects there are on all pages.")


@strawberry.type(description="The part of an answer that matched.")
class Snippet:
    text: str = shows(Column("snippet_text"), "Plain text around the match.")
    html: str = shows(Column("snippet_html"), "The same, escaped for HTML, each match in a mark element.")


@strawberry.type(description="A question that matched, in its place among the matches.")
class SearchEdge:
    cursor: str = shows(Special("cursor"), "Opaque; names this place for after, also after a reload.")
    node: Question = shows(Special("node"), "The question.")
    score: float = shows(Special("score"), "How well it matched; higher is better, comparable within one search.")
    snippet: Snippet = shows(Special("snippet"), "The part of its answer that matched.")


@strawberry.type(description="A page of matches, the best first.")
class SearchConnection:
    edges: list[SearchEdge] = shows(Special("edges"), "The page, each question with its score and snippet.")
    nodes: list[Question] = shows(Special("nodes"), "The page, just the questions.")
    page_info: PageInfo = shows(Special("pageInfo"), "Where the page stands.")
    total_count: int = shows(Special("totalCount"), "How many questions match.")
    facets: QuestionFacets = shows(Special("facets"), "Counts over all questions that match.")


@strawberry.type(description="The content that answers come from: one published generation.")
class Content:
    version: str = shows(Column("version"), "Names the content; equal content has an equal version.")
    loaded_at: DateTime = shows(Column("loaded_at"), "When it was published.")
    question_count: int = shows(Column("question_count"), "How many questions there are.")
    subject_count: int = shows(Column("subject_count"), "How many subjects there are.")
    related_article_count: int = shows(Column("related_article_count"), "How many related articles are named.")
    dangling_count: int = shows(Column("dangling_count"), "How many of those lead nowhere.")
