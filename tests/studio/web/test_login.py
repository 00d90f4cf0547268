"""Signing in: who has not is let nowhere, and nobody reaches what is another's."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import urllib.parse
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import websockets
from starlette.routing import Mount, Route, WebSocketRoute

from studio import auth
from studio.web.login import OPEN
from studio.web.routes import routes
from tests.conftest import DEADLINE_S, Answer, Server

SECRET = b"0123456789abcdef0123456789abcdef"
LONG: dict[str, Any] = {"name": "HodgkinHuxleyNeuron", "duration": 5_000_000, "engine": "scalar"}
SHORT: dict[str, Any] = {"name": "LapicqueNeuron", "duration": 5}
CAMPAIGN: dict[str, Any] = {
    "name": "by hand",
    "domain": "manual",
    "parameters": [{"name": "heat", "type": "continuous", "bounds": [0, 1]}],
    "objectives": [{"name": "yield", "direction": "maximize"}],
}


@pytest.fixture(scope="module")
def start_guarded(
    start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], Server]:
    secret = tmp_path_factory.mktemp("secret") / "secret"
    secret.write_bytes(SECRET + b"\n")
    return lambda data: start_server(
        *("--workers", "1", "--secret-file", str(secret), "--data-dir", str(data))
    )


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guarded")


@pytest.fixture(scope="module")
def guarded(start_guarded: Callable[[Path], Server], data_dir: Path) -> Server:
    return start_guarded(data_dir)


def bearer(owner: str = "ada", seconds: float = 600.0) -> dict[str, str]:
    return {"Authorization": f"Bearer {auth.issue(SECRET, owner, seconds)}"}


def ask(server: Server, method: str, path: str, owner: str = "ada", body: Any = None) -> Answer:
    return server.request(method, path, body, bearer(owner))


@contextlib.asynccontextmanager
async def connected(
    server: Server, path: str = "/ws/progress", **options: Any
) -> AsyncIterator[websockets.ClientConnection]:
    address = f"ws://127.0.0.1:{server.port}{path}"
    async with websockets.connect(address, open_timeout=DEADLINE_S, **options) as socket:
        yield socket


async def close_code(server: Server, path: str = "/ws/progress", **options: Any) -> int | None:
    async with connected(server, path, **options) as socket:
        await asyncio.wait_for(socket.wait_closed(), DEADLINE_S)
        return socket.close_code


async def reply(socket: websockets.ClientConnection, message: Any) -> dict[str, Any]:
    await socket.send(json.dumps(message))
    frame: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), DEADLINE_S))
    return frame


def addresses() -> list[tuple[str, str]]:
    """Every method and address of the table of routes that is not open to all."""
    found = []
    for route in routes():
        path = re.sub(r"{\w+}", "x", getattr(route, "path", ""))
        if isinstance(route, Route):
            found += [(method, path) for method in sorted(route.methods or ())]
        elif isinstance(route, Mount):
            found.append(("GET", f"{path}/app.js"))
    return [(method, path) for method, path in found if path not in OPEN]


@pytest.mark.parametrize(("method", "path"), [*addresses(), ("GET", "/nowhere")])
def test_every_address_asks_who_it_is(guarded: Server, method: str, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Cookie": "studio_token=x"}):
        answer = guarded.request(method, path, headers=headers)
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == "Bearer"


SOCKETS = [route.path for route in routes() if isinstance(route, WebSocketRoute)]


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"additional_headers": {"Authorization": "Bearer x"}},
        {"subprotocols": ["studio.v1.json", "studio.ticket.x"]},
        {"additional_headers": {"Cookie": "studio_token={token}"}},  # any page's handshake has it
    ],
)
async def test_every_socket_asks_who_it_is(
    guarded: Server, path: str, options: dict[str, Any]
) -> None:
    told = json.loads(json.dumps(options).replace("{token}", auth.issue(SECRET, "ada", 600.0)))
    assert await close_code(guarded, path.replace("{campaign}", "c_x"), **told) == 4401


def test_what_stays_open_tells_nothing_of_anybody(guarded: Server) -> None:
    assert [guarded.request("GET", path).status for path in ("/livez", "/readyz")] == [200, 200]
    assert b"Sign in" in guarded.request("GET", "/").body
    linked = re.findall(r'(?:href|src)="(/[^"]+)"', guarded.request("GET", "/").body.decode())
    assert {guarded.request("GET", path).status for path in linked} == {200}


async def test_one_token_is_for_requests_and_sockets(guarded: Server) -> None:
    headers = bearer()
    assert guarded.request("POST", "/api/v1/simulate", SHORT, headers).status == 200
    async with connected(guarded, additional_headers=headers) as socket:
        assert (await reply(socket, {"op": "simulate", "config": SHORT}))["pct"] == 0


async def test_a_browser_signs_in_and_gets_a_ticket_for_each_socket(guarded: Server) -> None:
    answer = guarded.request("POST", "/login", {"token": auth.issue(SECRET, "ada l", 600.0)})
    cookies = {c.partition("=")[0]: c for c in answer.cookies}
    assert "HttpOnly" in cookies["studio_token"]
    assert all("samesite=lax" in cookie.lower() for cookie in cookies.values())
    shown = cookies["studio_user"].partition(";")[0].partition("=")[2]
    assert urllib.parse.unquote(shown) == "ada l"
    others = 'theme={"a": 1}; x; =y'
    kept = {"Cookie": f"{others}; {cookies['studio_token'].partition(';')[0]}"}
    assert guarded.request("GET", "/api/v1/jobs", headers=kept).status == 200
    ticket = guarded.request("POST", "/api/v1/ticket", headers=kept).json()["ticket"]
    offered = [*map(websockets.Subprotocol, ("studio.v1.json", f"studio.ticket.{ticket}"))]
    async with connected(guarded, subprotocols=offered) as socket:
        assert socket.subprotocol == "studio.v1.json"
        assert (await reply(socket, {"op": "cancel", "job": "j_x"}))["code"] == "not_found"
    assert await close_code(guarded, subprotocols=offered) == 4401


@pytest.mark.parametrize("body", [{}, {"token": 1}, {"token": "x"}, [], {"token": "x", "y": 1}])
def test_what_is_no_token_signs_nobody_in(guarded: Server, body: Any) -> None:
    answer = guarded.request("POST", "/login", body)
    assert answer.status in (400, 401, 422)
    assert answer.cookies == []


async def test_an_open_socket_closes_when_its_token_expires(guarded: Server) -> None:
    headers = bearer(seconds=2.0)
    async with connected(guarded, additional_headers=headers) as socket:
        attached = {"op": "simulate", "config": {**LONG, "detached": False}}
        assert (await reply(socket, attached))["type"] == "progress"
        async with asyncio.timeout(DEADLINE_S):
            await socket.wait_closed()
        assert socket.close_code == 4401


async def test_an_open_socket_closes_when_its_token_is_revoked(
    guarded: Server, data_dir: Path
) -> None:
    token = auth.issue(SECRET, "bob", 600.0)
    other = bearer("bob", 500.0)
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        connected(guarded, additional_headers=headers) as socket,
        connected(guarded, additional_headers=other) as stays,
    ):
        auth.revoke(data_dir, auth.token_id(token))
        async with asyncio.timeout(DEADLINE_S):
            await socket.wait_closed()
        assert socket.close_code == 4401
        assert (await reply(stays, {"op": "cancel", "job": "j_x"}))["code"] == "not_found"
    assert guarded.request("GET", "/api/v1/jobs", headers=headers).status == 401


async def test_nobody_reaches_the_job_of_another(guarded: Server) -> None:
    job = ask(guarded, "POST", "/api/v1/jobs", body={"op": "simulate", "config": LONG}).json()["id"]
    path = f"/api/v1/jobs/{job}"
    for method, address in (
        *(("GET", path), ("GET", f"{path}/events"), ("GET", f"{path}/result")),
        *(("POST", f"{path}/cancel"), ("DELETE", path)),
    ):
        answer = ask(guarded, method, address, "eve")
        assert (answer.status, answer.json()["code"]) == (403, "forbidden")
    async with connected(guarded, additional_headers=bearer("eve")) as socket:
        for message in ({"op": "attach", "job": job}, {"op": "cancel", "job": job}):
            assert (await reply(socket, message))["code"] == "forbidden"
    assert ask(guarded, "GET", "/api/v1/jobs", "eve").json()["jobs"] == []
    assert job in [each["id"] for each in ask(guarded, "GET", "/api/v1/jobs").json()["jobs"]]
    assert ask(guarded, "GET", path).json()["state"] in ("queued", "running")
    assert ask(guarded, "POST", f"{path}/cancel").status == 200
    assert ask(guarded, "GET", f"{path}/events").status == 200  # to its end


async def test_nobody_reaches_the_campaign_of_another(guarded: Server) -> None:
    made = ask(guarded, "POST", "/api/v1/campaigns", body=CAMPAIGN)
    path = f"/api/v1/campaigns/{made.json()['id']}"
    for method, address, body in (
        *(("GET", path, None), ("GET", f"{path}/results", None), ("GET", f"{path}/events", None)),
        *(("POST", f"{path}/{how}", None) for how in ("start", "pause", "resume", "cancel")),
        ("POST", f"{path}/extend", {"iterations": 1}),
        ("POST", f"{path}/evaluations", {"results": [{"id": "x", "objectives": {"yield": 1}}]}),
        ("DELETE", path, None),
    ):
        assert ask(guarded, method, address, "eve", body).status == 403
    socket = f"/ws/campaigns/{made.json()['id']}"
    assert await close_code(guarded, socket, additional_headers=bearer("eve")) == 4403
    assert ask(guarded, "GET", "/api/v1/campaigns", "eve").json()["campaigns"] == []
    assert len(ask(guarded, "GET", "/api/v1/campaigns").json()["campaigns"]) == 1
    assert ask(guarded, "DELETE", path).status == 204


def test_two_people_may_use_the_same_name_for_a_request(guarded: Server) -> None:
    body = {"op": "simulate", "config": SHORT}
    jobs = {
        guarded.request("POST", "/api/v1/jobs", body, {**bearer(owner), "Idempotency-Key": "k"})
        .json()["id"]
        for owner in ("ada", "bob", "ada")
    }  # fmt: skip
    assert len(jobs) == 2


async def test_whose_a_job_is_outlives_the_server_and_no_token_is_in_its_log(
    start_guarded: Callable[[Path], Server], tmp_path: Path
) -> None:
    server, token = start_guarded(tmp_path), auth.issue(SECRET, "ada", 600.0)
    mine = {"Authorization": f"Bearer {token}"}
    jobs = [
        server.request("POST", "/api/v1/jobs", {"op": "simulate", "config": config}, mine).json()
        for config in (SHORT, LONG)
    ]
    campaign = server.request("POST", "/api/v1/campaigns", CAMPAIGN, mine).json()["id"]
    server.request("POST", "/login", {"token": token})
    ticket = server.request("POST", "/api/v1/ticket", headers=mine).json()["ticket"]
    server.request("GET", f"/api/v1/jobs?limit=x&token={token}", headers=mine)
    server.process.kill()
    server.process.wait(DEADLINE_S)
    again = start_guarded(tmp_path)
    for job in jobs:
        assert ask(again, "GET", f"/api/v1/jobs/{job['id']}").status == 200
        assert ask(again, "GET", f"/api/v1/jobs/{job['id']}", "eve").status == 403
        assert ask(again, "POST", f"/api/v1/jobs/{job['id']}/cancel", "eve").status == 403
        assert ask(again, "POST", f"/api/v1/jobs/{job['id']}/cancel").status == 200
    assert ask(again, "GET", f"/api/v1/campaigns/{campaign}", "eve").status == 403
    assert ask(again, "GET", f"/api/v1/campaigns/{campaign}").status == 200
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (token, token.rpartition(".")[2], ticket, SECRET.decode()):
        assert secret.encode() not in kept


def test_where_nobody_signs_in_there_is_nothing_to_sign_in_with(server: Server) -> None:
    assert server.request("POST", "/login", {"token": "x"}).status == 409
    assert server.request("POST", "/api/v1/ticket").status == 409
