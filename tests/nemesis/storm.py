"""Operations and faults at once, in rounds: each ends with a kill, a restart and a check."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import websockets

from tests.conftest import DEADLINE_S
from tests.nemesis import clients, faults, invariants
from tests.nemesis.clients import Clients
from tests.nemesis.faults import Nemesis
from tests.nemesis.history import (
    Asked,
    History,
    Led,
    Plain,
    Quiet,
    Remains,
    Stored,
    short,
)
from tests.nemesis.invariants import OPEN_MORE
from tests.nemesis.operations import hog, operations
from tests.nemesis.proxy import Proxy
from tests.nemesis.report import Report
from tests.nemesis.servers import STUDIO, Servers
from tests.nemesis.undisturbed import Undisturbed

N_CLIENTS = 8
_ASKING = ("operations", "clients", "hogs")  # each draws on its own, however long anything takes
_OPERATION_S, _FAULT_S = 0.2, 0.5  # mean pauses


class Storm:
    """Rounds of operations and faults on the servers of one data directory."""

    def __init__(self, seed: str, folder: Path, written: Path, program: tuple[str, ...]) -> None:
        self._seed, self._history = seed, History(written)
        self._servers = Servers(folder, self._history, program)
        self._proxy, self._known = Proxy(), Undisturbed()
        self.report = Report(seed)

    async def run(self, go_on: Callable[[int, Report], bool], round_s: float, first: int) -> Report:
        """Rounds from the first on, as long as go_on says so of the next one's number."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(64))
        try:
            self._port = await self._proxy.start()
            await self._start()
            await self._settled()
            self._fresh = len(self._servers.open_files())
            n = first
            while go_on(n, self.report):
                await self._round(n, round_s)
                n += 1
            await self._finish(n)
            self.report.count_attempts(self._servers.log.read_text())
        finally:
            await self._proxy.close()
            await self._servers.close()
            self._history.close()
        return self.report

    async def _start(self) -> None:
        await self._servers.start()
        self._proxy.target = self._servers.port

    async def _round(self, n: int, seconds: float) -> None:
        rng = {who: random.Random(f"{self._seed}/{n}/{who}") for who in (*faults.STREAMS, *_ASKING)}
        asking = Clients(self._port, self._history, rng["clients"])
        nemesis = Nemesis(
            self._servers,
            self._proxy,
            self._history,
            lambda lasts: clients.stall(self._servers.port, lasts),
            lambda: self._hog(rng["hogs"]),
        )
        end = time.monotonic() + seconds
        try:
            async with asyncio.timeout(seconds + 3 * DEADLINE_S), asyncio.TaskGroup() as tasks:
                tasks.create_task(_ask(asking, rng["operations"], end))
                for stream in faults.STREAMS:
                    tasks.create_task(_strike(nemesis, rng[stream], stream, end))
            await self._collect()
        except TimeoutError:
            self.report.violations.append(f"round {n}: it did not come to its end")
        await self._check(n)

    async def _hog(self, rng: random.Random) -> None:
        """A job that needs too much memory, which nobody watches."""
        op, config = hog(rng)
        n = -1 - self.report.faults.total() - len(self._history.round)
        self._history.add(Asked(n=n, client=-1, how="hog", op=op, config=config))
        asking = Clients(self._port, self._history, rng)
        status, answer = await asking.insist("POST", "/api/v1/jobs", {"op": op, "config": config})
        assert status == 202, answer
        self._history.add(Led(n=n, job=answer["id"]))

    async def _settled(self) -> list[int]:
        """Wait until no worker computes; those that still do in the end."""
        busy: list[int] = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DEADLINE_S / 2):
                while True:
                    before = _used(self._servers)
                    await asyncio.sleep(0.5)
                    now = _used(self._servers).items()
                    busy = [pid for pid, used in now if used > before.get(pid, 0.0) + 0.1]
                    if not busy:
                        break
        return busy

    async def _collect(self) -> None:
        """Wait until all has ended, then write down what is there, and what is after a kill."""
        await self._servers.is_up.wait()
        jobs = await self._ended()
        busy = await self._settled()
        files = await self._few_files()
        self._history.add(Quiet(life=self._servers.life, files=files, fresh=self._fresh, busy=busy))
        await self._servers.stop(signal.SIGKILL)
        await self._start()
        for job in jobs:
            await self._store(job)
        for job in jobs:
            await self._delete(job)
        await self._servers.settle()

    async def _ended(self) -> list[Plain]:
        """All jobs and campaigns, once all have ended."""
        async with asyncio.timeout(DEADLINE_S):
            while True:
                listed = [job async for job in self._pages()]
                found = await asyncio.to_thread(self._servers.get, "/api/v1/campaigns?limit=500")
                campaigns = [c for c in found["campaigns"] if c["state"] != "created"]
                everything = listed + [{**c, "op": "campaign"} for c in campaigns]
                if all(one.get("ended") for one in everything):
                    return everything
                await asyncio.sleep(0.2)

    async def _pages(self) -> Any:
        path = "/api/v1/jobs?limit=500"
        while path:
            page = await asyncio.to_thread(self._servers.get, path)
            for job in page["jobs"]:
                yield job
            path = page.get("next") and f"/api/v1/jobs?limit=500&before={page['next']}"

    async def _few_files(self) -> list[str]:
        """The server's open files, once those of connections that have ended are closed."""
        files: list[str] = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DEADLINE_S / 4):
                while len(files := self._servers.open_files()) > self._fresh + OPEN_MORE:
                    await asyncio.sleep(0.1)
        return files

    async def _store(self, job: Plain) -> None:
        campaign = job["op"] == "campaign"
        where = f"campaigns/{job['id']}?after=0" if campaign else "progress"
        address = f"ws://127.0.0.1:{self._servers.port}/ws/{where}"
        log: list[Plain] = []
        async with (
            asyncio.timeout(DEADLINE_S),
            websockets.connect(address, max_size=None, compression=None) as socket,
        ):
            if not campaign:
                await socket.send(json.dumps({"op": "attach", "job": job["id"]}))
            while not log or log[-1]["type"] not in invariants.ENDS:
                frame = json.loads(await socket.recv())
                if frame["type"] != "heartbeat":
                    log.append(short(frame))
        if log[-1].get("code") == "not_found":
            return  # which the checker tells of
        listed = await asyncio.to_thread(self._servers.get, f"/api/v1/{_path(job)}")
        state = listed["state"]
        self._history.add(Stored(job=job["id"], op=job["op"], state=state, log=log))

    async def _delete(self, job: Plain) -> None:
        asking = Clients(self._servers.port, self._history, random.Random())
        status, answer = await asking.insist("DELETE", f"/api/v1/{_path(job)}")
        assert status in (204, 404), answer

    async def _check(self, n: int) -> None:
        """Hold the round's history to what must be."""
        records, self._history.round = self._history.round, []
        wanted = [r for r in records if isinstance(r, Asked) and r.how != "hog"]
        await asyncio.to_thread(lambda: [self._known(r.op, r.config) for r in wanted])
        self.report.add(n, records, invariants.violations(records, self._known))

    async def _finish(self, n: int) -> None:
        """End the last server as a person would; nothing is left then."""
        await self._servers.stop(signal.SIGTERM)
        await self._servers.settle()
        self._history.add(
            Remains(files=self._servers.remains(), unforeseen=self._servers.unforeseen())
        )
        await self._check(n)
        self.report.rounds -= 1


