"""Every model is held against numbers of somebody else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from kernels.neurons.catalogue import CATALOGUE

ROOT = Path(__file__).resolve().parents[2]
NAMES = {model.name for model in CATALOGUE}


def witnessed() -> set[str]:
    """Those that another simulator runs beside: the table of three columns in the document."""
    text = (ROOT / "docs" / "validation.md").read_text()
    return set(re.findall(r"^\| (\w+) \|[^|\n]+\|[^|\n]+\|$", text, re.MULTILINE)) - {"model"}


def published() -> set[str]:
    """Those that a test with the marker `published` names."""
    return {
        ast.literal_eval(name)
        for path in (ROOT / "tests" / "kernels" / "neurons" / "models").glob("test_*.py")
        for test in ast.walk(ast.parse(path.read_text()))
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.published"
        for name in mark.args
    }


def test_every_model_has_a_witness_or_a_published_number():
    assert sorted(NAMES - witnessed() - published()) == []


def test_witnesses_and_published_numbers_are_of_models_that_there_are():
    assert sorted((witnessed() | published()) - NAMES) == []
