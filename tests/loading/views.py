"""Views: a generation's tables by the names of its model, so that tests can ask in those.

Each entry type is a view called as the type in snake_case, with a column for each field (a count, a target, a text's
forms with the form behind the name), and `entry_*` for the entry's own. A list of references, or of groups with one, is
a view called as type and field, with `owner_pk`, `position` and the fields of the group.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphql_api.model.language import read_model
from graphql_api.store.layout import Layout, layout_of
from graphql_api.store.tables import Role, Table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_PLAIN = {Role.VALUE, Role.COUNT, Role.OTHER}
# The built-in model's own words, which older questions of these tests are asked in.
_OTHER_WORDS = {
    "question_related_articles": (
        "reference",
        (
            "owner_pk AS question_pk, position, article_id, title, subject, url, question_target AS target_pk,"
            " question_status AS status, question_repeated AS repeated"
        ),
    )
}


def snake(name: str) -> str:
    """Return a name in snake_case."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def layout_in(db: sqlite3.Connection) -> Layout:
    """Return the layout of the generation that `db` reads."""
    ((text,),) = db.execute("SELECT model FROM content").fetchall()
    return layout_of(read_model(text))


def create_views(db: sqlite3.Connection) -> Layout:
    """Create the views in the temporary schema of `db`, and return the layout."""
    layout = layout_in(db)
    for name, select in views_of(layout).items():
        db.execute(f"CREATE TEMP VIEW {name} AS {select}")
    return layout


def with_views(layout: Layout, sql: str) -> str:
    """Return a SELECT that asks the views, for a connection that does not have them."""
    return f"WITH {', '.join(f'{name} AS ({select})' for name, select in views_of(layout).items())}\n{sql}"


def views_of(layout: Layout) -> dict[str, str]:
    """Return the SELECT of each view, by its name."""
    counts = {column.field: column.name for column in layout.content.columns if column.role is Role.COUNT}
    told = ", ".join(f"{column} AS {snake(name)}_count" for name, column in counts.items())
    views = {"told": f"SELECT version, loaded_at, dangling_count, {told} FROM main.content"}
    for name, entry in layout.entries.items():
        columns = [*_columns(entry.main), *(each for each in _columns(entry.details) if not each.endswith("entry_pk"))]
        views[snake(name)] = (
            f"SELECT {', '.join(columns)}, {entry.main.name}.pk AS pk"
            f" FROM {entry.main.name} JOIN {entry.details.name} ON {entry.details.name}.pk = {entry.main.name}.pk"
        )
        nested = {"_".join(map(snake, path)): table for path, table in entry.nested.items()}
        for field, table in {**entry.lists, **entry.values, **nested}.items():
            view = f"{snake(name)}_{snake(field)}"
            views[view] = f"SELECT {', '.join(_columns(table))} FROM {table.name}"
            if view in _OTHER_WORDS:
                other, words = _OTHER_WORDS[view]
                views[other] = f"SELECT {words} FROM {view}"
    return views


def _columns(table: Table) -> Iterator[str]:
    for column in table.columns:
        name = snake(column.field).replace(".", "_")
        if column.role in {Role.OWNER, Role.POSITION, Role.CARRIED}:
            name = column.name
        elif not name:
            name = f"entry_{column.role.lower()}"
        elif column.role not in _PLAIN:
            name = f"{name}_{column.role.lower()}"
        yield f"{table.name}.{column.name} AS {name}"
