"""Jobs over HTTP against a real server process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.conftest import ADEX_HEATMAP, DEADLINE_S, Answer, Server

JOBS = "/api/v1/jobs"
LONG: dict[str, Any] = {
    "name": "HodgkinHuxleyNeuron",
    "duration": 5_000_000,
    "engine": "scalar",
    "fresh": True,
}


def submit(server: Server, op: str = "heatmap", **config: Any) -> dict[str, Any]:
    body = {"op": op, "config": config or ADEX_HEATMAP}
    answer = server.request("POST", JOBS, body)
    assert answer.status == 202
    assert answer.headers["location"] == f"{JOBS}/{answer.json()['id']}"
    job: dict[str, Any] = answer.json()
    return job


async def ended(server: Server, job: str) -> dict[str, Any]:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            answer = await asyncio.to_thread(server.request, "GET", f"{JOBS}/{job}")
            if answer.json()["ended"] is not None:
                described: dict[str, Any] = answer.json()
                return described
            await asyncio.sleep(0.02)


@asynccontextmanager
async def events(server: Server, job: str, last: str | None = None) -> AsyncIterator[Any]:
    """A reader of Server-Sent Events, past the head of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    mark = f"Last-Event-ID: {last}\r\n" if last else ""
    head = f"GET {JOBS}/{job}/events HTTP/1.1\r\nHost: localhost:{server.port}\r\n{mark}\r\n"
    writer.write(head.encode())
    async with asyncio.timeout(DEADLINE_S):
        told = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert "200 ok" in told
        assert "content-type: text/event-stream" in told
        yield reader
    writer.close()
    await writer.wait_closed()


async def until_end(reader: asyncio.StreamReader) -> list[dict[str, Any]]:
    """The frames of a stream, whose `id:` is checked against their seq."""
    frames, mark = [], None
    while not frames or frames[-1]["type"] not in ("complete", "error"):
        line = (await reader.readline()).decode()
        if line.startswith("id: "):
            mark = int(line.removeprefix("id: "))
        elif line.startswith("data: "):
            frames.append(json.loads(line.removeprefix("data: ")))
            assert frames[-1].get("seq") == mark
            mark = None
    return frames


async def test_a_job_is_accepted_listed_and_its_result_fetched(server: Server) -> None:
    job = submit(server)
    assert job["op"] == "heatmap"
    assert job["config"]["name"] == "AdExNeuron"
    described = await ended(server, job["id"])
    assert described["state"] == "complete"
    assert described["pct"] == 100
    assert described["error"] is None
    assert described["created"] <= described["ended"]
    result = server.request("GET", f"{JOBS}/{job['id']}/result").json()
    assert sum(map(sum, result["metrics"]["spike_count"])) == 1239
    assert server.request("GET", JOBS).json()["jobs"][0]["id"] == job["id"]


async def test_jobs_are_listed_by_page_state_and_operation(server: Server) -> None:
    ids = [submit(server, "simulate", name="LapicqueNeuron", seed=n)["id"] for n in range(3)]
    for job in ids:
        await ended(server, job)
    address = f"{JOBS}?op=simulate&state=complete&limit=2"
    first = server.request("GET", address).json()
    then = server.request("GET", f"{address}&before={first['next']}").json()
    assert [job["id"] for job in [*first["jobs"], *then["jobs"]]][:3] == ids[::-1]
    assert {job["op"] for job in first["jobs"]} == {"simulate"}


async def test_a_job_can_be_cancelled_and_then_forgotten(server: Server) -> None:
    path = f"{JOBS}/{submit(server, 'simulate', **LONG)['id']}"
    assert server.request("DELETE", path).status == 409
    assert server.request("GET", f"{path}/result").status == 409
    assert server.request("POST", f"{path}/cancel").status == 200
    described = await ended(server, path.rsplit("/", 1)[-1])
    assert (described["state"], described["error"]["code"]) == ("cancelled", "cancelled")
    assert server.request("GET", f"{path}/result").json()["code"] == "cancelled"
    assert server.request("DELETE", path).status == 204
    assert server.request("GET", path).status == 404


