"""Functions that campaigns of the tests evaluate."""

from __future__ import annotations

from typing import Any


def bowl(p: dict[str, Any]) -> dict[str, Any]:
    """Two objectives that pull apart, and nothing at all beyond a line."""
    if p["x"] + p["y"] > 1.2:
        raise ValueError("beyond the line")
    return {"near": (p["x"] - 0.2) ** 2 + p["y"] ** 2, "far": (p["x"] - 0.9) ** 2 + p["y"] ** 2}


def strange(p: dict[str, Any]) -> Any:
    """Not what an evaluator should return, each time something else."""
    bad = [None, {"near": "much"}, {"near": float("nan")}, {"near": True}, [1.0]]
    return {"near": p["x"]} if p["x"] < 0.5 else bad[int(10 * p["x"]) % len(bad)]


def extreme(p: dict[str, Any]) -> Any:
    """Ends the process, says too much, or returns what no product can hold."""
    if p["x"] < 0.3:
        raise SystemExit(3)
    if p["x"] < 0.6:
        raise ValueError("first\n  and second")
    return {"near": 1e300 if p["x"] < 0.8 else 1.0}


def hopeless(p: dict[str, Any]) -> Any:
    """Never works."""
    raise RuntimeError("no power")
