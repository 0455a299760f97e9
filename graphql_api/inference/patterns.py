"""Patterns: the globs of a type's files, such that a new file in the same folder is one of them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from graphql_api.inference.languages import ANY, NONE
from graphql_api.inference.walk import MARKDOWN
from graphql_api.inference.words import SECTION_FOLDERS
from graphql_api.model.globs import Globs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphql_api.inference.languages import Languages

MAX_GLOBS = 8
MANY_FOLDERS = 3
"""Folders beside each other that are of one type, so that another one would be as well."""
FEW_EXCEPTIONS = 3
"""One file in so many can be an exception in its folder."""

_SIGN = re.compile(r"[*?!{}\[\]]")


def globs_of(
    paths: Sequence[str], others: Sequence[str], *, is_section: bool = False, languages: Languages = NONE
) -> tuple[str, ...]:
    """Return globs that match all of `paths` and none of `others`, the paths of the other types' files.

    What lies in one of the folders of `languages` is matched in whichever.
    """
    if is_section:
        return tuple(dict.fromkeys(f"**/_index{_suffix(path)}" for path in paths))
    if len(paths) == 1 and not _is_one_of_many(paths[0]):
        return (_literal(paths[0]),)
    own, rest = (dict.fromkeys(map(languages.neutral, each)) for each in (paths, others))
    included = tuple(glob.replace(ANY, "*") for glob in _globs([*own], [path for path in rest if path not in own]))
    globs = Globs(included)
    missing = [path for path in paths if not globs.matches(path)]
    wrong = [path for path in others if globs.matches(path)]
    return (*included, *map(_literal, missing), *(f"!{glob}" for glob in _fewest(wrong, paths)))


def _fewest(wrong: Sequence[str], paths: Sequence[str]) -> tuple[str, ...]:
    """Return globs that match files which are matched by mistake, and none of `paths`."""
    literal = tuple(map(_literal, wrong))
    trees = _tree(wrong, paths) if len(wrong) > 1 else literal
    return min(literal, trees, key=len)


def _globs(paths: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    strangers = [path for path in others if not is_section_path(path)]
    included = _tree(paths, strangers, may_except=True)
    if len(included) > MAX_GLOBS:
        included = _with_exceptions(paths, strangers)
    first = Globs(included)
    if any(first.matches(path) for path in others if is_section_path(path)):
        included = (*included, *dict.fromkeys(f"!**/_index{_suffix(path)}" for path in paths))
    return included


def _is_one_of_many(path: str) -> bool:
    """Return whether more files can be expected beside one: texts, and what lies in a folder of such entries."""
    return _suffix(path) in MARKDOWN or path.rpartition("/")[0].rpartition("/")[2].lower() in SECTION_FOLDERS


def is_section_path(path: str) -> bool:
    """Return whether a file tells of its folder; all of them are of one type."""
    return path.rpartition("/")[2].startswith("_index.")


def _tree(paths: Sequence[str], others: Sequence[str], *, may_except: bool = False) -> tuple[str, ...]:
    """Return a glob for each part of the tree that is theirs alone."""
    found: dict[str, None] = {}
    for suffix in dict.fromkeys(map(_suffix, sorted(paths))):
        own = [path for path in paths if _suffix(path) == suffix]
        rest = {path for path in others if _suffix(path) == suffix}
        found.update(dict.fromkeys(_branch(own, rest, common_of(paths), suffix, may_except=may_except)))
    return tuple(found)


def _branch(own: Sequence[str], rest: set[str], folder: str, suffix: str, *, may_except: bool) -> list[str]:
    prefix = f"{folder}/" if folder else ""
    if not any(path.startswith(prefix) for path in rest):
        return [f"{_literal(prefix)}**/*{suffix}"]
    here: list[str] = []
    below: dict[str, list[str]] = defaultdict(list)
    for path in own:
        name, _, inner = path.removeprefix(prefix).partition("/")
        if inner:
            below[prefix + name].append(path)
        else:
            here.append(path)
    strangers = [path for path in rest if path.startswith(prefix) and "/" not in path.removeprefix(prefix)]
    if here and (not strangers or (may_except and len(strangers) <= len(here) // FEW_EXCEPTIONS)):
        globs = [f"{_literal(prefix)}*{suffix}", *(f"!{_literal(path)}" for path in sorted(strangers))]
    else:
        globs = [_literal(path) for path in here]
    if len(below) >= MANY_FOLDERS and not any(
        "/" in path.removeprefix(prefix) for path in rest if path.startswith(prefix)
    ):
        return [*globs, f"{_literal(prefix)}*/**/*{suffix}"]  # and so are further folders, such as the next year's
    for name, paths in below.items():
        globs += _branch(paths, rest, name, suffix, may_except=may_except)
    return globs


def _with_exceptions(paths: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return the whole tree below the common folder, and what others claim there taken out."""
    suffixes = dict.fromkeys(map(_suffix, sorted(paths)))
    folder = common_of(paths)
    prefix = _literal(f"{folder}/" if folder else "")
    if len(paths) == 1 and not _is_one_of_many(paths[0]):
        return (_literal(paths[0]),)
    strangers = [
        path for path in others if path.startswith(f"{folder}/" if folder else "") and _suffix(path) in suffixes
    ]
    return (*(f"{prefix}**/*{suffix}" for suffix in suffixes), *(f"!{glob}" for glob in _tree(strangers, paths)))


def common_of(paths: Iterable[str]) -> str:
    """Return the innermost folder that all paths of files lie in, "" for the top one."""
    folders = [path.split("/")[:-1] for path in paths]
    common: list[str] = []
    for names in zip(*folders, strict=False):
        if len(set(names)) > 1:
            break
        common.append(names[0])
    return "/".join(common)


def _suffix(path: str) -> str:
    return path[path.rfind(".") :]


def _literal(path: str) -> str:
    """Return a path as a glob; a sign that means something in globs becomes one character of any kind."""
    return _SIGN.sub("?", path)
