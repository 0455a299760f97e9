"""Fields of one response key must merge, as graphql-core says by comparing all pairs; told in a bounded time."""

from __future__ import annotations

import re
from random import Random

import pytest
from graphql import OverlappingFieldsCanBeMergedRule, build_schema, parse, validate

from graphql_api.engine.merging import MAX_STEPS, MergingRule, TooManyStepsError
from tests.random_seeds import random_seeds

SCHEMA = build_schema("""
type Query { a(x: Int, y: Int): A b: B any: Any union: AB list: [A] needed: [A!]! }
interface Any { a(x: Int, y: Int): A same: String other: Int any: Any }
type A implements Any { a(x: Int, y: Int): A same: String other: Int any: Any own: String kind: Kind b: B list: [A!] }
type B implements Any { a(x: Int, y: Int): A same: String other: Int any: Any own: Int kind: Kind b: [B] list: [A] }
union AB = A | B
enum Kind { ONE TWO }
""")
FIELDS = {
    "Query": ("a", "b", "any", "union", "list", "needed"),
    "Any": ("a", "same", "other", "any"),
    "A": ("a", "same", "other", "any", "own", "kind", "b", "list"),
    "B": ("a", "same", "other", "any", "own", "kind", "b", "list"),
    "AB": ("__typename",),
}
OF_OBJECTS = {"a": "A", "b": "B", "any": "Any", "union": "AB", "list": "A", "needed": "A"}
TOGETHER = {
    "Query": ("Query",),
    "Any": ("Any", "A", "B", "AB"),
    "A": ("A", "Any", "AB"),
    "B": ("B", "Any", "AB"),
    "AB": ("AB", "A", "B", "Any"),
}
KEYS = ("", "", "", "", "k: ", "a: ")
ARGUMENTS = ("", "", "", "(x: 1)", "(x: 1, y: 2)", "(y: 2, x: 1)")
FRAGMENTS = 4


def document(random: Random) -> str:
    """Return a document whose fields often have one key: with fragments, inline ones, arguments, abstract types.

    It is valid but for that.
    """
    types = [random.choice(list(FIELDS)) for _ in range(FRAGMENTS)]
    texts = {"": selections(random, "Query", 3, 0, types)}
    for number, type_ in enumerate(types):
        texts[f"F{number}"] = f"fragment F{number} on {type_} {selections(random, type_, 2, number, types)}"
    reached, left = {""}, [""]
    while left:
        new = set(re.findall(r"\.\.\.(F\d)", texts[left.pop()])) - reached
        reached |= new
        left.extend(new)
    return " ".join(text for name, text in texts.items() if name in reached)


def selections(random: Random, type_: str, levels: int, after: int, types: list[str]) -> str:
    """Return a selection set; fragments spread only those with a greater number, so that none leads to itself."""
    return "{ " + " ".join(selection(random, type_, levels, after, types) for _ in range(random.randint(1, 4))) + " }"


def selection(random: Random, type_: str, levels: int, after: int, types: list[str]) -> str:
    kind = random.random()
    spreads = [number for number in range(after + 1, FRAGMENTS) if types[number] in TOGETHER[type_]]
    if kind < 0.15 and spreads:
        return f"...F{random.choice(spreads)}"
    if kind < 0.35 and levels:
        inner = random.choice(TOGETHER[type_])
        return f"... on {inner} {selections(random, inner, levels - 1, after, types)}"
    name = random.choice(FIELDS[type_])
    if name not in OF_OBJECTS:
        return f"{random.choice(KEYS)}{name}"
    arguments = random.choice(ARGUMENTS) if name == "a" else ""
    below = selections(random, OF_OBJECTS[name], levels - 1, after, types) if levels else "{ __typename }"
    return f"{random.choice(KEYS)}{name}{arguments} {below}"


@pytest.mark.parametrize("seed", random_seeds(4))
def test_same_documents_conflict_as_by_comparing_all_pairs(seed: int) -> None:
    """For any document, the verdict is that of graphql-core's rule; here only the first conflict is told."""
    random, verdicts = Random(seed), [0, 0]
    for _ in range(150):
        text = document(random)
        expected = bool(validate(SCHEMA, parse(text), [OverlappingFieldsCanBeMergedRule]))
        errors = validate(SCHEMA, parse(text), [MergingRule])
        assert (text, len(errors)) == (text, int(expected))
        verdicts[expected] += 1
    assert min(verdicts) > 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{ k: a { same } k: b { same } }", "'a' and 'b' are different fields"),
        ("{ a(x: 1) { same } a(x: 2) { same } }", "they have differing arguments"),
        ("{ any { ... on A { k: same } ... on B { k: other } } }", "conflicting types 'String' and 'Int'"),
        ("{ a { k: list { same } } b { k: a { same } } }", ""),
        ("{ any { ... on A { k: b { same } } ... on B { k: b { same } } } }", "conflicting types 'B' and '[B]'"),
    ],
)
def test_conflict_is_told_with_both_places(text: str, said: str) -> None:
    """The first one only."""
    errors = validate(SCHEMA, parse(text), [MergingRule])
    assert [said in error.message and len(error.locations or ()) for error in errors] == ([2] if said else [])


@pytest.mark.parametrize(
    "text",
    [
        "{ " + "a { same } " * (MAX_STEPS // 2) + "}",
        "{ " + " ".join(f"...F{n}" for n in range(200)) + " } "
        + " ".join(f"fragment F{n} on Query {{ a {{ {'same ' * 200}}} }}" for n in range(200)),
        " ".join(f"query Q{n} {{ ...F }}" for n in range(200)) + f" fragment F on Query {{ {'a { same } ' * 100}}}",
    ],
    ids=["fields", "fragments", "operations"],
)  # fmt: skip
def test_work_is_bounded(text: str) -> None:
    """Whatever a document repeats, it is compared in so many steps or not at all."""
    with pytest.raises(TooManyStepsError):
        validate(SCHEMA, parse(text), [MergingRule])
