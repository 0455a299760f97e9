"""Texts: the models and the vocabulary that the package brings."""

from __future__ import annotations

from pathlib import Path


def package_text(name: str) -> str:
    """Return the text of a file beside this one."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
