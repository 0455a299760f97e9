"""Unmet references: those that lead nowhere although their field wants an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.loading.identity import EntryId
from graphql_api.model.types import Missing
from graphql_api.records import Problem, Severity
from graphql_api.store.sites import SiteShape
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    import aiosqlite

    from graphql_api.model.types import Field
    from graphql_api.store.layout import Layout
    from graphql_api.store.sites import Site

REFERENCE_DANGLING = "REFERENCE_DANGLING"
_SHOWN_CHARACTERS = 200


class Unmet(Struct, frozen=True):
    """One reference that leads nowhere, or to its own entry where that will not do.

    `top` is the field of the entry that it is in, or is; `pk` is that of the entry. `position` counts from 1 in a list,
    and is None elsewhere. `refuses` says that the entry cannot be without it.
    """

    id: EntryId
    pk: int
    site: Site
    top: Field
    position: int | None
    key: str
    refuses: bool

    def problem(self, line: int | None) -> Problem:
        """Return what is told of it; `line` is that of the reference in the file."""
        shown = self.key if len(self.key) <= _SHOWN_CHARACTERS else f"{self.key[:_SHOWN_CHARACTERS]}…"
        target, name = self.site.target_type, ".".join(self._path())
        by = self.site.field.reference.by if self.site.field.reference else ""
        wrong = f"`{name}` names the {target} {shown}, and none with that {by} is loaded."
        if self.refuses:
            severity, remedy = Severity.ERROR, "Add it, mend its file if it has an error, or name another one."
        else:
            remedy = "It is left out. Add it, mend its file if it has an error, or take the reference out."
            severity = Severity.WARNING
        return Problem(severity, REFERENCE_DANGLING, self.id.path, line, f"{wrong} {remedy}")

    def _path(self) -> tuple[str, ...]:
        return self.site.path[:1] if len(self.site.path) == 1 else (self.site.path[0], self.site.path[-1])


async def unmet_references(db: aiosqlite.Connection, layout: Layout, *, refusing: bool) -> list[Unmet]:
    """Return the references that are unmet: those for which an entry is refused, or those that are only left out."""
    found = []
    for site in layout.sites:
        if _wants(site, refusing=refusing) and not layout.entries[site.target_type].type.is_grouped:
            found += await _of_site(db, layout, site, refuses=refusing)
    return found


def _wants(site: Site, *, refusing: bool) -> bool:
    """Return whether a site is one of those that an entry cannot be without, or of the others that do not keep all."""
    missing = site.field.reference.missing if site.field.reference else Missing.KEEP
    if missing is Missing.KEEP:
        return False
    return (missing is Missing.ERROR or _is_required(site)) is refusing


def _is_required(site: Site) -> bool:
    return site.field.type.is_required and not site.field.type.is_list


async def _of_site(db: aiosqlite.Connection, layout: Layout, site: Site, *, refuses: bool) -> list[Unmet]:
    table = layout.tables[site.table]
    target, status, key = (table.find(site.column_field, role) for role in (Role.TARGET, Role.STATUS, Role.KEY))
    assert target is not None  # noqa: S101 - every reference has them
    assert status is not None  # noqa: S101 - as above
    assert key is not None  # noqa: S101 - as above
    # A list is fine without an entry that names itself; what cannot be absent is not.
    nowhere = f"here.{target.name} IS NULL" if _is_required(site) else f"here.{status.name} = 'DANGLING'"
    position = "NULL" if site.shape in {SiteShape.ONE, SiteShape.NESTED} else "here.position"
    main = layout.entries[site.owner_type].main.name
    rows = await db.execute_fetchall(
        f"SELECT owner.pk, owner.path, owner.item, {position}, here.{key.name} FROM {table.name} AS here"
        f" JOIN {main} AS owner ON owner.pk = here.{site.owner}"
        f" WHERE here.{key.name} IS NOT NULL AND {nowhere} ORDER BY owner.path, owner.item, 4, 5"
    )
    top = layout.entries[site.owner_type].type.field(site.path[0])
    return [
        Unmet(EntryId(site.owner_type, path, item), pk, site, top, position, key, refuses)
        for pk, path, item, position, key in rows
        if path
    ]
