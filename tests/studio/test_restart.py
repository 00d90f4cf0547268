"""What a server that is killed leaves to the next one on the same data directory."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.conftest import ADEX_HEATMAP, DEADLINE_S, ROOT, Server

SWEEP: dict[str, Any] = {**ADEX_HEATMAP, "duration": 1000, "engine": "scalar", "fresh": True}
LONG: dict[str, Any] = {
    "name": "HodgkinHuxleyNeuron",
    "duration": 5_000_000,
    "engine": "scalar",
    "fresh": True,
}

Start = Callable[[], Server]


@pytest.fixture
def start(start_server: Callable[..., Server], tmp_path: Path) -> Start:
    return lambda: start_server("--workers", "2", "--data-dir", str(tmp_path))


def kill(server: Server) -> None:
    server.process.kill()
    server.process.wait(DEADLINE_S)


async def until_partial(server: Server, config: dict[str, Any]) -> list[dict[str, Any]]:
    """Submit a heatmap; its frames until the first results are final."""
    frames = []
    async with server.socket() as socket:
        await socket.send({"op": "heatmap", "config": config})
        while not frames or "seq" not in frames[-1] or "partial" not in frames[-1]:
            frames.append(await socket.receive())
    return frames


async def test_a_job_goes_on_after_its_server_was_killed_and_ends_as_if_undisturbed(
    start: Start,
) -> None:
    server = start()
    seen = await until_partial(server, SWEEP)
    job = seen[0]["job"]
    kill(server)
    server = start()
    async with server.socket() as socket:
        await socket.send({"op": "attach", "job": job, "id": "again"})
        frames = await socket.until_end("again")
        await socket.send({"op": "heatmap", "config": SWEEP, "id": "undisturbed"})
        undisturbed = (await socket.until_end("undisturbed"))[-1]
    assert frames[-1]["type"] == "complete"
    for part in ("metrics", "pattern", "status", "config", "engine"):
        assert frames[-1]["result"][part] == undisturbed["result"][part]
    entries = [frame for frame in frames if "seq" in frame]
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    told = [{**entry, "id": None} for entry in entries]
    for frame in seen:
        if "seq" in frame:
            assert {**frame, "id": None} == told[frame["seq"] - 1]
    pct = [frame["pct"] for frame in frames]
    assert pct == sorted(pct)
    firsts = [c["first"] for e in entries[:-1] for c in e.get("partial", {}).get("cells", [])]
    assert len(firsts) == len(set(firsts))


async def test_a_result_that_was_told_is_there_after_the_server_was_killed(start: Start) -> None:
    server = start()
    async with server.socket() as socket:
        await socket.send({"op": "heatmap", "config": ADEX_HEATMAP})
        end = (await socket.until_end())[-1]
        kill(server)
    server = start()
    path = f"/api/v1/jobs/{end['job']}"
    assert server.request("GET", path).json()["state"] == "complete"
    assert server.request("GET", f"{path}/result").json() == end["result"]
    async with server.socket() as socket:
        await socket.send({"op": "attach", "job": end["job"], "after": end["seq"] - 1})
        assert [{**frame, "id": None} for frame in await socket.until_end()] == [
            {**end, "id": None}
        ]
        await socket.send({"op": "heatmap", "config": ADEX_HEATMAP, "id": "same"})
        assert (await socket.until_end("same"))[-1]["result"] == end["result"]


async def test_status_tells_the_truth_after_a_kill(start: Start) -> None:
    """No job runs without a worker; one whose client has gone for good is interrupted."""
    server = start()
    async with server.socket() as socket:
        for name, config in (("stays", LONG), ("leaves", {**LONG, "detached": False})):
            await socket.send({"op": "simulate", "config": config, "id": name})
        jobs: dict[str, str] = {}
        while len(jobs) < 2:
            frame = await socket.receive()
            jobs[frame["id"]] = frame["job"]
        kill(server)
    server = start()
    await server.busy_worker()
    listed = {job["id"]: job for job in server.request("GET", "/api/v1/jobs").json()["jobs"]}
    assert listed[jobs["stays"]]["state"] == "running"
    assert listed[jobs["leaves"]]["state"] == "interrupted"
    assert listed[jobs["leaves"]]["error"]["code"] == "interrupted"
    server.request("POST", f"/api/v1/jobs/{jobs['stays']}/cancel")
    async with server.socket() as socket:
        for job, code in ((jobs["stays"], "cancelled"), (jobs["leaves"], "interrupted")):
            await socket.send({"op": "attach", "job": job, "id": job})
            assert (await socket.until_end(job))[-1]["code"] == code


async def test_a_job_that_takes_the_server_down_every_time_is_not_tried_for_ever(
    start: Start,
) -> None:
    server = start()
    submitted = server.request("POST", "/api/v1/jobs", {"op": "simulate", "config": LONG}).json()
    path = f"/api/v1/jobs/{submitted['id']}"
    for _ in range(3):
        await server.busy_worker()
        kill(server)
        server = start()
    async with asyncio.timeout(DEADLINE_S):
        while server.request("GET", path).json()["ended"] is None:
            await asyncio.sleep(0.05)
    assert server.request("GET", path).json()["state"] == "interrupted"


def test_two_servers_do_not_share_a_data_directory(start: Start, tmp_path: Path) -> None:
    start()
    serve = ["serve", "--no-open", "--port", "0", "--data-dir", str(tmp_path)]
    second = subprocess.run(
        [sys.executable, "-m", "studio", *serve],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )
    assert second.returncode == 1
    assert "in use by another server" in second.stderr


async def test_a_graceful_stop_lets_go_of_all_and_its_jobs_go_on_with_the_next_server(
    start: Start,
) -> None:
    server = start()
    async with contextlib.AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(server.socket()) for _ in range(6)]
        for seed, socket in enumerate(sockets[:2]):  # the others are silent
            await socket.send({"op": "simulate", "config": {**LONG, "seed": seed}})
        jobs = [(await socket.receive())["job"] for socket in sockets[:2]]
        path = "/api/v1/simulate"
        waiting = asyncio.create_task(
            asyncio.to_thread(server.request, "POST", path, {**LONG, "seed": 2})
        )
        await asyncio.to_thread(until_listed, server, 3)
        server.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(server.process.wait, DEADLINE_S) == 0
        for socket in sockets:
            await socket.connection.wait_closed()
        assert {socket.connection.close_code for socket in sockets} == {1012}
        answer = await waiting
    assert (answer.status, answer.json()["code"]) == (503, "restarting")
    server = start()
    listed = server.request("GET", "/api/v1/jobs").json()["jobs"]
    assert len(listed) == 3
    assert {job["state"] for job in listed} <= {"queued", "running"}
    assert {job["id"] for job in listed} >= set(jobs)
    for job in listed:
        server.request("POST", f"/api/v1/jobs/{job['id']}/cancel")


def until_listed(server: Server, n: int) -> None:
    while len(server.request("GET", "/api/v1/jobs").json()["jobs"]) < n:
        time.sleep(0.02)


async def test_a_second_signal_stops_the_server_at_once_and_its_jobs_go_on_all_the_same(
    start: Start,
) -> None:
    server = start()
    async with server.socket() as socket:
        await socket.send({"op": "simulate", "config": LONG})
        job = (await socket.receive())["job"]
        workers = server.workers()
        for _ in range(2):
            server.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(server.process.wait, DEADLINE_S)
    _, alive = psutil.wait_procs(workers, timeout=DEADLINE_S)
    assert alive == []
    server = start()
    await server.busy_worker()
    assert server.request("GET", f"/api/v1/jobs/{job}").json()["state"] == "running"
    server.request("POST", f"/api/v1/jobs/{job}/cancel")
