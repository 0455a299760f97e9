"""Mappings: the fields of a type, compiled into one function that reads them all from a mapping of a file.

Nothing here looks at the model while an entry is read: each field is a closure over what it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql_api.kinds.faults import wrong_type
from graphql_api.kinds.plain import is_null
from graphql_api.kinds.registry import KINDS, choice
from graphql_api.model.types import Level, Shape
from graphql_api.reading.checks import check_of
from graphql_api.reading.draft import FAILED, Draft
from graphql_api.reading.field_readers import absent_value, field_reader
from graphql_api.reading.generated import Step, Strangers, take_of
from graphql_api.reading.key_patterns import KeyPattern, key_pattern, name_of_placeholder
from graphql_api.reading.known_keys import in_order, inner_keys, known_keys, reads_whole_value
from graphql_api.reading.naming import keys_of_naming_entry, reference_take
from graphql_api.reading.sources import Whole, source_of
from graphql_api.reading.strangers import MAX_SHAPES, strangers
from graphql_api.reading.takes import checked_take, lenient_take, list_take, scalar_take, union_take

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphql_api.kinds.kind import Kind
    from graphql_api.model.types import Field, FieldType, Group, Model
    from graphql_api.reading.events import Path
    from graphql_api.reading.generated import Inline
    from graphql_api.reading.takes import ReadField, Take


class Mappings:
    """Compiles the types of one model; each group once, however many fields have it."""

    def __init__(self, model: Model) -> None:
        """Take the model; nothing is compiled yet."""
        self.model = model
        self.kinds: dict[str, Kind] = {**KINDS, **{name: choice(each) for name, each in model.choices.items()}}
        self._groups: dict[tuple[str, str], Take | None] = {}

    def steps(self, fields: Sequence[Field], known: frozenset[str]) -> list[Step]:
        """Return the steps that read all values of `fields`, each after those that it looks at."""
        return [
            Step(place, *self._reader(fields[place], fields, known), needs_others=_needs_others(fields[place]))
            for place in in_order(fields)
        ]

    def names_of_entry(self, fields: Sequence[Field]) -> set[tuple[str, ...]]:
        """Return the paths of keys that an entry's references to grouped types read, however deep they stand."""
        found: set[tuple[str, ...]] = set()
        seen: set[str] = set()
        waiting = list(fields)
        while waiting:
            name = waiting.pop().type.name
            if name in seen:
                continue
            seen.add(name)
            if name in self.model.entry_types:
                found.update(keys_of_naming_entry(self.model.entry_types[name]))
            for group in self._groups_named(name):
                waiting += group.fields
        return found

    def _groups_named(self, name: str) -> Iterator[Group]:
        names = self.model.unions[name].members.values() if name in self.model.unions else (name,)
        yield from (self.model.groups[each] for each in names if each in self.model.groups)

    def _reader(self, field: Field, fields: Sequence[Field], known: frozenset[str]) -> tuple[ReadField, Inline | None]:
        take = self._whole_take(field, fields)
        escaped_take = self._whole_take(field, fields, escapes=True)
        absent = absent_value(field, fields, take, self.kinds)
        patterns = self._patterns(field)
        attempts: list[Any] = []
        for source in field.sources:
            if source.keys is None:
                attempts.append(source_of(source, field, fields, self.model))
            else:
                pattern = patterns.pop(0)
                attempts.append(_keyed_reader(pattern, self._keyed_take(field, fields, pattern), known))
        check = check_of(field, fields)
        return field_reader(
            field,
            attempts,
            (take, escaped_take),
            absent,
            self.kinds,
            check,
            is_text_reference=self._is_text_reference(field),
        )

    def _is_text_reference(self, field: Field) -> bool:
        target = self.model.entry_types.get(field.type.name)
        return target is not None and not target.is_grouped and field.check is None

    def patterns(self, fields: Sequence[Field]) -> list[KeyPattern]:
        """Return the patterns of keys of the mapping itself that its fields read."""
        return [pattern for field in fields for pattern in self._patterns(field) if not pattern.path]

    def _patterns(self, field: Field) -> list[KeyPattern]:
        found = []
        for source in field.sources:
            if source.keys is not None:
                name = name_of_placeholder(source.keys)
                inner = self.model.groups[field.type.name].fields if field.type.shape is Shape.GROUP else ()
                is_number = any(each.name == name and each.type.name == "Int" for each in inner)
                found.append(key_pattern(source.keys, is_number=is_number))
        return found

    def _whole_take(self, field: Field, fields: Sequence[Field], *, escapes: bool = False) -> Take:
        """Return the take of the field's value."""
        return self._take_of(field, fields, field.type, self._one_take(field, escapes=escapes))

    def _take_of(self, field: Field, fields: Sequence[Field], kind: FieldType, one: Take) -> Take:
        if kind.item is not None:
            of_groups = field.type.shape in {Shape.GROUP, Shape.UNION}
            of_names = field.type.shape is Shape.ENTRY or field.type.name in {"String", "ID"}
            return list_take(self._take_of(field, fields, kind.item, one), of_groups=of_groups, of_names=of_names)
        take = checked_take(one, check_of(field, fields))
        if field.check is not None and field.check.level is Level.WARNING:
            return lenient_take(take, is_reference=self._holds_reference(field))
        return take

    def _holds_reference(self, field: Field) -> bool:
        if field.type.shape is Shape.ENTRY:
            return True
        return any(each.reference for group in self._groups_named(field.type.name) for each in group.fields)

    def _one_take(self, field: Field, *, escapes: bool = False) -> Take:
        name, shape = field.type.name, field.type.shape
        if shape is Shape.ENTRY:
            return reference_take(field, self.model, self.kinds)
        if shape is Shape.GROUP:
            return self._group_take(name)
        if shape is Shape.UNION:
            union = self.model.unions[name]
            return union_take(union, {each: self._group_take(each, union.key) for each in union.members.values()})
        return scalar_take(self.kinds[name], escapes=escapes)

    def _group_take(self, name: str, union_key: str = "") -> Take:
        key = name, union_key
        if key not in self._groups:
            self._groups[key] = None  # it is being compiled
            self._groups[key] = self._compiled_group(self.model.groups[name], union_key)
        made = self._groups[key]
        if made is not None:
            return made
        groups = self._groups

        def take(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - as all takes
            again = groups[key]
            return None if again is None else again(raw, at, draft)

        return take

    def _compiled_group(self, group: Group, union_key: str, pattern: KeyPattern | None = None) -> Take:
        """Return the take of a group; with a pattern, the take of pairs whose first part is the value of its field."""
        known = known_keys(group.fields, [(union_key,)] if union_key else [])
        warn = strangers(group.fields, known, self.patterns(group.fields))
        given = None if pattern is None else [field.name for field in group.fields].index(pattern.name)
        take = take_of(
            [step for step in self.steps(group.fields, known) if step.place != given],
            # Where no key leads further in, most mappings need no look at each of their keys.
            Strangers(None if inner_keys(group.fields) else known, warn),
            len(group.fields),
            _refusal(group),
            given,
        )
        if reads_whole_value(group.fields):
            take = _whole_take(take, is_pair=pattern is not None)
        if pattern is None or given is None or pattern.is_number:
            return take
        return _naming_take(take, scalar_take(self.kinds[group.fields[given].type.name]))

    def _keyed_take(self, field: Field, fields: Sequence[Field], pattern: KeyPattern) -> Take:
        """Return the take of one item of `keys`, which comes as a pair: number or name, and what stands there."""
        one = self._compiled_group(self.model.groups[field.type.name], "", pattern)
        return self._take_of(field, fields, field.type.item or field.type, one)


def _keyed_reader(pattern: KeyPattern, take: Take, known: frozenset[str]) -> ReadField:
    """Return the reader of a list whose items are keys; what keys there are is worked out once for each shape."""
    known_here = frozenset[str]() if pattern.path else known
    kept: dict[tuple[str, ...], list[tuple[Any, str]]] = {}

    def read(values: Mapping[str, Any], at: Path, draft: Draft, out: list[Any]) -> Any:  # noqa: ANN401, ARG001
        held: Any = values
        for part in pattern.path:
            held = held.get(part) if isinstance(held, dict) else None
        if not isinstance(held, dict):
            return None
        shape = tuple(held)
        items = kept.get(shape)
        if items is None:
            if len(kept) >= MAX_SHAPES:
                kept.clear()
            items = kept[shape] = pattern.items(key for key in shape if key not in known_here)
        found = [
            take((name, held[key]), (*at, *pattern.path, key), draft)
            for name, key in items
            if held[key] is not None and not is_null(held[key])
        ]
        return FAILED if FAILED in found else tuple([value for value in found if value is not None]) or None

    return read


def _mapping_wanted(group: Group) -> str:
    needed = [
        (field.sources[0].key or (field.name,))[-1]
        for field in group.fields
        if field.is_value and field.type.is_required and field.sources and field.sources[0].key
    ]
    return f"a mapping with {', '.join(needed)}" if needed else "a mapping of keys"


def _refusal(group: Group) -> Take:
    wanted = _mapping_wanted(group)

    def refuse(raw: Any, at: Path, draft: Draft) -> Any:  # noqa: ANN401 - FAILED
        fault = wrong_type(raw, f"{wanted}, or absent")
        return draft.refuse(fault.code, fault.reason.replace(". It must be", ", not a mapping. It must be", 1), at)

    return refuse


def _whole_take(take: Take, *, is_pair: bool) -> Take:
    """Return the take of a group that need not be a mapping."""
    if is_pair:
        return lambda raw, at, draft: take((raw[0], Whole(raw[1])), at, draft)
    return lambda raw, at, draft: take(Whole(raw), at, draft)


def _naming_take(take: Take, take_name: Take) -> Take:
    """Return a take of pairs whose name is a value of some kind."""
    return lambda raw, at, draft: take((take_name(raw[0], at, draft), raw[1]), at, draft)


def _needs_others(field: Field) -> bool:
    return any(source.field or source.template for source in field.sources)
