"""studio characterize"""

from __future__ import annotations

from studio.cli import options

command = options.operation(
    "characterize",
    *options.MODEL,
    options.option("--fi-max", type=float, help="Top of the f-I curve, in the current's unit."),
    example="studio characterize HodgkinHuxleyNeuron",
)
