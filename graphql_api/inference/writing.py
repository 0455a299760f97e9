"""Writing: a draft as the text of a `content.graphql`, each guess with what it rests on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from graphql_api.inference.words import constant_name, list_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphql_api.inference.drafts import Draft, FieldDraft, TypeDraft
    from graphql_api.inference.walk import LeftOut

MAX_LEFT_OUT_TOLD = 20
_HEAD = """\
# Guessed by `graphql-api model init` from all files of this folder. What each guess rests on stands behind it.
# Read it once: names, `!`, choices and what can be asked (@filter, @order, @facet, @search) are promises to clients.
"""


def quoted(text: str) -> str:
    """Return a text as a literal of GraphQL; what cannot be seen is escaped."""
    return "".join(
        character if character.isprintable() else json.dumps(character)[1:-1]
        for character in json.dumps(text, ensure_ascii=False)
    )


def arguments(**values: str | bool) -> str:
    """Return the arguments of a directive; those that are empty or False are left out."""
    return ", ".join(f"{name}: {'true' if value is True else quoted(value)}" for name, value in values.items() if value)


def written(draft: Draft, left_out: Sequence[LeftOut] = ()) -> str:
    """Return the text of a model."""
    parts = [_HEAD + "".join(_told(left_out))]
    parts += [_type(each, draft) for each in draft.types.values()]
    parts += [_union(name, *union) for name, union in draft.unions.items()]
    values = {member: value for _, members in draft.unions.values() for value, member in members.items()}
    parts += [_group(each, draft, values.get(each.name, "")) for each in draft.groups.values()]
    parts += [_choice(name, choices) for name, choices in draft.choices.items()]
    return "\n".join(parts)


def _told(left_out: Sequence[LeftOut]) -> Iterator[str]:
    if left_out:
        yield "#\n# Files that no type claims:\n"
    for path, reason in left_out[:MAX_LEFT_OUT_TOLD]:
        yield f"#   {_one_line(path)}: {_one_line(reason)}\n"
    if len(left_out) > MAX_LEFT_OUT_TOLD:
        yield f"#   … and {len(left_out) - MAX_LEFT_OUT_TOLD} more\n"


def _type(type_: TypeDraft, draft: Draft) -> str:
    ignored = "".join(f"# left out: `{_one_line(key)}`, {why}\n" for key, why in type_.ignore.items())
    note = f"# {_one_line(type_.note)}\n" if type_.note else ""
    return f"{note}{ignored}type {type_.name} {_header(type_)} {{\n{''.join(_fields(type_.fields, draft))}}}\n"


def _header(type_: TypeDraft) -> str:
    header = _with_more(type_)
    return f"{header} {type_.more}" if type_.more else header


def _with_more(type_: TypeDraft) -> str:
    header = type_.header
    plural = "" if type_.is_singleton else list_name(type_.name)
    ignored = [quoted(key) for key in type_.ignore if key]
    more = [f"ignore: [{', '.join(ignored)}]"] if ignored else []
    more += [f"plural: {quoted(plural)}"] if plural else []
    if not more:
        return header
    inside = ", ".join(more)
    return f"{header[:-1]}, {inside})" if header.endswith(")") else f"{header}({inside})"


def _group(group: TypeDraft, draft: Draft, value: str) -> str:
    note = f"# {_one_line(group.note)}\n" if group.note else ""
    block = f" @is(value: {quoted(value)})" if value and value != group.name else ""
    return f"{note}type {group.name}{block} {{\n{''.join(_fields(group.fields, draft))}}}\n"


def _fields(fields: Iterable[FieldDraft], draft: Draft) -> Iterator[str]:
    for field in fields:
        sources = "".join(f" @from({source})" for source in field.sources)
        directives = "".join(f" {each}" for each in field.directives)
        choices = draft.choices.get(field.type_name, ())
        why = [each for each in field.why if each]
        reason = f"  # {_one_line('; '.join(why))}" if why else ""
        yield f"  {field.name}: {field.type_text}{sources}{directives}{reason}\n"
        del choices


def _union(name: str, key: str, members: dict[str, str]) -> str:
    return f"union {name} @block(key: {quoted(key)}) = {' | '.join(members.values())}\n"


def _choice(name: str, spellings: Sequence[str]) -> str:
    lines = []
    for spelling in spellings:
        value = constant_name(spelling)
        same = value.casefold() == spelling.casefold().replace("-", "_").replace(" ", "_")
        lines.append(f"  {value}\n" if same else f"  {value} @is(value: {quoted(spelling)})\n")
    return f"enum {name} {{\n{''.join(lines)}}}\n"


def _one_line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
