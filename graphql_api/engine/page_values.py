"""Page values: SQL for what is said of a page, read from the row of its entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.engine import sql
from graphql_api.engine.page_fields import called_by, page_fields, text_in
from graphql_api.engine.scope import EntryScope
from graphql_api.model.types import Shape
from graphql_api.search.snippets import DEFAULT_EXCERPT_CHARACTERS
from graphql_api.store.placements import ADDRESS, Placement, placement
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from graphql_api.engine.page_fields import PageFields, Path
    from graphql_api.model.types import Field, FieldType

_TEXT, _LEAD = 2, 4
_PERSON = '\'{"@type":"Person","name":\' || '


class PageValues:
    """What one page is called, shows and belongs to; `origin` is SQL for the site's origin. Each is NULL where absent.

    A text is SQL for text; what ends with `_json` is SQL for JSON.
    """

    def __init__(self, scope: EntryScope, origin: str) -> None:
        """Look up which fields of the scope's type say what."""
        self._scope = scope
        self._origin = origin
        self._model = scope.layout.model
        self.fields: PageFields = page_fields(self._model, scope.entry.type)

    @property
    def path(self) -> str:
        """The page's url, as the entry has it."""
        return self._scope.sql(ADDRESS)

    @property
    def url(self) -> str:
        """The page's absolute url."""
        return self.absolute(self.path)

    def absolute(self, url: str) -> str:
        """Return SQL for an absolute url."""
        return f"absolute_url({url}, {self._origin})"

    @property
    def name(self) -> str:
        """What the entry is called; its url if it has no name."""
        return f"coalesce(nullif({self._scope_text(self._scope, self.fields.name)}, ''), {self.path})"

    @property
    def title(self) -> str:
        """The title of the page's head."""
        title = self._text(self.fields.title) if self.fields.title else "NULL"
        return f"coalesce(nullif({title}, ''), {self.name})"

    @property
    def description(self) -> str:
        """What the page is about: as the author says, else the start of its body."""
        said = [self.said] if self.fields.description else []
        if self.fields.body:
            said.append(f"nullif({self._text((self.fields.body,), is_short=True)}, '')")
        return _first(said)

    @property
    def said(self) -> str:
        """What the author says that the page is about, where a field is for that."""
        return f"nullif({self._text(self.fields.description, is_short=True)}, '')"

    @property
    def text(self) -> str:
        """The plain text in full, else what the entry is called."""
        full = self._text((self.fields.text,)) if self.fields.text else "NULL"
        return f"coalesce(nullif({full}, ''), {self.name})"

    @property
    def body(self) -> str:
        """The body as plain text."""
        return f"nullif({self._text((self.fields.body,))}, '')" if self.fields.body else "NULL"

    def body_json(self, role: Role) -> str:
        """Return SQL for the JSON string of the body as HTML or Markdown."""
        return self._scope.sql(self.fields.body, role) if self.fields.body else "NULL"

    @property
    def published(self) -> str:
        """The day, or the moment, of publication."""
        return self._scope.sql(self.fields.published) if self.fields.published else "NULL"

    @property
    def modified(self) -> str:
        """The day, or the moment, of the last change; the publish in which it changed where no field says so."""
        field = self._field(self.fields.modified)
        changed = self._scope.column("updated_at")
        return changed if field is None or field.entry else f"coalesce({self._scope.sql(field.name)}, {changed})"

    @property
    def is_unlisted(self) -> str:
        """Whether crawlers must not list it."""
        column = self._scope.entry.main.find("", Role.UNLISTED)
        return self._scope.column(column.name) if column else "0"

    @property
    def image(self) -> str:
        """The absolute url of the picture."""
        if not self.fields.image:
            return "NULL"
        found, type_ = self._at(self.fields.image, "->")
        source = f"({found} ->> '$[0]')" if type_.name == "Image" else self._text(self.fields.image)
        return self.absolute(f"nullif({source}, '')")

    @property
    def writers_json(self) -> str:
        """Who wrote it, as a JSON list of schema.org's persons."""
        field = self._field(self.fields.writers)
        if field is None:
            return "NULL"
        if field.reference:
            return self._referred(field)
        if field.type.shape is Shape.GROUP:
            return self._grouped(field)
        if field.type.is_list:
            return self._persons("value", f"json_each({self._scope.sql(field.name)})")
        name = self._scope.sql(field.name)
        return f"CASE WHEN {name} <> '' THEN '[' || {_person(name)} || ']' END"

    def _referred(self, field: Field) -> str:
        """Return the persons that references lead to."""
        target = self._scope.layout.entries[field.type.name]
        if placement(self._model, field) is Placement.ONE:
            other = self._scope.one(self._scope.entry.site((field.name,)))
            name = self.called(other)
            return f"CASE WHEN {name} <> '' THEN '[' || {_person(name)} || ']' END"
        if placement(self._model, field) is not Placement.LIST:
            return "NULL"
        row = self._scope.name("writers")
        other = EntryScope(self._scope.layout, target, self._scope.name(target.main.name), self._scope.name)
        name = self.called(other)
        table = self._scope.entry.lists[field.name].name
        rows = [f"{table} AS {row}", f"JOIN {target.main.name} AS {other.alias} ON {other.pk} = {row}.target"]
        where = f"WHERE {row}.owner_pk = {self._scope.pk} ORDER BY {row}.position"
        return self._persons("name", f"(SELECT {name} AS name FROM {' '.join([*rows, *other.joins])} {where})")

    def _grouped(self, field: Field) -> str:
        """Return the persons that groups tell of, where those have a name."""
        called = text_in(self._model, field.type.name)
        if not called or placement(self._model, field) is not Placement.JSON:
            return "NULL"
        at = [each.name for each in self._model.groups[field.type.name].fields].index(called)
        column = self._scope.sql(field.name)
        if field.type.is_list:
            return self._persons("name", f"(SELECT value ->> '$[{at}]' AS name FROM json_each({column}))")
        name = f"({column} ->> '$[{at}]')"
        return f"CASE WHEN {name} <> '' THEN '[' || {_person(name)} || ']' END"

    @staticmethod
    def _persons(name: str, rows: str) -> str:
        joined = sql.joined(_person(name))
        return f"(SELECT '[' || {joined} || ']' FROM {rows} WHERE {name} <> '')"

    def called(self, other: EntryScope) -> str:
        """Return SQL for what an entry of any type is called."""
        return self._scope_text(other, called_by(self._model, other.entry.type))

    @staticmethod
    def _scope_text(scope: EntryScope, name: str) -> str:
        if not name:
            return "''"
        each = scope.entry.type.field(name)
        found = scope.sql(name, Role.KEY) if each.reference else scope.sql(name)
        # What has no text is called by its key, which can be a number.
        return f"CAST({found} AS TEXT)" if each.type.name == "Int" else found

    def groups(self) -> list[tuple[str, str]]:
        """Return SQL for the name and the absolute url, NULL where nobody knows it, of what the page is filed under."""
        found = []
        for name in self.fields.groups:
            other = self._scope.one(self._scope.entry.site((name,)))
            if other.entry.type.page:
                found.append((self.called(other), self.absolute(other.sql(ADDRESS))))
            elif self._is_part_of_url(name):
                found.append((self.called(other), self.absolute(self._above(name))))
        return found

    def _is_part_of_url(self, name: str) -> bool:
        sources = self._scope.entry.type.field(name).sources
        return any(each.field == ADDRESS and each.like and "{}" in each.like for each in sources)

    def _above(self, name: str) -> str:
        """Return the part of the page's url that ends with the group's key."""
        key = self._scope.sql(name, Role.KEY)
        return f"substr({self.path}, 1, instr({self.path}, '/' || {key} || '/') + length({key}))"

    # Paths

    def _field(self, name: str) -> Field | None:
        return self._scope.entry.type.field(name) if name else None

    def _text(self, path: Path, *, is_short: bool = False) -> str:
        """Return SQL for the text at a path; of rich text its plain text, or the start of that."""
        _, type_ = self._at(path, "->>")
        if type_.name != "RichText":
            return self._at(path, "->>")[0]
        if len(path) == 1:
            found = self._scope.sql(path[0], Role.LEAD if is_short else Role.TEXT)
        else:
            found = f"({self._at(path, '->')[0]} ->> '$[{_LEAD if is_short else _TEXT}]')"
        return sql.excerpt(f"coalesce({found}, '')", str(DEFAULT_EXCERPT_CHARACTERS)) if is_short else found

    def _at(self, path: Path, arrow: str) -> tuple[str, FieldType]:
        """Return SQL for what is at a path, and its type."""
        each, steps = self._scope.entry.type.field(path[0]), ""
        for name in path[1:]:
            fields = self._model.groups[each.type.name].fields
            steps += f"[{[inner.name for inner in fields].index(name)}]"
            each = next(inner for inner in fields if inner.name == name)
        if placement(self._model, self._scope.entry.type.field(path[0])) is Placement.RICH_TEXT:
            return "", each.type
        column = self._scope.sql(path[0])
        return (f"({column} {arrow} '${steps}')" if steps else column), each.type


def _person(name: str) -> str:
    return f"{_PERSON}json_quote({name}) || '}}'"


def _first(values: list[str]) -> str:
    """Return SQL for the first of several that is not NULL."""
    if len(values) > 1:
        return f"coalesce({', '.join(values)})"
    return values[0] if values else "NULL"
