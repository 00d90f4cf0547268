"""A server in a process of its own that is killed and started again on the same data."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

# minutes of work in chunks of a quarter of a second, for every slot there is
SWEEP: dict[str, Any] = {
    "name": "AdExNeuron",
    "current": 0.8,
    "duration": 400,
    "engine": "scalar",
    "fresh": True,
    "param_x": "a",
    "x_min": 0.0,
    "x_max": 8.0,
    "x_steps": 400,
    "param_y": "b",
    "y_min": 0.0,
    "y_max": 0.16,
    "y_steps": 400,
}
_DEADLINE_S = 120.0


class Server:
    """One server after another on one data directory, each with two workers.

    program: what the first one is, if not studio itself
    """

    def __init__(
        self, data: Path, *options: str, program: Sequence[str] = ("-m", "studio")
    ) -> None:
        self.data, self._options = data, options
        self.start(program)

    def start(self, program: Sequence[str] = ("-m", "studio")) -> None:
        """Start the next one, and wait until it is ready."""
        command = [sys.executable, *program, "serve", "--port", "0", "--no-open"]
        command += ["--workers", "2", "--data-dir", str(self.data), *self._options]
        with (self.data / "stderr").open("ab") as errors:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
        assert self.process.stdout is not None
        with self.process.stdout as told:
            found = re.search(rb"http://\S+:(\d+)", told.readline())
        assert found, (self.data / "stderr").read_text()
        self.port = int(found[1])

    def stop(self, how: signal.Signals) -> int:
        """End it by a signal; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(_DEADLINE_S)

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        """What it answers, as JSON or text; an HTTP error as its status."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        address = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(address, data, headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_DEADLINE_S) as answer:
                text = answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        return json.loads(text) if text.startswith(("{", "[")) else text

    def submit(self, op: str, config: dict[str, Any]) -> str:
        """The id of a new job."""
        job: str = self.ask("POST", "/api/v1/jobs", {"op": op, "config": config})["id"]
        return job

    def processes(self) -> list[psutil.Process]:
        """Everything that it started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def workers(self) -> list[psutil.Process]:
        """What its fork server forked."""
        children = psutil.Process(self.process.pid).children()
        return [worker for child in children for worker in child.children()]

    def n_files(self) -> int:
        """How many files it has open."""
        return psutil.Process(self.process.pid).num_fds()

    def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        lines = str(self.ask("GET", "/metrics")).splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(name))


@contextlib.contextmanager
def served(*options: str) -> Iterator[Server]:
    """A server with an empty data directory, and none in the end."""
    with TemporaryDirectory() as data:
        server = Server(Path(data), *options)
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.process.kill()
                server.process.wait()


def until_gone(processes: list[psutil.Process]) -> float:
    """Seconds until all of them have ended; asserts that they do."""
    begun = time.perf_counter()
    while any(_lives(process) for process in processes):
        assert time.perf_counter() - begun < _DEADLINE_S, processes
        time.sleep(0.005)
    return time.perf_counter() - begun


def _lives(process: psutil.Process) -> bool:
    """Whether it runs or could; one that is dead may stay listed until its parent asks."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until_busy(server: Server, n_workers: int) -> float:
    """Seconds until so many workers have used their cores; asserts that they do."""
    begun = time.perf_counter()
    before: dict[int, float] = {}
    while time.perf_counter() - begun < _DEADLINE_S:
        busy = 0
        for worker in server.workers():
            with contextlib.suppress(psutil.NoSuchProcess):
                used = sum(worker.cpu_times()[:2])
                busy += used - before.setdefault(worker.pid, used) >= 0.05
        if busy >= n_workers:
            return time.perf_counter() - begun
        time.sleep(0.02)
    raise AssertionError(f"fewer than {n_workers} workers compute")
