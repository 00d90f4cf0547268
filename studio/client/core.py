"""One request from its start to its end without I/O: what to send, what comes back, when to
connect again."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeVar
from urllib.parse import urlsplit, urlunsplit

import msgspec
from msgspec import Struct

from studio.errors import ERRORS, FieldError, StudioError
from studio.wire import codec
from studio.wire.frames import AnyFrame, Complete, Error, Heartbeat, Progress
from studio.wire.requests import Attach, Cancel, Run

API = "/api/v1"
SOCKET = "/ws/progress"

_STEADY_S = 5.0
WAITS_S = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0)
MAX_DEPTH = 32
PASSING = "restarting"
_TOO_LARGE = ERRORS["too_large"].close
REFUSALS = {kind.close: code for code, kind in reversed(ERRORS.items()) if kind.close >= 4400}

_frames = msgspec.json.Decoder(AnyFrame)


class Addresses(NamedTuple):
    """Where a server listens: the base of its HTTP addresses, and that of its sockets."""

    http: str
    sockets: str

    @property
    def socket(self) -> str:
        """The socket of operations."""
        return self.sockets + SOCKET


def addresses(base_url: str) -> Addresses:
    """The addresses of a server, from its own or its API's; raises StudioError."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        detail = f"must begin with http:// or https:// and a host, not {base_url!r}"
        raise StudioError("invalid_request", errors=(FieldError("/url", detail),))
    root = parts.path.rstrip("/").removesuffix(API)
    socket = parts._replace(scheme=parts.scheme.replace("http", "ws"), path=root)
    return Addresses(
        urlunsplit(parts._replace(path=root + API, query="", fragment="")),
        urlunsplit(socket._replace(query="", fragment="")),
    )


def authorization(token: str | None) -> dict[str, str]:
    """The header that says who asks; raises StudioError where none can hold the token."""
    if token is None:
        return {}
    token = token.strip()  # as it is read from a file
    if not (token.isascii() and token.isprintable()):
        raise StudioError("unauthorized", "a token is one line of ASCII, which this is not")
    return {"authorization": f"Bearer {token}"}


class Ask(NamedTuple):
    """A request over HTTP: below the API's base, its body with a type, and further headers."""

    method: str
    path: str
    body: bytes | None = None
    kind: str = "application/json"
    headers: Mapping[str, str] = MappingProxyType({})


T_co = TypeVar("T_co", covariant=True)


