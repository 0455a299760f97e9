"""Mappings: the values of an entry's fields, and of the groups in it, every one typed or told to be wrong."""

from __future__ import annotations

import os
import re
import struct
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from tests.oracle.documents import RefusedError
from tests.oracle.drafts import FAILED, At
from tests.oracle.naming import Naming
from tests.oracle.scalars import Text, scalar
from tests.oracle.sources import changed, fault, general_name, is_blank, is_null, key_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.declarations import Field, Type


class Values(Naming):
    """Reads the values of one entry."""

    def entry(self) -> dict[str, Any] | None:
        """Return the entry's values, None if it is hidden; then it need not be complete."""
        values: dict[str, Any] = {}
        get = self._getter(self._type, self._draft.top, self._draft.root, values)
        for each in self._type.fields.values():
            hidden = each.one("hidden")
            if hidden is not None and get(each.name) is hidden.get("when", True):
                return None
        ignored = (self._type.one("content") or self._type.one("singleton") or {}).get("ignore", [])
        self._warn_of_unknown(self._type, self._draft.top, self._draft.root, [*self._naming_keys(), *ignored])
        return self._all(self._type, get)

    def _getter(self, type_: Type, raw: Any, at: At, values: dict[str, Any]) -> Callable[[str], Any]:
        def get(name: str) -> Any:
            if name not in values:
                values[name] = self._field(type_, type_.fields[name], raw, at, get)
            return values[name]

        return get

    @staticmethod
    def _all(type_: Type, get: Callable[[str], Any]) -> dict[str, Any]:
        values = {each.name: get(each.name) for each in type_.fields.values() if each.is_value}
        return {"__typename": type_.name} | values

    def _group(self, type_: Type, raw: Any, at: At, *, block: str = "", given: dict[str, Any] | None = None) -> Any:
        is_whole = any(each.get("key") == "." for one in type_.fields.values() for each in one.sources)
        if not isinstance(raw, dict) and not is_whole:
            return self._draft.refuse("WRONG_TYPE", at)
        self._warn_of_unknown(type_, raw, at, [block])
        references = len(self._draft.references)
        values = self._all(type_, self._getter(type_, raw, at, dict(given or {})))
        for each in self._draft.references[references:]:
            each.group = each.group or values
        return values

    def _warn_of_unknown(self, type_: Type, raw: Any, at: At, more: list[str]) -> None:
        sources = [each for one in type_.fields.values() if one.is_value for each in one.sources]
        paths = [each["key"].split(".") for each in sources if each.get("key", ".") != "."]
        patterns = [each["keys"] for each in sources if "keys" in each and "." not in each["keys"]]
        # Below a key that a pattern leads into, every key is meant.
        paths += [[each["keys"].split(".")[0]] for each in sources if "." in each.get("keys", "")]
        paths += [[name] for name in more if name and "." not in name]
        self._warn_within(raw, at, paths, [key_pattern(each, is_number=False) for each in patterns])

    def _warn_within(self, raw: Any, at: At, paths: list[list[str]], patterns: list[re.Pattern[str]]) -> None:
        if not isinstance(raw, dict):
            return
        ignored = (self._type.one("content") or self._type.one("singleton") or {}).get("ignore", [])
        for key, value in raw.items():
            inner = [path[1:] for path in paths if path[0] == key]
            if not inner and not any(pattern.fullmatch(key) for pattern in patterns):
                name = general_name((*at[len(self._draft.root) :], key))
                if name not in ignored:
                    self._draft.faults.append(("WARNING", "UNKNOWN_KEY", (*at, key), name))
            if inner and all(inner):
                self._warn_within(value, (*at, key), inner, [])

    def _naming_keys(self) -> list[str]:
        """Return the keys of an entry that references in it to grouped types read."""
        targets = self._model.grouped_within(self._type)
        fields = [each for target in targets for each in target.fields.values()]
        return [one["key"] for each in fields for one in each.directives.get("from", ()) if "key" in one]

    # Fields

    def _field(self, owner: Type, each: Field, raw: Any, at: At, get: Callable[[str], Any]) -> Any:
        for source in each.sources:
            if "keys" in source:
                value = self._keyed(each, source["keys"], raw, at)
            else:
                value = self._from(owner, each, source, raw, at, get)
            if value is not None:
                return value
        for source in each.sources if self._may_be_null(each) else ():
            value = None if "keys" in source else self._from(owner, each, source, raw, at, get, may_be_null=True)
            if value is not None:
                return value
        texts = [self._found(owner, source, raw, get) for source in each.sources if "key" in source]
        keeps_empty = each.type == "String" or (each.type == "String!" and "default" in each.directives)
        if keeps_empty and any(isinstance(text, str) and not is_null(text) for text in texts):
            return ""
        return self._absent(each, (*at, each.sources[0].get("key", each.name)))

    def _may_be_null(self, each: Field) -> bool:
        """Return whether a null without quotes can be the value, where there is no other: as a text, or in an enum."""
        is_text = each.type in {"String!", "ID!"} or (each.type in {"String", "ID"} and "default" in each.directives)
        return is_text or (self._model.kind(each.named) == "enum" and not each.is_list)

    def _from(  # noqa: PLR0917 - where it stands, and what is there
        self,
        owner: Type,
        each: Field,
        source: dict[str, Any],
        raw: Any,
        at: At,
        get: Any,
        *,
        may_be_null: bool = False,
    ) -> Any:
        found = self._found(owner, source, raw, get)
        if found is FAILED or (is_null(found) and not may_be_null):
            return FAILED if found is FAILED else None
        is_alike = "field" in source and owner.fields[source["field"]].type.rstrip("!") == each.type.rstrip("!")
        if is_alike and "like" not in source:
            return found
        made = changed(source, found, is_rich=each.named == "RichText")
        if source.get("file") == "ROUTE" and made == "":
            return made
        if "field" in source and is_null(made):
            made = str(made)  # a part of a text that has been read
        # JSON is any value as it is, one without parts too; only a text of nothing at all is none.
        is_json = each.named == "JSON" and made is not None and made != "" and not is_null(made)
        is_kept = is_json or (may_be_null and is_null(made))
        if is_blank(made) and not is_kept:
            return None
        place = (*at, *source.get("key", each.name).split("."))
        return self._value(each, made, place, escapes=bool(source.get("escapes")) and "key" in source)

    def _keyed(self, each: Field, pattern: str, raw: Any, at: At) -> Any:
        """Return the list that numbered or named keys make, None without any."""
        groups = self._model.groups(each)
        name = re.sub(r".*\{(.*)\}.*", r"\1", pattern)
        is_number = bool(groups and name in groups[0].fields and groups[0].fields[name].named == "Int")
        *above, last = pattern.split(".")
        for key in above:
            raw, at = raw.get(key) if isinstance(raw, dict) else None, (*at, key)
        if not isinstance(raw, dict):
            return None
        expression = key_pattern(last, is_number=is_number)
        found = [(match[1], key) for key in raw if (match := expression.fullmatch(key))]
        found = [(name, key) for name, key in found if raw[key] is not None and not is_null(raw[key])]
        pairs: list[tuple[Any, str]] = list(found)
        if is_number:
            pairs = sorted((int(number), key) for number, key in found)
        values = []
        for given, key in pairs:
            with_name = {name: given} if groups and name else None
            values.append(self._one(each, raw[key], (*at, key), given=with_name))
        if FAILED in values:
            return FAILED
        return [value for value in values if value is not None] or None

    def _absent(self, each: Field, at: At) -> Any:
        default = each.one("default")
        if default is not None:
            value = default["value"]
            if value is None or value == []:
                return [] if each.is_list else None
            if self._model.kind(each.named) == "enum":
                return [value] if each.is_list and not isinstance(value, list) else value
            return self._value(each, value, at)
        if not each.is_required:
            return None
        if each.is_list:
            return []
        if self._model.kind(each.named) == "group":
            return self._group(self._model.types[each.named], {}, at)
        return self._draft.refuse("MISSING_KEY", at)

    # Values

    def _value(self, each: Field, raw: Any, at: At, *, escapes: bool = False) -> Any:
        if not each.is_list:
            return self._one(each, raw, at, escapes=escapes)
        values = self._list(each, raw, at, each.depth)
        return [] if values is None else values

    # An item that is nothing is left out; a null is nothing but where there are texts, or what a text can name.
    def _list(self, each: Field, raw: Any, at: At, depth: int) -> Any:
        if not depth:
            return self._one(each, raw, at)
        if not isinstance(raw, list):
            are_names = each.named in {"String", "ID"} or self._model.target(each)
            parts = raw.split(",") if are_names and isinstance(raw, str) else []
            if len(parts) > 1 and all(1 <= len(part.strip()) <= 40 for part in parts):
                self._draft.faults.append(("WARNING", "TEXT_WITH_COMMAS", at, ""))
            value = self._list(each, raw, at, depth - 1)
            return [value] if value is not None and value is not FAILED else value
        values = [
            self._list(each, item, (*at, place), depth - 1)
            for place, item in enumerate(raw)
            if item is not None and not (is_null(item) and self._model.groups(each))
        ]
        return FAILED if FAILED in values else [value for value in values if value is not None]

    def _one(self, each: Field, raw: Any, at: At, *, escapes: bool = False, given: dict[str, Any] | None = None) -> Any:
        check = each.one("check") or {}
        mark = len(self._draft.faults)
        references = len(self._draft.references)
        value = self._bare(each, raw, at, escapes=escapes, given=given)
        if value is not None and value is not FAILED and (code := fault(check, value)):
            value = self._draft.refuse(code, at)
        if check.get("level") != "WARNING":
            return value
        errors = [fault for fault in self._draft.faults[mark:] if fault[0] == "ERROR"]
        if not errors:
            return value
        groups = self._model.groups(each)
        refers = self._model.target(each) or any(
            self._model.target(one) for group in groups for one in group.fields.values()
        )
        del self._draft.references[references:]
        self._draft.faults[mark:] = [fault for fault in self._draft.faults[mark:] if fault[0] != "ERROR"]
        self._draft.faults.append(("WARNING", "INVALID_REFERENCE" if refers else errors[0][1], at, ""))
        return None

    def _bare(self, each: Field, raw: Any, at: At, *, escapes: bool, given: dict[str, Any] | None) -> Any:
        type_ = self._model.types.get(each.named)
        if type_ and type_.kind == "entry":
            return self._reference(each, type_, raw, at)
        if type_ and type_.kind == "group":
            return self._group(type_, raw, at, given=given)
        if type_ and type_.kind == "union":
            return self._block(type_, raw, at)
        try:
            value = scalar(each.named, raw, type_.members if type_ else None)
        except RefusedError as refused:
            return self._draft.refuse(refused.code, at)
        if isinstance(value, Text):
            return Text(value.source, escapes)
        return self._looked_up(value, each.named, at) if each.named in {"Image", "File"} and value else value

    def _block(self, union: Type, raw: Any, at: At) -> Any:
        key = union.directives["block"][0]["key"]
        if not isinstance(raw, dict):
            return self._draft.refuse("WRONG_TYPE", at)
        block = raw.get(key)
        if not isinstance(block, str) or not block.strip():
            return self._draft.refuse("MISSING_KEY", at)
        if block.strip() not in union.members:
            return self._draft.refuse("INVALID_VALUE", at)
        return self._group(self._model.types[union.members[block.strip()]], raw, at, block=key)

    def _looked_up(self, value: dict[str, Any], kind: str, at: At) -> dict[str, Any]:
        src = value["src"]
        if src.startswith(("/", "#", "?")) or re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", src):
            return value
        file = self._folder / PurePosixPath(self._path_of(src))
        if not file.is_file():
            self._draft.faults.append(("WARNING", "FILE_MISSING", at, ""))
        elif kind == "File":
            value = value | {"size": file.stat().st_size}
        elif (data := file.read_bytes()).startswith(b"\x89PNG"):
            width, height = struct.unpack(">II", data[16:24])
            value = value | {"width": width, "height": height}
        return value

    def _path_of(self, src: str) -> str:
        return os.path.normpath(PurePosixPath(self._draft.path).parent / src)
