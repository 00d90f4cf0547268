"""Whose a request is, and how many connections its owner keeps open."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import HTTPConnection, Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from studio.errors import StudioError
from studio.jobs.admission import Seats

Serve = Callable[[WebSocket], Awaitable[None]]


def owner_of(connection: HTTPConnection) -> str:
    """Who asks; nobody in particular where there is no login."""
    owner: str = connection.scope.get("owner", "")
    return owner


class EventStream(StreamingResponse):
    """Server-Sent Events, which take a seat of their reader's as a socket does."""

    def __init__(self, request: Request, events: AsyncIterator[bytes]) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(events, 200, headers, "text/event-stream")
        self._seats: Seats = request.app.state.seats
        self._owner = owner_of(request)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them; raises StudioError where the reader has too many open."""
        with self._seats.take(self._owner):
            await super().__call__(scope, receive, send)


def seated(serve: Serve) -> Serve:
    """The same for sockets of owners who do not have too many open."""

    async def endpoint(socket: WebSocket) -> None:
        seats: Seats = socket.app.state.seats
        with contextlib.ExitStack() as seat:
            try:
                seat.enter_context(seats.take(owner_of(socket)))
            except StudioError as error:
                await socket.accept()
                await socket.close(error.kind.close, error.message[:120])
                return
            await serve(socket)

    return endpoint
