"""The parameters of a campaign and the constraints between them: what can be wrong with them."""

from __future__ import annotations

import ast
import operator
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf, isclose, isfinite

from studio.errors import FieldError
from studio.wire.campaigns import (
    AnyCampaign,
    Categorical,
    Constraint,
    Continuous,
    Discrete,
    Integer,
    Linear,
    Parameter,
    RatioBetween,
)
from studio.wire.codec import did_you_mean
from studio.wire.table import RESERVED


@dataclass(frozen=True, slots=True)
class Between:
    """low <= sum of coefficient times parameter <= high."""

    coefficients: Mapping[str, float]
    low: float = -inf
    high: float = inf


def faults(config: AnyCampaign) -> Iterator[FieldError]:
    """What is wrong with parameters and constraints, but for what only a linear program sees."""
    seen: set[str] = set()
    for index, parameter in enumerate(config.parameters):
        where = f"/parameters/{index}"
        if parameter.name in seen:
            yield FieldError(f"{where}/name", f"{parameter.name!r} is there twice")
        if parameter.name in RESERVED:
            yield FieldError(f"{where}/name", reserved(parameter.name))
        seen.add(parameter.name)
        yield from (fault.below(where) for fault in _of_parameter(parameter))
    bounds = {p.name: p.bounds for p in config.parameters if not isinstance(p, Categorical)}
    for index, constraint in enumerate(config.constraints):
        where = f"/constraints/{index}"
        yield from (f.below(where) for f in _of_constraint(constraint, bounds, seen))


def reserved(name: str) -> str:
    """Why a parameter or an objective cannot be called so."""
    return f"every evaluation has its own {name!r}: choose another name"


def _of_parameter(parameter: Parameter) -> Iterator[FieldError]:
    if isinstance(parameter, Categorical):
        if len(parameter.choices) < 2:
            told = ", ".join(map(repr, parameter.choices)) or "none"
            yield FieldError("/choices", f"must be two at least, not {told}")
        for choice in sorted({c for c in parameter.choices if parameter.choices.count(c) > 1}):
            yield FieldError("/choices", f"{choice!r} is there twice")
        return
    low, high = parameter.bounds
    if low >= high:
        turned = f"; did you mean [{high:g}, {low:g}]?" if low > high else ""
        yield FieldError(
            "/bounds", f"the lower, {low:g}, must be below the upper, {high:g}{turned}"
        )
    elif not isfinite(high - low):
        yield FieldError("/bounds", f"the span from {low:g} to {high:g} is no number")
    elif isinstance(parameter, Discrete):
        yield from _of_step(low, high, parameter.step)
    elif isinstance(parameter, Continuous | Integer) and parameter.log_scale and low <= 0:
        yield FieldError("/bounds", f"must be above 0 on a log scale, not {low:g}")


def _of_step(low: float, high: float, step: float) -> Iterator[FieldError]:
    n_steps = (high - low) / step
    if n_steps < 1 - 1e-9:
        yield FieldError(
            "/step", f"must be at most {high - low:g}, from bound to bound, not {step:g}"
        )
    elif not isfinite(n_steps):
        yield FieldError("/step", f"must be such that its levels can be counted, not {step:g}")
    elif not isclose(n_steps, round(n_steps), rel_tol=1e-9):
        last = low + int(n_steps) * step
        detail = f"{step:g} does not lead from {low:g} to {high:g}: the last level is {last:g}"
        yield FieldError("/step", detail)


Bounds = Mapping[str, tuple[float, float]]


def _of_constraint(
    constraint: Constraint, bounds: Bounds, names: Iterable[str]
) -> Iterator[FieldError]:
    if isinstance(constraint, Linear):
        try:
            named = [name for row in between(constraint) for name in row.coefficients]
        except ExpressionError as error:
            yield FieldError("/expression", str(error))
            return
        places = [("/expression", name) for name in dict.fromkeys(named)]
    elif isinstance(constraint, RatioBetween):
        places = [("/numerator", constraint.numerator), ("/denominator", constraint.denominator)]
    else:
        places = [(f"/components/{i}", name) for i, name in enumerate(constraint.components)]
        if len(constraint.components) < 2:
            yield FieldError("/components", "must be two at least")
    known = True
    for index, (where, name) in enumerate(places):
        if name in [other for _, other in places[:index]]:
            yield FieldError(where, f"{name!r} is there twice")
        if name not in bounds:
            known = False
            what = "a choice, not a number" if name in names else "not a parameter of this campaign"
            yield FieldError(where, f"{name!r} is {what}{did_you_mean(name, list(bounds))}")
    if isinstance(constraint, RatioBetween):
        yield from _of_ratio(constraint, bounds)
    if known:
        yield from _out_of_reach(constraint, bounds)


