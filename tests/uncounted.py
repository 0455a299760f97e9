"""Tests whose steps coverage does not count: they are run as all are, at two or three times the speed.

Coverage says which lines the tests that name a behaviour reach. Tests that compute for long, of random input or of
thousands of articles, reach no others, and would make the figure another one in each run.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

uncounted = pytest.mark.uncounted
OF_PROGRAMS = "COVERAGE_PROCESS_CONFIG"
"""By this variable of the environment coverage counts in the programs that are started."""


@contextmanager
def coverage_paused() -> Iterator[None]:
    """Count nothing in this thread, in threads and programs that are started here, until the block ends.

    Other tracers, such as a debugger, go on. Threads that are there already are counted on.
    """
    tracer = sys.gettrace()
    if tracer is None or not type(tracer).__module__.startswith("coverage"):
        yield
        return
    of_threads, of_programs = threading.gettrace(), os.environ.pop(OF_PROGRAMS, None)
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        if of_programs is not None:
            os.environ[OF_PROGRAMS] = of_programs
        threading.settrace(of_threads)
        sys.settrace(tracer)
        _called()


def _called() -> None:
    """Be the call at which the tracer takes over again: without it, it would miss that its caller returns."""
