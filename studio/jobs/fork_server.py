"""What the fork server does beside forking workers; only that process imports this.

Its socket lies in a temporary directory that the server removes when it ends. One that is killed
cannot, so the fork server, which ends with it, does.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import time
from multiprocessing import forkserver
from pathlib import Path

from kernels.neurons import engines

with contextlib.suppress(engines.EngineError):  # workers do without
    engines.module("llvm")  # loaded once for all of them

_ADOPTED_S = 1.0  # a server that dies closes its pipes a moment before it is gone

_pid, _server = os.getpid(), os.getppid()


@atexit.register
def _clean_up() -> None:
    address = getattr(forkserver._forkserver, "_forkserver_address", None)
    if os.getpid() == _pid and isinstance(address, str) and _is_orphan():
        shutil.rmtree(Path(address).parent, ignore_errors=True)


def _is_orphan() -> bool:
    """Whether the server is gone; one that lives still needs the directory, for the next one."""
    end = time.monotonic() + _ADOPTED_S
    while os.getppid() == _server and time.monotonic() < end:
        time.sleep(0.01)
    return os.getppid() != _server
