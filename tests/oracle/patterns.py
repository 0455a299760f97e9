"""Patterns: globs of files, what texts are `like`, and slugs; by plain regular expressions, for good patterns."""

from __future__ import annotations

import re
import unicodedata

_SIGN = re.compile(r"\{\*\*\}|\{\w*\}|\{[^{}]*\?[^{}]*\}|\*\*|\*|\?|[^{}*?]+")
_ODD_PATH = re.compile(r"[?#\s]|(?:^|/)\.\.?(?:/|$)")


def take(pattern: str, text: str) -> str | None:
    """Return what `{}`, `{**}` or `{????}` stands for in a text, the whole text without one; None if it is unlike.

    Nothing but the path of a url is like the pattern of one.
    """
    if (pattern.startswith("/") or "://" in pattern) and _ODD_PATH.search(text):
        return None
    match = re.fullmatch(_expression(pattern), text, re.DOTALL)
    if match is None:
        return None
    return match[1] if match.re.groups else text


def _expression(pattern: str) -> str:
    signs = _SIGN.findall(pattern)
    crossing = next((at for at, sign in enumerate(signs) if "**" in sign), len(signs))
    return "".join(_sign(signs, at, crossing) for at in range(len(signs)))


def _sign(signs: list[str], at: int, crossing: int) -> str:
    """Return the expression of a sign: before a `**` each takes as little as it can, and that takes the most."""
    sign, lazy = signs[at], "?" if at < crossing else ""
    if sign == "?":
        return "[^/]"
    if sign[0] == "{" and "?" in sign:
        return "(" + "".join("[^/]" if one == "?" else re.escape(one) for one in sign[1:-1]) + ")"
    if sign[0] not in "{*":
        return re.escape(sign)
    any_ = "." if "**" in sign else "[^/]"
    if sign[0] == "{":
        return f"({any_}+{lazy})"
    before, after = (signs[at - 1][-1:] if at else "/"), (signs[at + 1][:1] if at + 1 < len(signs) else "/")
    is_filled = sign == "*" and before == after == "/"
    return f"{any_}{'+' if is_filled else '*'}{lazy}"


def is_meant(globs: list[str], path: str) -> bool:
    """Return whether globs mean the file at a path; those with `!` take it out again."""
    if any(name.startswith(".") for name in path.split("/")):
        return False
    taken = [glob for glob in globs if re.fullmatch(_glob(glob.removeprefix("!")), path)]
    return bool(taken) and not any(glob.startswith("!") for glob in taken)


def _glob(glob: str) -> str:
    *folders, last = glob.split("/")
    above = "".join("(?:[^/]+/)*" if name == "**" else _name(name) + "/" for name in folders)
    return above + ("(?:[^/]+/)*[^/]+" if last == "**" else _name(last))


def _name(name: str) -> str:
    return "".join({"*": "[^/]*", "?": "[^/]"}.get(sign, re.escape(sign)) for sign in name)


def slug(text: str) -> str:
    """Return a text as a part of a url: small letters and digits, marks of Latin letters aside, joined by "-".

    What follows a letter in C++ and C# is spelt; of a text without any letter or digit the characters are numbered.
    """
    spelt = re.sub(r"(?<=[^\W_])[+#]+", lambda signs: signs[0].replace("+", "plus").replace("#", "sharp"), text)
    letters = [_without_marks(sign) for sign in unicodedata.normalize("NFKC", spelt).casefold() if sign not in "'’"]
    words = [word for word in re.split(r"[\W_]+", "".join(letters)) if word]
    return "-".join(words or [format(ord(sign), "x") for sign in text.strip()])


def _without_marks(sign: str) -> str:
    letter = unicodedata.normalize("NFD", sign)[:1]
    return letter if letter.isascii() else sign
