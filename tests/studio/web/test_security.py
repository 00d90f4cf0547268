"""Host and Origin: no web page drives a local server."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from studio.errors import StudioError
from studio.web.security import Guard
from tests.conftest import DEADLINE_S, Server

HOSTS: list[tuple[list[str], bool]] = [
    (["localhost:8000"], True),
    (["LOCALHOST:8000"], True),
    (["127.0.0.1:8000"], True),
    (["[::1]:8000"], True),
    (["localhost"], True),
    (["localhost:9000"], True),  # a forwarded port
    (["lab.example"], True),  # allowed by name
    ([], False),
    ([""], False),
    (["localhost.:8000"], False),
    (["evil-localhost.com"], False),
    (["localhost.evil.com:8000"], False),
    (["127.0.0.1.evil.com"], False),
    (["evil.com"], False),
    (["localhost:8000@evil.com"], False),
    (["user@localhost:8000"], False),
    (["localhost:8000/evil.com"], False),
    (["localhost:"], False),
    (["localhost:port"], False),
    (["::1"], False),
    (["[::1]evil.com"], False),
    (["192.168.0.1:8000"], False),
    (["0.0.0.0:8000"], False),
    (["localhost:8000", "evil.com"], False),
    (["localhost, evil.com"], False),
]
ORIGINS: list[tuple[list[str], bool]] = [
    ([], True),  # not a browser, or the address line
    (["http://localhost:8000"], True),
    (["http://127.0.0.1:8000"], True),
    (["http://[::1]:8000"], True),
    (["HTTP://LOCALHOST:8000"], True),
    (["http://lab.example:8000"], True),
    (["null"], False),
    ([""], False),
    (["http://localhost"], False),
    (["http://localhost:8001"], False),
    (["http://localhost.:8000"], False),
    (["http://evil-localhost.com:8000"], False),
    (["http://localhost.evil.com:8000"], False),
    (["http://evil.com"], False),
    (["http://evil.com:8000"], False),
    (["file://"], False),
    (["file://localhost:8000"], False),
    (["localhost:8000"], False),
    (["http://localhost:8000/"], False),
    (["http://localhost:8000@evil.com"], False),
    (["http://localhost:8000", "http://evil.com"], False),
    (["https://evil.com:8000"], False),
    (["http://[::1].evil.com:8000"], False),
    (["chrome-extension://localhost:8000"], False),
]


def verdict(hosts: list[str], origins: list[str]) -> bool:
    try:
        Guard(["127.0.0.1", "lab.example"], 8000).check(hosts, origins)
    except StudioError as error:
        assert "--allow-host" in error.message
        return False
    return True


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://lab.example", True),  # as browsers see it, through a proxy
        ("https://lab.example:443", True),
        ("http://lab.example:8000", True),
        ("http://lab.example", False),
        ("https://lab.example:8443", False),
        ("https://localhost", False),
    ],
)
def test_a_proxy_may_have_a_port_of_its_own(origin: str, allowed: bool) -> None:
    guard = Guard(["127.0.0.1", "lab.example:443"], 8000)
    guard.check(["lab.example"], [])
    try:
        guard.check(["lab.example"], [origin])
    except StudioError:
        assert not allowed
    else:
        assert allowed


@pytest.mark.parametrize(("hosts", "allowed"), HOSTS)
def test_only_our_own_host_names_are_answered(hosts: list[str], allowed: bool) -> None:
    assert verdict(hosts, []) is allowed


@pytest.mark.parametrize(("origins", "allowed"), ORIGINS)
def test_only_pages_of_this_server_may_drive_it(origins: list[str], allowed: bool) -> None:
    assert verdict(["localhost:8000"], origins) is allowed


HANDSHAKE = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
]
GOOD_HOST = "Host: 127.0.0.1:{port}"


@pytest.mark.parametrize("path", ["/ws/progress", "/", "/livez", "/api/v1/models", "/nowhere"])
@pytest.mark.parametrize(
    "headers",
    [["Host: evil.com"], [GOOD_HOST, "Origin: null"], [GOOD_HOST, "Origin: http://evil.com"]],
)
def test_every_address_refuses_a_foreign_host_or_origin_with_403(
    server: Server, path: str, headers: list[str]
) -> None:
    status, body = raw_request(server, path, [*headers, *(HANDSHAKE if "ws" in path else [])])
    assert status == 403
    assert b"--allow-host" in body


def test_a_socket_of_our_own_page_is_accepted(server: Server) -> None:
    headers = [GOOD_HOST, "Origin: http://localhost:{port}", *HANDSHAKE]
    assert raw_request(server, "/ws/progress", headers)[0] == 101


def raw_request(server: Server, path: str, headers: list[str]) -> tuple[int, bytes]:
    """The status and text of the answer to headers sent as they stand."""
    lines = [f"GET {path} HTTP/1.1", *headers]
    text = "\r\n".join(lines).replace("{port}", str(server.port)) + "\r\n\r\n"
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S) as connection:
        connection.sendall(text.encode())
        connection.shutdown(socket.SHUT_WR)
        while part := _receive(connection):
            received += part
            if b"101 Switching" in received:
                break
    return int(received.split()[1]), received


def _receive(connection: Any) -> bytes:
    try:
        data: bytes = connection.recv(65536)
    except ConnectionResetError:
        return b""
    return data
