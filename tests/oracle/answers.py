"""Answers: the resolvers of a model's API over one site."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.oracle.api import has_field, kind_of
from tests.oracle.conditions import is_met
from tests.oracle.declarations import Field, Type, missing
from tests.oracle.drafts import Entry, Reference
from tests.oracle.excerpts import excerpt
from tests.oracle.finding import searched_texts, words
from tests.oracle.meta import meta
from tests.oracle.pages import connection
from tests.oracle.scalars import Text
from tests.oracle.site import LEADS, Site, bare_address, plain
from tests.oracle.words import constant, facet_name, list_name, plural, search_name, small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphql import GraphQLSchema

    Resolve = Callable[..., Any]

ID_PREFIX = "oracle-id:"
WORDS_PER_MINUTE = 200


def id_of(entry: Entry) -> str:
    """Return the oracle's own id of an entry."""
    name = json.dumps([entry.type.name, *entry.identity])
    return ID_PREFIX + hashlib.sha256(name.encode()).hexdigest()[:16]


class Answers:
    """The resolvers over one site; `render` makes a text's forms from its source, and whether it has escapes."""

    def __init__(self, site: Site, render: Callable[[str, bool], Any]) -> None:
        """Keep both; nothing is computed before it is asked for."""
        self.site = site
        self._model = site.model
        self._render = render
        self._rendered: dict[Text, dict[str, Any]] = {}
        self._nodes = {id_of(each): each for entries in site.entries.values() for each in entries}

    def bind(self, schema: GraphQLSchema) -> None:
        """Give the resolvers to the schema's fields."""
        types: dict[str, Any] = schema.type_map
        types["Node"].resolve_type = lambda entry, *_: entry.type.name
        types["RichText"].fields["excerpt"].resolve = lambda text, _, length: excerpt(text["text"], length)
        for name, resolve in self._queries():
            types["Query"].fields[name].resolve = resolve
        for type_ in self._model.types.values():
            if type_.kind in {"entry", "group"}:
                for each in type_.fields.values():
                    types[type_.name].fields[each.name].resolve = self._resolver(each)
            if type_.kind == "entry":
                types[type_.name].fields["id"].resolve = lambda entry, _: id_of(entry)
            if "page" in type_.directives:
                types[type_.name].fields["meta"].resolve = lambda entry, _: meta(entry, self._plain_text)

    def _queries(self) -> Iterable[tuple[str, Resolve]]:
        yield "node", lambda _, _info, id: self._nodes.get(id)  # noqa: A006
        yield "nodes", lambda _, _info, ids: [self._nodes.get(one) for one in ids]
        yield "content", lambda _, _info: self._counts()
        for type_ in self._model.entries:
            if type_.is_singleton:
                yield small(type_.name), self._only(type_)
            else:
                yield small(type_.name), self._lookup(type_)
                yield list_name(type_), self._list(type_)
                if search := search_name(self._model, type_):
                    yield search, self._search(type_)
        yield "redirect", lambda _, _info, url: self.site.moved.get(bare_address(url))
        if len(self._searched) > 1:
            yield "searchAll", self._search_all

    def _only(self, type_: Type) -> Resolve:
        return lambda _, _info: next(iter(self.site.entries[type_.name]), None)

    def _list(self, type_: Type) -> Resolve:
        return lambda _, _info, **arguments: self._connection(type_, self.site.entries[type_.name], arguments)

    @property
    def _searched(self) -> list[Type]:
        return [each for each in self._model.entries if search_name(self._model, each)]

    def _search(self, type_: Type) -> Resolve:
        def resolve(_: None, _info: Any, query: str, **arguments: Any) -> dict[str, Any]:
            return self._connection(type_, self._hits(type_, query), arguments)

        return resolve

    def _search_all(
        self, _: None, _info: Any, query: str, types: list[str] | None = None, **page: Any
    ) -> dict[str, Any]:
        """Return the connection over what matches in several types, in no order that means anything."""
        asked = [each for each in self._searched if types is None or constant(each.name) in types]
        hits = [hit for type_ in asked for hit in self._hits(type_, query)]
        counts = Counter(constant(hit.type.name) for hit in hits)
        facets = {"types": [{"type": name, "count": count} for name, count in counts.most_common()]}
        return connection([(id_of(each), each) for each in hits], page) | {"facets": facets}

    def _hits(self, type_: Type, query: str) -> list[Entry]:
        """Return the entries that have every word of a search; words without endings, none of them excluded."""
        return [each for each in self.site.entries[type_.name] if self.has_words(each, query)]

    def has_words(self, entry: Entry, query: str) -> bool:
        """Return whether an entry has every word of a search."""
        texts = searched_texts(self._model, entry, self._plain_text)
        return set(words(query)) <= {word for text in texts for word in words(text)}

    def _plain_text(self, text: Text) -> str:
        found: str = self._rich(text)["text"]
        return found

    def _lookup(self, type_: Type) -> Resolve:
        def resolve(_: None, _info: Any, by: dict[str, Any] | None = None, **key: Any) -> Entry | None:
            ((name, wanted),) = (by or key).items()
            if name == "id" and by:
                found = self._nodes.get(wanted)
                return found if found and found.type is type_ else None
            if name == "url":
                wanted = self.site.moved.get(bare_address(wanted), wanted)
            wanted = wanted if isinstance(wanted, dict) else {name: wanted}
            for entry in self.site.entries[type_.name]:
                if all(plain(entry.values[one]) == value for one, value in wanted.items()):
                    return entry
            return None

        return resolve

    def _counts(self) -> dict[str, int]:
        entries = [entry for entries in self.site.entries.values() for entry in entries]
        counts = {f"{small(name)}Count": len(found) for name, found in self.site.entries.items()}
        for type_ in self._model.types.values():
            if type_.kind == "group" and self._model.kept(type_):
                counts[f"{small(type_.name)}Count"] = sum(_groups(entry.values, type_.name) for entry in entries)
        kept = [each for entry in entries for each in entry.references if missing(each.of) == "KEEP"]
        return counts | {"danglingCount": sum(each.status == "DANGLING" for each in kept)}

    # Fields

    def _resolver(self, each: Field) -> Resolve:
        if back := each.one("back"):
            return self._back(each, back["of"])
        if walk := each.one("walk"):
            return self._walk(each, walk["over"].split("."))
        if sibling := each.one("sibling"):
            return lambda entry, _: self.site.beside(entry, sibling)
        if reference := each.status_of:
            return lambda parent, _: _status(_values(parent)[reference])
        if each.entry_part:
            return lambda *_: ""
        return lambda parent, _, **arguments: self._shown(each, _values(parent)[each.name], **arguments)

    def _back(self, each: Field, of: str) -> Resolve:
        if not each.is_list:
            return lambda entry, _: len(self.site.back(of).get(entry, ()))
        type_ = self._model.types[of.split(".", maxsplit=1)[0]]
        return lambda entry, _, **arguments: self._connection(type_, self.site.back(of).get(entry, ()), arguments)

    def _walk(self, each: Field, over: list[str]) -> Resolve:
        name = small(each.named)

        def resolve(entry: Entry, _: Any, depth: int, first: int) -> list[dict[str, Any]]:
            around = self.site.around(entry, over, depth, first)
            return [{"distance": distance, name: found} for distance, found in around]

        return resolve

    def _shown(self, each: Field, value: Any, **arguments: bool) -> Any:
        if isinstance(value, list) and each.is_list:
            if arguments:
                value = chosen(value, self._model.kept(self._model.types[each.named])[0].name, **arguments)
            return [shown for item in value if (shown := self._shown(each, item)) is not None]
        if isinstance(value, Reference):
            return value.target
        return self._rich(value) if isinstance(value, Text) else value

    def _rich(self, text: Text) -> dict[str, Any]:
        if text not in self._rendered:
            answer = self._render(text.source, text.escapes)
            self._rendered[text] = {
                "markdown": answer.markdown,
                "html": answer.html,
                "text": answer.text,
                "headings": [{"level": one.level, "text": one.text, "anchor": one.anchor} for one in answer.headings],
                "wordCount": answer.word_count,
                "readingMinutes": max(1, -(-answer.word_count // WORDS_PER_MINUTE)),
            }
        return self._rendered[text]

    # Lists

    def _connection(self, type_: Type, entries: Iterable[Entry], arguments: dict[str, Any]) -> dict[str, Any]:
        order = self._order(type_, arguments) or self.site.default_order(type_)
        if entries is self.site.entries[type_.name] and not arguments.get("filter"):
            items = self.site.all_ordered(type_, order)
        else:
            items = self.site.ordered([each for each in entries if self.meets(each, arguments.get("filter"))], order)
        page = connection([(each.mark, each) for each in items], arguments)
        return page | {"facets": lambda _info: self.facets(type_, items)}

    @staticmethod
    def _order(type_: Type, arguments: dict[str, Any]) -> list[tuple[Field, bool]]:
        names = {constant(each.name): each for each in type_.fields.values()}
        parts = [order.rpartition("_") for order in arguments.get("orderBy") or []]
        return [(names[name], direction == "DESC") for name, _, direction in parts]

    def meets(self, entry: Entry, condition: Mapping[str, Any] | None) -> bool:
        """Return whether an entry meets a coerced filter of its type."""
        return is_met(condition, lambda name: self._asked(entry, name))

    def _asked(self, entry: Entry, name: str) -> Any:
        each = entry.type.fields.get(name)
        if each and "filter" in each.directives and kind_of(self._model, each):
            return self.site.asked(entry, each)
        (each,) = [one for one in entry.type.fields.values() if has_field(one) == name]
        value = entry.values[each.name]
        if each.is_list:
            return bool(self.site.asked(entry, each) if self._model.target(each) else value)
        return value is not None

    def facets(self, type_: Type, items: list[Entry]) -> dict[str, Resolve]:
        """Return the facets of a set of entries, the most frequent first; of a list's values as many as are asked."""
        faceted = [each for each in type_.fields.values() if "facet" in each.directives]

        def resolver(each: Field) -> Resolve:
            return lambda _info, first=None: self._facet(each, items)[:first]

        return {plural(facet_name(each)): resolver(each) for each in faceted}

    def _facet(self, each: Field, items: list[Entry]) -> list[dict[str, Any]]:
        counts: Counter[Any] = Counter()
        for item in items:
            counts.update(self._counted(each, item))
        target = self._model.target(each)
        values = list(counts)
        if target:
            # As a list of them is sorted.
            values = self.site.ordered(values, self.site.default_order(target))
        else:
            values.sort()
        name = facet_name(each)
        return [{name: value, "count": counts[value]} for value in sorted(values, key=lambda one: -counts[one])]

    def _counted(self, each: Field, item: Entry) -> Iterable[Any]:
        value = item.values[each.name]
        values = value if isinstance(value, list) else [value]
        part = (each.one("facet") or {}).get("by")
        shown = [self._shown(each, one) for one in values]
        known = [one for one in shown if one is not None]
        return list(dict.fromkeys(int(one[:4] if part == "YEAR" else one[5:7]) if part else one for one in known))


def _values(parent: Any) -> dict[str, Any]:
    values: dict[str, Any] = parent.values if isinstance(parent, Entry) else parent
    return values


def _groups(value: Any, name: str) -> int:
    """Return how many groups of a type there are in a value."""
    if isinstance(value, list):
        return sum(_groups(item, name) for item in value)
    if not isinstance(value, dict):
        return 0
    return (value.get("__typename") == name) + sum(_groups(inner, name) for inner in value.values())


def _status(reference: Reference | None) -> str:
    return reference.status if reference else "DANGLING"


def chosen(groups: list[dict[str, Any]], name: str, *, unique: bool, resolved: bool) -> list[dict[str, Any]]:
    """Return the groups that a selection with these arguments shows, in the author's order.

    A repeat is a group whose reference leads where one before it does, or nowhere by the same key.
    """
    kept, seen = [], set()
    for each in groups:
        reference: Reference | None = each[name]
        place = None
        if reference:
            leads: Any = reference.target or (reference.status == "SELF")
            place = leads or reference.key
        is_repeat = place is not None and place in seen
        seen.add(place)
        if not (unique and is_repeat) and not (resolved and not (reference and reference.status in LEADS)):
            kept.append(each)
    return kept
