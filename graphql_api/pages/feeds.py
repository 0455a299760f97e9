"""Feeds (Atom, RFC 4287): the newest listed pages, of the site and of each group that pages are filed under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from msgspec import Struct

from graphql_api.engine.page_fields import called_by
from graphql_api.pages import xml
from graphql_api.pages.about import about
from graphql_api.pages.documents import ATOM, Document, whole
from graphql_api.pages.listing import Listing, asked, page_entries
from graphql_api.store.placements import key_column
from graphql_api.store.sites import SiteShape
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql_api.pages.about import About
    from graphql_api.pages.documents import Generation
    from graphql_api.pages.documents import Site as WebSite
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.sites import Site

NEWEST: Final = 50
"""How many pages a feed has at the most."""
_DATE_CHARACTERS: Final = 10
_MAX_CONTENT_CHARACTERS: Final = 100_000
"""Of the HTML of one page; a longer one has its summary alone."""


class _Group(Struct, frozen=True):
    """What pages of some sites are filed under: the entry of a type with a key."""

    entry: EntryLayout
    key: str
    name: str
    sites: tuple[Site, ...]


async def feed(generation: Generation, site: WebSite) -> Document:
    """Return the feed of all pages; if any type has dates, of those that have."""
    entries = page_entries(generation.prepared.layout)
    dated = [entry for entry in entries if Listing(generation.prepared.layout, entry).values.fields.published]
    told = await about(generation, site)
    rows = [row for entry in dated or entries for row in await _rows(generation, entry)]
    return _document(site, told, told.name, "/feed.xml", rows)


async def group_feed(generation: Generation, site: WebSite, plural: str, key: str) -> Document | None:
    """Return the feed of what is filed under one entry: `plural` is the list of its type. None if there is none."""
    group = await _group(generation, plural, key)
    if group is None:
        return None
    told = await about(generation, site)
    rows = [row for each in group.sites for row in await _rows(generation, *_filed(generation, group, each))]
    path = f"/{plural}/{quote(key, safe='')}/feed.xml"
    return _document(site, told, f"{told.name}: {group.name}", path, rows)


def group_sites(layout: Layout) -> dict[str, tuple[Site, ...]]:
    """Return the references by which pages are filed, by the type of what they are filed under.

    That is a grouped type, or one that lists those that refer to it; and never that of the pages themselves.
    """
    found: dict[str, tuple[Site, ...]] = {}
    for entry in page_entries(layout):
        for site in entry.sites:
            target = layout.entries[site.target_type]
            is_filed = site.shape in {SiteShape.ONE, SiteShape.LIST} and target.type is not entry.type
            if is_filed and len(target.type.keys[:1]) == 1 and _gathers(target, site):
                found[site.target_type] = (*found.get(site.target_type, ()), site)
    return found


def _gathers(target: EntryLayout, site: Site) -> bool:
    lists = [each.back for each in target.type.fields if each.back and each.type.is_list]
    backs = {(back.type_name, back.path) for back in lists}
    is_named = len(target.type.keys[0].fields) == 1
    return is_named and (target.type.is_grouped or (site.owner_type, site.path) in backs)


async def _group(generation: Generation, plural: str, key: str) -> _Group | None:
    layout = generation.prepared.layout
    for type_name, sites in group_sites(layout).items():
        entry = layout.entries[type_name]
        if entry.type.plural == plural:
            listing = Listing(layout, entry)
            name = listing.scope.sql(called_by(layout.model, entry.type))
            where = f"{listing.scope.column(_key_of(entry))} = ?1"
            sql = f"SELECT (SELECT CAST(json_quote({name}) AS BLOB) FROM {listing.scope.rows()} WHERE {where})"
            called = await asked(generation, sql, key)
            return None if called is None else _Group(entry, key, str(called), sites)
    return None


def _key_of(entry: EntryLayout) -> str:
    return key_column(entry.main, entry.type.keys[0].fields[0])


def _filed(generation: Generation, group: _Group, site: Site) -> tuple[EntryLayout, str, str]:
    """Return the type of the pages that refer by `site`, and SQL for their keys, of which ?2 is the group's key."""
    layout = generation.prepared.layout
    target = layout.tables[site.table].find(site.column_field, Role.TARGET)
    assert target is not None  # noqa: S101 - every reference has one
    is_it = f"{target.name} = (SELECT pk FROM {group.entry.main.name} WHERE {_key_of(group.entry)} = ?2)"
    return layout.entries[site.owner_type], f"SELECT {site.owner} FROM {site.table} WHERE {is_it}", group.key


