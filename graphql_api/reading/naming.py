"""Naming: references as they are written, and what one to a grouped type says of its target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from msgspec.structs import replace

from graphql_api.kinds.faults import wrong_type
from graphql_api.kinds.kind import BadValueError
from graphql_api.model.types import From, Shape
from graphql_api.reading.draft import FAILED, Draft, label
from graphql_api.reading.entry import Ref
from graphql_api.reading.problems import Code
from graphql_api.reading.slugs import slug
from graphql_api.reading.sources import change_of, is_blank, key_getter, template_getter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from graphql_api.kinds.kind import Kind
    from graphql_api.model.types import EntryType, Field, Model
    from graphql_api.reading.events import Path
    from graphql_api.reading.takes import Take

    Give = Callable[[str | Mapping[str, Any], Draft], Any]

_MAX_KEPT_NAMES = 10_000


def spellings(name: str) -> tuple[str, ...]:
    """Return how a field's name may be spelt as a key: in camelCase, snake_case and kebab-case."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
    return tuple(dict.fromkeys((name, snake, snake.replace("_", "-"))))


def own_fields(entry_type: EntryType) -> tuple[Field, ...]:
    """Return the fields as files of the type have them: a grouped type's are keys of their names there."""
    return tuple(_own_field(field) for field in entry_type.fields) if entry_type.is_grouped else entry_type.fields


def _own_field(field: Field) -> Field:
    if not field.is_value:
        return field
    keys = [From(key=(name,)) for name in spellings(field.name)]
    sources: list[From] = []
    for source in field.sources or (From(),):
        says_where = source.key is not None or source.keys or source.field or source.file or source.template
        sources += [source] if says_where else [replace(source, key=key.key) for key in keys]
    return replace(field, sources=tuple(sources))


def keys_of_naming_entry(target: EntryType) -> Iterator[tuple[str, ...]]:
    """Yield the paths of keys that a grouped type reads from the entries that name its own."""
    if target.is_grouped:
        for field in target.fields:
            yield from (source.key for source in field.sources if source.key and field.is_value)


