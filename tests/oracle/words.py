"""Words: the names of an API that follow from those of a model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracle.declarations import Field, Model, Type

_ALIKE = ("news", "series")


def plural(word: str) -> str:
    """Return the plural of a name's last word, for words without exceptions."""
    if word.lower().endswith(_ALIKE):
        return word
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(?:s|x|z|ch|sh)$", word) else "s")


def singular(word: str) -> str:
    """Return the singular of a name's last word; one that is no plural stays."""
    if word.lower().endswith(_ALIKE) or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if re.search(r"[^aeiou]ies$", word):
        return word[:-3] + "y"
    return word[:-2] if re.search(r"(?:ss|x|z|ch|sh)es$", word) else word[:-1]


def capital(word: str) -> str:
    """Return the name with a capital: as types are called."""
    return word[:1].upper() + word[1:]


def small(word: str) -> str:
    """Return the name of a type as fields are called."""
    return word[:1].lower() + word[1:]


def constant(word: str) -> str:
    """Return the name as enum values are called."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).upper()


def list_name(type_: Type) -> str:
    """Return the name of the list of a type's entries."""
    given = [arguments.get("plural") for name in ("content", "grouped") if (arguments := type_.one(name))]
    return next(filter(None, given), None) or plural(small(type_.name))


def search_name(model: Model, type_: Type) -> str:
    """Return the name of the search of a type's entries, "" if nothing of them is searched."""
    if not is_searched(model, type_, ()):
        return ""
    return (type_.one("content") or {}).get("search") or "search" + capital(
        small(type_.name) if type_.is_singleton else list_name(type_)
    )


def is_searched(model: Model, type_: Type, above: tuple[str, ...]) -> bool:
    """Return whether a text of the type, or of a group in it, is searched."""
    for each in type_.fields.values():
        if "search" in each.directives:
            return True
        for group in model.groups(each):
            if group.name not in above and is_searched(model, group, (*above, group.name)):
                return True
    return False


def facet_name(each: Field) -> str:
    """Return the name of a field's facet, in the singular."""
    facet = each.one("facet") or {}
    own = singular(each.name) if each.is_list else each.name
    name: str = facet.get("name") or (facet["by"].lower() if facet.get("by") else own)
    return name
