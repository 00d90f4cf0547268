"""/ws/progress against a real server process."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import websockets
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.neurons.catalogue import CATALOGUE
from studio.wire.packing import SUBPROTOCOL, unpack
from tests.conftest import ADEX_HEATMAP, DEADLINE_S, Server, cpu_seconds

# a job that finds no free worker for two seconds says so, on a busy machine also in other tests
WAITING = r"( \(waiting.*\))?"

# hours of plain Python, and it says little: no other engine, however fast, may run it
LONG: dict[str, Any] = {
    "name": "HodgkinHuxleyNeuron",
    "duration": 20_000_000,
    "engine": "scalar",
    "fresh": True,
}


def heatmap(**config: Any) -> dict[str, Any]:
    return {"op": "heatmap", "config": {**ADEX_HEATMAP, **config}}


async def test_a_heatmap_is_complete_after_its_progress(server: Server) -> None:
    async with server.socket() as socket:
        await socket.send(heatmap())
        frames = await socket.until_end()
    assert [frame["type"] for frame in frames[:-1]] == ["progress"] * (len(frames) - 1)
    assert frames[-1]["type"] == "complete"
    counts = frames[-1]["result"]["metrics"]["spike_count"]
    assert sum(map(sum, counts)) == 1239


async def test_pct_starts_at_0_never_falls_and_is_100_only_at_the_end(server: Server) -> None:
    async with server.socket() as socket:
        await socket.send(heatmap(name="HodgkinHuxleyNeuron", param_x="current", param_y="g_Na",
                                  y_min=60, y_max=180, duration=50, current=None, engine="numpy",
                                  fresh=True))  # fmt: skip
        frames = await socket.until_end()
    pct = [frame["pct"] for frame in frames]
    assert pct[0] == 0
    assert pct == sorted(pct)
    assert pct[-1] == 100
    assert max(pct[:-1]) < 100


async def test_progress_names_step_message_and_time_left_while_work_is_done(
    server: Server,
) -> None:
    async with server.socket() as socket:
        await socket.send(heatmap(duration=20_000, engine="numpy", fresh=True))
        frames = [await socket.receive()]
        while frames[-1]["pct"] < 2.0 or "eta_s" not in frames[-1]:
            frame = await socket.receive()
            assert frame["type"] in ("progress", "heartbeat")
            frames += [frame] if frame["type"] == "progress" else []
        await socket.send({"op": "cancel", "job": frames[0]["job"]})
        await socket.until_end()
    assert {frame["step"] for frame in frames} == {"sweep"}
    assert frames[0]["msg"] == "Heatmap 0/225"
    assert all(frame.get("eta_s", 0.0) >= 0.0 for frame in frames)
    pct = [frame["pct"] for frame in frames]
    assert pct == sorted(pct)
    assert pct[-1] < 100


N = len(CATALOGUE)
STEPS = {
    "characterize": {
        "trace": r"Running default simulation",
        "fi_curve": r"f-I curve \d+/20",
        "sensitivity": r"Sensitivity (0/10|\d+/10: \w+)",
    },
    "heatmap": {"sweep": r"Heatmap \d+/225"},
    "scan": {"scan": rf"Scan (0/{N}|\d+/{N}: \w+)"},
    "simulate": {"trace": r"Running simulation"},
}


@pytest.mark.parametrize("op", STEPS)
async def test_each_operation_tells_its_steps_in_order_and_in_its_words(
    server: Server, op: str
) -> None:
    config = {"heatmap": ADEX_HEATMAP, "scan": {}}.get(op, {"name": "AdExNeuron"})
    async with server.socket() as socket:
        await socket.send({"op": op, "config": {**config, "fresh": True}})
        *progress, complete = await socket.until_end()
    assert complete["type"] == "complete"
    assert complete["pct"] == 100
    assert {frame["type"] for frame in progress} == {"progress"}
    assert list(dict.fromkeys(frame["step"] for frame in progress)) == list(STEPS[op])
    for frame in progress:
        assert re.fullmatch(STEPS[op][frame["step"]] + WAITING, frame["msg"])
    pct = [frame["pct"] for frame in [*progress, complete]]
    assert pct[0] == 0
    assert pct == sorted(pct)


async def test_a_scan_tells_every_row_once_before_it_is_complete(server: Server) -> None:
    async with server.socket() as socket:
        await socket.send({"op": "scan", "config": {"fresh": True}})
        *progress, complete = await socket.until_end()
    told = [row for frame in progress for row in frame.get("partial", {}).get("models", [])]
    rows = complete["result"]["models"]
    assert sorted(row["name"] for row in told) == sorted(row["name"] for row in rows)
    assert all(row in rows for row in told)


async def test_what_existing_clients_send_is_answered_as_it_stands(server: Server) -> None:
    request = (
        '{"op": "characterize", "config": {"name": "AdExNeuron", '
        '"params": {"a": 4.0, "b": 0.0805}, "current": 15.0, "duration": 200.0, "dt": 0.1}, '
        '"id": "optional, echoed"}'
    )
    async with server.socket() as socket:
        await socket.send(request)
        frames = await socket.until_end("optional, echoed")
    assert frames[-1]["type"] == "complete"
    assert frames[-1]["result"]["pattern"]["rate_hz"] > 100


async def test_results_so_far_cover_cells_before_the_heatmap_is_complete(server: Server) -> None:
    async with server.socket() as socket:
        await socket.send(heatmap(duration=3000, engine="numpy", fresh=True))
        frames = await socket.until_end()
    result = frames[-1]["result"]
    final = [n for row in result["metrics"]["spike_count"] for n in row]
    told = [cells for frame in frames[:-1] for cells in frame.get("partial", {}).get("cells", [])]
    assert told
    for cells in told:
        n = len(cells["spike_count"])
        assert cells["t"] <= 3000
        upper = final[cells["first"] : cells["first"] + n]
        assert all(a <= b for a, b in zip(cells["spike_count"], upper, strict=True))


async def test_a_known_result_is_told_step_by_step_all_the_same(server: Server) -> None:
    async with server.socket() as socket:
        await socket.send(heatmap(seed=1))
        computed = await socket.until_end()
        await socket.send(heatmap(seed=1))
        known = await socket.until_end()
        await socket.send(heatmap(seed=1, fresh=True))
        fresh = await socket.until_end()
    assert known[0]["type"] == "progress"
    assert known[0]["pct"] == 0
    assert known[-1]["result"] == computed[-1]["result"]
    assert fresh[-1]["result"]["metrics"] == computed[-1]["result"]["metrics"]


async def test_two_requests_run_at_once_on_one_connection(server: Server) -> None:
    async with server.socket() as socket:
        await socket.send({"op": "simulate", "config": LONG, "id": "long"})
        first = await socket.receive()
        assert first["id"] == "long"
        await socket.send({**heatmap(), "id": 7})
        frames = []
        while True:
            frames.append(await socket.receive())
            if frames[-1]["type"] == "complete":
                break
        assert frames[-1]["id"] == 7
        await socket.send({"op": "cancel", "job": first["job"]})
        ended = (await socket.until_end("long"))[-1]
    assert ended["code"] == "cancelled"


async def test_each_request_ends_once(server: Server) -> None:
    async with server.socket() as socket:
        for i in range(5):
            await socket.send({**heatmap(x_steps=i + 1), "id": f"r{i}"})
        ends: list[str] = []
        while len(ends) < 5:
            frame = await socket.receive()
            if frame["type"] not in ("progress", "heartbeat"):
                assert frame["type"] == "complete"
                ends.append(frame["id"])
        await socket.send({"op": "simulate", "config": {"name": "LapicqueNeuron"}, "id": "last"})
        rest = await socket.until_end("last")
    assert sorted(ends) == [f"r{i}" for i in range(5)]
    assert {frame["id"] for frame in rest} == {"last"}


async def test_a_long_run_that_says_nothing_is_told_by_heartbeats(server: Server) -> None:
    async with server.socket() as socket:
        await socket.send({"op": "simulate", "config": LONG})
        first = await socket.receive()
        async with asyncio.timeout(DEADLINE_S):
            while (await socket.receive())["type"] != "heartbeat":
                pass
        await socket.send({"op": "cancel", "job": first["job"]})
        await socket.until_end()


async def test_cancel_frees_the_cpu(start_server: Callable[..., Server]) -> None:
    server = start_server("--workers", "1")
    async with server.socket() as socket:
        await socket.send({"op": "simulate", "config": LONG})
        job = (await socket.receive())["job"]
        await server.busy_worker()
        await socket.send({"op": "cancel", "job": job})
        ended = (await socket.until_end())[-1]
        assert ended["code"] == "cancelled"
        # once this is answered the worker is free, and up again where it had to be replaced
        await socket.send(heatmap())
        assert (await socket.until_end())[-1]["type"] == "complete"
        async with asyncio.timeout(DEADLINE_S):  # but for what it compiles while it is idle
            while await cpu_used(server, 1.0) > 0.3:
                pass


async def cpu_used(server: Server, seconds: float) -> float:
    """CPU time that the workers use in so many seconds."""
    before = sum(map(cpu_seconds, server.workers()))
    await asyncio.sleep(seconds)
    return sum(map(cpu_seconds, server.workers())) - before


async def test_a_job_that_takes_too_long_is_ended_and_its_worker_free(
    start_server: Callable[..., Server],
) -> None:
    server = start_server("--workers", "1", "--job-hours", str(2 / 3600))
    async with server.socket() as socket:
        await socket.send({"op": "simulate", "config": LONG})
        ended = (await socket.until_end())[-1]
        assert ended["code"] == "timed_out"
        assert "the limit is 2 s" in ended["msg"]
        await socket.send(heatmap())
        assert (await socket.until_end())[-1]["type"] == "complete"


async def test_a_job_that_kills_its_workers_is_told_how_they_died(
    start_server: Callable[..., Server],
) -> None:
    server = start_server("--workers", "1")
    async with server.socket() as socket:
        await socket.send({"op": "simulate", "config": LONG})
        ending = asyncio.create_task(socket.until_end())
        while not ending.done():  # a worker that has only begun to start costs no attempt
            finding = asyncio.create_task(server.busy_worker())
            await asyncio.wait([ending, finding], return_when=asyncio.FIRST_COMPLETED)
            if not finding.done():
                finding.cancel()
            elif finding.result().ppid() != server.process.pid:  # not the fork server
                finding.result().kill()
                await asyncio.to_thread(finding.result().wait)
        ended = (await ending)[-1]
    assert ended["code"] == "worker_died"
    assert ended["cause"] == {"signal": "SIGKILL"}


async def test_a_killed_worker_costs_only_its_chunk(start_server: Callable[..., Server]) -> None:
    server = start_server("--workers", "1")
    async with server.socket() as socket:
        await socket.send(heatmap(duration=20_000, engine="numpy", fresh=True))
        first = await socket.receive()
        (await server.busy_worker()).kill()
        frames = [first, *await socket.until_end()]
        await socket.send(heatmap(duration=20_000, engine="numpy", fresh=True))
        undisturbed = await socket.until_end()
    assert frames[-1]["type"] == "complete"
    assert frames[-1]["result"]["metrics"] == undisturbed[-1]["result"]["metrics"]
    pct = [frame["pct"] for frame in frames]
    assert pct == sorted(pct)


async def test_a_job_outlives_its_connection_and_can_be_attached_to(server: Server) -> None:
    async with server.socket() as socket:
        await socket.send(heatmap(duration=5000, engine="numpy", fresh=True))
        job = (await socket.receive())["job"]
    async with server.socket() as socket:
        await socket.send({"op": "attach", "job": job, "id": "again"})
        frames = await socket.until_end("again")
        await socket.send({"op": "attach", "job": job, "after": 1, "id": "rest"})
        rest = await socket.until_end("rest")
    assert frames[0]["pct"] == 0
    assert frames[-1]["type"] == "complete"
    seq = [frame["seq"] for frame in frames if "seq" in frame]
    assert seq == list(range(1, len(seq) + 1))
    assert [frame["seq"] for frame in rest] == seq[1:]


async def test_attaching_to_a_job_that_has_ended_tells_how_it_ended(server: Server) -> None:
    async with server.socket() as socket:
        await socket.send(heatmap())
        end = (await socket.until_end())[-1]
        for after in (end["seq"], 999):
            await socket.send({"op": "attach", "job": end["job"], "after": after, "id": after})
            frames = await socket.until_end(after)
            assert [frame["type"] for frame in frames] == ["complete"]


async def test_a_short_job_does_not_wait_for_the_long_ones(server: Server) -> None:
    async with server.socket() as socket:
        for name in ("one", "two"):
            await socket.send({"op": "simulate", "config": LONG, "id": name})
        await server.busy_worker()
        await socket.send({**heatmap(fresh=True), "id": "short"})
        frames = await socket.until_end("short")
        async with asyncio.timeout(DEADLINE_S):  # one of the long ones waits, and says so
            while "(waiting, 1st in line)" not in frames[-1].get("msg", ""):
                frames.append(await socket.receive())
        assert frames[-1]["id"] in ("one", "two")
        jobs = {frame["id"]: frame["job"] for frame in frames}
        while not {"one", "two"} <= jobs.keys():
            frame = await socket.receive()
            jobs[frame["id"]] = frame["job"]
        for name in ("one", "two"):
            await socket.send({"op": "cancel", "job": jobs[name]})
        ended = set()
        while ended != {"one", "two"}:
            frame = await socket.receive()
            if frame["type"] == "error":
                ended.add(frame["id"])


async def test_a_job_that_is_not_detached_ends_with_its_connection(
    start_server: Callable[..., Server],
) -> None:
    server = start_server("--workers", "1")
    async with server.socket() as socket:
        await socket.send({"op": "simulate", "config": {**LONG, "detached": False}})
        job = (await socket.receive())["job"]
    async with server.socket() as socket:
        await socket.send({"op": "attach", "job": job})
        assert (await socket.until_end())[-1]["code"] == "cancelled"


BAD: list[tuple[Any, str]] = [
    ({"op": "hetmap", "config": {}}, "/op"),
    ({"config": {}}, "/op"),
    ({"op": "heatmap", "konfig": {}}, "/konfig"),
    ({"op": "heatmap", "config": 3}, "/config"),
    ({"op": "cancel"}, "/job"),
    ({"op": "cancel", "job": 3}, "/job"),
    (heatmap(name="AdExNeuro"), "/config/name"),
    (heatmap(name=None), "/config/name"),
    (heatmap(param_x="aa"), "/config/param_x"),
    (heatmap(param_y="a"), "/config/param_y"),
    (heatmap(params={"tau": 3}), "/config/params/tau"),
    (heatmap(params={"C": "x"}), "/config/params/C"),
    (heatmap(params={"C": -1}), "/config/params/C"),
    (heatmap(params={"a": 1}), "/config/params/a"),
    (heatmap(init={"m": 1}), "/config/init/m"),
    (heatmap(x_steps=0), "/config/x_steps"),
    (heatmap(x_steps=-1), "/config/x_steps"),
    (heatmap(x_steps=1.5), "/config/x_steps"),
    (heatmap(x_steps=10**9), "/config/x_steps"),
    (heatmap(x_steps=10**5, y_steps=10**4), "/config/x_steps"),
    (heatmap(x_min=9), "/config/x_max"),
    (heatmap(y_max=1e9), "/config/y_max"),
    (heatmap(x_scale="log"), "/config/x_min"),
    (heatmap(x_scale="cubic"), "/config/x_scale"),
    (heatmap(dt=-0.1), "/config/dt"),
    (heatmap(dt=0), "/config/dt"),
    (heatmap(dt="fast"), "/config/dt"),
    (heatmap(dt=1000), "/config/dt"),
    (heatmap(duration=10**12), "/config/duration"),
    (heatmap(duration=True), "/config/duration"),
    (heatmap(transient=200), "/config/transient"),
    (heatmap(current=[1]), "/config/current"),
    ({"op": "characterize", "config": {"name": "AdExNeuron", "fi_max": -1}}, "/config/fi_max"),
    (heatmap(integrator="leapfrog"), "/config/integrator"),
    (heatmap(engine="abacus"), "/config/engine"),
    (heatmap(seed=-1), "/config/seed"),
    (heatmap(colour="red"), "/config/colour"),
    ('{"op": "heatmap", "config": {"current": NaN}}', "/config/current"),
    ('{"op": "heatmap", "config": {"current": -Infinity}}', "/config/current"),
    ('{"op": "heatmap", "config": {"current": 1e999}}', "/config/current"),
]


@pytest.mark.parametrize(("message", "pointer"), BAD)
async def test_a_bad_request_is_refused_with_the_field_named(
    server: Server, message: Any, pointer: str
) -> None:
    async with server.socket() as socket:
        await socket.send(message)
        frame = await socket.receive()
        assert frame["type"] == "error"
        assert [error["pointer"] for error in frame["errors"]] == [pointer]
        assert pointer.rsplit("/", 1)[-1] in frame["msg"]
        await assert_alive(socket)


@pytest.mark.parametrize(
    "raw",
    ["", "heatmap", "[1", "[" * 40_000, '{"a":' * 5000, b"\xff\xfe", b"\x00", "null", "[]", '"op"'],
)
async def test_what_is_no_request_is_refused_and_the_connection_lives(
    server: Server, raw: str | bytes
) -> None:
    async with server.socket() as socket:
        await socket.send(raw)
        assert (await socket.receive())["type"] == "error"
        await assert_alive(socket)


@pytest.mark.parametrize("current", [math.nan, "fast", None])
async def test_the_id_is_echoed_also_by_an_error(server: Server, current: Any) -> None:
    async with server.socket() as socket:
        await socket.send({**heatmap(current=current, x_steps=0), "id": "mine"})
        frame = await socket.receive()
    assert (frame["type"], frame["id"]) == ("error", "mine")


async def test_a_client_that_asks_for_msgpack_gets_the_same_frames_packed(server: Server) -> None:
    address = f"ws://127.0.0.1:{server.port}/ws/progress"
    options = {"open_timeout": DEADLINE_S, "ping_timeout": DEADLINE_S}
    async with websockets.connect(
        address, max_size=None, subprotocols=[SUBPROTOCOL], **options
    ) as socket:
        assert socket.subprotocol == SUBPROTOCOL
        await socket.send(msgspec.msgpack.encode({**heatmap(), "id": 5}))
        packed = [unpack(await socket.recv())]
        while packed[-1]["type"] != "complete":
            packed.append(unpack(await socket.recv()))
        await socket.send(b"\xc1")
        assert unpack(await socket.recv())["code"] == "malformed"
    async with server.socket() as plain:
        await plain.send({**heatmap(), "id": 5})
        frames = await plain.until_end(5)
    assert packed[0]["pct"] == 0
    assert packed[-1]["id"] == 5
    assert packed[-1]["result"] == frames[-1]["result"]


async def test_an_unknown_job_is_told(server: Server) -> None:
    async with server.socket() as socket:
        for op in ("cancel", "attach"):
            await socket.send({"op": op, "job": "j_0"})
            frame = await socket.receive()
            assert frame["code"] == "not_found"
            assert "j_0" in frame["msg"]


async def test_a_message_over_the_limit_closes_1009_and_the_server_lives(server: Server) -> None:
    async with server.socket() as socket:
        await socket.send({"op": "heatmap", "config": {"name": "x" * 70_000}})
        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await socket.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
    async with server.socket() as socket:
        await assert_alive(socket)


async def assert_alive(socket: Any) -> None:
    await socket.send({"op": "simulate", "config": {"name": "LapicqueNeuron"}, "id": "alive"})
    assert (await socket.until_end("alive"))[-1]["type"] == "complete"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)
KEYS = sorted({*ADEX_HEATMAP, "params", "init", "duration", "dt", "transient", "seed", "engine"})
CONFIGS = st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4)


@given(changes=CONFIGS, extra=st.dictionaries(st.text(max_size=6), JSON, max_size=2))
@settings(max_examples=150)
def test_any_configuration_is_run_or_refused_with_a_pointer(
    server: Server, changes: dict[str, Any], extra: dict[str, Any]
) -> None:
    config = {**ADEX_HEATMAP, "x_steps": 2, "y_steps": 2, "duration": 5.0, **changes, **extra}
    answer = server.request("POST", "/api/v1/heatmap", json.dumps(config).encode())
    assert answer.status in (200, 400, 422)
    if answer.status == 422:
        assert all(error["pointer"].startswith("/") for error in answer.json()["errors"])
        assert answer.json()["errors"]
