"""Files of a campaign: its configuration with the CSV files that it names, results, exports."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio.errors import FieldError, StudioError
from studio.wire.campaigns import CampaignResults, Value
from studio.wire.codec import encode_json
from studio.wire.table import as_csv
from studio.wire.yaml import read_yaml

Document = dict[str, Any]
Row = dict[str, str]
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
        filled["data"] = _named_columns(rows(folder / filled["data"], "/data"), document)
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
    read = rows(folder / target["csv"], pointer)
    columns: Document = {}
    for name in _TARGET_COLUMNS:
        if read and name in read[0]:
            columns[name] = [cell(row[name]) for row in read if name in row]
    rest = {key: value for key, value in target.items() if key != "csv"}
    return {**objective, "target": {**rest, **columns}}


def _named_columns(read: list[Row], document: Document) -> list[Document]:
    """What rows say of parameters and objectives; what an export says besides is left out."""
    items = list(_items(document, "parameters", "components"))
    texts = {str(item.get("name")) for item in items if "choices" in item}
    objectives = {str(item.get("name")) for item in _items(document, "objectives")}
    names = {str(item.get("name")) for item in items} | objectives
    return [
        {
            key: value if key in texts else cell(value)
            for key, value in row.items()
            if key in names and (row.get("status", "ok") == "ok" or key not in objectives)
        }
        for row in read
        if row.get("status") != "pending"
    ]


def _items(document: Document, *keys: str) -> Iterator[Document]:
    for key in keys:
        found = document.get(key)
        yield from (item for item in found or [] if isinstance(item, dict))


def rows(path: Path, pointer: str) -> list[Row]:
    """The rows of a CSV file without empty cells; raises StudioError that names the pointer."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        fault = FieldError(pointer, f"{path} cannot be read: {why}")
        raise StudioError("invalid_config", errors=(fault,)) from None
    return [
        {key: value.strip() for key, value in row.items() if key and value and value.strip()}
        for row in csv.DictReader(io.StringIO(text), skipinitialspace=True, restkey="")
    ]


def cell(text: str) -> Value:
    """A number where it is one."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def write(path: Path, results: CampaignResults) -> None:
    """Every evaluation, as CSV where the file is called so, else as JSON."""
    is_csv = path.suffix == ".csv"
    content = as_csv(results).encode() if is_csv else encode_json(results) + b"\n"
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StudioError("failed", f"{path} cannot be written: {error.strerror}") from None


def path_of(pointer: str) -> str:
    """`/parameters/0/bounds` as people write it: `parameters[0].bounds`."""
    dotted = re.sub(r"/(\d+)(?=/|$)", r"[\1]", pointer).replace("/", ".").strip(".")
    return dotted.replace("~1", "/").replace("~0", "~") or "file"
