"""Sockets of clients that take nothing any more: noticed, and let go of."""

from __future__ import annotations

import math

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

PING_S = 8.0
PONG_S = 20.0


class KeepAlive(WebSocketsSansIOProtocol):
    """uvicorn's protocol, but for a client that does not answer a ping in time.

    One that still takes what is sent to it, such as a large result over a slow line, is waited for:
    its pong stands behind that. Any other is cut at once; uvicorn would close its connection once
    all was taken, which may be never.
    """

    _left: float = 0  # bytes that waited when the ping was sent

    def send_keepalive_ping(self) -> None:
        self._left = self.transport.get_write_buffer_size()
        super().send_keepalive_ping()

    def resume_writing(self) -> None:
        self._left = math.inf
        super().resume_writing()

    def keepalive_timeout(self) -> None:
        if self.transport.get_write_buffer_size() < self._left:
            self.pong_timer = self.pending_ping_payload = None
            self.send_keepalive_ping()
            return
        super().keepalive_timeout()
        self.transport.abort()
