"""SECURITY.md: each promise names a test that there is."""

from __future__ import annotations

import re

from tests.server.programs import PROJECT_FOLDER

ROW = re.compile(r"^\| .+ \| .*\| `(tests/[\w/]+\.py)::(\w+)` \|$", re.MULTILINE)


def test_every_promise_has_a_test() -> None:
    """Each row names one, by the file and the function."""
    text = (PROJECT_FOLDER / "SECURITY.md").read_text(encoding="utf-8")
    rows = ROW.findall(text)
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| promise |")]
    assert len(rows) == len(lines)
    missing = [name for path, name in rows if f"def {name}(" not in (PROJECT_FOLDER / path).read_text(encoding="utf-8")]
    assert missing == []
