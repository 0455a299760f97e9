"""The time from a command to an answer is that of an answer with the content asked for."""

from __future__ import annotations

import sys

import pytest

from benchmarks.starting import many_types, running, until_answered
from graphql_api.model.language import read_model
from tests.benchmarks.stand_ins import answering


def test_model_of_many_types_has_so_many() -> None:
    """It is a model without a mistake, in which each type refers to another."""
    model = read_model(many_types())
    assert len(model.entry_types) == 40
    assert all(any(each.reference for each in type_.fields) for type_ in model.entry_types.values())


def test_first_answer_ends_the_time() -> None:
    """It is asked for with the server's own GraphQL."""
    with answering(b'{"data":{"title":"Why?"}}') as port:
        until_answered(port, "{}", b'"title"')


def test_server_that_never_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the last answer, and what the server has printed."""
    monkeypatch.setattr("benchmarks.starting.PATIENCE_SECONDS", 0.3)
    command = [sys.executable, "-c", "print('I am no server', flush=True)"]
    with pytest.raises(RuntimeError, match=r"(?s)the last was nothing.*I am no server"), running(command) as port:
        until_answered(port, "{}", b'"title"')
