"""studio simulate"""

from __future__ import annotations

from studio.cli import options

command = options.operation(
    "simulate", *options.MODEL, example="studio simulate AdExNeuron -p a=8 --current 1"
)
