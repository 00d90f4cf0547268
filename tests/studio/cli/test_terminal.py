"""What is seen in a terminal."""

from __future__ import annotations

import json
import re

from tests.studio.cli.conftest import terminal

HEATMAP = ["heatmap", "AdExNeuron", "--x", "a=0:8:15", "--y", "b=0:0.16:15"]
WORK = ["--duration", "3000"]

STYLE = re.compile(r"\x1b\[([0-9;]*)m")
BRAILLE = re.compile("[\u2801-\u28ff]")


def has_colour(screen: str) -> bool:
    """Whether a control sequence sets a foreground or background colour."""
    codes = {int(code) for found in STYLE.findall(screen) for code in found.split(";") if code}
    return bool(codes & {*range(30, 39), *range(40, 49), *range(90, 108)})


def plain(screen: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen).replace("\r\n", "\n")


def test_a_live_bar_is_on_stderr_and_goes_away_while_stdout_has_json_alone() -> None:
    seen = terminal(*HEATMAP, *WORK, "--json", piped_stdout=True)
    assert seen.code == 0
    assert len(json.loads(seen.stdout)["y"]) == 15
    drawn = [int(pct) for pct in re.findall(r"(\d+) %", plain(seen.screen))]
    assert len(drawn) > 2
    assert drawn == sorted(drawn)
    assert re.search(r"Heatmap \d+/225 +[━╸╺]+ +\d+ %", plain(seen.screen))
    after = seen.screen.rpartition("%")[2]
    assert "\x1b[2K" in after  # the line is erased, ...
    assert "\x1b[?25h" in after  # ... and the cursor shown again


def test_a_heatmap_in_a_terminal_is_rows_of_coloured_cells() -> None:
    seen = terminal(*HEATMAP, COLORTERM="truecolor")
    assert len(set(re.findall(r"48;2;\d+;\d+;\d+", seen.screen))) > 5
    lines = plain(seen.screen).splitlines()
    labels = [line.split("┤")[0].strip() for line in lines if "┤" in line]
    assert (len(labels), labels[0], labels[-1]) == (15, "0.16", "0")  # upwards, as in a plot
    assert any("a (nS)" in line for line in lines)
    assert any(line.strip() == "b (nA)" for line in lines)
    assert any(line.rstrip().endswith("55 Hz") for line in lines)


def test_no_color_is_honoured_and_cells_are_shaded_instead() -> None:
    assert has_colour(terminal(*HEATMAP, *WORK).screen)
    seen = terminal(*HEATMAP, *WORK, NO_COLOR="1")
    assert not has_colour(seen.screen)
    assert {"░", "▒", "▓", "█"} <= set(seen.screen)


def test_a_run_in_a_terminal_shows_its_trace() -> None:
    screen = plain(terminal("simulate", "AdExNeuron").screen)
    assert BRAILLE.search(screen)
    assert "200 ms" in screen
    assert all(len(line) <= 80 for line in screen.splitlines())


def test_a_characterization_in_a_terminal_fits_80_columns_and_shows_its_curve() -> None:
    screen = plain(terminal("characterize", "AdExNeuron").screen)
    results = screen[screen.index("AdExNeuron") :].splitlines()
    assert any("95 Hz ┤" in line and "██" in line for line in results)
    assert all(len(line.rstrip()) <= 80 for line in results)


def test_a_scan_in_a_terminal_shows_each_model_once_and_fits_80_columns() -> None:
    screen = terminal("scan", "--duration", "30").screen
    rows = [line for line in plain(screen).splitlines() if re.match(r"\w+Neuron +\w", line)]
    names = [row.split()[0] for row in rows]
    assert "HodgkinHuxleyNeuron" in names
    assert len(set(names)) == len(names)
    assert all(len(row.rstrip()) <= 80 for row in rows)


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines() -> None:
    seen = terminal("simulate", "AdExNeuron", "--json", piped_stdout=True, TERM="dumb")
    assert seen.screen == "  0 %  Running simulation\r\n"


def test_a_terminal_without_unicode_gets_the_numbers_and_no_plot() -> None:
    seen = terminal("simulate", "AdExNeuron", PYTHONIOENCODING="ascii")
    assert seen.code == 0
    assert "25 Hz, 5 spikes" in plain(seen.screen)
    assert "?" not in plain(seen.screen)
