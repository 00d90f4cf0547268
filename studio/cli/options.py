"""The options of the commands that run an operation, and the configuration they make."""

from __future__ import annotations

import re
from typing import IO, Any

import click

from studio.cli import COMMANDS
from studio.errors import StudioError
from studio.wire import codec

Document = dict[str, Any]

_PAIR = re.compile(r"(?P<name>[^=]+)=(?P<value>[^=]+)")
_AXIS = re.compile(
    r"(?P<param>[^=]+)=(?P<min>[^:]+):(?P<max>[^:]+):(?P<steps>\d+)(:(?P<scale>linear|log))?"
)


def _pair(text: str) -> tuple[str, float]:
    """`name=number`"""
    found = _PAIR.fullmatch(text)
    if not found:
        raise _wrong(text, "name=number, such as C=281")
    return found["name"], _number(found["value"], text)


def _axis(text: str) -> Document:
    """`name=min:max:steps[:log]`, as what a configuration says of an axis."""
    found = _AXIS.fullmatch(text)
    if not found:
        raise _wrong(text, "name=min:max:steps, such as a=0:8:15 or tau_w=1:1000:15:log")
    ends = {end: _number(found[end], text) for end in ("min", "max")}
    scale = found["scale"] or "linear"
    return {"param": found["param"], **ends, "steps": int(found["steps"]), "scale": scale}


def _number(text: str, whole: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} in {whole!r} is not a number") from None


def _wrong(text: str, form: str) -> click.BadParameter:
    return click.BadParameter(f"{text!r} is not of the form {form}")


def _json_object(text: str) -> Document:
    try:
        return _object(text)
    except StudioError as error:
        raise click.BadParameter(error.detail) from None


def _object(raw: str | bytes) -> Document:
    document = codec.decode_json(raw)
    if not isinstance(document, dict):
        raise StudioError("malformed", f"{codec.shown(document)} is not a JSON object")
    return document


def option(*names: str, **settings: Any) -> click.Option:
    """An option of a command."""
    return click.Option(names, **settings)


_IN_TIME = "in ms or the model's own unit"

BACKEND = (
    option("--url", metavar="URL", help="Let the server there compute, not this process."),
    option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else on stdout."),
)
RUN = (
    option("--current", type=float, help="Constant current, in the model's unit."),
    option(
        "--stimulus",
        type=_json_object,
        metavar="JSON",
        help="""Instead of a current, such as '{"kind": "step", "amplitude": 1}'.""",
    ),
    option("--duration", type=float, help=f"How long to simulate, {_IN_TIME}."),
    option("--dt", type=float, help=f"Time step, {_IN_TIME}."),
    option("--integrator", metavar="NAME", help="See `studio models NAME`."),
    option("--transient", type=float, help=f"What rates and intervals leave out, {_IN_TIME}."),
    option("--engine", metavar="NAME", help="auto, numpy, scalar or llvm."),
    option("--seed", type=int, help="Seed of the noise."),
    option("--trials", type=int, help="Runs with different noise."),
    option("--fresh", is_flag=True, help="Compute what the server already knows."),
    option("--config", type=click.File("rb"), help="Configuration as JSON; options override it."),
    *BACKEND,
)
MODEL = (
    click.Argument(["name"], required=False),
    option(
        *("-p", "--param", "params"),
        type=_pair,
        multiple=True,
        metavar="NAME=NUMBER",
        help="Value of a parameter.",
    ),
    option(
        "--init",
        type=_pair,
        multiple=True,
        metavar="NAME=NUMBER",
        help="Initial value of a state.",
    ),
    option("--preset", metavar="NAME", help="Published parameter set, see `studio models NAME`."),
    *RUN,
)
AXES = (
    option(
        "--x",
        type=_axis,
        metavar="NAME=MIN:MAX:STEPS",
        help="Along the rows; append :log for a log scale.",
    ),
    option("--y", type=_axis, metavar="NAME=MIN:MAX:STEPS", help="Along the columns, likewise."),
)

_AXES = ("x", "y")
_NEEDED = {"name": ("name", "NAME"), "x": ("param_x", "--x"), "y": ("param_y", "--y")}
_INSTEAD = {"current": "stimulus", "stimulus": "current"}


def document(given: dict[str, Any], config: IO[bytes] | None) -> Document:
    """The configuration of a file, overridden by the options that are given.

    Raises StudioError for the file, click.UsageError where something is missing.
    """
    made = {} if config is None else _from_file(config)
    for name in sorted(given, key=lambda name: name not in _AXES):  # what -p says stays to be seen
        if _is_given(given[name]):
            _override(made, name, given[name])
    for name, (key, shown) in _NEEDED.items():
        if name in given and key not in made:
            raise click.UsageError(f"{shown} is missing")
    return made


def _from_file(config: IO[bytes]) -> Document:
    try:
        return _object(config.read())
    except StudioError as error:
        raise StudioError(error.code, f"{config.name}: {error.detail}") from None


def _is_given(value: Any) -> bool:
    return value is not None and value is not False and value != ()


def _override(made: Document, name: str, value: Any) -> None:
    if name in ("params", "init"):
        made[name] = _inner(made, name) | dict(value)
    elif name in _AXES:
        made.update({f"{name}_{key}": end for key, end in value.items() if key != "param"})
        made[f"param_{name}"] = value["param"]
        made["params"] = {k: v for k, v in _inner(made, "params").items() if k != value["param"]}
    else:
        made[name] = value
        made.pop(_INSTEAD.get(name, ""), None)


def _inner(made: Document, name: str) -> Document:
    inner = made.get(name, {})
    return inner if isinstance(inner, dict) else {}


def operation(op: str, *params: click.Parameter, example: str) -> click.Command:
    """The command that runs an operation."""

    def callback(config: IO[bytes] | None, url: str | None, as_json: bool, **given: Any) -> None:
        from studio.cli import running  # what it needs is not needed for --help

        running.execute(op, document(given, config), url=url, as_json=as_json)

    epilog = f"Example: {example}"
    return click.Command(op, callback=callback, params=[*params], help=COMMANDS[op], epilog=epilog)
