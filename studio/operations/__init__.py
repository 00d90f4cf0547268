"""What Studio can run. An operation is a pure generator: it yields stages of chunks, is sent their
parts, and returns its result; who runs the chunks, and where, is not its business."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from kernels.neurons.engines.cost import Ready
from studio.config import Limits
from studio.operations import characterize, engine, heatmap, scan, simulate
from studio.operations.engine import Batches, Choice
from studio.operations.stage import Stage
from studio.wire.requests import RunConfig
from studio.wire.results import Result

C = TypeVar("C", bound=RunConfig)


@dataclass(frozen=True)
class Operation:
    """check: fill in every default but the engine, or raise StudioError; batches: what a checked
    configuration runs; run: the generator."""

    check: Callable[[Any, Limits], Any]
    batches: Callable[[Any], list[Batches]]
    run: Callable[[Any], Generator[Stage, list[Any], Result]]

    def resolve(self, config: C, limits: Limits, ready: Ready = ()) -> Choice[C]:
        """The configuration with every default filled in, and its engine; raises StudioError.

        ready: programs that need not be compiled any more
        """
        config = self.check(config, limits)
        return engine.choose(config, self.batches(config), ready)


OPERATIONS: dict[str, Operation] = {
    "characterize": Operation(characterize.check, characterize.batches, characterize.run),
    "heatmap": Operation(heatmap.check, heatmap.batches, heatmap.run),
    "scan": Operation(scan.check, scan.batches, scan.run),
    "simulate": Operation(simulate.check, simulate.batches, simulate.run),
}
