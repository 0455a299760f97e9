"""Meta: what the head of a page needs, of an entry whose type has @page."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from graphql_api.engine import sql
from graphql_api.engine.expression import Expression, or_null, sql_value
from graphql_api.engine.json_ld import json_ld
from graphql_api.engine.page_fields import called_by
from graphql_api.engine.page_values import PageValues
from graphql_api.engine.scope import EntryScope, PageScope
from graphql_api.engine.sources import constant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql_api.engine.planner import Field, Planner
    from graphql_api.engine.scope import AnyScope
    from graphql_api.model.types import Model

ROBOTS, ROBOTS_UNLISTED = "index, follow", "noindex, follow"


class _Page(Struct, frozen=True):
    """One page that a field is planned of."""

    planner: Planner
    entry: EntryScope
    values: PageValues


def meta(planner: Planner, field: Field, scope: AnyScope) -> Expression:
    """Return what the head of the page of an entry needs."""
    assert isinstance(scope, EntryScope)  # noqa: S101 - only types with entries have pages
    return planner.object(field.type, field.nodes, PageScope(scope))


def home_name(model: Model) -> tuple[str, str] | None:
    """Return the type and the field that tell what the site is called: those of the first entry that is alone."""
    for type_ in model.entry_types.values():
        name = called_by(model, type_)
        if type_.is_singleton and name and type_.field(name).type.name == "String":
            return type_.name, name
    return None


def _robots(page: _Page) -> Expression:
    return sql_value(f"CASE WHEN {page.values.is_unlisted} THEN '\"{ROBOTS_UNLISTED}\"' ELSE '\"{ROBOTS}\"' END")


def _json_ld(page: _Page) -> Expression:
    type_ = page.entry.entry.type
    assert type_.page is not None  # noqa: S101 - only types with pages have the field
    told = home_name(page.planner.layout.model)
    home = None
    if told:
        scope = page.planner.scope(told[0])
        name = scope.sql(told[1])
        home = f"(SELECT {name} FROM {scope.rows()} LIMIT 1)"
    return json_ld(page.values, type_.page.json_ld, home)


def _text(value: str) -> Expression:
    return sql_value(or_null(sql.json_text(value)))


def _part(value: Callable[[_Page], Expression]) -> Callable[[Planner, Field, Any], Expression]:
    """Return what plans one part of a page's meta."""

    def planned(planner: Planner, _: Field, scope: PageScope) -> Expression:
        values = PageValues(scope.entry, planner.bind(constant(planner.site_url)))
        return value(_Page(planner, scope.entry, values))

    return planned


PARTS: Mapping[str, Callable[[Planner, Field, Any], Expression]] = MappingProxyType(
    {
        "pageCanonicalUrl": _part(lambda page: _text(page.values.url)),
        "pageRobots": _part(_robots),
        "pageTitle": _part(lambda page: _text(page.values.title)),
        "pageDescription": _part(lambda page: _text(page.values.description)),
        "pageImage": _part(lambda page: _text(page.values.image)),
        "pageJsonLd": _part(_json_ld),
    }
)
"""What plans each part of `PageMeta`, by the name in its mapping."""
