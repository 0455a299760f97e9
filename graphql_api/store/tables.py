"""The tables of a generation and the relations between them, as data.

Everything that the API shows is a column here; the planner and the writers know tables only through this module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How a column is stored and how it becomes JSON."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    REAL = "REAL"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    """Text "YYYY-MM-DD", which compares as the calendar does."""
    TOKEN = "TOKEN"  # noqa: S105 - no secret
    """Text that JSON need not escape: ids, enum values, moments."""
    JSON = "JSON"
    """JSON text, made when it was loaded so that an answer copies it as it is."""
    BYTES = "BYTES"


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    kind: Kind
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """One index; `columns` may carry a direction, `where` makes it partial."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table; rows are found by `key`, which the first index or the primary key holds."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: dict[str, str] = field(default_factory=dict)
    indexes: tuple[Index, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column `name`. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Relation:
    """How to get from a row of `source` to the rows of `target`.

    `on` is a condition with {source} and {target} for the two aliases; `order` sorts a to-many relation.
    """

    name: str
    source: str
    target: str
    on: str
    optional: bool = False
    order: tuple[str, ...] = ()


def _c(name: str, kind: Kind = Kind.TEXT, *, nullable: bool = False) -> Column:
    return Column(name, kind, nullable)


_QUESTION_SORT_KEYS = (
    *("date", "date_desc", "title", "title DESC"),
    *("article_id", "article_id_desc", "score_asc", "score_desc"),
)


def _question_indexes() -> tuple[Index, ...]:
    """One index for each order, over all questions and within a subject; `url` ends every order."""
    indexes = [Index("question_url", ("url",), unique=True), Index("question_in_subject_url", ("subject_pk", "url"))]
    for key in _QUESTION_SORT_KEYS:
        name = key.replace(" ", "_").lower()
        indexes.append(Index(f"question_{name}", (key, "url")))
        indexes.append(Index(f"question_in_subject_{name}", ("subject_pk", key, "url")))
    return tuple(indexes)


QUESTION = Table(
    "question",
    (
        _c("pk", Kind.INTEGER),
        _c("subject_pk", Kind.INTEGER),
        _c("article_id", Kind.INTEGER),
        _c("article_id_desc", Kind.INTEGER),
        _c("url"),
        _c("slug"),
        _c("title"),
        _c("date", Kind.DATE),
        _c("date_desc", Kind.INTEGER),
        _c("score", Kind.JSON, nullable=True),
        _c("score_asc", Kind.REAL),
        _c("score_desc", Kind.REAL),
        _c("no_index", Kind.BOOLEAN),
        _c("reference_count", Kind.INTEGER),
        _c("author"),
        _c("node_id", Kind.TOKEN),
        _c("question"),
        _c("place", Kind.TOKEN),
        _c("place_check", Kind.INTEGER),
        _c("url_folded"),
        _c("slug_folded"),
        _c("title_folded"),
        _c("author_folded"),
        _c("subject_title"),
        _c("path"),
        _c("digest", Kind.BYTES),
    ),
    ("pk",),
    {"subject_pk": "subject"},
    (
        *_question_indexes(),
        Index("question_node_id", ("node_id",), unique=True),
        Index("question_path", ("path",), unique=True),
        Index("question_author", ("author", "date_desc", "url")),
        Index("question_title_folded", ("title_folded",)),
        Index("question_in_subject_spelling", ("subject_pk", "subject_title")),
    ),
)

# Apart from the question, whose rows are read by the thousand for filters, orders and searches.
SEO = Table(
    "seo",
    (
        _c("pk", Kind.INTEGER),
        _c("title"),
        _c("description"),
        _c("keywords", Kind.JSON),
        _c("keywords_text"),
    ),
    ("pk",),
    {"pk": "question"},
)

ANSWER = Table(
    "answer",
    (
        _c("pk", Kind.INTEGER),
        _c("word_count", Kind.INTEGER),
        _c("reading_minutes", Kind.INTEGER),
        _c("lead"),
        _c("excerpt", Kind.JSON),
        _c("markdown", Kind.JSON),
        _c("text"),
        _c("html", Kind.JSON),
    ),
    ("pk",),
    {"pk": "question"},
)

HEADING = Table(
    "heading",
    (
        _c("question_pk", Kind.INTEGER),
        _c("position", Kind.INTEGER),
        _c("level", Kind.INTEGER),
        _c("text"),
        _c("anchor"),
    ),
    ("question_pk", "position"),
    {"question_pk": "question"},
)

REFERENCE = Table(
    "reference",
    (
        _c("question_pk", Kind.INTEGER),
        _c("position", Kind.INTEGER),
        _c("target_pk", Kind.INTEGER, nullable=True),
        _c("status", Kind.TOKEN),
        _c("repeated", Kind.BOOLEAN),
        _c("article_id", Kind.INTEGER),
        _c("title"),
        _c("subject"),
        _c("url"),
    ),
    ("question_pk", "position"),
    {"question_pk": "question", "target_pk": "question"},
    (
        Index("reference_target", ("target_pk", "question_pk"), where="target_pk IS NOT NULL"),
        Index("reference_url", ("url",)),
        Index("reference_article_id", ("article_id",)),
    ),
)

SUBJECT = Table(
    "subject",
    (
        _c("pk", Kind.INTEGER),
        _c("slug"),
        _c("slug_folded"),
        _c("title"),
        _c("question_count", Kind.INTEGER),
        _c("question_count_desc", Kind.INTEGER),
        _c("node_id", Kind.TOKEN),
        _c("place", Kind.TOKEN),
    ),
    ("pk",),
    {},
    (
        Index("subject_slug", ("slug",), unique=True),
        Index("subject_node_id", ("node_id",), unique=True),
        Index("subject_title", ("title", "slug")),
        Index("subject_title_desc", ("title DESC", "slug")),
        Index("subject_question_count", ("question_count", "slug")),
        Index("subject_question_count_desc", ("question_count_desc", "slug")),
    ),
)

CONTENT = Table(
    "content",
    (
        _c("pk", Kind.INTEGER),
        _c("version", Kind.TOKEN),
        _c("loaded_at", Kind.TOKEN),
        _c("question_count", Kind.INTEGER),
        _c("subject_count", Kind.INTEGER),
        _c("related_article_count", Kind.INTEGER),
        _c("dangling_count", Kind.INTEGER),
    ),
    ("pk",),
)

SEED = Table(
    "seed",
    (
        _c("path"),
        _c("size_bytes", Kind.INTEGER),
        _c("mtime_ns", Kind.INTEGER),
        _c("sha256", Kind.BYTES, nullable=True),
    ),
    ("path",),
)

PROBLEM = Table(
    "problem",
    (
        _c("path"),
        _c("position", Kind.INTEGER),
        _c("severity"),
        _c("code"),
        _c("line", Kind.INTEGER, nullable=True),
        _c("message"),
    ),
    ("path", "position"),
)

TABLES = {table.name: table for table in (SUBJECT, QUESTION, SEO, ANSWER, HEADING, REFERENCE, CONTENT, SEED, PROBLEM)}

RELATIONS = {
    (relation.source, relation.name): relation
    for relation in (
        Relation("answer", "question", "answer", "{target}.pk = {source}.pk"),
        Relation("seo", "question", "seo", "{target}.pk = {source}.pk"),
        Relation("subject", "question", "subject", "{target}.pk = {source}.subject_pk"),
        Relation("headings", "answer", "heading", "{target}.question_pk = {source}.pk", order=("position",)),
        Relation("references", "question", "reference", "{target}.question_pk = {source}.pk", order=("position",)),
        Relation("target", "reference", "question", "{target}.pk = {source}.target_pk", optional=True),
        Relation("questions", "subject", "question", "{target}.subject_pk = {source}.pk"),
        Relation(
            "referrers",
            "question",
            "question",
            "{target}.pk IN (SELECT question_pk FROM reference WHERE target_pk = {source}.pk)",
        ),
        # The rows of these sources are made by the planner: steps of a walk, and counts of a set.
        Relation("question", "neighbour", "question", "{target}.pk = {source}.pk"),
        Relation("subject", "subject_facet", "subject", "{target}.pk = {source}.pk"),
    )
}
