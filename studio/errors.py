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
    "forbidden_host": ErrorKind(403, 4403, 1, "This host name is not allowed"),
    "forbidden_origin": ErrorKind(403, 4403, 1, "This origin is not allowed"),
    "not_found": ErrorKind(404, 4404, 1, "There is no such thing here"),
    "no_published_source": ErrorKind(404, 4404, 3, "No publication gives this model"),
    "method_not_allowed": ErrorKind(405, 4400, 2, "This address does not take that method"),
    "cancelled": ErrorKind(409, 4400, 130, "The job was cancelled"),
    "too_large": ErrorKind(413, 1009, 2, "The message is too large"),
    "failed": ErrorKind(500, 1011, 1, "The job failed"),
    "worker_died": ErrorKind(500, 1011, 1, "The worker process died, three times"),
    "unreachable": ErrorKind(502, 1014, 1, "The server cannot be reached"),
    "restarting": ErrorKind(503, 1012, 1, "The server is going down"),
}


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field; pointer is a JSON pointer (RFC 6901)."""

    pointer: str
    detail: str

    def below(self, prefix: str) -> FieldError:
        """The same for a document that holds this one under a prefix."""
        return FieldError(prefix + self.pointer, self.detail)


class StudioError(Exception):
    """An error of the table, with what exactly is wrong."""

    def __init__(self, code: str, detail: str = "", errors: tuple[FieldError, ...] = ()) -> None:
        self.code, self.errors = code, errors
        self.kind = ERRORS[code]
        self.detail = detail or "; ".join(_sentence(error) for error in errors)
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """One sentence for a person."""
        return f"{self.kind.sentence}: {self.detail}" if self.detail else self.kind.sentence

    def below(self, prefix: str) -> StudioError:
        """The same error for a document that holds this one under a prefix."""
        return StudioError(self.code, self.detail, tuple(e.below(prefix) for e in self.errors))


def _sentence(error: FieldError) -> str:
    return f"{error.pointer.strip('/') or 'message'}: {error.detail}"
