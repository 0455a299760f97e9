"""Seed: from a file to an article, with a name for everything that is wrong on the way."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.kinds.plain import Plain, plain_value
from graphql_api.reading.fields import Fields
from graphql_api.reading.front_matter import Content, lines_of, read_front_matter
from graphql_api.reading.problems import Code, SeedError, error, warning
from graphql_api.reading.references import REFERENCE_KEYS, parse_references, reference_position
from graphql_api.reading.seed_bytes import Source, decode, read_source
from graphql_api.records import Answer, Article, Problem, Seed, SeedFile
from graphql_api.rendering.render import render_answers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SEO_KEYS = frozenset(("title", "page_description", "page_keywords"))
KNOWN_KEYS = frozenset(
    (
        *("id", "url", "title", "date", "subject", "answer", "question", "author", "score", "no_index", "seo"),
        # Read by other programs, and not exposed.
        *("_schema", "article_title", "date_format", "post_on_text", "file_name"),
    )
)
_TYPED_KEYS = frozenset(("id", "score", "no_index"))
_SINGLE_KEYS = KNOWN_KEYS - {"seo"}

# "." and ".." would be taken out of a path by every browser.
_SEGMENT = r"(?!\.{1,2}(?:/|\Z))[^/?#\s]+"
_URL = re.compile(rf"/learn/(?P<subject_slug>{_SEGMENT})/questions/(?P<slug>{_SEGMENT})")
_EMPTY_BODY = re.compile(r"(?:&nbsp;|\s)*+")
_WARNINGS = frozenset((Code.UNKNOWN_KEY, Code.INVALID_REFERENCE))


def read_seed(root: Path, file: SeedFile) -> Seed:
    """Read one file below `root`, as `read_seeds` reads several."""
    return read_seeds(root, [file])[0]


def read_seeds(root: Path, files: Sequence[SeedFile]) -> list[Seed]:
    """Read files below `root`; whatever is wrong with one is among its seed's problems, never raised.

    A seed's own `file` is the stat of the bytes that were read. Depends on the files alone and keeps nothing, so
    that a pool of processes can share the work.

    Each step is taken for all files before the next one: its code then stays in the processor's caches, which makes
    the whole a quarter faster than going file by file.
    """
    drafts = _drafts(os.fspath(root), files)
    answers = render_answers([draft.answer for draft in drafts])
    return [_seed(draft, answer) for draft, answer in zip(drafts, answers, strict=True)]


class _Draft(NamedTuple):
    """A seed before its answer is rendered: `article` only wants its `answer`, and is None after an ERROR."""

    file: SeedFile
    sha256: bytes | None
    article: partial[Article] | None
    answer: str
    problems: tuple[Problem, ...]


def _drafts(root: str, files: Sequence[SeedFile]) -> list[_Draft]:
    sources = [read_source(root, file) for file in files]
    contents = [source if isinstance(source, Problem) else _content(source) for source in sources]
    return [_draft(*parts) for parts in zip(files, sources, contents, strict=True)]


def _content(source: Source) -> Content | Problem:
    try:
        content = read_front_matter(decode(source.data))
    except SeedError as refusal:
        return refusal.problem(source.file.path)
    if not content.has_front_matter:
        message = "The file does not begin with front matter. Put a line --- first, then the keys."
        return error(Code.NO_FRONT_MATTER, source.file.path, message, 1)
    _type(content.value)
    return content


def _type(values: dict[str, Any]) -> None:
    """Make numbers and Booleans of the plain values of the keys that have them."""
    for key, value in values.items():
        if type(value) is dict:
            _type(value)
        elif type(value) is Plain and key in _TYPED_KEYS:
            values[key] = plain_value(value)


def _draft(file: SeedFile, source: Source | Problem, content: Content | Problem) -> _Draft:
    if isinstance(source, Problem):
        return _Draft(file, None, None, "", (source,))
    if isinstance(content, Problem):
        return _Draft(source.file, source.sha256, None, "", (content,))
    report = _Report(source)
    article, answer = _article(source.file.path, content, report)
    problems = tuple(report.problems)
    if report.is_fatal:
        # An article that is refused is not worth rendering.
        return _Draft(source.file, source.sha256, None, "", problems)
    return _Draft(source.file, source.sha256, article, answer, problems)


def _seed(draft: _Draft, answer: Answer) -> Seed:
    article = None if draft.article is None else draft.article(answer=answer)
    return Seed(draft.file, draft.sha256, article, draft.problems)


@dataclass(slots=True)
class _Report:
    """Collects the problems of one seed; the lines of its keys are looked up once there is one."""

    source: Source
    problems: list[Problem] = field(default_factory=list)
    is_fatal: bool = False
    _lines: dict[tuple[str | int, ...], int] | None = None

    def __call__(self, code: Code, message: str, key: str) -> None:
        """Add a problem of a key at the front matter's top."""
        self.add(code, message, (key,))

    def add(self, code: Code, message: str, key_path: tuple[str, ...]) -> None:
        """Add a problem of a key anywhere."""
        if self._lines is None:
            self._lines = lines_of(decode(self.source.data), ".md")
        path, line = self.source.file.path, self._lines.get(key_path)
        if code in _WARNINGS:
            self.problems.append(warning(code, path, message, line))
        else:
            self.problems.append(error(code, path, message, line))
            self.is_fatal = True


