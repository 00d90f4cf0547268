"""Everything that can be refused or go wrong, in one table that every way in and out reads."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class ErrorKind(NamedTuple):
    """How one error appears: HTTP status, WebSocket close code, exit code and sentence."""

    status: int
    close: int
    exit: int
    sentence: str


ERRORS: dict[str, ErrorKind] = {
    "malformed": ErrorKind(400, 4400, 2, "The message cannot be read"),
    "invalid_request": ErrorKind(400, 4400, 2, "The request is not one that Studio knows"),
    "invalid_config": ErrorKind(422, 4400, 3, "The configuration cannot be run as it stands"),
    "unauthorized": ErrorKind(401, 4401, 1, "Sign in first"),
    "forbidden": ErrorKind(403, 4403, 1, "This belongs to somebody else"),
    "forbidden_host": ErrorKind(403, 4403, 1, "This host name is not allowed"),
    "forbidden_origin": ErrorKind(403, 4403, 1, "This origin is not allowed"),
    "not_found": ErrorKind(404, 4404, 1, "There is no such thing here"),
    "no_engine": ErrorKind(422, 4400, 3, "The engine cannot run here"),
    "no_published_source": ErrorKind(404, 4404, 3, "The catalogue has no such model"),
    "method_not_allowed": ErrorKind(405, 4400, 2, "This address does not take that method"),
    "cancelled": ErrorKind(409, 4400, 130, "The job was cancelled"),
    "conflict": ErrorKind(409, 4400, 1, "That cannot be done now"),
    "not_ended": ErrorKind(409, 4400, 1, "The job has not ended yet"),
    "too_large": ErrorKind(413, 1009, 2, "The message is too large"),
    "key_reused": ErrorKind(422, 4400, 2, "The Idempotency-Key was used for another request"),
    "too_many": ErrorKind(429, 4429, 1, "There are too many at once"),
    "failed": ErrorKind(500, 1011, 1, "The job failed"),
    "out_of_memory": ErrorKind(500, 1011, 1, "The job needs more memory than a worker may have"),
    "timed_out": ErrorKind(504, 1011, 1, "The job took longer than it may"),
    "worker_died": ErrorKind(500, 1011, 1, "The worker process died, three times"),
    "interrupted": ErrorKind(503, 1012, 1, "The server went down while the job ran"),
    "unreachable": ErrorKind(502, 1014, 1, "The server cannot be reached"),
    "restarting": ErrorKind(503, 1012, 1, "The server is going down"),
    "not_ready": ErrorKind(503, 1013, 1, "The server takes no jobs now"),
}


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field; pointer is a JSON pointer (RFC 6901)."""

    pointer: str
    detail: str

    def below(self, prefix: str) -> FieldError:
        """The same for a document that holds this one under a prefix."""
        return FieldError(prefix + self.pointer, self.detail)


class Cause(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a worker came to its end, or to an exception.

    signal: that ended it; silent_s: without a sign of life, after which it was killed; peak_bytes:
    the most memory it was seen to hold; trace: where it was
    """

    signal: str | None = None
    exit_code: int | None = None
    silent_s: float | None = None
    peak_bytes: int | None = None
    trace: str | None = None

    def __str__(self) -> str:
        if self.peak_bytes is not None:
            return f"it held {self.peak_bytes / 2**20:.0f} MiB"
        if self.silent_s is not None:
            return f"it gave no sign of life for {self.silent_s:g} s"
        if self.signal is not None:
            return f"it was ended by {self.signal}"
        return f"it left with exit code {self.exit_code}"


class StudioError(Exception):
    """An error of the table, with what exactly is wrong; retry_s: when it may be over."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        errors: tuple[FieldError, ...] = (),
        cause: Cause | None = None,
        retry_s: int | None = None,
    ) -> None:
        self.code, self.errors, self.cause, self.retry_s = code, errors, cause, retry_s
        self.kind = ERRORS[code]
        self.detail = detail or "; ".join(_sentence(error) for error in errors)
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """One sentence for a person."""
        return f"{self.kind.sentence}: {self.detail}" if self.detail else self.kind.sentence

    def below(self, prefix: str) -> StudioError:
        """The same error for a document that holds this one under a prefix."""
        errors = tuple(error.below(prefix) for error in self.errors)
        return StudioError(self.code, self.detail, errors, self.cause, self.retry_s)


def _sentence(error: FieldError) -> str:
    return f"{error.pointer.strip('/') or 'message'}: {error.detail}"
