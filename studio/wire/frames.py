"""The four frames of /ws/progress."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from studio.errors import ERRORS, Cause, FieldError, StudioError


class Frame(Struct, kw_only=True, tag_field="type", omit_defaults=True):
    """What every frame may carry; log entries carry seq."""

    job: str | None = None
    id: str | int | None = None
    seq: int | None = None
    elapsed_s: float | None = None
    eta_s: float | None = None


class Progress(Frame, tag="progress", kw_only=True):
    """An operation in progress; partial holds results so far."""

    pct: float
    step: str
    msg: str
    partial: dict[str, Any] | None = None


class Complete(Frame, tag="complete", kw_only=True):
    """A finished operation with its result, already encoded."""

    pct: int
    result: msgspec.Raw


class Error(Frame, tag="error", kw_only=True):
    """Refused, failed or cancelled; cause tells what became of its worker."""

    msg: str
    code: str
    errors: list[FieldError] = []
    cause: Cause | None = None


class Heartbeat(Frame, tag="heartbeat"):
    """The connection is alive and the worker still running."""


AnyFrame = Progress | Complete | Error | Heartbeat


def error_frame(error: StudioError) -> Error:
    """The frame that tells of an error."""
    return Error(msg=error.message, code=error.code, errors=list(error.errors), cause=error.cause)


def error_of(frame: Error) -> StudioError:
    """The error that a frame tells of."""
    detail = frame.msg.removeprefix(ERRORS[frame.code].sentence).removeprefix(": ")
    return StudioError(frame.code, detail, tuple(frame.errors), frame.cause)
