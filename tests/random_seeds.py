"""Where randomness in tests begins: new for each run, told at its head, and to be repeated."""

from __future__ import annotations

import os
import random

SEED_VARIABLE = "GRAPHQL_API_TEST_SEED"


def seed_of_run() -> str:
    """Return the seed of this test run; drawn when the environment names none, and left there for other processes."""
    return os.environ.setdefault(SEED_VARIABLE, str(random.SystemRandom().randrange(1, 1 << 32)))


def random_seeds(count: int) -> list[int]:
    """Return `count` seeds that follow from the run's seed: the same in every process, so that tests have one id."""
    draw = random.Random(seed_of_run())
    return [draw.randrange(1 << 32) for _ in range(count)]
