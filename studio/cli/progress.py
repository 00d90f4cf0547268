"""How far a run is, on stderr: a live bar in a terminal, plain lines anywhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol, TextIO

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from studio.wire import frames

_LEFT = len("12 min 30 s left")


class Display(Protocol):
    """Where progress is shown."""

    def show(self, frame: frames.Progress) -> None:
        """Show the state now."""

    def aside(self) -> AbstractContextManager[object]:
        """Leave the terminal to something else for a moment."""


class _OneLine(Progress):
    """Leaves room for the ^C that a terminal echoes, which would push the bar out of its line."""

    def get_renderable(self) -> RenderableType:
        return _Narrower(super().get_renderable())


class _Narrower:
    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(
            self._inner, options.update_width(max(1, options.max_width - len("^C")))
        )


class Bar:
    """Message, bar, percentage and time left, in the last line of a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def show(self, frame: frames.Progress) -> None:
        """Draw the state now."""
        if self._task is None:
            self._progress.start()
            self._task = self._progress.add_task("", total=100, done="", left="")
        self._progress.update(
            self._task,
            completed=frame.pct,
            description=frame.msg,
            done=f"{int(frame.pct):3d} %",
            left=f"{time_left(frame.eta_s):>{_LEFT}}",
            refresh=True,
        )

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away, and put it back."""
        self._progress.stop()
        yield
        self._progress.start()


class Lines:
    """A line for each step, and for each tenth of the work."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._shown: tuple[str, int] | None = None

    def show(self, frame: frames.Progress) -> None:
        """Print a line where there is something new to tell."""
        reached = frame.step, int(frame.pct // 10)
        if reached != self._shown:
            left = time_left(frame.eta_s)
            after = f", {left}" if left else ""
            print(f"{int(frame.pct):3d} %  {frame.msg}{after}", file=self._out, flush=True)
        self._shown = reached

    def aside(self) -> AbstractContextManager[object]:
        """Nothing is in the way."""
        return nullcontext()


@contextmanager
def shown() -> Iterator[Display]:
    """Progress on stderr, gone when it is over where it was a bar."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield Lines(sys.stderr)
        return
    progress = _OneLine(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[done]}", markup=False),
        TextColumn("{task.fields[left]}", style="progress.remaining", markup=False),
        console=Console(stderr=True),
        auto_refresh=False,
        expand=True,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    try:
        yield Bar(progress)
    finally:
        progress.stop()


def time_left(seconds: float | None) -> str:
    """`12 s left`, or nothing where it is not known."""
    if seconds is None:
        return ""
    if seconds < 1.0:
        return "< 1 s left"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min left"
    return f"{minutes} min {rest:02d} s left" if minutes else f"{rest} s left"