def reference_take(field: Field, model: Model, kinds: Mapping[str, Kind]) -> Take:
    """Return the take of the references of `field`."""
    target = model.entry_types[field.type.name]
    by = target.field(field.reference.by) if field.reference else target.fields[0]
    keys = _keys_of(by)
    if target.is_grouped:
        return _grouped_take(target, by, kinds, model)

    def take(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - a Ref, None or FAILED
        if type(raw) is str and "\0" not in raw and "#" not in raw:
            text = raw.strip()
            if text and text[-1] != "/":
                return Ref(text)
        if isinstance(raw, dict):
            named = next((raw[key] for key in keys if not is_blank(raw.get(key))), None)
            if named is None:
                return draft.refuse(
                    Code.MISSING_KEY, f"has no {keys[0]}, by which it names a {target.name}. Add it.", at
                )
            raw = named
        text = _text(raw, at, draft)
        return Ref(text) if isinstance(text, str) else text

    return take


def _keys_of(by: Field) -> tuple[str, ...]:
    """Return the keys under which a mapping has the key of the entry that it names."""
    own = [source.key[0] for source in by.sources if source.key and len(source.key) == 1]
    return tuple(dict.fromkeys((*own, *spellings(by.name))))


def _text(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - a text, None or FAILED
    """Return the text of a key: no white space around it, and nothing after the path of a url."""
    if type(raw) is int:
        return str(raw)
    if not isinstance(raw, str):
        fault = wrong_type(raw, "text that names an entry")
        return draft.refuse(fault.code, fault.reason, at)
    if "\0" in raw:
        return draft.refuse(Code.NUL_CHARACTER, "holds an escaped NUL. Remove it.", at)
    text = raw.strip()
    return (without_end(text) if "/" in text else text) or None


def without_end(text: str) -> str:
    """Return a url without a `/` at its end or a `#part`; any other text as it is."""
    if not text.startswith("/") and "://" not in text:
        return text
    path = text.partition("#")[0]
    return path.rstrip("/") or "/"


def _grouped_take(target: EntryType, by: Field, kinds: Mapping[str, Kind], model: Model) -> Take:
    gives = [_giver(field, by, kinds) for field in target.fields]
    templates = [
        (at, template_getter(field.name, template, target.fields, model))
        for at, field in enumerate(target.fields)
        if (template := _template_of(field)) and field is not by
    ]
    index = target.fields.index(by)
    kept: dict[tuple[Any, ...], str] = {}

    def take_new(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - a Ref, None or FAILED
        named = raw if isinstance(raw, dict) else _text(raw, at, draft)
        if named is None or named is FAILED:
            return named
        values = [give(named, draft) for give in gives]
        if FAILED in values:
            return FAILED
        key = values[index]
        if key is None and isinstance(raw, dict):
            # What has no key of its own is known by the first text that it has.
            key = values[index] = slug(next((value for value in values if isinstance(value, str)), "")) or None
        if key is None:
            reason = f"does not name a {target.name}. Write its {by.name}, or leave the key out."
            return draft.refuse(Code.MISSING_KEY, reason, at)
        for place, fill in templates:
            if values[place] is None:
                values[place] = fill({}, draft, values)
        if FAILED in values:
            return FAILED
        return Ref(key, _names(tuple(values), kept))

    return _remembering(take_new, [key_getter(path) for path in keys_of_naming_entry(target)])


def _remembering(take_new: Take, told: Sequence[Callable[[Any, Draft, list[Any]], Any]]) -> Take:
    """Return a take that remembers what a text, and what the entry has `told`, gave: few subjects and tags are new."""
    known: dict[tuple[Any, ...], Ref] = {}

    def take(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - a Ref, None or FAILED
        if type(raw) is not str:
            return take_new(raw, at, draft)
        facts = (raw, *[get(draft.top, draft, []) for get in told])
        try:
            ref = known.get(facts)
        except TypeError:  # a list or a mapping where a text should be
            return take_new(raw, at, draft)
        if ref is None:
            ref = take_new(raw, at, draft)
            if isinstance(ref, Ref):
                if len(known) >= _MAX_KEPT_NAMES:
                    known.clear()
                known[facts] = ref
        return ref

    return take


def _names(values: tuple[Any, ...], kept: dict[tuple[Any, ...], str]) -> str:
    """Return the JSON of what a reference gives; few texts are new."""
    try:
        names = kept.get(values)
    except TypeError:  # a list or a mapping among them
        return orjson.dumps(values).decode()
    if names is None:
        if len(kept) >= _MAX_KEPT_NAMES:
            kept.clear()
        names = kept[values] = orjson.dumps(values).decode()
    return names


def _template_of(field: Field) -> str | None:
    """Return the template that gives a field of a grouped type its value, where the reference itself gives none."""
    return next((source.template for source in field.sources if source.template), None)


def _nothing(named: str | Mapping[str, Any], draft: Draft) -> None:
    """Give no value."""


def _giver(field: Field, by: Field, kinds: Mapping[str, Kind]) -> Give:
    """Return what takes the JSON form of the value of a grouped type's field from a reference to it."""
    kind = kinds.get(field.type.name)
    if not field.is_value or kind is None or kind.name == "RichText" or field.type.shape is Shape.ENTRY:
        return _nothing
    if any(source.key for source in field.sources) and field is not by:
        return _giver_from_entry(field, kind)
    change = next((change_of(source) for source in field.sources if not source.file), None)
    own_keys = spellings(field.name)
    is_made = _template_of(field) is not None and field is not by
    is_text = (kind.name in {"String", "ID"} or field is by) and not is_made

    def give(named: str | Mapping[str, Any], draft: Draft) -> Any:  # noqa: ANN401, ARG001 - as all givers
        if isinstance(named, str):
            raw: Any = None if is_made else named
        else:
            raw = next((named[key] for key in own_keys if not is_blank(named.get(key))), None)
            if raw is None and is_text and field.type.is_required and field is not by:
                raw = next((named[key] for key in _keys_of(by) if isinstance(named.get(key), str)), None)
        if change is not None and raw is not None:
            raw = change(raw)
        return None if is_blank(raw) else _dumped(raw, field, kind)

    return give


def _dumped(raw: Any, field: Field, kind: Kind) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON form of a value, or None for one of another kind: a text need not be a number or a url."""
    try:
        if field.type.is_list:
            items = raw if isinstance(raw, list) else [raw]
            return [kind.dump(kind.read(item)) for item in items if item is not None]
        value = kind.read(raw)
    except BadValueError:
        return None
    return None if value is None else kind.dump(value)


def _giver_from_entry(field: Field, kind: Kind) -> Give:
    """Return what reads a key of the entry that names; what is wrong there is told once for each entry."""
    sources = [(source, key_getter(source.key), change_of(source)) for source in field.sources if source.key]

    def give(named: str | Mapping[str, Any], draft: Draft) -> Any:  # noqa: ANN401, ARG001 - as all givers
        top = draft.top if isinstance(draft.top, dict) else {}
        for source, get, change in sources:
            raw = get(top, draft, [])
            if change is not None and raw is not None:
                raw = change(raw)
            if is_blank(raw):
                continue
            return _read(raw, source, kind, draft)
        if not field.type.is_required:
            return None
        return _refused_once(
            draft, Code.MISSING_KEY, "is missing or empty. Add it.", (*draft.root, *(sources[0][0].key or ()))
        )

    return give


def _read(raw: Any, source: From, kind: Kind, draft: Draft) -> Any:  # noqa: ANN401 - JSON or FAILED
    try:
        value = kind.read(raw)
    except BadValueError as bad:
        return _refused_once(draft, bad.code, bad.reason, (*draft.root, *(source.key or ())))
    return None if value is None else kind.dump(value)


def _refused_once(draft: Draft, code: str, reason: str, path: Path) -> Any:  # noqa: ANN401 - FAILED
    message = f"`{label(path)}` {reason}"
    if any(fault.message == message for fault in draft.faults):
        return FAILED
    return draft.refuse(code, reason, path)
