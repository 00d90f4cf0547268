"""studio campaign: what it prints, what it keeps, and how it goes on."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from threadpoolctl import threadpool_limits

from studio.cli import main
from studio.cli.campaign import checking, files
from studio.local_campaign import Log
from studio.wire.yaml import read_yaml
from tests.conftest import DEADLINE_S, ROOT, Server
from tests.studio.cli.conftest import command, environment, terminal

EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
ITERATION = [
    r"\[Iter 1/1\] Training surrogate\.\.\. done \(\d+\.\ds, val_loss=\d+\.\d{4}\)",
    r"\[Iter 1/1\] Optimizing acquisition\.\.\. done \(\d+\.\ds, \d+ candidates\)",
    r"\[Iter 1/1\] Evaluating candidates\.\.\. done \(\d+\.\ds(, \d+ failed)?\)",
    r"\[Iter 1/1\] Best: (\w+=\S+(, \w+=\S+)*|none is feasible yet)",
]
SLOW = """
import time
def evaluate(p):
    time.sleep(0.02)
    return {"near": (p["x"] - 0.2) ** 2 + p["y"], "far": (p["x"] - 0.9) ** 2 + p["y"]}
"""
OWN = """
name: own
domain: python
evaluator: own.py:evaluate
parameters:
  - {name: x, type: continuous, bounds: [0, 1]}
  - {name: y, type: continuous, bounds: [0, 1]}
objectives:
  - {name: near, direction: minimize}
  - {name: far, direction: minimize}
