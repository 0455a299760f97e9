"""How a process that answers requests shares its interpreter among threads, and gives memory back."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from typing import Final

_SWITCH_SECONDS: Final = 0.0005
"""How long a thread may keep the interpreter from others. Python's 5 ms would make a request that goes to the store and
back wait 20 ms while a long document is read beside it."""

# See mallopt(3).
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_LARGE_BYTES: Final = 256 * 1024
_ARENAS: Final = 2


def prepare_process() -> None:
    """Have threads take short turns; where the C library is glibc, have large blocks of memory go back when freed.

    By default it keeps what was freed, the more the larger, and for each thread apart: after some large answers a
    worker would hold 200 MiB more than it uses.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    with suppress(AttributeError, OSError, TypeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_M_ARENA_MAX, _ARENAS)
