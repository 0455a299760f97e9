"""Forms: what the values of a column are together: scalars, a group, a list of them, a union, or anything."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.inference.scalars import Guess, guess, is_nothing
from graphql_api.inference.shapes import likeness, presence, shape_of
from graphql_api.inference.unions import union_of
from graphql_api.kinds.image import IMAGE_KEYS
from graphql_api.kinds.plain import Plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.inference.columns import Column
    from graphql_api.inference.unions import UnionDraft

MAX_KEYS_OF_FEW = 12
FEW_MAPPINGS = 3
ALIKE_FROM = 0.5

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")
_NAMING_KEYS = ("name", "title", "src", "url", "href", "slug", "id", "label", "text", "value")
_LANGUAGE = re.compile(
    r"(?:ar|bg|bn|ca|cs|da|de|el|en|es|et|eu|fa|fi|fr|ga|gl|he|hi|hr|hu|id|is|it|ja|ka|ko|lt|lv|ms|nb|nl|nn|no|pl|pt|"
    r"ro|ru|sk|sl|sp|sq|sr|sv|th|tr|uk|ur|vi|zh)(?:[_-](?:[A-Za-z]{2}|[A-Za-z]{4}|[0-9]{3}))?"
)


class Shape(Enum):
    """What the values of a column are."""

    SCALAR = "scalars, or lists of them"
    GROUP = "mappings"
    GROUPS = "lists of mappings"
    KEYED = "mappings whose keys are no names: a list of what they hold"
    UNION = "lists of members of a union"


class Form(NamedTuple):
    """One form; `inner` are the mappings of a group, `naming` the key of a group that a text alone stands for."""

    shape: Shape
    guess: Guess = Guess("String")
    inner: Sequence[dict[str, Any]] = ()
    union: UnionDraft | None = None
    naming: str = ""
    depth: int = 0
    """How many lists are around a scalar."""
    placeholder: str = ""
    """The field of a keyed group that the key fills."""


def form_of(column: Column, unions: Sequence[UnionDraft]) -> Form:
    """Return the form of a column's values."""
    key, values = column.keys[0], column.values
    if not values:
        return Form(Shape.SCALAR, Guess("String", why="always empty"))
    if any(isinstance(value, list) for value in values):
        return _list_form(key, values, unions)
    if any(isinstance(value, dict) for value in values):
        return _mapping_form(values)
    return Form(Shape.SCALAR, guess(key, values))


def is_language(text: str) -> bool:
    """Return whether a text is the code of a language."""
    return _LANGUAGE.fullmatch(text) is not None


def are_languages(keys: Sequence[str]) -> bool:
    """Return whether keys are codes of languages, as those of a text in several of them."""
    return len(keys) > 1 and all(map(is_language, keys))


def _list_form(key: str, values: Sequence[Any], unions: Sequence[UnionDraft]) -> Form:
    items = [item for value in values for item in (value if isinstance(value, list) else [value])]
    items = [item for item in items if item is not None]
    if all(map(is_nothing, items)) and not any(isinstance(item, (dict, list)) for item in items):
        return Form(Shape.SCALAR, Guess("String", is_list=True, why="always empty"), depth=1)
    if all(isinstance(item, list) for item in items):
        inner = [each for item in items for each in item]
        is_plain = not any(isinstance(each, (dict, list)) for each in inner)
        texts = [each for each in inner if not is_nothing(each)]
        nested = _guess_items(key, inner) if is_plain and texts else Guess("JSON", why="lists of lists")
        if nested.type_name == "JSON":
            return Form(Shape.SCALAR, nested)
        return Form(Shape.SCALAR, _without_choices(nested), depth=2)
    if any(isinstance(item, dict) for item in items):
        union = union_of(items, unions)
        if union:
            return Form(Shape.UNION, union=union)
        form = _mapping_form(items)
        if form.shape is Shape.GROUP:
            return form._replace(shape=Shape.GROUPS)
        return form._replace(depth=1) if form.guess.type_name == "Image" else _json("a list of anything")
    if any(isinstance(item, list) for item in items):
        return _json("lists among values")
    found = _guess_items(key, items)
    return Form(Shape.SCALAR, found, depth=0 if found.type_name == "JSON" else 1)


