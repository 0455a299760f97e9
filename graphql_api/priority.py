"""Priority: on one machine, servers come before loads.

Linux shares its cores between sessions before it looks at the niceness of processes, which counts only within one (its
autogroups). So a load that another shell, cron or a service manager starts is as strong as the server, however nice its
processes are. A session has a niceness too.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

_NICENESS_OF_SESSION = Path("/proc/self/autogroup")
_TRIES, _PAUSE_SECONDS = 5, 0.05


def lower_priority(niceness: int) -> None:
    """Make this process so nice, and its session if it leads it; without extra rights nothing takes that back."""
    os.nice(max(0, niceness - os.nice(0)))
    if niceness and os.getsid(0) == os.getpid():
        _make_session_nice(niceness)


def _make_session_nice(niceness: int) -> None:
    for _ in range(_TRIES):
        try:
            _NICENESS_OF_SESSION.write_text(str(niceness), encoding="ascii")
        except BlockingIOError:  # Linux takes one such change in a tenth of a second
            time.sleep(_PAUSE_SECONDS)
        except OSError:  # not every system, and not every Linux, has it
            return
        else:
            return
