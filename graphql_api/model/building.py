"""Building: from declarations to a model's data, with everything filled in that the text leaves to the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import EnumTypeDefinitionNode, ObjectTypeDefinitionNode, UnionTypeDefinitionNode
from msgspec.structs import replace

from graphql_api.model.declarations import description_of
from graphql_api.model.fields import field_of
from graphql_api.model.names import capitalized, plural_of
from graphql_api.model.searched import searched_paths
from graphql_api.model.types import Choice, Each, EntryType, Field, Group, Key, Model, Page, Union

if TYPE_CHECKING:
    from graphql_api.model.declarations import Declarations, TypeDeclaration


def build(text: str, declarations: Declarations) -> Model:
    """Return the model of good declarations; of others, what can be made of them."""
    types = declarations.types.values()
    objects = [each for each in types if isinstance(each.node, ObjectTypeDefinitionNode)]
    model = Model(
        text=text,
        entry_types={each.name: _entry_type(each) for each in objects if each.has_entries},
        groups={each.name: _group(each) for each in objects if not each.has_entries},
        unions={
            each.name: _union(each, declarations) for each in types if isinstance(each.node, UnionTypeDefinitionNode)
        },
        choices={each.name: _choice(each) for each in types if isinstance(each.node, EnumTypeDefinitionNode)},
    )
    return _completed(model)


def _fields(declared: TypeDeclaration, *, is_grouped: bool = False) -> tuple[Field, ...]:
    return tuple(field_of(each, is_grouped=is_grouped) for each in declared.fields.values())


def _entry_type(declared: TypeDeclaration) -> EntryType:
    directives = declared.directives
    content, single, grouped = (directives.one(name) for name in ("content", "singleton", "grouped"))
    files = content["files"] if content else [single["file"]] if single else []
    plural = (content and content["plural"]) or (grouped and grouped["plural"]) or plural_of(declared.name)
    return EntryType(
        name=declared.name,
        fields=_fields(declared, is_grouped=grouped is not None),
        keys=_keys(declared),
        globs=tuple(files),
        each=Each(content["each"]) if content else Each.FILE,
        ignore=frozenset((content or single or {"ignore": ()})["ignore"]),
        is_singleton=single is not None,
        is_grouped=grouped is not None,
        plural="" if single else plural,
        search=(content and content["search"]) or "",
        page=_page(declared),
        description=description_of(declared.node.description),
    )


def _keys(declared: TypeDeclaration) -> tuple[Key, ...]:
    """Return the keys of single fields, in their order, then the named ones of several."""
    single = [Key(each.name, (each.name,)) for each in declared.fields.values() if "key" in each.directives]
    several = [Key(each["name"] or "", tuple(each["fields"] or ())) for each in declared.directives.all("key")]
    return (*single, *several)


def _page(declared: TypeDeclaration) -> Page | None:
    applied = declared.directives.one("page")
    if applied is None:
        return None
    return Page(applied["jsonLd"], applied["title"], applied["description"], applied["image"])


def _group(declared: TypeDeclaration) -> Group:
    block = declared.directives.one("is")
    description = description_of(declared.node.description)
    return Group(declared.name, _fields(declared), description, block["value"] if block else None)


def _union(declared: TypeDeclaration, declarations: Declarations) -> Union:
    assert isinstance(declared.node, UnionTypeDefinitionNode)  # noqa: S101 - for mypy
    members = {}
    for node in declared.node.types or ():
        member = declarations.types.get(node.name.value)
        block = member and member.directives.one("is")
        members[block["value"] if block else node.name.value] = node.name.value
    block = declared.directives.one("block")
    return Union(declared.name, block["key"] if block else "", members, description_of(declared.node.description))


def _choice(declared: TypeDeclaration) -> Choice:
    assert isinstance(declared.node, EnumTypeDefinitionNode)  # noqa: S101 - for mypy
    values, descriptions = {}, {}
    for node in declared.node.values or ():
        name = node.name.value
        spelling = declared.values[name].one("is")
        values[name] = spelling["value"] if spelling else name
        if node.description:
            descriptions[name] = description_of(node.description)
    return Choice(declared.name, values, description_of(declared.node.description), descriptions)


def _completed(model: Model) -> Model:
    """Return the model with what depends on other types: references' keys, and the names of searches."""
    model = replace(
        model,
        entry_types={
            name: replace(type_, fields=_referring(model, type_.fields)) for name, type_ in model.entry_types.items()
        },
        groups={name: replace(group, fields=_referring(model, group.fields)) for name, group in model.groups.items()},
    )
    types = {name: replace(type_, search=_search(model, type_)) for name, type_ in model.entry_types.items()}
    return replace(model, entry_types=types)


def _referring(model: Model, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(
        replace(each, reference=replace(each.reference, by=_identity_field(model, each)))
        if each.reference and not each.reference.by
        else each
        for each in fields
    )


def _identity_field(model: Model, field: Field) -> str:
    """Return the field that names entries of the field's type, "" if none does by itself."""
    identity = model.entry_types[field.type.name].identity
    return identity.fields[0] if identity and len(identity.fields) == 1 else ""


def _search(model: Model, type_: EntryType) -> str:
    if not searched_paths(model, type_, 1):  # how many there are is checked later
        return ""
    return type_.search or "search" + capitalized(type_.plural or type_.name)
