"""/openapi.json and /asyncapi.json: the addresses of the server and what goes over each, from the
table of routes and the Structs that read and write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from studio.version import VERSION
from studio.web import login
from studio.wire import campaigns, frames, jobs, requests, results
from studio.wire.codec import encode_json
from studio.wire.problem import Problem

Schema = dict[str, Any]

_SIGNED_IN = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
_REFERENCE = "#/components/schemas/{name}"
_JSON, _PROBLEM = "application/json", "application/problem+json"


class ModelList(Struct):
    """Every model of the catalogue with its family, parameters, states, equations and sources."""

    models: list[dict[str, Any]]


class Told(NamedTuple):
    """What goes over one address: types of the body and of the answer, several where it may be any.

    query: the parameters of the address; headers: names and types; media: of the answer
    """

    answer: Any = None
    status: int = 200
    body: Any = None
    query: type[Struct] | None = None
    headers: tuple[tuple[str, Any], ...] = ()
    media: tuple[str, ...] = (_JSON,)


def _asked(prefix: str, *more: tuple[str, Any, Any]) -> tuple[type[Struct], ...]:
    """A message for each operation, since the configuration depends on it."""
    return tuple(
        msgspec.defstruct(
            prefix + op.title(),
            [("op", Literal[op]), _config_field(config), *more],
            kw_only=True,
            forbid_unknown_fields=True,
        )
        for op, config in requests.CONFIGS.items()
    )


def _config_field(config: type[Struct]) -> Any:
    needed = any(field.required for field in msgspec.structs.fields(config))
    return (
        ("config", config) if needed else ("config", config, msgspec.field(default_factory=config))
    )


class CampaignWithConfig(campaigns.CampaignView, kw_only=True):
    """A campaign with its configuration."""

    config: campaigns.AnyCampaign


class CampaignResultQuery(Struct):
    """How to export a campaign."""

    format: Literal["json", "csv"] = "json"


_RESULTS: dict[str, Any] = {
    "characterize": results.CharacterizeResult,
    "heatmap": results.HeatmapResult,
    "scan": results.ScanResult,
    "simulate": results.SimulateResult,
}
_ANY_RESULT = tuple(_RESULTS.values())
_SEQ = (("Last-Event-ID", Annotated[int, Meta(ge=0)]),)
_STREAM = Told(str, headers=_SEQ, media=("text/event-stream",))
_TEXT = Told(str, media=("text/plain",))
_API = "/api/v1"

TOLD: dict[str, Told] = {
    **{
        f"POST {_API}/{op}": Told(_RESULTS[op], body=config)
        for op, config in requests.CONFIGS.items()
    },
    f"POST {_API}/jobs": Told(
        jobs.JobView,
        202,
        _asked("Submit"),
        headers=(("Idempotency-Key", Annotated[str, Meta(min_length=1, max_length=255)]),),
    ),
    f"GET {_API}/jobs": Told(jobs.JobPage, query=jobs.JobQuery),
    f"GET {_API}/jobs/{{job}}": Told(jobs.JobView),
    f"DELETE {_API}/jobs/{{job}}": Told(status=204),
    f"POST {_API}/jobs/{{job}}/cancel": Told(jobs.JobView),
    f"GET {_API}/jobs/{{job}}/events": _STREAM,
    f"GET {_API}/jobs/{{job}}/result": Told(
        _ANY_RESULT, query=jobs.ResultQuery, media=(_JSON, "text/csv", "application/octet-stream")
    ),
    f"POST {_API}/campaigns": Told(CampaignWithConfig, 201, campaigns.AnyCampaign),
    f"GET {_API}/campaigns": Told(campaigns.CampaignPage),
    f"GET {_API}/campaigns/{{campaign}}": Told(CampaignWithConfig),
    f"DELETE {_API}/campaigns/{{campaign}}": Told(status=204),
    **{
        f"POST {_API}/campaigns/{{campaign}}/{how}": Told(CampaignWithConfig)
        for how in ("start", "pause", "resume", "cancel")
    },
    f"POST {_API}/campaigns/{{campaign}}/extend": Told(
        CampaignWithConfig, body=campaigns.Extension
    ),
    f"POST {_API}/campaigns/{{campaign}}/evaluations": Told(
        CampaignWithConfig, body=campaigns.Reports
    ),
    f"GET {_API}/campaigns/{{campaign}}/results": Told(
        campaigns.CampaignResults, query=CampaignResultQuery, media=(_JSON, "text/csv")
    ),
    f"GET {_API}/campaigns/{{campaign}}/events": _STREAM,
    f"POST {_API}/ticket": Told(login.Ticket),
    f"GET {_API}/examples": Told(campaigns.ExampleList),
    f"GET {_API}/models": Told(ModelList),
    f"GET {_API}/models/{{name}}": Told(dict[str, Any]),
    "GET /livez": _TEXT,
    "GET /readyz": _TEXT,
    "GET /metrics": _TEXT,
    "GET /openapi.json": Told(dict[str, Any]),
    "GET /asyncapi.json": Told(dict[str, Any]),
}

SENT: dict[str, list[Any]] = {
    "/ws/progress": [
        *_asked("Run", ("id", requests.RequestId, None)),
        requests.Cancel,
        requests.Attach,
    ],
    "/ws/campaigns/{campaign}": [],
}
"""What clients say on each socket."""

RECEIVED: dict[str, list[Any]] = {
    "/ws/progress": list(frames.AnyFrame.__args__),
    "/ws/campaigns/{campaign}": list(campaigns.Event.__args__),
}
"""What they are told."""

PAGE = ("/", "/vendor/plotly.min.js", "/login", "/logout")
"""Addresses of the page, which are for browsers."""


def described(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, Route]]:
    """The routes of the interface with the names under which they are told: method and path."""
    for route in routes:
        if isinstance(route, Route) and route.path not in PAGE:
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield f"{method} {route.path}", route


def openapi(routes: Iterable[BaseRoute]) -> Schema:
    """The OpenAPI document; raises KeyError for a route that nobody described."""
    schemas = _Schemas()
    paths: dict[str, Schema] = {}
    for name, route in described(routes):
        method, path = name.split(" ")
        paths.setdefault(path, {})[method.lower()] = _operation(name, route, schemas)
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "paths": paths,
        "components": {"schemas": schemas.components, "securitySchemes": _SIGNED_IN},
        "security": [{}, {"token": []}],
    }


def _info() -> Schema:
    return {"title": "Studio", "version": VERSION, "license": {"name": "MIT", "identifier": "MIT"}}


class _Schemas:
    """The schemas of all types that are told of; components are those that they refer to."""

    def __init__(self) -> None:
        kinds: list[Any] = [Problem, *_ANY_RESULT]
        for told in TOLD.values():
            kinds += [*_each(told.answer), *_each(told.body), *_each(told.query)]
            kinds += [kind for _, kind in told.headers]
        for messages in (*SENT.values(), *RECEIVED.values()):
            kinds += messages
        found, self.components = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
        self._found = [(kind, schema) for kind, schema in zip(kinds, found, strict=True)]
        self.components["Complete"]["properties"]["result"] = self.of(_ANY_RESULT)

    def of(self, kind: Any) -> Schema:
        """The schema of a type, or of any of several."""
        each = [next(schema for k, schema in self._found if k == one) for one in _each(kind)]
        return each[0] if len(each) == 1 else {"anyOf": each}


def _each(kind: Any) -> tuple[Any, ...]:
    if kind is None:
        return ()
    return kind if isinstance(kind, tuple) else (kind,)


def _operation(name: str, route: Route, schemas: _Schemas) -> Schema:
    told = TOLD[name]
    operation: Schema = {
        "operationId": re.sub(r"\W+", "_", name.replace(_API, "")).strip("_").lower(),
        "summary": (route.endpoint.__doc__ or "").strip().split("\n")[0],
        "parameters": [*_parameters(route, told, schemas)],
        "responses": {str(status): _answer(told, schemas) for status in _statuses(name, told)},
    }
    operation["responses"]["default"] = {
        "description": "What is wrong (RFC 9457)",
        "content": {_PROBLEM: {"schema": schemas.of(Problem)}},
    }
    if told.body is not None:
        schema = schemas.of(told.body)
        operation["requestBody"] = {"required": True, "content": {_JSON: {"schema": schema}}}
    return operation


def _statuses(name: str, told: Told) -> tuple[int, ...]:
    """A job that was asked for before is told with 200."""
    return (
        (200, told.status)
        if any(name == "Idempotency-Key" for name, _ in told.headers)
        else (told.status,)
    )


def _answer(told: Told, schemas: _Schemas) -> Schema:
    if told.answer is None:
        return {"description": "Done"}
    content = {
        media: {"schema": schemas.of(told.answer) if media == _JSON else {"type": "string"}}
        for media in told.media
    }
    return {"description": "Done", "content": content}


def _parameters(route: Route, told: Told, schemas: _Schemas) -> Iterator[Schema]:
    for name in route.param_convertors:
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for name, kind in told.headers:
        yield {"name": name, "in": "header", "schema": schemas.of(kind)}
    if told.query is not None:
        for name, schema in schemas.components[told.query.__name__]["properties"].items():
            yield {"name": name, "in": "query", "schema": _without_null(schema)}


def _without_null(schema: Schema) -> Schema:
    """A parameter is left out rather than null."""
    options = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
    return options[0] if options else schema


def asyncapi(routes: Iterable[BaseRoute]) -> Schema:
    """The AsyncAPI document of the sockets; raises KeyError for one that nobody described."""
    components = _Schemas().components
    sockets = [route for route in routes if isinstance(route, WebSocketRoute)]
    channels = {_channel(route.path): _channel_of(route) for route in sockets}
    operations: Schema = {}
    for route in sockets:
        for action, kinds in (("receive", SENT[route.path]), ("send", RECEIVED[route.path])):
            if kinds:
                channel = f"#/channels/{_channel(route.path)}"
                operations[f"{action}_{_channel(route.path)}"] = {
                    "action": action,
                    "channel": {"$ref": channel},
                    "messages": [{"$ref": f"{channel}/messages/{k.__name__}"} for k in kinds],
                }
    messages = {
        kind.__name__: {"payload": {"$ref": _REFERENCE.format(name=kind.__name__)}}
        for route in sockets
        for kind in (*SENT[route.path], *RECEIVED[route.path])
    }
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": _JSON,
        "channels": channels,
        "operations": operations,
        "components": {"schemas": components, "messages": messages},
    }


def _channel(path: str) -> str:
    return path.removeprefix("/ws/").partition("/")[0]


def _channel_of(route: WebSocketRoute) -> Schema:
    kinds = (*SENT[route.path], *RECEIVED[route.path])
    return {
        "address": route.path,
        "parameters": {name: {} for name in route.param_convertors},
        "messages": {k.__name__: {"$ref": f"#/components/messages/{k.__name__}"} for k in kinds},
    }


async def openapi_json(request: Request) -> Response:
    """What goes over HTTP, as OpenAPI."""
    return Response(_written(openapi, request), media_type=_JSON)


async def asyncapi_json(request: Request) -> Response:
    """What goes over the sockets, as AsyncAPI."""
    return Response(_written(asyncapi, request), media_type=_JSON)


def _written(document: Any, request: Request) -> bytes:
    return encode_json(document(request.app.routes))
