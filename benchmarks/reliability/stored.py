"""The row of section Delivery that is about what was announced before a server was killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import websockets

from reliability.row import Row
from reliability.serving import Server

_DYING = Path(__file__).with_name("dying_server.py")
_DEADLINE_S = 30.0
_LOST = (OSError, HTTPException, websockets.WebSocketException)
_JOBS: list[tuple[str, dict[str, Any]]] = [
    ("simulate", {"name": "LapicqueNeuron", "fresh": True}),
    (
        "heatmap",
        {
            "name": "AdExNeuron",
            "current": 0.8,
            "engine": "scalar",
            "fresh": True,
            "param_x": "a",
            "x_min": 0,
            "x_max": 8,
            "x_steps": 20,
            "param_y": "b",
            "y_min": 0,
            "y_max": 0.16,
            "y_steps": 20,
        },
    ),
]
_CAMPAIGN: dict[str, Any] = {
    "name": "ro",
    "domain": "water_membrane",
    "parameters": [
        {"name": "active_layer_thickness", "type": "continuous", "bounds": [50, 400]},
        {"name": "water_permeability", "type": "continuous", "bounds": [5, 200]},
    ],
    "objectives": [{"name": "water_flux", "direction": "maximize"}],
    "campaign": {"max_iterations": 2, "batch_size": 2, "initial_samples": 3},
}

Told = dict[tuple[str, int], dict[str, Any]]


class Client:
    """What somebody was told before a server died."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.told: Told = {}
        self.accepted: set[str] = set()
        self.begun: set[str] = set()

    async def everything(self) -> None:
        """Submit jobs and a campaign, and watch them until they end or the server does."""
        await asyncio.gather(*(self._job(*each) for each in _JOBS), self._campaign())

    async def _job(self, op: str, config: dict[str, Any]) -> None:
        with contextlib.suppress(*_LOST):
            answer = await self._ask("POST", "/api/v1/jobs", {"op": op, "config": config})
            self.accepted.add(answer["id"])
            await self.watch_job(answer["id"])

    async def _campaign(self) -> None:
        with contextlib.suppress(*_LOST):
            campaign = (await self._ask("POST", "/api/v1/campaigns", _CAMPAIGN))["id"]
            self.accepted.add(campaign)
            await self._ask("POST", f"/api/v1/campaigns/{campaign}/start")
            self.begun.add(campaign)
            await self.watch_campaign(campaign)

    async def watch_job(self, job: str) -> None:
        """Take a job's log down until it ends."""
        async with self._socket("progress") as socket:
            await socket.send(json.dumps({"op": "attach", "job": job}))
            async for text in socket:
                frame = json.loads(text)
                if "seq" in frame:
                    self.told[job, frame["seq"]] = frame
                if frame["type"] in ("complete", "error"):
                    return

    async def watch_campaign(self, campaign: str) -> None:
        """The same for a campaign."""
        async with self._socket(f"campaigns/{campaign}") as socket:
            async for text in socket:
                event = json.loads(text)
                if event.get("seq") is not None:
                    self.told[campaign, event["seq"]] = event

    async def _ask(self, *asked: Any) -> Any:
        answer = await asyncio.to_thread(self._server.ask, *asked)
        assert isinstance(answer, dict), answer
        return answer

    def _socket(self, path: str) -> Any:
        return websockets.connect(f"ws://127.0.0.1:{self._server.port}/ws/{path}", max_size=None)


def stored(n: int = 40) -> Row:
    """A server killed at every point of every write that two jobs and a campaign take."""
    at: Counter[str] = Counter()
    n_told = n_gone = n_broken = n_lost = 0
    for k in range(1, n + 1):
        with TemporaryDirectory() as data:
            server = Server(Path(data), program=(str(_DYING), str(k), f"{data}/killed"))
            client = Client(server)
            asyncio.run(client.everything())
            server.process.kill()  # where all was done before the k-th statement
            server.process.wait()
            killed = Path(data, "killed")
            at[_kind(killed.read_text()) if killed.exists() else "none"] += 1
            n_broken += _check(Path(data)) != "ok"
            server.start()
            try:
                later, states = asyncio.run(_later(server, client))
            finally:
                server.stop(signal.SIGKILL)
            n_told += len(client.told)
            n_gone += sum(later.get(name) != frame for name, frame in client.told.items())
            n_lost += sum(state not in ("complete", "completed") for state in states)
    points = ", ".join(f"{what} {times}" for what, times in at.most_common())
    return Row(
        "Announced means stored",
        "kill -9 at every write point: every announced event and result is there after restart, no "
        "corrupt file",
        f"killed at each of the first {n} statements that write for two jobs and a campaign "
        f"({points}): {n_gone} of {n_told} events and results that a client had seen were gone or "
        f"changed, {n_broken} files failed `PRAGMA integrity_check`, {n_lost} of what was accepted "
        "did not go on to its end",
        (n_gone, n_broken, n_lost) == (0, 0, 0),
    )


def _kind(sql: str) -> str:
    found = re.match(r"BEGIN|COMMIT|(INSERT|UPDATE|DELETE)( OR REPLACE)?( INTO| FROM)? \w+", sql)
    assert found, sql
    return found[0]


def _check(data: Path) -> str:
    """What SQLite says of a copy of the file, as the server left it."""
    with TemporaryDirectory() as place:
        for file in data.glob("jobs.sqlite*"):
            shutil.copy(file, place)
        with contextlib.closing(sqlite3.connect(Path(place, "jobs.sqlite"))) as connection:
            found: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return found


async def _later(server: Server, before: Client) -> tuple[Told, list[str]]:
    """The whole logs as the next server tells them, and how what was accepted has ended."""
    after = Client(server)
    states = []
    for name in sorted(before.accepted):
        kind = "jobs" if name.startswith("j_") else "campaigns"
        unsure = kind == "campaigns" and name not in before.begun  # for all that was answered
        if unsure and server.ask("GET", f"/api/v1/campaigns/{name}")["state"] == "created":
            server.ask("POST", f"/api/v1/campaigns/{name}/start")
        await (after.watch_job(name) if kind == "jobs" else _watched(after, name))
        states.append(server.ask("GET", f"/api/v1/{kind}/{name}")["state"])
    return after.told, states


async def _watched(client: Client, campaign: str) -> None:
    with contextlib.suppress(websockets.ConnectionClosed, TimeoutError):  # one that does not go on
        async with asyncio.timeout(_DEADLINE_S):
            await client.watch_campaign(campaign)


ROWS: dict[str, Callable[[], Row]] = {"stored": stored}
