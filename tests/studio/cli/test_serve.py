"""studio serve as a process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from tests.conftest import DEADLINE_S, ROOT, Server

LONG = {"name": "HodgkinHuxleyNeuron", "duration": 5_000_000, "engine": "scalar"}


def studio(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studio", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )


def test_a_port_in_use_is_an_error_that_names_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = studio("serve", "--no-open", "--port", str(port))
    assert refused.returncode == 1
    assert f"port {port} on 127.0.0.1 is in use" in refused.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])  # noqa: S104
def test_without_a_login_only_this_machine_may_connect(host: str) -> None:
    refused = studio("serve", "--no-open", "--host", host)
    assert refused.returncode == 1
    assert "loopback" in refused.stderr
    assert "--secret-file or STUDIO_SECRET" in refused.stderr


def test_a_server_for_others_listens_where_people_sign_in(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("0123456789abcdef0123456789abcdef")
    here = ("--host", "0.0.0.0", "--allow-host", "lab.example:443")  # noqa: S104
    server = start_server("--workers", "1", *here, "--secret-file", str(tmp_path / "secret"))
    page = {"Host": "lab.example", "Origin": "https://lab.example"}
    assert server.request("GET", "/livez", headers=page).status == 200
    assert server.request("GET", "/api/v1/jobs", headers=page).status == 401
    other = {**page, "Origin": "https://lab.example:444"}
    assert server.request("GET", "/livez", headers=other).status == 403


@pytest.mark.parametrize("host", ["a b", "http://lab.example", "lab.example:port"])
def test_a_host_that_is_none_cannot_be_allowed(host: str) -> None:
    refused = studio("serve", "--no-open", "--allow-host", host)
    assert refused.returncode == 2
    assert "HOST:PORT" in refused.stderr


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("cels=5", "did you mean cells?"),
        ("cells=many", "cells must be a whole number above 0, not 'many'"),
        ("cells=0", "cells must be a whole number above 0"),
        ("job_seconds=inf", "job_seconds must be a number above 0"),
    ],
)
def test_a_limit_that_is_none_is_refused(limit: str, told: str) -> None:
    refused = studio("serve", "--no-open", "--limit", limit)
    assert refused.returncode == 2
    assert told in " ".join(refused.stderr.replace("│", " ").split())


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_server_its_sockets_and_its_workers(
    start_server: Callable[..., Server], ending: signal.Signals
) -> None:
    server = start_server("--workers", "2")
    workers = server.workers()
    async with server.socket() as connection:
        await connection.send({"op": "simulate", "config": LONG})
        await connection.receive()
        server.process.send_signal(ending)
        assert server.process.wait(DEADLINE_S) == 0
        await connection.connection.wait_closed()
    assert connection.connection.close_code == 1012
    _, alive = psutil.wait_procs(workers, timeout=DEADLINE_S)
    assert alive == []


def test_a_server_that_is_to_end_says_for_a_moment_that_it_is_not_ready(
    start_server: Callable[..., Server],
) -> None:
    server = start_server("--workers", "1")
    assert _readiness(server) == 200
    server.process.send_signal(signal.SIGTERM)
    while (status := _readiness(server)) == 200:
        pass
    assert status == 503
    assert server.process.wait(DEADLINE_S) == 0


def _readiness(server: Server) -> int:
    with contextlib.closing(HTTPConnection("127.0.0.1", server.port)) as asking:
        asking.request("GET", "/readyz")
        return asking.getresponse().status


def test_the_help_names_the_commands_and_their_options() -> None:
    assert "serve" in studio("--help").stdout
    assert "--allow-host" in studio("serve", "--help").stdout
    assert studio("serv").returncode == 2


def test_a_data_dir_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = studio("serve", "--no-open", "--port", "0", "--data-dir", str(tmp_path / "file/x"))
    assert refused.returncode == 1
    assert str(tmp_path / "file/x") in refused.stderr


async def test_the_log_in_the_data_dir_tells_of_each_job_as_json(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = start_server("--workers", "1", "--data-dir", str(tmp_path / "new"))
    log = tmp_path / "new/studio.log"
    async with server.socket() as connection:
        await connection.send({"op": "simulate", "config": LONG})
        job = (await connection.receive())["job"]
        (await server.busy_worker()).kill()
        async with asyncio.timeout(DEADLINE_S):
            while "worker died" not in log.read_text():
                await asyncio.sleep(0.02)
        await connection.send({"op": "cancel", "job": job})
        await connection.until_end()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    told = [line for line in lines if line.get("job") == job]
    assert [line["level"] for line in told] == ["info", "warning", "info"]
    assert told[0]["op"] == "simulate"
    assert (told[2]["state"], told[2]["error"]) == ("cancelled", "cancelled")
    assert all(datetime.fromisoformat(line["time"]).tzinfo is UTC for line in lines)
