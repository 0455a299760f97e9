"""Apollo Client, urql, Relay, graphql-request, TanStack Query and gql.tada, as their users have them, on the real API.

The tests are in JavaScript, beside this file; each of them is a line of what node prints.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.clients.conftest import FOLDER, checked, program, run_node
from tests.command_line import run_program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Workplace = Callable[[str], Path]


@pytest.fixture
def workplace(tmp_path: Path, node: str) -> Workplace:
    """Return what copies a folder of this one, with the schema and the installed packages beside it."""
    assert node

    def copied(name: str) -> Path:
        folder = tmp_path / name
        shutil.copytree(FOLDER / name, folder)
        shutil.copy(program("schema.graphql"), folder)
        (folder / "package.json").write_text(json.dumps({"type": "module", "private": True}))
        (folder / "node_modules").symlink_to(FOLDER / "node_modules")
        return folder

    return copied


def bundle(folder: Path, source: str) -> str:
    """Make one script of a source and of what it imports, but for packages; returns its name."""
    options = ("--bundle", "--platform=node", "--format=esm", "--packages=external", "--log-level=warning")
    checked(["node_modules/.bin/esbuild", source, *options, "--outfile=bundled.test.mjs"], folder)
    return "bundled.test.mjs"


@pytest.mark.parametrize("client", ["apollo", "urql"])
def test_client_with_a_normalised_cache(
    client: str, node: str, api_url: str, plain_api_url: str, tmp_path: Path
) -> None:
    """With the configuration that `client-config` prints nothing is fetched twice or warned of; without it, it is."""
    configuration = tmp_path / "cache.mjs"
    printed = run_program("client-config", client)
    assert printed.returncode == 0
    configuration.write_text(printed.stdout)
    run_node(
        node,
        "--test",
        f"{client}.test.mjs",
        CACHE_CONFIGURATION=str(configuration),
        GRAPHQL_API_URL=api_url,
        PLAIN_API_URL=plain_api_url,
    )


def test_clients_without_a_cache_of_objects(node: str, api_url: str) -> None:
    """graphql-request, and TanStack Query with it: variables, GET, errors, all pages."""
    run_node(node, "--test", "fetching.test.mjs", GRAPHQL_API_URL=api_url)


def test_relay(node: str, api_url: str, workplace: Workplace) -> None:
    """Its compiler takes the schema, with connections, `node(id:)` and scalars; its runtime pages to the end."""
    folder = workplace("relay")
    (folder / "artifacts").mkdir()
    checked(["node_modules/.bin/relay-compiler"], folder)
    run_node(node, "--test", bundle(folder, "run.test.mjs"), folder=folder, GRAPHQL_API_URL=api_url)


def test_gql_tada(node: str, api_url: str, workplace: Workplace) -> None:
    """Types follow from the schema, null and scalars too: what is right compiles, and what is not does not."""
    folder = workplace("tada")
    checked(["node_modules/.bin/gql.tada", "generate-output"], folder)
    checked(["node_modules/.bin/gql.tada", "check"], folder)
    checked(["node_modules/.bin/tsc", "-p", "."], folder)
    run_node(node, "--test", bundle(folder, "page.test.ts"), folder=folder, GRAPHQL_API_URL=api_url)
