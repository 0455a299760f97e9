"""Synthetic content for any model: files that load without a problem, the same for the same seed number.

The type that refers to others most gets as many entries as asked for; a type with files that is only referred to gets
one for 180 of those, and a grouped type one key for 12, as on a blog of 36,000 posts with 200 authors and 3,000 tags.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.prose import BREAK, Prose, Vocabulary
from graphql_api.model.types import ABSENT, Each, EntryType, Field, FilePart, Model, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_ENTRIES_PER_TARGET, _ENTRIES_PER_KEY = 180, 12
_MOST_IN_A_LIST = 5  # three on average
_OPTIONAL_SHARE, _DEEPEST = 0.6, 3
_FIRST_DAY, _DAYS = dt.date(2015, 1, 1), 3_600


def synthesize_model(model: Model, count: int, seed: int, folder: Path) -> None:
    """Write the model and its content into the new folder `folder`. Raises OSError."""
    folder.mkdir(parents=True)
    (folder / "content.graphql").write_text(model.text)
    for path, text in model_files(model, count, seed):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def model_files(model: Model, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each file; `count` is how many entries the largest type gets."""
    writer = _Writer(model, _keys_of(model, count), Vocabulary(seed))
    for type_ in model.entry_types.values():
        if type_.globs:
            source = random.Random(f"{type_.name}:{seed}")
            entries = [writer.entry(type_, key, source) for key in writer.keys[type_.name]]
            yield from _files(type_, writer.keys[type_.name], entries)


def _keys_of(model: Model, count: int) -> dict[str, list[str]]:
    """Return the keys of each type's entries."""
    return {
        type_.name: [_key(type_, number) for number in range(_size(model, type_, count))]
        for type_ in model.entry_types.values()
    }


def _size(model: Model, type_: EntryType, count: int) -> int:
    if type_.is_singleton:
        return 1
    if not type_.globs:
        return max(1, count // _ENTRIES_PER_KEY)
    refers = any(each.reference for each in type_.fields)
    alone = not any(each.reference for other in model.entry_types.values() for each in other.fields)
    return count if refers or alone else max(1, count // _ENTRIES_PER_TARGET)


def _key(type_: EntryType, number: int) -> str:
    return f"{type_.name.lower()}-{number}"


def _files(type_: EntryType, keys: list[str], entries: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    glob = next(each for each in type_.globs if not each.startswith("!"))
    if type_.each is Each.ITEM:
        yield _path(glob, "all"), json.dumps(dict(zip(keys, entries, strict=True)), indent=1)
        return
    for key, values in zip(keys, entries, strict=True):
        path = _path(glob, key)
        body = values.pop(_BODY, "")
        if path.endswith((".md", ".markdown", ".mdx")):
            yield path, f"---\n{_front_matter(values)}---\n\n{body}\n"
        elif path.endswith(".json"):
            yield path, json.dumps(values, indent=1)
        else:
            yield path, _front_matter(values)


def _path(glob: str, name: str) -> str:
    """Return a path that the glob matches, with `name` as the file's; other wildcards are filled or left out."""
    folder, _, last = glob.rpartition("/")
    parts = [part.replace("*", "x").replace("?", "x") for part in folder.split("/") if part not in {"", "**"}]
    return "/".join([*parts, last.replace("*", name).replace("?", "x")])


def _front_matter(values: dict[str, Any]) -> str:
    return "".join(f"{key}: {_yaml(value)}\n" for key, value in values.items())


def _yaml(value: Any) -> str:  # noqa: ANN401 - whatever JSON has
    """Return a value as YAML on its key's line or, of a list of texts, below it."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return "".join(f"\n  - {json.dumps(each)}" for each in value)
    return json.dumps(value)


_BODY = "\0body"


@dataclass(slots=True)
class _Writer:
    """Makes the keys and values of entries."""

    model: Model
    keys: dict[str, list[str]]
    vocabulary: Vocabulary
    _number: int = field(default=0)

    def entry(self, type_: EntryType, key: str, source: random.Random) -> dict[str, Any]:
        """Return what stands in the file of one entry."""
        self._number += 1
        prose = Prose(self.vocabulary, source)
        values: dict[str, Any] = {}
        for each in type_.fields:
            if each.is_value:
                self._put(values, each, prose, source, key, depth=0)
        return values

    def _put(
        self, values: dict[str, Any], each: Field, prose: Prose, source: random.Random, key: str, *, depth: int
    ) -> None:
        """Put the field's value where its first source that a file can have says."""
        is_kept = each.type.is_required and each.default is ABSENT
        if each.hidden_when is not None or (not is_kept and source.random() > _OPTIONAL_SHARE):
            return
        name = _key_of(each)
        if name is None:
            return
        values[name] = self._value(each, prose, source, key, depth)

    def _value(self, each: Field, prose: Prose, source: random.Random, key: str, depth: int) -> Any:  # noqa: ANN401
        def one() -> Any:  # noqa: ANN401 - as above
            return self._one(each, prose, source, key, depth)

        if not each.type.is_list:
            return one()
        many = [one() for _ in range(source.randint(1, _MOST_IN_A_LIST))] if depth < _DEEPEST else []
        return list({json.dumps(value): value for value in many}.values())

    def _one(self, each: Field, prose: Prose, source: random.Random, key: str, depth: int) -> Any:  # noqa: ANN401
        if each.reference:
            return source.choice(self.keys[each.type.name])
        if each.type.shape is Shape.ENUM:
            return source.choice(list(self.model.choices[each.type.name].values.values()))
        if each.type.shape is Shape.GROUP:
            return self._group(each.type.name, prose, source, key, depth)
        if each.type.shape is Shape.UNION:
            union = self.model.unions[each.type.name]
            value, group = source.choice(list(union.members.items()))
            return {union.key: value, **self._group(group, prose, source, key, depth)}
        return key if each.is_key else self._scalar(each, prose, source)

    def _group(self, name: str, prose: Prose, source: random.Random, key: str, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for inner in self.model.groups[name].fields:
            if inner.is_value:
                self._put(values, inner, prose, source, key, depth=depth + 1)
        return values

    def _scalar(self, each: Field, prose: Prose, source: random.Random) -> Any:  # noqa: ANN401 - of any kind
        low = each.check.min if each.check and each.check.min is not None else 0
        high = each.check.max if each.check and each.check.max is not None else 100
        day = _FIRST_DAY + dt.timedelta(days=source.randrange(_DAYS))
        made: dict[str, Callable[[], Any]] = {
            "Int": lambda: source.randint(int(low), int(high)),
            "Float": lambda: round(source.uniform(low, high), 2),
            "Boolean": lambda: source.random() < 1 / 2,
            "Date": day.isoformat,
            "DateTime": lambda: f"{day.isoformat()}T{source.randrange(24):02}:00:00Z",
            "Url": lambda: f"https://example.org/{source.randrange(10**6)}",
            "RichText": lambda: prose.answer(formulas=False).replace(BREAK, "\n\n").replace(r"\n", "\n"),
            "Image": lambda: f"https://example.org/{source.randrange(10**6)}.png",
            "File": lambda: f"https://example.org/{source.randrange(10**6)}.pdf",
            "JSON": lambda: {"a": source.randrange(100)},
        }
        return made.get(each.type.name, prose.title)()


def _key_of(each: Field) -> str | None:
    """Return the key of a file that gives the field's value; None where something else than a key gives it."""
    for source in each.sources:
        if source.file is FilePart.BODY:
            return _BODY
        if source.key and len(source.key) == 1:
            return source.key[0]
        if source.field or source.template or source.file:
            return None
    return None
