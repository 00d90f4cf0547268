"""What make does, without doing it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

ANEW = ("rm -rf .venv", "-m venv .venv", "--editable .")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A directory in which `make serve` has run, with a Python that has pip."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    for age, name in enumerate([".venv/serve.done", "setup.cfg", "pyproject.toml", python]):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    return tmp_path


def told(checkout: Path) -> str:
    """What `make serve` would run."""
    environment = {key: text for key, text in os.environ.items() if not key.startswith("MAKE")}
    command = ["make", "--dry-run", "serve"]
    return subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_what_is_installed_is_not_installed_again(checkout: Path) -> None:
    assert not any(part in told(checkout) for part in ANEW)


def test_what_the_project_needs_is_installed_when_it_changes(checkout: Path) -> None:
    (checkout / "setup.cfg").touch()
    assert "--editable ." in told(checkout)
    assert "-m venv" not in told(checkout)


@pytest.mark.parametrize("is_there", [False, True])
def test_a_python_that_is_gone_or_has_lost_its_packages_makes_all_anew(
    checkout: Path, is_there: bool
) -> None:
    python = checkout / ".venv/bin/python"
    python.unlink()
    if is_there:
        python.write_text("#!/bin/sh\nexit 1\n")  # import pip fails
        python.chmod(0o755)
        os.utime(python, (1e9 - 3, 1e9 - 3))
    else:
        python.symlink_to("/nowhere/python3")
    assert all(part in told(checkout) for part in ANEW)
