"""The examples that a page offers: configurations that need nothing but the server."""

from __future__ import annotations

import functools
import importlib.resources
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from studio.wire import codec, yaml
from studio.wire.campaigns import Example, ExampleList

# Beside static/, of which it is certain that it is ours.
_FOLDER = Path(str(importlib.resources.files("static"))).parent / "examples"
_FIRST = "ro_membrane"


async def list_examples(request: Request) -> Response:
    """Every example with its title and its text, the one to begin with first."""
    return Response(codec.encode_json(ExampleList(examples())), media_type="application/json")


@functools.cache
def examples() -> list[Example]:
    """Those that are installed."""
    found = [_example(path) for path in sorted(_FOLDER.glob("*.yaml"))]
    able = [each for each in found if yaml.read_yaml(each.text.encode())["domain"] != "python"]
    return sorted(able, key=lambda each: each.name != _FIRST)


def _example(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    return Example(name=path.stem, title=text.partition("\n")[0].lstrip("# "), text=text)
