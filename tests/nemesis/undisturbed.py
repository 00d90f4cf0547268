"""What operations give where nothing goes wrong."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from studio import local
from studio.operations.campaign import check
from tests.nemesis.history import Plain, digest, short
from tests.studio.operations.campaign.drive import drive


class Undisturbed:
    """What operations give in this process, where nothing goes wrong; each is run once."""

    def __init__(self) -> None:
        self._known: dict[bytes, str] = {}

    def __call__(self, op: str, config: Plain) -> str:
        """The digest of a result, or of a campaign's events."""
        asked = {k: v for k, v in config.items() if k not in ("fresh", "detached")}
        key = msgspec.json.encode([op, asked], order="sorted")
        if key not in self._known:
            self._known[key] = _campaign(asked) if op == "campaign" else _result(op, asked)
        return self._known[key]


def _result(op: str, config: Plain) -> str:
    return digest(local.run(op, config))


def _campaign(config: Plain) -> str:
    log: list[Any] = []
    drive(check(config), log)
    return digest([short(json.loads(msgspec.json.encode(event))) for event in log])
