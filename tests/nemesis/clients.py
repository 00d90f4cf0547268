"""Clients that perform operations through whatever goes wrong, and write down what they see."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import itertools
import json
import random
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import websockets

from tests.conftest import DEADLINE_S
from tests.nemesis.history import (
    Answered,
    Asked,
    Cancelled,
    History,
    Led,
    Left,
    Plain,
    Saw,
    Watching,
    digest,
    short,
)
from tests.nemesis.operations import Operation

API = "/api/v1"
ENDS = ("complete", "error", "campaign_completed", "campaign_error")

_PAUSE_S = 0.2
_SILENCE_S = 30.0  # a server is silent for seconds where it is stopped, or starts
_PASSING = ("restarting", "interrupted")


@dataclass
class Run:
    """An operation under way: its job, and the last seq that was seen of it."""

    operation: Operation
    job: str = ""
    seen: int = 0
    refused: bool = False


class LostError(Exception):
    """The connection is gone, or there was none."""


class Clients:
    """All clients of one round; port: where they connect, direct: the server itself."""

    _watches = itertools.count(1)

    def __init__(self, port: int, history: History, rng: random.Random) -> None:
        self._port, self._history, self._rng = port, history, rng
        self.known: list[str] = []
        self._campaigns: set[str] = set()

    async def perform(self, operation: Operation) -> None:
        """Do an operation, to its end."""
        if operation.how == "attach":
            if self.known:
                await self._watch(self._rng.choice(self.known), self._rng.randrange(3))
            return
        self._history.add(
            Asked(
                n=operation.n,
                client=operation.client,
                how=operation.how,
                op=operation.op,
                config=operation.config,
            )
        )
        await getattr(self, f"_{operation.how}")(operation)

    # ------------------------------------------------------------------ jobs over a socket

    async def _socket(self, operation: Operation) -> None:
        run = Run(operation)
        acting = asyncio.create_task(self._act(run))
        try:
            await self._run(run, acting)
        finally:
            await _end(acting)

    async def _run(self, run: Run, acting: asyncio.Task[str]) -> None:
        """Run and watch until it has ended, or until this client is to leave."""
        asked = {"op": run.operation.op, "config": run.operation.config}
        while not run.job and not run.refused:
            with contextlib.suppress(LostError):
                async with self._connected("/ws/progress") as connection:
                    await _send(connection, asked)
                    if await self._follow_or_act(run, connection, acting):
                        return
            await asyncio.sleep(_PAUSE_S)
        if run.refused:
            return
        if not run.operation.config["detached"]:  # who lost it, left it
            self._history.add(Left(job=run.job))
        await self._watch(run.job, run.seen)

    async def _follow_or_act(
        self, run: Run, connection: websockets.ClientConnection, acting: asyncio.Task[str]
    ) -> bool:
        """Take frames until the last, or until the client acts; whether it is done then."""
        following = asyncio.create_task(self._follow(run, connection))
        try:
            await asyncio.wait([following, acting], return_when=asyncio.FIRST_COMPLETED)
            if following.done():
                return following.result()
            connection.transport.abort()
            return acting.result() == "leave"
        finally:
            await _end(following)

    async def _follow(self, run: Run, connection: websockets.ClientConnection) -> bool:
        """Take what a connection tells of a job that it asked for, to the end."""
        watch = 0
        async for frame in _received(connection):
            if not run.job and "job" not in frame:
                if frame.get("code") in _PASSING:
                    raise LostError
                run.refused = True
                code = frame.get("code")
                self._history.add(Answered(n=run.operation.n, status=0, code=code))
                return True
            if not run.job:
                watch = self._led(run, frame["job"])
            self._history.add(Saw(watch=watch, job=run.job, frame=short(frame)))
            run.seen = max(run.seen, frame.get("seq") or 0)
            if frame["type"] in ENDS:
                return True
        return False

    def _led(self, run: Run, job: str) -> int:
        """The operation has a job now, which it watches."""
        run.job = job
        self.known.append(job)
        self._history.add(Led(n=run.operation.n, job=job))
        return self._watching(job, 0)

    async def _act(self, run: Run) -> str:
        """What the client does about its job after some time, and what that was; for ever where
        its connection is to stay."""
        operation = run.operation
        await asyncio.sleep(operation.after)
        while operation.act and not run.job:
            await asyncio.sleep(0.01)
        if operation.act == "cancel":
            await self._cancel(f"{API}/jobs/{run.job}/cancel", run.job)
        if operation.act == "leave":
            self._history.add(Left(job=run.job))
        if operation.act not in ("break", "leave"):
            await asyncio.get_running_loop().create_future()
        return operation.act

    async def _cancel(self, path: str, job: str) -> None:
        """Have a job end, and be told so, however often that takes."""
        self._history.add(Cancelled(job=job))
        status, answer = await self.insist("POST", path)
        self._history.add(Cancelled(job=job, state=answer.get("state") or str(status)))

    async def _watch(self, job: str, after: int) -> None:
        """Watch a job to its end, on however many connections."""
        seen = after
        while True:
            watch = self._watching(job, seen)
            with contextlib.suppress(LostError):
                async with self._connected(self._address(job, seen)) as connection:
                    if job not in self._campaigns:
                        await _send(connection, {"op": "attach", "job": job, "after": seen})
                    async for frame in _received(connection):
                        self._history.add(Saw(watch=watch, job=job, frame=short(frame)))
                        seen = max(seen, frame.get("seq") or 0)
                        if frame["type"] in ENDS:
                            return
            await asyncio.sleep(_PAUSE_S)

    def _address(self, job: str, after: int) -> str:
        return f"/ws/campaigns/{job}?after={after}" if job in self._campaigns else "/ws/progress"

    def _watching(self, job: str, after: int) -> int:
        return self._history.add(Watching(watch=next(self._watches), job=job, after=after)).watch

    @contextlib.asynccontextmanager
    async def _connected(self, path: str) -> AsyncIterator[websockets.ClientConnection]:
        try:
            async with websockets.connect(
                f"ws://127.0.0.1:{self._port}{path}",
                max_size=None,
                compression=None,
                open_timeout=_SILENCE_S,
                close_timeout=1.0,
                ping_interval=None,
            ) as connection:
                yield connection
        except (OSError, EOFError, TimeoutError, websockets.WebSocketException) as error:
            raise LostError from error

    # --------------------------------------------------------------------- jobs over HTTP

    async def _submit(self, operation: Operation) -> None:
        """Submit under a name until it is accepted, then follow Server-Sent Events."""
        key = {"idempotency-key": f"{operation.n}-{self._rng.getrandbits(64):x}"}
        asked = {"op": operation.op, "config": operation.config}
        status, answer = await self.insist("POST", f"{API}/jobs", asked, key)
        if status not in (200, 202):
            self._history.add(Answered(n=operation.n, status=status, code=answer.get("code")))
            return
        run = Run(operation)
        self._led(run, answer["id"])
        if self._rng.random() < 0.3:  # as a client that never got the answer
            status, answer = await self.insist("POST", f"{API}/jobs", asked, key)
            self._history.add(Led(n=operation.n, job=answer.get("id", str(answer))))
        acting = asyncio.create_task(self._act(run))
        try:
            await self._events(run.job)
        finally:
            await _end(acting)

    async def _events(self, job: str) -> None:
        seen, ended = 0, False
        while not ended:
            watch = self._watching(job, seen)
            for frame in await asyncio.to_thread(self._told, f"{API}/jobs/{job}/events", seen):
                self._history.add(Saw(watch=watch, job=job, frame=short(frame)))
                seen = max(seen, frame.get("seq") or 0)
                ended = ended or frame["type"] in ENDS
            await asyncio.sleep(_PAUSE_S)

    def _told(self, path: str, last: int) -> list[Plain]:
        """The events of one connection, to its end or its loss."""
        told = []
        with contextlib.suppress(OSError, http.client.HTTPException), self._asking() as asking:
            asking.request("GET", path, headers={"last-event-id": str(last)})
            answer = asking.getresponse()
            while line := answer.readline():
                if line.startswith(b"data: ") and line.endswith(b"\n"):
                    told.append(json.loads(line[6:]))
            if answer.status == 404:
                told.append({"type": "error", "code": "not_found"})
        return told

    async def _post(self, operation: Operation) -> None:
        """Ask over HTTP, and wait for the result; what was lost is not asked again."""
        path = f"{API}/{operation.op}"
        try:
            status, answer = await asyncio.to_thread(self._ask, "POST", path, operation.config)
        except LostError:
            return
        told = digest(answer) if status == 200 else None
        self._history.add(
            Answered(n=operation.n, status=status, digest=told, code=answer.get("code"))
        )

    async def insist(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Plain]:
        """Ask until there is an answer that is not of a server which goes down."""
        while True:
            with contextlib.suppress(LostError):
                status, answer = await asyncio.to_thread(self._ask, method, path, body, headers)
                if status != 503:
                    return status, answer
            await asyncio.sleep(_PAUSE_S)

    def _ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Plain]:
        try:
            with self._asking() as asking:
                data = None if body is None else json.dumps(body).encode()
                asking.request(method, path, data, headers or {})
                answer = asking.getresponse()
                return answer.status, json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException) as error:
            raise LostError from error

    @contextlib.contextmanager
    def _asking(self) -> Iterator[http.client.HTTPConnection]:
        asking = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_SILENCE_S)
        with contextlib.closing(asking):
            yield asking

    # -------------------------------------------------------------------------- campaigns

    async def _campaign(self, operation: Operation) -> None:
        status, answer = await self.insist("POST", f"{API}/campaigns", operation.config)
        if status != 201:
            self._history.add(Answered(n=operation.n, status=status, code=answer.get("code")))
            return
        campaign = answer["id"]
        self._campaigns.add(campaign)
        await self.insist("POST", f"{API}/campaigns/{campaign}/start")
        self._history.add(Led(n=operation.n, job=campaign))
        acting = asyncio.create_task(self._end_campaign(operation, campaign))
        try:
            await self._watch(campaign, 0)
        finally:
            await _end(acting)

    async def _end_campaign(self, operation: Operation, campaign: str) -> None:
        if operation.act == "cancel":
            await asyncio.sleep(operation.after)
            await self._cancel(f"{API}/campaigns/{campaign}/cancel", campaign)


async def stall(port: int, seconds: float) -> None:
    """A client that asks for much, reads nothing, and then is gone."""
    with socket.create_connection(("127.0.0.1", port), DEADLINE_S) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        handshake = (
            "GET /ws/progress HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        deaf.sendall(handshake.encode())
        config = {"name": "HodgkinHuxleyNeuron", "duration": 500, "engine": "llvm"}
        asked = {"op": "simulate", "config": config}
        for _ in range(20):
            deaf.sendall(_masked(json.dumps(asked).encode()))
        await asyncio.sleep(seconds)
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # as if cut


def _masked(text: bytes) -> bytes:
    """A text message as a client sends it, under the mask of zeros."""
    return bytes([0x81, 0x80 | len(text)]) + bytes(4) + text


async def _end(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _send(connection: websockets.ClientConnection, message: Plain) -> None:
    try:
        await connection.send(json.dumps(message))
    except websockets.ConnectionClosed as closed:
        raise LostError from closed


async def _received(connection: websockets.ClientConnection) -> AsyncIterator[Plain]:
    """Every message until the connection is lost."""
    while True:
        try:
            async with asyncio.timeout(_SILENCE_S):
                frame: Plain = json.loads(await connection.recv())
        except (websockets.ConnectionClosed, TimeoutError) as lost:
            raise LostError from lost
        if frame["type"] != "heartbeat":
            yield frame
