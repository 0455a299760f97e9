"""A site: all entries together, keys told apart, references led, grouped entries gathered, links followed both ways."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.oracle.declarations import Field, Model, Type, missing
from tests.oracle.drafts import Entry, Problem, Reference
from tests.oracle.entries import Seeds, read_folder
from tests.oracle.scalars import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LEADS = ("RESOLVED", "RESOLVED_BY_ID")
NOWHERE = "REFERENCE_DANGLING"


class Site:
    """One content set. `entries` are those of each type by identity; `problems` are all that there are."""

    def __init__(self, model: Model, seeds: Seeds) -> None:
        """Put together what was read."""
        self.model = model
        self.problems = list(seeds.problems)
        self.hidden = seeds.hidden
        for each in seeds.entries:
            each.identity = tuple(plain(each.values[name]) for name in each.type.identity)
        kept = self._with_own_keys(seeds.entries)
        while refused := self._leading_nowhere(kept):
            kept = [each for each in kept if each not in refused]
        self._lead(kept)
        self.entries = {type_.name: sorted(each for each in kept if each.type is type_) for type_ in model.entries}
        for type_ in model.entries:
            if type_.is_grouped:
                self._gather(type_, kept)
        self.problems += [
            Problem("WARNING", NOWHERE, owner.path)
            for owner in kept
            for each in owner.references
            if each.status == "DANGLING" and missing(each.of) == "WARN"
        ]

    @classmethod
    def of(cls, model: Model, folder: Path) -> Site:
        """Return the site of a folder."""
        return cls(model, read_folder(model, folder))

    def told(self) -> Counter[tuple[str, str, str]]:
        """Return how often each (severity, code, path) is told.

        An unknown key is told once for all files, and references that lead nowhere once for a file.
        """
        unknown = {
            each.said: each for each in sorted(self.problems, key=lambda each: each.path, reverse=True) if each.said
        }
        others = [each for each in self.problems if not each.said and each.code != NOWHERE]
        nowhere = dict.fromkeys(each for each in self.problems if each.code == NOWHERE)
        return Counter((each.severity, each.code, each.path) for each in [*others, *unknown.values(), *nowhere])

    # Keys

    def _with_own_keys(self, entries: list[Entry]) -> list[Entry]:
        """Return the entries whose keys no other has; whoever shares one is told, of the first that they share."""
        claims: dict[tuple[str, int, str], set[Entry]] = defaultdict(set)
        for each in entries:
            for number, fields in enumerate(each.type.keys.values()):
                values = [plain(each.values[one]) for one in fields]
                claims[each.type.name, number, json.dumps(values, ensure_ascii=False)].add(each)
        shared: list[set[Entry]] = []
        for (type_name, number, _), owners in sorted(claims.items(), key=lambda item: item[0]):
            if len(owners) > 1 and not any(owners <= before for before in shared):
                shared.append(owners)
                fields = list(self.model.types[type_name].keys.values())[number]
                code = "DUPLICATE_URL" if fields == ("url",) else "DUPLICATE_KEY_VALUE"
                self.problems += [Problem("ERROR", code, path) for path in {each.path for each in owners}]
        return [each for each in entries if not any(each in owners for owners in shared)]

    # References

    def _leading_nowhere(self, entries: list[Entry]) -> set[Entry]:
        """Return the entries that a reference refuses, for it leads nowhere; they are told.

        One that is never null must not lead to the entry itself either.
        """
        self._lead(entries)
        refused = set()
        for owner in entries:
            for each in owner.references:
                is_self = each.status == "SELF" and each.of.is_required and not each.of.is_list
                is_nowhere = each.status == "DANGLING" and missing(each.of) == "ERROR"
                if (is_self or is_nowhere) and not each.target_type.is_grouped:
                    refused.add(owner)
                    self.problems.append(Problem("ERROR", NOWHERE, owner.path))
        return refused

    def _lead(self, entries: list[Entry]) -> None:
        by_key: dict[tuple[str, str, str], Entry] = {}
        for each in entries:
            for fields in each.type.keys.values():
                by_key[each.type.name, fields[0], str(plain(each.values[fields[0]]))] = each
        alike = _Alike(entries)
        for owner in entries:
            for ref in owner.references:
                if not ref.target_type.is_grouped:
                    target = by_key.get((ref.target_type.name, self.model.by(ref.of), ref.key))
                    status = "RESOLVED"
                    if target is None:
                        target, status = alike.first(ref, owner), "RESOLVED_BY_ID"
                    ref.status = "DANGLING" if target is None else "SELF" if target is owner else status
                    ref.target = target if ref.status in LEADS else None

    def _gather(self, type_: Type, kept: list[Entry]) -> None:
        """Add the entries of a grouped type that only references name, and lead all references to them."""
        said: dict[str, list[dict[str, Any]]] = defaultdict(list)
        references = [each for owner in kept for each in owner.references if each.target_type is type_]
        for each in references:
            said[each.key].append(each.names)
        own = {str(each.identity[0]): each for each in self.entries[type_.name]}
        for key in said.keys() - own.keys():
            own[key] = Entry(type_, "", _most_said(type_, key, said[key]), [], (key,))
        for each in references:
            each.target, each.status = own[each.key], "RESOLVED"
        self.entries[type_.name] = sorted(own.values())

    # Links

    @cached_property
    def moved(self) -> dict[str, str]:
        """The url of the entry that had each old one."""
        return {
            bare_address(old): each.values["url"]
            for entries in self.entries.values()
            for each in entries
            for name, one in each.type.fields.items()
            if "aliases" in one.directives
            for old in each.values[name]
        }

    def named(self, owner: Entry, path: list[str]) -> list[Reference]:
        """Return the references that a path of fields leads to, in the author's order."""
        return [each for each in _within(owner.values, path) if isinstance(each, Reference)]

    def links(self, owner: Entry, path: list[str]) -> list[Entry]:
        """Return the entries that the references lead to, each once, in the author's order."""
        return list(dict.fromkeys(each.target for each in self.named(owner, path) if each.target))

    def back(self, of: str) -> dict[Entry, list[Entry]]:
        """Return the entries whose field (`Type.field.field`) leads to each, each once, by identity."""
        if of not in self._backs:
            type_name, *path = of.split(".")
            found: dict[Entry, list[Entry]] = defaultdict(list)
            for owner in self.entries[type_name]:
                for target in self.links(owner, path):
                    found[target].append(owner)
            self._backs[of] = found
        return self._backs[of]

    @cached_property
    def _backs(self) -> dict[str, dict[Entry, list[Entry]]]:
        return {}

    def around(self, entry: Entry, path: list[str], depth: int, first: int) -> list[tuple[int, Entry]]:
        """Return up to `first` entries with their distance, breadth first, none further than `depth`."""
        distances = {entry: 0}
        queue = [entry]
        for here in queue:
            for target in self.links(here, path) if distances[here] < depth else ():
                if target not in distances:
                    distances[target] = distances[here] + 1
                    queue.append(target)
        return [(distances[found], found) for found in queue[1 : first + 1]]

    def beside(self, entry: Entry, sibling: dict[str, Any]) -> Entry | None:
        """Return the next or previous of the entries with the same value of `in`, or of all."""
        among = sibling.get("in")
        by = sibling["by"] if isinstance(sibling["by"], list) else [sibling["by"]]
        key = (entry.type.name, among, *by)
        if key not in self._shelves:
            self._shelves[key] = self._shelved(entry.type, among, by)
        shelf = self._shelves[key].get(self.asked(entry, entry.type.fields[among]) if among else "", [])
        if entry not in shelf:
            return None
        place = shelf.index(entry) + (-1 if sibling.get("step") == "PREVIOUS" else 1)
        return shelf[place] if 0 <= place < len(shelf) else None

    @cached_property
    def _shelves(self) -> dict[Any, dict[Any, list[Entry]]]:
        return {}

    def _shelved(self, type_: Type, among: str | None, by: list[str]) -> dict[Any, list[Entry]]:
        shelves: dict[Any, list[Entry]] = defaultdict(list)
        for each in self.ordered(self.entries[type_.name], [(type_.fields[name], False) for name in by]):
            value = self.asked(each, type_.fields[among]) if among else ""
            if value is not None:
                shelves[value].append(each)
        return shelves

    # What is asked

    def asked(self, entry: Entry, each: Field) -> Any:
        """Return the value that filters and facets see: of a reference the key, of a DateTime the moment."""
        if back := each.one("back"):
            return len(self.back(back["of"]).get(entry, ()))
        value = entry.values[each.name]
        if isinstance(value, list):
            return [found for item in value if (found := self._seen(each, item)) is not None]
        return self._seen(each, value)

    def _seen(self, each: Field, value: Any) -> Any:
        if isinstance(value, Reference):
            return plain(value.target.values[self.model.by(each)]) if value.target else None
        return moment(value) if each.named == "DateTime" and isinstance(value, str) else value

    def ordered(self, entries: Iterable[Entry], by: list[tuple[Field, bool]]) -> list[Entry]:
        """Return the entries by (field, whether descending), ties by identity; what is missing comes last."""
        result = sorted(entries)
        for each, descending in reversed(by):
            known = [one for one in result if self.asked(one, each) is not None]
            # A reversed sort keeps the order of equal items, so the later keys hold.
            known.sort(key=lambda one: self.asked(one, each), reverse=descending)
            result = known + [one for one in result if self.asked(one, each) is None]
        return result

    def all_ordered(self, type_: Type, by: list[tuple[Field, bool]]) -> list[Entry]:
        """Return all entries of a type in an order, which is worked out once."""
        key = (type_.name, *((each.name, descending) for each, descending in by))
        if key not in self._ordered:
            self._ordered[key] = self.ordered(self.entries[type_.name], by)
        return self._ordered[key]

    @cached_property
    def _ordered(self) -> dict[Any, list[Entry]]:
        return {}

    def default_order(self, type_: Type) -> list[tuple[Field, bool]]:
        """Return the order of a list for which none is asked."""
        fields = type_.fields.values()
        return [
            (each, order["default"] == "DESC") for each in fields if (order := each.one("order")) and "default" in order
        ]


