"""Values for arguments: drawn from the content, so that they hit; now and then just beside it, so that they miss."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    is_required_input_field,
)

from tests.oracle.resolvers import id_of

if TYPE_CHECKING:
    import random

    from tests.oracle.content import Content

_ODD_TEXTS = ("", "%", "_", "\\", '"', "é", "É", "SS", "ß", "😀", "nothing like it", "\u2028")
_ODD_DATES = ("2024-02-30", "2024-1-1", "20240101", "2024-01-01T00:00:00", "", "0001-01-01", "9999-12-31")
_GROUPS = ("and", "or", "not")
_NULL = 0.06


class EnumName(str):
    """A string that is written without quotes in a document."""

    __slots__ = ()


@dataclass(frozen=True)
class Variable:
    """A place in a document where a variable's value goes."""

    name: str


def literal(value: Any) -> str:
    """Return the value as it is written in a document."""
    if isinstance(value, Variable):
        return f"${value.name}"
    if isinstance(value, EnumName):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False)


class Values:
    """Draws values of the schema's input types. A path of names says what a value is for."""

    def __init__(self, content: Content, draw: random.Random) -> None:
        """Take the values from this content."""
        self._content = content
        self._draw = draw

    def value(self, type_: Any, path: tuple[str, ...]) -> Any:
        """Return a constant of the type, null now and then where it may be."""
        if isinstance(type_, GraphQLNonNull):
            return self._some(type_.of_type, path)
        return None if self._draw.random() < _NULL else self._some(type_, path)

    def chosen_fields(self, type_: GraphQLInputObjectType, path: tuple[str, ...]) -> list[str]:
        """Return which fields an input object of the type should have: few, and groups not nested too deeply."""
        if type_.is_one_of:
            return [self._draw.choice(list(type_.fields))]
        required = [name for name, field in type_.fields.items() if is_required_input_field(field)]
        optional = [name for name in type_.fields if name not in required]
        if sum(name in _GROUPS for name in path) >= 2:
            optional = [name for name in optional if name not in _GROUPS]
        count = min(len(optional), self._draw.choice((0, 1, 1, 1, 2, 2, 2, 3)))
        return required + self._draw.sample(optional, count)

    def _some(self, type_: Any, path: tuple[str, ...]) -> Any:
        if isinstance(type_, GraphQLList):
            if self._draw.random() < 0.1:
                return self._some(_bare(type_.of_type), path)
            return [self.value(type_.of_type, path) for _ in range(self._draw.choice((0, 1, 1, 2, 3)))]
        if isinstance(type_, GraphQLEnumType):
            return EnumName(self._draw.choice(list(type_.values)))
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_, path)
        return getattr(self, f"_{type_.name.lower()}")(path)

    def _object(self, type_: GraphQLInputObjectType, path: tuple[str, ...]) -> dict[str, Any]:
        if type_.name == "QuestionPath" and self._draw.random() < 0.8:
            article = self._article()
            return {"subject": article["subjectSlug"], "slug": article["slug"]}
        names = self.chosen_fields(type_, path)
        if type_.is_one_of:
            return {name: self._some(_bare(type_.fields[name].type), (*path, name)) for name in names}
        return {name: self.value(type_.fields[name].type, (*path, name)) for name in names}

    @cached_property
    def _urls(self) -> list[str]:
        return list(self._content.articles)

    def _article(self) -> dict[str, Any]:
        return self._content.articles[self._draw.choice(self._urls)]

    def _int(self, _path: tuple[str, ...]) -> int:
        return int(self._article()["articleId"]) + self._draw.choice((0, 0, 0, 1, -1))

    def _float(self, _path: tuple[str, ...]) -> float:
        score = self._article()["score"]
        return self._draw.choice((1, 0, -1, 0.25)) if score is None else float(score)

    def _boolean(self, _path: tuple[str, ...]) -> bool:
        return self._draw.random() < 0.5

    def _date(self, _path: tuple[str, ...]) -> str:
        if self._draw.random() < 0.04:
            return self._draw.choice(_ODD_DATES)
        date: dt.date = self._article()["date"]
        return (date + dt.timedelta(days=self._draw.choice((0, 0, 0, 1, -1)))).isoformat()

    def _id(self, path: tuple[str, ...]) -> str:
        if self._draw.random() < 0.1:
            return self._draw.choice(("", "0", "no-such-id", "99999999999999999999"))
        if "by" not in path and self._draw.random() < 0.3:
            return id_of(self._draw.choice(list(self._content.subjects.values())))
        return id_of(self._article())

    def _string(self, path: tuple[str, ...]) -> str:
        # A subject that nobody has is rare in nature, and a filter's complement must still hold it.
        if self._draw.random() < (0.4 if "subject" in path and "filter" in path else 0.1):
            return self._draw.choice(_ODD_TEXTS)
        article = self._article()
        wanted = next((name for name in reversed(path) if name in article), "subjectSlug")
        if "subject" in path or path == ("slug",):
            wanted = "subjectSlug"
        return self._part(str(article[wanted]), path[-1])

    def _part(self, text: str, test: str) -> str:
        if test not in {"contains", "startsWith"}:
            return text
        start = self._draw.randrange(len(text) + 1) if test == "contains" else 0
        part = text[start : start + self._draw.randint(1, 8)]
        return self._draw.choice((part, part.upper(), part.lower(), part.swapcase()))


def _bare(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_
