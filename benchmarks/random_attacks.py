"""Attacks by chance: requests of a kind, a size and a content that are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from benchmarks.attacks import MAX_BODY_BYTES, Attack, body

if TYPE_CHECKING:
    from random import Random

_MOST_POWER: Final = 3.3
_SCALARS: Final = (None, True, 1, -1.5, 2**40, "x", "TITLE_ASC", "x" * 1_000)
_NAMES: Final = ("and", "or", "not", "title", "eq", "in", "contains", "url", "date", "gt", "nothing")


def drawn(random: Random) -> Attack:
    """Return an attack; sizes are as often small as large."""
    kind = random.choice(_KINDS)
    size = int(10 ** random.uniform(0, _MOST_POWER))
    return Attack(f"{kind.__name__} {size}", body(*kind(random, size))[:MAX_BODY_BYTES])


def _of_fields(random: Random, size: int) -> tuple[str, None]:
    names = ("title", "url", "nothing", "answer { html }", "subject { title }", "t: url", "t: title", "__typename")
    return f"{{ questions {{ nodes {{ {' '.join(random.choices(names, k=max(1, size // 4)))} }} }} }}", None


def _of_nesting(random: Random, size: int) -> tuple[str, None]:
    levels = min(size, 2_000)
    opened = [
        random.choice(("questions { nodes ", "subject ", "next ", "... ", "content ", "x: question(by: {id: 1}) "))
        for _ in range(levels)
    ]
    return "{ " + "{ ".join(opened) + "{ title " + "}" * random.randint(0, 2 * levels), None


def _of_values(random: Random, size: int) -> tuple[str, dict[str, Any]]:
    def value(levels: int) -> Any:  # noqa: ANN401 - any JSON
        kind = random.choice(["scalar", "list", "object"]) if levels else "scalar"
        if kind == "scalar":
            return random.choice(_SCALARS)
        values = [value(levels - 1) for _ in range(random.randint(0, 4))]
        return values if kind == "list" else {random.choice(_NAMES): each for each in values}

    many = [value(3) for _ in range(min(size, 2_000))]
    return "query ($f: QuestionFilter) { questions(filter: $f) { totalCount } }", {"f": {"or": many}}


def _of_signs(random: Random, size: int) -> tuple[str, None]:
    signs = (
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        "...",
        "$a",
        "@b",
        '"c"',
        '"""d"""',
        "1",
        "-2.5e3",
        "e",
        "query",
        "on",
        "#f\n",
        "!",
        "=",
        "&",
        "|",
    )
    return "{ content { version } } " * random.randint(0, 1) + " ".join(random.choices(signs, k=size)), None


def _of_fragments(random: Random, size: int) -> tuple[str, None]:
    count = min(max(2, size // 10), 200)
    spreads = [" ".join(f"...F{random.randrange(count)}" for _ in range(random.randint(1, 6))) for _ in range(count)]
    types = ("Query", "Question", "Nothing", "Subject")
    parts = [f"fragment F{n} on {random.choice(types)} {{ title {spread} }}" for n, spread in enumerate(spreads)]
    return f"{{ ...F0 questions {{ nodes {{ ...F1 }} }} }} {' '.join(parts)}", None


_KINDS: Final = (_of_fields, _of_nesting, _of_values, _of_signs, _of_fragments)