def _path(job: Plain) -> str:
    return f"{'campaigns' if job['op'] == 'campaign' else 'jobs'}/{job['id']}"


async def _ask(asking: Clients, rng: random.Random, end: float) -> None:
    """Have each client perform its operations, one after the other."""
    waiting: list[asyncio.Queue[Any]] = [asyncio.Queue() for _ in range(N_CLIENTS)]

    async def perform(queue: asyncio.Queue[Any]) -> None:
        while (operation := await queue.get()) is not None:
            await asking.perform(operation)

    async with asyncio.TaskGroup() as tasks:
        for queue in waiting:
            tasks.create_task(perform(queue))
        for operation in operations(rng, N_CLIENTS, _OPERATION_S):
            await asyncio.sleep(operation.pause)
            if time.monotonic() > end:
                break
            if waiting[operation.client].empty():  # else it would never come to an end
                waiting[operation.client].put_nowait(operation)
        for queue in waiting:
            queue.put_nowait(None)


async def _strike(nemesis: Nemesis, rng: random.Random, stream: str, end: float) -> None:
    for fault in faults.faults(rng, stream, _FAULT_S):
        if time.monotonic() + fault.pause > end:
            return
        await nemesis.strike(fault)


def _used(servers: Servers) -> dict[int, float]:
    """CPU seconds of each worker."""
    used = {}
    for worker in servers.workers():
        with contextlib.suppress(Exception):
            used[worker.pid] = sum(worker.cpu_times()[:2])
    return used


async def storm(
    seed: str,
    folder: Path,
    written: Path,
    go_on: Callable[[int, Report], bool],
    round_s: float = 15.0,
    first: int = 1,
    program: tuple[str, ...] = STUDIO,
) -> Report:
    """Run the nemesis; its history is written to a file."""
    return await Storm(seed, folder, written, program).run(go_on, round_s, first)
