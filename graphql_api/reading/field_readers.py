"""Field readers: from a mapping of a file to the value of one field, with what an absent key means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.kinds.kind import BadValueError
from graphql_api.kinds.plain import is_null
from graphql_api.model.types import ABSENT, FilePart, Shape
from graphql_api.reading.draft import FAILED, Draft
from graphql_api.reading.entry import RichText
from graphql_api.reading.generated import UNKNOWN, Form, Inline
from graphql_api.reading.problems import Code
from graphql_api.reading.sources import Source, is_blank, is_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphql_api.kinds.kind import Kind
    from graphql_api.model.types import Field
    from graphql_api.reading.events import Path
    from graphql_api.reading.takes import CheckValue, ReadField, Take

    Absent = Callable[[Path, Draft], Any]


_COMPOSITE = frozenset(("RichText", "Image", "File"))
_TEXTS = frozenset(("String", "ID"))
_EMPTY: tuple[Any, ...] = ("", ())
_FORMS: dict[str, Form] = {"String": "text", "Int": "integer"}


class _Texts(NamedTuple):
    """Whether a text that is there and empty, and a `null` without quotes, are values of a field."""

    empty: bool
    null: bool


def field_reader(  # noqa: PLR0917 - what a field is made of
    field: Field,
    attempts: Sequence[Source | ReadField],
    takes: tuple[Take, Take],
    absent: Absent,
    kinds: Mapping[str, Kind],
    check: CheckValue | None,
    *,
    is_text_reference: bool,
) -> tuple[ReadField, Inline | None]:
    """Return the reader of a field whose value is looked for by `attempts`, in order, and what may go without it.

    The second of `takes` is for Markdown with escapes; `is_text_reference` says that a text is all that there is to
    know of a reference.
    """
    keys = _plain_keys(attempts)
    kind = kinds.get(field.type.name)
    if keys and not field.type.is_list and field.check is None and kind is not None and kind.name not in _COMPOSITE:
        constant = getattr(absent, "constant", UNKNOWN)
        texts = _Texts(_keeps_empty(field), _keeps_null(field))
        reader = _scalar_reader(keys, kind, absent, texts)
        return reader, Inline(keys, _FORMS.get(kind.name, "other"), constant)
    if keys and field.type.shape is not Shape.SCALAR:
        is_reference = field.type.shape is Shape.ENTRY and not field.type.is_list and is_text_reference
        reader = _keys_reader(keys, takes[0], absent)
        return reader, Inline(keys[:1], "reference") if is_reference else None
    inline: Inline | None = None
    if attempts and field.type.name == "String" and not field.type.is_list:
        # Whatever else there may be, a good text of the first key is the value.
        first_keys = _plain_keys(attempts[:1])
        inline = Inline(first_keys, "text", check=check) if first_keys else None
    return _general_reader(field, attempts, takes, absent), inline


def absent_value(
    field: Field, fields: Sequence[Field], take: Take, kinds: Mapping[str, Kind]
) -> Callable[[Path, Draft], Any]:
    """Return what an absent key means: the default, an empty list or group, an error where it is required, or None."""
    name = _key_of(field)
    if field.default is not ABSENT:
        return _default_value(field, take, kinds, name)
    if not field.type.is_required:
        return _Constant(None)
    if field.type.is_list:
        return _Constant(())
    if field.type.shape is Shape.GROUP:
        return lambda at, draft: take({}, (*at, *name), draft)
    reason = _missing(field, fields)

    def refuse(at: Path, draft: Draft) -> Any:  # noqa: ANN401 - FAILED
        return draft.refuse(Code.MISSING_KEY, reason, (*at, *name))

    return refuse


def _plain_keys(attempts: Sequence[Source | ReadField]) -> tuple[str, ...]:
    """Return the keys if a value is looked for by nothing else, and taken as it is."""
    keys: list[str] = []
    for each in attempts:
        if not isinstance(each, Source) or each.change or not each.is_key or len(each.path) != 1 or each.is_escaped:
            return ()
        keys.append(str(each.path[0]))
    return tuple(keys)


def _scalar_reader(keys: tuple[str, ...], kind: Kind, absent: Absent, texts: _Texts) -> ReadField:
    read_value, (first, *others) = kind.read, keys
    keeps_empty, keeps_null = texts

    def read(values: Mapping[str, Any], at: Path, draft: Draft, out: list[Any]) -> Any:  # noqa: ANN401, ARG001
        key, raw = first, values.get(first)
        if others and is_blank(raw):
            key = _first_key(keys, values, texts)
            raw = values.get(key)
        if raw is None or (not keeps_null and is_null(raw)):
            return absent(at, draft)
        try:
            value = read_value(raw)
        except BadValueError as bad:
            if is_blank(raw):
                return absent(at, draft)
            return draft.refuse(bad.code, bad.reason, (*at, key))
        if value is None or (value == "" and not keeps_empty):
            return absent(at, draft)
        return value

    return read


def _first_key(keys: Sequence[str], values: Mapping[str, Any], texts: _Texts) -> str:
    """Return the first key with a value, else one whose `null` is text, else one that is there and empty."""
    found = {key: raw for key in keys if (raw := values.get(key)) is not None and (texts.null or not is_null(raw))}
    nulls_last = sorted(found, key=lambda key: (is_blank(found[key]), is_empty(found[key])))
    return next(iter(nulls_last), keys[0])


def _keys_reader(keys: tuple[str, ...], take: Take, absent: Absent) -> ReadField:
    def read(values: Mapping[str, Any], at: Path, draft: Draft, out: list[Any]) -> Any:  # noqa: ANN401, ARG001
        for key in keys:
            raw = values.get(key)
            if not raw or (type(raw) is not dict and is_blank(raw)):
                continue
            value = take(raw, (*at, key), draft)
            return absent(at, draft) if value is None else value
        return absent(at, draft)

    return read


def _general_reader(
    field: Field, sources: Sequence[Source | ReadField], takes: tuple[Take, Take], absent: Absent
) -> ReadField:
    attempts = [_attempt(each, takes) for each in sources]
    if _keeps_null(field):
        # Where nothing else is found, `null` is text.
        attempts += [_attempt(each, takes, keeps_null=True) for each in sources if isinstance(each, Source)]
    getters = [each.get for each in sources if isinstance(each, Source) and each.is_key] if _keeps_empty(field) else []
    if len(attempts) == 1 and not getters:
        return _single_reader(attempts[0], absent)

    def read(values: Mapping[str, Any], at: Path, draft: Draft, out: list[Any]) -> Any:  # noqa: ANN401 - any value
        for attempt in attempts:
            value = attempt(values, at, draft, out)
            if value is not None:  # also one that has been refused: what is there counts, good or bad
                return value
        for get in getters:
            raw = get(values, draft, out)
            if isinstance(raw, str) and is_empty(raw):
                return ""  # there, and empty
        return absent(at, draft)

    return read


def _single_reader(attempt: ReadField, absent: Absent) -> ReadField:
    def read(values: Mapping[str, Any], at: Path, draft: Draft, out: list[Any]) -> Any:  # noqa: ANN401 - any value
        value = attempt(values, at, draft, out)
        return absent(at, draft) if value is None else value

    return read


def _attempt(source: Source | ReadField, takes: tuple[Take, Take], *, keeps_null: bool = False) -> ReadField:
    if not isinstance(source, Source):
        return source
    get, change, path, is_read, is_route, _, is_escaped = source
    take = takes[is_escaped]
    is_nothing = is_empty if keeps_null else is_blank

    def attempt(values: Mapping[str, Any], at: Path, draft: Draft, out: list[Any]) -> Any:  # noqa: ANN401 - any value
        raw = get(values, draft, out)
        if raw is None or raw is FAILED:
            return raw
        if change is not None:
            if not keeps_null and is_null(raw):
                return None
            raw = change(raw)
        if is_read or type(raw) is tuple:  # a value already, or the texts that it was split into
            return None if raw in _EMPTY and not is_route else raw
        return None if is_nothing(raw) else take(raw, (*at, *path), draft)

    return attempt


def _keeps_empty(field: Field) -> bool:
    """Return whether a text that is there and empty is a value of the field."""
    return (
        field.type.name == "String"
        and not field.type.is_list
        and (not field.type.is_required or field.default is not ABSENT)
    )


def _keeps_null(field: Field) -> bool:
    """Return whether a `null` without quotes may be a value of the field, where nothing else gives it one."""
    if field.type.shape is Shape.ENUM:
        return not field.type.is_list  # a value may be spelt so
    is_text = field.type.name in _TEXTS and not field.type.is_list
    return is_text and (field.type.is_required or field.default is not ABSENT)


def _default_value(field: Field, take: Take, kinds: Mapping[str, Kind], name: tuple[str, ...]) -> Absent:
    default, kind = field.default, kinds.get(field.type.name)
    if field.type.shape is Shape.ENUM:
        constant = tuple(default) if isinstance(default, (list, tuple)) else default
        return _Constant(constant)
    if default is None or default == []:
        return _Constant(() if field.type.is_list else None)
    if kind is not None and kind.name == "RichText" and not field.type.is_list:
        return lambda _, draft: _default_text(default, draft)
    if kind is not None and kind.name not in _COMPOSITE and not field.type.is_list:
        return _Constant(kind.read(default))
    return lambda at, draft: take(default, (*at, *name), draft)


def _default_text(default: str, draft: Draft) -> RichText:
    text = RichText(default, escapes=False)
    draft.texts.append(text)
    return text


class _Constant:
    """What an absent key means, where that is always the same."""

    __slots__ = ("constant",)

    def __init__(self, constant: Any) -> None:  # noqa: ANN401 - any value
        self.constant = constant

    def __call__(self, at: Path, draft: Draft) -> Any:  # noqa: ANN401, ARG002 - as all of them
        return self.constant


def _key_of(field: Field) -> tuple[str, ...]:
    key = next((source.key for source in field.sources if source.key), None)
    return (field.name,) if key is None else key


def _missing(field: Field, fields: Sequence[Field]) -> str:
    """Return what is said of a required key that is absent, and of all that could stand in for it."""
    own = _folded(_key_of(field)[-1])
    others: list[str] = []
    for source in field.sources:
        if source.key and _folded(source.key[-1]) != own:
            others.append(f"`{'.'.join(source.key)}`")
        elif source.file is FilePart.BODY:
            others.append("the body")
        elif source.field is not None:
            others.append(f"`{'.'.join(_key_of(next(each for each in fields if each.name == source.field)))}`")
    if not others:
        return "is missing or empty. Add it."
    return f"is missing or empty, and so is {' and '.join(dict.fromkeys(others))}. Write one of them."


def _folded(key: str) -> str:
    return key.casefold().replace("_", "").replace("-", "")
