"""Sources: what @from, @default and @check say of a field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphql_api.kinds.kind import BadValueError
from graphql_api.model.checks.scope import TEXTS, Fault, UnknownPathError
from graphql_api.model.circles import in_circles
from graphql_api.model.directives import shortened
from graphql_api.model.like import Like
from graphql_api.model.sources import PARTS
from graphql_api.model.types import ABSENT, Each, Shape
from graphql_api.model.vocabulary import REFERENCE_STATUS
from graphql_api.model.wildcards import PatternError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from graphql_api.model.checks.scope import Scope
    from graphql_api.model.directives import Applied
    from graphql_api.model.types import Field, FieldType

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MEASURED = TEXTS | {"Int", "Float"}
_DATE_PARTS = ("year", "month", "day")


def check_sources(scope: Scope) -> Iterator[Fault]:
    """Yield what is wrong with where values come from, and with what they may be."""
    for owner, fields, _ in scope.owners():
        for field in fields:
            yield from _froms(scope, owner, field)
            if field.is_value:
                yield from _default(scope, owner, field)
                yield from _check(scope, owner, field)
        yield from _circle(owner, fields)


def _froms(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    applied = [each for each in scope.applied(owner, field.name) if each.name == "from"]
    if field.type.name == REFERENCE_STATUS:
        yield from _status(scope, owner, field, applied)
        return
    for nth, each in enumerate(applied):
        given = [part for part in PARTS if each[part] is not None]
        for message, argument in _from(scope, owner, field, each, given):
            if message:
                yield Fault(message, owner, field.name, "from", nth, argument)
        if each["entry"] and len(applied) > 1:
            yield Fault("What the store knows is always there. Keep this @from alone.", owner, field.name, "from", nth)


def _from(scope: Scope, owner: str, field: Field, each: Applied, given: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (message, argument) of what is wrong with one @from."""
    if len(given) > 1:
        yield f"@from has {' and '.join(given)}. Keep one of them, or write an @from for each to try them in order.", ""
        return
    if not each.node.arguments:
        yield '@from says nothing. Say from where, for example @from(key: "name"), or take it out.', ""
        return
    if given:
        check = {"key": _key, "keys": _keys, "field": _field, "file": _file, "entry": _entry, "template": _template}
        yield from ((message, given[0]) for message in check[given[0]](scope, owner, field, each))
    yield from _changes(field, each, given)


