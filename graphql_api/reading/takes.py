"""Takes: from what stands in a file to the values of scalars, choices, lists and unions.

A take is a function of (what stands there, its path, the draft). It returns a value, None for nothing, or `FAILED`
after it has told the draft what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql_api.kinds.faults import wrong_type
from graphql_api.kinds.file import File
from graphql_api.kinds.image import Image
from graphql_api.kinds.kind import BadValueError
from graphql_api.kinds.plain import is_null
from graphql_api.reading.draft import FAILED
from graphql_api.reading.entry import RichText
from graphql_api.reading.problems import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql_api.kinds.kind import Kind
    from graphql_api.model.types import Union
    from graphql_api.reading.draft import Draft
    from graphql_api.reading.events import Path

    Take = Callable[[Any, Path, Draft], Any]
    CheckValue = Callable[[Any], tuple[Code, str] | None]
    ReadField = Callable[[Mapping[str, Any], Path, Draft, list[Any]], Any]
    """Returns a value, or FAILED. Takes the mapping, its path, the draft, and the values that have been read there."""


_NAME_CHARACTERS = 40
"""A text with a longer part between its commas is a sentence."""


def scalar_take(kind: Kind, *, escapes: bool = False) -> Take:
    r"""Return the take of a kind's values; `escapes` says that Markdown has its line breaks written as `\n`."""
    if kind.name == "RichText":
        return _rich_text_take(kind, escapes=escapes)
    special = {"Image": _image_take, "File": _file_take}.get(kind.name)
    return special(kind) if special else _plain_take(kind)


def _plain_take(kind: Kind) -> Take:
    read, is_absent_when_empty = kind.read, kind.is_absent_when_empty

    def take(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - any kind
        try:
            value = read(raw)
        except BadValueError as bad:
            return None if is_null(raw) else draft.refuse(bad.code, bad.reason, at)
        return None if is_absent_when_empty and value == "" else value

    return take


def _rich_text_take(kind: Kind, *, escapes: bool) -> Take:
    take_text = _plain_take(kind)

    def take(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - a RichText, None or FAILED
        text = take_text(raw, at, draft)
        if text is None or text is FAILED:
            return text
        rich = RichText(text, escapes=escapes, at=None if raw is draft.body else at)
        draft.texts.append(rich)
        return rich

    return take


def _image_take(kind: Kind) -> Take:
    take_image = _plain_take(kind)

    def take(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - an Image, None or FAILED
        image = take_image(raw, at, draft)
        if not isinstance(image, Image) or not image.src:
            return image if image is FAILED else None
        if not draft.places.is_checked(image.src):
            return image
        if draft.places.size_bytes(image.src, draft.path) is None:
            _warn_of_missing(image.src, at, draft)
            return image
        width, height = draft.places.pixels(image.src, draft.path) or (image.width, image.height)
        return Image(image.src, image.alt, width, height)

    return take


def _file_take(kind: Kind) -> Take:
    take_file = _plain_take(kind)

    def take(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - a File, None or FAILED
        file = take_file(raw, at, draft)
        if not isinstance(file, File) or not file.src:
            return file if file is FAILED else None
        if not draft.places.is_checked(file.src):
            return file
        size_bytes = draft.places.size_bytes(file.src, draft.path)
        if size_bytes is None:
            _warn_of_missing(file.src, at, draft)
        return File(file.src, size_bytes)

    return take


def _warn_of_missing(src: str, at: Path, draft: Draft) -> None:
    draft.warn(Code.FILE_MISSING, f"is {src[:200]!r}, and there is no such file. Mend the path, or add the file.", at)


def checked_take(take: Take, check: CheckValue | None) -> Take:
    """Return a take that refuses what `check` finds wrong."""
    if check is None:
        return take

    def take_checked(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - any kind
        value = take(raw, at, draft)
        found = None if value is None or value is FAILED else check(value)
        return value if found is None else draft.refuse(*found, at)

    return take_checked


def lenient_take(take: Take, *, is_reference: bool) -> Take:
    """Return a take for which a bad value is a WARNING, and counts as absent."""

    def take_or_leave(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - any kind
        mark = len(draft.faults)
        value = take(raw, at, draft)
        if len(draft.faults) == mark:
            return value
        errors = draft.errors_since(mark)
        if not errors:
            return value
        code = Code.INVALID_REFERENCE if is_reference else errors[0].code
        draft.warn(code, f"is left out: {' '.join(fault.message for fault in errors)}", at)
        return None

    return take_or_leave


def list_take(take_item: Take, *, of_groups: bool = False, of_names: bool = False) -> Take:
    """Return the take of lists; a single value is a list of one, and items without a value are left out.

    A plain null is a text for those who take texts, and nothing where items are groups. Where items are names, a single
    text that reads like several (`red, green`) comes with a warning.
    """

    def take(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - a tuple or FAILED
        if not isinstance(raw, (list, tuple)):
            if of_names and isinstance(raw, str) and _reads_like_several(raw):
                reason = f"is the text {raw!r}, which is one item. If several are meant, write a list"
                draft.warn(Code.TEXT_WITH_COMMAS, f"{reason} ([{raw}]); if one, a list of this text alone.", at)
            value = take_item(raw, at, draft)
            return value if value is None or value is FAILED else (value,)
        values = [
            take_item(item, (*at, place), draft)
            for place, item in enumerate(raw)
            if item is not None and not (of_groups and is_null(item))
        ]
        if FAILED in values:
            return FAILED
        return tuple([value for value in values if value is not None])

    return take


def _reads_like_several(text: str) -> bool:
    return "," in text and all(0 < len(part.strip()) <= _NAME_CHARACTERS for part in text.split(","))


def union_take(union: Union, takes: dict[str, Take]) -> Take:
    """Return the take of a union's values: (number of the member, group); `takes` is by the name of the member."""
    numbers = {value: (number, takes[name]) for number, (value, name) in enumerate(union.members.items())}
    allowed = ", ".join(union.members)

    def take(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - a tuple or FAILED
        if not isinstance(raw, dict):
            fault = wrong_type(raw, f"a mapping with the key {union.key}")
            return draft.refuse(fault.code, fault.reason, at)
        block = raw.get(union.key)
        if not isinstance(block, str) or not block.strip():
            return draft.refuse(Code.MISSING_KEY, f"has no {union.key}. Add it, as one of: {allowed}.", at)
        member = numbers.get(block.strip())
        if member is None:
            reason = f"is {block[:100]!r}. It must be one of: {allowed}."
            return draft.refuse(Code.INVALID_VALUE, reason, (*at, union.key))
        number, take_group = member
        value = take_group(raw, at, draft)
        return value if value is FAILED else (number, value)

    return take
