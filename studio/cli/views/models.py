"""How the catalogue looks."""

from __future__ import annotations

from studio.cli.views.page import Page, Plain, number, quantity


def show_all(page: Page, models: list[Plain]) -> None:
    """Every model, a line each."""
    rows = ([model["name"], model["family"], model["title"]] for model in models)
    page.table(["name", "family", "title"], rows)


def show(page: Page, model: Plain) -> None:
    """One model, whole."""
    page.line((model["name"], "bold"), f"  {model['title']}")
    page.note(", ".join([model["family"], *model["aliases"]]))
    _params(page, model["params"])
    _states(page, model["states"])
    page.heading("Equations")
    for equation in model["equations"]:
        page.line(f"  {equation}")
    _presets(page, model)
    page.heading("Canonical run")
    time = model["time_unit"]
    page.fields(
        [
            ("current", quantity(model["current"], model["current_unit"])),
            ("duration", quantity(model["duration"], time)),
            ("dt", quantity(model["dt"], time)),
            ("integrator", _integrators(model)),
        ]
    )
    page.heading("Sources")
    for source in model["sources"]:
        _source(page, source)


def _params(page: Page, params: list[Plain]) -> None:
    if not params:
        return
    page.heading("Parameters")
    page.table(
        ["name", "default", "unit", "range", "meaning"],
        (
            [
                param["name"],
                number(param["default"]),
                param["unit"],
                f"{number(param['low'])} to {number(param['high'])}",
                param["meaning"],
            ]
            for param in params
        ),
        right=("default",),
    )


def _states(page: Page, states: list[Plain]) -> None:
    page.heading("States")
    page.table(
        ["name", "initial", "unit", "meaning"],
        ([s["name"], _initial(s["initial"]), s["unit"], s["meaning"]] for s in states),
        right=("initial",),
    )


def _initial(initial: float | str) -> str:
    return initial if isinstance(initial, str) else number(initial)


def _presets(page: Page, model: Plain) -> None:
    if not model["presets"]:
        return
    page.heading("Presets")
    page.table(
        ["name", "source", "parameters"],
        ([preset["name"], preset["source"], _values(preset)] for preset in model["presets"]),
    )


def _values(preset: Plain) -> str:
    values = {**preset["params"], **preset["init"]}
    for key in ("current", "duration"):
        if preset[key] is not None:
            values[key] = preset[key]
    told = [f"{name}={number(value)}" for name, value in values.items()]
    if preset["stimulus"] is not None:
        told.append(f"stimulus={preset['stimulus']['kind']}")
    return ", ".join(told)


def _integrators(model: Plain) -> str:
    preferred: str = model["integrator"]
    others = [name for name in model["integrators"] if name != preferred]
    return preferred + (f" (or {', '.join(others)})" if others else "")


def _source(page: Page, source: Plain) -> None:
    page.note(f"{source['authors']} {source['year']}. {source['title']}. {source['journal']}")
    details = [source["where"], f"doi:{source['doi']}" if source["doi"] else ""]
    page.note(", ".join(detail for detail in details if detail))
