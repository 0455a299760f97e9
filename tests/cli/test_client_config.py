"""`client-config`: what clients' caches must be told of a schema; tests/clients has the clients themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from graphql import build_schema as graphql_schema

from graphql_api.cli.client_config import apollo_config, urql_config
from graphql_api.cli.exit_codes import ExitCode
from tests.command_line import run

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
type Page @content(files: ["pages/*.md"]) {
  slug: String! @key
  title: String!
  parts: [Part!]!
  people: [Person!]!
  other: Page
}
union Part @block(key: "type") = Words | Picture
type Words @is(value: "words") { text: RichText! }
type Picture @is(value: "picture") { src: String! }
type Person { id: String, name: String! }
"""
SCHEMA = graphql_schema("""
interface Node { id: ID! }
type Query { parts: [Part!]!, pages(first: Int, after: String, filter: String): Pages!, node: Node, nodes: [Node!]! }
type Pages { edges: [Edge!]!, totalCount: Int! }
type Edge { node: Page! }
type Page implements Node { id: ID!, title: String!, people: [[Person!]!]!, friends: [Page!]!, part: Part }
type Person { id: String, name: String! }
type Words { text: String! }
union Part = Words | Person
""")


def block(text: str, name: str) -> list[str]:
    """Return the lines of an exported object."""
    found = re.search(rf"^export const {name} = \{{\n(.*?)^\}};$", text, re.MULTILINE | re.DOTALL)
    assert found
    return [line.strip(" ,") for line in found[1].splitlines()]


def test_apollo_keeps_what_has_no_id_with_what_it_is_a_part_of() -> None:
    """Entries have keys; a group has none, even if it has a field `id`; lists of parts are told of one by one."""
    assert block(apollo_config(SCHEMA), "typePolicies") == [
        "Query: { fields: { parts: list } }",
        "Edge: part",
        "Page: { merge, fields: { people: list } }",
        "Pages: { ...part, fields: { edges: list } }",
        "Person: part",
        "Words: part",
    ]


def test_urql_has_a_key_for_every_type_but_entries() -> None:
    """Else it warns of each, once a type."""
    assert block(urql_config(SCHEMA), "keys") == [f"{name}: part" for name in ("Edge", "Pages", "Person", "Words")]


@pytest.mark.parametrize("make", [apollo_config, urql_config])
def test_fragments_on_interfaces_and_unions_match_without_guessing(make: object) -> None:
    """Both clients have the types that may stand for each."""
    assert callable(make)
    assert block(make(SCHEMA), "possibleTypes") == ['Node: ["Page"]', 'Part: ["Words", "Person"]']


def test_arguments_that_tell_lists_apart_are_those_that_do_not_page() -> None:
    """For endless lists: pages of one filter and order are one list."""
    assert block(apollo_config(SCHEMA), "pageArguments") == ['Query: { pages: ["filter"] }']


@pytest.mark.parametrize("client", ["apollo", "urql"])
def test_configuration_is_that_of_the_model(client: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the one that is named, else of the seeds', else of the built-in one; nothing need be loaded."""
    (tmp_path / "content.graphql").write_text(MODEL)
    assert run("client-config", client, "--seeds", tmp_path) == ExitCode.OK
    ours = capsys.readouterr().out
    assert '\n  Part: ["Words", "Picture"],\n' in ours
    assert "Question" not in ours
    assert run("client-config", client, "--seeds", tmp_path / "nowhere") == ExitCode.OK
    assert "\n  RichText: " in capsys.readouterr().out


def test_unknown_client_is_a_usage_error() -> None:
    """The two whose caches normalise."""
    assert run("client-config", "relay") == ExitCode.USAGE
