"""Jobs on real workers where machine code cannot be made, kept or run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import llvmlite.binding as binding
import msgspec
import pytest

from kernels.neurons import catalogue
from kernels.neurons.engines.llvm import compiler
from kernels.neurons.program import usual
from studio import Client
from studio.config import Limits
from studio.jobs.machine_code import MachineCode
from studio.jobs.runner import Runner
from studio.jobs.slots import SlotPool
from studio.store.sqlite import SqliteStore
from studio.wire.frames import Complete, Error
from studio.wire.requests import parse_config
from tests.conftest import ADEX_HEATMAP, DEADLINE_S, Server

# so long that the compiled engine pays, compiling included
LONG: dict[str, Any] = {**ADEX_HEATMAP, "duration": 4000}
LLVM = {**LONG, "engine": "llvm"}
TRAP = """
declare void @llvm.trap()
define i64 @advance() {
  call void @llvm.trap()
  unreachable
}
"""


@asynccontextmanager
async def running(code: MachineCode) -> AsyncIterator[Runner]:
    store = SqliteStore(None)
    async with SlotPool(1, code) as pool, anyio.create_task_group() as tasks:
        yield Runner(pool, tasks, Limits(), store)
        tasks.cancel_scope.cancel()
    await store.close()


async def ended(runner: Runner, op: str, config: dict[str, Any]) -> Any:
    with anyio.fail_after(DEADLINE_S):
        end = await runner.submit(op, parse_config(op, {**config, "fresh": True})).end()
    return msgspec.json.decode(end.result) if isinstance(end, Complete) else end


def the_file(folder: Path) -> Path:
    (path,) = folder.rglob("*.o")
    return path


async def test_a_damaged_file_is_made_anew_and_the_job_is_none_the_wiser(tmp_path: Path) -> None:
    async with running(MachineCode(tmp_path)) as runner:
        first = await ended(runner, "heatmap", LLVM)
    path = the_file(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:2000] + b"\0" * 1000 + whole[3000:])
    async with running(MachineCode(tmp_path)) as runner:
        again = await ended(runner, "heatmap", LLVM)
    assert (again["engine"], again["engine_reason"]) == ("llvm", "asked for")
    assert again["metrics"] == first["metrics"]
    assert the_file(tmp_path).read_bytes() == whole


async def test_where_nothing_can_be_kept_every_worker_compiles_for_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("where a folder should be")
    async with running(MachineCode(tmp_path / "file")) as runner:
        assert (await ended(runner, "heatmap", LLVM))["engine"] == "llvm"
    assert "machine code is not kept" in caplog.text


@pytest.fixture
def broken(tmp_path: Path) -> MachineCode:
    """Machine code that takes every worker down."""
    adex = catalogue.get("AdExNeuron")
    name = f"{compiler.machine()}-{usual(adex, adex.integrator).digest}"
    code = MachineCode(tmp_path)
    code[name] = compiler._target().emit_object(binding.parse_assembly(TRAP))
    return code


async def test_a_job_whose_machine_code_fails_goes_on_on_numpy_and_says_so(
    broken: MachineCode, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(broken) as runner:
        on_numpy = await ended(runner, "heatmap", {**LONG, "engine": "numpy"})
        result = await ended(runner, "heatmap", LONG)
    assert result["engine"] == result["config"]["engine"] == "numpy"
    assert result["engine_reason"].startswith("estimated: llvm ")
    assert "; numpy ran since machine code failed: it was ended by SIG" in result["engine_reason"]
    assert result["metrics"] == on_numpy["metrics"]
    assert "machine code fails, numpy runs" in caplog.text


async def test_machine_code_that_was_asked_for_and_fails_is_an_error_of_its_field(
    broken: MachineCode,
) -> None:
    async with running(broken) as runner:
        end = await ended(runner, "heatmap", LLVM)
    assert isinstance(end, Error)
    assert end.code == "no_engine"
    assert [error.pointer for error in end.errors] == ["/engine"]
    assert "SIG" in end.msg


@pytest.fixture
def without_llvm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start_server: Callable[..., Server]
) -> Server:
    """A server on which LLVM's library is missing."""
    (tmp_path / "llvmlite").mkdir()
    missing = "raise OSError('libLLVM.so: cannot open shared object file')"
    (tmp_path / "llvmlite" / "__init__.py").write_text(missing)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return start_server("--workers", "1")


def test_a_server_without_llvm_runs_what_does_not_ask_for_it(without_llvm: Server) -> None:
    ran = without_llvm.request("POST", "/api/v1/heatmap", LONG)
    result = ran.json()
    assert ran.status == 200
    assert result["engine"] == "numpy"
    assert "llvm cannot be loaded: libLLVM.so" in result["engine_reason"]
    refused = without_llvm.request("POST", "/api/v1/heatmap", LLVM)
    assert refused.status == 422
    assert refused.json()["code"] == "no_engine"
    (error,) = refused.json()["errors"]
    assert error["pointer"] == "/engine"
    assert "auto chooses another one" in error["detail"]


def test_a_scan_that_asks_for_llvm_is_refused_where_there_is_none(without_llvm: Server) -> None:
    refused = without_llvm.request("POST", "/api/v1/scan", {"duration": 20, "engine": "llvm"})
    assert refused.status == 422
    assert refused.json()["code"] == "no_engine"


def test_a_campaign_goes_on_without_llvm(without_llvm: Server) -> None:
    client = Client(without_llvm.url)
    campaign = client.campaigns.create(
        {
            "name": "fit",
            "domain": "neuron",
            "model": {"name": "AdExNeuron", "current": 0.8, "duration": 100, "engine": "llvm"},
            "parameters": [{"name": "b", "type": "continuous", "bounds": [0, 0.2]}],
            "objectives": [{"name": "rate", "feature": "rate_hz", "target": 20}],
            "campaign": {"max_iterations": 1, "batch_size": 2, "initial_samples": 3},
        }
    )
    client.campaigns.start(campaign.id)
    for _ in client.campaigns.stream(campaign.id):
        pass
    ended = client.campaigns.results(campaign.id)
    assert ended.state == "completed"
    assert len(ended.results) == 5
