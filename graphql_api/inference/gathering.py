"""Gathering: which files are entries of one type, by the folders that they lie in and the keys that they have."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from graphql_api.inference.collection import Collection
from graphql_api.inference.forms import is_language
from graphql_api.inference.homes import home_folders, is_generic
from graphql_api.inference.items import has_items
from graphql_api.inference.mixed import with_data_beside
from graphql_api.inference.shapes import likeness, presence
from graphql_api.inference.words import SECTION_FOLDERS, is_plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphql_api.inference.languages import Languages
    from graphql_api.inference.shapes import Presence
    from graphql_api.inference.walk import Found

STANDS_ALONE_BELOW = 0.3
JOINS_FROM = 0.62
SMALL_JOINS_FROM = 0.5
RELATED_JOINS_FROM = 0.4
"""For folders below one at the top that have keys in common which are in all of their files."""
JOINS_ACROSS_FROM = 0.8
"""For folders at the top, which tend to be types of their own."""
MANY_KEYS = 6
MAX_GLOBS = 24
IN_MOST = 0.9
IN_FEW = 0.05

_DOCS = "docs"
"""All texts below such a folder are of one type: few of their keys are in all."""
_NUMBERED = re.compile(r"[0-9]+[.\-_]")


def apart(collections: list[Collection], languages: Languages) -> list[Collection]:
    """Return the collections, those joined that lie so much among each other that no few globs tell them apart."""
    paths = [path for each in collections for path in each.paths]
    left = list(collections)
    while (entangled := _entangled(left, paths, languages)) is not None:
        collection, others = entangled
        max(others, key=lambda each: likeness(each.presence, collection.presence)).take_in(collection)
        left.remove(collection)
    return left


def _entangled(
    left: Sequence[Collection], paths: Sequence[str], languages: Languages
) -> tuple[Collection, list[Collection]] | None:
    """Return the smallest collection that takes too many globs, and those that it can become a part of."""
    for collection in sorted(left, key=lambda each: len(each.files)):
        others = [each for each in left if each is not collection and _are_of_a_kind(each, collection)]
        if others and len(collection.globs(paths, languages)) > MAX_GLOBS:
            return collection, others
    return None


def _are_of_a_kind(one: Collection, other: Collection) -> bool:
    kinds = {(each.has_items, each.is_section, each.files[0].is_markdown) for each in (one, other)}
    return len(kinds) == 1 and not _are_of_other_folders(one, other)


def collections_of(files: Sequence[Found], languages: Languages) -> list[Collection]:
    """Return the files by type, in the order of their first paths; each file is in one of them.

    Folders of languages count as one.
    """
    folder_of = {path: languages.home(folder) for path, folder in home_folders(files).items()}
    root = common_folder(folder_of.values())
    if root.rpartition("/")[2].lower() in SECTION_FOLDERS:
        root = root.rpartition("/")[0]  # all that lies there is of one kind
    candidates = [part for group in _by_folder(files, folder_of) for part in _parts(group)]
    joined = with_data_beside(_joined(candidates, root))
    split = [part for each in joined for part in _split(each, folder_of)]
    return sorted(split, key=lambda each: min(file.path for file in each.files))


def common_folder(folders: Iterable[str]) -> str:
    """Return the innermost folder that holds them all, "" if that is the top."""
    return os.path.commonpath([f"/{folder}" for folder in folders] or ["/"])[1:]


def top_folder(folder: str, root: str) -> str:
    """Return the first folder below `root` on the way to `folder`."""
    return folder.removeprefix(root).strip("/").partition("/")[0]


def _by_folder(files: Sequence[Found], folder_of: dict[str, str]) -> list[Collection]:
    groups: dict[tuple[Any, ...], list[Found]] = defaultdict(list)
    for file in files:
        if file.is_markdown and file.stem == "_index":
            groups["sections",].append(file)
        elif file.is_markdown:
            groups["texts", folder_of[file.path]].append(file)
        else:
            # _category_.json and the like tell of their folders, whichever those are.
            home = file.stem if file.stem.startswith("_") else folder_of[file.path]
            groups["data", home, has_items(file)].append(file)
    return [
        Collection(group, {folder_of[file.path] for file in group}, key[0] == "data" and key[2], key[0] == "sections")
        for key, group in groups.items()
    ]


def _parts(group: Collection) -> list[Collection]:
    """Return a folder's files, those that are like no other taken apart."""
    if group.is_section or group.is_of_folders:
        return [group]
    if not group.files[0].is_markdown and is_generic(next(iter(group.folders))):
        return _clusters(group, SMALL_JOINS_FROM)
    if group.is_small:
        return _clusters(group, STANDS_ALONE_BELOW) if not group.files[0].is_markdown else [group]
    whole = group.presence
    alone: list[Found] = []
    together: list[Found] = []
    for file, shape in zip(group.files, group.shapes, strict=True):
        is_like = likeness(presence([shape]), whole) >= STANDS_ALONE_BELOW
        (together if is_like else alone).append(file)
    odd = [_part(group, files) for files in _clustered(alone, group, STANDS_ALONE_BELOW)]
    for part in odd:
        part.is_odd = bool(together)
    return [_part(group, together), *odd] if together else odd


def _clusters(group: Collection, threshold: float) -> list[Collection]:
    return [_part(group, files) for files in _clustered(group.files, group, threshold)]


