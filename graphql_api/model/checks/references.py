"""References: how entries lead to entries, and what @back, @walk, @sibling and @page make of that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphql_api.model.checks.scope import Fault, UnknownPathError
from graphql_api.model.declarations import ANYWHERE
from graphql_api.model.directives import did_you_mean, shortened
from graphql_api.model.types import Missing, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.model.checks.scope import Scope
    from graphql_api.model.types import Field

_MAKERS = ("back", "walk", "sibling")
_ABOUT_VALUES = ("from", "default", "check", "ref", "key", "filter", "facet", "search", "hidden", "unlisted", "aliases")


def check_references(scope: Scope) -> Iterator[Fault]:
    """Yield what is wrong with references and with the fields that follow from them."""
    for owner, fields, has_entries in scope.owners():
        for field in fields:
            yield from _nulls_in_lists(owner, field)
            yield from _made(scope, owner, field, has_entries=has_entries)
            if field.reference:
                yield from _reference(scope, owner, field)
            elif scope.one("ref", owner, field.name) and field.is_value:
                message = f"{field.name} is {field.type}, and no entry. Take @ref out, or name a type with entries."
                yield Fault(message, owner, field.name, "ref")
    for type_ in scope.model.entry_types.values():
        yield from _page(scope, type_.name)


def _nulls_in_lists(owner: str, field: Field) -> Iterator[Fault]:
    type_ = field.type
    if type_.item and type_.item.item and type_.shape is not Shape.SCALAR:
        yield Fault("Lists within lists can hold scalars only. Put a group between them.", owner, field.name)
    while type_.item:
        if not type_.item.is_required:
            message = f"A list has no nulls. Write [{type_.item}!]{'!' if type_.is_required else ''}."
            yield Fault(message, owner, field.name)
            return
        type_ = type_.item


def _reference(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    reference, target = field.reference, scope.model.entry_types[field.type.name]
    applied = scope.one("ref", owner, field.name)
    assert reference is not None  # noqa: S101 - as it was called
    keys = [key.fields[0] for key in target.keys if len(key.fields) == 1]
    directive = "ref" if applied else ""
    if reference.by not in keys and (target.name, ANYWHERE) not in scope.declarations.broken:
        known = did_you_mean(reference.by, keys) if keys else f"Put @key on a field of {target.name}."
        named = f"no key {shortened(reference.by)!r}" if reference.by else "no single field that names its entries"
        yield Fault(f"{target.name} has {named}. {known}", owner, field.name, directive, 0, "by")
    elif target.is_grouped and target.identity and reference.by != target.identity.fields[0]:
        message = f"Entries of {target.name} come from references, by {target.identity.fields[0]}. Take `by` out."
        yield Fault(message, owner, field.name, directive, 0, "by")
    may_be_left_out = reference.missing is not Missing.ERROR and not target.is_grouped
    if field.type.is_required and not field.type.is_list and may_be_left_out:
        message = (
            f"{field.name} is never null, but there is nothing to show where it leads nowhere. "
            f"Write {target.name} without `!`, or @ref(missing: ERROR) to refuse such an entry."
        )
        yield Fault(message, owner, field.name, directive)
    for names in reference.or_by:
        yield from _alternative(scope, owner, field, names)


def _alternative(scope: Scope, owner: str, field: Field, names: tuple[str, ...]) -> Iterator[Fault]:
    if not names:
        yield Fault('A list of orBy is empty. Name fields: orBy: [["title"]]', owner, field.name, "ref", 0, "orBy")
    for name in names:
        for type_name in (owner, field.type.name):
            try:
                found = scope.field(type_name, name)
            except UnknownPathError as error:
                if str(error):
                    yield Fault(str(error), owner, field.name, "ref", 0, "orBy")
                break
            kind = scope.kind(found.type)
            if found.type.is_list or not found.is_value or kind is None or not kind.filter_name:
                message = f"{type_name}.{name} is {found.type}, which cannot be compared. Name other fields in orBy."
                yield Fault(message, owner, field.name, "ref", 0, "orBy")


def _made(scope: Scope, owner: str, field: Field, *, has_entries: bool) -> Iterator[Fault]:
    makers = [name for name in _MAKERS if scope.one(name, owner, field.name)]
    if len(makers) > 1:
        message = f"A field is one of {', '.join('@' + name for name in makers)}. Keep one of them."
        yield Fault(message, owner, field.name, makers[1])
        return
    if makers and not has_entries:
        if not scope.is_unclear(owner):
            message = f"@{makers[0]} is about entries, and {owner} is a group of fields. Put it on a type with entries."
            yield Fault(message, owner, field.name, makers[0])
        return
    if not field.is_value:
        what = f"@{makers[0]}" if makers else ("@from(entry:)" if field.entry else "a ReferenceStatus")
        for name in _ABOUT_VALUES:
            if scope.one(name, owner, field.name) and (makers or name != "from"):
                message = f"@{name} is about a value of the file, and {field.name} is {what}. Take @{name} out."
                yield Fault(message, owner, field.name, name)
    if field.back:
        yield from _back(scope, owner, field)
    elif field.walk:
        yield from _walk(scope, owner, field)
    elif field.sibling:
        yield from _sibling(scope, owner, field)


def _back(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    back = field.back
    assert back is not None  # noqa: S101 - as it was called
    types = scope.model.entry_types

    def fault(message: str) -> Fault:
        return Fault(message, owner, field.name, "back", 0, "of")

    if scope.is_unclear(back.type_name):
        return
    if back.type_name not in types or not back.path:
        known = did_you_mean(back.type_name, list(types)) if back.type_name not in types else ""
        yield fault(f'Name a type with entries and its field that leads here: @back(of: "Post.tags"). {known}'.strip())
        return
    try:
        found = scope.follow(back.type_name, back.path)
    except UnknownPathError as error:
        if str(error):
            yield fault(str(error))
        return
    if found.reference is None or found.type.name != owner:
        named = ".".join((back.type_name, *back.path))
        yield fault(f"{named} is {found.type}, and no reference to {owner}. Name a field that leads here.")
        return
    is_list = field.type.item is not None and field.type.item.item is None and field.type.name == back.type_name
    if not is_list and (field.type.is_list or field.type.name != "Int"):
        message = f"{field.name} is {field.type}. It must be [{back.type_name}!]!, or Int! for their number."
        yield Fault(message, owner, field.name)
    elif not field.type.is_required:
        yield Fault(f"There is always an answer. Write {field.type}! with its `!`.", owner, field.name)
    elif is_list and field.is_order:
        yield Fault("A list cannot be sorted by. Put @order on an Int! with @back.", owner, field.name, "order")


def _walk(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    assert field.walk is not None  # noqa: S101 - as it was called
    try:
        found = scope.follow(owner, field.walk.path)
    except UnknownPathError as error:
        if str(error):
            yield Fault(str(error), owner, field.name, "walk", 0, "over")
        return
    if found.reference is None or found.type.name != owner:
        message = f"{'.'.join(field.walk.path)} is {found.type}. A walk goes over references from {owner} to {owner}."
        yield Fault(f"{message} Name one.", owner, field.name, "walk", 0, "over")
    if str(field.type) != f"[{owner}!]!":
        yield Fault(f"{field.name} is {field.type}. A walk gives [{owner}!]!.", owner, field.name)
    if field.is_order:
        yield Fault("A list cannot be sorted by. Take @order out.", owner, field.name, "order")


def _sibling(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    sibling = field.sibling
    assert sibling is not None  # noqa: S101 - as it was called
    if str(field.type) != owner:
        message = f"{field.name} is {field.type}. It must be {owner}, without `!`: the last one has none."
        yield Fault(message, owner, field.name)
    if scope.model.entry_types[owner].is_singleton:
        yield Fault("A singleton is the only one of its type. Take @sibling out.", owner, field.name, "sibling")
    if field.is_order:
        yield Fault("An entry cannot be sorted by. Take @order out.", owner, field.name, "order")
    if not sibling.by:
        yield Fault('`by` is empty. Name fields to sort by: by: ["date"]', owner, field.name, "sibling", 0, "by")
    for name in (*sibling.by, *([sibling.in_] if sibling.in_ is not None else [])):
        argument = "by" if name in sibling.by else "in"
        try:
            found = scope.field(owner, name)
        except UnknownPathError as error:
            if str(error):
                yield Fault(str(error), owner, field.name, "sibling", 0, argument)
            continue
        kind = scope.kind(found.type)
        is_sorted = kind is not None and kind.order is not None
        is_good = found.is_value and not found.type.is_list and (is_sorted or (argument == "in" and found.reference))
        if not is_good:
            what = "sorted by" if argument == "by" else "grouped by"
            message = f"{name} is {found.type}, which cannot be {what}. Name a field of one value."
            yield Fault(message, owner, field.name, "sibling", 0, argument)


def is_address(field: Field) -> bool:
    """Return whether a field has the address of every entry's page."""
    is_text = field.type.name in {"String", "Url"} and not field.type.is_list
    return field.name == "url" and is_text and field.type.is_required and field.is_value


def _page(scope: Scope, owner: str) -> Iterator[Fault]:
    applied = scope.one("page", owner)
    if applied is None:
        return
    if not any(is_address(each) for each in scope.model.fields_of(owner)):
        message = f"A page has an address, and {owner} has none. Give it a field url: String!"
        yield Fault(message, owner, "", "page", is_of_all=True)
    if applied["jsonLd"] is not None and not re.fullmatch(r"[A-Z][A-Za-z]*", applied["jsonLd"]):
        message = "jsonLd is the name of a type of schema.org, for example Article. Write one."
        yield Fault(message, owner, "", "page", 0, "jsonLd")
    for argument in ("title", "description", "image"):
        path = applied[argument]
        if path is None:
            continue
        allowed = {"String", "Url", "Image"} if argument == "image" else {"String", "RichText"}
        try:
            found = scope.follow(owner, path.split("."))
        except UnknownPathError as error:
            if str(error):
                yield Fault(str(error), owner, "", "page", 0, argument)
            continue
        if found.type.is_list or found.type.name not in allowed:
            message = f"{shortened(path)} is {found.type}. Name a field of {' or '.join(sorted(allowed))}."
            yield Fault(message, owner, "", "page", 0, argument)
