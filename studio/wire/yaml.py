"""YAML as the plain data that JSON could say: version 1.2's core schema, without surprises.

`1e-3` is a number, `no` and `2026-01-01` are text, a key is there once, and there are no tags, no
merge keys and no aliases, so that a short file cannot grow into a large document.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml

from studio.errors import StudioError
from studio.wire.codec import check_characters

_SCALARS = {
    "null": r"null|Null|NULL|~|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
}


class _Loader(yaml.SafeLoader):
    """The safe loader with the scalars of YAML 1.2, and a bound to nesting."""

    max_depth = 32
    _depth = 0

    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        tag: constructor
        for tag, constructor in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.rpartition(":")[2] in ("null", "bool", "float", "str", "seq")
    }

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:
        # the scanner is far ahead of what it composes, and slow where much is open
        if self.flow_level >= self.max_depth:
            raise self._too_deep(self.get_mark())
        super().fetch_flow_collection_start(TokenClass)

    def _too_deep(self, mark: yaml.Mark) -> _Refused:
        return _Refused(f"nested deeper than {self.max_depth} levels", mark)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) is not None:
            detail = "anchors (&name) and aliases (*name) are not taken: write it out"
            raise _Refused(detail, event.start_mark)
        self._depth += 1
        if self._depth > self.max_depth:
            raise self._too_deep(event.start_mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _Refused(f"a key must be text, not {key!r}", key_node.start_mark)
            if key in found:
                raise _Refused(f"the key {key!r} is there twice", key_node.start_mark)
            found[key] = self.construct_object(value_node, deep=True)
        return found


class _Refused(Exception):
    """Something that YAML has and a configuration has not."""

    def __init__(self, problem: str, mark: yaml.Mark) -> None:
        super().__init__(problem)
        self.problem, self.problem_mark = problem, mark


def _integer(loader: _Loader, node: yaml.ScalarNode) -> int:
    # in base ten whatever it begins with
    return int(str(loader.construct_scalar(node)))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


_Loader.yaml_implicit_resolvers = {}
for _kind, _pattern in _SCALARS.items():
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}",
        re.compile(rf"^(?:{_pattern})$"),
        None,
    )
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(raw: bytes | str, max_depth: int = 32) -> Any:
    """One YAML (or JSON) document as plain data; raises StudioError malformed with the line."""
    try:
        loader = _Loader(raw)
        loader.max_depth = max_depth
        document = loader.get_single_data()
        check_characters(document)
    except (_Refused, yaml.MarkedYAMLError) as error:
        mark = error.problem_mark
        where = "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}: "
        raise StudioError("malformed", f"{where}{error.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise StudioError("malformed", f"it is not YAML: {error}") from None
    return document
