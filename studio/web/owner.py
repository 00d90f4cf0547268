"""Whose a request is, and how many connections its owner keeps open."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from studio.errors import StudioError
from studio.jobs.admission import Seats

Serve = Callable[[WebSocket], Awaitable[None]]


def owner_of(connection: HTTPConnection) -> str:
    """Who asks; nobody in particular where there is no login."""
    owner: str = connection.scope.get("owner", "")
    return owner


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
