"""Hostile input: whatever comes in, the answer is a clear error and the server lives."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
import websockets
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from studio.wire.packing import SUBPROTOCOL
from studio.wire.requests import CONFIGS
from tests.conftest import DEADLINE_S, ROOT, Server
from tests.schemas import OPENAPI, check_frame

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
FEW = settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Target:
    """A server whose jobs are short, and its standard error."""

    def __init__(self, start: Callable[..., Server], folder: Path) -> None:
        self.folder = folder
        options = ("--limit", "job_seconds=0.5", "--limit", "cells=400", "--limit", "job_cells=400")
        self.server = start("--workers", "1", "--data-dir", str(folder), *options)

    def lives_and_never_failed(self) -> None:
        assert self.server.request("GET", "/readyz").status == 200
        assert "Traceback" not in (self.folder / "studio.log").read_text()


@pytest.fixture(scope="module")
def target(start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Target:
    return Target(start_server, tmp_path_factory.mktemp("hostile"))


SCHEMA = schemathesis.openapi.from_dict(OPENAPI)
# for these it takes a minute to generate anything; they have tests of their own below
LARGE = {"path": ["/api/v1/campaigns", "/api/v1/jobs"], "method": "POST"}


@SCHEMA.exclude(**LARGE).parametrize()
@FEW
def test_no_request_breaks_the_server_and_every_answer_is_as_told(
    case: schemathesis.Case, target: Target
) -> None:
    case.call_and_validate(base_url=target.server.url, checks=CHECKS, timeout=DEADLINE_S)
    target.lives_and_never_failed()


NUMBERS = st.one_of(
    st.floats(), st.integers(), st.sampled_from([1e308, -0.0, 2**63, 10**400, math.nan, 1e-320])
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=20))
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(["AdExNeuron", "HodgkinHuxleyNeuron", "LapicqueNeuron", "NoSuchNeuron"])
KEYS = sorted({f.encode_name for kind in CONFIGS.values() for f in msgspec.structs.fields(kind)})
CONFIG = st.builds(
    lambda name, rest: {"name": name, **rest},
    NAMES,
    st.dictionaries(st.sampled_from([*KEYS, "colour"]), st.one_of(NUMBERS, ANYTHING), max_size=6),
)
HEATMAP = st.fixed_dictionaries(
    {
        "name": NAMES,
        "param_x": st.sampled_from(["a", "b", "current", ""]),
        "param_y": st.sampled_from(["b", "current", "tau_w"]),
        **{f"{axis}_{end}": NUMBERS for axis in "xy" for end in ("min", "max")},
        "x_steps": st.sampled_from([0, 1, 3, -1, 10**9, 2**70]),
        "y_steps": st.sampled_from([1, 2, 500_000]),
    }
)
OPS = st.sampled_from([*CONFIGS, "cancel", "attach", "campaign", ""])
MESSAGE = st.one_of(
    ANYTHING,
    st.fixed_dictionaries({"op": OPS, "config": st.one_of(CONFIG, ANYTHING)}),
    st.fixed_dictionaries({"op": st.just("heatmap"), "config": HEATMAP}),
    st.fixed_dictionaries({"op": OPS, "job": ANYTHING, "after": ANYTHING}),
    st.fixed_dictionaries({"op": OPS, "config": CONFIG, "id": ANYTHING}),
)


def nested(depth: int, opening: str, closing: str) -> str:
    return opening * depth + "1" + closing * depth


MALFORMED: list[str | bytes] = [
    *("", " ", "{", "nul", '"op"', "[1,]", '{"op": "heatmap"', "\x00", '{"a":1}{"b":2}'),
    *(b"\xff\xfe", b'{"op": "\xc3\x28"}', b"\x80" * 100, "NaN", "-Infinity", '{"op": NaN}'),
    *(nested(40, "[", "]"), nested(30_000, "[", "]"), nested(9_000, '{"a":', "}")),
    *(
        '{"op": "cancel", "job": "\\ud800"}',
        '{"op": "scan", "id": "\\udfff"}',
        '["\\ud800\\ud800"]',
    ),
    *('{"op": "\\ud800"}', '{"op": 1e999}', "1" * 5_000, '{"op":"cancel","job":"' + "j" * 60_000),
    *(b"\xc1", b"\x81\xa2op\xc1", b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff" + b"\xa1a" * 9),
]


async def asked(server: Server, message: str | bytes, *, packs: bool = False) -> None:
    """Say something, then ask something harmless, and read on until that is answered."""
    address = f"ws://127.0.0.1:{server.port}/ws/progress"
    protocols = [websockets.Subprotocol(SUBPROTOCOL)] if packs else None
    harmless = {"op": "cancel", "job": "j_nobody", "id": "harmless"}
    async with (
        asyncio.timeout(DEADLINE_S),
        websockets.connect(address, subprotocols=protocols, max_size=None) as socket,
    ):
        await socket.send(message)
        await socket.send(json.dumps(harmless))
        while True:
            text = await socket.recv()
            if packs:
                frame = msgspec.msgpack.decode(text)
            else:
                check_frame("progress", text)
                frame = json.loads(text)
            if frame["type"] == "error":
                assert frame["code"] != "failed" or frame.get("job"), frame
                assert frame["msg"]
            if frame.get("id") == "harmless":
                assert frame["code"] == "not_found"
                return


@given(MESSAGE)
@settings(FEW, max_examples=300)
def test_no_message_breaks_the_socket(target: Target, message: Any) -> None:
    text = json.dumps(message)
    if len(text) < 60_000:
        asyncio.run(asked(target.server, text))
    target.lives_and_never_failed()


@given(st.one_of(MESSAGE, CONFIG, HEATMAP))
@settings(FEW, max_examples=100)
def test_no_job_breaks_the_server(target: Target, body: Any) -> None:
    for path in ("jobs", *CONFIGS):
        answer = target.server.request("POST", f"/api/v1/{path}", body)
        assert answer.status < 500, answer.body
    target.lives_and_never_failed()


@given(st.one_of(st.binary(max_size=200), ANYTHING.map(lambda value: packed(value))))
@settings(FEW, max_examples=60)
def test_no_binary_message_breaks_the_socket(target: Target, message: bytes) -> None:
    for packs in (True, False):
        asyncio.run(asked(target.server, message, packs=packs))
    target.lives_and_never_failed()


def packed(value: Any) -> bytes:
    try:
        return msgspec.msgpack.encode(value)
    except (OverflowError, ValueError):
        return b"\xc1"


@pytest.mark.parametrize("message", MALFORMED, ids=range(len(MALFORMED)))
def test_what_cannot_be_read_is_refused_and_the_connection_goes_on(
    target: Target, message: str | bytes
) -> None:
    for packs in (True, False):
        asyncio.run(asked(target.server, message, packs=packs))
    target.lives_and_never_failed()


@pytest.mark.parametrize("message", MALFORMED, ids=range(len(MALFORMED)))
@pytest.mark.parametrize("path", ["jobs", "heatmap", "campaigns"])
def test_a_body_that_cannot_be_read_is_refused(
    target: Target, path: str, message: str | bytes
) -> None:
    body = message if isinstance(message, bytes) else message.encode()
    for media in ("application/json", "application/yaml"):
        answer = target.server.request("POST", f"/api/v1/{path}", body, {"Content-Type": media})
        assert 400 <= answer.status < 500, answer.body
        assert answer.json()["detail"]
    target.lives_and_never_failed()


EXAMPLES = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "examples").glob("*.yaml"))]


def places(document: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to everything in a document."""
    if not isinstance(document, dict | list):
        return [above]
    inner = document.items() if isinstance(document, dict) else enumerate(document)
    return [above, *(way for key, value in inner for way in places(value, (*above, key)))]


