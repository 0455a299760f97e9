"""Searched texts that stand in other entries: where references lead is known only at the end of a load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.store.placements import groups_of
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphql_api.model.types import Field, Model
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.sites import Searched, Site

_CHILD_PATH = 2
"""How long the path of a reference in the groups of a list is; longer ones lead into JSON."""


class OtherText:
    """A searched text that stands in other entries: those that references lead to, one to each of `sites`."""

    def __init__(self, layout: Layout, searched: Searched, sites: Sequence[Site]) -> None:
        """Prepare the statements: which rows differ, and how they are updated."""
        inner = searched.path.rpartition(".")[2]
        texts = " UNION ALL ".join(_texts_there(layout, site, inner, f"{searched.table}.pk") for site in sites)
        text = f"SELECT coalesce(group_concat(text, ', '), '') FROM ({texts})"
        self.differing = (
            f"SELECT pk, text FROM (SELECT pk, {searched.column} AS was, ({text}) AS text FROM {searched.table})"
            " WHERE text <> was"
        )
        self.update = f"UPDATE {searched.table} SET {searched.column} = ? WHERE pk = ?"


def _texts_there(layout: Layout, site: Site, inner: str, owner: str) -> str:
    """Return the SELECT of the field `inner` of the entries that one entry's references of a site lead to."""
    target = layout.tables[site.table].find(site.column_field, Role.TARGET)
    there = layout.entries[site.target_type].place_of(inner)
    column = there.find(inner, Role.VALUE) or there.find(inner, Role.TEXT)
    assert target is not None  # noqa: S101 - every reference has one
    assert column is not None  # noqa: S101 - the model was checked: it is a text
    return (
        f"SELECT there.{column.name} AS text FROM {site.table} AS here"
        f" JOIN {there.name} AS there ON there.pk = here.{target.name} WHERE here.{site.owner} = {owner}"
    )


def sites_of_others(layout: Layout, entry: EntryLayout, path: str) -> list[Site]:
    """Return the sites that a searched path leads over, to entries whose texts no reference says itself."""
    names = path.split(".")[:-1]
    paths = set()
    for group, name in _references(layout.model, entry.type.fields, names):
        paths |= {(*names[:1], group, name), tuple(names) if len(names) <= _CHILD_PATH else ()}
    types = layout.model.entry_types
    return [site for site in entry.sites if site.path in paths and not types[site.target_type].is_only_named]


def _references(
    model: Model, fields: Sequence[Field], names: Sequence[str], group: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield group and name of each reference that `names` lead to, one within the other."""
    for each in fields:
        if each.name not in names[:1]:
            continue
        if each.reference and len(names) == 1:
            yield group, each.name
        for inner in groups_of(model, each.type):
            yield from _references(model, model.groups[inner].fields, names[1:], inner)
