"""Naming: the name of a type, by its folder, its urls, or what its files are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphql_api.inference.forms import is_language
from graphql_api.inference.patterns import common_of
from graphql_api.inference.words import GENERIC_FOLDERS, SECTION_FOLDERS, ascii_words, is_plural, type_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.inference.collection import Collection


MAX_WORDS = 2
"""The folder around everything has the name of its entries only if it is a short one; a repository's is not."""


def names_of(collection: Collection, folder_name: str) -> list[str]:
    """Return the names that would suit, the best first; `folder_name` is that of the folder around everything."""
    if collection.is_section:
        return ["Section", "SectionPage"]
    if is_singleton(collection):
        stem = collection.files[0].stem
        named = stem if stem != "index" else collection.files[0].folder.rpartition("/")[2] or "home"
        own = type_name(named, is_one=False)
        return [own, f"{own}Page", f"{own}File"]
    found = [*_by_folder(collection), *_by_urls(collection), *_by_other(collection, folder_name)]
    return [name for name in dict.fromkeys(found) if name] or ["Entry"]


def _is_collection(collection: Collection) -> bool:
    folders = {name.lower() for folder in collection.folders for name in folder.split("/")}
    return not folders.isdisjoint(SECTION_FOLDERS)


def is_singleton(collection: Collection) -> bool:
    """Return whether the one file of a collection is the only one that there will be."""
    if len(collection.files) > 1 or collection.has_items:
        return False
    return collection.is_odd or not _is_collection(collection)


def _by_folder(collection: Collection) -> list[str]:
    stems = {file.stem for file in collection.files}
    if len(stems) == 1 and not collection.files[0].is_markdown and (stem := stems.pop()).startswith("_"):
        return [type_name(stem)]
    common = common_of([f"{folder}/x" for folder in collection.folders])
    if collection.has_items and len(collection.files) == 1:
        file = collection.files[0]
        own = type_name(file.stem)
        return [own] if file.stem.lower() not in GENERIC_FOLDERS else []
    while common:
        last = common.rpartition("/")[2]
        if not _is_generic(last) and type_name(last):
            return [type_name(last)]
        common = common.rpartition("/")[0]
    return []


def _by_urls(collection: Collection) -> list[str]:
    """Return the singular of the word before the last one, where urls agree on it: /learn/maths/questions/why."""
    words: Counter[str] = Counter()
    for file in collection.files:
        url = file.value.get("url") if isinstance(file.value, dict) else None
        parts = url.strip("/").split("/") if isinstance(url, str) else []
        if len(parts) > 1:
            words[parts[-2]] += 1
    word, count = words.most_common(1)[0] if words else ("", 0)
    return [type_name(word)] if count > len(collection.files) / 2 and is_plural(word) else []


def _by_other(collection: Collection, folder_name: str) -> list[str]:
    last = "Page" if collection.files[0].is_markdown else "Record"
    is_name = is_plural(folder_name) and not _is_generic(folder_name) and len(ascii_words(folder_name)) <= MAX_WORDS
    own = type_name(folder_name) if is_name else ""
    stems = {file.stem for file in collection.files}
    stem = stems.pop() if len(stems) == 1 and len(collection.files) > 1 else ""
    if stem.lower() not in {"", "index", "readme", *GENERIC_FOLDERS}:
        return [type_name(stem), own, last]  # one in each of several folders
    if own or collection.folders == {""}:
        return [own, last]
    keys = _presence_names(collection)
    if "date" in keys and ":body" in keys:
        return ["Article"]
    largest = Counter(file.folder.rpartition("/")[2] for file in collection.files).most_common(1)[0][0]
    return [type_name(largest) if largest.lower() in SECTION_FOLDERS else "", last]


def _is_generic(folder: str) -> bool:
    return folder.lower() in GENERIC_FOLDERS or is_language(folder)


def _presence_names(collection: Collection) -> Sequence[str]:
    return [key for key, share in collection.presence.items() if share > 0.5]  # noqa: PLR2004 - in most
