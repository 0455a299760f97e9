"""Sources: where a field's value comes from (`@from`), compiled into functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.kinds.plain import Plain, is_null, written
from graphql_api.model.like import Like
from graphql_api.model.types import FilePart, Level, Shape
from graphql_api.reading.draft import FAILED
from graphql_api.reading.likeness import is_url_pattern, like
from graphql_api.reading.problems import Code
from graphql_api.reading.slugs import slug
from graphql_api.rendering.escapes import undo_escapes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphql_api.model.types import Field, From, Model
    from graphql_api.reading.draft import Draft
    from graphql_api.reading.events import Path

Get = "Callable[[Mapping[str, Any], Draft, list[Any]], Any]"

_EMPTY_BODY = re.compile(r"(?:&nbsp;|[\s\u00ad\u200b-\u200f\u2060\ufeff])*+")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
MAX_MADE_CHARACTERS = 10_000
"""Of a text that a template makes: templates of templates multiply."""
_TOO_LONG = f"would have more than {MAX_MADE_CHARACTERS:,} characters by its template. Shorten what it is made of."
_DATE_PARTS = {"year": slice(0, 4), "month": slice(5, 7), "day": slice(8, 10)}


class Whole(dict[str, Any]):
    """The mapping of a group that may also be something else in a file (`@from(key: ".")`); `value` is that."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:  # noqa: ANN401 - whatever stands in a file
        """Take the keys of a mapping, and none of anything else."""
        super().__init__(value if isinstance(value, dict) else {})
        self.value = value


class Source(NamedTuple):
    """One place to look for a value: `get` takes it, `change` makes of it what the rest of `@from` says.

    `path` is where it stands, below the mapping of the field's type. `is_read` says that it is a value already,
    `is_escaped` that it is Markdown whose escapes are for the renderer to undo.
    """

    get: Callable[[Mapping[str, Any], Draft, list[Any]], Any]
    change: Callable[[Any], Any] | None
    path: Path
    is_read: bool = False
    is_route: bool = False
    is_key: bool = False
    is_escaped: bool = False


def source_of(source: From, field: Field, fields: Sequence[Field], model: Model) -> Source:
    """Return where to look for a value of `field`, which is one of `fields`."""
    is_final = field.type.name == "String" and field.check is None and field.type.item is not None
    change = change_of(source, is_rich=field.type.name == "RichText", is_final=is_final)
    if source.field is not None:
        names = [each.name for each in fields]
        other = fields[names.index(source.field)]
        is_same = str(other.type).rstrip("!") == str(field.type).rstrip("!")
        # A part of a text that has been read is one, too.
        is_read = is_same and field.check is None and (change is None or field.type.name == "String")
        get = _field_getter(names.index(source.field))
        if _is_part(source) and other.type.name == "String" and not other.type.is_list:
            # What has been checked to be a url need not be checked again.
            is_url = (
                other.check is not None and other.check.level is Level.ERROR and is_url_pattern(other.check.like or "")
            )
            take = Like(source.like or "").take if is_url else like(source.like or "")
            get, change = _part_getter(names.index(source.field), take), None
        return Source(get, change, _path_of(other), is_read=is_read)
    if source.file is not None:
        is_read = change is None and field.check is None and field.type.name == "String" and not field.type.is_list
        is_route = source.file is FilePart.ROUTE
        return Source(
            _FILE_PARTS[source.file],
            change,
            (field.name,),
            is_read=is_read and source.file is not FilePart.BODY,
            is_route=is_route,
        )
    if source.template is not None:
        return Source(template_getter(field.name, source.template, fields, model), change, (field.name,))
    key = (field.name,) if source.key is None else source.key
    is_escaped = source.escapes and field.type.name == "RichText"
    return Source(key_getter(key), change, key, is_key=True, is_escaped=is_escaped)


