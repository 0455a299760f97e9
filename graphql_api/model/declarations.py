"""Declarations: what a document declares, by name, with its directives; names and types that do not exist are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    DirectiveLocation,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
)
from msgspec import Struct

from graphql_api.model.directives import Directives, did_you_mean, read_directives, shortened
from graphql_api.model.problems import MAX_COUNTED, ModelError, ModelProblem
from graphql_api.model.types import FieldType, Shape
from graphql_api.model.vocabulary import REFERENCE_STATUS, SCALARS, vocabulary
from graphql_api.records import Severity

if TYPE_CHECKING:
    from graphql import DefinitionNode, DocumentNode, Node, StringValueNode, TypeNode

ANYWHERE = "*"
ENTRY_DIRECTIVES = ("content", "singleton", "grouped")


class FieldDeclaration(Struct, frozen=True):
    """A field as it is declared."""

    name: str
    node: FieldDefinitionNode
    directives: Directives
    type: FieldType


class TypeDeclaration(Struct, frozen=True):
    """A type as it is declared: an object type, a union or an enum."""

    name: str
    node: ObjectTypeDefinitionNode | UnionTypeDefinitionNode | EnumTypeDefinitionNode
    directives: Directives
    fields: dict[str, FieldDeclaration] = {}
    values: dict[str, Directives] = {}
    """What stands on each value of an enum."""

    @property
    def has_entries(self) -> bool:
        """Whether it is an entry type, be the directive that says so good or not."""
        return any(each.name.value in ENTRY_DIRECTIVES for each in self.node.directives or ())


class Declarations:
    """What a document declares, and what is wrong with it so far."""

    def __init__(self, document: DocumentNode) -> None:
        """Read every definition of the document."""
        self.problems: list[ModelProblem] = []
        self.types: dict[str, TypeDeclaration] = {}
        self.broken: set[tuple[str, str]] = set()
        """(type, field) of each field with a problem, (type, "") of each type itself, (type, ANYWHERE) of both."""
        self._owner = ("", "")
        for definition in document.definitions:
            self._read_type(definition)
        for declared in self.types.values():
            if isinstance(declared.node, ObjectTypeDefinitionNode):
                self._read_fields(declared)

    def report(self, node: Node, message: str) -> None:
        """Keep an error at a place of the text."""
        self.problems.append(problem_at(node, message))
        if len(self.problems) >= MAX_COUNTED:
            raise ModelError(tuple(self.problems))
        self.broken |= {self._owner, (self._owner[0], ANYWHERE)}

    def shape_of(self, name: str) -> Shape | None:
        """Return the shape of a named type, None if there is none."""
        if name in SCALARS:
            return Shape.SCALAR
        if name == REFERENCE_STATUS:
            return Shape.ENUM
        declared = self.types.get(name)
        if declared is None:
            return None
        if isinstance(declared.node, EnumTypeDefinitionNode):
            return Shape.ENUM
        if isinstance(declared.node, UnionTypeDefinitionNode):
            return Shape.UNION
        return Shape.ENTRY if declared.has_entries else Shape.GROUP

    def _read_type(self, node: DefinitionNode) -> None:
        if not isinstance(node, ObjectTypeDefinitionNode | UnionTypeDefinitionNode | EnumTypeDefinitionNode):
            self.report(node, refusal_of(node.kind))
            return
        name = node.name.value
        self._owner = (name, "")
        if name in self.types:
            self.report(node.name, f"There are two types {name}. Rename one.")
            return
        if isinstance(node, ObjectTypeDefinitionNode):
            place = DirectiveLocation.OBJECT
            for interface in node.interfaces or ():
                self.report(interface, "A model has no interfaces; Node is added by itself. Take out `implements`.")
        else:
            place = DirectiveLocation.UNION if isinstance(node, UnionTypeDefinitionNode) else DirectiveLocation.ENUM
        declared = TypeDeclaration(name, node, read_directives(node.directives or (), place, self.report))
        self.types[name] = declared
        if isinstance(node, EnumTypeDefinitionNode):
            self._read_values(declared, node)

    def _read_values(self, declared: TypeDeclaration, node: EnumTypeDefinitionNode) -> None:
        for value in node.values or ():
            name = value.name.value
            if name in declared.values:
                self.report(value, f"{declared.name} has two values {name}. Rename one.")
            declared.values[name] = read_directives(value.directives or (), DirectiveLocation.ENUM_VALUE, self.report)

    def _read_fields(self, declared: TypeDeclaration) -> None:
        assert isinstance(declared.node, ObjectTypeDefinitionNode)  # noqa: S101 - for mypy
        for node in declared.node.fields or ():
            name = node.name.value
            self._owner = (declared.name, name)
            if name in declared.fields:
                self.report(node.name, f"{declared.name} has two fields {name}. Rename one.")
                continue
            for argument in node.arguments or ():
                self.report(argument, f"{name} has an argument. Arguments follow from directives; take it out.")
            directives = read_directives(node.directives or (), DirectiveLocation.FIELD_DEFINITION, self.report)
            if type_ := self._type(node.type):
                declared.fields[name] = FieldDeclaration(name, node, directives, type_)
        if not declared.node.fields:
            self._owner = (declared.name, "")
            self.report(declared.node.name, f"{declared.name} has no fields. Give it at least one.")

    def _type(self, node: TypeNode, *, is_required: bool = False) -> FieldType | None:
        """Return the type of a field, None if the text names one that does not exist."""
        if isinstance(node, NonNullTypeNode):
            return self._type(node.type, is_required=True)
        if isinstance(node, ListTypeNode):
            item = self._type(node.type)
            return item and FieldType(item.name, item.shape, is_required, item)
        assert isinstance(node, NamedTypeNode)  # noqa: S101 - there is no other
        name = node.name.value
        shape = self.shape_of(name)
        if shape is None:
            self.report(node, self._unknown(node))
            return None
        return FieldType(name, shape, is_required)

    def _unknown(self, node: NamedTypeNode) -> str:
        name = node.name.value
        if vocabulary().get_type(name):
            return f"{name} is part of the vocabulary and no type of a field. Choose another."
        known = sorted(SCALARS | set(self.types))
        shown = shortened(name)
        return f"There is no type {shown}. {did_you_mean(name, known)} Or declare it: type {shown} {{ … }}"


def refusal_of(kind: str) -> str:
    """Return why a model has no definition of that kind, and what to do."""
    if kind in {"operation_definition", "fragment_definition"}:
        return "This is a query, which a model does not have. Take it out."
    if kind.endswith("_extension"):
        return "A model has no extensions. Write these fields and directives where the type is declared."
    what = {
        "schema_definition": "schema: Query and the rest follow from the types",
        "input_object_type_definition": "inputs: filters and orders follow from @filter and @order",
        "interface_type_definition": "interfaces: Node is added by itself",
        "scalar_type_definition": "scalars of its own: use String, or JSON for any value",
        "directive_definition": "directives of its own: use those of the vocabulary",
    }.get(kind, "such definitions")
    return f"A model has no {what}. Take this out."


def problem_at(node: Node | None, message: str, severity: Severity = Severity.ERROR) -> ModelProblem:
    """Return a problem with the place of a node."""
    token = node.loc.start_token if node and node.loc else None
    return ModelProblem(severity, token.line if token else 1, token.column if token else 1, message)


def description_of(node: StringValueNode | None) -> str:
    """Return the text of a description, "" without one."""
    return node.value.strip() if node else ""
