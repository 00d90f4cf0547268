"""A real server process for the tests that need one."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import psutil
import pytest
import websockets
from hypothesis import settings

from tests import schemas

ROOT = Path(__file__).resolve().parents[1]
DEADLINE_S = 120.0  # on a busy machine

# The same examples on every run: what fails once fails again, on any machine at any speed.
settings.register_profile("studio", deadline=None, derandomize=True)
settings.load_profile("studio")

ADEX_HEATMAP: dict[str, Any] = {
    "name": "AdExNeuron",
    "param_x": "a",
    "x_min": 0,
    "x_max": 8,
    "x_steps": 15,
    "param_y": "b",
    "y_min": 0,
    "y_max": 0.16,
    "y_steps": 15,
    "current": 0.8,
}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str]

    def json(self) -> Any:
        return json.loads(self.body)


def _answer(status: int, headers: Message, body: bytes) -> Answer:
    return Answer(status, dict(headers), body, headers.get_all("set-cookie", []))


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """One HTTP request; a body that is not bytes is sent as JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310
            self.url + path, data, headers or {}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:  # noqa: S310
                told = _answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                told = _answer(error.code, error.headers, error.read())
        media = told.headers.get("content-type", "")
        schemas.check_answer(method, path, told.status, media, told.body)
        return told

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[Socket]:
        """A connection to /ws/progress."""
        address = f"ws://127.0.0.1:{self.port}/ws/progress"
        options = {"open_timeout": DEADLINE_S, "ping_timeout": DEADLINE_S}
        async with websockets.connect(address, max_size=None, **options) as connection:
            yield Socket(connection)

    def workers(self) -> list[psutil.Process]:
        """The processes that this server started, workers and their fork server."""
        return psutil.Process(self.process.pid).children(recursive=True)

    async def busy_worker(self) -> psutil.Process:
        """The worker that computes, once one does."""
        before: dict[int, float] = {}
        async with asyncio.timeout(DEADLINE_S):
            while True:
                for worker in self.workers():
                    used = cpu_seconds(worker)
                    # not in one interval: on a busy machine it gets little of each
                    if used - before.setdefault(worker.pid, used) >= 0.05:
                        return worker
                await asyncio.sleep(0.05)


def cpu_seconds(process: psutil.Process) -> float:
    """CPU time of a process; none of one that has just ended."""
    try:
        return sum(process.cpu_times()[:2])
    except psutil.NoSuchProcess:
        return 0.0


@dataclass
class Socket:
    """A connection to /ws/progress."""

    connection: websockets.ClientConnection

    async def send(self, message: Any) -> None:
        text = message if isinstance(message, str | bytes) else json.dumps(message)
        await self.connection.send(text)

    async def receive(self) -> dict[str, Any]:
        text = await self.connection.recv()
        schemas.check_frame("progress", text)
        frame: dict[str, Any] = json.loads(text)
        return frame

    async def until_end(self, request_id: str | int | None = None) -> list[dict[str, Any]]:
        """Frames up to the complete or error of a request, but for heartbeats, which may come at
        any time on a busy machine."""
        frames = []
        while True:
            frame = await self.receive()
            if frame["type"] == "heartbeat":
                continue
            frames.append(frame)
            if frame["type"] in ("complete", "error") and frame.get("id") == request_id:
                return frames


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts servers, and ends them with the session."""
    running: list[Server] = []

    def start(*options: str) -> Server:
        log = tmp_path_factory.mktemp("server") / "log"
        serve = ["serve", "--port", "0", "--no-open", "--data-dir", str(log.parent), *options]
        command = [sys.executable, "-m", "studio", *serve]
        with log.open("w") as errors:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+:(\d+)", line)
        assert found, f"no address in {line!r}: {log.read_text()}"
        running.append(Server(process, int(found[1])))
        return running[-1]

    yield start
    for server in running:  # all at once, since each takes its time
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGTERM)
    for server in running:
        server.process.wait(DEADLINE_S)
        if server.process.stdout is not None:
            server.process.stdout.close()


@pytest.fixture(scope="session")
def server(start_server: Callable[..., Server]) -> Server:
    """A server with two workers that all tests share."""
    return start_server("--workers", "2")
