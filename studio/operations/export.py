"""Results as files that hold the request they answer: CSV for spreadsheets, NPZ for numpy."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Plain = dict[str, Any]
Rows = Iterable[list[Any]]

_PIECES = msgspec.json.Decoder(dict[str, msgspec.Raw])


def to_csv(op: str, content: bytes) -> bytes:
    """An encoded result as one table, the names of its columns first.

    Before it stands what is no table, each a comment of its own: `# config: {..}` in JSON. The
    curve of a characterization and its sensitivity share a table, whose first column says which a
    row is of; its trace is left to the other formats.
    """
    result = _read(content)
    told, rows = _TABLES[op](result)
    out = io.StringIO()
    for name, value in {"op": op, "config": result["config"], **result}.items():
        if name not in told:
            out.write(f"# {name}: {json.dumps(value, ensure_ascii=False)}\n")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def _heatmap(result: Plain) -> tuple[set[str], Rows]:
    """A row for each cell."""
    named = {
        **result["metrics"],
        **{name: result[name] for name in ("pattern", "detail", "status")},
    }
    cells = (
        [x, y, *(cell[n] for cell in row)]
        for y, *row in zip(result["y"], *named.values(), strict=True)
        for n, x in enumerate(result["x"])
    )
    return {"x", "y", "metrics", *named}, itertools.chain([["x", "y", *named]], cells)


def _characterize(result: Plain) -> tuple[set[str], Rows]:
    """A row for each current of the curve, then one for each parameter."""
    curve = zip(*(result["fi_curve"][name] for name in ("currents", "rates")), strict=True)
    rows = [{"table": "fi_curve", "current": current, "rate": rate} for current, rate in curve]
    rows += [{"table": "sensitivity", **row} for row in result["sensitivity"]]
    return {"fi_curve", "sensitivity", "trace"}, _table(rows)


def _scan(result: Plain) -> tuple[set[str], Rows]:
    """A row for each model."""
    return {"models"}, _table(result["models"])


def _simulate(result: Plain) -> tuple[set[str], Rows]:
    """A row for each point in time."""
    points = map(list, zip(result["t"], *result["states"].values(), strict=True))
    return {"t", "states"}, itertools.chain([["t", *result["states"]]], points)


_TABLES: dict[str, Callable[[Plain], tuple[set[str], Rows]]] = {
    "heatmap": _heatmap,
    "characterize": _characterize,
    "scan": _scan,
    "simulate": _simulate,
}


def _table(rows: list[Plain]) -> Iterator[list[Any]]:
    """Rows under the names of all their columns."""
    columns = list(dict.fromkeys(itertools.chain.from_iterable(rows)))
    yield columns
    for row in rows:
        yield [row.get(name) for name in columns]


def to_npz(op: str, content: bytes) -> bytes:
    """An encoded result as arrays under the names that lead to them, such as `metrics.rate_hz`.

    `request` is the request in JSON. Null is NaN, and "" among texts; rows of unequal length are
    filled up with NaN. Nothing in it needs pickle.
    """
    result = _read(content)
    arrays: Plain = dict(
        _arrays({name: value for name, value in result.items() if name != "config"})
    )
    arrays["request"] = np.array(json.dumps({"op": op, "config": result["config"]}))
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def _arrays(value: Any, name: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        columns, *rows = _table(value)
        value = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _arrays(item, f"{name}.{key}" if name else key)
    else:
        yield name, _array(value)


def _array(value: Any) -> NDArray[Any]:
    """Numbers or texts: one, a row, or rows."""
    if not isinstance(value, list):
        return np.array(_array([value])[0])
    rows = value if any(isinstance(row, list) for row in value) else [value]
    is_text = any(isinstance(item, str) for item in itertools.chain.from_iterable(rows))
    empty: Any = "" if is_text else np.nan
    width = max(map(len, rows))
    filled = [
        [*(empty if item is None else item for item in row), *[empty] * (width - len(row))]
        for row in rows
    ]
    array = np.array(filled, str if is_text else float)
    return array if rows is value else array[0]


def _read(content: bytes) -> Plain:
    """A result as plain data, decoded piece by piece, between which other threads have their turn:
    a map of 250 000 cells would hold up the event loop for a tenth of a second."""
    result: Plain = _PIECES.decode(content)
    if "metrics" in result:
        result["metrics"] = _decoded(_PIECES.decode(result["metrics"]))
    return _decoded(result)


def _decoded(pieces: Plain) -> Plain:
    return {
        name: msgspec.json.decode(piece) if isinstance(piece, msgspec.Raw) else piece
        for name, piece in pieces.items()
    }
