"""The lines of the log."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

from studio.cli.logs import JsonLines


def line(record: logging.LogRecord) -> dict[str, object]:
    text = JsonLines().format(record)
    assert "\n" not in text
    told: dict[str, object] = json.loads(text)
    return told


def test_a_line_is_json_whatever_is_in_it() -> None:
    extra = {"job": 'j_"\n', "path": Path("x"), "none": None}
    record = logging.makeLogRecord({"msg": "a %s\nb", "args": ("ü",), "name": "x", **extra})
    told = line(record)
    assert told["msg"] == "a ü\nb"
    assert (told["job"], told["path"], told["none"]) == ('j_"\n', "x", None)


def test_a_line_holds_the_traceback() -> None:
    try:
        raise ValueError("wrong")
    except ValueError:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})
    assert "ValueError: wrong" in str(line(record)["trace"])
