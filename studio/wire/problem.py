"""What is told over HTTP of an error."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from studio.errors import Cause, FieldError, StudioError


class Problem(Struct, kw_only=True):
    """An error as application/problem+json (RFC 9457), with its code and the fields it is about."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError]
    cause: Cause | UnsetType = UNSET


def problem_of(error: StudioError) -> Problem:
    """The problem that an error is."""
    return Problem(
        type="about:blank",
        title=error.kind.sentence,
        status=error.kind.status,
        detail=error.detail or error.kind.sentence,
        code=error.code,
        errors=list(error.errors),
        cause=UNSET if error.cause is None else error.cause,
    )
