"""README.md: what a reader tries first is as it is written."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.engine.product import Product

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_first_query_is_answered_as_printed(tmp_path: Path) -> None:
    """The first query with its variables, on the project's own seeds, gives the printed answer."""
    variables, answer, *_ = map(json.loads, blocks("json"))
    with Product(tmp_path / "store") as product:
        product.load(PROJECT / "seeds")
        assert {"data": product.data(blocks("graphql")[0], variables)} == answer


def test_shell_example_asks_the_first_query() -> None:
    """What is given to curl is the same document, white space aside, with the same variables."""
    parameters = dict(re.findall(r"--data-urlencode '(\w+)=([^']+)'", README))
    assert parameters.keys() == {"query", "variables"}
    assert parameters["query"].split() == blocks("graphql")[0].split()
    assert json.loads(parameters["variables"]) == json.loads(blocks("json")[0])


def test_commands_at_the_beginning_can_be_started() -> None:
    """There are two: one that serves and one that tests."""
    commands = [line.split()[0] for line in blocks("sh")[0].splitlines()]
    assert commands == ["./scripts/serve", "./scripts/test"]
    assert all(os.access(PROJECT / command, os.X_OK) for command in commands)


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)", README))
def test_link_leads_to_a_file(target: str) -> None:
    """A file or folder of the project."""
    assert (PROJECT / target).exists()
