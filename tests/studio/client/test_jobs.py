"""Jobs through the SDK, against a real server that is killed and started again."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from studio.client.asynchronous import AsyncClient
from studio.client.jobs import Frame
from studio.client.sync import Client
from studio.errors import StudioError
from studio.wire.frames import Complete, Error, Progress
from tests.conftest import ADEX_HEATMAP, DEADLINE_S, Server

SWEEP: dict[str, Any] = {**ADEX_HEATMAP, "duration": 400, "engine": "scalar", "fresh": True}
LONG = {"name": "HodgkinHuxleyNeuron", "duration": 5_000_000, "engine": "scalar", "fresh": True}


def test_a_job_is_submitted_once_listed_watched_fetched_and_forgotten(server: Server) -> None:
    jobs = Client(server.url).jobs
    job = jobs.submit("heatmap", ADEX_HEATMAP, key="sdk")
    assert jobs.submit("heatmap", ADEX_HEATMAP, key="sdk").id == job.id
    assert job.config["name"] == "AdExNeuron"
    frames = list(jobs.stream(job.id))
    assert isinstance(frames[0], Progress)
    assert isinstance(frames[-1], Complete)
    assert jobs.get(job.id).state == "complete"
    assert job.id in [one.id for one in jobs.list(state="complete", op="heatmap").jobs]
    assert jobs.result(job.id) == msgspec.json.decode(frames[-1].result)
    jobs.delete(job.id)
    with pytest.raises(StudioError, match=job.id):
        list(jobs.stream(job.id))


@pytest.mark.parametrize("key", ["a\nb", "caf\u00e9", "\u2603"])
def test_a_key_that_no_header_can_hold_is_refused(key: str) -> None:
    with pytest.raises(StudioError, match="key: must be printable ASCII"):
        Client("http://127.0.0.1:9").jobs.submit("simulate", LONG, key)


async def test_a_coroutine_cancels_a_job_and_is_told_how_it_ended(server: Server) -> None:
    jobs = AsyncClient(server.url).jobs
    job = (await jobs.submit("simulate", LONG)).id
    async for frame in jobs.stream(job):
        if isinstance(frame, Progress):
            await jobs.cancel(job)
    assert isinstance(frame, Error)
    assert frame.code == "cancelled"
    assert (await jobs.get(job)).error == {"code": "cancelled", "msg": frame.msg}
    assert (await jobs.list(limit=1)).jobs[0].id == job
    with pytest.raises(StudioError, match="cancelled"):
        await jobs.result(job)
    await jobs.delete(job)


def test_a_stream_goes_on_with_the_next_server_and_tells_no_entry_twice(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ("--workers", "2", "--data-dir", str(tmp_path), "--port", str(port))
    server = start_server(*options)
    jobs = Client(server.url).jobs
    job = jobs.submit("heatmap", SWEEP).id
    frames: list[Frame] = []
    for frame in jobs.stream(job):
        frames.append(frame)
        if server.process.poll() is None and isinstance(frame, Progress) and frame.pct > 20:
            server.process.kill()
            server.process.wait(DEADLINE_S)
            next_server = start_server(*options)
    seqs = [frame.seq for frame in frames if frame.seq is not None]
    assert seqs == list(range(1, len(seqs) + 1))
    assert next_server.url == server.url
    assert jobs.result(job)["metrics"] == Client(server.url).heatmap(SWEEP)["metrics"]
