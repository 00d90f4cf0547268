"""Operations in this process, without a server."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any, TypeVar

import msgspec

from studio.config import Limits
from studio.errors import FieldError, StudioError
from studio.jobs.progress import ProgressMeter, joined
from studio.jobs.worker import describe, error_code
from studio.operations import OPERATIONS
from studio.operations import models as catalogue
from studio.operations.engine import Choice, EngineInUse
from studio.operations.stage import Advance, Chunk, Stage, resume
from studio.wire import codec
from studio.wire.frames import Progress
from studio.wire.requests import RunConfig, parse_config

OnFrame = Callable[[Progress], None]

Y = TypeVar("Y")

_FRAME_S = 0.05  # at most 20 frames a second
_LIMITS = Limits()


def run(op: str, document: dict[str, Any], on_frame: OnFrame | None = None) -> dict[str, Any]:
    """Run an operation and return its result, the same plain data that HTTP answers.

    document: the configuration; on_frame is told of every stage, and then every 50 ms
    Raises StudioError.
    """
    chosen = _resolve(op, document)
    run = _Run(op, EngineInUse(chosen.reason, chosen.otherwise), on_frame or _nobody)
    result = run.drive(OPERATIONS[op].run(chosen.config))
    answer: dict[str, Any] = plain(result)
    return answer


def models() -> list[dict[str, Any]]:
    """Every model of the catalogue, described."""
    listed: list[dict[str, Any]] = plain(catalogue.list_models())
    return listed


def model(name: str) -> dict[str, Any]:
    """One model, described; raises StudioError not_found or no_published_source."""
    described: dict[str, Any] = plain(catalogue.get_model(name))
    return described


def plain(value: Any) -> Any:
    """A value as it would come over the wire: NaN and infinities are null."""
    return msgspec.json.decode(codec.encode_json(value))


def _resolve(op: str, document: dict[str, Any]) -> Choice[RunConfig]:
    if op not in OPERATIONS:
        detail = f"{codec.shown(op)} is not an operation{codec.did_you_mean(op, list(OPERATIONS))}"
        raise StudioError("invalid_request", errors=(FieldError("/op", detail),))
    codec.check_numbers(document, _LIMITS.json_depth)
    return OPERATIONS[op].resolve(parse_config(op, document), _LIMITS)


def _nobody(frame: Progress) -> None:
    pass


class _Run:
    """One operation on its way: runs its chunks one after another, and tells of them."""

    def __init__(self, op: str, engine: EngineInUse, on_frame: OnFrame) -> None:
        self._begun = time.monotonic()
        self._told_at = self._begun
        self._meter = ProgressMeter(op, None, self._begun)
        self._engine, self._on_frame = engine, on_frame
        self._finished: list[dict[str, Any]] = []

    def drive(self, operation: Generator[Stage, list[Any], Any]) -> Any:
        """Send the operation its parts until it returns."""
        parts: list[Any] | None = None
        while True:
            stage, result = _resume(operation, parts)
            if stage is None:
                result.elapsed_s = round(time.monotonic() - self._begun, 4)
                self._engine.tell(result)
                return result
            parts = self._run_stage(stage)

    def _run_stage(self, stage: Stage) -> list[Any]:
        self._meter.begin(stage)
        self._tell()
        parts = [self._run_chunk(stage, index) for index in range(len(stage.chunks))]
        if self._finished:
            self._tell()
        return parts

    def _run_chunk(self, stage: Stage, index: int) -> Any:
        try:
            part = self._computed(self._engine.of(stage.chunks[index]), index)
        except StudioError as error:
            part = stage.without(index, error)
        self._meter.finish(index)
        if stage.finished and len(stage.chunks) > 1:
            self._finished.append(plain(stage.finished(part)))
            if self._is_due:
                self._tell()
        return part

    def _computed(self, chunk: Chunk, index: int) -> Any:
        try:
            return self._part(chunk, index)
        except StudioError as error:
            return self._part(self._engine.instead(chunk, error), index)

    def _part(self, chunk: Chunk, index: int) -> Any:
        advancing = chunk.function(*chunk.args)
        while True:
            advance, part = _resume(advancing, None)
            if advance is None:
                return part
            if self._is_due:
                self._advance(index, advance)

    def _advance(self, index: int, advance: Advance) -> None:
        so_far = advance.so_far() if advance.so_far else None
        self._meter.advance(index, advance.done, so_far)
        self._tell()

    @property
    def _is_due(self) -> bool:
        return time.monotonic() - self._told_at >= _FRAME_S

    def _tell(self) -> None:
        self._told_at = time.monotonic()
        finished, self._finished = joined(self._finished), []
        self._on_frame(self._meter.frame(self._told_at, finished))


def _resume(running: Generator[Y, Any, Any], sent: Any) -> tuple[Y | None, Any]:
    """The next that a generator yields, or what it returns; its mistakes become StudioError."""
    try:
        return resume(running, sent)
    except StudioError:
        raise
    except Exception as error:
        raise StudioError(error_code(error), describe(error)) from error
