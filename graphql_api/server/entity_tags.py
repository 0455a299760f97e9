"""Entity tags: RFC 9110, sections 8.8.3 and 13.1.2."""

from __future__ import annotations

import hashlib
import re
from typing import Final

_ENTITY_TAG: Final = re.compile(rb'(?:W/)?("[^"]*")')
_TAG_CHARACTERS: Final = 32


def entity_tag(body: bytes) -> bytes:
    """Return the strong entity tag of a body: equal bytes have equal tags, whichever generation or worker made them."""
    return b'"%b"' % hashlib.sha256(body).hexdigest()[:_TAG_CHARACTERS].encode()


def is_named(tag: bytes, if_none_match: bytes) -> bool:
    """Return whether an If-None-Match header names `tag`: alone, in a list, as a weak one, or by `*`."""
    if if_none_match == tag:
        return True
    return if_none_match.strip() == b"*" or tag in _ENTITY_TAG.findall(if_none_match)
