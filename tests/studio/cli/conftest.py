"""The command line as a process, with pipes or in a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
from typing import NamedTuple

from tests.conftest import DEADLINE_S, ROOT

# what of the terminal that runs the tests would change what is seen
_SCREEN = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "TTY_COMPATIBLE")


class Seen(NamedTuple):
    """What a terminal got, control characters and all, and what stdout did."""

    code: int
    screen: str
    stdout: bytes


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "studio", *arguments]


def environment(**more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _SCREEN}
    return {**inherited, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **more}


def studio(*arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command with pipes."""
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=environment(**env),
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=DEADLINE_S,
    )


def terminal(*arguments: str, columns: int = 80, piped_stdout: bool = False, **env: str) -> Seen:
    """Run a command in a terminal of 24 rows, stdout there or in a pipe."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with (
        tempfile.TemporaryFile() as stdout,
        subprocess.Popen(
            command(*arguments),
            cwd=ROOT,
            env=environment(**env),
            stdin=theirs,
            stdout=stdout if piped_stdout else theirs,
            stderr=theirs,
        ) as process,
    ):
        os.close(theirs)
        screen = _everything(ours)
        os.close(ours)
        code = process.wait(DEADLINE_S)
        stdout.seek(0)
        return Seen(code, screen.decode(), stdout.read())


def _everything(terminal: int) -> bytes:
    found = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux tells the end of a terminal so
            return found
        if not part:
            return found
        found += part
