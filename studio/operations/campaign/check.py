"""Configurations of campaigns: everything that is wrong with one, and one made whole."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import msgspec

from studio.config import Limits
from studio.errors import FieldError, StudioError
from studio.operations.campaign import chunks, domains, outcomes, rows, variables
from studio.operations.stage import Chunk
from studio.wire.campaigns import AnyCampaign
from studio.wire.codec import check_numbers, escape, nearest
from studio.wire.faults import faults as structural

_LISTS = ("parameters", "constraints", "objectives", "outcome_constraints")
_ITEM = re.compile(rf"^/({'|'.join(_LISTS)})/(\d+)(.*)$", re.DOTALL)
_LISTED = re.compile(rf"^/({'|'.join(_LISTS)})/\d+")
_FIRST_ITEM = re.compile(rf"^/(({'|'.join(_LISTS)})/\d+|[^/]*)")
_LIMITS = Limits()
_DOMAINS = [str(kind.__struct_config__.tag) for kind in get_args(AnyCampaign)]


def check(document: Any, *, trusted: bool = False, limits: Limits = _LIMITS) -> AnyCampaign:
    """A decoded document as a campaign with every default filled in.

    trusted: it came from the command line or the server's own configuration, so that it may name
        a python evaluator
    StudioError invalid_config: with all that is wrong, each with its path, but for constraints that
        nothing satisfies and evaluators that cannot be loaded, which `feasibility` finds
    """
    found = list(faults(document, trusted=trusted, limits=limits))
    if found:
        raise StudioError("invalid_config", errors=tuple(found))
    config: AnyCampaign = msgspec.convert(_spelled(document), AnyCampaign)
    return complete(config)


def complete(config: AnyCampaign) -> AnyCampaign:
    """A configuration without faults with every default filled in."""
    plan = config.campaign
    if plan.initial_samples is None:
        n = 2 * len(config.parameters) + 2
        plan = msgspec.structs.replace(plan, initial_samples=n)
    whole = msgspec.structs.replace(config, objectives=outcomes.complete(config), campaign=plan)
    completed: AnyCampaign = domains.of(config).complete(whole)
    return completed


def feasibility(config: AnyCampaign) -> Chunk:
    """A chunk, for a slot: its part is a list of FieldError, of constraints that nothing satisfies
    and of an evaluator that cannot be loaded.

    It needs scipy, which the server does not load: run it before a campaign is accepted.
    """
    return Chunk(chunks.feasibility, (config,), 1.0)


def faults(
    document: Any, *, trusted: bool = False, limits: Limits = _LIMITS
) -> Iterator[FieldError]:
    """Everything that is wrong with a document, each with its pointer."""
    try:
        check_numbers(document, limits.json_depth)
    except StudioError as error:
        yield from error.errors or (FieldError("", error.detail),)
        return
    if isinstance(document, dict) and "components" in document and "parameters" in document:
        yield FieldError("/components", "is another word for parameters: leave out one of them")
    document = _spelled(document)
    wrong = list(structural(document, AnyCampaign))
    meant = _as_meant(document, wrong)
    if meant is not None:
        yield from (fault for fault in wrong if fault.pointer == "/domain")
        document, wrong = meant, list(structural(meant, AnyCampaign))
    yield from wrong
    partly = _Sound(document, wrong)
    if partly.config is not None:
        yield from partly.placed(_semantic(partly.config, trusted, limits))


def _semantic(config: AnyCampaign, trusted: bool, limits: Limits) -> Iterator[FieldError]:
    """What is wrong with a configuration whose every field has the right type."""
    domain = domains.of(config)
    yield from variables.faults(config)
    yield from domain.faults(config, trusted, limits)
    features = None
    with contextlib.suppress(LookupError):  # of a model that is not there, which has been said
        features = domain.features(config)
    yield from outcomes.faults(config, features)
    yield from rows.faults(config)


def _spelled(document: Any) -> Any:
    """The document with `components` as `parameters`."""
    if not isinstance(document, dict) or "components" not in document:
        return document
    return {"parameters": document["components"]} | {
        key: value for key, value in document.items() if key != "components"
    }


def _as_meant(document: Any, wrong: list[FieldError]) -> Any:
    """A document with the domain that was probably meant, where it has one that is none."""
    if not any(fault.pointer == "/domain" for fault in wrong):
        return None
    near = nearest(str(document.get("domain", "")), _DOMAINS)
    return None if near is None else {**document, "domain": near}


def _without(part: Any, bad: set[str], where: str = "") -> Any:
    """A part of a document without the keys that these pointers name."""
    if not isinstance(part, dict):
        return part
    inner = {key: f"{where}/{escape(key)}" for key in part}
    return {k: _without(part[k], bad, at) for k, at in inner.items() if at not in bad}


class _Sound:
    """What can still be checked of a document of which parts have the wrong type.

    Those parts are left out: of the lists whole items, otherwise keys, which take their defaults:
    the innermost ones, or, where they have none, all that they are in.
    config: None where too little is left
    """

    def __init__(self, document: Any, wrong: list[FieldError]) -> None:
        self.config: AnyCampaign | None = None
        self._kept: dict[str, list[int]] = {}  # of each list the indices that are left
        self._lost: set[str] = set()
        if not isinstance(document, dict):
            return
        pointers = [fault.pointer for fault in wrong]
        inner = {found[0] if (found := _LISTED.match(p)) else p for p in pointers}
        outer = {found[0] for p in pointers if (found := _FIRST_ITEM.match(p))}
        for bad in (inner, outer):
            if self.config is None:
                self._leave_out(document, bad)

    def _leave_out(self, document: dict[str, Any], bad: set[str]) -> None:
        sound = _without(document, bad)
        self._kept, self._lost = {}, set()
        for key in _LISTS:
            if isinstance(sound.get(key), list):
                items = list(enumerate(sound[key]))
                kept = [index for index, _ in items if f"/{key}/{index}" not in bad]
                self._kept[key] = kept
                self._lost |= {_name(item) for index, item in items if index not in kept}
                sound[key] = [sound[key][index] for index in kept]
        try:
            self.config = msgspec.convert(sound, AnyCampaign)
        except msgspec.ValidationError:
            return  # what is required has been named

    def placed(self, found: Iterable[FieldError]) -> Iterator[FieldError]:
        """Faults with the indices of the whole document, but for those that follow from others."""
        for fault in found:
            if any(repr(name) in fault.detail for name in self._lost if name):
                continue
            item = _ITEM.match(fault.pointer)
            if item is None:
                yield fault
            else:
                key, index, rest = item.groups()
                yield FieldError(f"/{key}/{self._kept[key][int(index)]}{rest}", fault.detail)


def _name(item: Any) -> str:
    return str(item.get("name", "")) if isinstance(item, dict) else ""