def _article(path: str, content: Content, report: _Report) -> tuple[partial[Article], str]:
    """Return the article without its answer, and the answer's Markdown; neither is of use after an ERROR."""
    values = content.value
    # `seo`, the references, and keys that nobody knows.
    others = {key: value for key, value in values.items() if key not in _SINGLE_KEYS}
    _warn_of_unknown_keys(others, report)
    fields = Fields(values, report)
    seo = fields.mapping("seo")
    url = fields.required_text("url")
    subject_slug, slug = _slugs(url, report)
    title = fields.required_text("title")
    answer = _answer_source(fields, content.body)
    article = partial(
        Article,
        path=path,
        article_id=fields.required_int("id"),
        url=url,
        subject_slug=subject_slug,
        subject_title=fields.required_text("subject"),
        slug=slug,
        title=title,
        question=fields.text("question") or title,
        date=fields.required_date("date"),
        author=fields.text("author"),
        score=fields.number("score"),
        no_index=fields.boolean("no_index"),
        seo_title=seo.text("title"),
        seo_description=seo.text("page_description"),
        seo_keywords=_keywords(seo.text("page_keywords")),
        references=parse_references(others, report),
    )
    return article, answer


def _answer_source(fields: Fields, body: str) -> str:
    """Return the Markdown of the answer: the key's, else the body's."""
    answer = fields.values.get("answer")
    if answer is not None and answer != "" and not (isinstance(answer, str) and answer.isspace()):
        # Checked as a text, and kept as it is: white space at the start of Markdown has a meaning.
        return answer if fields.text("answer") else ""
    if _EMPTY_BODY.fullmatch(body):
        message = "`answer` is missing or empty, and so is the body. Write the answer in one of them."
        fields.report(Code.MISSING_KEY, message, "answer")
    return body


def _slugs(url: str, report: _Report) -> tuple[str, str]:
    match = _URL.fullmatch(url)
    if match:
        return match["subject_slug"], match["slug"]
    if url:
        message = (
            f"`url` is {url[:200]!r}. Write it /learn/<subject-slug>/questions/<slug>, "
            "with no blank, / ? or # in the slugs, and with nothing after them."
        )
        report(Code.INVALID_URL, message, "url")
    return "", ""


def _keywords(text: str) -> tuple[str, ...]:
    return tuple([keyword for part in text.split(",") if (keyword := part.strip())])


def _warn_of_unknown_keys(others: dict[str, Any], report: _Report) -> None:
    """Warn of what is neither `seo` nor a reference, and of unknown keys within those."""
    for key, value in others.items():
        position = reference_position(key)
        if position is None and key != "seo":
            _warn_of(key, (key,), report)
        elif isinstance(value, dict):
            known = SEO_KEYS if position is None else REFERENCE_KEYS
            if not known.issuperset(value):
                # Without its number, so that a load can say it once for all references.
                name = key if position is None else "related_articleN"
                for stranger in sorted(value.keys() - known):
                    _warn_of(f"{name}.{stranger}", (key, stranger), report)


def _warn_of(name: str, path: tuple[str, ...], report: _Report) -> None:
    """Warn of a key; the message is the same in every file, so that a load can say it once."""
    report.add(Code.UNKNOWN_KEY, f"The key `{name}` is unknown and ignored. Remove it, or mend its spelling.", path)
