"""Entity tags and what a client may say about them."""

from __future__ import annotations

import re

import pytest

from graphql_api.server.entity_tags import entity_tag, is_named

TAG = entity_tag(b"body")


def test_tag_is_strong_and_depends_on_every_byte() -> None:
    """Equal bodies have equal tags, others have others; it is quoted and not weak."""
    assert re.fullmatch(rb'"[0-9a-f]{32}"', TAG)
    assert entity_tag(b"body") == TAG
    assert entity_tag(b"bodY") != TAG


@pytest.mark.parametrize(
    "header", [TAG, b"W/" + TAG, b"*", b" * ", b'"a", ' + TAG, TAG + b',"b"', b'W/"a",W/' + TAG, b'"a,b" ,' + TAG]
)
def test_tag_is_found_alone_in_a_list_weak_and_by_the_star(header: bytes) -> None:
    """RFC 9110, section 13.1.2: If-None-Match compares weakly."""
    assert is_named(TAG, header)


@pytest.mark.parametrize("header", [b"", b'"a"', TAG[1:-1], TAG[:-1], b'"a*"', b'"' + TAG[:9] + b'", "b"', b"W/", b","])
def test_anything_else_is_not_the_tag(header: bytes) -> None:
    """Other tags, parts of the tag, the tag without its quotes, and what is no list of tags at all."""
    assert not is_named(TAG, header)
