"""Constraints are read as the inequalities that they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.operations.campaign import search
from studio.operations.campaign.variables import between
from studio.wire.campaigns import Linear
from tests.studio.operations.campaign.drive import config

NUMBERS = st.integers(-9, 9).map(float)


@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["<=", ">=", "=="]), NUMBERS, NUMBERS)
def test_an_expression_holds_where_python_says_so(
    a: float, b: float, c: float, sign: str, x: float, y: float
) -> None:
    expression = f"{a}*x - y*{b} + 2*(x + 1)/4 {sign} {c} - x"
    try:
        (row,) = between(Linear(expression=expression))
    except ValueError:
        assert (a + 1.5, b) == (0.0, 0.0)  # nothing of x and y is left
        return
    value = sum(k * {"x": x, "y": y}[name] for name, k in row.coefficients.items())
    compare = {"<=": float.__le__, ">=": float.__ge__, "==": float.__eq__}[sign]
    assert (row.low <= value <= row.high) is compare(a * x - y * b + (x + 1) / 2, c - x)


def test_a_chain_is_two_inequalities() -> None:
    low, high = between(Linear(expression="0 <= x - y <= 1"))
    assert (low.coefficients, low.high) == ({"x": -1.0, "y": 1.0}, 0.0)
    assert (high.coefficients, high.high) == ({"x": 1.0, "y": -1.0}, 1.0)


@pytest.mark.parametrize("seed", range(3))
def test_every_point_of_a_design_satisfies_every_constraint(seed: int) -> None:
    mixture = config(
        """
name: mixture
domain: manual
parameters:
  - {name: x, type: continuous, bounds: [0, 1]}
  - {name: y, type: continuous, bounds: [0.01, 1], log_scale: true}
  - {name: z, type: discrete, bounds: [0, 1], step: 0.1}
constraints:
  - {type: sum_equals, components: [x, y, z], value: 1}
  - {type: ratio_between, numerator: x, denominator: y, bounds: [0.5, 2]}
  - {type: linear, expression: 2*z <= 1 + x}
objectives: [{name: strength, direction: maximize}]
""",
        seed=seed,
    )
    points = search.initial(mixture, 12)
    assert len(points) == 12
    for point in points:
        x, y, z = (float(point[name]) for name in "xyz")
        assert x + y + z == pytest.approx(1.0)
        assert 0.5 * y - 1e-8 <= x <= 2 * y + 1e-8
        assert 2 * z <= 1 + x + 1e-8
        assert 10 * z == pytest.approx(round(10 * z))
