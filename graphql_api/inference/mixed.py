"""Mixed: entries of one type of which some are texts and some data, in one folder and with the same keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphql_api.inference.shapes import BODY
from graphql_api.inference.words import SECTION_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.inference.collection import Collection

BODY_KEYS: Final = frozenset(("body", "content", "text"))
"""Keys under which data has what a text has below its front matter."""
_IN_MOST = 0.9
_KEYS_IN_COMMON = 2


def with_data_beside(collections: Sequence[Collection]) -> list[Collection]:
    """Return the collections, data taken in by the texts of their folders that they are like."""
    texts = [each for each in collections if each.files[0].is_markdown and not each.is_section]
    left: list[Collection] = []
    for each in collections:
        of_a_kind = [] if each in texts or each.is_section else [text for text in texts if _are_alike(each, text)]
        if of_a_kind:
            of_a_kind[0].take_in(each)
        else:
            left.append(each)
    return left


def _are_alike(data: Collection, texts: Collection) -> bool:
    """Return whether data has what all texts have, and nothing in all of it that is not known to the texts.

    In a folder that is called what lies there (authors), data may have more. Two files of one name are no two entries.
    """
    if data.has_items or data.is_of_folders or not data.folders <= texts.folders:
        return False
    if {file.stem for file in data.files} & {file.stem for file in texts.files}:
        return False
    known = (data.presence.keys() & texts.presence.keys()) - {BODY}
    in_all_data, in_all_texts = (
        {key for key, share in each.presence.items() if share >= _IN_MOST} - {BODY} for each in (data, texts)
    )
    if not known or not in_all_texts <= known:
        return False
    if all(folder.rpartition("/")[2].lower() in SECTION_FOLDERS for folder in data.folders):
        return bool(in_all_texts)
    return in_all_data - BODY_KEYS <= known and len(known) >= _KEYS_IN_COMMON
