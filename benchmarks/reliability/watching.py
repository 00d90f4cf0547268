"""The rows of section Delivery that are about those who watch."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import resource
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import websockets
from playwright.sync_api import sync_playwright

from reliability.crowd import HANDSHAKE
from reliability.row import Row, at, worst
from reliability.serving import SWEEP, Server, served
from studio.client.asynchronous import AsyncClient
from studio.client.core import decoded
from studio.wire.frames import AnyFrame, Complete
from tests.nemesis.proxy import Proxy

_CHROMIUM = "/usr/bin/chromium"
_WATCHED = {**SWEEP, "x_steps": 200, "y_steps": 200}  # about 20 s on two cores
_ENDLESS = "#heatmap?name=HodgkinHuxleyNeuron&duration=200000"
# when, after the page was asked for, it first tells how far the job is, and first shows cells
_WATCH_PAGE = """
const look = () => {
  const text = document.querySelector("#progress-message")?.textContent ?? "";
  const told = /[1-9]\\d*\\/225/.test(text);
  const rows = document.querySelector("#heatmap-plot")?.data?.[0].z;
  const cells = rows?.some((row) => row.some((z) => z > 0));
  if (told) window.toldAt ??= performance.now();
  if (cells) window.cellsAt ??= performance.now();
  if (!told || !cells) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def reload(n: int = 20, n_reloads: int = 10) -> Row:
    """A job whose watchers lose their connection again and again, and a page that is reloaded."""
    with served() as server:
        whole, entries, n_resets = asyncio.run(_disconnected(server, n))
        told, cells = _reloaded(server, n_reloads)
    return Row(
        "Reload, closed lid, lost Wi-Fi",
        f"{n} forced disconnects in one job: the final state equals an undisturbed client's, "
        "nothing lost, nothing twice; state on screen within 1 s of a reload",
        f"{n_resets} connections reset by TCP in {n} cuts; of an SDK stream and a bare "
        f"attaching client {whole} of 2 have the {entries} log entries and the result of the "
        "undisturbed one, "
        f"each once and in order; in Chromium, {n_reloads} reloads: its state on screen after "
        f"median {statistics.median(told):.0f} ms, max {max(told):.0f} ms, its cells after "
        f"median {statistics.median(cells):.0f} ms, max {max(cells):.0f} ms",
        whole == 2 and n_resets >= n and max(told) <= 1000,
    )


async def _disconnected(server: Server, n: int) -> tuple[int, int, int]:
    """How many watchers behind a proxy that resets them were told all; log entries; resets."""
    proxy, rng = Proxy(), random.Random(1)
    proxy.target = server.port
    port = await proxy.start()
    job = server.submit("heatmap", _WATCHED)
    watching = [
        asyncio.create_task(watch(where, job))
        for watch, where in ((_sdk, server.port), (_sdk, port), (_bare, port))
    ]
    n_resets = 0
    for _ in range(n):
        await asyncio.sleep(rng.uniform(0.3, 0.7))
        while not (reset := proxy.drop()):
            await asyncio.sleep(0.01)
        n_resets += reset
    assert not watching[0].done(), "the job was done before the last disconnect"
    undisturbed, *others = await asyncio.gather(*watching)
    await proxy.close()
    assert [frame.seq for frame in undisturbed] == list(range(1, len(undisturbed) + 1))
    return sum(other == undisturbed for other in others), len(undisturbed), n_resets


async def _sdk(port: int, job: str) -> list[AnyFrame]:
    """The log as the SDK's stream tells it."""
    stream = AsyncClient(f"http://127.0.0.1:{port}").jobs.stream(job)
    return [frame async for frame in stream if frame.seq is not None]


async def _bare(port: int, job: str) -> list[AnyFrame]:
    """The log as a client of a few lines has it."""
    log: list[AnyFrame] = []
    while not (log and isinstance(log[-1], Complete)):
        with contextlib.suppress(OSError, websockets.WebSocketException):
            async with websockets.connect(
                f"ws://127.0.0.1:{port}/ws/progress", max_size=None
            ) as connection:
                asked = {"op": "attach", "job": job, "after": len(log)}
                await connection.send(msgspec.json.encode(asked).decode())
                async for text in connection:
                    frame = decoded(text)
                    if frame.seq is not None:
                        log.append(frame)
                    if isinstance(frame, Complete):
                        return log
        await asyncio.sleep(0.05)
    return log


def _reloaded(server: Server, n: int) -> tuple[list[float], list[float]]:
    """ms from each reload of the page to the state of its job, and to its cells on screen."""
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    told, cells = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=sandbox)
        page = browser.new_page()
        page.add_init_script(_WATCH_PAGE)
        page.goto(f"http://127.0.0.1:{server.port}/{_ENDLESS}")
        page.locator("#run-heatmap").click()
        for _ in range(n):
            page.wait_for_function("() => window.toldAt && window.cellsAt")
            page.reload(wait_until="commit")
            page.wait_for_function("() => window.toldAt && window.cellsAt")
            told.append(page.evaluate("window.toldAt"))
            cells.append(page.evaluate("window.cellsAt"))
        page.locator("#stop").click()
        page.locator("#heatmap-view[data-state=stopped]").wait_for()
        browser.close()
    return told, cells


