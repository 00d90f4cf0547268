"""/metrics against a real server process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import ADEX_HEATMAP, DEADLINE_S, Server

LONG: dict[str, Any] = {"name": "HodgkinHuxleyNeuron", "duration": 5_000_000, "engine": "scalar"}


def read(server: Server) -> dict[tuple[str, ...], float]:
    """Every sample, by its name and the values of its labels."""
    answer = server.request("GET", "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


async def test_the_metrics_count_jobs_and_workers(start_server: Callable[..., Server]) -> None:
    server = start_server("--workers", "2")
    before = read(server)
    assert before["studio_ready",] == 1
    assert before["studio_workers",] == before["studio_workers_alive",] == 2
    assert before["studio_jobs", "running"] == before["studio_worker_deaths_total", "signal"] == 0
    server.request("POST", "/api/v1/heatmap", ADEX_HEATMAP)
    async with server.socket() as socket:
        await socket.send({"op": "simulate", "config": LONG})
        job = (await socket.receive())["job"]
        (await server.busy_worker()).kill()
        async with asyncio.timeout(DEADLINE_S):
            while not (now := read(server))["studio_worker_deaths_total", "signal"]:
                await asyncio.sleep(0.02)
        assert now["studio_jobs", "running"] + now["studio_jobs", "retrying"] == 1
        assert now["studio_jobs_ended_total", "heatmap", "complete"] == 1
        assert now["studio_job_seconds_count", "heatmap"] == 1
        assert now["studio_job_wait_seconds_count",] == 2
        assert now["studio_store_bytes",] > 4096
        assert now["studio_store_lag_seconds_count",] > before["studio_store_lag_seconds_count",]
        assert now["studio_sockets",] == now["studio_job_watchers",] == 1
        async with asyncio.timeout(DEADLINE_S):  # which is seen now and again
            while not read(server)["studio_event_loop_lag_seconds_count",]:
                await asyncio.sleep(0.02)
        await socket.send({"op": "cancel", "job": job})
        await socket.until_end()
    assert read(server)["studio_jobs_ended_total", "simulate", "cancelled"] == 1
