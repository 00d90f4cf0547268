"""A TCP proxy in front of a server, whose connections can be dropped, cut, delayed and held."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

_PIECE = 65536


class Proxy:
    """Forwards connections to the server's port of the moment."""

    def __init__(self) -> None:
        self.target = 0
        self.delay_s = 0.0
        self._flows = asyncio.Event()
        self._flows.set()
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._cut: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()

    async def start(self) -> int:
        """Listen; the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Drop everything, and listen no more."""
        self._server.close()
        self.drop()
        await asyncio.sleep(0)

    def drop(self) -> int:
        """Reset all connections; how many there were."""
        dropped = list(self._pairs)
        for pair in dropped:
            for writer in pair:
                connection = writer.get_extra_info("socket")
                if connection.fileno() != -1:  # the other side may just have left
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            _abort(pair)
        return len(dropped)

    def cut(self) -> int:
        """Drop each connection in the middle of what it forwards next; how many there are."""
        self._cut = set(self._pairs)
        return len(self._cut)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Forward nothing meanwhile."""
        self._flows.clear()
        try:
            yield
        finally:
            self._flows.set()

    @contextmanager
    def delayed(self, seconds: float) -> Iterator[None]:
        """Forward everything late meanwhile."""
        self.delay_s = seconds
        try:
            yield
        finally:
            self.delay_s = 0.0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        pair = writer, to_server
        self._pairs.add(pair)
        try:
            await asyncio.gather(
                self._pump(reader, to_server, pair), self._pump(from_server, writer, pair)
            )
        finally:
            self._pairs.discard(pair)
            _abort(pair)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
    ) -> None:
        try:
            while piece := await reader.read(_PIECE):
                await self._flows.wait()
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if pair in self._cut:
                    self._cut.discard(pair)
                    writer.write(piece[: len(piece) // 2])
                    await asyncio.wait_for(writer.drain(), 1.0)
                    break
                writer.write(piece)
                await writer.drain()
            else:
                await _finish(writer)
        except (OSError, TimeoutError):
            pass
        _abort(pair)


async def _finish(writer: asyncio.StreamWriter) -> None:
    """Let what was written arrive."""
    writer.close()
    await asyncio.wait_for(writer.wait_closed(), 5.0)


def _abort(pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
    for writer in pair:
        writer.transport.abort()
