"""Operations driven in this process, as the runner drives them."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from studio.config import Limits
from studio.operations import OPERATIONS
from studio.operations.stage import Advance, Chunk, Stage, resume
from studio.wire.requests import parse_config

T = TypeVar("T")


def work(chunk: Chunk) -> tuple[list[Advance], Any]:
    """What a chunk tells and what it returns."""
    told, advancing = [], chunk.function(*chunk.args)
    while True:
        advance, part = resume(advancing)
        if advance is None:
            return told, part
        told.append(advance)


def drive(op: str, **config: Any) -> tuple[list[Stage], Any]:
    """The stages of an operation, and its result."""
    operation = OPERATIONS[op]
    running = operation.run(operation.resolve(parse_config(op, config), Limits()).config)
    stages: list[Stage] = []
    parts: Any = None
    while True:
        stage, result = resume(running, parts)
        if stage is None:
            return stages, read(result)
        stages.append(stage)
        parts = [work(chunk)[1] for chunk in stage.chunks]


def read(result: T) -> T:
    """A result as its reader has it: a map holds rows of cells rather than their JSON."""
    return msgspec.json.decode(msgspec.json.encode(result), type=type(result))
