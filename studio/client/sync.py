"""The SDK's shell for programs that wait."""

from __future__ import annotations

import contextlib
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException
from typing import Any
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from studio.client import core
from studio.errors import StudioError
from studio.wire.frames import Progress

OnProgress = Callable[[Progress], None]
Plain = dict[str, Any]

_OPEN_S = 10.0
_CLOSE_S = 1.0


class Client:
    """A server's operations as calls.

    base_url: the server's address, with or without its /api/v1
    Each call raises StudioError. It goes over a WebSocket and on with its job where the connection
    is lost; where none can be opened, it goes over HTTP, without progress.
    """

    def __init__(self, base_url: str = "http://127.0.0.1:8000/api/v1") -> None:
        self._addresses = core.addresses(base_url)

    def characterize(self, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """A model from all sides."""
        return self.run("characterize", config, on_progress)

    def heatmap(self, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """A sweep over two parameters."""
        return self.run("heatmap", config, on_progress)

    def scan(self, config: Plain | None = None, on_progress: OnProgress | None = None) -> Plain:
        """Every model of the catalogue by its firing pattern."""
        return self.run("scan", config or {}, on_progress)

    def simulate(self, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """One run."""
        return self.run("simulate", config, on_progress)

    def models(self) -> list[Plain]:
        """Every model of the catalogue, described."""
        listed: list[Plain] = self._ask("/models")["models"]
        return listed

    def model(self, name: str) -> Plain:
        """One model, described; raises StudioError not_found or no_published_source."""
        described: Plain = self._ask(f"/models/{quote(name, safe='')}")
        return described

    def run(self, op: str, config: Plain, on_progress: OnProgress | None = None) -> Plain:
        """Run an operation and return its result; on_progress is told of it meanwhile."""
        call = core.Call(op, config)
        try:
            return self._watch(call, on_progress)
        except core.SocketUnusableError:
            result: Plain = self._ask(f"/{op}", call.body(), timeout=None)
            return result

    def _watch(self, call: core.Call, on_progress: OnProgress | None) -> Plain:
        while call.result is None:
            try:
                with self._socket() as socket:
                    _follow(call, socket, on_progress)
            except _LostError as lost:
                time.sleep(call.lost(lost.close_code))
        return call.result

    @contextlib.contextmanager
    def _socket(self) -> Iterator[ClientConnection]:
        with contextlib.ExitStack() as stack:
            try:
                opening = connect(
                    self._addresses.socket,
                    max_size=None,
                    compression=None,
                    open_timeout=_OPEN_S,
                    close_timeout=_CLOSE_S,
                )
                socket = stack.enter_context(opening)
            except (OSError, WebSocketException) as error:
                raise _LostError from error
            yield socket

    def _ask(self, path: str, body: bytes | None = None, timeout: float | None = _OPEN_S) -> Any:
        address = self._addresses.http + path
        headers = {"content-type": "application/json"} if body is not None else {}
        request = urllib.request.Request(address, body, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
                status, content = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, content = error.code, error.read()
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise StudioError("unreachable", f"{address}: {reason}") from error
        return core.answer(status, content)


class _LostError(Exception):
    """The connection ended, or could not be opened."""

    def __init__(self, close_code: int | None = None) -> None:
        self.close_code = close_code


def _follow(call: core.Call, socket: ClientConnection, on_progress: OnProgress | None) -> None:
    """Receive until there is a result; who interrupts it stops the job."""
    try:
        _send(socket, call.opening())
        while call.result is None:
            progress = call.receive(_receive(socket))
            if progress is not None and on_progress is not None:
                on_progress(progress)
    except KeyboardInterrupt:
        cancel = call.cancel()
        if cancel is not None:
            with contextlib.suppress(_LostError):
                _send(socket, cancel)
        raise


def _send(socket: ClientConnection, message: str) -> None:
    try:
        socket.send(message)
    except ConnectionClosed as closed:
        raise _lost(closed) from closed


def _receive(socket: ClientConnection) -> str | bytes:
    try:
        return socket.recv()
    except ConnectionClosed as closed:
        raise _lost(closed) from closed


def _lost(closed: ConnectionClosed) -> _LostError:
    return _LostError(closed.rcvd.code if closed.rcvd is not None else None)
