"""Fields: what a field of each key would be, and the groups, unions and choices that this takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.inference.columns import columns_of
from graphql_api.inference.drafts import Draft, FieldDraft, TypeDraft
from graphql_api.inference.forms import Form, Shape, are_languages, form_of
from graphql_api.inference.scalars import Guess, are_choices
from graphql_api.inference.words import can_be_named, field_name, is_plural, needs_source, type_name
from graphql_api.inference.writing import arguments
from graphql_api.model.english import plural
from graphql_api.model.names import capitalized

if TYPE_CHECKING:
    from graphql_api.inference.columns import Column
    from graphql_api.inference.hints import Hints
    from graphql_api.inference.sites import SiteId, Sites
    from graphql_api.inference.unions import UnionDraft

_BLOCK_LISTS = frozenset(
    ("blocks", "contentblocks", "sections", "components", "pagebuilder", "modules", "body", "content")
)


class FieldMaker:
    """Makes the fields of sites, and keeps the groups that they need in the draft."""

    def __init__(self, draft: Draft, sites: Sites, hints: Hints) -> None:
        """Take what there is."""
        self._hints = hints
        self._draft = draft
        self._sites = sites
        self._groups: dict[tuple[SiteId, str], str] = {}
        self._unions: dict[int, str] = {}

    def fields(self, owner: TypeDraft, site: SiteId) -> list[FieldDraft]:
        """Return the fields of the mappings of a site, in the order of their keys."""
        columns = columns_of(self._sites.mappings(site))
        return [self._field(owner, site, each) for each in columns if all(map(can_be_named, each.keys))]

    def _field(self, owner: TypeDraft, site: SiteId, column: Column) -> FieldDraft:
        form = self._hinted(owner, column, form_of(column, self._sites.unions))
        if column.name == "id" and owner.header:
            column = column._replace(name="entryId")
        made = FieldDraft(
            _field_name(column, form),
            self._type_name(owner, site, column, form),
            form.depth,
            column.is_in_all,
            column=column,
            form=form,
            why=[_presence(column)],
        )
        if form.guess.why:
            made.why.append(form.guess.why)
        if form.shape in {Shape.GROUPS, Shape.UNION, Shape.KEYED} or form.guess.is_list:
            made.depth = max(1, made.depth)
        made.sources = _sources(made.name, column, form)
        return made

    def _hinted(self, owner: TypeDraft, column: Column, form: Form) -> Form:
        """Return the form as the CMS has it, where that offers options and all values are among them."""
        options = self._hints.options_of(owner.folders, column.keys[0]) if owner.folders else ()
        is_text = form.shape is Shape.SCALAR and not form.depth and form.guess.type_name in {"String", ""}
        if not options or not is_text or not set(column.values) <= set(options) or not are_choices(options):
            return form
        return form._replace(guess=Guess("", choices=options, why="the options of the CMS"))

    def _type_name(self, owner: TypeDraft, site: SiteId, column: Column, form: Form) -> str:
        if form.shape is Shape.UNION and form.union:
            return self._union(form.union)
        if form.inner:
            child = self._sites.child(site, column)
            return self._group(owner, child, column, form) if child else "JSON"
        if form.guess.choices:
            return self._choice(owner, column, form.guess.choices)
        return form.guess.type_name

    def _group(self, owner: TypeDraft, site: SiteId, column: Column, form: Form) -> str:
        site = self._sites.root(site)
        # What a key fills is a field that groups without such keys have not got.
        same = (site, "position" if column.pattern else form.placeholder)
        if same in self._groups:
            return self._groups[same]
        keys = [key for each in columns_of(self._sites.mappings(site)) for key in each.keys]
        is_one = form.shape is not Shape.GROUP
        own = "Translated" if are_languages(keys) else type_name(column.name or self._sites.key_of(site), is_one=is_one)
        name = self._draft.free_name(own, f"{owner.name}{own}", f"{own}Group")
        group = TypeDraft(name)
        self._groups[same] = name
        self._draft.groups[name] = group
        group.fields = self.fields(group, site) or [FieldDraft("value", "JSON", sources=['key: "."'])]
        self._finish_group(group, column, form)
        return name

    @staticmethod
    def _finish_group(group: TypeDraft, column: Column, form: Form) -> None:
        if column.pattern:
            position = FieldDraft("position", "Int", is_required=True, why=["the number in the key"])
            group.fields.insert(0, position)
        for field in group.fields:
            if form.placeholder and field.key == form.placeholder:
                field.type_name = "String"  # whatever it looks like: keys are texts
            if form.naming and field.key == form.naming:
                if form.shape is Shape.KEYED:
                    field.sources = [_whole(field)]
                else:
                    field.sources = [*(field.sources or [arguments(key=form.naming)]), _whole(field)]
                    field.why.append("a text alone is this")

    def _union(self, union: UnionDraft) -> str:
        if id(union) in self._unions:
            return self._unions[id(union)]
        key = union.list_keys.most_common(1)[0][0]
        wished = "Block" if key.lower().replace("_", "").replace("-", "") in _BLOCK_LISTS else type_name(key)
        name = self._draft.free_name(wished, f"{wished}Block", "Block")
        self._unions[id(union)] = name
        members: dict[str, str] = {}
        self._draft.unions[name] = (union.key, members)
        for value in union.members:
            last = value.rpartition("/")[2]
            own, whole = (type_name(part, is_one=False) for part in (last, value))
            free = [each for each in (own, whole) if each not in self._draft.wished]
            member = self._draft.free_name(*free, f"{own}Block", f"{whole}Block")
            members[value] = member
            self._draft.groups[member] = TypeDraft(member)
        for value, member in members.items():
            group = self._draft.groups[member]
            group.fields = self.fields(group, union_site(union, value))
            if not group.fields:
                group.fields = [
                    FieldDraft(
                        field_name(union.key), "String", sources=[arguments(key=union.key)], why=["has no other key"]
                    )
                ]
        return name

    def _choice(self, owner: TypeDraft, column: Column, choices: tuple[str, ...]) -> str:
        """Return the choice of that name whose values these are among, else a new one."""
        own = capitalized(column.name)
        for name in (own, f"{owner.name}{own}"):
            known = self._draft.choices.get(name)
            if known is not None and set(choices) <= set(known):
                return name
            if known is not None and set(known) <= set(choices):
                self._draft.choices[name] = choices
                return name
        name = self._draft.free_name(own, f"{owner.name}{own}", f"{own}Choice")
        self._draft.choices[name] = choices
        return name


def union_site(union: UnionDraft, value: str) -> SiteId:
    """Return the site of the mappings of one member of a union."""
    return (f"union {id(union)}", value)


def _field_name(column: Column, form: Form) -> str:
    is_keyed = column.pattern or form.shape is Shape.KEYED
    return plural(column.name) if is_keyed and not is_plural(column.name) else column.name


def _presence(column: Column) -> str:
    return f"in {len(column.cells)} of {column.total}"


def _sources(name: str, column: Column, form: Form) -> list[str]:
    """Return the arguments of each @from that a field needs, none where its name alone says it."""
    if column.pattern:
        return [arguments(keys=column.pattern)]
    if form.shape is Shape.KEYED:
        return [arguments(keys=f"{column.keys[0]}.{{{form.placeholder}}}")]
    found = form.guess
    keys = [key for key in column.keys if needs_source(name, key)]
    if not keys and not (found.like or found.split or found.escapes):
        return []
    made: dict[str, str | bool] = {"like": found.like, "escapes": found.escapes, "split": found.split}
    return [arguments(**{"key": key, **made}) for key in column.keys]


def _whole(field: FieldDraft) -> str:
    """Return the arguments of the @from that takes a value itself, and makes of it what it makes of a key's."""
    found = field.form.guess if field.form else Guess("String")
    return arguments(key=".", like=found.like, escapes=found.escapes, split=found.split)
