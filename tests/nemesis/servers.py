"""One server after another on the same data directory, and what each leaves behind."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import resource
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from tests.conftest import DEADLINE_S, ROOT
from tests.nemesis.history import History, Started, Stopped

STUDIO = ("-m", "studio")
WORKERS = 2
WORKER_MIB = 700
DISK_MIB = 512

STOP_S = 30.0  # on a busy machine; what is promised is 10 s
ORPHANS_S = 10.0  # on a busy machine; what is promised is 2 s

_UNFORESEEN = re.compile(
    r"Exception in ASGI|never retrieved|never awaited|Exception ignored|: (job|campaign) \w+ failed"
)
_MARK = "STUDIO_NEMESIS"


class Disk:
    """A small file system for the data directory, which can be full.

    Where none can be mounted, a limit on the size of the server's files has every write fail.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder)]
        mounted = subprocess.run(["mount", *options], capture_output=True, check=False)
        self.is_mounted = mounted.returncode == 0

    def close(self) -> None:
        """Unmount it."""
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    @contextlib.contextmanager
    def full(self, pid: int) -> Iterator[None]:
        """No room is left meanwhile; pid: the server, where nothing could be mounted."""
        if self.is_mounted:
            with self._ballast():
                yield
        else:
            with _no_files_of(pid):
                yield

    @contextlib.contextmanager
    def _ballast(self) -> Iterator[None]:
        ballast = self.folder / "ballast"
        try:
            with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4096))
            yield
        finally:
            ballast.unlink()


@contextlib.contextmanager
def _no_files_of(pid: int) -> Iterator[None]:
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


class Servers:
    """The server that is up now; program: what Python runs as the server."""

    def __init__(self, folder: Path, history: History, program: tuple[str, ...] = STUDIO) -> None:
        self._folder, self._history, self._program = folder, history, program
        self.disk = Disk(folder / "data")
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.log = folder / "log"
        self.life, self.port = 0, 0
        self.helpless = 0  # servers that nobody could clean up after
        self.is_up = asyncio.Event()
        self._shared: set[str] = set()
        self._leaving: list[asyncio.Task[None]] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._marks: list[bytes] = []

    async def start(self) -> None:
        """Start a server and wait until it answers, trying again while its disk is full."""
        async with asyncio.timeout(DEADLINE_S):
            while True:
                self._process = self._spawn()
                assert self._process.stdout is not None
                with self._process.stdout as told:
                    line = await asyncio.to_thread(told.readline)
                if found := re.search(rb"http://\S+:(\d+)", line):
                    break
                await asyncio.to_thread(self._process.wait)
                await asyncio.sleep(0.5)
        self.port = int(found[1])
        await self._tell_of_start()
        self.is_up.set()

    async def start_and_kill(self, seconds: float) -> None:
        """Start a server, and kill it so much later, ready or not."""
        self._process = self._spawn()
        self.helpless += 1
        assert self._process.stdout is not None
        with self._process.stdout:
            await asyncio.sleep(seconds)
            await self.stop(signal.SIGKILL)

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.life += 1
        mark = f"{self.life}-{secrets.token_hex(4)}"
        self._marks.append(f"{_MARK}={mark}".encode())
        options = ["--port", "0", "--no-open", "--workers", str(WORKERS)]
        options += ["--worker-memory", str(WORKER_MIB), "--data-dir", str(self.disk.folder)]
        environment = {_MARK: mark, "TMPDIR": str(self.temporary), "PYTHONUNBUFFERED": "1"}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *self._program, "serve", *options],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    async def _tell_of_start(self) -> None:
        """What the first answer says is running, beside the workers that there are."""
        listed = await asyncio.to_thread(self.get, "/api/v1/jobs?state=running&limit=500")
        running = [job["id"] for job in listed["jobs"]]
        workers = [worker.pid for worker in self.workers()]
        self._history.add(Started(life=self.life, running=running, workers=workers))

    def get(self, path: str) -> Any:
        """What the server answers to a plain request."""
        address = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(address, timeout=DEADLINE_S) as answer:
            return json.load(answer)

    @property
    def pid(self) -> int:
        """The server's."""
        assert self._process is not None
        return self._process.pid

    def workers(self) -> list[psutil.Process]:
        """The workers: what the server's fork server forked."""
        with contextlib.suppress(psutil.NoSuchProcess):
            server = psutil.Process(self.pid)
            return [p for child in server.children() for p in child.children()]
        return []

    def fork_servers(self) -> list[psutil.Process]:
        """The processes that fork the workers."""
        return [worker.parent() for worker in self.workers()[:1]]

    async def stop(self, how: signal.Signals) -> None:
        """End the server by a signal, and look from then on what outlives it."""
        assert self._process is not None
        self.is_up.clear()
        mark = self._marks[-1]
        self._shared |= {name for pid in _alive(mark) for name in _shared_memory(pid)}
        self._process.send_signal(how)
        try:
            code = await asyncio.to_thread(self._process.wait, STOP_S)
        except subprocess.TimeoutExpired:  # which its exit code tells then
            self._process.kill()
            code = await asyncio.to_thread(self._process.wait)
        self._leaving.append(asyncio.create_task(self._gone(self.life, mark, how.name, code)))

    async def _gone(self, life: int, mark: bytes, how: str, code: int) -> None:
        begun = time.monotonic()
        while (left := _alive(mark)) and time.monotonic() - begun < ORPHANS_S:
            await asyncio.sleep(0.05)
        seconds = round(time.monotonic() - begun, 2)
        orphans = [_command(pid) for pid in left]
        self._history.add(Stopped(life=life, how=how, code=code, seconds=seconds, orphans=orphans))

    async def settle(self) -> None:
        """Wait until it is known what became of all who went."""
        leaving, self._leaving = self._leaving, []
        await asyncio.gather(*leaving)

    def open_files(self) -> list[str]:
        """What the server has open."""
        found = []
        for entry in Path(f"/proc/{self.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.append(f"{entry.name} {entry.readlink()}")
        return found

    def remains(self) -> list[str]:
        """What is left of servers that are gone: temporary files, and shared memory.

        A temporary directory may be left of one that was killed before its fork server was there,
        or after it.
        """
        files = sorted(str(path) for path in self.temporary.iterdir())[self.helpless :]
        return files + [name for name in self._shared if Path(name).exists()]

    def unforeseen(self) -> list[str]:
        """What the servers' log has of mistakes that nothing handled."""
        return [line for line in self.log.read_text().splitlines() if _UNFORESEEN.search(line)]

    async def close(self) -> None:
        """End everything, whatever state it is in."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        await self.settle()
        for pid in [pid for mark in self._marks for pid in _alive(mark)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.disk.close()


def _alive(mark: bytes) -> list[int]:
    """The processes that carry a server's mark in their environment, whoever their parent is."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # it has ended, or is another user's
            if mark in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        return f"{pid} {words[:120]}"
    return str(pid)


def _shared_memory(pid: int) -> set[str]:
    with contextlib.suppress(OSError):
        maps = Path(f"/proc/{pid}/maps").read_text()
        return {
            line[line.index("/dev/shm/") :]
            for line in maps.splitlines()
            if "/dev/shm/" in line and not line.endswith("(deleted)")
        }
    return set()
