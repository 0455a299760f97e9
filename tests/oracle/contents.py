"""Contents: files for any model, most of them good, with everything in them that can be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.oracle.documents import Plain
from tests.oracle.entries import read_folder
from tests.oracle.samples import (
    DOT,
    JSX,
    MARKDOWN,
    MOODS,
    NAMES,
    ODD,
    PICTURE,
    PLAIN,
    PLAIN_TEXTS,
    SCALARS,
    TAGS,
    TEXTS,
)
from tests.oracle.site import plain
from tests.oracle.spelling import FileText, json_text, markdown_text, toml_text, yaml_text

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.oracle.declarations import Field, Model, Type

DEEPEST = 4
"""Groups in each other."""


@dataclass(frozen=True)
class RefTo:
    """Stands for the key of an entry until the entries are known; `number` says which, `end` follows it."""

    type_name: str
    by: str
    number: int
    end: str = ""


@dataclass
class _File:
    path: str
    value: Any
    body: str = ""
    style: int = 0
    fault: int | None = None


def write_content(model: Model, folder: Path, draw: random.Random) -> None:
    """Write files for every type of the model into a folder, the same for the same state of `draw`."""
    picture = folder / PICTURE
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(DOT)
    files = _Writer(model, draw).files()
    keys: dict[tuple[str, str], list[str]] = {}
    # Once without references, to know what they can name.
    for each in files:
        _write(folder, each, keys)
    for entry in read_folder(model, folder).entries:
        for fields in entry.type.keys.values():
            keys.setdefault((entry.type.name, fields[0]), []).append(str(plain(entry.values[fields[0]])))
    for each in files:
        _write(folder, each, keys)


def _write(folder: Path, each: _File, keys: dict[tuple[str, str], list[str]]) -> None:
    value = _with_keys(each.value, keys)
    ending = each.path[each.path.rindex(".") :]
    if ending in {".md", ".markdown", ".mdx"}:
        text = markdown_text(value, each.body, each.style)
    elif ending == ".json":
        text = FileText(json_text(value))
    else:
        text = FileText(toml_text(value) if ending == ".toml" else yaml_text(value, each.style))
    path = folder / each.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.data(each.fault))


def _with_keys(value: Any, keys: dict[tuple[str, str], list[str]]) -> Any:
    if isinstance(value, RefTo):
        known = keys.get((value.type_name, value.by))
        return (known[value.number % len(known)] if known else "nobody") + value.end
    if isinstance(value, dict):
        return {key: _with_keys(inner, keys) for key, inner in value.items()}
    return [_with_keys(inner, keys) for inner in value] if isinstance(value, list) else value


class _Writer:
    """Draws files and what stands in them."""

    def __init__(self, model: Model, draw: random.Random) -> None:
        self._model = model
        self._draw = draw
        # Some sites have hardly a fault, some are full of them.
        self._bad = draw.choice((0.0, 0.0, 0.004, 0.02, 0.05))

    def files(self) -> list[_File]:
        found: dict[str, _File] = {}
        for type_ in self._model.entries:
            for glob in type_.globs:
                if not glob.startswith("!"):
                    for each in self._files_of(type_, glob):
                        found[each.path] = each
        return list(found.values())

    def _files_of(self, type_: Type, glob: str) -> list[_File]:
        if "*" not in glob:
            return [] if type_.is_singleton and self._chance(0.1) else [self._file(type_, glob)]
        return [self._file(type_, self._path(glob)) for _ in range(self._draw.choice((0, 2, 3, 5, 8)))]

    def _path(self, glob: str) -> str:
        deep = self._draw.choice(("", "", "deep/", "deep/er/", "other/"))
        name = self._draw.choice(NAMES) if self._chance(0.93) else self._draw.choice(("index", "_index", "draft-one"))
        return glob.replace("**/", deep).replace("*", name)

    def _file(self, type_: Type, path: str) -> _File:
        fault = self._draw.randrange(100) if self._chance(self._bad) else None
        style = self._draw.randrange(1 << 16)
        if not type_.has_items:
            bodies = (*MARKDOWN, *JSX) if path.endswith(".mdx") else MARKDOWN
            body = self._draw.choice((*bodies, "", "&nbsp;", "\n\n&nbsp; \n"))
            return _File(path, self._entry(type_), body, style, fault)
        items = [self._entry(type_) for _ in range(self._draw.choice((0, 1, 3, 5)))]
        if self._chance(0.3) and not path.endswith(".toml"):
            return _File(path, items, "", style, fault)
        names = self._draw.sample(NAMES, len(items))
        return _File(path, dict(zip(names, items, strict=True)), "", style, fault)

    # Values

    def _entry(self, type_: Type) -> dict[str, Any]:
        values = self._mapping(type_, 0)
        for key in self._naming_keys(type_):
            if self._chance(0.97):
                values[key] = self._draw.choice(TEXTS)
        return values

    def _naming_keys(self, type_: Type) -> list[str]:
        return [
            source["key"]
            for target in self._model.grouped_within(type_)
            for each in target.fields.values()
            for source in each.directives.get("from", ())
            if "key" in source and not target.globs
        ]

    def _mapping(self, type_: Type, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for each in type_.fields.values():
            is_too_deep = depth >= DEEPEST and any(self._model.groups(each))
            if each.is_value and not is_too_deep:
                self._add(values, each, depth)
        if self._chance(self._bad * 2):
            values[self._draw.choice(("mystery", "Tags", "draft", "sub title"))] = "?"
        if self._chance(0.05):
            values["_schema"] = "made"
        return values

    def _add(self, values: dict[str, Any], each: Field, depth: int) -> None:
        keys = [source for source in each.sources if source.get("key", ".") != "." or "keys" in source]
        needed = each.is_required and "default" not in each.directives
        if not keys or not self._chance(1 - self._bad / 2 if needed else 0.7):
            return
        source = keys[0] if self._chance(0.7) else self._draw.choice(keys)
        if "keys" in source:
            for number in self._draw.sample(range(1, 12), self._draw.choice((0, 1, 3))):
                item = self._one(each, depth)
                if isinstance(item, dict):
                    item.pop("position", None)
                    if source["keys"].endswith("{name}"):
                        item.pop("name", None)
                names = {"position": str(number), "name": NAMES[number]}
                *above, last = source["keys"].format(**names).split(".")
                for key in above:
                    values.setdefault(key, {})[last] = item
                if not above:
                    values[last] = item
            return
        *above, last = source["key"].split(".")
        for part in above:
            inner = values.setdefault(part, {})
            if not isinstance(inner, dict):
                return
            values = inner
        values[last] = self._value(each, source, depth)

    def _value(self, each: Field, source: dict[str, Any], depth: int) -> Any:
        if self._chance(self._bad):
            return self._draw.choice(ODD)
        if "split" in source:
            return self._draw.choice(("a,b ,, c", "one", " , ", ["a,b", "c"], "zebra, Élan"))
        if not each.is_list:
            return self._one(each, depth)
        items = [self._one(each, depth) for _ in range(self._draw.choice((0, 1, 1, 2, 3)))]
        if self._chance(0.03):
            items.insert(self._draw.randrange(len(items) + 1), None)
        return items[0] if len(items) == 1 and self._chance(0.3) else items

    def _one(self, each: Field, depth: int) -> Any:
        if self._chance(self._bad / 2):
            return self._draw.choice(ODD)
        groups = self._model.groups(each)
        if self._model.target(each):
            return self._reference(each)
        if "aliases" in each.directives:
            return f"/old/{self._draw.randrange(1 << 40)}"
        if "key" in each.directives and each.named == "Int":
            return Plain(str(self._draw.randrange(300)))
        if each.type.startswith("[["):
            return [Plain(str(self._draw.randrange(9))) for _ in range(self._draw.randrange(3))]
        if groups and groups[0].name == "Pair" and self._chance(0.4):
            return self._draw.choice(TEXTS)
        if groups:
            return self._group(each, groups, depth)
        return self._scalar(each.named)

    def _group(self, each: Field, groups: list[Type], depth: int) -> dict[str, Any]:
        group = self._draw.choice(groups)
        values = self._mapping(group, depth + 1)
        union = self._model.types[each.named]
        if union.kind == "union":
            names = {name: value for value, name in union.members.items()}
            block = names[group.name] if self._chance(1 - self._bad) else "nothing"
            values = {union.directives["block"][0]["key"]: block, **values}
        return values

    def _reference(self, each: Field) -> Any:
        target = self._model.target(each)
        assert target is not None
        by = self._model.by(each)
        if target.is_grouped:
            text = self._draw.choice((*TAGS, *NAMES[:4]))
            return {"slug": text, "title": self._draw.choice(TEXTS)} if self._chance(0.15) else text
        if self._chance(0.12):
            return "/post/nowhere" if by == "url" else "nowhere"
        end = self._draw.choice(("", "", "", "/", "#part")) if by == "url" else ""
        key = RefTo(target.name, by, self._draw.randrange(40), end)
        return {by: key} if self._chance(0.1) else key

    def _scalar(self, kind: str) -> Any:
        if kind == "String" and self._chance(0.1):
            return Plain(self._draw.choice(PLAIN_TEXTS))
        if kind in {"Image", "File"} and self._chance(0.2):
            return self._picture()
        good, bad = SCALARS.get(kind, (MOODS, ("furious",)))
        value = self._draw.choice(bad if bad and self._chance(self._bad) else good)
        return Plain(value) if kind in PLAIN else value

    def _picture(self) -> str:
        return self._draw.choice(("", "../", "../../")) + PICTURE

    def _chance(self, chance: float) -> bool:
        return self._draw.random() < chance
