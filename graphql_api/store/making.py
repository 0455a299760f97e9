"""Making tables: those of one entry type, from the columns of its fields."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from graphql_api.kinds.kind import Storage
from graphql_api.model.types import Direction
from graphql_api.store.columns import Columns
from graphql_api.store.indexes import indexes
from graphql_api.store.placements import Placement, carried_order, kind_of, placement
from graphql_api.store.sites import Searched
from graphql_api.store.tables import Column, Index, Role, Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from graphql_api.model.types import EntryType, Field, Model
    from graphql_api.store.routes import Route
    from graphql_api.store.sites import Site

LINKED = "target IS NOT NULL AND NOT target_repeated"
"""Which rows of a list of references link entries, each pair once; whoever asks in these words finds their index."""

_TEXT_ROLES = (
    (Role.WORDS, Storage.INTEGER),
    (Role.MINUTES, Storage.INTEGER),
    (Role.LEAD, Storage.TEXT),
    (Role.EXCERPT, Storage.JSON),
    (Role.HEADINGS, Storage.JSON),
    (Role.MARKDOWN, Storage.JSON),
    (Role.TEXT, Storage.TEXT),
    (Role.HTML, Storage.JSON),
)


class TableMaker(Struct, dict=True):
    """Makes the tables of one entry type, whose number is part of their names."""

    model: Model
    type: EntryType
    number: int

    @cached_property
    def columns(self) -> Columns:
        """What makes the columns."""
        return Columns(self.model, self.type)

    def main_table(self, name: str, sites: list[Site]) -> Table:
        """Return the narrow table: what is asked of an entry, and its own columns."""
        asked = [column for at, each in enumerate(self.type.fields) for column in self.columns.asked(each, f"c{at}")]
        # First what only the writer knows, so that all that readers make follows as it is.
        given = [column for column in asked if self.columns.is_given_by_writer(column)]
        columns = [
            Column("pk", Storage.INTEGER, Role.PK),
            Column("version", Storage.TOKEN, Role.VERSION),
            Column("updated_at", Storage.TOKEN, Role.UPDATED_AT),
            *given,
            *(column for column in asked if column not in given),
            *self.columns.own(),
        ]
        keys = {f"c{self._at(each.name)}": f"e{self._number_of(each)}" for each in self._ones()}
        table = Table(name, tuple(columns), ("pk",), keys)
        return replace(table, indexes=indexes(self.model, self.type, table, sites))

    def details_table(self, name: str) -> Table:
        """Return the wide table: what is only shown, long texts last."""
        shown = [
            Column(f"c{at}", self.columns.storage(each), Role.VALUE, each.name, nullable=True)
            for at, each in enumerate(self.type.fields)
            if each.is_value and not self.columns.is_asked(each) and self.columns.is_one_column(each)
        ]
        searched = [
            Column(f"s{at}", Storage.TEXT, Role.SEARCHED, path) for at, path in enumerate(self.columns.searched_apart())
        ]
        texts = [
            Column(f"c{at}_{role.lower()}", storage, role, each.name, nullable=True)
            for role, storage in _TEXT_ROLES
            for at, each in enumerate(self.type.fields)
            if each.is_value and placement(self.model, each) is Placement.RICH_TEXT
        ]
        again = [
            Column(f"c{at}", self.columns.storage(each), Role.VALUE, each.name, nullable=not each.type.is_required)
            for at, each in enumerate(self.type.fields)
            if self.columns.is_shown_again(each) and (shown or texts)
        ]
        own = [Column("pk", Storage.INTEGER, Role.PK)]
        return Table(name, (*own, *again, *shown, *searched, *texts), ("pk",), {"pk": f"e{self.number}"})

    def list_table(self, field: Field, at: int) -> Table:
        """Return the table of a list of references."""
        columns = [*_row(), *self.columns.reference(field, "target")]
        carried = carried_order(self.type)
        by_target = ["target", "owner_pk", "target_repeated"]  # the last so that the index covers what asks for links
        if carried:
            columns.append(Column("carried", Storage.SORTED, Role.CARRIED))
            by_target.insert(1, f"carried{' DESC' if self._carries_backwards(carried) else ''}")
        name = f"l{self.number}_{at}"
        return self._references_table(name, columns, {"target": f"e{self._number_of(field)}"}, [(by_target, LINKED)])

    def _carries_backwards(self, order: tuple[Field, Direction]) -> bool:
        """Return whether the default order reads its column backwards: text cannot be negated."""
        kind = kind_of(self.model, order[0].type)
        return order[1] is Direction.DESC and kind is not None and kind.order is not None and not kind.order.descending

    def child_table(self, field: Field, at: int) -> Table:
        """Return the table of a list of groups that hold a reference each."""
        columns = list(_row())
        targets = {}
        for number, inner in enumerate(self.model.groups[field.type.name].fields):
            if inner.reference and not inner.type.is_list:
                columns += self.columns.reference(inner, f"c{number}")
                targets[f"c{number}"] = f"e{self._number_of(inner)}"
            elif inner.is_value:
                columns.append(Column(f"c{number}", self.columns.storage(inner), Role.VALUE, inner.name, nullable=True))
        indexed = [([target, "owner_pk"], f"{target} IS NOT NULL") for target in targets]
        fields = self.model.groups[field.type.name].fields
        compared = {names[0] for inner in fields if inner.reference for names in inner.reference.or_by}
        return self._references_table(f"l{self.number}_{at}", columns, targets, indexed, compared)

    def nested_table(self, field: Field, number: int, routes: tuple[Route, ...] = ()) -> Table:
        """Return the table of the references that stand within JSON, with a column for each of some routes to them."""
        compared = dict.fromkeys(name for names in (field.reference.or_by if field.reference else ()) for name in names)
        columns = [
            *_row(),
            *self.columns.reference(field, "target"),
            *(
                Column(f"a{at}", Storage.SORTED, Role.ALTERNATIVE, name, nullable=True)
                for at, name in enumerate(compared)
            ),
            *(Column(f"w{at}", Storage.INTEGER, Role.ROUTE, ".".join(route)) for at, route in enumerate(routes)),
        ]
        targets = {"target": f"e{self._number_of(field)}"}
        return self._references_table(
            f"r{self.number}_{number}",
            columns,
            targets,
            [(["target", "owner_pk"], "target IS NOT NULL")],
            set(compared),
        )

    def values_table(self, field: Field, at: int) -> Table:
        """Return the table of the values of a list of scalars."""
        kind = kind_of(self.model, field.type)
        assert kind is not None  # noqa: S101 - only scalars are asked by value
        columns = (*_row(), Column("value", kind.storage, Role.VALUE, field.name))
        name = f"v{self.number}_{at}"
        index = Index(f"{name}_value", ("value", "owner_pk"))
        return Table(name, columns, ("owner_pk", "position"), {"owner_pk": f"e{self.number}"}, (index,))

    def searched(self, main: Table, details: Table) -> Iterator[Searched]:
        """Yield the columns of the full-text index, in the order of the fields."""
        for path, weight in self.columns.search_paths():
            name = path.partition(".")[0]
            for table in (main, details):
                for role in (Role.SEARCHED, Role.TEXT, Role.VALUE):
                    column = table.find(path if role is Role.SEARCHED else name, role)
                    if column and (role is Role.SEARCHED or "." not in path):
                        yield Searched(path, weight, table.name, column.name)
                        break
                else:
                    continue
                break

    def _ones(self) -> list[Field]:
        return [each for each in self.type.fields if each.is_value and placement(self.model, each) is Placement.ONE]

    def _at(self, name: str) -> int:
        return next(at for at, each in enumerate(self.type.fields) if each.name == name)

    def _number_of(self, field: Field) -> int:
        return list(self.model.entry_types).index(field.type.name) + 1

    def _references_table(
        self,
        name: str,
        columns: list[Column],
        targets: dict[str, str],
        indexed: list[tuple[list[str], str]],  # columns, and of which rows
        compared: Collection[str] = (),
    ) -> Table:
        indexes = [Index(f"{name}_{by[0]}", tuple(by), where=where) for by, where in indexed]
        indexes += [
            Index(f"{name}_{column.name}", (column.name,))
            for column in columns
            if column.role is Role.KEY or (column.role in {Role.VALUE, Role.ALTERNATIVE} and column.field in compared)
        ]
        keys = {"owner_pk": f"e{self.number}", **targets}
        return Table(name, tuple(columns), ("owner_pk", "position"), keys, tuple(indexes))


def _row() -> tuple[Column, Column]:
    return Column("owner_pk", Storage.INTEGER, Role.OWNER), Column("position", Storage.INTEGER, Role.POSITION)
