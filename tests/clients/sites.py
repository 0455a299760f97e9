"""Sites made of the blocks of a page of docs/, as they stand there, in what a framework's starter gives."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

from tests.clients.conftest import FOLDER, checked, program
from tests.command_line import run_program

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_BLOCK = re.compile(r"^```(?:js|ts|tsx|astro)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"^(?:---\n)?// ([\w./\[\]-]+\.\w+)(.*)$", re.MULTILINE)

# What create-next-app and create-astro write, as far as it matters here.
_TSCONFIG_NEXT = {
    "compilerOptions": {
        "target": "ES2017",
        "lib": ["dom", "dom.iterable", "esnext"],
        "strict": True,
        "noEmit": True,
        "skipLibCheck": True,
        "esModuleInterop": True,
        "module": "esnext",
        "moduleResolution": "bundler",
        "resolveJsonModule": True,
        "isolatedModules": True,
        "jsx": "react-jsx",
        "incremental": True,
        "plugins": [{"name": "next"}],
    },
    "include": ["next-env.d.ts", "**/*.ts", "**/*.tsx"],
    "exclude": ["node_modules"],
}
_LAYOUT = """\
export default function Layout({ children }: { children: React.ReactNode }) {
  return <html lang="en"><body>{children}</body></html>;
}
"""
_TSCONFIG_ASTRO = {"extends": "astro/tsconfigs/strict", "include": [".astro/types.d.ts", "**/*"], "exclude": ["dist"]}


def blocks(page: str = "frontends") -> dict[str, str]:
    """Return the text of each block of a page of docs/ by the path in its first line.

    A path that says so is in the root in any case.
    """
    found: dict[str, str] = {}
    for text in _BLOCK.findall(program(f"docs/{page}.md").read_text(encoding="utf-8")):
        head = _PATH.match(text)
        assert head, f"this block does not begin with its path:\n{text}"
        path = f"/{head[1]}" if "in the root in any case" in head[2] else head[1]
        assert path not in found
        found[path] = text
    return found


class Site:
    """One project, in a folder of its own below the installed packages, because bundlers follow no link out of it."""

    def __init__(self, name: str, paths: Iterable[str], source: str = "", page: str = "frontends") -> None:
        """Write the blocks of `page` whose paths match one of `paths` into `source` ("src/" or "")."""
        self.folder = FOLDER / "build" / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.source = self.folder / source
        self.write("package.json", json.dumps({"private": True, "type": "module"}))
        shutil.copy(program("schema.graphql"), self.folder)
        patterns = [re.compile(each) for each in paths]
        for path, text in blocks(page).items():
            if any(pattern.match(path) for pattern in patterns):
                self.write(path.removeprefix("/") if path.startswith("/") else f"{source}{path}", text)

    def write(self, path: str, text: str) -> Path:
        """Write a file of the project."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def run(self, *command: str, **variables: str) -> str:
        """Run a program of the installed packages here, by its name; it must end with 0."""
        name, *arguments = command
        return checked([str(FOLDER / "node_modules" / ".bin" / name), *arguments], self.folder, **variables)

    def generate(self) -> None:
        """Make the types of the operations, and the caches' configurations."""
        self.run("graphql-codegen")
        for client in ("apollo", "urql"):
            printed = run_program("client-config", client)
            (self.source / "lib" / f"{client}-cache.ts").write_text(printed.stdout)


def next_site(name: str, paths: Iterable[str], source: str) -> Site:
    """Return a project as `create-next-app` makes it, with or without `src/`, and the types of its operations."""
    site = Site(name, ["/codegen.ts", "lib/", *paths], source)
    begin_next(site, source)
    site.generate()
    return site


def begin_next(site: Site, source: str = "") -> None:
    """Write what `create-next-app` writes beside the pages."""
    options = {**_TSCONFIG_NEXT["compilerOptions"], "paths": {"@/*": [f"./{source}*"]}}  # type: ignore[dict-item]
    site.write("tsconfig.json", json.dumps({**_TSCONFIG_NEXT, "compilerOptions": options}))
    site.write("next-env.d.ts", '/// <reference types="next" />\n')
    if (site.source / "app").is_dir():
        (site.source / "app" / "layout.tsx").write_text(_LAYOUT)


def astro_site(name: str) -> Site:
    """Return a project as `create-astro` makes it, and the types of its operations."""
    site = Site(name, ["/codegen.ts", "lib/(ask|ask-at|pages).ts", ".*[.]astro$"], "src/")
    site.write("tsconfig.json", json.dumps(_TSCONFIG_ASTRO))
    site.write("astro.config.mjs", 'export default { trailingSlash: "never", build: { format: "file" } };\n')
    site.generate()
    for client in ("apollo", "urql"):
        (site.source / "lib" / f"{client}-cache.ts").unlink()
    return site
