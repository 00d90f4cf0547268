"""How the catalogue looks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.text import Text

from studio.cli.views.page import Page, Plain, number, quantity, stimulus, time


def matching(models: list[Plain], text: str) -> list[Plain]:
    """The models that have every word of the text in what they are called, or who published them.

    That is their name, title, family, authors, years and the titles of their presets.
    """
    words = text.casefold().split()
    return [model for model in models if all(word in _words(model) for word in words)]


def _words(model: Plain) -> str:
    told = [model["name"], *model["aliases"], model["title"], model["family"]]
    told += [other["name"] for other in model["nearest_to"]]
    told += [f"{source['authors']} {source['year']}" for source in model["sources"]]
    told += [preset["title"] for preset in model["presets"]]
    return " ".join(told).casefold()


def show_all(page: Page, models: list[Plain]) -> None:
    """A line for each model, by family: headings in a terminal, a column in a pipe."""
    families = list(dict.fromkeys(model["family"] for model in models))
    models = sorted(models, key=lambda model: families.index(model["family"]))
    if not page.is_terminal:
        rows = ([model["name"], model["family"], model["title"]] for model in models)
        page.table(["name", "family", "title"], rows)
        return
    widths = [max(len(model["name"]) for model in models), 0]
    for family, members in groupby(models, key=lambda model: str(model["family"])):
        page.line((family, "bold"))
        for model in members:
            page.row([model["name"], model["title"]], widths, [False, False])
    n = f"{len(models)} models" if len(models) > 1 else "1 model"
    page.line()
    page.note(f"{n}. `studio models NAME` tells all of one, `studio models WORDS` searches.")


def show(page: Page, model: Plain) -> None:
    """One model, whole."""
    name = Text(model["name"], "bold")
    page.row([name, model["title"]], [len(name), 0], [False, False])
    page.note(model["family"] + "".join(f", also {alias}" for alias in model["aliases"]))
    for remark in _remarks(model):
        page.note(remark)
    page.heading("Equations")
    for equation in model["equations"]:
        page.item(equation)
    _states(page, model["states"])
    _params(page, model["params"])
    _presets(page, model)
    page.heading("Canonical run")
    unit = model["time_unit"]
    page.fields(
        [
            ("current", quantity(model["current"], model["current_unit"])),
            ("duration", time(model["duration"], unit)),
            ("dt", time(model["dt"], unit)),
            ("integrator", _integrators(model)),
        ]
    )
    page.heading("Sources")
    for source in model["sources"]:
        _source(page, source)


def _remarks(model: Plain) -> Iterator[str]:
    if not model["spiking"]:
        unit = "" if model["rate_unit"] == "1" else f", in {model['rate_unit']}"
        yield f"No spikes: the rate is the mean of what stands for one in the model{unit}"
    if model["time_unit"] == "1":
        yield "Time has no unit in its paper"
    yield f"Without input it {model['without_input']}"
    if model["tied_to_dt"] and model["spiking"] and model["time_unit"] != "iteration":
        yield f"How often it fires depends on dt: {model['tied_to_dt']}"
    for other in model["nearest_to"]:
        yield f"Nearest to {other['name']}: {other['reason']}"


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
    width = max(len(preset["name"]) for preset in model["presets"])
    for preset in model["presets"]:
        page.row([f"  {preset['name']}", preset["title"]], [width + 2, 0], [False, False])
        page.item(_values(preset, model), indent=4)
        page.item(preset["source"], indent=4, style="dim")


def _values(preset: Plain, model: Plain) -> str:
    values = {**preset["params"], **preset["init"]}
    told = [f"{name}={number(value)}" for name, value in values.items()]
    if preset["current"] is not None:
        told.append(f"current {quantity(preset['current'], model['current_unit'])}")
    if preset["stimulus"] is not None:
        told.append(stimulus(preset["stimulus"]))
    if preset["duration"] is not None:
        told.append(time(preset["duration"], model["time_unit"]))
    return ", ".join(told) or "the model's own values"


def _integrators(model: Plain) -> str:
    preferred: str = model["integrator"]
    others = [name for name in model["integrators"] if name != preferred]
    return preferred + (f" (or {', '.join(others)})" if others else "")


def _source(page: Page, source: Plain) -> None:
    title = source["title"].rstrip(".?")
    end = "?" if source["title"].endswith("?") else "."
    page.item(f"{source['authors']} {source['year']}. {title}{end} {source['journal']}")
    details = [source["where"], f"https://doi.org/{source['doi']}" if source["doi"] else ""]
    for detail in filter(None, details):
        page.item(detail, indent=6, style="dim")