def _changes(field: Field, each: Applied, given: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with what is made of a value that was found."""
    is_text = field.type.shape in {Shape.SCALAR, Shape.ENUM, Shape.ENTRY}
    for argument in ("like", "escapes", "split", "slug"):
        if each[argument] in {None, False}:
            continue
        if given in (["entry"], ["keys"]) or not is_text:
            yield f"{argument} is about text, and this is none. Take it out.", argument
    if each["like"] is not None:
        yield from ((message, "like") for message in _taking(each["like"]))
    if each["split"] == "":
        yield 'split is empty. Say what stands between the items: split: ","', "split"
    elif each["split"] is not None and not field.type.is_list:
        yield (
            f"split makes a list, and {field.name} is none. Make it [{field.type.name}!]!, or take split out.",
            "split",
        )
    if each["slug"] and field.type.shape is Shape.SCALAR and field.type.name not in TEXTS - {"RichText"}:
        yield f"slug makes text for a url, and {field.name} is {field.type}. Make it String, or take slug out.", "slug"


def _taking(pattern: str) -> Iterator[str]:
    try:
        names = Like(pattern).names
    except PatternError as error:
        yield str(error)
        return
    if names != ("",):
        yield 'like takes one part of a text. Put exactly one {} (or {**}) into it: like: "/blog/{}"'


def _key(scope: Scope, owner: str, field: Field, each: Applied) -> Iterator[str]:  # noqa: ARG001 - as all of them
    if each["key"] != "." and "" in each["key"].split("."):
        yield 'A part of the key is empty. Write key: "name", with dots into mappings, or "." for the value itself.'


def _keys(scope: Scope, owner: str, field: Field, each: Applied) -> Iterator[str]:  # noqa: ARG001 - as all of them
    if field.type.shape is not Shape.GROUP or not field.type.is_list:
        yield f"keys makes a list of groups, and {field.name} is {field.type}. Make it one, or name a key instead."
        return
    try:
        names = Like(each["keys"]).names
    except PatternError as error:
        yield str(error)
        return
    if len(names) != 1 or not names[0]:
        yield 'keys needs exactly one placeholder that names a field: keys: "author{position}"'
        return
    try:
        filled = scope.field(field.type.name, names[0])
    except UnknownPathError as error:
        yield str(error)
        return
    if filled.type.is_list or filled.type.name not in {"Int", "String", "ID"}:
        yield f"{field.type.name}.{filled.name} is {filled.type}; a part of a key can fill Int, String or ID."


def _field(scope: Scope, owner: str, field: Field, each: Applied) -> Iterator[str]:
    if each["field"] == field.name:
        yield f"{field.name} cannot be made from itself. Name another field."
        return
    try:
        source = scope.field(owner, each["field"])
    except UnknownPathError as error:
        yield str(error)
        return
    if not source.is_value:
        yield f"{source.name} has no value in the file. Name a field that has one."
    elif source.type.is_list or source.type.shape in {Shape.GROUP, Shape.UNION}:
        yield f"{source.name} is {source.type}, of which no other value can be made. Name a field of one value."


def _file(scope: Scope, owner: str, field: Field, each: Applied) -> Iterator[str]:
    type_ = scope.model.entry_types.get(owner)
    if field.type.shape in {Shape.GROUP, Shape.UNION}:
        yield f"A part of a file is text, and {field.name} is {field.type}. Make it String, or name a key instead."
    if type_ is None or scope.is_unclear(owner):
        return
    if not type_.globs:
        yield f"{owner} has no files: its entries are what references name. Use a key of the reference instead."
    elif each["file"] == "BODY" and type_.each is Each.ITEM:
        yield f"Each item of a file is an entry of {owner}, and items have no body. Name a key instead."
    elif each["file"] == "KEY" and type_.each is not Each.ITEM:
        yield f"KEY is the key of an item, and each file is one entry of {owner}. Write NAME, or each: ITEM."


def _entry(scope: Scope, owner: str, field: Field, each: Applied) -> Iterator[str]:
    wanted = "String" if each["entry"] == "VERSION" else "DateTime"
    if field.type.is_list or field.type.name != wanted:
        yield f"{each['entry']} is {wanted}!, and {field.name} is {field.type}. Make it {wanted}!."
    elif owner not in scope.model.entry_types:
        yield f"The store knows entries, and {owner} is a group of fields. Put this field into a type with @content."


def _template(scope: Scope, owner: str, field: Field, each: Applied) -> Iterator[str]:
    template = each["template"]
    if field.type.is_list or field.type.name not in TEXTS - {"RichText"}:
        yield f"A template makes text, and {field.name} is {field.type}. Make it String! or Url!."
    paths = _PLACEHOLDER.findall(template)
    if not paths or any(sign in _PLACEHOLDER.sub("", template) for sign in "{}"):
        yield 'A template is text with fields in braces: template: "/blog/{date.year}/{slug}"'
        return
    for path in paths:
        yield from _placeholder(scope, owner, field, path)


def _placeholder(scope: Scope, owner: str, field: Field, path: str) -> Iterator[str]:
    names = path.split(".")
    if names[0] == field.name:
        yield f"The template of {field.name} names {field.name} itself. Name other fields."
        return
    try:
        first = scope.follow(owner, names[:-1]) if len(names) > 1 else None
        is_part = first and first.type.name in {"Date", "DateTime"} and names[-1] in _DATE_PARTS
        source = first if first and is_part else scope.follow(owner, names)
    except UnknownPathError as error:
        yield str(error)
        return
    is_single = not source.type.is_list and source.is_value and source.type.shape not in {Shape.GROUP, Shape.UNION}
    if not is_single or source.type.name in {"RichText", "Image", "File", "JSON"}:
        yield f"{{{shortened(path)}}} is {source.type}, which no text can be made of. Name a field of one value."


def _status(scope: Scope, owner: str, field: Field, applied: list[Applied]) -> Iterator[Fault]:
    given = [part for each in applied for part in (*PARTS, "like", "escapes", "split", "slug") if each[part]]
    if given != ["field"] or field.type.is_list:
        message = 'A ReferenceStatus tells of one reference beside it. Name that: ReferenceStatus! @from(field: "post")'
        yield Fault(message, owner, field.name)
        return
    try:
        source = scope.field(owner, applied[0]["field"])
    except UnknownPathError as error:
        if str(error):
            yield Fault(str(error), owner, field.name, "from", 0, "field")
        return
    if source.reference is None or source.type.is_list:
        message = f"{source.name} is {source.type}, and no reference to one entry. Name a field that is."
        yield Fault(message, owner, field.name, "from", 0, "field")


def _default(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    if field.default is ABSENT:
        return
    reason = _unfit(scope, field.type, field.default)
    if reason:
        yield Fault(f"The default {reason}", owner, field.name, "default")


def _unfit(scope: Scope, type_: FieldType, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return why a value cannot be one of a type, "" if it can."""
    if value is None:
        return "is null, which an absent key means anyway. Take @default out."
    if type_.item:
        if not isinstance(value, list):
            return f"must be a list in brackets: the field is {type_}."
        return next((reason for each in value if (reason := _unfit(scope, type_.item, each))), "")
    declared = scope.model.choices.get(type_.name)
    if declared:
        return (
            ""
            if isinstance(value, str) and value in declared.values
            else f"must be one of {', '.join(declared.values)}."
        )
    if type_.shape is Shape.ENTRY:
        return "" if isinstance(value, str) else "must be the key of an entry, as text in quotes."
    kind = scope.kind(type_)
    if kind is None:
        return "stands on a group, and has to stand on its fields. Put it there."
    try:
        kind.read(value)
    except BadValueError as error:
        return error.reason
    return ""


def _check(scope: Scope, owner: str, field: Field) -> Iterator[Fault]:
    check = field.check
    applied = scope.one("check", owner, field.name)
    if check is None or applied is None:
        return
    if not applied.node.arguments:
        yield Fault("@check says nothing. Give it min, max or like, or a level.", owner, field.name, "check")
    if check.min is not None and check.max is not None and check.min > check.max:
        message = f"No value is at least {check.min:g} and at most {check.max:g}. Swap min and max."
        yield Fault(message, owner, field.name, "check", 0, "min")
    for argument in ("min", "max"):
        if applied[argument] is not None and field.type.name not in _MEASURED:
            message = (
                f"{argument} is for numbers and the length of texts, and {field.name} is {field.type}. Take it out."
            )
            yield Fault(message, owner, field.name, "check", 0, argument)
    if check.like is None:
        return
    if field.type.name not in TEXTS:
        message = f"like is for text, and {field.name} is {field.type}. Take it out."
        yield Fault(message, owner, field.name, "check", 0, "like")
    try:
        names = Like(check.like).names
    except PatternError as error:
        yield Fault(str(error), owner, field.name, "check", 0, "like")
        return
    if names:
        message = "A check takes nothing out of a text. Write * (or **) instead of what stands in braces."
        yield Fault(message, owner, field.name, "check", 0, "like")


def _circle(owner: str, fields: tuple[Field, ...]) -> Iterator[Fault]:
    """Yield a fault for each field that is made, over others, from itself."""
    made_from = {field.name: _names_in(field) - {field.name} for field in fields}
    for name in in_circles(made_from):
        message = f"{name} is made from fields that are made from it. Give one of them a key of its own."
        yield Fault(message, owner, name, "from")


def _names_in(field: Field) -> set[str]:
    names = {source.field for source in field.sources if source.field}
    templates = (source.template for source in field.sources if source.template)
    return names | {path.split(".")[0] for text in templates for path in _PLACEHOLDER.findall(text)}