_HERE = Path(__file__).parent
_LAB: dict[str, Any] = {
    "name": "lab",
    "domain": "manual",
    "parameters": [{"name": "heat", "type": "continuous", "bounds": [0, 1]}],
    "objectives": [{"name": "yield", "direction": "maximize"}],
}


class _Process:
    """A program of ours in a process of its own, which says a line when it has something to say."""

    def __init__(self, name: str, *arguments: str) -> None:
        command = [sys.executable, str(_HERE / name), *arguments]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def line(self) -> str:
        """What it says next."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def __enter__(self) -> _Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def _crowd(address: str, n: int) -> _Process:
    """A crowd that is there."""
    crowd = _Process("crowd.py", address, str(n))
    assert crowd.line() == "ready"
    return crowd


def _raise_file_limit() -> None:
    """Each socket is a file, here and in what we start."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _campaign(server: Server) -> str:
    """A campaign that has not begun: what is brought to it is told at once."""
    path: str = f"/api/v1/campaigns/{server.ask('POST', '/api/v1/campaigns', _LAB)['id']}"
    return path


def _bring(server: Server, campaign: str, n_bytes: int) -> None:
    """Have an event of about so many bytes told."""
    reason = "x" * n_bytes
    results = [{"parameters": {"heat": 0.5}, "status": "failed", "reason": reason}]
    answer = server.ask("POST", f"{campaign}/evaluations", {"results": results})
    assert isinstance(answer, dict), answer


def _kib(process: psutil.Process) -> float:
    return process.memory_info().rss / 1024


def thousands(n: int = 2000, n_events: int = 15) -> Row:
    """Many subscribers of one campaign, beside the same number of a bare broadcaster."""
    _raise_file_limit()
    ours: list[float] = []
    theirs: list[float] = []
    with served() as server, _Process("broadcaster.py") as bare:
        port, campaign = bare.line(), _campaign(server)
        grown = []
        crowds = []
        for pid, address in (
            (server.process.pid, f"http://127.0.0.1:{server.port}/ws/campaigns/{campaign[18:]}"),
            (bare.process.pid, f"http://127.0.0.1:{port}/"),
        ):
            before = _kib(psutil.Process(pid))
            crowds.append(_crowd(address, n))
            grown.append((_kib(psutil.Process(pid)) - before) / n)
        with crowds[0], crowds[1]:
            for k in range(n_events + 3):
                begun = time.time()
                _bring(server, campaign, 500)
                told = json.loads(crowds[0].line())
                one = told["at"] - begun
                begun = time.time()
                _post(port, told["text"])
                two = json.loads(crowds[1].line())["at"] - begun
                if k >= 3:  # the first ones warm up
                    ours.append(one)
                    theirs.append(two)
    ratio = statistics.median(ours) / statistics.median(theirs)
    return Row(
        "Thousands of subscribers",
        f"{n} on one campaign: 35 KiB each at most, one event to all within 1.3 times a bare "
        "uvicorn and websockets server in the same run",
        f"{grown[0]:.1f} KiB each (bare {grown[1]:.1f}); from the request that brings it to the "
        f"last subscriber {worst(ours)}; bare {worst(theirs)}, over {n_events} events of "
        f"{len(told['text'])} bytes in turn: {ratio:.2f} times",
        grown[0] <= 35 and ratio <= 1.3,
    )


