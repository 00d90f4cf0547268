"""What the benchmarks share: a server, requests over its socket, operations in process, medians."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec
import websockets

from kernels.neurons.engines import llvm
from kernels.neurons.program import usual
from kernels.neurons.simulate import to_the_end
from studio.config import Limits
from studio.operations import OPERATIONS
from studio.wire.requests import parse_config


class Answer(NamedTuple):
    """A result over the socket, and the seconds to the first and the last frame, and to the first
    with results (the last, if none before has any)."""

    result: dict[str, Any]
    first: float
    last: float
    partial: float


@contextmanager
def server() -> Iterator[int]:
    """A server with two workers and an empty data directory; its port."""
    command = [sys.executable, "-m", "studio", "serve", "--port", "0", "--no-open"]
    with (
        TemporaryDirectory() as data,
        subprocess.Popen(
            [*command, "--workers", "2", "--data-dir", data], stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdout is not None
        found = re.search(r"http://\S+:(\d+)", process.stdout.readline())
        assert found, "the server did not start"
        try:
            yield int(found[1])
        finally:
            process.terminate()
            process.wait()


def over_socket(port: int, op: str, config: dict[str, Any], *, fresh: bool = True) -> Answer:
    """Run an operation over /ws/progress, from the cache only where that is asked for."""
    return asyncio.run(_over_socket(port, op, {**config, "fresh": fresh}))


async def _over_socket(port: int, op: str, config: dict[str, Any]) -> Answer:
    async with websockets.connect(f"ws://127.0.0.1:{port}/ws/progress", max_size=None) as socket:
        begun = time.perf_counter()
        await socket.send(json.dumps({"op": op, "config": config}))
        text = await socket.recv()
        first = last = time.perf_counter() - begun
        frame, partial = json.loads(text), None
        while frame["type"] == "progress":
            text = await socket.recv()
            last = time.perf_counter() - begun
            frame = json.loads(text)
            if partial is None and frame.get("partial"):
                partial = last
    assert frame["type"] == "complete", frame
    return Answer(frame["result"], first, last, partial or last)


def in_process(op: str, config: dict[str, Any]) -> Any:
    """Run an operation here, its chunks one after the other: kernels and nothing else."""
    operation = OPERATIONS[op]
    asked = operation.check(parse_config(op, config), Limits())
    for model, integrator, *_ in operation.batches(asked):
        llvm.load(usual(model, integrator))  # as a server that has warmed up
    running = operation.run(operation.resolve(asked, Limits(), llvm.ready()).config)
    parts: Any = None
    while True:
        try:
            stage = running.send(parts)
        except StopIteration as end:
            # as its reader has it: a map holds rows of cells rather than their JSON
            return msgspec.json.decode(msgspec.json.encode(end.value), type=type(end.value))
        parts = [to_the_end(chunk.function)(*chunk.args) for chunk in stage.chunks]


def timed(function: Callable[..., Any], *args: Any) -> tuple[Any, float]:
    """The result of a call, and its seconds."""
    begun = time.perf_counter()
    result = function(*args)
    return result, time.perf_counter() - begun


def write_section(name: str, text: str, page_name: str = "performance") -> None:
    """Replace what a benchmark measured in a page of docs/, between its two marks."""
    page = Path(__file__).resolve().parents[1] / f"docs/{page_name}.md"
    mark = f"<!-- {name} -->"
    before, _, after = page.read_text().split(mark)
    page.write_text(f"{before}{mark}\n{text.strip()}\n{mark}{after}")


def ms(seconds: Sequence[float]) -> str:
    """Median and range of times."""
    low, high = min(seconds) * 1000, max(seconds) * 1000
    return f"{median(seconds) * 1000:8.1f} ms  ({low:.1f} to {high:.1f})"


def ratio(slow: Sequence[float], fast: Sequence[float]) -> str:
    """How many times as fast, pair by pair."""
    return f"{median(s / f for s, f in zip(slow, fast, strict=True)):.1f} times as fast"
