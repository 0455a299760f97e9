"""Comparison: one operation on both sides, equal in JSON and in key order; ids and cursors belong to each side."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.oracle.answers import ID_PREFIX
from tests.oracle.pages import CURSOR_PREFIX
from tests.oracle.words import list_name, small

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.oracle.declarations import Model, Type
    from tests.oracle.execution import Execute

_ID = re.compile(re.escape(ID_PREFIX) + "[0-9a-f]{16}")


def identities(execute: Execute, model: Model) -> dict[tuple[str, str], str]:
    """Return the id of every (type, identity) that one side knows."""
    known: dict[tuple[str, str], str] = {}
    for type_ in model.entries:
        names = " ".join(_selected(model, type_, name) for name in type_.identity)
        asked = f"__typename id {names}"
        if type_.is_singleton:
            node = execute(f"{{ {small(type_.name)} {{ {asked} }} }}", None)["data"][small(type_.name)]
            known |= {_name(node): node["id"] for node in [node] if node}
            continue
        document = (
            f"query ($after: String) {{ list: {list_name(type_)}(first: 100, after: $after) {{"
            f" nodes {{ {asked} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        )
        after, more = None, True
        while more:
            response = execute(document, {"after": after})
            assert "data" in response, response
            page = response["data"]["list"]
            known |= {_name(node): node["id"] for node in page["nodes"]}
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return known


def _selected(model: Model, type_: Type, name: str) -> str:
    each = type_.fields[name]
    return f"{name} {{ {model.by(each)} }}" if model.target(each) else name


def _name(node: dict[str, Any]) -> tuple[str, str]:
    return node["__typename"], json.dumps([node[name] for name in node if name not in {"__typename", "id"}])


def translated(product: Execute, oracle: Execute, model: Model) -> Execute:
    """Return the product speaking the oracle's ids. Raises AssertionError unless each id has exactly one partner."""
    theirs, ours = identities(product, model), identities(oracle, model)
    assert theirs.keys() == ours.keys(), f"one side alone holds {sorted(theirs.keys() ^ ours.keys())[:10]}"
    assert len(set(theirs.values())) == len(theirs), "two nodes share an id"
    there = {ours[name]: theirs[name] for name in ours}
    back = {id_: name for name, id_ in there.items()}

    def execute(document: str, variables: Mapping[str, Any] | None) -> dict[str, Any]:
        spoken = _ID.sub(lambda match: there.get(match[0], match[0]), document)
        answer = product(spoken, _replaced(dict(variables or {}), there))
        return {**answer, "data": _replaced(answer["data"], back)} if "data" in answer else answer

    return execute


def compare(product: Execute, oracle: Execute, operation: str, variables: Mapping[str, Any] | None) -> dict[str, Any]:
    """Execute the operation on both sides and return the oracle's response.

    `product` must already speak the oracle's ids (`translated`). Raises AssertionError with every difference.
    """
    expected, actual = oracle(operation, variables), product(operation, variables)
    failed = "errors" in expected or "errors" in actual
    found = list(_error_differences(expected, actual) if failed else differences(expected, actual))
    if found:
        shown = "\n  ".join(found[:10])
        raise AssertionError(
            f"{len(found)} differences:\n  {shown}\nin:\n{operation}\nvariables: {dict(variables or {})}"
        )
    return expected


def differences(expected: Any, actual: Any, path: str = "$") -> Iterator[str]:
    """Yield a line for each place where the two differ, key order included; a cursor need only be one."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        if list(expected) != list(actual):
            yield f"{path}: expected the keys {list(expected)}, got {list(actual)}"
        for key in expected.keys() & actual.keys():
            yield from differences(expected[key], actual[key], f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{path}: expected {len(expected)} entries, got {len(actual)}"
        for index, (left, right) in enumerate(zip(expected, actual, strict=False)):
            yield from differences(left, right, f"{path}[{index}]")
    elif isinstance(expected, str) and expected.startswith(CURSOR_PREFIX):
        if not isinstance(actual, str) or not actual:
            yield f"{path}: expected a cursor, got {actual!r}"
    elif isinstance(expected, bool) is not isinstance(actual, bool) or expected != actual:
        yield f"{path}: expected {expected!r}, got {actual!r}"


def code_of(response: Mapping[str, Any]) -> str | None:
    """Return the code of a response's first error, None if there is none."""
    errors = response.get("errors") or [{}]
    return errors[0].get("extensions", {}).get("code")  # type: ignore[no-any-return]


def _error_differences(expected: dict[str, Any], actual: dict[str, Any]) -> Iterator[str]:
    if ("data" in actual) != ("data" in expected):
        yield f"$: expected {list(expected)}, got {list(actual)}"
    if code_of(actual) != code_of(expected):
        yield f"$.errors: expected {expected.get('errors')}, got {actual.get('errors')}"


def _replaced(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(entry, names) for key, entry in value.items()}
    if isinstance(value, list):
        return [_replaced(entry, names) for entry in value]
    return names.get(value, value) if isinstance(value, str) else value
