"""The cookbook, `docs/queries.md`, as data: its recipes, and how it shortens answers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COOKBOOK = Path(__file__).parents[1] / "docs" / "queries.md"
MAX_ITEMS, MAX_CHARACTERS = 3, 240
_HEADING = re.compile(r"^### (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(graphql|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What differs from one load, or from one machine, to the next.
_VARYING = {"cursor", "startCursor", "endCursor", "version", "loadedAt"}
_CURSORS = {"<startCursor>": "startCursor", "<endCursor>": "endCursor"}


class Ask(Protocol):
    """Answers an operation with its data."""

    def __call__(self, document: str, variables: Mapping[str, Any] | None = None) -> Any: ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """One task: its heading, the sentences under it, the operation, its variables and the answer as text."""

    title: str
    text: str
    operation: str
    variables_text: str | None
    answer_text: str

    @property
    def variables(self) -> dict[str, Any]:
        """The variables as they are written."""
        return dict(json.loads(self.variables_text)) if self.variables_text else {}


def recipes(cookbook: str | None = None) -> list[Recipe]:
    """Return the recipes of the text `cookbook`, in order; without it, of the file."""
    return [_recipe(part) for part in _parts(COOKBOOK.read_text(encoding="utf-8") if cookbook is None else cookbook)]


def _parts(text: str) -> Iterator[tuple[str, str]]:
    pieces = _HEADING.split(text)[1:]
    return zip(pieces[::2], pieces[1::2], strict=True)


def _recipe(part: tuple[str, str]) -> Recipe:
    title, body = part
    blocks = _BLOCK.findall(body)
    kinds = [kind for kind, _ in blocks]
    assert kinds in (["graphql", "json"], ["graphql", "json", "json"]), f"{title}: {kinds}"
    texts = [text for _, text in blocks]
    return Recipe(title, body.split("```", 1)[0].strip(), texts[0], texts[1] if len(texts) > 2 else None, texts[-1])


def answered(all_recipes: list[Recipe], ask: Ask) -> Iterator[tuple[Recipe, Any]]:
    """Yield each recipe with its whole answer; cursors in its variables are those of the answer before."""
    before: Any = None
    for recipe in all_recipes:
        before = ask(recipe.operation, with_cursors(recipe.variables, before))
        yield recipe, before


def with_cursors(variables: Mapping[str, Any], before: Any) -> dict[str, Any]:
    """Return the variables with the cursors of the answer `before` where they ask for one."""
    return {
        name: next(_found(before, _CURSORS[value])) if isinstance(value, str) and value in _CURSORS else value
        for name, value in variables.items()
    }


def _found(value: Any, key: str) -> Iterator[Any]:
    """Yield what stands under `key`, at any depth."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == key:
                yield item
            yield from _found(item, key)
    if isinstance(value, list):
        for item in value:
            yield from _found(item, key)


def shortened(value: Any, key: str = "") -> Any:
    """Return an answer as the cookbook shows it."""
    if isinstance(value, dict):
        return {name: shortened(item, name) for name, item in value.items()}
    if isinstance(value, list):
        shown = value if len(value) <= MAX_ITEMS else value[: MAX_ITEMS - 1]
        return [shortened(item) for item in shown] + (["…"] if shown is not value else [])
    if isinstance(value, str) and key in _VARYING:
        return "[…]"
    if isinstance(value, str) and len(value) > MAX_CHARACTERS:
        return value[:MAX_CHARACTERS].rsplit(" ", 1)[0] + " […]"
    return value


def rewritten(cookbook: str, ask: Ask) -> str:
    """Return the text of the cookbook with the answers that `ask` gives now."""
    for recipe, data in answered(recipes(cookbook), ask):
        answer = json.dumps({"data": shortened(data)}, indent=2, ensure_ascii=False)
        start = cookbook.index(f"### {recipe.title}\n")
        following = _HEADING.search(cookbook, start + 1)
        at = cookbook.rindex("```json\n", start, following.start() if following else None) + len("```json\n")
        cookbook = f"{cookbook[:at]}{answer}\n{cookbook[cookbook.index('```', at) :]}"
    return cookbook
