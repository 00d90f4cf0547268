"""Jobs without I/O: what to ask, and how to watch one over any number of connections."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from studio.client import core
from studio.client.core import Ask
from studio.errors import FieldError, StudioError
from studio.wire import codec
from studio.wire.frames import Complete, Error, Heartbeat, Progress, error_of
from studio.wire.jobs import JobView
from studio.wire.requests import Attach

Frame = Progress | Complete | Error


class Job(JobView, kw_only=True):
    """A job: where it stands, its configuration, and its error where it has one."""

    config: dict[str, Any]  # type: ignore[assignment]
    error: dict[str, Any] | None = None  # type: ignore[assignment]


class Page(Struct, kw_only=True):
    """Jobs, the newest first; next: what to ask with for those `before`, where there are more."""

    jobs: list[Job]
    next: int | None = None


def path(job: str, *, then: str = "") -> str:
    """The address of a job, or of something below it."""
    return f"/jobs/{quote(job, safe='')}{then and '/'}{then}"


def submit(op: str, config: dict[str, Any], key: str | None = None) -> Ask:
    """A new job; key: under which it may be sent again. Raises StudioError."""
    codec.check_numbers(config, core.MAX_DEPTH)  # JSON would make null of them
    if key is not None and not (key.isascii() and key.isprintable()):  # no header holds it
        fault = FieldError("/key", f"must be printable ASCII characters, not {codec.shown(key)}")
        raise StudioError("invalid_request", errors=(fault,))
    headers = {} if key is None else {"idempotency-key": key}
    body = codec.encode_json({"op": op, "config": config})
    return Ask("POST", "/jobs", body, headers=headers)


def listed(**query: str | int | None) -> Ask:
    """The jobs that a query asks for."""
    asked = {name: value for name, value in query.items() if value is not None}
    return Ask("GET", f"/jobs?{urlencode(asked)}")


def view(document: Any) -> Job:
    """What was answered of a job."""
    return msgspec.convert(document, Job)


def page(document: Any) -> Page:
    """What was answered of several."""
    return msgspec.convert(document, Page)


class Watch:
    """Frames of a job over however many connections it takes, log entries each once and in order.

    On each connection to `address`: say that it has `opened`, send `opening`, give `receive` what
    comes until `is_over`; when it ends before, `lost` tells how long to wait before the next one.
    """

    address = core.SOCKET

    def __init__(self, job: str, after: int = 0) -> None:
        self._job, self._seq = job, after
        self._patience = core.Patience()
        self.is_over = False

    @property
    def opening(self) -> str:
        """The first message on a connection."""
        return codec.encode_json(Attach(op="attach", job=self._job, after=self._seq)).decode()

    def opened(self, now: float) -> None:
        """There is a connection."""
        self._patience.opened(now)

    def receive(self, message: str | bytes) -> Frame | None:
        """The frame in a message, unless it tells nothing new; raises StudioError."""
        frame = core.decoded(message)
        self._patience.renew()
        if isinstance(frame, Heartbeat):
            return None
        if isinstance(frame, Error) and frame.seq is None:  # about the connection, not the job
            if frame.code == core.PASSING:
                return None
            raise error_of(frame)
        self.is_over = isinstance(frame, Complete | Error)
        if frame.seq is not None:
            if frame.seq <= self._seq and not self.is_over:
                return None
            self._seq = frame.seq
        return frame

    def lost(self, now: float, close_code: int | None = None) -> float:
        """Seconds to wait before connecting again; raises StudioError where that is of no use."""
        return self._patience.lost(now, close_code, f"job {self._job}")
