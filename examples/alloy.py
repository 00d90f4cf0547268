"""Illustrative toy physics for `alloy_simplex.yaml`: rules of thumb, not data of any real alloy.

Density follows the rule of mixtures over the elements' own densities and atomic masses, which is
sound physics. Strength is a baseline by the rule of mixtures plus a solid-solution term in the
spread of the atomic radii, in the form of Labusch (1970) with a coefficient chosen for the example.
"""

from __future__ import annotations

# g/cm3, g/mol, pm: CRC Handbook of Chemistry and Physics; MPa: round numbers for the example alone
ELEMENTS = {
    "al": {"density": 2.70, "mass": 26.98, "radius": 143.0, "strength": 40.0},
    "ti": {"density": 4.51, "mass": 47.87, "radius": 147.0, "strength": 140.0},
    "cr": {"density": 7.19, "mass": 52.00, "radius": 128.0, "strength": 130.0},
    "ni": {"density": 8.91, "mass": 58.69, "radius": 124.0, "strength": 60.0},
}
# MPa, of the solid-solution term: chosen so that it matters, fitted to nothing
HARDENING = 6000.0


def evaluate(parameters: dict[str, float]) -> dict[str, float]:
    """Strength and density of a mixture by atomic fractions, which add up to 1."""
    fractions = {name: parameters[name] for name in ELEMENTS}

    def mean(key: str) -> float:
        return sum(x * ELEMENTS[name][key] for name, x in fractions.items())

    radius = mean("radius")
    misfit = sum(x * (1 - ELEMENTS[name]["radius"] / radius) ** 2 for name, x in fractions.items())
    volume = sum(
        x * ELEMENTS[name]["mass"] / ELEMENTS[name]["density"] for name, x in fractions.items()
    )
    # Labusch: the misfit parameter, here the root of the variance above, to the power 4/3
    return {
        "strength": mean("strength") + HARDENING * misfit ** (2 / 3),
        "density": mean("mass") / volume,
    }