campaign: {max_iterations: 4, batch_size: 2, initial_samples: 4}
"""


def small(example: Path, to: Path, **plan: Any) -> Path:
    """A copy of an example with a small budget, beside what it needs."""
    document = read_yaml(example.read_text())
    document["campaign"] |= {"max_iterations": 1, "batch_size": 2, "initial_samples": 6} | plan
    for code in example.parent.glob("*.py"):
        (to / code.name).write_text(code.read_text())
    path = to / example.with_suffix(".json").name
    path.write_text(json.dumps(document))
    return path


def own(to: Path) -> Path:
    (to / "own.py").write_text(SLOW)
    (to / "own.yaml").write_text(OWN)
    return to / "own.yaml"


def here(*arguments: str) -> Result:
    """A command in this process: starting one takes a second."""
    with threadpool_limits(limits=1):
        return CliRunner().invoke(main, arguments)


def run(config: Path, *more: str) -> Result:
    return here("campaign", "run", "--config", str(config), *more)


def evaluated(log: Path) -> list[dict[str, Any]]:
    """Every evaluation in a log, but for how long it took."""
    found = here("campaign", "results", str(log), "--json")
    assert found.exit_code == 0, found.stderr
    return [{**row, "duration_s": None} for row in json.loads(found.stdout)["results"]]


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.stem != "lab_manual"], ids=str)
def test_an_example_runs_and_prints_four_lines_an_iteration_and_a_table(
    example: Path, tmp_path: Path
) -> None:
    ran = run(small(example, tmp_path))
    assert ran.exit_code == 0, ran.stderr
    first, *rest = ran.stdout.splitlines()
    assert re.fullmatch(ITERATION[2].replace("1/1", "0/1"), first)
    for pattern, line in zip(ITERATION, rest, strict=False):
        assert re.fullmatch(pattern, line), line
    assert rest[4] == "Completed: all 1 iterations are done"
    assert rest[6] == "Pareto front"
    names = [item["name"] for item in read_yaml(example.read_text())["objectives"]]
    assert all(name in rest[7] for name in names) or rest[7] == "no evaluation is feasible"


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_is_valid_as_it_stands(example: Path) -> None:
    checking.checked(files.read(str(example)))


def test_a_laboratory_fills_in_the_sheet_of_every_batch(tmp_path: Path) -> None:
    config = small(ROOT / "examples" / "lab_manual.yaml", tmp_path)
    sheet, filled = tmp_path / "lab_manual.candidates.csv", tmp_path / "filled.csv"
    asked = run(config)
    for _ in range(2):
        assert asked.exit_code == 0, asked.stderr
        assert str(sheet) in asked.stderr
        with sheet.open() as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row["yield"] = row["temperature"]
            row["impurity"] = str(float(row["hours"]) / 10)
        rows[0] |= {"yield": "", "impurity": "", "status": "failed", "reason": "spilled"}
        with filled.open("w") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        asked = run(config, "--resume", "--results", str(filled))
    assert "Completed: all 1 iterations are done" in asked.stdout
    rows = evaluated(tmp_path / "lab_manual.campaign.jsonl")
    assert [row["reason"] for row in rows if row["status"] == "failed"] == ["spilled"] * 2


def lab(to: Path) -> tuple[Path, Path]:
    """A campaign that waits for two results, and its sheet."""
    config = small(ROOT / "examples" / "lab_manual.yaml", to, initial_samples=2)
    assert run(config).exit_code == 0
    return config, to / "lab_manual.candidates.csv"


def filled(sheet: Path) -> str:
    """A sheet with results in all its rows."""
    head, *rows = sheet.read_text().splitlines()
    return "\n".join([head, *(row.removesuffix(",,,,") + ",50,3,," for row in rows)])


@pytest.mark.parametrize("more", [["--resume"], []])
def test_a_sheet_that_was_filled_in_but_not_named_is_kept(tmp_path: Path, more: list[str]) -> None:
    config, sheet = lab(tmp_path)
    sheet.write_text(filled(sheet))
    assert run(config, *more).exit_code == 0
    assert ",50,3,," in sheet.read_text()


def test_a_sheet_for_other_candidates_is_kept_aside(tmp_path: Path) -> None:
    _, sheet = lab(tmp_path)
    sheet.write_text(filled(sheet))
    config = small(ROOT / "examples" / "lab_manual.yaml", tmp_path, initial_samples=2, seed=5)
    assert run(config).exit_code == 0
    assert ",50,3,," not in sheet.read_text()
    assert ",50,3,," in (tmp_path / "lab_manual.candidates.1.csv").read_text()
    old = str(tmp_path / "lab_manual.candidates.1.csv")
    refused = run(config, "--resume", "--results", old)
    assert (refused.exit_code, "with other parameters" in refused.stderr) == (3, True)


def test_points_of_the_laboratorys_own_are_taken_once(tmp_path: Path) -> None:
    config, _ = lab(tmp_path)
    point = "temperature,catalyst,equivalents,hours,yield,impurity\n30,A,1.5,4,60,2\n"
    (tmp_path / "own.csv").write_text(point)
    for _ in range(2):
        ran = run(config, "--resume", "--results", str(tmp_path / "own.csv"))
        assert ran.exit_code == 0, ran.stderr
    rows = evaluated(tmp_path / "lab_manual.campaign.jsonl")
    assert [row["id"] for row in rows] == ["x0001", "c0001", "c0002"]


def test_a_result_of_a_candidate_that_nobody_proposed_is_refused(tmp_path: Path) -> None:
    config, _ = lab(tmp_path)
    (tmp_path / "own.csv").write_text("id,yield,impurity\nc0999,60,2\n")
    refused = run(config, "--resume", "--results", str(tmp_path / "own.csv"))
    assert refused.exit_code == 3
    assert "'c0999' does not wait for a result; c0001, c0002 wait" in refused.stderr


def test_choices_that_look_like_numbers_start_another_campaign_as_they_are(tmp_path: Path) -> None:
    document = {
        "name": "digits",
        "domain": "manual",
        "parameters": [{"name": "kind", "type": "categorical", "choices": ["1.0", "007", "1e9"]}],
        "objectives": [{"name": "y", "direction": "maximize"}],
        "data": "earlier.csv",
    }
    (tmp_path / "digits.json").write_text(json.dumps(document))
    (tmp_path / "earlier.csv").write_text("kind,y\n1.0,1\n007,2\n1e9,3\n")
    read = files.read(str(tmp_path / "digits.json"))
    assert [row["kind"] for row in read["data"]] == ["1.0", "007", "1e9"]
    checking.checked(read)


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    log = tmp_path / "lab_manual.campaign.jsonl"
    lab(tmp_path)
    refused = here("campaign", "export", str(log), str(tmp_path / "nowhere" / "out.csv"))
    assert refused.exit_code == 1
    assert "cannot be written: No such file or directory" in refused.stderr


def test_as_json_it_prints_an_event_a_line_and_an_export_starts_another(tmp_path: Path) -> None:
    config = small(ROOT / "examples" / "ro_membrane.yaml", tmp_path)
    ran = run(config, "--json")
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["type"] for event in events][-2:] == ["iteration_completed", "campaign_completed"]
    export, log = tmp_path / "earlier.csv", tmp_path / "ro_membrane.campaign.jsonl"
    assert here("campaign", "export", str(log), str(export)).exit_code == 0
    document = json.loads(config.read_text()) | {"data": "earlier.csv", "name": "warm"}
    warm = tmp_path / "warm.json"
    warm.write_text(json.dumps(document))
    first, *_ = [json.loads(line) for line in run(warm, "--json").stdout.splitlines()]
    assert first["type"] == "candidates_evaluated"
    assert [r["objectives"] for r in first["results"]] == [r["objectives"] for r in evaluated(log)]


def test_all_that_is_wrong_is_listed_with_exit_code_3(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(OWN.replace("own.py", "none.py").replace("[0, 1]", "[1, 0]", 1))
    for ran in (here("campaign", "validate", str(bad)), run(bad)):
        told = ran.stdout + ran.stderr
        assert ran.exit_code == 3
        assert "  parameters[0].bounds: the lower, 1, must be below" in told
        assert "  evaluator: there is no file" in told
    bad.write_text("a: &x 1\n")
    assert "anchors" in here("campaign", "validate", str(bad)).stdout


def test_killed_again_and_again_it_ends_as_if_left_alone(tmp_path: Path) -> None:
    calm, rough = tmp_path / "calm", tmp_path / "rough"
    calm.mkdir()
    rough.mkdir()
    assert run(own(calm)).exit_code == 0
    config, log = own(rough), rough / "own.campaign.jsonl"
    for kills_after, resume in ((3, ()), (5, ("--resume",))):
        arguments = command("campaign", "run", "--config", str(config), *resume)
        with subprocess.Popen(
            arguments, cwd=ROOT, env=environment(OMP_NUM_THREADS="1"), stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            for _ in range(kills_after):
                assert process.stdout.readline()
            process.kill()
    with log.open("ab") as file:
        file.write(b'{"type":"iteration_sta')  # a line that the kill tore
    ran = run(config, "--resume")
    assert ran.exit_code == 0, ran.stderr
    assert evaluated(log) == evaluated(calm / "own.campaign.jsonl")


def test_ctrl_c_finishes_the_iteration_and_saves(tmp_path: Path) -> None:
    config = own(tmp_path)
    arguments = command("campaign", "run", "--config", str(config), "--json")
    with subprocess.Popen(
        arguments, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        watch = threading.Timer(DEADLINE_S, process.kill)
        watch.start()
        assert process.stdout is not None
        while b"iteration_started" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate()
        watch.cancel()
    last = json.loads(rest.splitlines()[-1])
    assert process.returncode == 130
    assert last["type"] == "iteration_completed"
    assert last["iteration"] < 4
    assert b"--resume goes on" in errors
    assert "Completed" in run(config, "--resume").stdout


def test_a_second_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    config = own(tmp_path)
    # not one long sleep: a signal that comes just before that begins is seen when it ends
    endless = SLOW.replace("time.sleep(0.02)", "while True: time.sleep(0.02)")
    (tmp_path / "own.py").write_text(endless)
    arguments = command("campaign", "run", "--config", str(config), "--json")
    with subprocess.Popen(
        arguments, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        watch = threading.Timer(DEADLINE_S, process.kill)
        watch.start()
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"candidates_proposed" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert b"Ctrl-C again stops now" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.wait()
        watch.cancel()
    assert process.returncode == 130


def test_a_log_goes_on_with_more_iterations_but_with_nothing_else_changed(tmp_path: Path) -> None:
    config = own(tmp_path)
    config.write_text(OWN.replace("iterations: 4", "iterations: 1"))
    assert run(config).exit_code == 0
    config.write_text(OWN.replace("iterations: 4", "iterations: 2"))
    assert "all 2 iterations" in run(config, "--resume").stdout
    assert "all 2 iterations" in run(config, "--resume").stdout  # nothing is left to do
    config.write_text(OWN.replace("[0, 1]", "[0, 2]", 1))
    refused = run(config, "--resume")
    assert refused.exit_code == 3
    assert "other parameters" in refused.stderr
    assert run(config).exit_code == 0
    assert (tmp_path / "own.campaign.1.jsonl").exists()


def test_a_log_is_read_while_it_is_written(tmp_path: Path) -> None:
    lab(tmp_path)
    path = tmp_path / "lab_manual.campaign.jsonl"
    assert "paused" in here("campaign", "show", str(path)).stdout
    log = Log(path)
    with path.open("ab") as file:
        file.write(b'{"type":"candidates_eval')
    before = path.read_bytes()
    shown, exported = here("campaign", "show", str(path)), tmp_path / "out.csv"
    assert here("campaign", "export", str(path), str(exported)).exit_code == 0
    log.close()
    assert shown.exit_code == 0, shown.stderr
    assert re.search(r"state +sampling", shown.stdout)
    assert len(exported.read_text().splitlines()) == 3
    assert path.read_bytes() == before


def test_in_a_terminal_the_lines_stand_above_a_bar(tmp_path: Path) -> None:
    config = small(ROOT / "examples" / "ro_membrane.yaml", tmp_path)
    seen = terminal("campaign", "run", "--config", str(config), columns=100)
    assert seen.code == 0
    assert "1/1 Optimizing acquisition" in seen.screen
    assert re.search(ITERATION[3], seen.screen)


def test_on_a_server_the_same_lines_come_and_the_same_front(server: Server, tmp_path: Path) -> None:
    config = small(ROOT / "examples" / "ro_membrane.yaml", tmp_path)
    on_server, alone = run(config, "--url", server.url), run(config)
    assert on_server.exit_code == 0, on_server.stderr
    timeless = [re.sub(r"\d+\.\ds", "", ran.stdout) for ran in (on_server, alone)]
    assert timeless[0] == timeless[1]
    (campaign,) = re.findall(r"c_\w+", on_server.stderr)
    for what in ("show", "watch", "results"):
        shown = here("campaign", what, campaign, "--url", server.url)
        assert shown.exit_code == 0, shown.stderr
        assert "c0001" in shown.stdout or "Pareto front" in shown.stdout
    assert campaign in here("campaign", "list", "--url", server.url).stdout
    extend = ("campaign", "extend", campaign, "--iterations", "1", "--url", server.url)
    assert here(*extend).exit_code == 0
    again = here("campaign", "watch", campaign, "--url", server.url)
    assert "Completed: all 2 iterations are done" in again.stdout


def test_what_a_server_finds_wrong_is_listed_as_here(server: Server, tmp_path: Path) -> None:
    config = tmp_path / "bad.yaml"
    config.write_text(
        (ROOT / "examples" / "ro_membrane.yaml").read_text().replace("nm}", "nm, x: 1}")
    )
    there, locally = run(config, "--url", server.url), run(config)
    assert (there.exit_code, there.stderr) == (3, locally.stderr)
    assert "  parameters[0].x: is not a known key" in there.stderr


def test_a_python_evaluator_never_goes_to_a_server(server: Server, tmp_path: Path) -> None:
    refused = run(own(tmp_path), "--url", server.url)
    assert refused.exit_code == 3
    assert "never from a request" in refused.stderr


def test_the_schema_is_printed() -> None:
    told = json.loads(here("campaign", "schema").stdout)
    assert "ManualCampaign" in told["$defs"]
