"""Texts: the models and the vocabulary that the package brings."""

from __future__ import annotations

from importlib.resources import files


def package_text(name: str) -> str:
    """Return the text of a file beside this one."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