def _clustered(files: Sequence[Found], group: Collection, threshold: float) -> list[list[Found]]:
    """Return the files in clusters: each joins the first one that it is like."""
    shape_of = dict(zip((file.path for file in group.files), group.shapes, strict=True))
    clusters: list[list[Found]] = []
    for file in files:
        own = presence([shape_of[file.path]])
        for cluster in clusters:
            if group.has_items and _hold_others(file, cluster[0]):
                continue
            if likeness(own, presence(shape_of[each.path] for each in cluster)) >= threshold:
                cluster.append(file)
                break
        else:
            clusters.append([file])
    return clusters


def _hold_others(one: Found, other: Found) -> bool:
    """Return whether two files with entries say by their names that they hold different things: members, sponsors."""
    stems = {each.stem.lower() for each in (one, other)}
    return len(stems) > 1 and all(is_plural(stem) and not is_language(stem) for stem in stems)


def _part(group: Collection, files: list[Found]) -> Collection:
    return Collection(files, set(group.folders), group.has_items, group.is_section)


def _joined(candidates: list[Collection], root: str) -> list[Collection]:
    """Return the candidates with those joined that are alike, the largest ones first."""
    joined: list[Collection] = []
    for candidate in sorted(candidates, key=lambda each: (-len(each.files), min(each.folders))):
        best = _best(candidate, joined, root)
        if best is None:
            joined.append(candidate)
        else:
            best.take_in(candidate)
    return joined


def _best(candidate: Collection, joined: list[Collection], root: str) -> Collection | None:
    own = candidate.presence
    found: list[tuple[float, Collection]] = []
    for other in joined:
        if candidate.is_section or other.is_section or not _may_join(candidate, other):
            continue
        alike = likeness(own, other.presence)
        if alike >= _threshold(candidate, other, root):
            found.append((alike, other))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _may_join(one: Collection, other: Collection) -> bool:
    if one.has_items != other.has_items or _are_of_other_folders(one, other):
        return False
    if one.has_keys != other.has_keys and _DOCS not in _kinds(one) & _kinds(other):
        return False
    names, other_names = (_plurals(each) for each in (one, other))
    if not one.files[0].is_markdown and names and other_names and names.isdisjoint(other_names):
        return False
    # What was told apart within a folder stays apart.
    return one.files[0].is_markdown == other.files[0].is_markdown and not one.folders & other.folders


def _are_of_other_folders(one: Collection, other: Collection) -> bool:
    """Return whether two lie in folders that are called what lies there, and each something else: posts, authors."""
    own, others = (_kinds(each) for each in (one, other))
    return bool(own and others) and own.isdisjoint(others)


def _kinds(collection: Collection) -> set[str]:
    """Return the names on the way to a collection that are names of what lies there: posts, authors."""
    names = {name.lower() for folder in collection.folders for name in folder.split("/")}
    return names & SECTION_FOLDERS


def _plurals(collection: Collection) -> set[str]:
    """Return the names of the folders that a collection lies in which are plurals: plugins, themes."""
    names = {folder.rpartition("/")[2].lower() for folder in collection.folders}
    return {name for name in names if is_plural(name) and not is_generic(name)}


def _threshold(one: Collection, other: Collection, root: str) -> float:
    """Return how alike two must be to join; more than 1 if they never do."""
    tops = {top_folder(folder, root) for each in (one, other) for folder in each.folders}
    small = one.is_small or other.is_small
    if len(tops) == 1 and one.files[0].is_markdown and _DOCS in _kinds(one) & _kinds(other):
        return 0.0
    if len(tops) == 1 and _kinds(one) == _kinds(other) and _have_keys_in_common(one.presence, other.presence):
        return RELATED_JOINS_FROM
    if len(tops) == 1 or all(_NUMBERED.match(top) for top in tops):
        return SMALL_JOINS_FROM if small else JOINS_FROM
    if "" in tops or any(top.lower() in SECTION_FOLDERS for top in tops):
        return 2.0
    if one.has_items or not one.files[0].is_markdown:
        return 2.0
    shared = sum(1 for key in one.presence if key in other.presence)
    if shared >= MANY_KEYS or not any(is_plural(top) for top in tops):
        return JOINS_ACROSS_FROM if shared >= MANY_KEYS else JOINS_FROM
    return JOINS_ACROSS_FROM


def _have_keys_in_common(one: Presence, other: Presence) -> bool:
    """Return whether what all of one have is among what all of the other have: two keys at least."""
    always = [{key for key, share in each.items() if share >= IN_MOST} for each in (one, other)]
    fewer, more = sorted(always, key=len)
    return len(fewer) > 1 and fewer <= more


def _split(joined: Collection, folder_of: dict[str, str]) -> list[Collection]:
    """Return a collection in two where a group stands in nearly all files of some folders, and hardly in others."""
    if len(joined.folders) == 1 or joined.has_items or joined.is_section or joined.is_of_folders:
        return [joined]
    by_folder: dict[str, list[Found]] = defaultdict(list)
    for file in joined.files:
        by_folder[folder_of[file.path]].append(file)
    keys = {key for file in joined.files for key, value in file.value.items() if isinstance(value, dict)}
    for key in sorted(keys):
        shares = {folder: _share(files, _has_group(key)) for folder, files in by_folder.items()}
        most = {folder for folder, share in shares.items() if share >= IN_MOST}
        few = {folder for folder, share in shares.items() if share <= IN_FEW}
        if most and few and len(most) + len(few) == len(shares):
            halves = (
                Collection([file for folder in sorted(part) for file in by_folder[folder]], part)
                for part in (most, few)
            )
            return [part for half in halves for part in _split(half, folder_of)]
    return [joined]


def _has_group(key: str) -> Callable[[Found], bool]:
    return lambda file: isinstance(file.value.get(key), dict)


def _share(files: Sequence[Found], holds: Callable[[Found], bool]) -> float:
    return sum(map(holds, files)) / len(files)
