"""HTTP against a real server process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from studio.config import Limits
from studio.errors import StudioError
from studio.jobs import slots
from studio.jobs.runner import Runner
from studio.jobs.slots import SlotPool
from studio.store.sqlite import SqliteStore
from studio.web.routes import readyz
from studio.wire.requests import ScanConfig
from tests import schemas
from tests.conftest import ADEX_HEATMAP, DEADLINE_S, Server

TRACE: dict[str, Any] = {"name": "AdExNeuron", "params": {"a": 4.0, "b": 0.0805}, "current": 0.8}


@pytest.mark.parametrize(
    ("op", "config"),
    [
        *(("heatmap", ADEX_HEATMAP), ("simulate", TRACE), ("characterize", TRACE)),
        ("scan", {"duration": 5.0}),
    ],
)
async def test_http_answers_what_the_socket_answers(
    server: Server, op: str, config: dict[str, Any]
) -> None:
    config = {**config, "engine": "numpy", "fresh": True}  # engines differ in the last place
    async with server.socket() as socket:
        await socket.send({"op": op, "config": config})
        over_socket = (await socket.until_end())[-1]["result"]
    answer = await asyncio.to_thread(server.request, "POST", f"/api/v1/{op}", config)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    over_http = answer.json()
    for result in (over_http, over_socket):
        assert result.pop("elapsed_s") > 0
    assert over_http == over_socket


def test_a_resolved_config_can_be_sent_again_for_the_same_result(server: Server) -> None:
    first = server.request("POST", "/api/v1/heatmap", ADEX_HEATMAP).json()
    again = server.request("POST", "/api/v1/heatmap", first["config"]).json()
    assert first["config"]["params"]["C"] == 281.0
    assert first["config"]["dt"] == 0.1
    for result in (first, again):
        del result["elapsed_s"], result["engine_reason"]
    assert again == first


def test_simulate_gives_trace_spikes_and_statistics_with_units(server: Server) -> None:
    result = server.request("POST", "/api/v1/simulate", TRACE).json()
    assert len(result["t"]) == len(result["states"]["V"]) == len(result["states"]["w"]) == 2001
    assert result["stats"]["spike_count"] == len(result["spike_times"]) > 1
    assert result["stats"]["rate_hz"] == result["stats"]["spike_count"] / 0.2
    assert result["stats"]["latency_ms"] == result["spike_times"][0]
    assert result["stats"]["pattern"] == "adapting"
    assert result["units"]["V"] == "mV"
    assert result["units"]["w"] == "nA"
    assert result["status"] == "ok"


def test_what_cannot_be_computed_is_null_with_a_reason(server: Server) -> None:
    result = server.request("POST", "/api/v1/heatmap", {**ADEX_HEATMAP, "current": 0.0}).json()
    assert result["metrics"]["rate_hz"][0][0] == 0.0
    assert result["metrics"]["isi_cv"][0][0] is None
    assert result["reasons"]["isi_cv"]
    assert result["metrics"]["latency_ms"][0][0] is None
    assert result["reasons"]["latency_ms"]
    assert result["pattern"][0][0] == "silent"


def test_a_diverged_run_has_no_numbers_but_a_reason(server: Server) -> None:
    config = {"name": "HodgkinHuxleyNeuron", "dt": 1.0, "duration": 100}
    result = server.request("POST", "/api/v1/simulate", config).json()
    assert result["status"] == "diverged"
    assert "dt" in result["reason"]
    assert result["stats"]["rate_hz"] is None
    assert result["stats"]["spike_count"] is None
    assert result["stats"]["pattern"] is None


async def test_a_run_over_http_ends_with_its_client_where_it_is_told_to(
    start_server: Callable[..., Server],
) -> None:
    server = start_server("--workers", "1")
    config: dict[str, Any] = {
        "name": "HodgkinHuxleyNeuron",
        "duration": 5_000_000,
        "engine": "scalar",
    }
    config["detached"] = False
    body = json.dumps(config).encode()
    _reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"POST /api/v1/simulate HTTP/1.1\r\nHost: localhost:{server.port}\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    await server.busy_worker()
    writer.close()
    await writer.wait_closed()
    # answered only once the one worker is free
    answer = await asyncio.to_thread(server.request, "POST", "/api/v1/simulate", TRACE)
    assert answer.status == 200


def test_models_are_listed_with_units_bounds_equations_and_sources(server: Server) -> None:
    models = {m["name"]: m for m in server.request("GET", "/api/v1/models").json()["models"]}
    adex = models["AdExNeuron"]
    assert adex == server.request("GET", "/api/v1/models/AdExNeuron").json()
    b = next(param for param in adex["params"] if param["name"] == "b")
    assert (b["default"], b["unit"]) == (0.0805, "nA")
    assert b["low"] <= b["default"] <= b["high"]
    assert adex["equations"]
    assert adex["sources"][0]["doi"] == "10.1152/jn.00686.2005"


def test_an_unknown_model_is_not_found_and_a_near_one_is_named(server: Server) -> None:
    answer = server.request("GET", "/api/v1/models/AdExNeuro")
    assert answer.status == 404
    assert "AdExNeuron" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body", "status", "pointer"),
    [
        ("/api/v1/heatmap", {**ADEX_HEATMAP, "x_steps": 0}, 422, "/x_steps"),
        ("/api/v1/heatmap", {**ADEX_HEATMAP, "duration": 1e12}, 422, "/duration"),
        ("/api/v1/simulate", {"name": "Nobody"}, 422, "/name"),
        ("/api/v1/simulate", {"name": "AdExNeuron", "x_steps": 3}, 422, "/x_steps"),
        ("/api/v1/simulate", b'{"name": "AdExNeuron", "current": NaN}', 422, "/current"),
        ("/api/v1/simulate", b"{", 400, None),
        ("/api/v1/simulate", b"", 400, None),
        ("/api/v1/simulate", b"[" * 100_000, 400, None),
        ("/api/v1/simulate", b" " * (1024 * 1024 + 1), 413, None),
    ],
)
def test_a_bad_request_gets_a_problem_document_that_names_the_field(
    server: Server, path: str, body: Any, status: int, pointer: str | None
) -> None:
    answer = server.request("POST", path, body)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert [error["pointer"] for error in problem["errors"]] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("GET", "/api/v1/heatmap", 405), ("GET", "/static/../app.py", 404)],
)
def test_a_wrong_address_gets_a_problem_document(
    server: Server, method: str, path: str, status: int
) -> None:
    answer = server.request(method, path)
    assert answer.status == status
    assert json.loads(answer.body)["status"] == status


def test_the_server_says_that_it_lives_and_is_ready(server: Server) -> None:
    assert server.request("GET", "/livez").status == 200
    assert server.request("GET", "/readyz").status == 200


async def test_a_server_is_not_ready_while_no_worker_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slots, "_RESTART_PAUSES_S", (DEADLINE_S,))  # what has died stays dead
    app, pool = Starlette(), SlotPool(2)
    request = Request({"type": "http", "app": app})
    async with pool, anyio.create_task_group() as tasks:
        app.state.runner = Runner(pool, tasks, Limits(), SqliteStore(None))
        for living in (2, 1, 0):
            assert (await readyz(request)).status_code == (200 if living else 503)
            assert living or (await readyz(request)).headers["retry-after"] == "1"
            if living:
                slot = pool.slots[living - 1]
                os.kill(slot.pid, signal.SIGKILL)
                async with asyncio.timeout(DEADLINE_S):
                    while slot.is_alive:
                        await asyncio.sleep(0.01)
        tasks.cancel_scope.cancel()


async def test_a_server_that_drains_is_not_ready_and_takes_no_job() -> None:
    app, pool = Starlette(), SlotPool(1)
    request = Request({"type": "http", "app": app})
    async with pool, anyio.create_task_group() as tasks:
        app.state.runner = runner = Runner(pool, tasks, Limits(), SqliteStore(None))
        assert (await readyz(request)).status_code == 200
        runner.drain()
        refused = await readyz(request)
        told = refused.headers["content-type"], bytes(refused.body)
        schemas.check_answer("GET", "/readyz", refused.status_code, *told)
        assert (refused.status_code, json.loads(refused.body)["code"]) == (503, "not_ready")
        with pytest.raises(StudioError) as error:
            runner.submit("scan", ScanConfig())
        assert error.value.code == "restarting"
        tasks.cancel_scope.cancel()


def test_the_page_and_its_parts_come_from_this_server_under_a_strict_policy(
    server: Server,
) -> None:
    page = server.request("GET", "/")
    assert page.status == 200
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert b"://" not in page.body.replace(b"http://www.w3.org", b"")
    plotly = server.request("GET", "/vendor/plotly.min.js")
    assert plotly.status == 200
    assert len(plotly.body) > 1_000_000