@pytest.mark.parametrize(
    ("kind", "media", "begin"),
    [
        ("json", "application/json", b"{"),
        ("csv", "text/csv; charset=utf-8", b'# op: "heatmap"\n# config: {'),
        ("npz", "application/octet-stream", b"PK"),
    ],
)
async def test_a_result_is_exported_as_a_file(
    server: Server, kind: str, media: str, begin: bytes
) -> None:
    job = submit(server)["id"]
    await ended(server, job)
    answer = server.request("GET", f"{JOBS}/{job}/result?format={kind}")
    assert (answer.status, answer.headers["content-type"]) == (200, media)
    assert answer.headers["content-disposition"] == f'attachment; filename="{job}.{kind}"'
    assert answer.body.startswith(begin)


async def test_a_result_that_is_waited_for_over_http_says_where_it_is(server: Server) -> None:
    answer = server.request("POST", "/api/v1/heatmap", ADEX_HEATMAP)
    path = answer.headers["content-location"]
    assert server.request("GET", path).body == answer.body


async def test_events_tell_the_log_from_where_the_client_left_off(server: Server) -> None:
    job = submit(server, **ADEX_HEATMAP, seed=5)["id"]
    async with events(server, job) as reader:
        frames = await until_end(reader)
    assert frames[0]["pct"] == 0
    assert frames[-1]["type"] == "complete"
    entries = [frame for frame in frames if "seq" in frame]
    assert [frame["seq"] for frame in entries] == list(range(1, len(entries) + 1))
    async with events(server, job, last="1") as reader:
        assert await until_end(reader) == entries[1:]


async def test_events_go_on_while_a_job_says_nothing(server: Server) -> None:
    config = {**LONG, "duration": 20_000_000}  # so long that 0.1 % of it takes over 2 s
    job = submit(server, "simulate", **config)["id"]
    async with events(server, job) as reader:
        kinds: set[str] = set()
        while "heartbeat" not in kinds:
            line = (await reader.readline()).decode()
            if line.startswith("data: "):
                kinds.add(json.loads(line.removeprefix("data: "))["type"])
        server.request("POST", f"{JOBS}/{job}/cancel")
        assert (await until_end(reader))[-1]["code"] == "cancelled"


REFUSED: list[tuple[Callable[[Server], Answer], int, str]] = [
    (lambda s: s.request("POST", JOBS, {"op": "hetmap"}), 400, "/op"),
    (lambda s: s.request("POST", JOBS, {"config": {}}), 400, "/op"),
    (lambda s: s.request("POST", JOBS, {"op": "heatmap", "config": {"x": 1}}), 422, "/config/x"),
    (lambda s: s.request("GET", f"{JOBS}?state=asleep"), 400, "/state"),
    (lambda s: s.request("GET", f"{JOBS}?limit=0"), 400, "/limit"),
    (lambda s: s.request("GET", f"{JOBS}?limit=many"), 400, "/limit"),
    (lambda s: s.request("GET", f"{JOBS}?before=-1"), 400, "/before"),
    (lambda s: s.request("GET", f"{JOBS}?before={2**63}"), 400, "/before"),
    (lambda s: s.request("GET", f"{JOBS}?before={10**30}"), 400, "/before"),
    (lambda s: s.request("GET", f"{JOBS}?colour=red"), 400, "/colour"),
]


@pytest.mark.parametrize(("ask", "status", "pointer"), REFUSED)
def test_what_is_wrong_is_named(
    server: Server, ask: Callable[[Server], Answer], status: int, pointer: str
) -> None:
    answer = ask(server)
    assert answer.status == status
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/result"),
        ("GET", "/events"),
        ("POST", "/cancel"),
    ],
)
def test_a_job_that_nobody_knows_is_not_found(server: Server, method: str, path: str) -> None:
    assert server.request(method, f"{JOBS}/j_nobody{path}").status == 404


@pytest.mark.parametrize(
    ("path", "headers"), [("/result?format=xls", {}), ("/events", {"Last-Event-ID": "first"})]
)
def test_how_a_job_is_told_is_checked(server: Server, path: str, headers: dict[str, str]) -> None:
    job = submit(server)["id"]
    assert server.request("GET", f"{JOBS}/{job}{path}", headers=headers).status == 400
