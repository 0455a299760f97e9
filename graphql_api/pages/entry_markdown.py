"""Entries as Markdown: the url of a page with `.md` gives what the page says, for those who read no HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphql_api.model.types import Shape
from graphql_api.pages.documents import MARKDOWN, Document, Moved, markdown_path, whole
from graphql_api.pages.listing import Listing, asked, page_entries
from graphql_api.pages.llms import link, one_line, words_of
from graphql_api.store.addresses import page_key
from graphql_api.store.placements import ADDRESS, Placement, placement
from graphql_api.store.sites import SiteShape
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.engine.scope import EntryScope
    from graphql_api.model.types import Field, FieldType, Model
    from graphql_api.pages.documents import Generation
    from graphql_api.pages.documents import Site as WebSite
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.sites import Site

SUFFIX: Final = ".md"
_MAX_LINKS: Final = 100
_OF_THE_ROOT: Final = "/index"


async def entry_markdown(generation: Generation, site: WebSite, path: str) -> Document | Moved | None:
    """Return the entry whose page is at `path` without `.md`, where it is now if it has moved, None for none."""
    key = page_key(path.removesuffix(SUFFIX))
    keys = ["/", key] if key == _OF_THE_ROOT else [key]
    spellings = [each for one in keys for each in (one, f"{one.rstrip('/')}/", one[1:], site.page(one))]
    layout = generation.prepared.layout
    for entry in page_entries(layout):
        document = await _document(generation, site, entry, spellings)
        if document:
            return document
    url = await asked(generation, "SELECT (SELECT CAST(json_quote(page) AS BLOB) FROM redirect WHERE old = ?1)", key)
    moved = markdown_path(url, site.origin) if url else ""
    return Moved(moved) if moved else None


async def _document(generation: Generation, site: WebSite, entry: EntryLayout, spellings: list[str]) -> Document | None:
    layout = generation.prepared.layout
    listing = Listing(layout, entry)
    values, scope = listing.values, listing.scope
    shown = [
        each for each in entry.type.fields if each.is_value and _is_shown(layout, each, values.fields.description[:1])
    ]
    related = [each for each in entry.sites if _is_related(layout, each)]
    about = values.said if values.fields.description else "NULL"
    head = [values.path, values.name, about, values.published, values.modified, f"json({values.writers_json})"]
    names = [name for name, _ in values.groups()]
    lists = [
        f"json_array({', '.join(names)})",
        values.text if values.fields.text else "NULL",
        f"json_array({', '.join(f'json({_shown(scope, each)})' for each in shown)})",
        f"json_array({', '.join(_links(layout, scope, each) for each in related)})",
    ]
    marks = ", ".join(f"?{number}" for number in range(1, len(spellings) + 1))
    one = listing.statement([*head, *lists], [f"{values.path} IN ({marks})"], "LIMIT 1")
    rows = await asked(generation, one, *spellings)
    if not rows:
        return None
    text = "".join(_pieces(layout.model, site, shown, related, rows[0]))
    return Document(MARKDOWN, whole(text), canonical=site.page(rows[0][0]))


def _is_shown(layout: Layout, each: Field, told: tuple[str, ...]) -> bool:
    """Return whether a field is part of what a page says: rich text, or blocks."""
    if (each.name,) == told:
        return False
    kind = placement(layout.model, each)
    return kind is Placement.RICH_TEXT or (kind is Placement.JSON and each.type.shape is Shape.UNION)


def _shown(scope: EntryScope, each: Field) -> str:
    return scope.sql(each.name, Role.MARKDOWN if each.type.name == "RichText" else Role.VALUE)


def _is_related(layout: Layout, site: Site) -> bool:
    """Return whether a site's references lead to pages, in a list."""
    return site.shape in {SiteShape.LIST, SiteShape.CHILD} and layout.entries[site.target_type].type.page is not None


def _links(layout: Layout, scope: EntryScope, site: Site) -> str:
    """Return SQL for the list of (url, name) of the listed pages that references lead to."""
    target, table, row = layout.entries[site.target_type], layout.tables[site.table], scope.name("row")
    other = Listing(layout, target)
    other.scope.alias, other.scope.name = scope.name(target.main.name), scope.name
    leads_to, repeated = (table.find(site.column_field, role) for role in (Role.TARGET, Role.REPEATED))
    assert leads_to is not None  # noqa: S101 - every reference has one
    members = f"{other.scope.sql(ADDRESS)} AS url, {other.values.name} AS name"
    where = [f"{row}.{site.owner} = {scope.pk}", other.is_listed]
    if repeated:
        where.append(f"NOT {row}.{repeated.name}")
    rows = f"{site.table} AS {row} JOIN {other.scope.rows()} ON {other.scope.pk} = {row}.{leads_to.name}"
    found = f"SELECT {members} FROM {rows} WHERE {' AND '.join(where)} ORDER BY {row}.position LIMIT {_MAX_LINKS}"
    return f"(SELECT json_group_array(json_array(url, name)) FROM ({found}))"


def _pieces(model: Model, site: WebSite, shown: list[Field], related: list[Site], row: list[Any]) -> Iterator[str]:
    url, name, about, published, modified, writers, groups, full, bodies, links = row
    yield f"# {one_line(name)}\n"
    if about:
        yield f"\n> {one_line(about)}\n"
    facts = [
        ("Page", site.page(url)),
        ("Filed under", ", ".join(map(one_line, groups))),
        ("By", ", ".join(one_line(each["name"]) for each in writers or ())),
        ("Published", published or ""),
        ("Last changed", modified),
    ]
    yield "\n" + "".join(f"- {label}: {value}\n" for label, value in facts if value)
    if full and full != name:
        yield f"\n{full.strip()}\n"
    texts = [(each, text) for each, body in zip(shown, bodies, strict=True) if (text := _text(model, each.type, body))]
    for each, text in texts:
        heading = f"\n## {words_of(each.name)}\n" if len(texts) > 1 else ""
        yield f"{heading}\n{text}\n"
    for way, found in zip(related, links, strict=True):
        if found:
            lines = "".join(f"- {link(called, site.markdown(address))}\n" for address, called in found)
            yield f"\n## {words_of(way.path[0])}\n\n{lines}"


def _text(model: Model, type_: FieldType, body: Any) -> str:  # noqa: ANN401 - JSON of the type
    if type_.name == "RichText" and not type_.item:
        return (body or "").strip()
    return "\n\n".join(filter(None, map(str.strip, _texts(model, type_, body))))


def _texts(model: Model, type_: FieldType, value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON of the type
    """Yield the texts in a value, as they stand: those that are plain, and rich ones as Markdown."""
    if value is None:
        return
    if type_.item:
        for each in value:
            yield from _texts(model, type_.item, each)
    elif type_.shape is Shape.UNION:
        yield from _of_group(model, list(model.unions[type_.name].members.values())[value[0]], value[1])
    elif type_.shape is Shape.GROUP:
        yield from _of_group(model, type_.name, value)
    elif type_.name == "String":
        yield value
    elif type_.name == "RichText":
        yield value[0]


def _of_group(model: Model, name: str, value: list[Any]) -> Iterator[str]:
    for each, inner in zip(model.groups[name].fields, value, strict=True):
        if each.is_value and not each.reference:
            yield from _texts(model, each.type, inner)
