"""A user's own function: it takes a dict of parameters and returns a dict of objectives.

It runs in a worker; it is code, so nothing that came over a network may name it.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import math
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from importlib.metadata import entry_points
from numbers import Real
from pathlib import Path
from typing import Any

from studio.config import Limits
from studio.errors import FieldError
from studio.operations.campaign.domains.domain import Domain, Outcome, failed
from studio.operations.stage import Advance, Chunk
from studio.wire.campaigns import Point, PythonCampaign
from studio.wire.codec import did_you_mean, escape, shown

GROUP = "studio.evaluators"

Evaluator = Callable[[dict[str, Any]], Mapping[str, Any]]


def _faults(config: PythonCampaign, trusted: bool, limits: Limits) -> Iterator[FieldError]:
    if not trusted:
        detail = "python evaluators run from the command line or the server's own configuration"
        yield FieldError("/domain", f"{detail}, never from a request")
        return
    varied = {parameter.name for parameter in config.parameters}
    for name in config.fixed:
        if name in varied:
            detail = "is a parameter of this campaign: leave it out here"
            yield FieldError(f"/fixed/{escape(name)}", detail)
    module, colon, function = config.evaluator.rpartition(":")
    if colon and not (module and function.isidentifier()):
        detail = "must be module:function, file.py:function or the name of an entry point"
        yield FieldError("/evaluator", f"{detail}, not {shown(config.evaluator)}")
    elif not colon and config.evaluator not in _names():
        hint = did_you_mean(config.evaluator, _names())
        detail = f"nothing is installed as {config.evaluator!r} in the group {GROUP}{hint}"
        yield FieldError("/evaluator", f"{detail}; or name module:function")
    elif module.endswith(".py") and not Path(module).is_file():
        yield FieldError("/evaluator", f"there is no file {module}")


def _names() -> list[str]:
    return sorted(entry.name for entry in entry_points(group=GROUP))


class NotAnEvaluatorError(ValueError):
    """What was named cannot be called."""


@functools.cache
def load(name: str) -> Evaluator:
    """The function of that name; NotAnEvaluatorError says what is in the way."""
    module, _, function = name.rpartition(":")
    try:
        if not module:
            found: Any = next(iter(entry_points(group=GROUP, name=name))).load()
        elif module.endswith(".py"):
            found = getattr(_from_file(Path(module)), function)
        else:
            found = getattr(importlib.import_module(module), function)
    except Exception as error:
        raise NotAnEvaluatorError(f"{name}: {type(error).__name__}: {error}") from error
    if not callable(found):
        raise NotAnEvaluatorError(f"{name} is no function")
    evaluator: Evaluator = found
    return evaluator


def _from_file(path: Path) -> Any:
    name = f"studio_evaluator_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _chunks(config: PythonCampaign, points: Sequence[Point], numbers: Sequence[int]) -> list[Chunk]:
    return [Chunk(evaluate, (config, point), 1.0) for point in points]


def evaluate(config: PythonCampaign, point: Point) -> Generator[Advance, None, list[Outcome]]:
    """A chunk: one candidate."""
    yield Advance(0.0)
    begun = time.perf_counter()
    try:
        with contextlib.redirect_stdout(sys.stderr):  # stdout is for the results
            answer = load(config.evaluator)({**config.fixed, **point})
    except (Exception, SystemExit) as error:  # whose exit would be that of the whole campaign
        return [failed(_told(error), time.perf_counter() - begun)]
    return [_outcome(config, answer, time.perf_counter() - begun)]


def _told(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return f"{type(error).__name__} (its message cannot be shown)"


def _outcome(config: PythonCampaign, answer: Any, duration_s: float) -> Outcome:
    if not isinstance(answer, Mapping):
        return failed(f"it returned {type(answer).__name__}, not a dict of objectives", duration_s)
    outputs: dict[str, float | None] = {}
    reasons = {}
    for objective in config.objectives:
        value = answer.get(objective.source)
        if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value):
            outputs[objective.name] = float(value)
        else:
            outputs[objective.name] = None
            told = f"is {value!r}"[:200] if objective.source in answer else "was not returned"
            reasons[objective.name] = f"{objective.source} {told}"
    return Outcome(outputs=outputs, reasons=reasons, failure=None, duration_s=duration_s)


DOMAIN = Domain(
    features=lambda config: None,
    faults=_faults,
    complete=lambda config: config,
    chunks=_chunks,
)
