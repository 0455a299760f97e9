"""Scope: the model under check, and where in its text each part of it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import EnumTypeDefinitionNode, UnionTypeDefinitionNode
from msgspec import Struct

from graphql_api.kinds.registry import KINDS, choice
from graphql_api.model.declarations import ANYWHERE, problem_at
from graphql_api.model.directives import did_you_mean, shortened
from graphql_api.model.types import Shape
from graphql_api.records import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphql import Node

    from graphql_api.kinds.kind import Kind
    from graphql_api.model.declarations import Declarations, TypeDeclaration
    from graphql_api.model.directives import Applied
    from graphql_api.model.problems import ModelProblem
    from graphql_api.model.types import Field, FieldType, Model

TEXTS = frozenset(("String", "ID", "Url", "RichText"))
"""The kinds whose values are text."""


class Fault(Struct, frozen=True):
    """One problem and whose it is: a type's, a field's, or (the nth of) a directive's there, or its argument's."""

    message: str
    type: str = ""
    field: str = ""
    directive: str = ""
    nth: int = 0
    argument: str = ""
    member: str = ""
    """Of a union or an enum."""
    is_of_all: bool = False
    """Whether it may follow from a problem anywhere in the type."""
    severity: Severity = Severity.ERROR


class UnknownPathError(Exception):
    """A dotted path leads nowhere. The message says what to do; "" means that the problem has been told already."""


class Scope:
    """A model, with the declarations that it was built from."""

    def __init__(self, model: Model, declarations: Declarations) -> None:
        """Keep both."""
        self.model = model
        self.declarations = declarations

    def applied(self, type_name: str, field: str = "") -> tuple[Applied, ...]:
        """Return the directives on a type or a field."""
        declared = self.declarations.types[type_name]
        return (declared.fields[field].directives if field else declared.directives).applied

    def one(self, directive: str, type_name: str, field: str = "") -> Applied | None:
        """Return the first directive of a name on a type or a field."""
        return next((each for each in self.applied(type_name, field) if each.name == directive), None)

    def owners(self) -> Iterator[tuple[str, tuple[Field, ...], bool]]:
        """Yield the name and the fields of each entry type and group, and whether it has entries."""
        for type_ in self.model.entry_types.values():
            yield type_.name, type_.fields, True
        for group in self.model.groups.values():
            yield group.name, group.fields, False

    def field(self, type_name: str, name: str) -> Field:
        """Return a field. Raises UnknownPathError."""
        owner = self.model.entry_types.get(type_name) or self.model.groups[type_name]
        try:
            return owner.field(name)
        except KeyError:
            fields = [each.name for each in owner.fields]
        if (type_name, name) in self.declarations.broken:
            raise UnknownPathError
        shown = shortened(name)
        raise UnknownPathError(f"{type_name} has no field {shown!r}. {did_you_mean(name, fields)}")

    def follow(self, type_name: str, path: Sequence[str]) -> Field:
        """Return the field at the end of a path over groups. Raises UnknownPathError."""
        field = self.field(type_name, path[0])
        for name in path[1:]:
            if field.type.shape is not Shape.GROUP:
                reason = f"{type_name}.{field.name} is no group of fields, so that .{shortened(name)} leads nowhere."
                raise UnknownPathError(f"{reason} End the path there.")
            type_name = field.type.name
            field = self.field(type_name, name)
        return field

    def kind(self, type_: FieldType) -> Kind | None:
        """Return the kind of the values, or of a list's; None unless they are scalars or of an enum."""
        if type_.shape is Shape.SCALAR:
            return KINDS[type_.name]
        declared = self.model.choices.get(type_.name)
        return choice(declared) if declared else None

    def is_unclear(self, type_name: str) -> bool:
        """Return whether a directive on a type itself is wrong, so that nobody can say what kind of type it is."""
        return (type_name, "") in self.declarations.broken

    def problem(self, fault: Fault) -> ModelProblem | None:
        """Return a fault with its place in the text; None if its type or field has a problem that led to it."""
        broken = self.declarations.broken
        if fault.type and (fault.type, ANYWHERE if fault.is_of_all else fault.field) in broken:
            return None
        if broken and fault.severity is Severity.WARNING:
            return None
        return problem_at(self._node(fault), fault.message, fault.severity)

    def _node(self, fault: Fault) -> Node | None:
        declared = self.declarations.types.get(fault.type)
        if declared is None:
            return None
        if fault.member:
            return _member(declared, fault.member)
        field = declared.fields.get(fault.field)
        directives = field.directives if field else declared.directives
        same = directives.all(fault.directive)
        if len(same) <= fault.nth:
            return (field or declared).node.name
        node = same[fault.nth].node
        arguments = (each for each in node.arguments or () if each.name.value == fault.argument)
        return next(arguments, node)


def _member(declared: TypeDeclaration, name: str) -> Node:
    """Return the last node of a union's member or an enum's value."""
    node = declared.node
    members = node.types if isinstance(node, UnionTypeDefinitionNode) else ()
    values = node.values if isinstance(node, EnumTypeDefinitionNode) else ()
    named = [(each.name.value, each) for each in members or ()] + [(each.name.value, each) for each in values or ()]
    found = [each for its_name, each in named if its_name == name]
    return found[-1] if found else node.name
