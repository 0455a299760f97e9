"""Directives: those that stand on one thing of a model, checked against the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import DirectiveLocation, Undefined, print_ast, specified_directives, value_from_ast
from msgspec import Struct, field

from graphql_api.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql import ConstArgumentNode, ConstDirectiveNode, GraphQLArgument, GraphQLDirective, Node

    Report = Callable[[Node, str], None]

_PLACES = {
    DirectiveLocation.OBJECT: "a type",
    DirectiveLocation.FIELD_DEFINITION: "a field",
    DirectiveLocation.UNION: "a union",
    DirectiveLocation.ENUM: "an enum",
    DirectiveLocation.ENUM_VALUE: "a value of an enum",
}
_STANDARD = {directive.name for directive in specified_directives}


class Applied(Struct, frozen=True):
    """One directive as it is applied: its arguments with their defaults, None for those without either."""

    name: str
    arguments: dict[str, Any]
    node: ConstDirectiveNode

    def __getitem__(self, argument: str) -> Any:  # noqa: ANN401 - as the vocabulary has it
        """Return the value of an argument."""
        return self.arguments[argument]


class Directives(Struct, frozen=True):
    """The good directives on one thing, in order."""

    applied: tuple[Applied, ...] = field(default=())

    def all(self, name: str) -> tuple[Applied, ...]:
        """Return every one of that name."""
        return tuple(each for each in self.applied if each.name == name)

    def one(self, name: str) -> Applied | None:
        """Return the only one of that name, None without any."""
        return next((each for each in self.applied if each.name == name), None)

    def __contains__(self, name: str) -> bool:
        """Return whether there is one of that name."""
        return self.one(name) is not None


def read_directives(nodes: Sequence[ConstDirectiveNode], place: DirectiveLocation, report: Report) -> Directives:
    """Return the directives that stand at a place; `report` is told of each one that is wrong, and it is left out."""
    found: list[Applied] = []
    for node in nodes:
        name = node.name.value
        known = None if name in _STANDARD else vocabulary().get_directive(name)
        if known is None:
            names = sorted(each.name for each in vocabulary().directives if each.name not in _STANDARD)
            report(
                node,
                f"There is no directive @{shortened(name)}. {did_you_mean('@' + name, ['@' + each for each in names])}",
            )
        elif place not in known.locations:
            allowed = " or ".join(_PLACES[each] for each in known.locations)
            report(node, f"@{name} cannot stand on {_PLACES[place]}. It belongs on {allowed}.")
        elif not known.is_repeatable and any(each.name == name for each in found):
            report(node, f"@{name} stands here twice. Keep one.")
        elif (arguments := _arguments(node, known, report)) is not None:
            found.append(Applied(name, arguments, node))
    return Directives(tuple(found))


def _arguments(node: ConstDirectiveNode, known: GraphQLDirective, report: Report) -> dict[str, Any] | None:
    """Return the values of all arguments, None if one is wrong."""
    given: dict[str, ConstArgumentNode] = {}
    is_good = True
    for argument in node.arguments or ():
        name = argument.name.value
        if name not in known.args:
            report(argument, f"@{known.name} has no argument {shortened(name)}. {_choices(name, known)}")
            is_good = False
        elif name in given:
            report(argument, f"The argument {name} of @{known.name} is given twice. Keep one.")
            is_good = False
        given[name] = argument
    values = {name: _value(node, known, name, given.get(name), report) for name in known.args}
    is_good = is_good and not any(value is Undefined for value in values.values())
    return values if is_good else None


def _value(
    node: ConstDirectiveNode, known: GraphQLDirective, name: str, given: ConstArgumentNode | None, report: Report
) -> Any:  # noqa: ANN401 - as the vocabulary has it
    """Return the value of one argument, Undefined if it is wrong or missing."""
    declared = known.args[name]
    if given is None:
        if declared.ast_node and declared.ast_node.default_value:
            return value_from_ast(declared.ast_node.default_value, declared.type)
        if not _is_required(declared):
            return None
        report(node, f"@{known.name} needs its argument {name}: {_usage(known)}.")
        return Undefined
    value = value_from_ast(given.value, declared.type)
    if value is Undefined:
        written = shortened(print_ast(given.value))
        report(given, f"The argument {name} of @{known.name} is {written}. It must be {_described(declared)}.")
    return value


def _is_required(declared: GraphQLArgument) -> bool:
    return str(declared.type).endswith("!") and not (declared.ast_node and declared.ast_node.default_value)


def _described(declared: GraphQLArgument) -> str:
    name = str(declared.type).strip("[]!")
    values = getattr(vocabulary().get_type(name), "values", None)
    if values:
        return "one of " + ", ".join(values)
    words = {"String": "text in quotes", "Boolean": "true or false", "Float": "a number", "Value": "a value"}
    if str(declared.type).startswith("[["):
        return f"lists of text in brackets: {declared.type}"
    return "a list of text in brackets" if str(declared.type).startswith("[") else words.get(name, name)


def _usage(known: GraphQLDirective) -> str:
    needed = (f"{name}: …" for name, declared in known.args.items() if _is_required(declared))
    return f"@{known.name}({', '.join(needed)})"


def _choices(name: str, known: GraphQLDirective) -> str:
    return did_you_mean(name, list(known.args)) if known.args else "It has none. Take it out."


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return a sentence that names what is most like `name`, or else everything."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for what is wrong

    if close := get_close_matches(name[:100], known, n=1, cutoff=0.6):
        return f"Did you mean {close[0]}?"
    return f"There are: {', '.join(known)}."


def shortened(text: str, length: int = 60) -> str:
    """Return text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
