"""Tools: files that belong to a program and are no content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMES = frozenset(
    (
        "package.json",
        "biome.json",
        "components.json",
        "tina-lock.json",
        "cloudbuild.yaml",
        "Cargo.toml",
        "pubspec.yaml",
        "package-lock.json",
        "npm-shrinkwrap.json",
        "angular.json",
        "nx.json",
        "rush.json",
        "cspell.json",
        "tslint.json",
        "nodemon.json",
        "now.json",
        "fly.toml",
        "railway.toml",
        "render.yaml",
        "docusaurus.config.json",
        "mkdocs.yaml",
        "Gopkg.toml",
        "composer.json",
        "tsconfig.json",
        "jsconfig.json",
        "deno.json",
        "pnpm-lock.yaml",
        "pnpm-workspace.yaml",
        "yarn.lock",
        "lerna.json",
        "turbo.json",
        "vercel.json",
        "netlify.toml",
        "wrangler.toml",
        "hugo.toml",
        "hugo.yaml",
        "hugo.yml",
        "hugo.json",
        "hugo_stats.json",
        "_config.yml",
        "_config.yaml",
        "_config.toml",
        "mkdocs.yml",
        "book.toml",
        "cloudcannon.config.yml",
        "cloudcannon.config.yaml",
        "cloudcannon.config.json",
        "renovate.json",
        "manifest.json",
        "site.webmanifest",
        "pyproject.toml",
        "docker-compose.yml",
        "docker-compose.yaml",
        "babel.config.json",
        "firebase.json",
        "app.json",
        "theme.toml",
    )
)
_FOLDERS = frozenset(("node_modules", "__tests__", "__snapshots__"))
_TOP_FOLDERS = frozenset(("_layouts", "_includes", "_sass"))
_FOLDERS_OF_PROJECTS = frozenset(("archetypes", "themes", "layouts", "vendor"))
"""Beside the configuration of a program; elsewhere such a folder has content like any other."""
_PATTERN = re.compile(r"tsconfig\..+\.json|.+\.code-workspace|.+\.schema\.json|renovate.*\.json|.+\.11tydata\.json")
_ROOT_CONFIGURATION = frozenset(("config.toml", "config.yaml", "config.yml", "config.json"))
_CMS = re.compile(r"(?:.+/)?admin/config\.ya?ml")


def is_cms_configuration(path: str) -> bool:
    """Return whether a file is the configuration of Decap CMS or CloudCannon, in YAML."""
    name = path.rpartition("/")[2]
    return _CMS.fullmatch(path) is not None or name in {"cloudcannon.config.yml", "cloudcannon.config.yaml"}


def is_project(paths: Iterable[str]) -> bool:
    """Return whether the configuration of a program lies at the top, beside the content."""
    return any("/" not in path and (path in _NAMES or path in _ROOT_CONFIGURATION) for path in paths)


def is_of_a_tool(path: str, *, in_project: bool) -> str:
    """Return why a file is no content, "" if it may be."""
    *folders, name = path.split("/")
    tool = next((folder for folder in folders if folder in _FOLDERS), "")
    tops = _TOP_FOLDERS | _FOLDERS_OF_PROJECTS if in_project else _TOP_FOLDERS
    tool = tool or next((folder for folder in folders[:1] if folder in tops), "")
    if tool:
        return f"{tool} belongs to a program, not to the content."
    is_configuration = name in _NAMES or _PATTERN.fullmatch(name) or is_cms_configuration(path)
    if is_configuration or (not folders and name in _ROOT_CONFIGURATION):
        return "It is the configuration of a program."
    return ""
