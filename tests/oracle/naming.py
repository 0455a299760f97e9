"""Naming: references as they are written, and what one says of the grouped entry that it names."""

from __future__ import annotations

from typing import Any

from tests.oracle.declarations import Field, Type, spellings
from tests.oracle.documents import RefusedError
from tests.oracle.drafts import FAILED, At, Reference
from tests.oracle.patterns import slug
from tests.oracle.scalars import scalar
from tests.oracle.sources import Sources, changed, is_blank, keys_of


class Naming(Sources):
    """Reads the references of one entry."""

    def _reference(self, each: Field, target: Type, raw: Any, at: At) -> Any:
        by = target.fields[self._model.by(each)]
        if target.is_grouped:
            return self._naming(each, target, by, raw, at)
        if isinstance(raw, dict):
            raw = next((raw[key] for key in keys_of(by) if not is_blank(raw.get(key))), None)
            if raw is None:
                return self._draft.refuse("MISSING_KEY", at)
        text = self._key_text(raw, at)
        return self._referring(each, target, text, {}) if isinstance(text, str) else text

    def _referring(self, each: Field, target: Type, key: str, names: dict[str, Any]) -> Reference:
        self._draft.references.append(Reference(each, target, key, names))
        return self._draft.references[-1]

    def _key_text(self, raw: Any, at: At) -> Any:
        if type(raw) is int:
            return str(raw)
        if not isinstance(raw, str):
            return self._draft.refuse("WRONG_TYPE", at)
        text = str(raw).strip()
        if text.startswith("/") or "://" in text:
            text = text.partition("#")[0].rstrip("/") or "/"
        return text or None

    def _naming(self, each: Field, target: Type, by: Field, raw: Any, at: At) -> Any:
        named = raw if isinstance(raw, dict) else self._key_text(raw, at)
        if named is None or named is FAILED:
            return named
        names = {one.name: self._given(one, by, named) for one in target.fields.values() if one.is_value}
        if FAILED in names.values():
            return FAILED
        key = names[by.name]
        if key is None and isinstance(raw, dict):
            key = slug(next((value for value in names.values() if isinstance(value, str)), ""))
        if not key:
            return self._draft.refuse("MISSING_KEY", at)
        return self._referring(each, target, str(key), names | {by.name: key})

    def _given(self, one: Field, by: Field, named: Any) -> Any:
        """Return what a reference says of a field of the grouped entry that it names."""
        if self._model.kind(one.named) not in {"scalar", "enum"} or one.named == "RichText":
            return None
        sources = one.directives.get("from", [{}])
        if one is not by and any("key" in source for source in sources):
            return self._given_by_entry(one, [source for source in sources if "key" in source])
        raw = named
        if isinstance(named, dict):
            raw = next((named[key] for key in spellings(one.name) if not is_blank(named.get(key))), None)
            if raw is None and one is not by and one.named in {"String", "ID"} and one.is_required:
                raw = next((named[key] for key in keys_of(by) if isinstance(named.get(key), str)), None)
        made = changed(next((source for source in sources if "file" not in source), {}), raw)
        try:
            return None if is_blank(made) else self._scalars(one, made)
        except RefusedError:
            return None

    def _given_by_entry(self, one: Field, sources: list[dict[str, Any]]) -> Any:
        for source in sources:
            made = changed(source, self._found(self._type, source, self._draft.top, lambda name: name))
            if not is_blank(made):
                try:
                    return self._scalars(one, made)
                except RefusedError as refused:
                    return self._refused_once(refused.code, source["key"])
        return self._refused_once("MISSING_KEY", sources[0]["key"]) if one.is_required else None

    def _refused_once(self, code: str, key: str) -> Any:
        at = (*self._draft.root, *key.split("."))
        if not any(fault[1] == code and fault[2] == at for fault in self._draft.faults):
            self._draft.refuse(code, at)
        return FAILED

    def _scalars(self, one: Field, raw: Any) -> Any:
        type_ = self._model.types.get(one.named)
        spelt = type_.members if type_ else None
        if not one.is_list:
            return scalar(one.named, raw, spelt)
        return [
            scalar(one.named, item, spelt) for item in (raw if isinstance(raw, list) else [raw]) if item is not None
        ]
