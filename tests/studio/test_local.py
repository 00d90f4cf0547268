"""Operations in this process."""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from typing import Any

import pytest

from studio import local
from studio.errors import StudioError
from studio.operations import OPERATIONS, Operation
from studio.operations.stage import Advance, Chunk, Stage
from studio.wire.frames import Progress
from tests.conftest import ADEX_HEATMAP


def test_every_step_is_told_from_0_to_below_100_and_pct_never_falls() -> None:
    frames: list[Progress] = []
    result = local.run("characterize", {"name": "AdExNeuron"}, frames.append)
    assert list(dict.fromkeys(frame.step for frame in frames)) == [
        "trace",
        "fi_curve",
        "sensitivity",
    ]
    pct = [frame.pct for frame in frames]
    assert pct[0] == 0
    assert pct == sorted(pct)
    assert pct[-1] < 100
    assert 0 < result["elapsed_s"]


def test_a_frame_comes_at_most_every_50_ms() -> None:
    frames: list[Progress] = []
    local.run("heatmap", {**ADEX_HEATMAP, "duration": 8000, "engine": "numpy"}, frames.append)
    times = [frame.elapsed_s or 0.0 for frame in frames]
    assert len(times) > 3
    assert all(later - earlier >= 0.049 for earlier, later in pairwise(times[:-1]))
    assert frames[2].partial is not None
    assert frames[2].partial["cells"]


def test_every_row_of_a_scan_is_told_once_in_order() -> None:
    frames: list[Progress] = []
    result = local.run("scan", {"duration": 20.0}, frames.append)
    told = [row for frame in frames if frame.partial for row in frame.partial["models"]]
    assert [row["name"] for row in told] == [row["name"] for row in result["models"]]


@pytest.mark.parametrize(
    ("op", "config", "code", "pointer"),
    [
        ("simulate", {"name": "AdExNeuro"}, "invalid_config", "/name"),
        ("simulate", {"name": "AdExNeuron", "current": float("nan")}, "invalid_config", "/current"),
        ("heatmap", {"name": "AdExNeuron"}, "invalid_config", "/param_x"),
        ("hetmap", {}, "invalid_request", "/op"),
    ],
)
def test_a_bad_request_is_refused_with_the_field_named(
    op: str, config: dict[str, Any], code: str, pointer: str
) -> None:
    with pytest.raises(StudioError) as refused:
        local.run(op, config)
    assert refused.value.code == code
    assert [error.pointer for error in refused.value.errors] == [pointer]


class Interrupted:
    """An operation that is interrupted in its chunk, and then tells whether it was closed."""

    def __init__(self, error: BaseException) -> None:
        self.error, self.closed = error, False

    def chunk(self) -> Generator[Advance, None, None]:
        try:
            yield Advance(1.0)
            raise self.error
        finally:
            self.closed = True

    def run(self, config: Any) -> Generator[Stage, list[Any], Any]:
        yield Stage("trace", [Chunk(self.chunk, (), 2.0)], "Running")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Interrupted:
    """The operation `simulate` replaced by one that fails as the parameter says."""
    operation = Interrupted(request.param)
    fake = Operation(lambda config, limits: config, lambda config: [], operation.run)
    monkeypatch.setitem(OPERATIONS, "simulate", fake)
    return operation


@pytest.mark.parametrize("broken", [ValueError("no root")], indirect=True)
def test_a_mistake_in_a_chunk_fails_the_operation_with_its_cause(broken: Interrupted) -> None:
    with pytest.raises(StudioError) as failed:
        local.run("simulate", {"name": "AdExNeuron"})
    assert failed.value.code == "failed"
    assert "ValueError: no root" in failed.value.message
    assert failed.value.__cause__ is broken.error


@pytest.mark.parametrize("broken", [KeyboardInterrupt()], indirect=True)
def test_an_interrupt_comes_through_as_it_is(broken: Interrupted) -> None:
    with pytest.raises(KeyboardInterrupt):
        local.run("simulate", {"name": "AdExNeuron"})
    assert broken.closed


def test_a_mistake_of_the_listener_is_the_listeners() -> None:
    def listen(frame: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        local.run("simulate", {"name": "AdExNeuron"}, listen)
