"""What goes wrong: one seeded generator of faults, and how each is done to a real server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

import psutil

from tests.nemesis.history import History, Struck
from tests.nemesis.proxy import Proxy
from tests.nemesis.servers import Servers

# how often each comes, by the stream it belongs to: those of one stream come one after the other,
# so that a disk may be full, or a network slow, while a process is killed
STREAMS: dict[str, dict[str, int]] = {
    "processes": {
        "kill_worker": 8,
        "kill_all_workers": 2,
        "kill_fork_server": 1,
        "stop_worker": 3,
        "hang_worker": 1,
        "kill_server": 2,
        "kill_starting_server": 1,
        "stop_server": 2,
        "terminate_server": 1,
    },
    "surroundings": {
        "drop_connections": 3,
        "cut_connections": 3,
        "hold_connections": 2,
        "delay_connections": 2,
        "stalled_reader": 2,
        "full_disk": 2,
        "memory_hog": 2,
    },
}


@dataclass(frozen=True)
class Fault:
    """A fault, `pause` seconds after the one before it ended; lasts: how long it does.

    choice: which of those that it may strike, 0 to 1
    """

    kind: str
    pause: float
    lasts: float
    choice: float


def faults(rng: random.Random, stream: str, mean_pause: float) -> Iterator[Fault]:
    """Faults of one stream, without end."""
    weights = STREAMS[stream]
    while True:
        kind = rng.choices(list(weights), list(weights.values()))[0]
        pause = min(rng.expovariate(1 / mean_pause), 3 * mean_pause)
        yield Fault(kind, pause, rng.uniform(0.0, 2.0), rng.random())


class Nemesis:
    """Does faults to the servers and to the network before them.

    stall: has a client that reads nothing; hog: has one that asks for too much memory
    """

    def __init__(
        self,
        servers: Servers,
        proxy: Proxy,
        history: History,
        stall: Callable[[float], Awaitable[None]],
        hog: Callable[[], Awaitable[None]],
    ) -> None:
        self._servers, self._proxy, self._history = servers, proxy, history
        self._others: dict[str, Callable[[Fault], Awaitable[None]]] = {
            "stalled_reader": lambda fault: stall(fault.lasts),
            "memory_hog": lambda fault: hog(),
        }

    async def strike(self, fault: Fault) -> None:
        """Do a fault, and undo it where it is one that passes."""
        await asyncio.sleep(fault.pause)
        await self._servers.is_up.wait()
        if fault.kind in self._others:
            self._tell(fault)
            await self._others[fault.kind](fault)
            return
        async with getattr(self, f"_{fault.kind}")(fault):
            await asyncio.sleep(fault.lasts)

    def _tell(self, fault: Fault, **detail: object) -> None:
        self._history.add(Struck(fault=fault.kind, detail=dict(detail)))

    def _worker(self, fault: Fault) -> psutil.Process | None:
        workers = self._servers.workers()
        return workers[int(fault.choice * len(workers))] if workers else None

    @contextlib.asynccontextmanager
    async def _kill_worker(self, fault: Fault) -> AsyncIterator[None]:
        worker = self._worker(fault)
        if worker is not None:
            self._tell(fault, pid=worker.pid)
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()
        yield

    @contextlib.asynccontextmanager
    async def _kill_all_workers(self, fault: Fault) -> AsyncIterator[None]:
        self._tell(fault)
        for worker in self._servers.workers():
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()
        yield

    @contextlib.asynccontextmanager
    async def _kill_fork_server(self, fault: Fault) -> AsyncIterator[None]:
        self._servers.helpless += 1
        for process in self._servers.fork_servers():
            self._tell(fault, pid=process.pid)
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        yield

    @contextlib.asynccontextmanager
    async def _stop_worker(self, fault: Fault) -> AsyncIterator[None]:
        worker = self._worker(fault)
        if worker is None:
            yield
            return
        self._tell(fault, pid=worker.pid, seconds=fault.lasts)
        with contextlib.suppress(psutil.NoSuchProcess):
            worker.suspend()
        yield
        with contextlib.suppress(psutil.NoSuchProcess):
            worker.resume()

    @contextlib.asynccontextmanager
    async def _hang_worker(self, fault: Fault) -> AsyncIterator[None]:
        """Stop a worker for good; the server is to notice that it shows no sign of life."""
        worker = self._worker(fault)
        if worker is not None:
            self._tell(fault, pid=worker.pid)
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.suspend()
        yield

    @contextlib.asynccontextmanager
    async def _stop_server(self, fault: Fault) -> AsyncIterator[None]:
        self._tell(fault, seconds=fault.lasts)
        os.kill(self._servers.pid, signal.SIGSTOP)
        yield
        os.kill(self._servers.pid, signal.SIGCONT)

    @contextlib.asynccontextmanager
    async def _kill_server(self, fault: Fault) -> AsyncIterator[None]:
        self._tell(fault)
        await self._restart(signal.SIGKILL)
        yield

    @contextlib.asynccontextmanager
    async def _terminate_server(self, fault: Fault) -> AsyncIterator[None]:
        self._tell(fault)
        await self._restart(signal.SIGTERM)
        yield

    @contextlib.asynccontextmanager
    async def _kill_starting_server(self, fault: Fault) -> AsyncIterator[None]:
        self._tell(fault)
        await self._servers.stop(signal.SIGKILL)
        await self._servers.start_and_kill(2.5 * fault.choice)
        await self._start()
        yield

    async def _restart(self, how: signal.Signals) -> None:
        await self._servers.stop(how)
        await self._start()

    async def _start(self) -> None:
        await self._servers.start()
        self._proxy.target = self._servers.port

    @contextlib.asynccontextmanager
    async def _drop_connections(self, fault: Fault) -> AsyncIterator[None]:
        self._tell(fault, connections=self._proxy.drop())
        yield

    @contextlib.asynccontextmanager
    async def _cut_connections(self, fault: Fault) -> AsyncIterator[None]:
        self._tell(fault, connections=self._proxy.cut())
        yield

    @contextlib.asynccontextmanager
    async def _hold_connections(self, fault: Fault) -> AsyncIterator[None]:
        self._tell(fault, seconds=fault.lasts)
        with self._proxy.held():
            yield

    @contextlib.asynccontextmanager
    async def _delay_connections(self, fault: Fault) -> AsyncIterator[None]:
        seconds = 0.05 + 0.3 * fault.choice
        self._tell(fault, by=seconds, seconds=fault.lasts)
        with self._proxy.delayed(seconds):
            yield

    @contextlib.asynccontextmanager
    async def _full_disk(self, fault: Fault) -> AsyncIterator[None]:
        self._tell(fault, seconds=fault.lasts)
        with self._servers.disk.full(self._servers.pid):
            yield
