"""What a generation is made by: the modules that decide what a seed becomes, and no others."""

from __future__ import annotations

from pathlib import Path

import grimp

import graphql_api
from graphql_api.loading.made_by import _DECIDES_NOTHING, _FOLDERS, _installed, code_fingerprint, deciding_sources

PACKAGE = Path(graphql_api.__file__).parent
DECIDING = {each.relative_to(PACKAGE).with_suffix("").as_posix() for each in deciding_sources()}


def test_everything_that_makes_rows_is_part_of_the_fingerprint() -> None:
    """Whatever reading, rendering, rows and tables import from these folders decides as well."""
    graph = grimp.build_graph("graphql_api")
    makers = (
        "reading.compile",
        "rendering.render",
        "loading.row_maker",
        "loading.references",
        "loading.counts",
        "store.ddl",
    )
    needed = {
        each.removeprefix("graphql_api.").replace(".", "/")
        for maker in makers
        for each in graph.find_upstream_modules(f"graphql_api.{maker}")
    }
    missing = {
        each for each in needed if each.split("/")[0] in _FOLDERS and (PACKAGE / f"{each}.py").exists()
    } - DECIDING
    assert len(needed) > 50
    assert not missing


def test_what_only_answers_is_no_part_of_it() -> None:
    """A comment where connections are kept builds no store anew, and no name here is one of a module that is gone."""
    assert DECIDING.isdisjoint(_DECIDES_NOTHING)
    assert {"store/lanes", "store/sqlite", "loading/readers"} <= _DECIDES_NOTHING
    assert all((PACKAGE / f"{each}.py").exists() for each in _DECIDES_NOTHING)


def test_libraries_count_with_their_versions() -> None:
    """Another version of what renders may render otherwise."""
    assert {each.partition("-")[0] for each in _installed()} >= {"pyromark", "nh3", "math_core", "python_frontmatter"}
    assert len(code_fingerprint()) == 16
