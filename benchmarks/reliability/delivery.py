"""The rows of section Delivery that are about a server which goes down."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import websockets

from reliability.crowd import HANDSHAKE
from reliability.row import Row, worst
from reliability.serving import SWEEP, Server, served, until_busy


def truth(n: int = 50) -> Row:
    """What a server says is running, first thing after the one before it was killed."""
    rng, said, lies, restarts = random.Random(5), 0, 0, []
    with served() as server:
        for k in range(n):
            _keep_busy(server, 4, k)
            time.sleep(rng.uniform(0.0, 1.5))
            server.stop(signal.SIGKILL)
            begun = time.perf_counter()
            server.start()
            restarts.append(time.perf_counter() - begun)
            running = _jobs(server, "running")
            said += len(running)
            lies += max(0, len(running) - len(server.workers()))
            if running:
                until_busy(server, min(2, len(running)))
        left = _unfinished(server)
        for job in left:
            server.ask("POST", f"/api/v1/jobs/{job}/cancel")
        never = len(_unfinished(server))
    return Row(
        "Status tells the truth",
        f"kill -9 the server {n} times: after restart no job says `running` without a live worker",
        f"{n} kills; the first answer after each said `running` {said} times in all, {lies} times "
        f"without a worker; restarted after {worst(restarts)}; {never} jobs could not be ended",
        lies == 0 and never == 0,
    )


def _keep_busy(server: Server, n: int, k: int) -> None:
    """Have so many jobs that do not end: one killed three times with its server is given up."""
    for more in range(n - len(_unfinished(server))):
        server.submit("heatmap", {**SWEEP, "seed": 10 * k + more})


def _jobs(server: Server, state: str) -> list[str]:
    listed = server.ask("GET", f"/api/v1/jobs?state={state}&limit=500")["jobs"]
    return [job["id"] for job in listed]


def _unfinished(server: Server) -> list[str]:
    return [job for state in ("queued", "running", "retrying") for job in _jobs(server, state)]


def graceful_stop(n_sockets: int = 200, n_silent: int = 10) -> Row:
    """SIGTERM with many sockets, some of which never say a word, and two busy jobs."""
    with served() as server:
        jobs = [server.submit("heatmap", {**SWEEP, "seed": seed}) for seed in range(2)]
        until_busy(server, 2)
        with contextlib.ExitStack() as silent:
            for _ in range(n_silent):
                silent.enter_context(_silent(server.port))
            closed, ready, seconds, code = asyncio.run(_stopped(server, n_sockets - n_silent, jobs))
        server.start()
        going_on = _going_on(server, jobs)
        for job in jobs:
            server.ask("POST", f"/api/v1/jobs/{job}/cancel")
    return Row(
        "Graceful stop",
        f"SIGTERM with {n_sockets} sockets ({n_silent} silent) and 2 busy jobs: readyz 503, "
        "sockets closed 1012, exit 0 within 10 s, jobs go on after restart",
        f"readyz said {ready}; {closed} of {n_sockets - n_silent} sockets that listen closed 1012; "
        f"exit {code} after {seconds:.1f} s; {len(going_on)} of 2 jobs went on",
        (code, len(going_on), closed) == (0, 2, n_sockets - n_silent)
        and seconds <= 10
        and "503" in ready,
    )


def _going_on(server: Server, jobs: list[str]) -> set[str]:
    """Those of the jobs that workers take up again, which are all where none is lost."""
    going_on: set[str] = set()
    end = time.monotonic() + 60
    while len(going_on) < len(jobs) and time.monotonic() < end:
        going_on |= set(_jobs(server, "running")) & set(jobs)
        time.sleep(0.1)
    return going_on


async def _stopped(server: Server, n: int, jobs: list[str]) -> tuple[int, str, float, int]:
    """How many sockets were closed 1012, what readyz said, seconds to the exit, and its code."""
    async with contextlib.AsyncExitStack() as stack:
        address = f"ws://127.0.0.1:{server.port}/ws/progress"
        sockets = [await stack.enter_async_context(websockets.connect(address)) for _ in range(n)]
        for number, each in enumerate(sockets):
            await each.send(json.dumps({"op": "attach", "job": jobs[number % 2]}))
        probing = asyncio.create_task(asyncio.to_thread(_probe, server))
        reading = [asyncio.create_task(_read(each)) for each in sockets]
        await asyncio.sleep(1.0)
        begun = time.perf_counter()
        server.process.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(server.process.wait, 60)
        seconds = time.perf_counter() - begun
        codes = await asyncio.gather(*reading)
        return sum(c == 1012 for c in codes), await probing, seconds, code


async def _read(connection: websockets.ClientConnection) -> int:
    try:
        while True:
            await connection.recv()
    except websockets.ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


def _probe(server: Server) -> str:
    """What a load balancer that asks every 50 ms is told, until nobody answers."""
    told: list[str] = []
    while server.process.poll() is None:
        try:
            answer: Any = server.ask("GET", "/readyz")
        except OSError:
            answer = "nothing"
        if not told or told[-1] != str(answer):
            told.append(str(answer))
        time.sleep(0.05)
    return ", then ".join(told)


@contextlib.contextmanager
def _silent(port: int) -> Any:
    """A WebSocket whose client neither reads nor answers."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(HANDSHAKE.format(path="/ws/progress", host="127.0.0.1").encode())
        connection.recv(4096)
        yield


ROWS: dict[str, Callable[[], Row]] = {"truth": truth, "graceful_stop": graceful_stop}
