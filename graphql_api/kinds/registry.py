"""Registry: every kind of a scalar by its GraphQL name, and the kinds of enums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.kinds.boolean import BOOLEAN
from graphql_api.kinds.choices import choice
from graphql_api.kinds.date import DATE
from graphql_api.kinds.date_time import DATE_TIME
from graphql_api.kinds.file import FILE
from graphql_api.kinds.floating import FLOAT
from graphql_api.kinds.identifier import ID
from graphql_api.kinds.image import IMAGE
from graphql_api.kinds.integer import INT
from graphql_api.kinds.json_value import JSON
from graphql_api.kinds.rich_text import RICH_TEXT
from graphql_api.kinds.text import STRING
from graphql_api.kinds.url import URL

if TYPE_CHECKING:
    from graphql_api.kinds.kind import Kind

__all__ = ["KINDS", "choice"]

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (STRING, ID, INT, FLOAT, BOOLEAN, DATE, DATE_TIME, URL, JSON, RICH_TEXT, IMAGE, FILE)
}
