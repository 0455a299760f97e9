"""Fields: a declared field as the model's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import FloatValueNode, IntValueNode, ListValueNode, ObjectValueNode, value_from_ast_untyped

from graphql_api.model.declarations import description_of
from graphql_api.model.names import singular
from graphql_api.model.sources import sources_of
from graphql_api.model.types import (
    ABSENT,
    Back,
    Check,
    DatePart,
    Direction,
    EntryPart,
    Facet,
    Field,
    Level,
    Missing,
    Reference,
    Search,
    Shape,
    Sibling,
    Step,
    Walk,
)
from graphql_api.model.vocabulary import REFERENCE_STATUS

if TYPE_CHECKING:
    from graphql import ValueNode

    from graphql_api.model.declarations import FieldDeclaration


def field_of(declared: FieldDeclaration, *, is_grouped: bool) -> Field:
    """Return a field; its reference has no `by` yet where the text names none (""), and no name is checked."""
    directives = declared.directives
    sources = sources_of(declared, is_grouped=is_grouped)
    status_of = sources[0].field if declared.type.name == REFERENCE_STATUS and sources else None
    entry = next((source.entry for source in sources if source.entry), None)
    back, walk, sibling = _back(declared), _walk(declared), _sibling(declared)
    is_value = not (status_of or entry or back or walk or sibling)
    order, hidden, unlisted = directives.one("order"), directives.one("hidden"), directives.one("unlisted")
    return Field(
        name=declared.name,
        type=declared.type,
        description=description_of(declared.node.description),
        sources=sources if is_value else (),
        default=_default(declared),
        check=_check(declared),
        reference=_reference(declared) if is_value and declared.type.shape is Shape.ENTRY else None,
        back=back,
        walk=walk,
        sibling=sibling,
        status_of=status_of,
        entry=entry and EntryPart(entry),
        is_key="key" in directives,
        is_filter="filter" in directives,
        is_order=order is not None,
        default_order=Direction(order["default"]) if order and order["default"] else None,
        facet=_facet(declared),
        search=_search(declared),
        hidden_when=hidden["when"] if hidden else None,
        unlisted_when=unlisted["when"] if unlisted else None,
        is_alias="aliases" in directives,
    )


def _default(declared: FieldDeclaration) -> Any:  # noqa: ANN401 - any JSON value
    applied = declared.directives.one("default")
    if applied is None:
        return ABSENT
    return json_of((applied.node.arguments or ())[0].value)


def json_of(node: ValueNode) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON form of a literal: an enum value is its name. A whole number that is too long becomes a float."""
    match node:
        case IntValueNode():
            return int(node.value) if len(node.value) <= 20 else float(node.value)  # noqa: PLR2004 - 64 bits fit
        case FloatValueNode():
            return float(node.value)
        case ListValueNode():
            return [json_of(each) for each in node.values]
        case ObjectValueNode():
            return {each.name.value: json_of(each.value) for each in node.fields}
        case _:
            return value_from_ast_untyped(node)


def _check(declared: FieldDeclaration) -> Check | None:
    applied = declared.directives.one("check")
    if applied is None:
        return None
    return Check(applied["min"], applied["max"], applied["like"], Level(applied["level"]))


def _reference(declared: FieldDeclaration) -> Reference:
    applied = declared.directives.one("ref")
    if applied is None:
        return Reference(by="")
    alternatives = tuple(tuple(names) for names in applied["orBy"])
    return Reference(applied["by"] or "", alternatives, Missing(applied["missing"]))


def _back(declared: FieldDeclaration) -> Back | None:
    applied = declared.directives.one("back")
    if applied is None:
        return None
    type_name, *path = applied["of"].split(".")
    return Back(type_name, tuple(path))


def _walk(declared: FieldDeclaration) -> Walk | None:
    applied = declared.directives.one("walk")
    return Walk(tuple(applied["over"].split("."))) if applied else None


def _sibling(declared: FieldDeclaration) -> Sibling | None:
    applied = declared.directives.one("sibling")
    return Sibling(tuple(applied["by"]), applied["in"], Step(applied["step"])) if applied else None


def _facet(declared: FieldDeclaration) -> Facet | None:
    applied = declared.directives.one("facet")
    if applied is None:
        return None
    by = DatePart(applied["by"]) if applied["by"] else None
    own = singular(declared.name) if declared.type.is_list else declared.name
    return Facet(applied["name"] or (by.lower() if by else own), by)


def _search(declared: FieldDeclaration) -> Search | None:
    applied = declared.directives.one("search")
    return Search(applied["weight"], applied["of"]) if applied else None