async def _rows(generation: Generation, entry: EntryLayout, filed: str = "", key: str = "") -> list[list[Any]]:
    """Return the newest pages of a type, of all or of those whose keys `filed` gives."""
    listing, narrow = (Listing(generation.prepared.layout, entry) for _ in range(2))
    values = listing.values
    html = values.body_json(Role.HTML)
    members = [
        values.path, values.name, values.description, values.published, values.modified, f"json({values.writers_json})",
        f"CASE WHEN length({html}) <= {_MAX_CONTENT_CHARACTERS} THEN json({html}) END",
    ]  # fmt: skip
    # First which, then what they say: so only their texts are read.
    order = f"ORDER BY {_newest_first(narrow)}, {narrow.values.path} LIMIT ?1"
    which = [narrow.is_listed, *([f"{narrow.scope.pk} IN ({filed})"] if filed else [])]
    newest = f"SELECT {narrow.scope.pk} FROM {narrow.scope.rows()} WHERE {' AND '.join(which)} {order}"
    where = [f"{listing.scope.pk} IN ({newest})"]
    sql = listing.statement(members, where, f"ORDER BY {_newest_first(listing)}, {values.path}")
    found: list[list[Any]] = await asked(generation, sql, NEWEST, *([key] if filed else []))
    return found


def _newest_first(listing: Listing) -> str:
    """Return SQL for the order of the pages of a type, the newest first, by an index where there is one."""
    entry, field = listing.scope.entry, listing.values.fields.published
    if field and entry.type.field(field).is_order:
        order = entry.order_key(field, descending=True)
        return f"{listing.scope.column(order.column)}{' DESC' if order.reversed else ''}"
    return f"{listing.values.published if field else listing.values.modified} DESC"


def _document(site: WebSite, told: About, title: str, path: str, rows: Iterable[list[Any]]) -> Document:
    newest = sorted(rows, key=lambda row: (row[3] or "", row[4], row[0]), reverse=True)[:NEWEST]
    changed = max((_moment(row[4]) for row in newest), default=_moment(told.published))
    address = xml.text(site.own(path))
    parts = [
        f'{xml.HEAD}<feed xmlns="http://www.w3.org/2005/Atom">\n',
        xml.element("title", title),
        f"<id>{address}</id>\n",
        xml.element("updated", changed),
        f"<author><name>{xml.text(told.name)}</name></author>\n",
        f'<link rel="self" type="{ATOM}" href="{address}"/>\n',
        f'<link rel="alternate" type="text/html" href="{xml.text(site.page("/"))}"/>\n',
        *(_entry(site, *row) for row in newest),
        "</feed>\n",
    ]
    return Document(ATOM, whole("".join(parts)))


def _entry(  # noqa: PLR0917 - as the statement gives them
    site: WebSite,
    url: str,
    name: str,
    description: str | None,
    published: str | None,
    modified: str,
    writers: list[dict[str, str]] | None,
    html: str | None,
) -> str:
    address = site.page(url)
    here = xml.text(address)
    return "".join([
        "<entry>\n",
        xml.element("title", name),
        f'<id>{here}</id>\n<link rel="alternate" type="text/html" href="{here}"/>\n',
        xml.element("published", _moment(published)) if published else "",
        xml.element("updated", _moment(modified)),
        *(f"<author><name>{xml.text(each['name'])}</name></author>\n" for each in writers or ()),
        xml.element("summary", description) if description else "",
        xml.element("content", html, f' type="html" xml:base="{here}"') if html else "",
        "</entry>\n",
    ])  # fmt: skip


def _moment(value: str) -> str:
    """Return a date or a moment as RFC 3339 has it; a date is its midnight in UTC."""
    return f"{value}T00:00:00Z" if len(value) == _DATE_CHARACTERS else value
