"""Bytes to typed messages and back, with errors that name the field and its value."""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from studio.errors import FieldError, StudioError

T = TypeVar("T")

encode_json = msgspec.json.encode

_LARGEST = sys.float_info.max
_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_FIELD = re.compile(
    r"^Object (?P<how>missing required|contains unknown) field `(?P<field>.*)`$", re.DOTALL
)

_PHRASES = {
    "float": "a number",
    "float | null": "a number",
    "int": "an integer",
    "int | null": "an integer",
    "str": "a string",
    "str | null": "a string",
    "int | str | null": "a string or an integer",
    "bool": "true or false",
    "object": "an object",
}


def decode_json(raw: bytes | str, max_depth: int = 32) -> Any:
    """JSON text as plain data that `check_numbers` has passed; raises StudioError."""
    document = read_json(raw)
    check_numbers(document, max_depth)
    return document


def read_json(raw: bytes | str) -> Any:
    """JSON text as dicts, lists, strings and numbers; raises StudioError for anything else.

    NaN and infinities are read as other encoders write them, for `check_numbers` to name.
    """
    try:
        return msgspec.json.decode(raw)
    except RecursionError:
        raise StudioError("malformed", "it is nested too deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        try:
            document = json.loads(raw)
            check_characters(document)
        except (ValueError, RecursionError):
            raise StudioError("malformed", f"it is not JSON: {error}") from None
        return document


def check_characters(document: Any) -> None:
    """Refuse half a surrogate pair, which can be neither stored nor sent; raises ValueError."""
    json.dumps(document, ensure_ascii=False).encode()


def read_msgpack(raw: bytes) -> Any:
    """msgpack as plain data; raises StudioError."""
    try:
        return msgspec.msgpack.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise StudioError("malformed", f"it is not msgpack: {error}") from None


def check_numbers(document: Any, max_depth: int) -> None:
    """Refuse numbers that are not finite, and nesting beyond max_depth."""
    for pointer, depth, value in _leaves(document):
        if depth > max_depth:
            raise StudioError("malformed", f"nested deeper than {max_depth} levels")
        if isinstance(value, float | int) and not -_LARGEST <= value <= _LARGEST:  # or not a number
            told = f"must be a finite number, not {shown(value)}"
            raise StudioError("invalid_config", errors=(FieldError(pointer, told),))


def _leaves(document: Any) -> Iterator[tuple[str, int, Any]]:
    """Every container and leaf with its pointer and depth, without recursion."""
    pending = [("", 1, document)]
    while pending:
        pointer, depth, value = pending.pop()
        yield pointer, depth, value
        if isinstance(value, dict):
            pending += [(f"{pointer}/{escape(k)}", depth + 1, v) for k, v in value.items()]
        elif isinstance(value, list):
            pending += [(f"{pointer}/{i}", depth + 1, v) for i, v in enumerate(value)]


def escape(key: object) -> str:
    """A key as part of a JSON pointer."""
    return str(key).replace("~", "~0").replace("/", "~1")


def convert(
    document: Any, kind: type[T], code: str = "invalid_config", *, strict: bool = True
) -> T:
    """A decoded document as a typed message; raises StudioError naming field and value.

    strict: take no text for a number
    """
    try:
        return msgspec.convert(document, kind, strict=strict)
    except (msgspec.ValidationError, OverflowError) as error:
        raise StudioError(code, errors=(_field_error(str(error), document, kind),)) from None


def _field_error(message: str, document: Any, kind: type) -> FieldError:
    found = _WHERE.match(message)
    what, path = (found["what"], found["path"] or "") if found else (message, "")
    found_parts = re.findall(r"\.([^.\[]+)|\[(\d+|\.{3})\]", path)
    parts = [name or index for name, index in found_parts]
    about_field = _FIELD.match(what)
    if about_field:
        pointer = "".join(f"/{escape(part)}" for part in [*parts, about_field["field"]])
        if about_field["how"] == "missing required":
            return FieldError(pointer, "is required")
        hint = did_you_mean(about_field["field"], keys(kind), cutoff=0.6)
        return FieldError(pointer, "is not a known key" + hint)
    parts, value = _located(document, parts)
    pointer = "".join(f"/{escape(part)}" for part in parts)
    choices = _choices(kind, parts) if what.startswith("Invalid") else []
    if choices:
        return FieldError(pointer, f"must be one of {', '.join(choices)}, not {shown(value)}")
    expected = what.split(", got")[0].replace("Expected", "must be")
    for word, phrase in _PHRASES.items():
        expected = expected.replace(f"`{word}`", phrase)
    return FieldError(pointer, f"{expected}, not {shown(value)}")


def _choices(kind: type, parts: list[str]) -> list[str]:
    """What a field of fixed choices takes, or the kinds of a field that has several."""
    hint = get_type_hints(kind).get(parts[0]) if parts else None
    options = get_args(hint)
    structs = [option for option in options if isinstance(option, type)]
    if len(parts) > 1:
        return [str(s.__struct_config__.tag) for s in structs if issubclass(s, msgspec.Struct)]
    return [option for option in options if isinstance(option, str)]


def _located(document: Any, parts: list[str]) -> tuple[list[str], Any]:
    """The path with its wildcards resolved, and the value there.

    msgspec does not say which value of a {string: number} object is no number.
    """
    path = []
    for part in parts:
        if part == "..." and isinstance(document, dict):
            part = next(k for k, v in document.items() if type(v) not in (int, float))
        document = document[int(part) if isinstance(document, list) else part]
        path.append(part)
    return path, document


def shown(value: Any) -> str:
    """A value as it stands in a message, cut where it is long."""
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."


def keys(kind: type[msgspec.Struct]) -> list[str]:
    """The keys that a typed message has."""
    return list(kind.__struct_encode_fields__)  # `structs.fields` evaluates types: 0.3 ms each time


def did_you_mean(name: str, names: list[str], cutoff: float = 0.5) -> str:
    """The end of a sentence that suggests the nearest of the names, or all of them.

    cutoff: how near it must be, from 0 for anything to 1 for the same
    """
    near = nearest(name, names, cutoff)
    if near is not None:
        return f"; did you mean {near}?"
    return f"; there are {', '.join(names)}" if names else ""


def nearest(name: str, names: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The name that was probably meant."""
    folded = {candidate.casefold(): candidate for candidate in names}
    # comparing takes time with the length, and no name is that long
    close = difflib.get_close_matches(name[:64].casefold(), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else None
