"""Types: entry types and their files, groups, unions and enums, and how large a model may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import UnionTypeDefinitionNode

from graphql_api.model.checks.scope import Fault
from graphql_api.model.circles import in_circles, inner_first
from graphql_api.model.directives import did_you_mean, shortened
from graphql_api.model.globs import Globs, is_literal
from graphql_api.model.names import is_name
from graphql_api.model.searched import MAX_DEPTH, endless_groups, group_names, searched_paths, too_deep
from graphql_api.model.types import Shape
from graphql_api.model.wildcards import PatternError
from graphql_api.records import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.model.checks.scope import Scope
    from graphql_api.model.types import EntryType, Field, FieldType, Model, Union

MAX_GLOBS = 100
"""Of one type."""
MAX_ABSENT_VALUES = 2_000
"""Values of one entry when each group that is never null is counted with what is in it."""
MAX_SEARCHED = 100
"""Searched texts of one entry type."""
FILE_ENDINGS = (".md", ".markdown", ".mdx", ".yml", ".yaml", ".json", ".toml")


def check_types(scope: Scope) -> Iterator[Fault]:
    """Yield what is wrong with types as such."""
    model = scope.model
    if not model.entry_types and not scope.declarations.broken:
        names = next(iter((*model.groups, *model.unions, *model.choices)), "")
        yield Fault('No type has entries. Add @content(files: ["posts/*.md"]) to one.', names)
    for type_ in model.entry_types.values():
        yield from _roles(scope, type_)
        yield from _files(scope, type_)
    for name in model.groups:
        for directive in ("page", "key"):
            if scope.one(directive, name):
                message = f"@{directive} is about entries, and {name} has none. Add @content, or take @{directive} out."
                yield Fault(message, name, "", directive)
    for union in model.unions.values():
        yield from _union(scope, union)
    yield from _choices(scope)
    circles = list(_circles(model))
    yield from circles
    if not circles:
        yield from _expansion(model)
    yield from _unused(scope)


def _roles(scope: Scope, type_: EntryType) -> Iterator[Fault]:
    name = type_.name
    content, grouped = scope.one("content", name), scope.one("grouped", name)
    for other in ("content", "grouped", "is"):
        if type_.is_singleton and scope.one(other, name):
            message = f"A singleton is one entry of one file. Take @{other} or @singleton out."
            yield Fault(message, name, "", other)
    if not type_.is_singleton and scope.one("is", name):
        message = f"@is is for a group of a union, and {name} has entries. Take it out."
        yield Fault(message, name, "", "is")
    for directive, argument in (("content", "plural"), ("content", "search"), ("grouped", "plural")):
        applied = scope.one(directive, name)
        if applied and applied[argument] is not None and not is_name(applied[argument]):
            message = (
                f"{shortened(applied[argument])!r} is no name. Take at most 100 letters and digits, a letter first."
            )
            yield Fault(message, name, "", directive, 0, argument)
    if content and grouped and content["plural"] and grouped["plural"]:
        yield Fault("`plural` stands in @content and in @grouped. Keep one.", name, "", "grouped", 0, "plural")


def _files(scope: Scope, type_: EntryType) -> Iterator[Fault]:
    directive = "singleton" if type_.is_singleton else "content"
    argument = "file" if type_.is_singleton else "files"
    if scope.one(directive, type_.name) is None:
        return

    def fault(message: str) -> Fault:
        return Fault(message, type_.name, "", directive, 0, argument)

    if type_.is_singleton and not is_literal(type_.globs[0]):
        yield fault("A singleton is one file. Name it without wildcards.")
    if all(glob.startswith("!") for glob in type_.globs):
        yield fault('No files are named. Write a glob without `!`: files: ["posts/**/*.md"]')
    if len(type_.globs) > MAX_GLOBS:
        yield fault(f"There are {len(type_.globs):,} globs; {MAX_GLOBS} are the most. Use ** and * instead.")
        return
    for glob in type_.globs:
        try:
            Globs([glob])
        except PatternError as error:
            yield fault(str(error))
            continue
        last = glob.rpartition("/")[2]
        ending = "." + last.rpartition(".")[2]
        if "." in last and not set("*?") & set(ending) and ending.lower() not in FILE_ENDINGS:
            yield fault(f"Files with the ending {ending} are not read. Name those with {', '.join(FILE_ENDINGS)}.")


def _union(scope: Scope, union: Union) -> Iterator[Fault]:
    model = scope.model
    node = scope.declarations.types[union.name].node
    assert isinstance(node, UnionTypeDefinitionNode)  # noqa: S101 - for mypy
    if not union.key:
        message = f'Say which key tells the groups of {union.name} apart: union {union.name} @block(key: "type") = …'
        yield Fault(message, union.name)
    seen: dict[str, str] = {}
    for member in node.types or ():
        name = member.name.value
        group = model.groups.get(name)
        if group is None:
            known = f"There is no type {name}. {did_you_mean(name, list(model.groups) or ['String'])}"
            is_other = scope.declarations.shape_of(name) is not None
            message = f"{name} is no group of fields, and only those can be in a union." if is_other else known
            yield Fault(message, union.name, member=name)
            continue
        value = group.block or name
        if value in seen:
            twice = f"{name} stands twice in {union.name}. Keep one."
            both = f"{seen[value]} and {name} both are {value!r} in a file. Give one another @is."
            yield Fault(twice if seen[value] == name else both, union.name, member=name)
        seen[value] = name
    if not node.types:
        yield Fault(f"{union.name} has no groups. Name some: union {union.name} = …", union.name)
    yield from _differing(model, union)


def _differing(model: Model, union: Union) -> Iterator[Fault]:
    """Yield a warning for each field that two members have with types that one query cannot ask both for."""
    first: dict[str, tuple[str, Field]] = {}
    told: set[str] = set()
    for name in union.members.values():
        for field in model.groups[name].fields if name in model.groups else ():
            owner, other = first.setdefault(field.name, (name, field))
            if field.name not in told and not _is_alike(other.type, field.type):
                told.add(field.name)
                message = (
                    f"{owner}.{field.name} is {other.type} and {name}.{field.name} is {field.type}; "
                    f"a query that asks for both must rename one. Give them one type, or two names."
                )
                yield Fault(message, name, field.name, severity=Severity.WARNING)


def _is_alike(one: FieldType, other: FieldType) -> bool:
    """Return whether two fields of one response name may be asked for together (GraphQL, SameResponseShape)."""
    if one.is_required != other.is_required or one.is_list != other.is_list:
        return False
    if one.item and other.item:
        return _is_alike(one.item, other.item)
    leaves = {Shape.SCALAR, Shape.ENUM}
    return one.name == other.name if one.shape in leaves or other.shape in leaves else True


def _choices(scope: Scope) -> Iterator[Fault]:
    for choice in scope.model.choices.values():
        if not choice.values:
            yield Fault(f"{choice.name} has no values. Give it some.", choice.name)
        spelled: dict[str, str] = {}
        for value, spelling in choice.values.items():
            if spelling in spelled:
                message = f"{spelled[spelling]} and {value} both are {spelling!r} in a file. Give one another @is."
                yield Fault(message, choice.name, member=value)
            spelled.setdefault(spelling, value)


def _circles(model: Model) -> Iterator[Fault]:
    """Yield a fault for each field by which a group requires itself, or holds itself and is searched."""
    requires = {name: [each for each in group.fields if _is_inlined(each)] for name, group in model.groups.items()}
    endless = in_circles({name: [each.type.name for each in fields] for name, fields in requires.items()})
    for name, fields in requires.items():
        for field in fields:
            if name in endless and field.type.name in endless:
                message = f"{name} holds itself without an end. Write {field.type.name} without `!`, or a list of it."
                yield Fault(message, name, field.name)
    searched = endless_groups(model)
    for name in searched:
        for field in model.groups[name].fields:
            if field.search:
                message = f"{name} is a group that holds itself, so that its texts have no end. Take @search out."
                yield Fault(message, name, field.name, "search")


def _is_inlined(field: Field) -> bool:
    return field.type.shape is Shape.GROUP and field.type.is_required and not field.type.is_list and field.is_value


def _expansion(model: Model) -> Iterator[Fault]:
    """Yield a fault for each type whose entries would have too many values, or texts to search."""
    sizes: dict[str, int] = {}
    depths: dict[str, int] = {}
    inlined = {name: [each for each in group.fields if _is_inlined(each)] for name, group in model.groups.items()}
    for name in inner_first({name: [each.type.name for each in fields] for name, fields in inlined.items()}):
        inner = [field.type.name for field in inlined[name]]
        others = len(model.groups[name].fields) - len(inner)
        sizes[name] = min(others + sum(sizes[each] for each in inner), MAX_ABSENT_VALUES + 1)
        depths[name] = 1 + max((depths[each] for each in inner), default=0)
    for type_ in model.entry_types.values():
        inner = [field.type.name for field in type_.fields if _is_inlined(field)]
        if sum(sizes[each] for each in inner) > MAX_ABSENT_VALUES:
            message = f"An entry of {type_.name} has more than {MAX_ABSENT_VALUES:,} values, with those of its groups."
            yield Fault(f"{message} Make some groups nullable.", type_.name)
        elif any(depths[each] > MAX_DEPTH for each in inner):
            message = f"Groups that are never null nest deeper than {MAX_DEPTH} in {type_.name}. Make one nullable."
            yield Fault(message, type_.name)
        if len(searched_paths(model, type_, MAX_SEARCHED + 1)) > MAX_SEARCHED:
            message = f"More than {MAX_SEARCHED} texts of {type_.name} are searched. Take @search out where you can."
            yield Fault(message, type_.name)
    for name in too_deep(model):
        message = f"Texts of {name} are searched, and groups nest deeper than {MAX_DEPTH} there. Take @search out."
        yield Fault(message, name)


def _unused(scope: Scope) -> Iterator[Fault]:
    """Yield a warning for each type that no entry leads to."""
    model = scope.model
    used: set[str] = set()
    waiting = [field for type_ in model.entry_types.values() for field in type_.fields]
    while waiting:
        type_ = waiting.pop().type
        for name in (type_.name, *group_names(model, type_)):
            if name not in used:
                used.add(name)
                waiting += model.groups[name].fields if name in model.groups else ()
    for name in (*model.groups, *model.unions, *model.choices):
        if name not in used and model.entry_types:
            message = f"Nothing uses {name}. Use it as the type of a field, or take it out."
            yield Fault(message, name, severity=Severity.WARNING)