def _guess_items(key: str, items: Sequence[Any]) -> Guess:
    """Return what items of lists are; an empty one among them is a text, and nothing else."""
    full = [item for item in items if not is_nothing(item)]
    found = _without_choices(guess(key, full))
    if len(full) == len(items) or found.type_name == "String":
        return found
    return Guess("String") if all(isinstance(item, str) for item in items) else Guess("JSON", why="empty items")


def _without_choices(found: Guess) -> Guess:
    """Return a guess for items of lists: a choice, text with commas or one with a unit is a text there."""
    if found.choices or found.split or found.like:
        return Guess("String")
    return found


def _mapping_form(values: Sequence[Any]) -> Form:
    mappings = [value for value in values if isinstance(value, dict)]
    others = [value for value in values if not isinstance(value, dict)]
    keys = dict.fromkeys(key for mapping in mappings for key in mapping)
    if IMAGE_KEYS.issuperset(keys) and "src" in keys and all(isinstance(other, str) for other in others):
        return Form(Shape.SCALAR, Guess("Image"))
    if others:
        return _mixed_form(mappings, others)
    held = [value for mapping in mappings for value in mapping.values() if not is_nothing(value)]
    if not all(map(_NAME.fullmatch, keys)):
        return _keyed_form(mappings, held) if _are_alike(held) else _json("keys that are no names")
    if len(keys) > MAX_KEYS_OF_FEW and not are_languages(list(keys)):
        if len(mappings) / len(keys) < 1 and _are_alike(held) and all(isinstance(value, dict) for value in held):
            return _keyed_form(mappings, held)
        if len(mappings) < FEW_MAPPINGS and all(isinstance(value, (dict, list)) for value in held):
            return _json(f"{len(keys)} keys in {len(mappings)}")
    return Form(Shape.GROUP, inner=mappings)


def _mixed_form(mappings: Sequence[dict[str, Any]], others: Sequence[Any]) -> Form:
    """Return a group that a text may stand for, where one key of all the mappings can be that text."""
    always = [key for key in mappings[0] if all(_is_text(each.get(key)) for each in mappings)]
    only = always[0] if len(always) == 1 and not any(type(each[always[0]]) is Plain for each in mappings) else ""
    naming = next((key for key in _NAMING_KEYS if key in always), only)
    if not naming or not all(isinstance(other, str) for other in others):
        return _json("mappings among other values")
    return Form(Shape.GROUP, inner=[*mappings, *({naming: other} for other in others)], naming=naming)


def _is_text(value: Any) -> bool:  # noqa: ANN401 - whatever stands in a file
    return isinstance(value, str) and not is_nothing(value)


def _keyed_form(mappings: Sequence[dict[str, Any]], held: Sequence[Any]) -> Form:
    # What is empty has its key all the same.
    pairs = [(key, value) for mapping in mappings for key, value in mapping.items() if value is not None]
    if not isinstance(held[0], dict):
        inner = [{"name": key, "value": value} for key, value in pairs]
        return Form(Shape.KEYED, inner=inner, naming="value", placeholder="name")
    placeholder = "key" if any("name" in value for _, value in pairs) else "name"
    if not all(isinstance(value, dict) for _, value in pairs):
        return _json("mappings among other values")
    return Form(Shape.KEYED, inner=[{placeholder: key, **value} for key, value in pairs], placeholder=placeholder)


def _are_alike(held: Sequence[Any]) -> bool:
    """Return whether values are of one shape: mappings that are alike, or scalars of one kind."""
    if not held:
        return False
    if all(isinstance(value, dict) for value in held):
        whole = presence(shape_of(value) for value in held)
        return sum(likeness(presence([shape_of(value)]), whole) for value in held) / len(held) >= ALIKE_FROM
    if any(isinstance(value, (dict, list)) for value in held):
        return False
    return guess("", held).type_name != "JSON"


def _json(why: str) -> Form:
    return Form(Shape.SCALAR, Guess("JSON", why=why))