def is_blank(raw: Any) -> bool:  # noqa: ANN401 - whatever stands in a file
    """Return whether there is nothing: no value, white space, a plain null, or an empty list or mapping."""
    if isinstance(raw, str):
        return not raw or raw.isspace() or (type(raw) is Plain and is_null(raw))
    return raw is None or (isinstance(raw, (list, dict, tuple)) and not raw)


def is_empty(raw: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether there is nothing where `null` may be text: whatever is blank but a plain null."""
    return is_blank(raw) and not is_null(raw)


def key_getter(key: tuple[str, ...]) -> Callable[[Mapping[str, Any], Draft, list[Any]], Any]:
    """Return what looks up a path of keys, outermost first; () is the value itself."""
    if not key:
        return _whole
    first, *others = key
    if not others:
        return lambda values, _, __: values.get(first)

    def get(values: Mapping[str, Any], draft: Draft, out: list[Any]) -> Any:  # noqa: ANN401, ARG001 - as all getters
        value = values.get(first)
        for name in others:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    return get


def change_of(source: From, *, is_rich: bool = False, is_final: bool = False) -> Callable[[Any], Any] | None:
    """Return what makes a value of what was found: a part of it, unescaped, split, as a slug; None for nothing.

    With `is_final`, texts that one was split into are values, in a tuple; so is nothing else.
    """
    undo = undo_escapes if source.escapes and not is_rich else None
    if source.like is None and undo is None and source.split is None and not source.slug:
        return None
    take = like(source.like) if source.like is not None else None
    is_kept = is_rich and source.like is None

    if take is not None and _is_part(source) and not is_rich:
        return _each(lambda text: written(take(text.strip()) or ""))
    return _each(_changed_text(source, take, undo, is_kept=is_kept, is_final=is_final))


def _changed_text(
    source: From,
    take: Callable[[str], str | None] | None,
    undo: Callable[[str], str] | None,
    *,
    is_kept: bool,
    is_final: bool,
) -> Callable[[str], Any]:
    """Return what changes one text, in the order of the vocabulary; `is_kept` leaves white space around it alone."""

    def change(text: str) -> Any:  # noqa: ANN401 - a text, a list of them or None
        changed: str | None = text if is_kept else text.strip()
        if take is not None:
            changed = take(changed or "")
        if changed is None:
            return None
        if undo is not None:
            changed = undo(changed)
        if source.split is None:
            return slug(changed) if source.slug else changed
        parts = [part for piece in changed.split(source.split) if (part := piece.strip())]
        if source.slug:
            parts = [slug(part) for part in parts]
        return tuple(parts) if is_final and "\0" not in changed else parts

    return change


def _each(change_text: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Return what changes a text, each text of a list, or a number's; other values stay as they are."""

    def change(raw: Any) -> Any:  # noqa: ANN401 - whatever stands in a file
        if isinstance(raw, str):
            return change_text(raw)
        if isinstance(raw, (list, tuple)):
            changed = [change(item) for item in raw]
            return [item for each in changed for item in (each if isinstance(each, (list, tuple)) else [each])]
        return change_text(str(raw)) if type(raw) is int or type(raw) is float else raw

    return change


def _whole(values: Mapping[str, Any], draft: Draft, out: list[Any]) -> Any:  # noqa: ANN401, ARG001 - as all getters
    return values.value if isinstance(values, Whole) else values


def _is_part(source: From) -> bool:
    """Return whether a source is a part of what is found, and no more is made of that."""
    return source.like is not None and not (source.escapes or source.split is not None or source.slug)


def _part_getter(index: int, take: Callable[[str], str | None]) -> Callable[[Mapping[str, Any], Draft, list[Any]], Any]:
    """Return what takes a part of a field's text, which has been read and so has no white space around it."""

    def get(values: Mapping[str, Any], draft: Draft, out: list[Any]) -> Any:  # noqa: ANN401, ARG001 - as all getters
        text = out[index]
        return take(text) if type(text) is str else text

    return get


def _field_getter(index: int) -> Callable[[Mapping[str, Any], Draft, list[Any]], Any]:
    return lambda _, __, out: out[index]


def _path_of(field: Field) -> Path:
    """Return where a field's value tends to stand."""
    key = field.sources[0].key if field.sources else None
    return (field.name,) if key is None else key


def template_getter(
    name: str, template: str, fields: Sequence[Field], model: Model
) -> Callable[[Mapping[str, Any], Draft, list[Any]], Any]:
    """Return the getter of the text of the field `name`, from the values of `fields` so far.

    It is None where one of them is absent, and refused where it gets too long.
    """
    parts = _PLACEHOLDER.split(template)
    literals = parts[::2]
    getters = [_template_part(path.split("."), fields, model) for path in parts[1::2]]

    def get(values: Mapping[str, Any], draft: Draft, out: list[Any]) -> Any:  # noqa: ANN401, ARG001 - as all getters
        text = literals[0]
        for take, literal in zip(getters, literals[1:], strict=True):
            value = take(out)
            if value is None or value is FAILED:
                return value
            text += f"{value}{literal}"
            if len(text) > MAX_MADE_CHARACTERS:
                return draft.refuse(Code.INVALID_VALUE, _TOO_LONG, (name,))
        return text

    return get


def _template_part(path: Sequence[str], fields: Sequence[Field], model: Model) -> Callable[[Sequence[Any]], Any]:
    """Return what takes the value of a dotted path of fields from the values of `fields`."""
    first, *others = path
    index = [field.name for field in fields].index(first)
    kind = fields[index].type
    if kind.shape is Shape.GROUP and others:
        inner = _template_part(others, model.groups[kind.name].fields, model)
        return lambda out: inner(out[index]) if isinstance(out[index], tuple) else out[index]
    if kind.shape is Shape.ENTRY:
        return lambda out: getattr(out[index], "key", out[index])
    if others and others[0] in _DATE_PARTS:
        part = _DATE_PARTS[others[0]]
        return lambda out: out[index][part] if isinstance(out[index], str) else out[index]
    return lambda out: out[index]


def _name(values: Mapping[str, Any], draft: Draft, out: list[Any]) -> str:  # noqa: ARG001 - as all getters
    folder, _, file = draft.path.rpartition("/")
    stem = file.rpartition(".")[0]
    return folder.rpartition("/")[2] if stem in {"index", "_index"} and folder else stem


def _folder(values: Mapping[str, Any], draft: Draft, out: list[Any]) -> str | None:  # noqa: ARG001 - as all getters
    return draft.path.rpartition("/")[0].rpartition("/")[2] or None


def _path(values: Mapping[str, Any], draft: Draft, out: list[Any]) -> str:  # noqa: ARG001 - as all getters
    return draft.path


def _route(values: Mapping[str, Any], draft: Draft, out: list[Any]) -> str:  # noqa: ARG001 - as all getters
    folder, slash, file = draft.path.rpartition("/")
    stem = file.rpartition(".")[0]
    return folder if stem in {"index", "_index"} else f"{folder}{slash}{stem}"


def _body(values: Mapping[str, Any], draft: Draft, out: list[Any]) -> str | None:  # noqa: ARG001 - as all getters
    return None if _EMPTY_BODY.fullmatch(draft.body) else draft.body


def _key(values: Mapping[str, Any], draft: Draft, out: list[Any]) -> str | None:  # noqa: ARG001 - as all getters
    return draft.item or None


_FILE_PARTS: dict[FilePart, Callable[[Mapping[str, Any], Draft, list[Any]], Any]] = {
    FilePart.NAME: _name,
    FilePart.FOLDER: _folder,
    FilePart.PATH: _path,
    FilePart.ROUTE: _route,
    FilePart.BODY: _body,
    FilePart.KEY: _key,
}