def _of_ratio(ratio: RatioBetween, bounds: Bounds) -> Iterator[FieldError]:
    low, high = ratio.bounds
    if low > high:
        detail = f"the lower, {low:g}, must not be above the upper, {high:g}"
        yield FieldError("/bounds", f"{detail}; did you mean [{high:g}, {low:g}]?")
    if bounds.get(ratio.denominator, (0.0, 0.0))[0] < 0:
        detail = f"{ratio.denominator} may be negative: its bounds must begin at 0 or above"
        yield FieldError("/denominator", detail)


def _out_of_reach(constraint: Constraint, bounds: Bounds) -> Iterator[FieldError]:
    """A constraint that its parameters' bounds alone rule out."""
    for row in between(constraint):
        ends = [sorted(c * end for end in bounds[name]) for name, c in row.coefficients.items()]
        least, most = sum(end[0] for end in ends), sum(end[1] for end in ends)
        tolerance = 1e-9 * max(1.0, abs(least), abs(most))
        if least > row.high + tolerance or most < row.low - tolerance:
            asked = f"= {row.low:g}" if row.low == row.high else ""
            asked = asked or (f"<= {row.high:g}" if row.low == -inf else f">= {row.low:g}")
            terms = " + ".join(
                name if c == 1 else f"{c:g} {name}" for name, c in row.coefficients.items()
            )
            detail = f"{terms} {asked} cannot be: the bounds leave {least:g} to {most:g}"
            yield FieldError("", detail)
            return


def between(constraint: Constraint) -> list[Between]:
    """A constraint as inequalities; raises ExpressionError."""
    if isinstance(constraint, Linear):
        return _parsed(constraint.expression)
    if isinstance(constraint, RatioBetween):
        low, high = constraint.bounds
        top, bottom = constraint.numerator, constraint.denominator
        return [
            Between({top: 1.0, bottom: -low}, low=0.0),
            Between({top: 1.0, bottom: -high}, high=0.0),
        ]
    low = constraint.value if constraint.__struct_config__.tag == "sum_equals" else -inf
    return [Between(dict.fromkeys(constraint.components, 1.0), low, constraint.value)]


class ExpressionError(ValueError):
    """An expression that is no linear inequality."""


Terms = dict[str, float]
_CONSTANT = ""
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub}


def _parsed(expression: str) -> list[Between]:
    """`2*x + y <= 3` or `0 <= x - y <= 1`, read from its syntax tree; nothing is run."""
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(f"{expression!r} cannot be read, unlike `2*x + y <= 3`") from None
    if not isinstance(tree, ast.Compare):
        raise ExpressionError("must compare two sides with <=, >= or ==")
    sides = [_terms(side) for side in (tree.left, *tree.comparators)]
    rows = [_row(sides[i], op, sides[i + 1]) for i, op in enumerate(tree.ops)]
    if any(not row.coefficients for row in rows):
        raise ExpressionError("names no parameter")
    return rows


def _row(left: Terms, comparison: ast.cmpop, right: Terms) -> Between:
    names = [name for name in {**left, **right} if name != _CONSTANT]
    apart = {name: left.get(name, 0.0) - right.get(name, 0.0) for name in names}
    coefficients = {name: c for name, c in apart.items() if c != 0.0}
    bound = right.get(_CONSTANT, 0.0) - left.get(_CONSTANT, 0.0)
    if isinstance(comparison, ast.LtE):
        return Between(coefficients, high=bound)
    if isinstance(comparison, ast.GtE):
        return Between(coefficients, low=bound)
    if isinstance(comparison, ast.Eq):
        return Between(coefficients, bound, bound)
    raise ExpressionError("must compare two sides with <=, >= or ==")


def _terms(node: ast.expr) -> Terms:
    """A sum of numbers and of multiples of parameters."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return {_CONSTANT: float(number)}
        case ast.Name(id=name):
            return {name: 1.0}
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _times(_terms(operand), -1.0)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            a, b = _terms(left), _terms(right)
            add = _OPERATORS[type(op)]
            return {name: add(a.get(name, 0.0), b.get(name, 0.0)) for name in {**a, **b}}
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            a, b = _terms(left), _terms(right)
            a, b = (b, a) if set(a) <= {_CONSTANT} else (a, b)
            if set(b) <= {_CONSTANT}:
                return _times(a, b.get(_CONSTANT, 0.0))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            b = _terms(right)
            if set(b) <= {_CONSTANT} and b.get(_CONSTANT):
                return _times(_terms(left), 1.0 / b[_CONSTANT])
    raise ExpressionError(f"{ast.unparse(node)} is not linear in the parameters")


def _times(terms: Terms, factor: float) -> Terms:
    return {name: factor * c for name, c in terms.items()}