class _Alike:
    """Finds entries by values that references compare (`orBy`)."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = sorted(entries, key=lambda each: (each.type.name, each.identity))
        self._first: dict[tuple[str, ...], dict[Any, Entry]] = {}

    def first(self, reference: Reference, owner: Entry) -> Entry | None:
        """Return the first entry, by identity, whose fields are those beside the reference."""
        groups = (reference.of.one("ref") or {}).get("orBy", [])
        for names in groups:
            key = (reference.target_type.name, *names)
            if key not in self._first:
                self._first[key] = {}
                for each in self._entries:
                    if each.type is reference.target_type:
                        self._first[key].setdefault(_compared(each.values, names), each)
            wanted = _compared(reference.group or owner.values, names)
            if None not in wanted and wanted in self._first[key]:
                return self._first[key][wanted]
        return None


def _compared(values: dict[str, Any], names: list[str]) -> tuple[Any, ...]:
    found = [plain(values[name]) for name in names]
    return tuple(title_key(value) if isinstance(value, str) else value for value in found)


def title_key(title: str) -> str:
    """Return the letters and digits of a title, case folded: what two spellings of one title have in common."""
    return "".join(character for character in title.casefold() if character.isalnum())


def bare_address(url: str) -> str:
    """Return a url without what two addresses of one page may differ in."""
    return unquote(url.strip().partition("#")[0]).rstrip("/") or "/"


def plain(value: Any) -> Any:
    """Return the value of a key: of a reference, the key that it names."""
    return value.key if isinstance(value, Reference) else value


def _within(value: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _within(item, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        yield from _within(value.get(path[0]), path[1:])


def _most_said(type_: Type, key: str, said: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the values of a grouped entry: what most say, of those equally frequent the first by code point."""
    values: dict[str, Any] = {"__typename": type_.name}
    for each in type_.fields.values():
        if each.is_value:
            counts = Counter(json.dumps(names[each.name]) for names in said if names.get(each.name) is not None)
            texts = {text: json.loads(text) for text in counts}
            best = min(texts, key=lambda text: (-counts[text], _text(texts[text])), default=None)
            values[each.name] = ([] if each.is_list and each.is_required else None) if best is None else texts[best]
    values[type_.identity[0]] = key
    return values


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
