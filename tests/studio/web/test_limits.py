"""Every limit of a server, one over, and the names under which requests are sent again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import websockets

from tests.conftest import ADEX_HEATMAP, DEADLINE_S, Answer, Server

JOBS, CAMPAIGNS = "/api/v1/jobs", "/api/v1/campaigns"
LAB: dict[str, Any] = {
    "name": "lab",
    "domain": "manual",
    "parameters": [{"name": "heat", "type": "continuous", "bounds": [0, 1]}],
    "objectives": [{"name": "yield", "direction": "maximize"}],
}
LONG: dict[str, Any] = {"name": "HodgkinHuxleyNeuron", "duration": 5_000_000, "engine": "scalar"}
LIMITS = {
    "message_bytes": 4000,
    "body_bytes": 5000,
    "json_depth": 6,
    "cells": 225,
    "job_cells": 256,
    "job_seconds": 2000,
    "jobs_per_user": 3,
    "campaigns_per_user": 1,
    "sockets_per_user": 2,
    "jobs_per_socket": 3,
}


@pytest.fixture(scope="module")
def strict(start_server: Callable[..., Server]) -> Server:
    options = [f"--limit={name}={number}" for name, number in LIMITS.items()]
    return start_server("--workers", "1", *options)


def heatmap(side: int, **more: Any) -> dict[str, Any]:
    return {**ADEX_HEATMAP, "x_steps": 15, "y_steps": side, "duration": 5.0, **more}


async def first(server: Server, message: Any) -> dict[str, Any]:
    async with server.socket() as socket:
        await socket.send(message)
        return (await socket.until_end())[-1]


async def test_a_heatmap_over_a_socket_has_so_many_cells_and_more_as_a_job(strict: Server) -> None:
    assert (await first(strict, {"op": "heatmap", "config": heatmap(15)}))["type"] == "complete"
    refused = await first(strict, {"op": "heatmap", "config": heatmap(16)})
    assert refused["errors"][0]["pointer"] == "/config/x_steps" or "225" in refused["msg"]
    assert strict.request("POST", "/api/v1/heatmap", heatmap(16)).status == 422
    assert strict.request("POST", JOBS, {"op": "heatmap", "config": heatmap(16)}).status == 202
    answer = strict.request("POST", JOBS, {"op": "heatmap", "config": heatmap(18)})
    assert (answer.status, "the limit is 256" in answer.json()["detail"]) == (422, True)


def test_a_body_has_so_many_bytes(strict: Server) -> None:
    config = json.dumps({"name": "LapicqueNeuron", "duration": 5}).encode()
    assert strict.request("POST", "/api/v1/simulate", config.ljust(5000)).status == 200
    assert strict.request("POST", "/api/v1/simulate", config.ljust(5001)).status == 413


def test_yaml_has_as_many_bytes_as_a_message(strict: Server) -> None:
    kind = {"Content-Type": "application/yaml"}
    for size, status in ((4000, 422), (4001, 413)):
        body = b"name: x".ljust(size)
        assert strict.request("POST", "/api/v1/campaigns", body, kind).status == status


async def test_a_message_has_so_many_bytes(strict: Server) -> None:
    config = {"op": "simulate", "config": {"name": "LapicqueNeuron", "duration": 5}}
    assert (await first(strict, json.dumps(config).ljust(4000)))["type"] == "complete"
    with pytest.raises(websockets.ConnectionClosed) as closed:
        await first(strict, json.dumps(config).ljust(4001))
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


@pytest.mark.parametrize(("depth", "told"), [(6, "must be an object"), (7, "nested deeper")])
async def test_a_document_is_so_deep(strict: Server, depth: int, told: str) -> None:
    config: Any = 1
    for _ in range(depth - 2):
        config = [config]
    assert told in (await first(strict, {"op": "simulate", "config": config}))["msg"]
    assert (
        told in strict.request("POST", JOBS, {"op": "simulate", "config": config}).json()["detail"]
    )


def test_a_job_takes_so_much_computing(strict: Server) -> None:
    config = {**LONG, "duration": 5e9}
    answer = strict.request("POST", JOBS, {"op": "simulate", "config": config})
    assert answer.status == 422
    assert "the limit is 2000 s" in answer.json()["errors"][0]["detail"]


async def test_a_user_has_so_many_sockets(strict: Server) -> None:
    address = f"ws://127.0.0.1:{strict.port}/ws/"
    async with strict.socket(), strict.socket():
        for path in ("progress", "campaigns/c_1"):
            async with websockets.connect(address + path) as third:
                await third.wait_closed()
                assert third.close_code == 4429
                assert "the limit is 2" in (third.close_reason or "")
    async with strict.socket() as socket:
        await socket.send({"op": "cancel", "job": "j_nobody"})
        assert (await socket.receive())["code"] == "not_found"


async def test_a_stream_of_events_takes_the_place_of_a_socket(strict: Server) -> None:
    job = submit(strict, {"name": "LapicqueNeuron", "duration": 5}).json()["id"]
    campaign = strict.request("POST", CAMPAIGNS, LAB).json()["id"]
    streams = f"{JOBS}/{job}/events", f"{CAMPAIGNS}/{campaign}/events"
    async with strict.socket(), strict.socket():
        for path in streams:
            refused = await asyncio.to_thread(strict.request, "GET", path)
            assert (refused.status, refused.json()["code"]) == (429, "too_many")
    async with strict.socket(), strict.socket():  # what was refused has taken no seat
        pass
    two = reading(strict, streams[1]), reading(strict, streams[1])
    async with two[0], two[1], strict.socket() as third:
        await third.connection.wait_closed()
        assert third.connection.close_code == 4429
    async with asyncio.timeout(DEADLINE_S):  # who leaves gives the seat back
        while strict.request("GET", streams[0]).status == 429:
            await asyncio.sleep(0.02)


@asynccontextmanager
async def reading(server: Server, path: str) -> AsyncIterator[None]:
    """Someone who reads events, once the server has begun to tell them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode())
    assert b"200 OK" in await reader.readline()
    yield
    writer.close()
    await writer.wait_closed()


