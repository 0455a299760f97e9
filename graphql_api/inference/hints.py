"""Hints: what the configuration of a CMS says of the files, where it lies among them (Decap CMS, CloudCannon)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from graphql_api.inference.tools import is_cms_configuration
from graphql_api.reading.discover import SUFFIXES, discover
from graphql_api.reading.events import DATA_FILE_OF_ITEMS, read_events
from graphql_api.reading.problems import SeedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Hints(Struct):
    """What is said of the entries of a folder: their name in the singular, the options of keys, whom keys refer to.

    Folders are as the CMS writes them, from the root of its repository; "" for what holds in all of them.
    """

    names: dict[str, str] = {}
    options: dict[tuple[str, str], tuple[str, ...]] = {}
    relations: dict[tuple[str, str], str] = {}
    """The folder that the values of a key name entries of."""

    def name_of(self, folders: Iterable[str]) -> str:
        """Return the name for the entries of folders, "" if nothing is said."""
        return next((name for hinted, name in self.names.items() if _is_one(hinted, folders)), "")

    def options_of(self, folders: Iterable[str], key: str) -> tuple[str, ...]:
        """Return the options of a key, () if nothing is said."""
        known = list(folders)
        found = ((hinted, options) for (hinted, name), options in self.options.items() if name == key)
        return next((options for hinted, options in found if not hinted or _is_one(hinted, known)), ())

    def target_of(self, folders: Iterable[str], key: str) -> str:
        """Return the folder of the entries that a key refers to, "" if nothing is said."""
        known = list(folders)
        found = ((hinted, target) for (hinted, name), target in self.relations.items() if name == key)
        return next((target for hinted, target in found if _is_one(hinted, known)), "")


def is_folder(hinted: str, folder: str) -> bool:
    """Return whether a CMS and this folder mean the same one; the seeds can be any part of the CMS's repository."""
    own = folder.strip("/")
    hinted = hinted.strip("/")
    return hinted == own or (bool(own) and hinted.endswith(f"/{own}")) or (bool(hinted) and own.endswith(f"/{hinted}"))


def read_hints(seeds: Path) -> Hints:
    """Return what the configurations of CMSs below `seeds` say; one that cannot be read says nothing."""
    hints = Hints()
    for file in discover(seeds, SUFFIXES).files:
        if not is_cms_configuration(file.path):
            continue
        try:
            value = read_events((seeds / file.path).read_text(encoding="utf-8"), DATA_FILE_OF_ITEMS)
        except (OSError, UnicodeDecodeError, SeedError):
            continue
        if isinstance(value, dict):
            _read_decap(value, hints)
            _read_cloudcannon(value, hints)
    return hints


def _is_one(hinted: str, folders: Iterable[str]) -> bool:
    return any(is_folder(hinted, folder) for folder in folders)


def _read_decap(value: dict[str, Any], hints: Hints) -> None:
    """Read `collections`, as docs of Decap CMS (formerly Netlify CMS) describe them."""
    collections = [each for each in _list(value.get("collections")) if isinstance(each, dict)]
    folder_of = {str(each.get("name")): str(each["folder"]) for each in collections if each.get("folder")}
    for collection in collections:
        folder = str(collection.get("folder") or "")
        if not folder:
            continue
        if collection.get("label_singular"):
            hints.names[folder] = str(collection["label_singular"])
        for each in _fields(collection.get("fields")):
            name, widget = str(each.get("name")), each.get("widget")
            if widget == "select":
                hints.options[folder, name] = _options(each.get("options"))
            elif widget == "relation" and str(each.get("collection")) in folder_of:
                hints.relations[folder, name] = folder_of[str(each["collection"])]


def _read_cloudcannon(value: dict[str, Any], hints: Hints) -> None:
    """Read `collections_config` and `_inputs`, as CloudCannon's configuration file has them."""
    collections = value.get("collections_config")
    for each in collections.values() if isinstance(collections, dict) else ():
        folder = str(each.get("path") or "") if isinstance(each, dict) else ""
        if folder:
            if each.get("singular_name"):
                hints.names[folder] = str(each["singular_name"])
            _read_inputs(each.get("_inputs"), folder, hints)
    _read_inputs(value.get("_inputs"), "", hints)


def _read_inputs(inputs: Any, folder: str, hints: Hints) -> None:  # noqa: ANN401 - whatever stands in a file
    for key, each in inputs.items() if isinstance(inputs, dict) else ():
        options = each.get("options") if isinstance(each, dict) and each.get("type") == "select" else None
        values = options.get("values") if isinstance(options, dict) else None
        if isinstance(values, list):
            hints.options[folder, key] = _options(values)


def _options(options: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever stands in a file
    values = [each.get("value") if isinstance(each, dict) else each for each in _list(options)]
    return tuple(value for value in values if isinstance(value, str))


def _fields(fields: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - whatever stands in a file
    yield from (each for each in _list(fields) if isinstance(each, dict))


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - whatever stands in a file
    return value if isinstance(value, list) else []
