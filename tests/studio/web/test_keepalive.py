"""Clients that stall, on a real uvicorn with its limits a hundred times as short."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from studio.web.keepalive import PING_S, PONG_S, KeepAlive
from tests.conftest import DEADLINE_S


@contextlib.asynccontextmanager
async def flooding(n_pieces: int, size: int, left: asyncio.Event) -> AsyncIterator[int]:
    """A server that sends so many pieces of a size to whoever comes, and says when they left."""

    async def flood(socket: WebSocket) -> None:
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            for _ in range(n_pieces):
                await socket.send_text("x" * size)
            await socket.receive()
        left.set()

    app = Starlette(routes=[WebSocketRoute("/", flood)])
    limits = {"ws_ping_interval": PING_S / 100, "ws_ping_timeout": PONG_S / 100}
    config = uvicorn.Config(app, ws=KeepAlive, lifespan="off", log_level="error", **limits)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        serving = asyncio.create_task(server._serve([listener]))
        yield listener.getsockname()[1]
        server.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def client(port: int) -> AsyncIterator[asyncio.StreamReader]:
    """A client that answers nothing, past the head of the answer; its buffers are small."""
    stream = socket.socket()
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    stream.connect(("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=stream, limit=1024)
    writer.write(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    yield reader
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def test_a_client_that_takes_nothing_is_cut() -> None:
    left = asyncio.Event()
    async with flooding(10_000, 65536, left) as port, client(port), asyncio.timeout(DEADLINE_S):
        await left.wait()


async def test_a_client_that_takes_one_large_message_slowly_is_waited_for() -> None:
    size, received = 5_000_000, 0
    async with flooding(1, size, asyncio.Event()) as port, client(port) as reader:
        while received < size:
            part = await reader.read(65536)
            assert part, f"cut after {received} bytes"
            received += len(part)
            await asyncio.sleep(0.01)  # all of it takes longer than a pong may