def _post(port: str, text: str) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", text.encode(), method="POST")
    with urllib.request.urlopen(request) as answer:
        answer.read()


def slow(n: int = 100, n_turns: int = 8, n_events: int = 200) -> Row:
    """Clients of a campaign that tells much, with and without one of them that stalls."""
    _raise_file_limit()
    late: dict[bool, list[float]] = {True: [], False: []}
    with served() as server:
        campaign = _campaign(server)
        address = f"http://127.0.0.1:{server.port}/ws/campaigns/{campaign[18:]}"
        with _crowd(address, n - 1) as crowd:
            _told(server, campaign, crowd, n_events)  # warms up
            for turn in range(n_turns):
                with _stalled(server, campaign) if turn % 2 else contextlib.nullcontext():
                    late[bool(turn % 2)] += _told(server, campaign, crowd, n_events)
            begun, n_before = time.monotonic(), server.metric("studio_sockets")
            with _stalled(server, campaign):
                while time.monotonic() - begun < 60 and server.metric("studio_sockets") <= n_before:
                    time.sleep(0.01)
                while server.metric("studio_sockets") > n_before:
                    _told(server, campaign, crowd, 1)
                    time.sleep(0.05)
                cut = time.monotonic() - begun
    cost = _cost(50)
    quiet, stalled = (at(sorted(late[kind]), 0.99) for kind in (False, True))
    change = stalled / quiet - 1
    return Row(
        "Slow readers hurt nobody",
        f"1 stalled and {n - 1} good clients: the good ones' p99 unchanged by more than 20 %, the "
        "stalled one costs under 1 MB and is cut or resynced within 30 s",
        f"{n - 1} clients of a campaign with events of 20 KB, {n_turns // 2} turns of {n_events} "
        f"events with and as many without a stalled one: {worst(late[True])} with, "
        f"{worst(late[False])} without, p99 {100 * change:+.0f} %; it costs {cost:.0f} KiB of "
        f"memory (of 50 that stall, on average), and is cut after {cut:.1f} s",
        change <= 0.2 and cost < 1024 and cut <= 30,
    )


def _told(server: Server, campaign: str, crowd: _Process, n: int) -> list[float]:
    """Seconds from the stamp of each of so many events until each client had it."""
    late: list[float] = []
    for _ in range(n):
        _bring(server, campaign, 20_000)
        late += json.loads(crowd.line())["late"]
    return late


@contextlib.contextmanager
def _stalled(server: Server, campaign: str) -> Iterator[None]:
    """A client that asks for all that the campaign has told, and takes nothing of it."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        path = f"/ws/campaigns/{campaign[18:]}"
        connection.sendall(HANDSHAKE.format(path=path, host="127.0.0.1").encode())
        yield


def _cost(n: int) -> float:
    """KiB of a new server's memory that each of so many stalled clients takes."""
    with served() as server, contextlib.ExitStack() as several:
        campaign, process = _campaign(server), psutil.Process(server.process.pid)
        for _ in range(500):  # more than the kernel takes for a client
            _bring(server, campaign, 20_000)
        several.enter_context(_stalled(server, campaign))  # makes what they share
        time.sleep(1.0)
        before = _kib(process)
        for _ in range(n):
            several.enter_context(_stalled(server, campaign))
        time.sleep(3.0)
        return (_kib(process) - before) / n


ROWS: dict[str, Callable[[], Row]] = {"reload": reload, "slow": slow, "thousands": thousands}
