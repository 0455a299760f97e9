"""The guide's recipe for a new kind: a file, and a line in the registry."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COLOR = '''"""Color: a colour as CSS writes it."""

import re

from graphql_api.kinds.faults import read_text, shown
from graphql_api.kinds.kind import BadValueError, Kind, Storage
from graphql_api.kinds.orders import TEXT_ORDER
from graphql_api.kinds.text import TEXT_OPERATORS

_COLOR = re.compile(r"#(?:[0-9a-f]{3}){1,2}")


def _read(value):
    text = read_text(value)
    if text and not _COLOR.fullmatch(text):
        raise BadValueError("INVALID_VALUE", f"is {shown(text)}. Write a colour like #09f.")
    return text


COLOR = Kind(
    name="Color",
    description="A colour, such as #09f.",
    storage=Storage.TEXT,
    read=_read,
    dump=str,
    column=str,
    filter_name="StringFilter",
    operators=TEXT_OPERATORS,
    order=TEXT_ORDER,
)
'''
MODEL = """type Paint @content(files: ["*.yml"]) {
  slug: String! @from(file: NAME) @key
  color: Color! @filter @order(default: ASC)
  others: [Color!]!
}
"""
QUERY = (
    '{ paints(filter: {color: {startsWith: "#0"}}) { nodes { slug color others } } paint(by: {slug: "sky"}) { color } }'
)
ASK = """
import os, urllib.parse, urllib.request
print(urllib.request.urlopen(os.environ["GRAPHQL_API_URL"] + "?query=" + urllib.parse.quote(QUERY)).read().decode())
"""


def test_new_kind_is_a_file_and_a_line_in_the_registry(tmp_path: Path) -> None:
    """It is read and refused, stored, filtered, sorted and shown, and its scalar is in the schema."""
    shutil.copytree(ROOT / "graphql_api", tmp_path / "graphql_api", ignore=shutil.ignore_patterns("__pycache__"))
    kinds = tmp_path / "graphql_api" / "kinds"
    (kinds / "color.py").write_text(COLOR)
    registry = (kinds / "registry.py").read_text()
    registry = re.sub(r"( for kind in \([^)]*)\)", r"\1, COLOR)", registry)
    registry = registry.replace("\nif TYPE_CHECKING", "\nfrom graphql_api.kinds.color import COLOR\n\nif TYPE_CHECKING")
    (kinds / "registry.py").write_text(registry)
    site = tmp_path / "site"
    site.mkdir()
    (site / "content.graphql").write_text(MODEL)
    (site / "sky.yml").write_text('color: "#09f"\nothers: ["#fff"]\n')
    (site / "night.yml").write_text('color: "#001"\n')
    (site / "wrong.yml").write_text("color: blue\n")
    assert _run(tmp_path, "check", "--seeds", "site").splitlines()[0] == (
        "wrong.yml:1: ERROR INVALID_VALUE `color` is 'blue'. Write a colour like #09f."
    )
    (site / "wrong.yml").unlink()
    schema = _run(tmp_path, "schema", "--seeds", "site")
    assert '"""A colour, such as #09f."""\nscalar Color\n' in schema
    answer = _run(tmp_path, "run", "--seeds", "site", "--", sys.executable, "-c", ASK.replace("QUERY", repr(QUERY)))
    assert json.loads(answer).get("data", answer) == {
        "paints": {
            "nodes": [
                {"slug": "night", "color": "#001", "others": []},
                {"slug": "sky", "color": "#09f", "others": ["#fff"]},
            ]
        },
        "paint": {"color": "#09f"},
    }


def _run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "graphql_api", *arguments]
    # Coverage counts programs that tests start; this one is a copy.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment["PYTHONPATH"] = str(folder)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout
