"""What comes over the wire in any test, held against the documents that the server tells of it."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from typing import Any

from studio.web.documents import asyncapi, openapi
from studio.web.routes import routes

IS_CHECKING = find_spec("jsonschema_rs") is not None  # tests/studio/web/test_documents.py wants it
OPENAPI = openapi(routes())
ASYNCAPI = asyncapi(routes())


def check_answer(method: str, path: str, status: int, media: str, body: bytes) -> None:
    """Hold an answer to a request against OpenAPI; addresses that it does not tell of pass."""
    template = template_of(path.partition("?")[0])
    if not IS_CHECKING or template is None or method.lower() not in OPENAPI["paths"][template]:
        return
    told = OPENAPI["paths"][template][method.lower()]["responses"]
    content = told[str(status) if status < 400 else "default"].get("content", {})
    kind = media.partition(";")[0]
    assert (kind in content) or (not body and not content), f"{method} {path}: {status} {kind}"
    if kind.endswith("json"):
        check(json.dumps(content[kind]["schema"]), body)


@cache
def template_of(path: str) -> str | None:
    """The path of the document that an address is one of, the most exact one."""
    fits = [
        template
        for template in OPENAPI["paths"]
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path)
    ]
    return min(fits, key=lambda template: template.count("{"), default=None)


def check_frame(channel: str, text: str | bytes) -> None:
    """Hold what a socket said against AsyncAPI."""
    if IS_CHECKING:
        name = f"send_{channel}"
        told = [m["$ref"].rpartition("/")[2] for m in ASYNCAPI["operations"][name]["messages"]]
        anyone = {"anyOf": [{"$ref": f"#/components/schemas/{kind}"} for kind in told]}
        check(json.dumps(anyone), text)


def check(schema: str, text: str | bytes) -> None:
    """Raise ValidationError where JSON is not what a schema says."""
    _validator(schema).validate(json.loads(text))


@cache
def _validator(schema: str) -> Any:
    import jsonschema_rs

    components = {**OPENAPI["components"]["schemas"], **ASYNCAPI["components"]["schemas"]}
    return jsonschema_rs.Draft202012Validator(
        {**json.loads(schema), "components": {"schemas": components}}
    )
