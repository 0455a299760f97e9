"""The generated operations: valid, small, repeatable, and together they use the whole schema."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from graphql import TypeInfo, TypeInfoVisitor, Visitor, parse, visit

from tests.oracle.articles import QUESTIONS, plain
from tests.oracle.comparison import code_of
from tests.oracle.execution import Oracle, oracle_schema
from tests.oracle.operations import left_out, operation
from tests.oracle.site import Site
from tests.oracle.synthetic import write_seeds
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from graphql import FieldNode

    from tests.oracle.operations import Operation

pytestmark = uncounted

# Search is checked apart; nothing in this model is an image or a file.
NOT_GENERATED = {"SearchConnection", "SearchEdge", "Snippet", "Image", "File"}
COUNT = 400


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    """An oracle over synthetic seeds."""
    folder = tmp_path_factory.mktemp("seeds")
    write_seeds(folder, 120, 1)
    return Oracle(Site.of(QUESTIONS, folder), plain)


@pytest.fixture(scope="module")
def generated(synthetic: Oracle) -> list[Operation]:
    """The first operations of a fixed seed."""
    schema = oracle_schema(QUESTIONS)
    return [operation(synthetic.site, schema, random.Random(number)) for number in range(COUNT)]


def test_operations_are_repeatable(synthetic: Oracle, generated: list[Operation]) -> None:
    """The same randomness gives the same operation."""
    assert operation(synthetic.site, oracle_schema(QUESTIONS), random.Random(3)) == generated[3]


def test_operations_are_valid_and_mostly_answered(synthetic: Oracle, generated: list[Operation]) -> None:
    """Only a date that is none fails validation; bad input is rare; answers are small."""
    codes: Counter[str | None] = Counter()
    for one in generated:
        for variables in (one.variables, one.other_variables):
            response = synthetic.execute(one.document, variables)
            codes[code_of(response)] += 1
            if code_of(response) == "GRAPHQL_VALIDATION_FAILED":
                assert "Date" in response["errors"][0]["message"]
            assert len(str(response)) < 2_000_000
    assert codes.keys() == {None, "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
    assert codes[None] > 0.9 * codes.total()


def test_operations_use_every_field_and_input(synthetic: Oracle, generated: list[Operation]) -> None:
    """Each field of the schema that a query reaches, each argument, each entry of an input, each order."""
    schema = oracle_schema(QUESTIONS)
    used: set[str] = set()
    info = TypeInfo(schema)

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            used.add(f"{info.get_parent_type()}.{node.name.value}")

    for one in generated:
        visit(parse(one.document), TypeInfoVisitor(info, Fields()))
    expected = {f"{name}.{field}" for name, type_ in schema.type_map.items() if not name.startswith("__")
                for field in getattr(type_, "fields", {}) if hasattr(type_, "interfaces")}  # fmt: skip
    expected -= {f"{type_name}.{field}" for type_name, field in left_out(synthetic.site)}
    expected = {name for name in expected if name.partition(".")[0] not in NOT_GENERATED}
    assert expected <= used, expected - used
    text = "\n".join(f"{one.document} {one.variables}" for one in generated)
    words = set(re.findall(r"\w+", text))
    inputs = {field for name, type_ in schema.type_map.items() if name.endswith(("Filter", "By", "Path"))
              for field in getattr(type_, "fields", {})}  # fmt: skip
    orders = {value for name in ("QuestionOrder", "SubjectOrder") for value in schema.type_map[name].values}  # type: ignore[attr-defined]
    arguments = {"unique", "resolved", "depth", "length", "first", "last", "offset", "after", "before"}
    assert inputs | orders | arguments <= words, (inputs | orders | arguments) - words


@pytest.mark.parametrize(
    "pattern",
    [
        r"fragment \w+ on Node", r"\.\.\. on Node", r"\.\.\. on Subject", r"\.\.\. @skip", r"\.\.\. @include",
        r"\.\.\.F\d", r"\$\w+: String!",
        r"\$\w+: Boolean! = ", r"\$\w+: \[QuestionOrder!\]", r"\$\w+: QuestionFilter", r"\{[a-z]+: \$v", r"a\d+: ",
        r"\b(\w+ \{[^{}]*\}) \w+ \{", r"first: \$v", r": null", r"orderBy: [A-Z]", r"in: \[\$v", r"^\{",
    ],
)  # fmt: skip
def test_operations_use_the_whole_language(generated: list[Operation], pattern: str) -> None:
    """Fragments of each kind, directives, defaults, variables in literals, nulls, single values for lists."""
    assert any(re.search(pattern, one.document) for one in generated)
