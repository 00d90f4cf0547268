"""Campaigns on a real server: begun, watched, steered, cut off and gone on with."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import random
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import msgspec
import numpy as np
import pytest
import websockets
from starlette.applications import Starlette
from starlette.requests import Request

from studio import AsyncClient, Client
from studio.errors import StudioError
from studio.jobs.campaigns import Campaigns
from studio.jobs.slots import SlotPool
from studio.store.sqlite import SqliteStore
from studio.web.campaigns import steer
from studio.wire.campaigns import CampaignView, Event, IterationCompleted
from tests import schemas
from tests.conftest import DEADLINE_S, Server

SCHEDULE = {"max_iterations": 4, "batch_size": 2, "initial_samples": 5, "seed": 3}
MEMBRANE: dict[str, Any] = {
    "name": "ro",
    "domain": "water_membrane",
    "parameters": [
        {"name": "active_layer_thickness", "type": "continuous", "bounds": [50, 400]},
        {"name": "water_permeability", "type": "continuous", "bounds": [5, 200], "log_scale": True},
    ],
    "objectives": [
        {"name": "water_flux", "direction": "maximize", "reference": 0},
        {"name": "salt_rejection", "direction": "maximize", "reference": 50},
    ],
    "campaign": {**SCHEDULE, "convergence": {"patience": 0}},
}
LAB: dict[str, Any] = {
    "name": "lab",
    "domain": "manual",
    "parameters": [{"name": "heat", "type": "continuous", "bounds": [0, 1]}],
    "objectives": [{"name": "yield", "direction": "maximize"}],
    "campaign": {"max_iterations": 1, "batch_size": 1, "initial_samples": 2},
}
ORDER = [
    *("iteration_started", "surrogate_trained", "candidates_proposed"),
    *("candidates_evaluated", "convergence_update", "iteration_completed"),
]
FIELDS = {
    "iteration_started": {"iteration", "timestamp"},
    "surrogate_trained": {"metrics"},
    "candidates_proposed": {"candidates", "iteration"},
    "candidates_evaluated": {"results", "iteration"},
    "iteration_completed": {"iteration", "best_value", "pareto_size"},
    "campaign_completed": {"total_iterations", "total_evaluations"},
    "campaign_error": {"error", "iteration"},
    "convergence_update": {"metric", "converged"},
}
MORE = {"type", "seq", "elapsed_s", "eta_s", "hypervolume", "best", "state"}
PATH = "/api/v1/campaigns"

Start = Callable[[], Server]


@pytest.fixture
def start(start_server: Callable[..., Server], tmp_path: Path) -> Start:
    return lambda: start_server("--workers", "2", "--data-dir", str(tmp_path))


@pytest.fixture
def client(server: Server) -> Client:
    return Client(server.url)


def begun(client: Client, config: dict[str, Any]) -> CampaignView:
    return client.campaigns.start(client.campaigns.create(config).id)


def until(client: Client, campaign: str, state: str) -> None:
    """Watch until a campaign is in a state; told without a place in the log, or at its end."""
    for event in client.campaigns.stream(campaign):
        if event.state == state:
            return
    assert client.campaigns.get(campaign).state == state


def plain(events: list[Event]) -> list[dict[str, Any]]:
    """What is the same in every run: no clock, and no time that an evaluation took."""
    return [json.loads(json.dumps(_untimed(event))) for event in events]


def _untimed(event: Event) -> Any:
    kept = msgspec.to_builtins(event)
    for clock in ("elapsed_s", "eta_s", "timestamp"):
        kept.pop(clock, None)
    for result in kept.get("results", []):
        result.pop("duration_s")
    return kept


def event_in(text: str | bytes) -> Any:
    """An event that came over the wire, held against AsyncAPI and against its exact fields."""
    schemas.check_frame("campaigns", text)
    event = json.loads(text)
    fields = FIELDS[event["type"]]
    assert fields <= event.keys() <= fields | MORE
    return event


async def over_socket(server: Server, campaign: str, after: int = 0) -> tuple[list[Any], int]:
    """What a bare WebSocket is told, and the code with which it is closed."""
    address = f"ws://127.0.0.1:{server.port}/ws/campaigns/{campaign}?after={after}"
    told = []
    async with websockets.connect(address, open_timeout=DEADLINE_S) as socket:
        try:
            while True:
                told.append(event_in(await socket.recv()))
        except websockets.ConnectionClosed as closed:
            return told, closed.rcvd.code if closed.rcvd else 0


def over_http(server: Server, campaign: str, last: str = "0") -> list[Any]:
    """What Server-Sent Events tell."""
    answer = server.request(
        "GET", f"{PATH}/{campaign}/events", headers={"Last-Event-ID": last}
    ).body.decode()
    lines = [line for line in answer.split("\n") if line.startswith("data: ")]
    return [event_in(line.removeprefix("data: ")) for line in lines]


async def test_all_watchers_see_the_same_events_in_the_same_order_also_a_late_one(
    server: Server, client: Client
) -> None:
    campaign = (await asyncio.to_thread(begun, client, MEMBRANE)).id
    watching = [
        asyncio.create_task(over_socket(server, campaign)),
        asyncio.to_thread(over_http, server, campaign),
        asyncio.to_thread(lambda: list(client.campaigns.stream(campaign))),
    ]
    awaited = [event async for event in AsyncClient(server.url).campaigns.stream(campaign)]
    (told, code), by_http, waited = await asyncio.gather(*watching)
    late, late_code = await over_socket(server, campaign)
    assert code == late_code == 1000
    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    assert told == by_http == late
    assert plain(waited) == plain(awaited)
    assert [event.type for event in waited] == [event["type"] for event in told]
    assert [event["seq"] for event in plain(waited)] == [event["seq"] for event in told]
    types = [event["type"] for event in told]
    assert types == [
        *("candidates_proposed", "candidates_evaluated"),
        *ORDER * 4,
        "campaign_completed",
    ]
    after, _ = await over_socket(server, campaign, after=len(told) - 3)
    assert after == told[-3:]
    assert over_http(server, campaign, str(len(told) - 3)) == told[-3:]


def test_a_campaign_is_listed_and_its_results_are_exported_without_loss(
    server: Server, client: Client
) -> None:
    campaign = begun(client, MEMBRANE).id
    best = [e.best_value for e in client.campaigns.stream(campaign) if hasattr(e, "best_value")]
    assert len(best) == 4
    assert best == sorted(best)
    (listed,) = (one for one in client.campaigns.list() if one.id == campaign)
    assert (listed.state, listed.iteration, listed.evaluations) == ("completed", 4, 13)
    assert listed.best_value == best[-1]
    results = client.campaigns.results(campaign)
    assert results.config["campaign"]["seed"] == 3
    text = server.request("GET", f"{PATH}/{campaign}/results?format=csv").body.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(results.results) == 13
    for row, known in zip(rows, results.results, strict=True):
        assert float(row["water_flux"]) == known.objectives["water_flux"]
        assert float(row["water_permeability"]) == known.parameters["water_permeability"]
        assert row["on_front"] == str(known.on_front)
    arrays = results.arrays()
    assert list(arrays) == list(rows[0])
    assert arrays["water_flux"].dtype == arrays["water_flux_std"].dtype == np.float64
    assert arrays["water_flux"].tolist() == [r.objectives["water_flux"] for r in results.results]
    assert np.isnan(arrays["acquisition"]).tolist() == [True] * 5 + [False] * 8
    assert arrays["on_front"].dtype == np.bool_
    assert arrays["status"].tolist() == ["ok"] * 13
    client.campaigns.delete(campaign)
    with pytest.raises(StudioError) as error:
        client.campaigns.get(campaign)
    assert error.value.code == "not_found"


def test_a_pause_comes_after_the_iteration_and_a_resume_ends_as_if_there_were_none(
    client: Client,
) -> None:
    campaign = begun(client, MEMBRANE).id
    client.campaigns.pause(campaign)
    until(client, campaign, "paused")
    assert client.campaigns.get(campaign).iteration == 1
    with pytest.raises(StudioError, match="paused"):
        client.campaigns.pause(campaign)
    assert client.campaigns.resume(campaign).state == "running"
    paused = list(client.campaigns.stream(campaign))
    undisturbed = begun(client, MEMBRANE).id
    whole = plain([e for e in client.campaigns.stream(undisturbed) if e.seq])
    assert plain([e for e in paused if e.seq]) == whole


def test_a_campaign_that_has_ended_is_extended_and_a_replay_leaves_its_first_end_out(
    client: Client,
) -> None:
    campaign = begun(client, MEMBRANE).id
    first = list(client.campaigns.stream(campaign))
    assert client.campaigns.extend(campaign, 2).max_iterations == 6
    more = list(client.campaigns.stream(campaign, after=first[-1].seq or 0))
    assert [e.iteration for e in more if isinstance(e, IterationCompleted)] == [5, 6]
    replay = list(client.campaigns.stream(campaign))
    ends = [e for e in replay if hasattr(e, "total_iterations")]
    assert [end.total_iterations for end in ends] == [6]
    with pytest.raises(StudioError, match="iterations"):
        client.campaigns.extend(campaign, 0)


def test_a_campaign_is_cancelled_at_once_and_keeps_what_it_found(
    server: Server, client: Client
) -> None:
    many = {**MEMBRANE, "campaign": {**MEMBRANE["campaign"], "max_iterations": 200}}
    campaign = begun(client, many).id
    for event in client.campaigns.stream(campaign):
        if isinstance(event, IterationCompleted):
            break
    assert client.campaigns.cancel(campaign).state == "cancelled"
    last = list(client.campaigns.stream(campaign))[-1]
    assert (last.type, getattr(last, "error", "")) == (
        "campaign_error",
        "cancelled",
    )
    assert len(client.campaigns.results(campaign).results) >= 7
    assert over_http(server, campaign)[-1]["error"] == "cancelled"
    with pytest.raises(StudioError, match="cancelled"):
        client.campaigns.resume(campaign)


async def test_that_a_campaign_has_begun_is_answered_once_it_is_stored() -> None:
    app, store, stored = Starlette(), SqliteStore(None), threading.Event()
    async with SlotPool(1) as pool, anyio.create_task_group() as tasks:
        app.state.campaigns = campaigns = Campaigns(pool, tasks, store)
        campaign = (await campaigns.create(LAB, "")).id
        store._put(lambda db: stored.wait(DEADLINE_S))  # what comes later waits
        scope = {"type": "http", "app": app, "path_params": {"campaign": campaign}}
        answering = asyncio.create_task(steer("start")(Request(scope)))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not answering.done()
        stored.set()
        assert json.loads((await answering).body)["state"] != "created"
        tasks.cancel_scope.cancel()
    await store.close()


@pytest.mark.parametrize("what", ["extend", "evaluations"])
def test_what_comes_for_a_campaign_that_was_deleted_meanwhile_finds_none(
    server: Server, client: Client, what: str
) -> None:
    campaign = client.campaigns.create(MEMBRANE).id
    if what == "extend":
        client.campaigns.cancel(campaign)
    said = {"iterations": 1} if what == "extend" else {"results": [{"id": "x"}]}
    body = json.dumps(said).encode()
    head = f"POST {PATH}/{campaign}/{what} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S) as connection:
        more = f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + more.encode())
        assert b" 100 " in connection.recv(1024)  # it waits for the body
        client.campaigns.delete(campaign)
        connection.sendall(body)
        assert b" 404 " in connection.recv(1024)
    assert campaign not in [one.id for one in client.campaigns.list()]


def test_a_laboratory_hands_in_what_it_measures_bit_by_bit(server: Server, client: Client) -> None:
    campaign = begun(client, LAB).id
    until(client, campaign, "waiting")
    waiting = [r for r in client.campaigns.results(campaign).results if r.status == "pending"]
    assert len(waiting) == 2
    for bad, told in (
        ([{"id": "nobody", "objectives": {"yield": 1}}], "nobody"),
        ([{"id": waiting[0].id, "objectives": {}}], "yield"),
        ([{"id": waiting[0].id, "objectives": {"yield": "much"}}], "yield"),
        ([], "results"),
    ):
        with pytest.raises(StudioError, match=told):
            client.campaigns.evaluations(campaign, bad)
    for one in waiting:
        report = {"id": one.id, "objectives": {"yield": one.parameters["heat"]}}
        client.campaigns.evaluations(campaign, [report])
    until(client, campaign, "waiting")
    while client.campaigns.get(campaign).state == "waiting":
        rows = client.campaigns.results(campaign).results
        reports = [
            {"id": r.id, "objectives": {"yield": 0.5}} for r in rows if r.status == "pending"
        ]
        client.campaigns.evaluations(campaign, reports)
        for event in client.campaigns.stream(campaign):
            if event.state in ("waiting", "completed"):
                break
    assert client.campaigns.get(campaign).state == "completed"
    assert [r.status for r in client.campaigns.results(campaign).results] == ["ok"] * 3


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"domain": "water"}, "/domain"),
        ({"parameters": []}, "/parameters"),
        ({"surprise": 1}, "/surprise"),
        ({"campaign": {"batch_size": 0}}, "/campaign/batch_size"),
        (
            {"constraints": [{"type": "sum_lte", "components": ["nothing"], "value": 1}]},
            "/constraints/0/components/0",
        ),
        (
            {
                "constraints": [
                    {"type": "sum_lte", "components": ["active_layer_thickness"], "value": 1}
                ]
            },
            "/constraints",
        ),
    ],
)
def test_what_is_wrong_with_a_configuration_is_told_by_its_field(
    server: Server, change: dict[str, Any], pointer: str
) -> None:
    answer = server.request("POST", PATH, {**MEMBRANE, **change})
    assert answer.status == 422
    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert any(found.startswith(pointer) for found in pointers), pointers


def test_a_function_of_the_users_runs_only_where_the_server_was_told_so(
    start_server: Callable[..., Server], server: Server
) -> None:
    config = {
        **LAB,
        "domain": "python",
        "evaluator": "tests.studio.web.evaluators:parabola",
    }
    refused = server.request("POST", PATH, config)
    assert refused.status == 422
    assert "python" in refused.json()["errors"][0]["detail"]
    allowing = start_server("--workers", "1", "--allow-evaluator", config["evaluator"])
    client = Client(allowing.url)
    campaign = begun(client, config).id
    assert list(client.campaigns.stream(campaign))[-1].state in ("completed", "converged")
    assert {r.status for r in client.campaigns.results(campaign).results} == {"ok"}


def test_a_function_that_takes_its_worker_down_fails_its_candidates_and_not_the_campaign(
    start_server: Callable[..., Server],
) -> None:
    evaluator = "tests.studio.web.evaluators:poison"
    schedule = {"max_iterations": 1, "batch_size": 1, "initial_samples": 4}
    client = Client(start_server("--workers", "2", "--allow-evaluator", evaluator).url)
    campaign = begun(
        client, {**LAB, "domain": "python", "evaluator": evaluator} | {"campaign": schedule}
    ).id
    assert list(client.campaigns.stream(campaign))[-1].type == "campaign_completed"
    results = client.campaigns.results(campaign).results
    for result in results:
        poisoned = 0.25 < result.parameters["heat"] < 0.75
        assert result.status == ("failed" if poisoned else "ok")
        assert ("The worker process died" in (result.reason or "")) is poisoned
    assert {result.status for result in results} == {"ok", "failed"}


async def test_who_watches_what_is_not_there_is_told_so(server: Server, client: Client) -> None:
    assert await over_socket(server, "c_nothing") == ([], 4404)
    assert await over_socket(server, "c_nothing?after=x") == ([], 4404)
    assert await over_socket(server, quote("ü" * 100)) == ([], 4404)
    campaign = (await asyncio.to_thread(client.campaigns.create, MEMBRANE)).id
    address = f"ws://127.0.0.1:{server.port}/ws/campaigns/{campaign}?after=x"
    async with websockets.connect(address) as socket:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400
    with pytest.raises(StudioError, match="c_nothing"):
        next(client.campaigns.stream("c_nothing"))
    await asyncio.to_thread(client.campaigns.delete, campaign)


def test_a_campaign_goes_on_after_kills_at_ten_moments_and_ends_as_if_undisturbed(
    start: Start,
) -> None:
    server = start()
    config = {**MEMBRANE, "campaign": {**MEMBRANE["campaign"], "max_iterations": 6}}
    whole = begun(Client(server.url), config).id
    undisturbed = plain(list(Client(server.url).campaigns.stream(whole)))
    campaign = begun(Client(server.url), config).id
    moments, seen = random.Random(7), 0  # noqa: S311 (the same moments every time)
    for _ in range(10):
        wanted = seen + moments.randrange(5)
        for event in Client(server.url).campaigns.stream(campaign):
            seen = event.seq or seen
            if seen >= wanted:
                break
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(DEADLINE_S)
        server = start()
    assert plain(list(Client(server.url).campaigns.stream(campaign))) == undisturbed
    assert Client(server.url).campaigns.get(campaign).state == "completed"


async def test_a_graceful_stop_lets_go_of_watchers_and_the_next_server_goes_on(
    start: Start,
) -> None:
    server = start()
    many = {**MEMBRANE, "campaign": {**MEMBRANE["campaign"], "max_iterations": 8}}
    client = Client(server.url)
    campaign = (await asyncio.to_thread(begun, client, many)).id
    watching = asyncio.create_task(over_socket(server, campaign))
    await over_first(server, campaign)
    server.process.send_signal(signal.SIGTERM)
    told, code = await watching
    assert await asyncio.to_thread(server.process.wait, DEADLINE_S) == 0
    assert code == 1012
    server = start()
    more, code = await over_socket(server, campaign, after=told[-1]["seq"])
    assert code == 1000
    seqs = [event["seq"] for event in [*told, *more] if "seq" in event]
    assert seqs == list(range(1, len(seqs) + 1))


async def over_first(server: Server, campaign: str) -> None:
    """Wait until an iteration is done."""
    address = f"ws://127.0.0.1:{server.port}/ws/campaigns/{campaign}"
    async with websockets.connect(address) as socket:
        while json.loads(await socket.recv())["type"] != "iteration_completed":
            pass
