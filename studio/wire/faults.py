"""Everything that is wrong with a document, where `codec.convert` names the first of it."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Struct

from studio.errors import FieldError, StudioError
from studio.wire import codec

_MANY = 20  # keys that are not known, for which a suggestion is looked for


def faults(document: Any, kind: Any) -> Iterator[FieldError]:
    """What keeps a document from being of this type, each fault with its pointer."""
    chosen = _chosen(document, kind)
    if isinstance(chosen, FieldError):
        yield chosen
        yield from _of_any(document, list(_structs(kind).values()))
    elif isinstance(chosen, type) and issubclass(chosen, Struct) and isinstance(document, dict):
        yield from _of_struct(document, chosen)
    elif get_origin(chosen) is list and isinstance(document, list):
        (inner,) = get_args(chosen)
        found = [
            fault.below(f"/{index}")
            for index, item in enumerate(document)
            for fault in faults(item, inner)
        ]
        yield from found or _whole(document, kind)
    else:
        yield from _whole(document, kind)


def _whole(document: Any, kind: Any) -> Iterator[FieldError]:
    try:
        codec.convert({"it": document}, msgspec.defstruct("_Holder", [("it", kind)]))
    except StudioError as error:
        for fault in error.errors:
            detail = fault.detail.replace("`array`", "a list")
            if detail.startswith("Invalid enum value"):
                detail = f"must be {_alternatives(kind)}, not {codec.shown(document)}"
            yield FieldError(fault.pointer.removeprefix("/it"), detail)


def _alternatives(kind: Any) -> str:
    """The texts that a type takes, and whether it takes numbers."""
    options = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    texts = [get_args(option) for option in options if get_origin(option) is Literal]
    takes_numbers = any(getattr(option, "__origin__", option) is float for option in options)
    return f"one of {', '.join([*['a number'] * takes_numbers, *sum(texts, ())])}"


def _of_any(document: dict[str, Any], kinds: list[type[Struct]]) -> Iterator[FieldError]:
    """What is wrong whichever of several Structs was meant."""
    first, *others = [list(_of_struct(document, kind)) for kind in kinds]
    pointers = [{fault.pointer for fault in found} for found in others]
    yield from (fault for fault in first if all(fault.pointer in found for found in pointers))


def _of_struct(document: dict[str, Any], kind: type[Struct]) -> Iterator[FieldError]:
    hints = get_type_hints(kind, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    config = kind.__struct_config__
    unknown = [key for key in document if key not in fields and key != config.tag_field]
    for key in unknown[:_MANY]:
        hint = codec.did_you_mean(key, list(fields))
        yield FieldError(f"/{codec.escape(key)}", f"is not a known key{hint}")
    if len(unknown) > _MANY:
        yield FieldError("", f"has {len(unknown) - _MANY} more keys that are not known")
    for name, field in fields.items():
        if name in document:
            found = faults(document[name], hints[field.name])
            yield from (fault.below(f"/{name}") for fault in found)
        elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
            yield FieldError(f"/{name}", "is required")


def _chosen(document: Any, kind: Any) -> Any:
    """The type that a document must have: of several Structs that which its tag names."""
    if get_origin(kind) is Annotated:
        kind = kind.__origin__
    if get_origin(kind) not in (Union, UnionType):
        return kind
    structs = _structs(kind)
    if not structs or not isinstance(document, dict):
        return kind
    if len(structs) == 1:
        return next(iter(structs.values()))
    tag_field = next(iter(structs.values())).__struct_config__.tag_field
    pointer, tag = f"/{tag_field}", document.get(str(tag_field))
    if tag is None:
        return FieldError(pointer, f"is required: one of {', '.join(structs)}")
    if str(tag) not in structs:
        hint = codec.did_you_mean(str(tag), list(structs))
        return FieldError(pointer, f"{codec.shown(tag)} is not one of them{hint}")
    return structs[str(tag)]


def _structs(kind: Any) -> dict[str, type[Struct]]:
    """The Structs among several types, by their tags."""
    if get_origin(kind) is Annotated:
        kind = kind.__origin__
    return {
        str(option.__struct_config__.tag): option
        for option in get_args(kind)
        if isinstance(option, type) and issubclass(option, Struct)
    }
