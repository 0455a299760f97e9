"""Like: a pattern that texts are like, or that a part is taken out of.

`*` is anything without a slash, `**` anything, `?` one character other than a slash; `{}` takes a part that is like
`*`, `{**}` one with slashes, `{????}` so many characters, `{name}` one under a name. What is taken is never empty, and
neither is a `*` that stands alone between slashes. It is a glob and no regular expression: no text can take long (see
`wildcards`).
"""

from __future__ import annotations

import re

from msgspec import Struct

from graphql_api.model.wildcards import MAX_LENGTH, TAKEN, PatternError, piece

_SIGN = re.compile(r"\{\*\*\}|\{[A-Za-z_][A-Za-z0-9_]*\}|\{\}|(?P<counted>\{[^*{}]*\?[^*{}]*\})|\*\*|\*|[{}]|[^*{}]+")


class _Wildcard(Struct, frozen=True):
    """What stands for characters: `crosses` says whether slashes are among them, `group` what takes them, if any."""

    crosses: bool
    group: str
    is_filled: bool

    def expression(self, *, is_last: bool = False) -> str:
        """Return the expression of as few characters as possible; of the last one, of as many."""
        any_ = "." if self.crosses else "[^/]"
        inner = any_ + ("+" if self.is_filled else "*") + ("" if is_last else "?")
        return f"(?P<{self.group}>{inner})" if self.group else inner


class Like:
    """A pattern, compiled. `names` are its placeholders in order, "" for `{}` and `{**}`."""

    __slots__ = ("_crossing", "_groups", "_head", "_tail", "_taken", "names", "pattern")

    def __init__(self, pattern: str) -> None:
        """Compile a pattern. Raises PatternError if it is malformed."""
        self.pattern = pattern
        pieces, wildcards, groups = _parsed(pattern)
        self.names = tuple(groups.values())
        self._groups = groups
        self._taken = next((group for group, name in groups.items() if not name), 0)
        last = max((at for at, each in enumerate(wildcards) if each.crosses), default=None)
        self._crossing = None if last is None else wildcards[last]
        if last is None:
            self._head = self._tail = re.compile(_whole(pieces, wildcards), re.DOTALL)
            return
        first = next(at for at, each in enumerate(wildcards) if each.crosses)
        if not all(each.crosses for each in wildcards[first:last]):
            raise PatternError("A * or {} stands between two **. Take one of the ** out.")
        self._head = re.compile(_start(pieces[: last + 1], wildcards[:last]), re.DOTALL)
        # What follows the last ** is looked for backwards from the end: there, too, the first place is the best.
        backwards = [text[::-1] for text in reversed(pieces[last + 1 :])]
        self._tail = re.compile(_start(backwards, wildcards[:last:-1]), re.DOTALL)

    def matches(self, text: str) -> bool:
        """Return whether a text is like the pattern."""
        return self._found(text) is not None

    def take(self, text: str) -> str | None:
        """Return what `{}` or `{**}` stands for, the whole text if neither is there; None for a text unlike it."""
        if self._crossing is None:  # the shorter way of most patterns, for the sake of every url
            match = self._head.match(text)
            return None if match is None else match[self._taken]
        found = self._found(text)
        return None if found is None else found.get("", text)

    def captures(self, text: str) -> dict[str, str] | None:
        """Return what each placeholder stands for, by its name; None for a text unlike the pattern."""
        return self._found(text)

    def _found(self, text: str) -> dict[str, str] | None:
        head = self._head.match(text)
        if head is None:
            return None
        names = self._groups
        found = {names[group]: value for group, value in head.groupdict().items()}
        crossing = self._crossing
        if crossing is None:
            return found
        start = head.end()
        tail = self._tail.match(text[: start - 1 : -1] if start else text[::-1])
        if tail is None:
            return None
        between = text[start : len(text) - tail.end()]
        if crossing.is_filled and not between:
            return None
        if crossing.group:
            found[names[crossing.group]] = between
        found.update((names[group], value[::-1]) for group, value in tail.groupdict().items())
        return found


def _parsed(pattern: str) -> tuple[list[str], list[_Wildcard], dict[str, str]]:
    """Return the pieces, the wildcards between them, and the placeholders' names by group. Raises PatternError."""
    if not pattern:
        raise PatternError("The pattern is empty. Write what the text is like, for example /blog/{}.")
    if TAKEN in pattern:
        raise PatternError("The pattern has a null character. Take it out.")
    if len(pattern) > MAX_LENGTH:
        raise PatternError(f"The pattern has {len(pattern):,} characters; {MAX_LENGTH} are the most. Shorten it.")
    pieces, wildcards, groups = [""], list[_Wildcard](), dict[str, str]()
    for found in _SIGN.finditer(pattern):
        sign = found[0]
        if sign in {"{", "}"}:
            raise PatternError(
                f"There is a {sign} alone in {pattern!r}. A placeholder is {{}}, {{**}}, {{????}} or {{name}}."
            )
        if found["counted"]:
            _name_group(groups, "taken", "", pattern)
            sign = sign.replace("{", TAKEN).replace("}", TAKEN)
        if sign[0] not in "{*":
            pieces[-1] += sign
            continue
        if wildcards and not pieces[-1]:
            raise PatternError(f"Two wildcards stand side by side in {pattern!r}. Put something between them.")
        wildcards.append(_wildcard(found, groups))
        pieces.append("")
    return pieces, wildcards, groups


def _wildcard(found: re.Match[str], groups: dict[str, str]) -> _Wildcard:
    sign, pattern = found[0], found.string
    if sign[0] == "*":
        is_alone = pattern[: found.start()][-1:] in {"", "/"} and pattern[found.end() :][:1] in {"", "/"}
        return _Wildcard(crosses=sign == "**", group="", is_filled=sign == "*" and is_alone)
    group = f"g{len(groups)}"
    _name_group(groups, group, sign[1:-1].replace("*", ""), pattern)
    return _Wildcard(crosses=sign == "{**}", group=group, is_filled=True)


def _name_group(groups: dict[str, str], group: str, name: str, pattern: str) -> None:
    if name in groups.values():
        raise PatternError(f"The placeholder {{{name}}} stands twice in {pattern!r}. Write * for one of them.")
    groups[group] = name


def _start(pieces: list[str], wildcards: list[_Wildcard]) -> str:
    """Return the expression of texts that begin like these."""
    first = piece(pieces[0]) if pieces else ""
    others = zip(wildcards, pieces[1:], strict=True)
    return first + "".join(_until(wildcard, text) for wildcard, text in others)


def _until(wildcard: _Wildcard, text: str) -> str:
    """Return the expression of a wildcard and the piece behind it."""
    if text.startswith("/") and not wildcard.crosses:
        # Where the slash is, there it ends: all at once.
        return f"{wildcard.expression(is_last=True)}{piece(text)}"
    return f"(?>{wildcard.expression()}{piece(text)})"


def _whole(pieces: list[str], wildcards: list[_Wildcard]) -> str:
    """Return the expression of whole texts: the last wildcard leaves the last piece for the end."""
    if not wildcards:
        return piece(pieces[0]) + r"\Z"
    last = wildcards[-1].expression(is_last=True) + piece(pieces[-1])
    return _start(pieces[:-1], wildcards[:-1]) + last + r"\Z"
