"""Arguments of generated fields: literals, variables, and variables inside literals, bounded in what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, is_required_argument

from tests.oracle.values import EnumName, Values, Variable, literal

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from graphql import GraphQLField

    from tests.oracle.site import Site

DEFAULT_SIZE = 20
_BAD = 0.006
_NULLABLE, _REFUSED_NULL = 0.2, 0.02
# No single side may forget one of these: each is BAD_USER_INPUT wherever it stands.
_BAD_PAGES: tuple[dict[str, Any], ...] = (
    {"first": -1},
    {"first": 101},
    {"last": -1},
    {"last": 101},
    {"first": 1, "last": 1},
    {"offset": -1},
    {"last": 1, "offset": 0},
    {"after": "nowhere"},
    {"before": ""},
    {"depth": 0},
    {"depth": 4},
    {"first": 0, "depth": 1},
    {"length": 0},
    {"length": 1001},
)
_CHOSEN = {"first", "last", "after", "before", "offset", "depth", "length"}


class Arguments:
    """Draws arguments and keeps the variables that they use: their definitions and their values."""

    def __init__(self, site: Site, draw: random.Random) -> None:
        """Start without any variable."""
        self._draw = draw
        self._values = Values(site, draw)
        self.definitions: list[str] = []
        self.variables: dict[str, Any] = {}
        self._redraws: dict[str, Callable[[], Any]] = {}

    def text(self, field: GraphQLField, most: int) -> tuple[str, int]:
        """Return the field's arguments as text and how many items a list may have, at most about `most`."""
        if not field.args:
            return "", 1
        chosen, size = self._sizes(field, most)
        for argument_name, argument in field.args.items():
            if argument_name in _CHOSEN:
                continue
            required = is_required_argument(argument)
            if required or self._draw.random() < (0.85 if argument_name == "filter" else 0.45):
                chosen[argument_name] = self.position(argument.type, (argument_name,), default=not required)
        names = list(chosen)
        self._draw.shuffle(names)
        return "(" + ", ".join(f"{key}: {literal(chosen[key])}" for key in names) + ")" if chosen else "", size

    def other_variables(self) -> dict[str, Any]:
        """Return other values for the same variables: what bounds a list stays as it is."""
        redrawn = {name: plain_value(redraw()) for name, redraw in self._redraws.items() if self._draw.random() < 0.7}
        return self.variables | redrawn

    def condition(self) -> str:
        """Return a @skip or @include directive, by a literal or a variable."""
        value: Any = self._draw.random() < 0.6
        directive = "include" if self._draw.random() < 0.6 else "skip"
        value = self._sized("Boolean!", value if directive == "include" else not value)
        if isinstance(value, Variable):
            self._redraws[value.name] = lambda: self._draw.random() < 0.5
        return f" @{directive}(if: {literal(value)})"

    def position(self, type_: Any, path: tuple[str, ...], *, default: bool = False, one_of: bool = False) -> Any:
        """Return a value for a position of this type: a constant, a variable, or an object with some of both."""
        if self._draw.random() < 0.3:
            return self._variable(type_, path, default=default, one_of=one_of)
        bare = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(bare, GraphQLInputObjectType) and self._draw.random() < 0.7:
            return self._object(bare, path)
        if isinstance(bare, GraphQLList) and self._draw.random() < 0.7:
            return [self.position(bare.of_type, path) for _ in range(self._draw.choice((0, 1, 1, 2)))]
        return self._values.value(GraphQLNonNull(bare) if one_of else type_, path)

    def _object(self, type_: GraphQLInputObjectType, path: tuple[str, ...]) -> dict[str, Any]:
        return {
            name: self.position(type_.fields[name].type, (*path, name), one_of=type_.is_one_of)
            for name in self._values.chosen_fields(type_, path)
        }

    def _sizes(self, field: GraphQLField, most: int) -> tuple[dict[str, Any], int]:
        """Choose the arguments that bound a list, and say how long it then can be."""
        bad = [page for page in _BAD_PAGES if page.keys() <= field.args.keys()]
        if bad and self._draw.random() < _BAD:
            return dict(self._draw.choice(bad)), 1
        if "length" in field.args and self._draw.random() < 0.6:
            return {"length": self._sized("Int!", self._draw.choice((1, 2, 10, 40, 200, 1000)))}, 1
        if "first" not in field.args:
            return {}, 8
        return self._page(field, most)

    def _page(self, field: GraphQLField, most: int) -> tuple[dict[str, Any], int]:
        size = self._draw.randint(0, max(1, min(6, most)))
        if "depth" in field.args:
            return {
                "first": self._sized("Int!", size or 1),
                "depth": self._sized("Int!", self._draw.randint(1, 3)),
            }, size
        if "after" not in field.args:
            return {"first": self._sized("Int!", size or 1)} if self._draw.random() < 0.5 else {}, size or DEFAULT_SIZE
        kind = self._draw.choice(("first", "first", "last", "offset", "none" if most >= DEFAULT_SIZE else "first"))
        if kind == "none" or ("last" not in field.args and kind == "last"):
            return self._nulls(field), DEFAULT_SIZE
        if kind == "offset":
            return {
                "first": self._sized("Int", size),
                "offset": self._sized("Int", self._draw.choice((0, 1, 3, 400))),
            }, size
        return {kind: self._sized("Int", size)}, size

    def _nulls(self, field: GraphQLField) -> dict[str, Any]:
        names = [name for name in ("first", "last", "after", "before", "offset") if name in field.args]
        return dict.fromkeys(self._draw.sample(names, self._draw.choice((0, 0, 1, 2))))

    def _sized(self, type_: str, value: Any) -> Any:
        """Return a value that is not left to chance, as a literal or through a variable that has it."""
        return value if self._draw.random() < 0.6 else self._declare(type_, value, given=self._draw.random() < 0.7)

    def _variable(self, type_: Any, path: tuple[str, ...], *, default: bool, one_of: bool) -> Variable:
        bare = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        required = one_of or isinstance(type_, GraphQLNonNull)
        drawn = GraphQLNonNull(bare) if required else bare
        # A nullable variable may stand where the type is not, if it has a default: then null alone is refused.
        nullable = required and not one_of and (default or self._draw.random() < _NULLABLE)
        declared = str(bare) if nullable else str(drawn)
        chance = self._draw.random()
        given = None if not required and chance < 0.2 else chance < 0.7 and declared == str(drawn)
        variable = self._declare(declared, self._values.value(drawn, path), given=given)
        self._redraws[variable.name] = lambda: self._values.value(drawn, path)
        if nullable and self._draw.random() < _REFUSED_NULL:
            self.variables[variable.name] = None
        return variable

    def _declare(self, type_: str, value: Any, *, given: bool | None) -> Variable:
        """Declare a variable whose value is given, or is its default, or (None) is left out altogether."""
        name = f"v{len(self.definitions)}"
        if given is None:
            self.definitions.append(f"${name}: {type_}")
        elif given:
            self.definitions.append(f"${name}: {type_}")
            self.variables[name] = plain_value(value)
        else:
            self.definitions.append(f"${name}: {type_} = {literal(value)}")
        return Variable(name)


def plain_value(value: Any) -> Any:
    """Return a drawn value as it is sent in a request's variables."""
    if isinstance(value, dict):
        return {key: plain_value(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain_value(entry) for entry in value]
    return str(value) if isinstance(value, EnumName) else value
