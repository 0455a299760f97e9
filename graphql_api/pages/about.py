"""About: what the site itself is called, and says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.engine.meta import home_name
from graphql_api.engine.page_fields import page_fields
from graphql_api.pages.listing import Listing, asked

if TYPE_CHECKING:
    from graphql_api.pages.documents import Generation, Site


class About(Struct, frozen=True):
    """The name of the site, what it says of itself ("" for nothing), and when its content was published."""

    name: str
    description: str
    published: str


async def about(generation: Generation, site: Site) -> About:
    """Return what the entry of the first type with one file says; without one, the site is called by its host."""
    layout = generation.prepared.layout
    found = home_name(layout.model)
    told = ["NULL", "NULL"]
    if found:
        listing = Listing(layout, layout.entries[found[0]])
        has_more = page_fields(layout.model, layout.entries[found[0]].type).description
        members = [listing.scope.sql(found[1]), listing.values.description if has_more else "NULL"]
        told = [f"(SELECT {each} FROM {listing.scope.rows()} LIMIT 1)" for each in members]
    sql = f"SELECT CAST(json_array({', '.join(told)}, loaded_at) AS BLOB) FROM content"
    name, description, published = await asked(generation, sql)
    return About(name or site.host, description or "", published)
