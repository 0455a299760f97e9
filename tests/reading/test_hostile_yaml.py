"""Input that is made to bring a parser down ends in a named problem, quickly and in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import graphql_api

PROJECT = Path(graphql_api.__file__).parents[1]

READ_UNDER_LIMITS = """
import json, resource, sys
from pathlib import Path
from graphql_api.model.language import builtin_model
from graphql_api.reading.compile import reader_of
from graphql_api.reading.discover import discover

resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
folder = Path(sys.argv[1])
(seed,) = reader_of(builtin_model()).read(folder, discover(folder).files)
# Not ru_maxrss: a process that was forked from a large one begins with its parent's.
status = Path("/proc/self/status").read_text()
peak_kib = int(status.partition("VmHWM:")[2].split()[0])
print(json.dumps([peak_kib, [[problem.code, problem.message] for problem in seed.problems]]))
"""


def bomb() -> str:
    levels = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 10)]
    return "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(levels)


HOSTILE = {
    "open_brackets": ("a: " + "[" * 30_000 + "\n", "NESTING_TOO_DEEP"),
    "open_brackets_on_lines": ("a: " + "[\n" * 100_000, "NESTING_TOO_DEEP"),
    "open_brackets_in_keys": ("[" * 200_000 + "\n", "NESTING_TOO_DEEP"),
    "open_braces_on_lines": ("a: " + "{a:\n" * 60_000, "NESTING_TOO_DEEP"),
    "closed_brackets": ("a: " + "[" * 30_000 + "]" * 30_000 + "\n", "NESTING_TOO_DEEP"),
    "open_braces": ("a: " + "{a: " * 30_000 + "\n", "NESTING_TOO_DEEP"),
    "compact_sequences": ("- " * 100_000 + "x\n", "NESTING_TOO_DEEP"),
    "sequences_below_a_key": ("a:\n  " + "- " * 100_000 + "x\n", "NESTING_TOO_DEEP"),
    "explicit_keys": ("? " * 100_000 + "x\n", "INVALID_YAML"),
    "deep_mappings": ("".join(" " * level + "a:\n" for level in range(700)), "NESTING_TOO_DEEP"),
    "alias_bomb": (bomb(), "ANCHOR_REFUSED"),
    "repeated_text": (f'a: &a "{"x" * 60_000}"\nb: [{", ".join(["*a"] * 40_000)}]\n', "ANCHOR_REFUSED"),
    "alias_to_itself": ("a: &a [*a]\n", "ANCHOR_REFUSED"),
    "object_tag": ('a: !!python/object/apply:os.system ["true"]\n', "TAG_REFUSED"),
    "empty_lists": (f"a: [{'[], ' * 60_000}]\n", "FRONT_MATTER_TOO_LARGE"),
    "pairs_in_a_list": (f"a: [{'a: b, ' * 40_000}]\n", "FRONT_MATTER_TOO_LARGE"),
    "anchors_in_a_row": ("a: " + "&a " * 80_000 + "\n", "ANCHOR_REFUSED"),
    "number_of_200,000_digits": (f"id: {'9' * 200_000}\n", "ID_OUT_OF_RANGE"),
    "many_lines_and_a_bad_one": ("key: text\n" * 20_000 + "- x\n", "DUPLICATE_KEY"),
    "hidden_in_a_quoted_text": ('a: ["\n  b: >-\n    x", &a y, *a]\n', "ANCHOR_REFUSED"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_yaml_ends_in_a_named_problem(tmp_path: Path, name: str) -> None:
    """No nesting, bomb or length takes the process down, 256 MiB of memory or 20 seconds of a processor."""
    front, code = HOSTILE[name]
    (tmp_path / "seed.md").write_text(f"---\n{front}---\n")
    command = [sys.executable, "-c", READ_UNDER_LIMITS, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=PROJECT, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    peak_kib, problems = json.loads(done.stdout)
    assert code in [found for found, _ in problems]
    assert all(len(message) < 600 for _, message in problems)
    assert peak_kib < 256 * 1024
