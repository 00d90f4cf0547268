"""What Studio can run. An operation is a pure generator: it yields stages of chunks, is sent their
parts, and returns its result; who runs the chunks, and where, is not its business."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from studio.config import Limits
from studio.operations import characterize, heatmap, scan, simulate
from studio.operations.stage import Stage
from studio.wire.results import Result


@dataclass(frozen=True)
class Operation:
    """resolve: fill in every default, or raise StudioError; run: the generator."""

    resolve: Callable[[Any, Limits], Any]
    run: Callable[[Any], Generator[Stage, list[Any], Result]]


OPERATIONS: dict[str, Operation] = {
    "characterize": Operation(characterize.resolve, characterize.run),
    "heatmap": Operation(heatmap.resolve, heatmap.run),
    "scan": Operation(scan.resolve, scan.run),
    "simulate": Operation(simulate.resolve, simulate.run),
}
