"""gql and ariadne-codegen, as their users have them, on the real API."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.clients.conftest import FOLDER, checked, program

if TYPE_CHECKING:
    from pathlib import Path


def test_gql(python_clients: Path, api_url: str, tmp_path: Path) -> None:
    """With the schema that it fetches, synchronously and not; errors have their codes."""
    script = str(FOLDER / "python" / "with_gql.py")
    assert "gql is fine" in checked([str(python_clients / "python"), script], tmp_path, GRAPHQL_API_URL=api_url)


def test_ariadne_codegen(python_clients: Path, api_url: str, tmp_path: Path) -> None:
    """A client is made of the schema and of operations with fragments, inputs and scalars; it asks and is answered."""
    shutil.copytree(FOLDER / "python", tmp_path / "python")
    shutil.copy(program("schema.graphql"), tmp_path / "python")
    checked([str(python_clients / "ariadne-codegen"), "--config", "ariadne.toml", "client"], tmp_path / "python")
    command = [str(python_clients / "python"), "with_ariadne.py"]
    assert "ariadne-codegen is fine" in checked(command, tmp_path / "python", GRAPHQL_API_URL=api_url)
