"""The rows of section Security, against servers that know nothing of being measured."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import msgspec
import websockets
from playwright.sync_api import sync_playwright
from starlette.routing import Mount, Route, WebSocketRoute

from reliability.row import Row, at, worst
from reliability.serving import Server, served
from studio import auth
from studio.web.login import OPEN
from studio.web.routes import routes

_ROOT = Path(__file__).resolve().parents[2]
_SECRET = b"0123456789abcdef0123456789abcdef"
_HANDSHAKE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)
_FINDING = re.compile(r"^(\S+?):\d+:\d+: (S\d+)", re.MULTILINE)
_WAYS = {"HTTP": "/livez", "WebSocket": "/ws/progress", "SSE": "/api/v1/jobs/j_x/events"}
# {p} is the server's port; what stands first is ours, the rest is not
_HOSTS = (
    ["localhost:{p}", "LOCALHOST:{p}", "127.0.0.1:{p}", "[::1]:{p}", "localhost", "localhost:1"],
    [
        *("", "localhost.:{p}", "evil-localhost.com", "localhost.evil.com:{p}", "evil.com"),
        *("127.0.0.1.evil.com", "localhost:{p}@evil.com", "user@localhost:{p}", "localhost:"),
        *("localhost:{p}/evil.com", "localhost:port", "::1", "[::1]evil.com", "192.168.0.1:{p}"),
        *("0.0.0.0:{p}", "localhost, evil.com", "127.1:{p}", "2130706433", "localhost%00.evil.com"),
    ],
)
_ORIGINS = (
    ["http://localhost:{p}", "http://127.0.0.1:{p}", "http://[::1]:{p}", "HTTP://LOCALHOST:{p}"],
    [
        *("null", "", "http://localhost", "http://localhost:1", "http://localhost.:{p}"),
        *("http://evil-localhost.com:{p}", "http://localhost.evil.com:{p}", "http://evil.com"),
        *("http://evil.com:{p}", "file://", "file://localhost:{p}", "localhost:{p}"),
        *("http://localhost:{p}/", "http://localhost:{p}@evil.com", "https://evil.com:{p}"),
        *("http://[::1].evil.com:{p}", "chrome-extension://localhost:{p}", "ws://localhost:{p}"),
    ],
)


def origins() -> Row:
    """Every Host and Origin of the table over every way in."""
    wrong, n = [], 0
    with served() as server:
        for kind, table in (("Host", _HOSTS), ("Origin", _ORIGINS)):
            for is_ours, values in zip((True, False), table, strict=True):
                for way, path in _WAYS.items():
                    for value in values:
                        n += 1
                        status = _status(server.port, path, kind, value)
                        if (status != 403) is not is_ours:
                            wrong.append(f"{kind} {value!r} over {way}: {status}")
    n_values = sum(len(values) for table in (_HOSTS, _ORIGINS) for values in table)
    return Row(
        "No web page drives a local server",
        "30 Origins and Hosts over HTTP, WebSocket and SSE: no wrong verdict",
        f"{n_values} Hosts and Origins, {n} verdicts, {len(wrong)} wrong {'; '.join(wrong)}",
        not wrong,
    )


def _status(port: int, path: str, kind: str, value: str) -> int:
    host = value if kind == "Host" else "127.0.0.1:{p}"
    origin = f"Origin: {value}\r\n" if kind == "Origin" else ""
    upgrade = _HANDSHAKE if path.startswith("/ws") else "Connection: close\r\n"
    text = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{origin}{upgrade}\r\n".replace("{p}", str(port))
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(text.encode())
        return int(connection.recv(65536).split()[1])


@contextlib.contextmanager
def _guarded() -> Iterator[Server]:
    """A server at which people sign in."""
    with tempfile.NamedTemporaryFile() as secret:
        secret.write(_SECRET)
        secret.flush()
        with served("--secret-file", secret.name) as server:
            yield server


def tokens(n_expiring: int = 5) -> Row:
    """Bad tokens over HTTP and sockets, replayed tickets, expiry, revocation, and the logs."""
    with _guarded() as server:
        good = auth.issue(_SECRET, "ada", 600.0)
        assert _asked(server, good) == 200
        taken = [name for name, token in _bad_tokens(good) if _asked(server, token) != 401]
        taken += asyncio.run(_taken_by_sockets(server, good))
        late = [asyncio.run(_closes_after(server, 2.0)) for _ in range(n_expiring)]
        revoked = asyncio.run(_closes_after(server, None))
        kept = b"".join(p.read_bytes() for p in server.data.rglob("*") if p.is_file())
    leaks = [part for part in (good.encode(), good.rpartition(".")[2].encode(), _SECRET)
             if part in kept]  # fmt: skip
    n_bad = len([*_bad_tokens(good)])
    return Row(
        "Tokens",
        "alg none, wrong key, aud, iss, expired, replayed ticket: refused; an open socket closes "
        "within 5 s of expiry; no token in any log",
        f"{n_bad} bad tokens over HTTP and WebSocket and a replayed ticket, {len(taken)} taken "
        f"{'; '.join(taken)}".strip()
        + f"; open sockets closed 4401 at most {max(late):.1f} s after expiry ({n_expiring} times) "
        f"and {revoked:.1f} s after revocation; {len(leaks)} tokens or secrets in "
        f"{len(kept)} bytes of logs and data",
        not taken and not leaks and max(*late, revoked) <= 5,
    )


def _bad_tokens(good: str) -> Iterator[tuple[str, str]]:
    claims = {"iss": "studio", "aud": "studio", "sub": "ada", "exp": int(time.time()) + 600}

    def signed(secret: bytes = _SECRET, algorithm: str = "HS256", **other: Any) -> str:
        told = {name: value for name, value in {**claims, **other}.items() if value is not None}
        return jwt.encode(told, secret, algorithm)

    def unsigned(algorithm: str) -> str:
        parts = [{"typ": "JWT", "alg": algorithm}, claims]
        coded = [base64.urlsafe_b64encode(msgspec.json.encode(part)) for part in parts]
        return b".".join(part.rstrip(b"=") for part in coded).decode() + "."

    yield from ((f"alg {name}", unsigned(name)) for name in ("none", "None", "NONE", "HS256"))
    yield "wrong key", signed(_SECRET[::-1])
    yield "HS512", signed(_SECRET * 2, "HS512")
    yield "wrong aud", signed(aud="other")
    yield "wrong iss", signed(iss="other")
    yield "expired", signed(exp=int(time.time()) - 1)
    yield from ((f"no {name}", signed(**{name: None})) for name in claims)
    yield "not yet valid", signed(nbf=int(time.time()) + 300)
    yield "no signature", good.rpartition(".")[0] + "."
    yield "other signature", good[:-6] + "AAAAAA"
    yield "other claims", ".".join((good.split(".")[0], "e30", good.split(".")[2]))
    yield "empty", ""


def _asked(server: Server, token: str) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    answer = server.ask("GET", "/api/v1/jobs", headers=headers)
    return answer if isinstance(answer, int) else 200


async def _taken_by_sockets(server: Server, good: str) -> list[str]:
    taken = []
    for name, token in _bad_tokens(good):
        headers = {"Authorization": f"Bearer {token}"}
        if await _close_code(server, additional_headers=headers) != 4401:
            taken.append(f"{name} over WebSocket")
    ask = {"Authorization": f"Bearer {good}"}
    ticket = server.ask("POST", "/api/v1/ticket", headers=ask)["ticket"]
    protocols: Any = ["studio.v1.json", f"studio.ticket.{ticket}"]
    async with websockets.connect(_address(server), subprotocols=protocols) as first:
        await first.send("{}")
        assert "error" in str(await first.recv())
    if await _close_code(server, subprotocols=protocols) != 4401:
        taken.append("a replayed ticket")
    return taken


def _address(server: Server, path: str = "/ws/progress") -> str:
    return f"ws://127.0.0.1:{server.port}{path}"


async def _close_code(server: Server, path: str = "/ws/progress", **options: Any) -> int | None:
    async with websockets.connect(_address(server, path), **options) as connection:
        try:
            await asyncio.wait_for(connection.wait_closed(), 10)
        except TimeoutError:
            return None
        return connection.close_code


async def _closes_after(server: Server, seconds: float | None) -> float:
    """Seconds from the end of a token, by time or by revocation, to the end of its socket."""
    token = auth.issue(_SECRET, "ada", 600.0 if seconds is None else seconds)
    claims = jwt.decode(token, options={"verify_signature": False})
    headers = {"Authorization": f"Bearer {token}"}
    async with websockets.connect(_address(server), additional_headers=headers) as connection:
        if seconds is None:
            auth.revoke(server.data, auth.token_id(token))
        end = time.time() if seconds is None else claims["exp"]
        await asyncio.wait_for(connection.wait_closed(), 60)
        assert connection.close_code == 4401, connection.close_code
        return time.time() - end


def covered() -> Row:
    """Every route of the table without a token, and with one that is none."""
    told, open_ones = [], 0
    with _guarded() as server:
        for method, path in _addresses():
            if path in OPEN:
                open_ones += 1
                continue
            tried = ({}, {"Authorization": "Bearer x"}, {"Cookie": "studio_token=x"})
            told += [(path, server.ask(method, path, headers=each)) for each in tried]
        sockets = [each.path for each in routes() if isinstance(each, WebSocketRoute)]
        told += [(path, asyncio.run(_close_code(server, path))) for path in sockets]
    wrong = [f"{path}: {answer}" for path, answer in told if answer not in (401, 403, 4401)]
    return Row(
        "Every route is covered",
        "each answers 401 or 403 without a token when sign-in is on",
        f"{len({path for path, _ in told})} addresses, {len(told)} answers without a good token, "
        f"{len(wrong)} others than 401 and 4401 {'; '.join(wrong)}".strip()
        + f"; open are {open_ones} routes ({', '.join(sorted(p for p in OPEN if '.' not in p))}) "
        "and the files of the page to sign in on",
        not wrong,
    )


def _addresses() -> Iterator[tuple[str, str]]:
    for route in routes():
        path = re.sub(r"{\w+}", "x", getattr(route, "path", ""))
        if isinstance(route, Route):
            yield from ((method, path) for method in sorted((route.methods or set()) - {"HEAD"}))
        elif isinstance(route, Mount):
            yield "GET", f"{path}/app.js"


def hostile_input() -> Row:
    """What is malformed, deep, huge or a bomb, over HTTP and a socket: the time to its answer."""
    took: dict[str, float] = {}
    wrong: list[str] = []
    with served() as server:
        _bodies(server, "warm", b"{}", "application/json", "campaigns", {}, [])
        for name, body in _HOSTILE.items():
            for path in ("jobs", "heatmap", "campaigns"):
                _bodies(server, name, body, "application/json", path, took, wrong)
        for name, body in _YAML.items():
            _bodies(server, name, body, "application/yaml", "campaigns", took, wrong)
        asyncio.run(_messages(server, took, wrong))
        lives = server.ask("GET", "/readyz") == "ready"
        traces = (server.data / "studio.log").read_text().count("Traceback")
    slowest = max(took, key=lambda name: took[name])
    return Row(
        "Hostile input",
        "deep JSON, NaN, huge grids, YAML bombs, bad UTF-8, oversize frames: a clear error in "
        "50 ms and a live server",
        f"{len(took)} of them over HTTP and WebSocket, {len(wrong)} not refused {'; '.join(wrong)}"
        f"; answered after {worst([*took.values()])} (the last: {slowest}); the server "
        f"{'lives' if lives else 'is gone'}, {traces} tracebacks. Generated requests: "
        "`pytest tests/studio/web/test_hostile.py`",
        not wrong and lives and traces == 0 and at([*took.values()], 1.0) <= 0.05,
    )


_HUGE: dict[str, Any] = {
    "name": "AdExNeuron",
    "param_x": "a",
    "x_min": 0,
    "x_max": 8,
    "x_steps": 10**6,
    "param_y": "b",
    "y_min": 0,
    "y_max": 1,
    "y_steps": 10**6,
}
_HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "half": b'{"op": "heatmap"',
    "bad UTF-8": b'{"op": "\xc3\x28"}',
    "lone surrogate": b'{"op": "\\ud800"}',
    "NaN": b'{"op": "simulate", "config": {"name": "AdExNeuron", "current": NaN}}',
    "1e999": b'{"op": "simulate", "config": {"name": "AdExNeuron", "current": 1e999}}',
    "deep array": b"[" * 30_000 + b"]" * 30_000,
    "deep object": b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    "long number": b"9" * 60_000,
    "huge grid": json.dumps({"op": "heatmap", "config": _HUGE}).encode(),
    "many keys": json.dumps({f"k{n}": n for n in range(4_000)}).encode(),
    "wrong type": b"[1, 2, 3]",
}
_YAML: dict[str, bytes] = {
    "YAML bomb": "\n".join(
        ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
    ).encode(),
    "YAML object": b"!!python/object/apply:os.system ['true']",
    "deep YAML": b"[" * 60_000,
    "deep block YAML": "".join("\n" + " " * n + "-" for n in range(340)).encode(),
    "YAML merge": b"<<: {a: 1}",
    "large YAML": b"a: 1\n" * 20_000,
}


def _bodies(
    server: Server, name: str, body: bytes, kind: str, path: str,
    took: dict[str, float], wrong: list[str],
) -> None:  # fmt: skip
    begun = time.perf_counter()
    status = server.ask("POST", f"/api/v1/{path}", body, headers={"Content-Type": kind})
    took[f"{name}, {path}"] = time.perf_counter() - begun
    if not (isinstance(status, int) and 400 <= status < 500):
        wrong.append(f"{name}, {path}: {str(status)[:40]}")


async def _messages(server: Server, took: dict[str, float], wrong: list[str]) -> None:
    for name, body in _HOSTILE.items():
        async with websockets.connect(_address(server), max_size=None) as connection:
            begun = time.perf_counter()
            await connection.send(body.decode(errors="surrogateescape") if body.isascii() else body)
            frame = json.loads(await asyncio.wait_for(connection.recv(), 60))
            took[f"{name}, socket"] = time.perf_counter() - begun
            if frame["type"] != "error" or frame["code"] == "failed":
                wrong.append(f"{name}, socket: {frame['type']}")
    async with websockets.connect(_address(server), max_size=None) as connection:
        begun = time.perf_counter()
        await connection.send(b" " * (2**16 + 1))
        await asyncio.wait_for(connection.wait_closed(), 60)
        took["oversize frame, socket"] = time.perf_counter() - begun
        if connection.close_code != 1009:
            wrong.append(f"oversize frame: {connection.close_code}")


def no_eval() -> Row:
    """The lint rules that forbid pickle, eval, exec and yaml.load."""
    rules, folders = "S102,S301,S302,S307,S506", ["studio", "kernels"]
    found, excepted = _linted(rules, folders), _linted(rules, [*folders, "--ignore-noqa"])
    return Row(
        "No pickle, eval, exec or yaml.load on what came over a network or from a file",
        "a lint rule",
        f"ruff's {rules} over {' and '.join(folders)}: {len(found)} found{'; '.join(found)}"
        + f"; excepted: {', '.join(excepted)}, which is what an engine itself writes of a model",
        not found and len(excepted) == 1,
    )


def _linted(rules: str, arguments: list[str]) -> list[str]:
    """Where the rules are broken."""
    command = [sys.executable, "-m", "ruff", "check", "--output-format", "concise"]
    checked = subprocess.run(
        [*command, "--select", rules, *arguments], cwd=_ROOT, capture_output=True, text=True
    )
    assert checked.returncode in (0, 1), checked.stderr
    return [f"{path}: {rule}" for path, rule in _FINDING.findall(checked.stdout)]


def page() -> Row:
    """The page in Chromium: what it asks for, of whom, and what it may run."""
    hosts: list[str] = []
    with served() as server, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        tab = browser.new_page()
        complaints: list[str] = []
        tab.on("request", lambda request: hosts.append(request.url))
        tab.on("websocket", lambda opened: hosts.append(opened.url))
        tab.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        answer = tab.goto(f"http://127.0.0.1:{server.port}/")
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        for name in ("Scan", "Model", "Campaigns", "Characterize", "Heatmap"):
            tab.get_by_role("tab", name=name).click()
        tab.get_by_role("button", name="Run a 225-cell heatmap").click()
        tab.locator("#heatmap-plot .main-svg").first.wait_for()
        ran = tab.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
            " document.head.append(s); return window.ran ?? 0; }"
        )
        browser.close()
    ours = re.compile(rf"(http|ws)://127\.0\.0\.1:{server.port}/|data:|blob:")
    foreign = [address for address in hosts if not ours.match(address)]
    refused = [text for text in complaints if "Content Security Policy" not in text]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    return Row(
        "Page",
        "Content-Security-Policy without unsafe-inline for scripts; no request leaves the machine",
        f"`{scripts}`; an injected script {'ran' if ran else 'did not run'}; {len(hosts)} requests "
        f"through all views and a heatmap, {len(foreign)} to others {' '.join(foreign)}".strip()
        + f"; {len(refused)} complaints in the console",
        not foreign and not ran and "unsafe-inline" not in scripts and not refused,
    )


ROWS: dict[str, Callable[[], Row]] = {
    "origins": origins,
    "tokens": tokens,
    "covered": covered,
    "hostile_input": hostile_input,
    "no_eval": no_eval,
    "page": page,
}
