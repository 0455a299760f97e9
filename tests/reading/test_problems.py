"""Every code has its place in the manual."""

from __future__ import annotations

import re
from pathlib import Path

import graphql_api
from graphql_api.loading.duplicates import DUPLICATE_KEY_VALUE
from graphql_api.loading.holding import ROLLED_BACK
from graphql_api.loading.publish import GENERATION_DAMAGED
from graphql_api.loading.unmet import REFERENCE_DANGLING
from graphql_api.reading.problems import Code

MANUAL = Path(graphql_api.__file__).parents[1] / "docs" / "problems.md"

# What a load finds, and no file says by itself; in the order of the manual.
OF_A_LOAD = (DUPLICATE_KEY_VALUE, REFERENCE_DANGLING, GENERATION_DAMAGED, ROLLED_BACK)


def test_every_code_is_in_the_manual_and_every_section_has_a_code() -> None:
    """`docs/problems.md` has one section per code, with cause, example and remedy."""
    manual = MANUAL.read_text(encoding="utf-8")
    sections = re.split(r"^### ", manual, flags=re.MULTILINE)[1:]
    assert [section.split("\n", 1)[0] for section in sections] == [f"`{code}`" for code in (*Code, *OF_A_LOAD)]
    for section in sections:
        assert re.search(
            r"^\*\*Cause\.\*\*\s.*^\*\*Example\.\*\*\s.*^\*\*Remedy\.\*\*\s", section, re.DOTALL | re.MULTILINE
        )
