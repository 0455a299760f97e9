"""Sites: every place of a mapping in the files, and which of them are of one type.

Groups of equal keys are one type, wherever they stand; so are texts in several languages. What is known of a group
then rests on all its mappings together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from graphql_api.inference.columns import Column, columns_of
from graphql_api.inference.forms import Form, Shape, are_languages, form_of
from graphql_api.inference.shapes import likeness, presence, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphql_api.inference.unions import UnionDraft

SiteId = tuple[str, ...]
"""The keys that lead to a site, after the name of what they start in."""

OF_ONE_NAME_FROM = 0.6
MAX_DEPTH = 12


class Sites:
    """All sites; `add` them first, then `join` them, then ask."""

    def __init__(self, unions: Sequence[UnionDraft]) -> None:
        """Start with none."""
        self.unions = unions
        self._mappings: dict[SiteId, Sequence[dict[str, Any]]] = {}
        self._columns: dict[SiteId, list[tuple[Column, Form]]] = {}
        self._parent: dict[SiteId, SiteId] = {}
        self._roots: set[SiteId] = set()
        self._members: dict[SiteId, list[SiteId]] = {}

    def add(self, site: SiteId, mappings: Sequence[dict[str, Any]], *, is_group: bool = True) -> None:
        """Add a site and all that its mappings hold; entries are no group, and join none."""
        self._mappings[site] = mappings
        self._parent[site] = site
        if is_group:
            self._roots.add(site)
        pairs = [(column, form_of(column, self.unions)) for column in columns_of(mappings)]
        self._columns[site] = pairs
        for column, form in pairs:
            if form.inner and len(site) < MAX_DEPTH:
                self.add((*site, column.site_key), form.inner)

    def join(self) -> None:
        """Find the groups that are of one type: equal keys, or one name and much the same keys, or languages."""
        by_keys: dict[frozenset[str], list[SiteId]] = defaultdict(list)
        by_name: dict[str, list[SiteId]] = defaultdict(list)
        languages: list[SiteId] = []
        for site in self._groups():
            keys = frozenset(column.name for column, _ in self._columns[site])
            if are_languages([key for column, _ in self._columns[site] for key in column.keys]):
                languages.append(site)
            else:
                by_keys[keys].append(site)
                by_name[site[-1]].append(site)
        for sites in (languages, *by_keys.values()):
            for other in sites[1:]:
                self._unite(sites[0], other)
        for sites in by_name.values():
            self._join_alike(sites)
        for site in self._mappings:
            self._members.setdefault(self.root(site), []).append(site)

    def mappings(self, site: SiteId) -> list[dict[str, Any]]:
        """Return the mappings of all the sites that are of one type with this one."""
        root = self.root(site)
        return [each for member in self._members.get(root, [root]) for each in self._mappings[member]]

    def root(self, site: SiteId) -> SiteId:
        """Return the site that stands for all that are of one type with this one."""
        while self._parent[site] != site:
            site = self._parent[site]
        return site

    def child(self, site: SiteId, column: Column) -> SiteId | None:
        """Return the site of the mappings of a column, None where those of joined sites are of several types."""
        members = self._members.get(self.root(site), [site])
        children = {
            self.root((*member, key))
            for member in members
            for key in (column.pattern, *column.keys)
            if (*member, key) in self._parent
        }
        return children.pop() if len(children) == 1 else None

    def key_of(self, site: SiteId) -> str:
        """Return the key that most of the joined sites stand below."""
        names = Counter(member[-1] for member in self._members.get(self.root(site), [site]))
        return names.most_common(1)[0][0]

    def _groups(self) -> Iterator[SiteId]:
        yield from (site for site in self._mappings if site in self._roots)

    def _join_alike(self, sites: list[SiteId]) -> None:
        for index, site in enumerate(sites):
            for other in sites[:index]:
                if self.root(site) == self.root(other):
                    continue
                shapes = [presence(map(shape_of, self._mappings[each])) for each in (site, other)]
                if likeness(*shapes) >= OF_ONE_NAME_FROM and self._unite(site, other):
                    break

    def _unite(self, one: SiteId, other: SiteId) -> bool:
        """Make two sites one, and all that they hold, if no field of one is of another form than in the other."""
        pairs = list(self._pairs(one, other))
        if pairs and pairs[-1] is None:
            return False
        for pair in pairs:
            if pair and self.root(pair[0]) != self.root(pair[1]):
                self._parent[self.root(pair[1])] = self.root(pair[0])
        return True

    def _pairs(self, one: SiteId, other: SiteId) -> Iterator[tuple[SiteId, SiteId] | None]:
        """Yield the sites to unite, one of them above; None at the end says that they differ somewhere."""
        yield one, other
        mine = {column.name: (column, form) for column, form in self._columns[one]}
        for column, form in self._columns[other]:
            if column.name not in mine:
                continue
            own, own_form = mine[column.name]
            if not own.values or not column.values:
                continue
            if own_form.shape is not form.shape or not _agree(own_form, form):
                yield None
                return
            if form.inner and (*other, column.site_key) in self._columns and (*one, own.site_key) in self._columns:
                for pair in self._pairs((*one, own.site_key), (*other, column.site_key)):
                    yield pair
                    if pair is None:
                        return


def _agree(one: Form, other: Form) -> bool:
    if one.shape is not Shape.SCALAR:
        return one.union is other.union
    kinds = {"String" if form.guess.like else form.guess.type_name for form in (one, other)}
    texts = {"String", "Url", "RichText", "Image", ""}
    return one.depth == other.depth and (len(kinds) == 1 or kinds <= texts or kinds <= {"Int", "Float"})
