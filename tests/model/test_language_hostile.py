"""Whatever the text is: a model or problems, within seconds, never a traceback."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from graphql_api.model.language import problems_of, read_model
from graphql_api.model.problems import MAX_COUNTED, ModelError, ModelProblem
from graphql_api.model.texts import package_text
from graphql_api.records import Severity
from tests.random_seeds import random_seeds
from tests.uncounted import uncounted

pytestmark = uncounted

MODELS = {
    path.stem: path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("models/*.graphql"))
}
MODELS["questions"] = package_text("questions.graphql")

SIGN = re.compile(r'"""(?:[^"]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\w+|\S')


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_models_have_no_problems(name: str) -> None:
    """Neither errors nor warnings."""
    assert problems_of(MODELS[name]) == ()
    assert read_model(MODELS[name]).text == MODELS[name]


@pytest.mark.parametrize("seed", random_seeds(3))
@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_mangled_model_is_a_model_or_has_problems_with_places(name: str, seed: int) -> None:
    """Signs are left out, doubled, replaced by others of the model, or swapped."""
    draw = random.Random(seed)
    signs = SIGN.findall(MODELS[name])
    started = time.process_time()
    assert problems_of(" ".join(signs)) == ()
    for _ in range(40):
        _check(" ".join(_mangled(draw, signs)))
    assert time.process_time() - started < 60


def _mangled(draw: random.Random, signs: list[str]) -> list[str]:
    mangled = list(signs)
    for _ in range(draw.choice([1, 1, 1, 2, 5])):
        at = draw.randrange(len(mangled))
        match draw.randrange(5):
            case 0:
                del mangled[at]
            case 1:
                mangled.insert(at, mangled[at])
            case 2:
                mangled[at] = draw.choice(signs)
            case 3:
                mangled.insert(at, draw.choice(signs))
            case _:
                mangled[at] = draw.choice(["!", "[", "]", "1", '""', "null", "$x", "{", "}", '"\\ud800"', "9" * 5_000])
    return mangled


def _check(text: str) -> None:
    """Check that a text is read, or told with places within it."""
    problems: tuple[ModelProblem, ...] = ()
    try:
        read_model(text)
    except ModelError as error:
        problems = error.problems
    assert (not problems) == all(problem.severity is Severity.WARNING for problem in problems_of(text)), text
    lines = text.splitlines() or [""]
    for problem in problems:
        assert 1 <= problem.line <= len(lines) + 1, text
        assert 1 <= problem.column <= len(text) + 1, text
        assert len(problem.message.split()) > 3, problem.message  # a sentence
        assert len(problem.message) < 1_000, problem.message


HOSTILE = {
    "one name": "a" * (1 << 20),
    "one directive": "type T { a: Int @" + "a" * 1_000_000 + " }",
    "one argument": "type T { a: Int @filter(" + "a" * 1_000_000 + ": 1) }",
    "one type": "type T { a: " + "a" * 1_000_000 + " }",
    "one text": '"' + "a" * ((1 << 20) - 2) + '"',
    "one comment": "#" * (1 << 20),
    "open brackets": "type T { a: " + "[" * 500_000,
    "braces": "{" * 1_000_000,
    "lists in arguments": "type T { a: Int @default(value: " + "[" * 500_000,
    "directives": "type T { a: Int " + "@a " * 100_000 + "}",
    "known directives": "type T { a: Int " + "@filter " * 49_000 + "}",
    "types": "type T { a: Int } " * 14_000,
    "types of many names": " ".join(f"type T{at} {{ a: X{at} }}" for at in range(14_000)),
    "fields": "type T @grouped { " + " ".join(f"a{at}: B{at}" for at in range(25_000)) + "}",
    "fields everywhere": " ".join(
        f"type T{at} {{ " + " ".join(f"f{n}: T{(at * 7 + n * 3) % 150}!" for n in range(150)) + "}" for at in range(150)
    ),
    "entries that refer to each other": " ".join(
        f"type T{at} @grouped {{ s: String! @key @search "
        + " ".join(f'f{n}: [T{(at + n) % 200}!]! @search(of: "s")' for n in range(20)) + "}" for at in range(200)
    ),
    "union members": "type A { a: Int } union U = " + "A | " * 40_000 + "A",
    "values": "enum E {" + " ".join(f"A{at}" for at in range(90_000)) + "}",
    "globs": 'type T @content(files: ["' + '", "'.join(f"a{at}" for at in range(40_000)) + '"]) { a: String! @key }',
    "one glob": 'type T @content(files: ["' + "**/" * 200_000 + '"]) { a: String! @key }',
    "one path": 'type T @grouped { a: String! @key  b: [T!]! @walk(over: "' + "b." * 400_000 + '") }',
    "one template": 'type T @grouped { a: String! @key  b: String @from(template: "' + "{b}" * 300_000 + '") }',
    "or by": 'type T @grouped { a: String! @key  b: T @ref(orBy: [["' + '", "'.join(["a"] * 40_000) + '"]]) }',
    "a clique of searched groups": "type T @grouped { s: String! @key g: G0 } " + " ".join(
        f"type G{at} {{ s: String @search " + " ".join(f"g{n}: G{n}" for n in range(40)) + "}" for at in range(40)
    ),
    "searched groups of ten groups each": "type T @grouped { s: String! @key g: G0 } type G8 { s: String @search } "
    + " ".join(f"type G{at} {{ " + " ".join(f"g{n}: G{at + 1}" for n in range(10)) + " }" for at in range(8)),
    "plural": 'type T @grouped(plural: "' + "a" * 1_000_000 + '") { a: String! @key }',
    "two plurals": " ".join(
        f'type T{at} @content(files: ["a"], plural: "{"a" * 10_000}") {{ s: String! @key }}' for at in range(2)
    ),
    "null character in a glob": 'type T @content(files: ["a\\u0000b"]) { a: String! @key }',
    "null character in a file": 'type T @singleton(file: "a\\u0000b.yml") { a: String }',
    "numbers": "type T { a: Int @default(value: " + "9" * 1_000_000 + ") }",
    "check of numbers": "type T @grouped { s: String! @key a: Int @check(min: " + "9" * 1_000_000 + ") }",
    "nul": "type T { a: Int }\0",
    "carriage returns": "type T {\r a: Int\r\n b: Sting }",
    "surrogates": 'type T { a: Int @from(key: "\ud800") }',
    "byte-order mark": "\ufefftype T { a: Sting }",
    "negative": "}" * 1_000,
    "block text": 'type T { a: Int } """' + '\\"""' * 200_000,
    "escapes": 'type T { a: Int @from(key: "' + "\\u0041" * 170_000 + '") }',
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_long_or_ends_in_a_traceback(name: str) -> None:
    """A model comes with content that anybody may have written."""
    started = time.process_time()
    _check(HOSTILE[name])
    assert time.process_time() - started < 20
    assert len(problems_of(HOSTILE[name])) <= MAX_COUNTED
