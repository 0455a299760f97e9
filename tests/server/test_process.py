"""What a process that answers requests asks of its interpreter and its C library."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from pathlib import Path
from graphql_api.server.process import prepare_process

def resident_pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

prepare_process()
assert sys.getswitchinterval() < 0.001
before = resident_pages()
for size in range(1, 9):
    blocks = [bytearray(size << 20) for _ in range(4)]
    rest = bytearray(200_000)
    del blocks
assert (resident_pages() - before) * 4096 < 4 << 20
"""


@pytest.mark.skipif(sys.platform != "linux", reason="this system does not say how much memory a process takes")
def test_threads_take_short_turns_and_large_blocks_go_back() -> None:
    """In a process of its own: what it asks for stays for good."""
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
