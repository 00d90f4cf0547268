"""Hold the models against the same models run by other people's simulators.

Two kinds of witness: models that are built into NEST and NEURON, and equations that were typed for
Brian2 from the papers without a look at Studio's. Both sides are given the same initial states,
current and duration. A witness gets its parameters as they were typed from the literature once
more (witnesses/constants), and Studio's where they were not. Without names, the report goes to
docs/validation.md; the exit status says whether all agree.

    make validate
    .venv-peers/bin/python benchmarks/validate_models.py AdExNeuron NEST
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from witnesses import (  # noqa: F401  they enter their witnesses
    brian2_adaptive,
    brian2_bursters,
    brian2_conductance,
    brian2_cortex,
    brian2_integrate_and_fire,
    brian2_maps,
    brian2_oscillators,
    brian2_populations,
    nest_adaptive,
    nest_models,
    nest_rates,
    neuron_models,
)
from witnesses.compare import compare
from witnesses.report import line, markdown
from witnesses.steps import every
from witnesses.witness import WITNESSES, Witness

REPORT = Path(__file__).parent.parent / "docs" / "validation.md"


def main() -> int:
    """Compare with every witness, or with those asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="only these models, or these peers")
    asked = set(parser.parse_args().names)
    rows = []
    for witness in sorted(WITNESSES, key=_order):
        if not asked or asked & {witness.model, *witness.peer.split()}:
            rows.append(compare(witness))
            print(line(rows[-1]), flush=True)
    if not asked:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(markdown(rows, every()), encoding="utf-8")
        print(f"written to {REPORT.name}")
    return 0 if all(row.agrees for row in rows) else 1


def _order(witness: Witness) -> tuple[bool, str, str]:
    return not witness.builtin, witness.model.lower(), witness.peer


if __name__ == "__main__":
    sys.exit(main())