class Following(Protocol[T_co]):
    """Something that is followed over any number of connections, as told in its own class."""

    @property
    def address(self) -> str:
        """Where to connect, below the base of the sockets."""

    @property
    def opening(self) -> str | None:
        """What to send first."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""

    def opened(self, now: float) -> None:
        """There is a connection."""

    def receive(self, message: str | bytes) -> T_co | None:
        """What is new in a message."""

    def lost(self, now: float, close_code: int | None = None) -> float:
        """Seconds to wait before connecting again; times are in seconds of any clock."""


class Patience:
    """How often to connect again: what brings something, or lasts, renews the attempts."""

    def __init__(self) -> None:
        self._n_lost, self._opened_at = 0, inf

    def opened(self, now: float) -> None:
        """There is a connection."""
        self._opened_at = now

    def renew(self) -> None:
        """It has brought something."""
        self._n_lost = 0

    def lost(self, now: float, close_code: int | None, what: str) -> float:
        """Seconds until the next attempt; raises StudioError where none is of any use."""
        if close_code in REFUSALS:
            raise refusal(close_code, what)
        if now - self._opened_at >= _STEADY_S:
            self._n_lost = 0
        self._opened_at = inf
        self._n_lost += 1
        if self._n_lost > len(WAITS_S):
            raise StudioError("unreachable", f"lost while following {what}")
        return WAITS_S[self._n_lost - 1]


class SocketUnusableError(Exception):
    """The request has to go over HTTP instead."""


class Call:
    """A request over however many connections it takes.

    On each connection: send `opening`, give `receive` what comes until there is a result; when the
    connection is lost, or cannot be opened, `lost` tells how long to wait before the next one.
    """

    def __init__(self, op: str, config: dict[str, Any]) -> None:
        codec.check_numbers(config, MAX_DEPTH)  # JSON would make null of them
        self._op, self._config = op, config
        self._job: str | None = None
        self._seq = 0
        self._n_lost = 0
        self._was_open = False
        self.result: dict[str, Any] | None = None

    def opening(self) -> str:
        """The first message on a connection: run it, or go on where the last one ended."""
        self._was_open = True
        if self._job is None:
            return _text(Run(op=self._op, config=self._config))
        return _text(Attach(op="attach", job=self._job, after=self._seq))

    def cancel(self) -> str | None:
        """The message that stops the job, once it has a name."""
        return None if self._job is None else _text(Cancel(op="cancel", job=self._job))

    def body(self) -> bytes:
        """The request over HTTP."""
        return codec.encode_json(self._config)

    def receive(self, message: str | bytes) -> Progress | None:
        """Take a message; the progress in it, if any. Raises StudioError where the job failed."""
        frame = decoded(message)
        self._n_lost = 0
        if isinstance(frame, Error):
            if frame.code == PASSING:
                return None  # the connection is about to close, and the next server takes it
            raise self._failure(frame)
        self._job = frame.job or self._job
        if frame.seq is not None:
            if frame.seq <= self._seq:
                return None  # known from the connection before
            self._seq = frame.seq
        match frame:
            case Complete(result=result):
                self.result = msgspec.json.decode(result)
            case Progress():
                return frame
            case Heartbeat():
                pass
        return None

    def _failure(self, frame: Error) -> StudioError:
        if frame.code == "not_found" and self._job is not None:
            detail = f"the server no longer knows the job {self._job}: it was started anew"
            return StudioError("failed", detail)
        sentence = ERRORS[frame.code].sentence if frame.code in ERRORS else ""
        return failure(frame.code, frame.msg.removeprefix(f"{sentence}: "), frame.errors)

    def lost(self, close_code: int | None = None) -> float:
        """Seconds to wait before connecting again.

        Raises SocketUnusableError where HTTP may do what a socket does not, else StudioError.
        """
        if close_code in REFUSALS:
            raise refusal(close_code)
        self._n_lost += 1
        is_over = self._n_lost > len(WAITS_S)
        if self._job is None and (is_over or not self._was_open or close_code == _TOO_LARGE):
            raise SocketUnusableError
        if is_over:
            detail = f"lost while it ran the job {self._job}, and {len(WAITS_S)} attempts since"
            raise StudioError("unreachable", f"{detail} have failed")
        return WAITS_S[self._n_lost - 1]


def refusal(close_code: int, detail: str = "") -> StudioError:
    """Why a server closed a socket that it will not open again."""
    code = REFUSALS[close_code]
    if code == "unauthorized":
        detail = "give the client a token that holds; the command line takes it from STUDIO_TOKEN"
    return StudioError(code, detail)


class Problem(Struct):
    """An error over HTTP (RFC 9457)."""

    code: str
    detail: str = ""
    errors: list[FieldError] = []


def answer(status: int, body: bytes) -> Any:
    """What an HTTP answer holds; raises StudioError where it tells of an error."""
    try:
        if status < 300:
            return msgspec.json.decode(body) if body else None
        problem = msgspec.json.decode(body, type=Problem)
    except msgspec.DecodeError:
        detail = f"something else answers there, with status {status}"
        raise StudioError("unreachable", detail) from None
    raise failure(problem.code, problem.detail, problem.errors)


def failure(code: str, detail: str, errors: list[FieldError]) -> StudioError:
    """An error that a server told of, with the fields as the configuration names them."""
    fields = tuple(FieldError(e.pointer.removeprefix("/config"), e.detail) for e in errors)
    return StudioError(code if code in ERRORS else "failed", "" if fields else detail, fields)


def decoded(message: str | bytes) -> AnyFrame:
    """The frame in a message; raises StudioError."""
    try:
        frame: AnyFrame = _frames.decode(message)
    except msgspec.DecodeError as error:
        raise StudioError("malformed", f"the server sent what is no frame: {error}") from None
    return frame


def _text(message: Run | Attach | Cancel) -> str:
    return codec.encode_json(message).decode()
