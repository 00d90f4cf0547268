"""Who may import whom: the rooms of the house and the doors between them."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What each room may import of ours; a room is the longest prefix that fits.
ROOMS = {
    "kernels": ["kernels"],
    "static": [],
    "studio": ["studio.client"],
    "studio.__main__": ["studio.cli"],
    "studio.version": [],
    "studio.errors": [],
    "studio.config": [],
    "studio.auth": ["studio.errors"],
    "studio.wire": ["studio.wire", "studio.errors"],
    "studio.operations": [
        *("studio.operations", "kernels", "studio.wire", "studio.errors"),
        *("studio.config", "studio.version"),
    ],
    "studio.bus": ["studio.bus", "studio.wire", "studio.errors", "studio.config"],
    "studio.jobs": [
        *("studio.jobs", "studio.operations", "studio.bus", "studio.wire", "studio.errors"),
        *("studio.config", "studio.version", "studio.store.interface"),
        *("studio.store.campaigns", "kernels"),
    ],
    "studio.store": ["studio.store", "studio.wire", "studio.errors", "studio.config"],
    "studio.web": [
        *("studio.web", "studio.jobs", "studio.operations.models", "studio.bus", "studio.wire"),
        *("studio.auth", "studio.config", "studio.errors", "studio.version"),
        "studio.operations.export",
    ],
    "studio.client": ["studio.client", "studio.wire", "studio.errors"],
    "studio.local": [
        *("studio.operations", "studio.jobs.progress", "studio.jobs.worker", "studio.wire"),
        *("studio.errors", "studio.config"),
    ],
    "studio.local_campaign": [
        *("studio.operations", "studio.jobs.worker", "studio.wire", "studio.errors"),
    ],
    "studio.cli": ["studio"],
    "studio.app": ["studio"],
}
LIBRARIES = {
    "kernels": {"numpy", "scipy", "sklearn", "moocore"},
    "kernels.neurons.engines.llvm": {"numpy", "llvmlite"},
    "studio.wire": {"msgspec"},
    "studio.wire.yaml": {"msgspec", "yaml"},
    "studio.errors": {"msgspec"},
    "studio.config": set(),
    "studio.auth": {"anyio", "jwt"},
    "studio.client": {"msgspec", "websockets"},
    "studio.client.campaigns": {"msgspec", "numpy"},  # when arrays are asked for
}
RUNNING = ("models", "simulate", "characterize", "heatmap", "scan")


def modules() -> dict[str, Path]:
    found = {}
    for top in ("kernels", "studio", "static"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


MODULES = modules()


def imports(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else str(node.module) for name in names}
    return found


def room(module: str, table: dict[str, object]) -> str | None:
    fits = [name for name in table if module == name or module.startswith(f"{name}.")]
    return max(fits, key=len, default=None)


def inside(module: str, allowed: list[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_room_may(module: str) -> None:
    ours = {name for name in imports(MODULES[module]) if room(name, ROOMS) is not None}
    allowed = ROOMS[room(module, ROOMS) or ""]
    assert {name for name in ours if not inside(name, allowed)} == set()


@pytest.mark.parametrize("module", [m for m in MODULES if room(m, LIBRARIES)])
def test_a_pure_module_imports_only_its_libraries(module: str) -> None:
    tops = {name.split(".")[0] for name in imports(MODULES[module])}
    foreign = tops - set(sys.stdlib_module_names) - {"kernels", "studio"}
    assert foreign <= LIBRARIES[room(module, LIBRARIES) or ""]


def test_no_import_goes_in_a_circle() -> None:
    graph = {m: {n for n in imports(path) if n in MODULES} - {m} for m, path in MODULES.items()}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("studio", ["numpy", "msgspec"]),
        ("studio.cli", ["numpy", "starlette", "uvicorn", "rich"]),
        *((f"studio.cli.{command}", ["numpy", "starlette", "rich"]) for command in RUNNING),
        ("studio.cli.campaign", ["numpy", "starlette", "rich"]),
        ("studio.client.sync", ["numpy", "starlette", "rich"]),
        ("studio.cli.serve", ["scipy", "sklearn", "moocore", "llvmlite"]),
        ("studio.jobs.worker", ["scipy", "sklearn", "moocore", "starlette", "websockets"]),
        ("studio.operations.campaign", ["scipy", "sklearn", "moocore", "llvmlite", "yaml"]),
        ("studio.wire.campaigns", ["numpy", "yaml"]),
        ("kernels.optimise.propose", ["sklearn"]),
        ("kernels.materials.membrane", ["scipy"]),
    ],
)
def test_importing_stays_light(module: str, unwanted: list[str]) -> None:
    program = f"import sys, {module}; print(*[m for m in {unwanted} if m in sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert loaded.stdout.split() == []


@pytest.mark.parametrize("engine", ["numpy", "scalar", "llvm"])
def test_the_first_run_of_a_worker_loads_nothing_more(engine: str) -> None:
    config = f"{{'name': 'AdExNeuron', 'duration': 50.0, 'engine': '{engine}'}}"
    program = (
        "import sys; from studio import local; import kernels.neurons.engines.llvm\n"
        f"before = set(sys.modules); local.run('simulate', {config}, None)\n"
        "print(*[m for m in set(sys.modules) - before if m.startswith(('numpy.', 'scipy'))])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert loaded.stdout.split() == []
