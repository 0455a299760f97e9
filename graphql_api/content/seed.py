"""Seed: from a file to an article, with a name for everything that is wrong on the way."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql_api.content.fields import Fields
from graphql_api.content.front_matter import lines_of_keys, read_front_matter
from graphql_api.content.problems import Code, SeedError, error, warning
from graphql_api.content.references import REFERENCE_KEYS, parse_references, reference_position
from graphql_api.content.render import render_answer
from graphql_api.content.source import Source, decode, read_source
from graphql_api.records import Article, Problem, Seed, SeedFile, Severity

if TYPE_CHECKING:
    from pathlib import Path

SEO_KEYS = frozenset(("title", "page_description", "page_keywords"))
KNOWN_KEYS = frozenset(
    (
        *("id", "url", "title", "date", "subject", "answer", "question", "author", "score", "no_index", "seo"),
        # Read by other programs, and not exposed.
        *("_schema", "article_title", "date_format", "post_on_text", "file_name"),
    )
)

# "." and ".." would be taken out of a path by every browser.
_SEGMENT = r"(?!\.{1,2}(?:/|\Z))[^/?#\s]+"
_URL = re.compile(rf"/learn/(?P<subject_slug>{_SEGMENT})/questions/(?P<slug>{_SEGMENT})")
_EMPTY_BODY = re.compile(r"(?:&nbsp;|\s)*+")
_WARNINGS = frozenset((Code.UNKNOWN_KEY, Code.INVALID_REFERENCE))


def read_seed(root: Path, file: SeedFile) -> Seed:
    """Read one file below `root`; whatever is wrong with it is among the seed's problems, never raised.

    The seed's own `file` is the stat of the bytes that were read. Depends on the file alone and keeps nothing, so
    that a pool of processes can share the work.
    """
    source = read_source(os.fspath(root), file)
    if isinstance(source, Problem):
        return Seed(file, None, None, (source,))
    return parse_seed(source)


def parse_seed(source: Source) -> Seed:
    """Return what the bytes of a seed file say."""
    path = source.file.path
    try:
        text = decode(source.data)
        front_matter = read_front_matter(text)
    except SeedError as refusal:
        return Seed(source.file, source.sha256, None, (refusal.problem(path),))
    report = _Report(path, text)
    article = _article(path, front_matter.values, front_matter.body, report)
    return Seed(source.file, source.sha256, article, tuple(report.problems))


@dataclass(slots=True)
class _Report:
    """Collects the problems of one seed; the lines of its keys are looked up once there is one."""

    path: str
    text: str
    problems: list[Problem] = field(default_factory=list)
    _lines: dict[tuple[str, ...], int] | None = None

    def __call__(self, code: Code, message: str, key: str) -> None:
        """Add a problem of a key at the front matter's top."""
        self.add(code, message, (key,))

    def add(self, code: Code, message: str, key_path: tuple[str, ...]) -> None:
        """Add a problem of a key anywhere."""
        if self._lines is None:
            self._lines = lines_of_keys(self.text)
        make = warning if code in _WARNINGS else error
        self.problems.append(make(code, self.path, message, self._lines.get(key_path)))

    @property
    def is_fatal(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def _article(path: str, values: dict[str, Any], body: str, report: _Report) -> Article | None:
    """Return the article, or None after an ERROR."""
    _warn_of_unknown_keys(values, report)
    fields = Fields(values, report)
    seo = fields.mapping("seo")
    url = fields.required_text("url")
    subject_slug, slug = _slugs(url, report)
    title = fields.required_text("title")
    source = _answer_source(fields, body)
    article = Article(
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
        references=parse_references(values, report),
        # Last, because it costs most: an article that is refused is not worth rendering.
        answer=render_answer("" if report.is_fatal else source),
    )
    return None if report.is_fatal else article


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
        message = f"`url` is {url[:200]!r}. Write it /learn/<subject-slug>/questions/<slug>, with nothing after it."
        report(Code.INVALID_URL, message, "url")
    return "", ""


def _keywords(text: str) -> tuple[str, ...]:
    return tuple([keyword for part in text.split(",") if (keyword := part.strip())])


def _warn_of_unknown_keys(values: dict[str, Any], report: _Report) -> None:
    for key, value in values.items():
        position = reference_position(key)
        if position is None and key not in KNOWN_KEYS:
            _warn_of(key, (key,), report)
        elif isinstance(value, dict) and (key == "seo" or position is not None):
            known = SEO_KEYS if position is None else REFERENCE_KEYS
            if not known.issuperset(value):
                # Without its number, so that a load can say it once for all references.
                name = key if position is None else "related_articleN"
                for stranger in sorted(value.keys() - known):
                    _warn_of(f"{name}.{stranger}", (key, stranger), report)


def _warn_of(name: str, path: tuple[str, ...], report: _Report) -> None:
    """Warn of a key; the message is the same in every file, so that a load can say it once."""
    report.add(Code.UNKNOWN_KEY, f"The key `{name}` is unknown and ignored. Remove it, or mend its spelling.", path)
