"""`studio serve`, which kills itself when it comes to the n-th statement that it writes.

    python dying_server.py N FILE serve ...

They are counted from the first job or campaign on; FILE is told which one it was. That is before
the n-th and after the one before it, so that all n together are every point of every write.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from studio.cli import main

_BEGINS = re.compile(r"INSERT INTO (jobs|campaigns) ")
_WRITES = re.compile(r"BEGIN|COMMIT|INSERT|UPDATE|DELETE")
_connect = sqlite3.connect


class Connection(sqlite3.Connection):
    """Counts what it is asked to write."""

    n_left = int(sys.argv[1]) if __name__ == "__main__" else 0
    begun = False

    def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        """Die before the n-th."""
        self.begun = self.begun or _BEGINS.match(sql) is not None
        if self.begun and _WRITES.match(sql):
            self.n_left -= 1
            if self.n_left == 0:
                Path(sys.argv[2]).write_text(" ".join(sql.split()))
                os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(sql, *arguments)


def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
    """A connection that counts."""
    return _connect(*arguments, factory=Connection, **options)


if __name__ == "__main__":
    sqlite3.connect = connect  # type: ignore[assignment]
    main(sys.argv[3:])
