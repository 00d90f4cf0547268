"""studio simulate, characterize, heatmap and scan as processes."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio import local
from tests.conftest import DEADLINE_S, ROOT, Server
from tests.studio.cli.conftest import command, environment, studio

SHORT = ["--duration", "60", "--engine", "numpy"]
ADEX = ["AdExNeuron", "-p", "a=2", "--init", "V=-65", "--current", "0.9", *SHORT]
ADEX_CONFIG: dict[str, Any] = {
    "name": "AdExNeuron",
    "params": {"a": 2.0},
    "init": {"V": -65.0},
    "current": 0.9,
    "duration": 60.0,
    "engine": "numpy",
}
AXES = ["--x", "tau_w=10:100:4:log", "--y", "b=0:0.16:3"]
AXES_CONFIG = {
    "param_x": "tau_w",
    "x_min": 10.0,
    "x_max": 100.0,
    "x_steps": 4,
    "x_scale": "log",
    "param_y": "b",
    "y_min": 0.0,
    "y_max": 0.16,
    "y_steps": 3,
    "y_scale": "linear",
}
STEP = {"kind": "step", "amplitude": 2.0, "onset": 1.0}
RUNS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "simulate": (ADEX, ADEX_CONFIG),
    "characterize": ([*ADEX, "--fi-max", "2"], {**ADEX_CONFIG, "fi_max": 2.0}),
    "heatmap": ([*ADEX, *AXES], {**ADEX_CONFIG, **AXES_CONFIG}),
    "scan": (
        [*("--duration", "5", "--engine", "numpy"), "--stimulus", json.dumps(STEP)],
        {"duration": 5.0, "engine": "numpy", "stimulus": STEP},
    ),
}


def without_time(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if key != "elapsed_s"}


@pytest.mark.parametrize("op", RUNS)
def test_an_operation_gives_the_same_in_process_on_a_server_and_over_http(
    server: Server, op: str
) -> None:
    options, config = RUNS[op]
    here = studio(op, *options, "--json")
    there = studio(op, *options, "--json", "--url", server.url)
    posted = server.request("POST", f"/api/v1/{op}", config)
    assert (here.returncode, there.returncode, posted.status) == (0, 0, 200)
    expected = without_time(posted.json())
    assert without_time(json.loads(here.stdout)) == expected
    assert without_time(json.loads(there.stdout)) == expected


def test_progress_in_a_pipe_is_plain_lines_one_for_each_tenth_of_a_step() -> None:
    run = studio("characterize", "HodgkinHuxleyNeuron", "--json")
    lines = run.stderr.splitlines()
    assert lines[0] == "  0 %  Running default simulation"
    assert any(line.startswith(" 70 %  Sensitivity 0/7") for line in lines)
    assert len(lines) <= 3 + 10
    assert all(line.isprintable() for line in lines)
    assert json.loads(run.stdout)["status"] == "ok"


@pytest.mark.parametrize("op", RUNS)
def test_what_is_printed_into_a_pipe_has_no_control_characters(op: str) -> None:
    run = studio(op, *RUNS[op][0], FORCE_COLOR="", TERM="xterm-256color")
    assert run.returncode == 0
    assert "".join(run.stdout.split("\n")).isprintable()
    assert "".join(run.stderr.split("\n")).isprintable()


def test_a_run_is_told_with_pattern_rate_and_units() -> None:
    lines = studio("simulate", "AdExNeuron").stdout.splitlines()
    assert lines[0] == "AdExNeuron  Adaptive exponential integrate-and-fire"
    assert "current 0.8 nA, 200 ms in steps of 0.1 ms, euler" in lines[1]
    assert "pattern          adapting: intervals grow before they settle" in lines
    assert "rate             25 Hz, 5 spikes" in lines
    assert "latency          18 ms" in lines


def test_a_missing_number_is_a_dash_with_its_reason_below() -> None:
    lines = studio("simulate", "AdExNeuron", "--current", "0").stdout.splitlines()
    assert "rate             0 Hz, 0 spikes" in lines
    assert "latency          –" in lines
    assert "– latency: no spike" in lines
    assert "– CV, local variation, adaptation: needs three spikes" in lines


def test_a_run_that_diverged_says_so() -> None:
    run = studio("simulate", "HodgkinHuxleyNeuron", "--dt", "1")
    assert run.returncode == 0
    assert "rate             –" in run.stdout
    assert "a smaller dt may help" in run.stdout


def test_a_model_without_spikes_says_what_its_rate_is() -> None:
    lines = studio("characterize", "WilsonCowanUnit", "--duration", "20").stdout.splitlines()
    assert "pattern       –" in lines
    assert "– rheobase: the model has no spikes" in lines


@pytest.mark.parametrize("op", ["simulate", "characterize"])
@pytest.mark.parametrize("name", ["FitzHughNagumoNeuron", "RulkovMapNeuron"])
def test_where_time_has_no_unit_nothing_is_told_in_ms_or_hz(op: str, name: str) -> None:
    _, head, *lines = studio(op, name, "--duration", "100").stdout.splitlines()
    assert " ms in steps" not in head  # how long it took to compute is told in ms there
    told = " ".join(lines).split()
    assert "100" in head
    assert not {"ms", "Hz"} & set(told)


def test_a_heatmap_in_a_pipe_is_a_table_of_rates_with_axes_and_units() -> None:
    options = ["AdExNeuron", "--x", "a=0:8:3", "--y", "b=0:0.16:2"]
    result = json.loads(studio("heatmap", *options, "--json").stdout)
    lines = studio("heatmap", *options).stdout.splitlines()
    at = lines.index("rate (Hz): b (nA) down, a (nS) across")
    table = [line.split() for line in lines[at + 1 : at + 4]]
    assert table[0] == ["b\\a", "0", "4", "8"]
    assert [row[0] for row in table[1:]] == ["0", "0.16"]
    assert [[float(rate) for rate in row[1:]] for row in table[1:]] == result["metrics"]["rate_hz"]


def test_a_scan_in_a_pipe_is_a_row_for_each_model_and_the_counts() -> None:
    result = local.run("scan", {"duration": 30.0})
    lines = studio("scan", "--duration", "30").stdout.splitlines()
    assert lines[0].split() == [*("name", "family", "pattern", "rate", "current", "duration"),
                                "status"]  # fmt: skip
    rows = lines[1 : 1 + len(result["models"])]
    assert [row.split()[0] for row in rows] == [model["name"] for model in result["models"]]
    (adex,) = (row for row in rows if row.startswith("AdExNeuron"))
    assert "0.8 nA     30 ms  ok" in adex
    counts = dict(part.split(" ") for part in lines[len(rows) + 2].split(", "))
    assert {name: int(n) for name, n in counts.items()} == result["pattern_counts"]


def test_options_override_the_file_of_a_configuration(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    resolved = local.run("simulate", ADEX_CONFIG)["config"]
    file.write_text(json.dumps(resolved))
    stimulus = json.dumps({"kind": "step", "amplitude": 1.0})
    options = ["--config", str(file), "-p", "b=0.1", "--stimulus", stimulus]
    config = json.loads(studio("simulate", *options, "--json").stdout)["config"]
    assert config["params"] == {**resolved["params"], "b": 0.1}
    assert config["init"] == resolved["init"]
    assert config["current"] is None
    assert config["stimulus"]["kind"] == "step"
    swept = ["--x", "tau_w=1:9:2", "--y", "current=0:1:2", "--config", "-"]
    heatmap = studio("heatmap", *swept, "--json", stdin=file.read_text())
    assert json.loads(heatmap.stdout)["x"] == [1.0, 9.0]


def test_a_value_of_zero_is_not_left_out() -> None:
    config = json.loads(studio("simulate", "AdExNeuron", "--current", "0", "--json").stdout)
    assert config["config"]["current"] == 0.0


BAD: list[tuple[list[str], int, str]] = [
    (["simulate", "AdExNeuro"], 3, 'name: "AdExNeuro" is not a model of the catalogue; did you'),
    (["simulate", "AdExNeuron", "-p", "C=-1"], 3, "params/C: must be in 1 to 10000 pF, not -1"),
    (["simulate", "AdExNeuron", "-p", "Z=1"], 3, 'params/Z: "Z" is not a parameter of AdExNeuron'),
    (["simulate", "AdExNeuron", "--dt", "0"], 3, "dt: must be a number > 0.0, not 0.0"),
    (["simulate", "AdExNeuron", "--current", "nan"], 3, "current: must be a finite number"),
    (
        ["simulate", "AdExNeuron", "--preset", "x"],
        3,
        '"x" is not a preset of AdExNeuron; there',
    ),
    (["simulate", "RulkovMapNeuron", "--transient", "1e9"], 3, "below the duration"),
    (["models", "ArcaneNeuron"], 3, "nearest model is AdaptiveThresholdIFNeuron"),
    (["simulate", "AdExNeuron", "--integrator", "leapfrog"], 3, "integrator: must be one of euler"),
    (["simulate", "AdExNeuron", "--stimulus", '{"kind": "x"}'], 3, "stimulus"),
    (["heatmap", "AdExNeuron", "--x", "a=8:0:3", "--y", "b=0:1:3"], 3, "x_max: must be above"),
    (["heatmap", "AdExNeuron", "-p", "a=1", "--x", "a=0:8:3", "--y", "b=0:1:3"], 3, "params/a: is"),
    (["heatmap", "AdExNeuron", "--x", "a=0:8:3"], 2, "--y is missing"),
    (["heatmap", "AdExNeuron", "--x", "a=0:8"], 2, "'--x': 'a=0:8' is not of the form name=min"),
    (["heatmap", "AdExNeuron", "--x", "a=0:z:3"], 2, "'--x': 'z' in 'a=0:z:3' is not a number"),
    (["simulate"], 2, "NAME is missing"),
    (["simulate", "AdExNeuron", "-p", "C"], 2, "'--param': 'C' is not of the form name=number"),
    (["simulate", "AdExNeuron", "-p", "C=x"], 2, "'--param': 'x' in 'C=x' is not a number"),
    (["simulate", "AdExNeuron", "--dt", "fast"], 2, "--dt"),
    (["simulate", "AdExNeuron", "--stimulus", "{"], 2, "--stimulus"),
    (["simulate", "AdExNeuron", "--stimulus", "[]"], 2, "[] is not a JSON object"),
    (["simulate", "--config", "/dev/null"], 2, "/dev/null: it is not JSON"),
    (["simulate", "--config", "/nowhere.json"], 2, "/nowhere.json"),
    (["models", "AdExNeurn"], 1, '"AdExNeurn" is not a model of the catalogue; did you mean AdEx'),
    (["simulate", "AdExNeuron", "--url", "ftp://x"], 2, "url: must begin with http://"),
    (["simulate", "AdExNeuron", "--url", "http://127.0.0.1:1"], 1, "http://127.0.0.1:1/api/v1"),
]


@pytest.mark.parametrize(("arguments", "code", "says"), BAD)
def test_bad_input_names_the_field_and_has_its_exit_code(
    arguments: list[str], code: int, says: str
) -> None:
    run = studio(*arguments, *(["--json"] if "--json" not in arguments else []))
    assert run.returncode == code
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stderr.splitlines()[-1].startswith("Error: ")
    assert run.stdout == ""


def test_a_server_refuses_with_the_words_of_this_process(server: Server) -> None:
    bad = ["simulate", "AdExNeuron", "-p", "C=-1", "--dt", "500"]
    here, there = studio(*bad), studio(*bad, "--url", server.url)
    assert (there.returncode, there.stderr) == (here.returncode, here.stderr)


LONG = ["simulate", "HodgkinHuxleyNeuron", "--duration", "2000000", "--engine", "scalar"]


def interrupted(*options: str) -> tuple[int, str]:
    """Start a run that is too long to end, and interrupt it once it has begun."""
    with subprocess.Popen(
        command(*LONG, *options), cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("  0 %")
        process.send_signal(signal.SIGINT)
        return process.wait(DEADLINE_S), process.stderr.read()


def test_an_interrupted_run_exits_130_without_a_traceback() -> None:
    code, errors = interrupted()
    assert code == 130
    assert errors.splitlines()[-1] == "Interrupted"
    assert "Traceback" not in errors


def test_an_interrupted_run_is_stopped_on_its_server(start_server: Callable[..., Server]) -> None:
    server = start_server("--workers", "1")
    code, _ = interrupted("--url", server.url)
    assert code == 130
    # answered only once the one worker is free
    assert studio("simulate", "LapicqueNeuron", "--url", server.url).returncode == 0
