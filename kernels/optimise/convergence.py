"""When a campaign should stop, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Reason = Literal["target", "no_improvement", "budget"]


@dataclass(frozen=True, slots=True)
class Rule:
    """When to stop.

    max_iterations: iterations after the initial design
    patience: iterations whose relative gain together must stay below min_improvement; 0 never stops
    targets: by objective, values to reach, minimised
    """

    max_iterations: int
    patience: int = 5
    min_improvement: float = 1e-3
    targets: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to stop, and why in a sentence.

    metric: relative gain over the last `patience` iterations; None before there are so many
    """

    stop: bool
    reason: Reason | None
    sentence: str
    metric: float | None


def relative_gain(progress: Sequence[float], patience: int) -> float | None:
    """Gain of the last `patience` entries as a share of the whole range so far; None if too few.

    progress: after the initial design and after each iteration, a number that grows as the campaign
    gets better (a hypervolume, or minus the best value). A share of the range rather than of the
    number itself: it means the same whatever the unit and wherever the unit has its zero.
    """
    if patience < 1 or len(progress) <= patience:
        return None
    gain = progress[-1] - progress[-1 - patience]
    span = max(progress) - min(progress)
    return gain / span if span > 0 else 0.0


def verdict(
    rule: Rule, done: int, metric: float | None, front: Sequence[Mapping[str, float]]
) -> Verdict:
    """What the rule says after so many iterations.

    metric: their `relative_gain`; front: the feasible evaluations on the front, minimised
    """
    if reaches(front, rule.targets):
        names = ", ".join(rule.targets)
        return Verdict(True, "target", f"an evaluation reaches the target of {names}", metric)
    if metric is not None and metric < rule.min_improvement:
        sentence = (
            f"the last {'iteration' if rule.patience == 1 else f'{rule.patience} iterations'} "
            f"gained {metric:.2g} of all progress, less than {rule.min_improvement:g}"
        )
        return Verdict(True, "no_improvement", sentence, metric)
    if done >= rule.max_iterations:
        return Verdict(True, "budget", f"all {rule.max_iterations} iterations are done", metric)
    left = rule.max_iterations - done
    return Verdict(False, None, f"{left} iterations are left", metric)


def reaches(front: Sequence[Mapping[str, float]], targets: Mapping[str, float]) -> bool:
    """Whether one evaluation reaches every target at once, where there is any target."""
    return bool(targets) and any(
        all(row[name] <= target for name, target in targets.items()) for row in front
    )
