"""A crowd of WebSocket clients in a process of its own, as light as they can be.

    python crowd.py ADDRESS N

prints `ready` once all are connected, then for each event that all have received a line of JSON:
when the last had it (time.time), its text, and how long after its timestamp each had it.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from datetime import datetime
from urllib.parse import urlsplit

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
_TEXT, _CLOSE, _PING = 0x1, 0x8, 0x9


class Crowd:
    """What n clients have received."""

    def __init__(self, n: int) -> None:
        self._n, self._n_ready = n, 0
        self._arrived: dict[bytes, list[float]] = {}

    def joined(self) -> None:
        """One more is connected."""
        self._n_ready += 1
        if self._n_ready == self._n:
            print("ready", flush=True)

    def got(self, text: bytes) -> None:
        """One more has an event."""
        arrived = self._arrived.setdefault(text, [])
        arrived.append(time.time())
        if len(arrived) == self._n:
            del self._arrived[text]
            sent = re.search(rb'"time":"([^"]+)"', text)
            begun = datetime.fromisoformat(sent[1].decode()).timestamp() if sent else arrived[0]
            late = [round(at - begun, 6) for at in arrived]
            print(json.dumps({"at": arrived[-1], "text": text.decode(), "late": late}), flush=True)


class Watcher(asyncio.Protocol):
    """One of them: it answers pings, and tells of events."""

    def __init__(self, crowd: Crowd, opening: bytes) -> None:
        self._crowd, self._opening = crowd, opening
        self._data, self._is_open = bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the events."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        transport.write(self._opening)

    def data_received(self, data: bytes) -> None:
        """Take whole frames."""
        self._data += data
        if not self._is_open:
            end = self._data.find(b"\r\n\r\n")
            if end < 0:
                return
            assert b" 101 " in self._data[:end], bytes(self._data[:end])
            del self._data[: end + 4]
            self._is_open = True
            self._crowd.joined()
        while (frame := self._frame()) is not None:
            self._take(*frame)

    def _frame(self) -> tuple[int, bytes] | None:
        if len(self._data) < 2:
            return None
        n_more = {126: 2, 127: 8}.get(self._data[1], 0)
        head = 2 + n_more
        size = int.from_bytes(self._data[2:head]) if n_more else self._data[1]
        if len(self._data) < head + size:
            return None
        opcode, payload = self._data[0] & 0xF, bytes(self._data[head : head + size])
        del self._data[: head + size]
        return opcode, payload

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _TEXT:
            self._crowd.got(payload)
        elif opcode == _PING:  # a pong, under a mask of zeros
            self._transport.write(bytes([0x8A, 0x80 | len(payload), 0, 0, 0, 0]) + payload)
        elif opcode == _CLOSE:
            raise RuntimeError(f"a client was closed with {int.from_bytes(payload[:2])}")


async def main(address: str, n: int) -> None:
    """Connect, a few at a time, and stay until stdin ends."""
    parts, crowd, loop = urlsplit(address), Crowd(n), asyncio.get_running_loop()
    path = parts.path + (parts.query and f"?{parts.query}")
    opening = HANDSHAKE.format(path=path, host=parts.netloc).encode()
    for begin in range(0, n, 50):
        some = range(begin, min(n, begin + 50))
        await asyncio.gather(
            *(
                loop.create_connection(lambda: Watcher(crowd, opening), parts.hostname, parts.port)
                for _ in some
            )
        )
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
