"""studio heatmap"""

from __future__ import annotations

from studio.cli import options

command = options.operation(
    "heatmap",
    *options.MODEL,
    *options.AXES,
    example="studio heatmap AdExNeuron --x a=0:8:15 --y b=0:0.16:15",
)