async def test_a_user_has_so_many_campaigns_under_way(strict: Server) -> None:
    first, second = (
        f"{CAMPAIGNS}/{strict.request('POST', CAMPAIGNS, LAB).json()['id']}" for _ in range(2)
    )
    assert strict.request("POST", f"{first}/start").status == 200
    refused = strict.request("POST", f"{second}/start")
    assert (refused.status, refused.json()["code"]) == (429, "too_many")
    assert "the limit is 1" in refused.json()["detail"]
    assert strict.request("GET", second).json()["state"] == "created"
    assert strict.request("POST", f"{first}/start").status == 409  # which is what is wrong there
    async with asyncio.timeout(DEADLINE_S):
        while strict.request("GET", first).json()["state"] != "waiting":
            await asyncio.sleep(0.02)
    assert strict.request("POST", f"{first}/pause").json()["state"] == "paused"
    assert strict.request("POST", f"{second}/start").status == 200
    assert strict.request("POST", f"{first}/resume").status == 429
    strict.request("POST", f"{second}/cancel")
    assert strict.request("POST", f"{first}/resume").status == 200
    strict.request("POST", f"{first}/cancel")


async def test_a_connection_watches_so_many_jobs(strict: Server) -> None:
    job = submit(strict, LONG).json()["id"]
    async with strict.socket() as socket:
        for name in range(4):
            await socket.send({"op": "attach", "job": job, "id": name})
        refused = (await socket.until_end(3))[-1]
        assert (refused["code"], "the limit is 3" in refused["msg"]) == ("too_many", True)
        await socket.send({"op": "cancel", "job": job})
        ended = set()
        while len(ended) < 3:
            frame = await socket.receive()
            ended |= {frame["id"]} if frame["type"] == "error" else set()
        await socket.send({"op": "attach", "job": job, "id": 4})
        assert (await socket.until_end(4))[-1]["code"] == "cancelled"


async def test_a_user_has_so_many_jobs_that_have_not_ended(strict: Server) -> None:
    jobs = [submit(strict, {**LONG, "seed": n}).json() for n in range(3)]
    places = [strict.request("GET", f"{JOBS}/{job['id']}").json()["position"] for job in jobs]
    assert places[0] is None or places[2] == 3
    assert all(job["estimate_s"] > 1 for job in jobs)
    refused = submit(strict, {**LONG, "seed": 9})
    assert (refused.status, refused.json()["code"]) == (429, "too_many")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert (await first(strict, {"op": "simulate", "config": LONG}))["code"] == "too_many"
    for job in jobs:
        strict.request("POST", f"{JOBS}/{job['id']}/cancel")
    async with asyncio.timeout(DEADLINE_S):
        while (taken := submit(strict, {**LONG, "seed": 9})).status == 429:
            await asyncio.sleep(0.02)
    assert taken.status == 202
    strict.request("POST", f"{JOBS}/{taken.json()['id']}/cancel")


def submit(server: Server, config: dict[str, Any], key: str | None = None) -> Answer:
    headers = {} if key is None else {"Idempotency-Key": key}
    return server.request("POST", JOBS, {"op": "simulate", "config": config}, headers)


LAPICQUE = {"name": "LapicqueNeuron", "fresh": True}


async def test_a_request_that_is_sent_again_leads_to_the_same_job(server: Server) -> None:
    answers = await asyncio.gather(
        *(asyncio.to_thread(submit, server, LAPICQUE, "same") for _ in range(8))
    )
    assert sorted(answer.status for answer in answers) == [*[200] * 7, 202]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert submit(server, LAPICQUE, "another").json()["id"] != answers[0].json()["id"]


def test_a_name_is_not_used_for_two_requests(server: Server) -> None:
    job = submit(server, LAPICQUE, "used").json()["id"]
    refused = submit(server, {**LAPICQUE, "seed": 1}, "used")
    assert (refused.status, refused.json()["code"]) == (422, "key_reused")
    assert job in refused.json()["detail"]


def test_a_refused_request_leaves_its_name_free(server: Server) -> None:
    assert submit(server, {"name": "Nobody"}, "free").status == 422
    assert submit(server, LAPICQUE, "free").status == 202


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9"])
def test_a_name_is_short_and_readable(server: Server, key: str) -> None:
    assert submit(server, LAPICQUE, key).status == 400


async def test_a_name_holds_after_a_restart_and_goes_with_its_job(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    options = ("--workers", "1", "--data-dir", str(tmp_path))
    server = start_server(*options)
    job = submit(server, LAPICQUE, "named").json()["id"]
    server.process.kill()
    server.process.wait(DEADLINE_S)
    server = start_server(*options)
    again = submit(server, LAPICQUE, "named")
    assert (again.status, again.json()["id"]) == (200, job)
    async with asyncio.timeout(DEADLINE_S):
        while server.request("DELETE", f"{JOBS}/{job}").status == 409:
            await asyncio.sleep(0.02)
    assert submit(server, LAPICQUE, "named").status == 202