def changed(document: Any, way: tuple[Any, ...], value: Any) -> Any:
    if not way:
        return value
    copy = document.copy()
    copy[way[0]] = changed(document[way[0]], way[1:], value)
    return copy


@given(st.data())
@settings(FEW, max_examples=120)
def test_no_change_to_a_campaign_breaks_the_server(target: Target, data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(EXAMPLES))
    way = data.draw(st.sampled_from(places(document)[1:]))
    hostile = changed(document, way, data.draw(st.one_of(NUMBERS, ANYTHING)))
    answer = target.server.request("POST", "/api/v1/campaigns", hostile)
    assert answer.status == 201 or 400 <= answer.status < 500, answer.body
    if answer.status != 201:
        assert answer.json()["detail"]
    target.lives_and_never_failed()


BOMB = "\n".join(
    ["a0: &a0 [lol]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
)


@pytest.mark.parametrize(
    "text", [BOMB, "!!python/object/apply:os.system ['true']", "a: " + "[" * 5000, "&a [*a]"]
)
def test_a_hostile_file_is_refused(target: Target, text: str) -> None:
    headers = {"Content-Type": "application/yaml"}
    answer = target.server.request("POST", "/api/v1/campaigns", text.encode(), headers)
    assert 400 <= answer.status < 500
    target.lives_and_never_failed()


async def test_a_frame_that_is_too_large_closes_that_connection_alone(target: Target) -> None:
    async with target.server.socket() as other:
        for size in (2**16 + 1, 2**20):
            async with target.server.socket() as socket:
                await socket.send(b" " * size)
                await asyncio.wait_for(socket.connection.wait_closed(), DEADLINE_S)
                assert socket.connection.close_code == 1009
        await other.send({"op": "cancel", "job": "j_nobody"})
        assert (await other.receive())["code"] == "not_found"
    target.lives_and_never_failed()
