"""What takes long to compute leaves the event loop free."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import pytest

from graphql_api.engine.aside import MANY_TEXT, MANY_VALUES, Aside, are_many
from graphql_api.errors import TooBusyError
from tests.engine.further_operations import FURTHER

if TYPE_CHECKING:
    from tests.engine.product import Product

SECONDS = 30.0


def test_calls_run_beside_the_event_loop_one_at_a_time() -> None:
    """However many there are, they take one thread's time; results and errors are those of the calls."""
    running: list[int] = []

    def call(number: int) -> int:
        running.append(number)
        time.sleep(0.001)
        assert threading.current_thread() is not threading.main_thread()
        assert running == [number]
        running.clear()
        if number == 7:
            raise ZeroDivisionError
        return number

    async def test() -> None:
        aside = Aside()
        results = await asyncio.gather(*[aside.run(call, number) for number in range(20)], return_exceptions=True)
        assert [result for result in results if isinstance(result, int)] == [n for n in range(20) if n != 7]
        assert isinstance(results[7], ZeroDivisionError)

    asyncio.run(test())


def test_call_that_waits_too_long_is_told_that_others_are_busy() -> None:
    """The one that others wait for ends as if nothing had happened, also when nobody waits for it any more."""
    end = threading.Event()

    async def test() -> None:
        aside = Aside(wait_seconds=0.05)
        left, first = (asyncio.create_task(aside.run(end.wait, SECONDS)) for _ in range(2))
        await asyncio.sleep(0)
        with pytest.raises(TooBusyError):
            await first
        left.cancel()
        with pytest.raises(TooBusyError):  # the thread is still at work
            await aside.run(end.is_set)
        end.set()
        with pytest.raises(asyncio.CancelledError):
            await left
        assert await aside.run(end.is_set)

    asyncio.run(test())


@pytest.mark.parametrize(
    ("value", "is_many"),
    [
        ({"a": "x" * 10_000, "b": 1}, False),
        ({"a": "x" * (MANY_TEXT // 2), "b": ["y" * MANY_TEXT]}, True),
        ({f"v{number}": "x" * 1_000 for number in range(30)}, True),
        ({"a": [1] * MANY_VALUES}, False),
        ({"a": [1] * (MANY_VALUES + 1)}, True),
        ({"a": {"or": [{"x": {"eq": number}} for number in range(MANY_VALUES)]}}, True),
        ({}, False),
    ],
)
def test_values_are_counted_wherever_they_are(value: dict[str, object], *, is_many: bool) -> None:
    """In lists and objects within each other; texts count together."""
    assert are_many(value) is is_many


def test_long_document_is_answered_like_a_short_one(product: Product) -> None:
    """For each shape of its variables, and from the cache; its errors too."""
    operation, variables = FURTHER["by every text"]
    padded = operation + "#" * 3_000
    expected = product.data(operation, variables)
    assert [product.data(padded, variables) for _ in range(2)] == [expected] * 2
    document = (
        "query ($deep: Boolean!) { content { version ...F @include(if: $deep) } } fragment F on Content { loadedAt }"
    )
    for deep in (True, False, True):
        assert product.data(document + "#" * 3_000, {"deep": deep}) == product.data(document, {"deep": deep})
    assert product.error("{ nothing }" + "#" * 3_000) == product.error("{ nothing }")


def test_introspection_is_answered_beside_the_loop(product: Product) -> None:
    """With variables anew each time, else once."""
    constant = '{ __type(name: "Question") { name } }'
    assert [product.data(constant)["__type"] for _ in range(2)] == [{"name": "Question"}] * 2
    document = "query ($name: String!) { __type(name: $name) { name } }"
    assert [product.data(document, {"name": name})["__type"] for name in ("Subject", "Nobody")] == [
        {"name": "Subject"},
        None,
    ]
