"""Jobs as they are listed, and what of them can be asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from studio.wire import codec

JobState = Literal[
    "queued",
    "running",
    "retrying",
    "cancelling",
    "complete",
    "failed",
    "cancelled",
    "timed_out",
    "lost",
    "interrupted",
]


class JobQuery(Struct, kw_only=True, forbid_unknown_fields=True):
    """Which jobs to list, the newest first; before: the `next` of an earlier page."""

    state: JobState | None = None
    op: Literal["characterize", "heatmap", "scan", "simulate"] | None = None
    before: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 50


class JobView(Struct, kw_only=True):
    """A job: where it stands, how far it is, and its error where it has one.

    position: in the line for a worker, 1 for the next; estimate_s: seconds of computing, about
    """

    id: str
    op: str
    state: str
    config: msgspec.Raw
    created: datetime
    ended: datetime | None = None
    pct: float | None = None
    msg: str | None = None
    error: msgspec.Raw | None = None
    position: int | None = None
    estimate_s: float | None = None


class JobPage(Struct, kw_only=True):
    """Jobs, the newest first; next: what to ask with for the page after, where there is one."""

    jobs: list[JobView]
    next: int | None = None


class Submission(Struct, kw_only=True, forbid_unknown_fields=True):
    """A job to be run."""

    op: str
    config: dict[str, Any] = {}


def parse_query(parameters: dict[str, str]) -> JobQuery:
    """The parameters of an address as a query; raises StudioError."""
    return codec.convert(parameters, JobQuery, "invalid_request", strict=False)


class ResultQuery(Struct, kw_only=True):
    """How to export a result."""

    format: Literal["json", "csv", "npz"] = "json"


def parse_format(parameters: dict[str, str]) -> str:
    """The format in which a result is asked for; raises StudioError."""
    return codec.convert(parameters, ResultQuery, "invalid_request", strict=False).format
