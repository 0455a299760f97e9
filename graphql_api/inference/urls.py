"""Urls: what the parts of a url say of its entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphql_api.inference.drafts import FieldDraft, TypeDraft
from graphql_api.inference.words import field_name, type_name
from graphql_api.inference.writing import arguments
from graphql_api.reading.slugs import slug

if TYPE_CHECKING:
    from graphql_api.inference.drafts import Draft

FEW_TO_SPLIT = 4
PARTS = 2
"""A url of one part has nothing to tell beside it."""
SPELLED_IN = 0.8
REPEATS = 2.0


class _Part(NamedTuple):
    place: int
    values: list[str]


def add_url_parts(type_: TypeDraft, draft: Draft) -> None:
    """Add the slug that ends the urls, and a grouped type for a part that a text key spells."""
    field = next(
        (each for each in type_.fields if each.name in {"url", "permalink"} and each.name in type_.identities), None
    )
    if field is None or len(type_.identities[field.name]) < FEW_TO_SPLIT:
        return
    parts = [url.strip("/").split("/") for url in type_.identities[field.name]]
    depths = {len(each) for each in parts}
    if len(depths) > 1 or max(depths) < PARTS or not type_.identities[field.name][0].startswith("/"):
        return
    columns = [_Part(place, list(values)) for place, values in enumerate(zip(*parts, strict=True))]
    literal = {part.place: part.values[0] for part in columns if len(set(part.values)) == 1}
    last = columns[-1]
    if last.place in literal:
        return
    end = "/" if all(url.endswith("/") for url in type_.identities[field.name]) else ""
    taken = [
        _add_part(type_, draft, field, part, _like(literal, part.place, len(columns), end))
        for part in columns[:-1]
        if part.place not in literal
    ]
    if not type_.field("slug"):
        like = _like(literal, last.place, len(columns), end)
        made = FieldDraft(
            "slug",
            "String",
            is_required=True,
            sources=[arguments(field=field.name, like=like)],
            directives=["@filter"],
            why=["the last part of the url"],
        )
        type_.fields.insert(type_.fields.index(field), made)
        group = next((each for each in taken if each), "")
        pairs = set(zip(*(part.values for part in columns if part.place not in literal), strict=True))
        if group and len(pairs) == len(parts):
            type_.more = f'@key(name: "path", fields: ["{group}", "slug"])'


def _like(literal: dict[int, str], place: int, count: int, end: str) -> str:
    parts = ["{}" if index == place else literal.get(index, "*") for index in range(count)]
    return f"/{'/'.join(parts)}{end}"


def _add_part(type_: TypeDraft, draft: Draft, url: FieldDraft, part: _Part, like: str) -> str:
    """Make a grouped type of a part that repeats, if a text key spells it; return the name of the field."""
    if len(part.values) / len(set(part.values)) < REPEATS:
        return ""
    for field in type_.fields:
        if (
            field.column is None
            or field.depth
            or (field.type_name not in draft.choices and field.type_name != "String")
        ):
            continue
        cells = [(index, value) for index, value in field.column.cells if isinstance(value, str)]
        spelled = sum(slug(value) == part.values[index] for index, value in cells)
        if spelled < SPELLED_IN * len(part.values):
            continue
        _make_group(type_, draft, field)
        field.sources = [arguments(field=url.name, like=like)]
        field.why = [f"a part of the url, which `{field.key}` spells in {spelled} of {len(part.values)}"]
        field.is_required = True
        return field.name
    return ""


def _make_group(type_: TypeDraft, draft: Draft, field: FieldDraft) -> None:
    _release(draft, field.name)
    name = draft.free_name(type_name(field.name), f"{type_.name}{type_name(field.name)}", has_entries=True)
    group = TypeDraft(name, header="@grouped", is_grouped=True)
    title = "title" if field_name(field.key) != "slug" else "name"
    group.fields = [
        FieldDraft("slug", "String", is_required=True, directives=["@key", "@order"]),
        FieldDraft(
            title,
            "String",
            is_required=True,
            sources=[arguments(key=field.key)],
            directives=["@order(default: ASC)"],
            why=["the most frequent spelling"],
        ),
    ]
    group.identity = "slug"
    draft.types[name] = group
    field.type_name = name


def _release(draft: Draft, name: str) -> None:
    """Let fields of a name be texts where they are choices: what they name are entries."""
    for owner in (*draft.types.values(), *draft.groups.values()):
        for field in owner.fields:
            if field.name == name and field.type_name in draft.choices:
                field.type_name = "String"
                field.why = field.why[:1]
    used = {field.type_name for owner in (*draft.types.values(), *draft.groups.values()) for field in owner.fields}
    for unused in draft.choices.keys() - used:
        del draft.choices[unused]
