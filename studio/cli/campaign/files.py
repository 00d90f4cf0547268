"""Files of a campaign: its configuration with the CSV files that it names, results, exports."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio.errors import FieldError, StudioError
from studio.wire.campaigns import CampaignResults, Report
from studio.wire.codec import encode_json
from studio.wire.table import as_csv
from studio.wire.yaml import read_yaml

Document = dict[str, Any]
_LARGEST = 4 * 1024 * 1024
_TARGET_COLUMNS = ("currents", "rates", "spike_times", "t", "values")


def read(name: str) -> Document:
    """A configuration with the contents of the files that it names; raises StudioError."""
    path = Path(name)
    if path.stat().st_size > _LARGEST:
        raise StudioError("too_large", f"{name} is longer than {_LARGEST} bytes")
    try:
        document = read_yaml(path.read_bytes())
    except StudioError as error:
        raise StudioError(error.code, f"{name}: {error.detail}") from None
    if not isinstance(document, dict):
        raise StudioError("malformed", f"{name} holds no keys and values")
    return _with_files(document, path.parent)


def _with_files(document: Document, folder: Path) -> Document:
    filled = dict(document)
    if isinstance(filled.get("data"), str):
        filled["data"] = _named_columns(_rows(folder / filled["data"], "/data"), document)
    if isinstance(filled.get("objectives"), list):
        filled["objectives"] = [
            _with_target(item, folder, f"/objectives/{index}/target/csv")
            for index, item in enumerate(filled["objectives"])
        ]
    evaluator = filled.get("evaluator")
    if isinstance(evaluator, str) and ".py:" in evaluator:
        filled["evaluator"] = str((folder / evaluator).absolute())
    return filled


def _with_target(objective: Any, folder: Path, pointer: str) -> Any:
    target = objective.get("target") if isinstance(objective, dict) else None
    if not isinstance(target, dict) or not isinstance(target.get("csv"), str):
        return objective
    rows = _rows(folder / target["csv"], pointer)
    columns: Document = {}
    for name in _TARGET_COLUMNS:
        if rows and name in rows[0]:
            columns[name] = [row[name] for row in rows if name in row]
    rest = {key: value for key, value in target.items() if key != "csv"}
    return {**objective, "target": {**rest, **columns}}


def _named_columns(rows: list[Document], document: Document) -> list[Document]:
    """What rows say of parameters and objectives; what an export says besides is left out."""
    names = _names(document)
    numbers = {name for name in names if not _is_category(document, name)}
    return [
        {
            key: value if key in numbers or isinstance(value, str) else f"{value:g}"
            for key, value in row.items()
            if key in names
            and (row.get("status") in (None, "ok") or not _is_objective(document, key))
        }
        for row in rows
        if row.get("status") != "pending"
    ]


def _items(document: Document, *keys: str) -> Iterator[Document]:
    for key in keys:
        found = document.get(key)
        yield from (item for item in found or [] if isinstance(item, dict))


def _names(document: Document) -> set[str]:
    items = _items(document, "parameters", "components", "objectives")
    return {str(item.get("name")) for item in items}


def _is_category(document: Document, name: str) -> bool:
    items = _items(document, "parameters", "components")
    return any(item.get("name") == name and "choices" in item for item in items)


def _is_objective(document: Document, name: str) -> bool:
    return any(item.get("name") == name for item in _items(document, "objectives"))


def _rows(path: Path, pointer: str) -> list[Document]:
    """The rows of a CSV file; cells that are numbers as such, empty ones left out."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        fault = FieldError(pointer, f"{path} cannot be read: {why}")
        raise StudioError("invalid_config", errors=(fault,)) from None
    return [
        {key: _cell(value) for key, value in row.items() if key and value and value.strip()}
        for row in csv.DictReader(io.StringIO(text), skipinitialspace=True, restkey="")
    ]


def _cell(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text.strip()


def reports(name: str, objectives: list[str], parameters: list[str]) -> list[Report]:
    """What a laboratory found, from a CSV file; rows without any result are still to come."""
    found = []
    for row in _rows(Path(name), "/results"):
        values = {key: row[key] for key in objectives if key in row}
        status = str(row.get("status", "ok"))
        if not values and status != "failed":
            continue
        for key, value in values.items():
            if isinstance(value, str):
                raise StudioError(
                    "invalid_config", f"{name}: {key} must be a number, not {value!r}"
                )
        point = {key: row[key] for key in parameters if key in row}
        found.append(
            Report(
                id=str(row["id"]) if "id" in row else None,
                parameters=None if "id" in row else point,
                objectives=values,
                status="failed" if status == "failed" else "ok",
                reason=str(row["reason"]) if "reason" in row else None,
            )
        )
    return found


def write(path: Path, results: CampaignResults) -> None:
    """Every evaluation, as CSV where the file is called so, else as JSON."""
    if path.suffix == ".csv":
        path.write_text(as_csv(results), encoding="utf-8")
    else:
        path.write_bytes(encode_json(results) + b"\n")


def path_of(pointer: str) -> str:
    """`/parameters/0/bounds` as people write it: `parameters[0].bounds`."""
    dotted = re.sub(r"/(\d+)(?=/|$)", r"[\1]", pointer).replace("/", ".").strip(".")
    return dotted.replace("~1", "/").replace("~0", "~") or "file"
