"""Drafts: types and fields while they are guessed; `writing` makes the text of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from graphql_api.inference.words import is_reserved
from graphql_api.model.names import plural_of, uncapitalized

if TYPE_CHECKING:
    from graphql_api.inference.columns import Column
    from graphql_api.inference.forms import Form


class Document(NamedTuple):
    """One entry: its file, the key of its item ("" where the file is the entry), its keys, and whether text follows."""

    path: str
    item: str
    values: dict[str, Any]
    has_body: bool = False


class FieldDraft(Struct):
    """One field: `type_name` within `depth` lists; `sources` are the arguments of each @from, none for the rule."""

    name: str
    type_name: str
    depth: int = 0
    is_required: bool = False
    sources: list[str] = []
    directives: list[str] = []
    why: list[str] = []
    column: Column | None = None
    form: Form | None = None

    @property
    def type_text(self) -> str:
        """The type as GraphQL writes it; a list is never null, and holds no null."""
        text = self.type_name
        for _ in range(self.depth):
            text = f"[{text}!]"
        return f"{text}!" if self.is_required or self.depth else text

    @property
    def key(self) -> str:
        """The key in files, "" for a field of another source."""
        return self.column.keys[0] if self.column else ""

    def add(self, directive: str) -> None:
        """Add a directive, once."""
        if directive not in self.directives:
            self.directives.append(directive)


class TypeDraft(Struct):
    """One type: an entry type has a `header` (its directives) and documents, a group neither."""

    name: str
    fields: list[FieldDraft] = []
    header: str = ""
    more: str = ""
    """Directives after the header: the @key of several fields together, and @grouped beside files."""
    note: str = ""
    documents: list[Document] = []
    folders: tuple[str, ...] = ()
    ignore: dict[str, str] = {}
    """The keys that are left out, each with the reason."""
    identity: str = ""
    """The field that names its entries."""
    identities: dict[str, list[str]] = {}
    """What each entry is named by each field that may be a key, in the order of the documents."""
    is_singleton: bool = False
    is_grouped: bool = False

    def field(self, name: str) -> FieldDraft | None:
        """Return the field of that name, None if there is none."""
        return next((each for each in self.fields if each.name == name), None)


class Draft(Struct):
    """A whole model: types by name, and the spellings of each choice."""

    types: dict[str, TypeDraft] = {}
    groups: dict[str, TypeDraft] = {}
    unions: dict[str, tuple[str, dict[str, str]]] = {}
    """Of each union: its key, and the name of the group for each value of it."""
    choices: dict[str, tuple[str, ...]] = {}
    wished: set[str] = set()
    """Names that keys of entries may need for types of their own."""

    def free_name(self, *wished: str, has_entries: bool = False) -> str:
        """Return the first wished name that nothing has, else the last one with a number."""
        names = (*self.types, *self.groups, *self.unions, *self.choices)
        taken = {name.casefold() for name in names}
        fields = {field for name in self.types for field in _root_fields(name)}
        for name in wished:
            is_free = name.casefold() not in taken and not is_reserved(name)
            if name and is_free and not (has_entries and not fields.isdisjoint(_root_fields(name))):
                return name
        last = next((name for name in reversed(wished) if name), "Entry")
        number = 2
        while f"{last}{number}".casefold() in taken or is_reserved(f"{last}{number}"):
            number += 1
        return f"{last}{number}"


def _root_fields(name: str) -> tuple[str, str]:
    """Return the root fields that a type of that name would have."""
    return uncapitalized(name), plural_of(name)
