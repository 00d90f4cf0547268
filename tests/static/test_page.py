"""The page in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.conftest import Server

CHROMIUM = "/usr/bin/chromium"
OPTIONS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium has no sandbox for root
]
RUN_MS = 120_000  # a scan compiles 120 models on a slow machine
LONG_HEATMAP = "#heatmap?name=HodgkinHuxleyNeuron&duration=200000"
NO_WEBSOCKETS = "window.WebSocket = class { constructor() { throw new Error('blocked'); } };"
RATES = "document.querySelector('#heatmap-plot').data[0].z"
LARGE_HEATMAP = (
    "#heatmap?name=HodgkinHuxleyNeuron&duration=400&param_x=current&x_min=0&x_max=20&x_steps=500"
    "&param_y=g_Na&y_min=60&y_max=180&y_steps=500"
)
PARTLY_PAINTED = """() => {
    const cells = document.querySelector('#heatmap-plot').data?.[0].z.flatMap((row) => [...row]);
    return cells?.length === 250000 && cells.some((z) => z > 0) && cells.some(Number.isNaN);
}"""
CURVE = "document.querySelector('#fi-plot').data[0].y"
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"

expect.set_options(timeout=RUN_MS)

Open = Callable[..., Page]


def is_complaint(message: ConsoleMessage) -> bool:
    """Whether something is wrong with the page; the browser also tells of every refusal."""
    return message.type == "error" and "status of 422" not in message.text


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    """A browser whose pages share what it has loaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser.new_context()
        browser.close()


@pytest.fixture
def open_page(browser: BrowserContext, server: Server) -> Iterator[Open]:
    """Opens the page; whatever it complains of in the console fails the test."""
    complaints: list[str] = []

    def open_page(link: str = "", width: int = 1280, script: str = "") -> Page:
        page = browser.new_page()
        page.set_default_timeout(RUN_MS)
        page.set_viewport_size({"width": width, "height": 800})
        page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script(script)
        page.goto(f"{server.url}/{link}", wait_until="domcontentloaded")
        expect(page.locator("#model")).to_be_enabled()
        return page

    yield open_page
    for page in browser.pages:
        page.close()
    assert complaints == []


@pytest.fixture
def page(open_page: Open) -> Page:
    return open_page()


def is_complete(page: Page, view: str) -> None:
    expect(page.locator(f"#{view}-view")).to_have_attribute("data-state", "complete")


def run(page: Page, view: str) -> None:
    """Go to a view and press its one large button."""
    page.locator(f"#tab-{view}").click()
    page.locator(f"#run-{view}").click()
    is_complete(page, view)


def test_one_click_runs_the_heatmap_and_shows_it_finished(page: Page) -> None:
    expect(page.locator("#progress")).to_be_hidden()
    page.locator("#run-heatmap").click()
    is_complete(page, "heatmap")
    assert page.locator("#heatmap-view").get_attribute("data-cells") == "225"
    assert sum(map(sum, page.evaluate(RATES))) == 1239 / 0.2  # rates of 1 239 spikes in 200 ms
    expect(page.locator("#progress")).to_be_hidden()


def test_characterize_shows_pattern_curve_and_sensitivity_by_size(page: Page) -> None:
    run(page, "characterize")
    expect(page.locator("#characterize-title")).to_have_text("Adapting")
    rates = page.evaluate(CURVE)
    assert len(rates) == 20
    assert rates[0] == 0 < rates[-1]
    told = page.locator("#sensitivity .change").all_inner_texts()
    changes = [abs(float(text.replace("−", "-"))) for text in told]
    assert len(changes) == 10
    assert changes == sorted(changes, reverse=True)
    assert changes[0] > 0


def test_scan_fills_a_row_for_every_model(open_page: Open, server: Server) -> None:
    page = open_page("#scan")
    models = server.request("GET", "/api/v1/models").json()["models"]
    run(page, "scan")
    rows = page.locator("#scan-rows tr:not([data-status=waiting])")
    assert rows.locator("th").all_inner_texts() == [model["name"] for model in models]
    expect(page.locator("#scan-count")).to_have_text(f"{len(models)} models")


def test_a_scan_is_filtered_by_pattern_and_sorted_by_rate(open_page: Open) -> None:
    page = open_page("#scan")
    run(page, "scan")
    bursting = page.get_by_role("button", name="Bursting")
    bursting.click()
    rate = page.get_by_role("button", name="Rate")
    rate.click()
    rate.click()
    expect(page.locator("#scan-head [aria-sort=descending]")).to_have_text("Rate")
    cells = page.locator("#scan-rows tr:not([hidden]) td:nth-child(4)").all_inner_texts()
    rates = [float(text.split()[0]) for text in cells]
    assert bursting.inner_text().split() == ["Bursting", str(len(rates))]
    assert rates == sorted(rates, reverse=True)


def test_a_name_in_the_scan_characterizes_that_model(open_page: Open) -> None:
    page = open_page("#scan")
    run(page, "scan")
    page.get_by_role("link", name="LapicqueNeuron").click()
    is_complete(page, "characterize")
    expect(page.locator("#characterize-note")).to_contain_text("LapicqueNeuron")
    page.go_back()
    expect(page.locator("#scan-result")).to_be_visible()


def test_a_scan_is_filtered_by_family_and_says_where_nothing_is_left(open_page: Open) -> None:
    page = open_page("#scan")
    run(page, "scan")
    page.locator("#scan-family").select_option("map")
    shown = page.locator("#scan-rows tr:not([hidden])")
    families = set(shown.locator("td:last-child").all_inner_texts())
    assert families == {"Map"}
    expect(page.locator("#scan-rows tr:not([hidden]) td:nth-child(4)").first).to_contain_text(
        "per 1000 iterations"
    )
    page.locator("#scan-filter").fill("nothing has this word")
    expect(page.locator("#scan-none")).to_be_visible()
    expect(shown).to_have_count(0)


def test_a_click_anywhere_on_a_row_characterizes_its_model(open_page: Open) -> None:
    page = open_page("#scan")
    run(page, "scan")
    page.locator("#scan-rows tr", has_text="WilsonCowanUnit").locator("td").nth(1).click()
    is_complete(page, "characterize")
    expect(page.locator("#characterize-note")).to_contain_text("WilsonCowanUnit")
    expect(page.locator("#characterize-note")).to_contain_text("100 time units")
    expect(page.locator("#characterize-description")).to_contain_text("The rate is the mean")


@pytest.mark.parametrize(
    ("typed", "name", "why"),
    [
        ("gerstner 2005", "AdExNeuron", "Brette R, Gerstner W 2005"),
        ("brainscales", "AdExNeuron", "Also called BrainScaleSAdExNeuron"),
        ("arcane", "AdaptiveThresholdIFNeuron", "Nearest to ArcaneNeuron: no publication of it"),
        ("squid giant", "HodgkinHuxleyNeuron", ""),
        ("HodgkinHuxly", "HodgkinHuxleyNeuron", ""),
    ],
)
def test_the_picker_finds_a_model_by_what_is_typed_and_the_keyboard_chooses_it(
    page: Page, typed: str, name: str, why: str
) -> None:
    picker = page.get_by_role("combobox", name="Model")
    picker.fill(typed)
    option = page.locator("#model-list [aria-selected=true]")
    expect(option.locator(".name")).to_have_text(name)
    expect(option).to_contain_text(why)
    picker.press("Enter")
    expect(picker).to_have_value(name)
    expect(page.locator("#model-list")).to_be_hidden()


def test_the_picker_groups_every_model_by_family(page: Page, server: Server) -> None:
    models = server.request("GET", "/api/v1/models").json()["models"]
    page.get_by_role("combobox", name="Model").click()
    assert page.locator("#model-list [role=option]").count() == len(models)
    families = {model["family"] for model in models}
    assert page.locator("#model-list .family").count() == len(families)


def test_a_link_to_an_unpublished_model_names_the_nearest(open_page: Open) -> None:
    page = open_page("#characterize?name=ArcaneNeuron")
    expect(page.locator("#notice")).to_contain_text(
        "No publication of it was found. The nearest model is AdaptiveThresholdIFNeuron."
    )


def test_a_model_is_shown_with_equations_quantities_and_linked_sources(open_page: Open) -> None:
    page = open_page("#model?name=HodgkinHuxleyNeuron")
    equation = page.locator("#model-equations p").first
    expect(equation).to_have_text(
        "Cm dV/dt = I − gNa m³ h (V − ENa) − gK n⁴ (V − EK) − gL (V − EL)"
    )
    expect(equation.locator("sub").first).to_have_text("m")
    row = page.locator("#model-params tr", has_text="Maximal sodium conductance")
    expect(row.locator("td").nth(2)).to_have_text("0 to 1000")
    source = page.locator("#model-sources li").first
    expect(source).to_contain_text("Hodgkin AL, Huxley AF (1952)")
    expect(source.locator("a")).to_have_attribute(
        "href", re.compile(r"^https://doi\.org/10\.1113/")
    )


def test_a_published_set_runs_under_its_own_stimulus(open_page: Open) -> None:
    page = open_page("#model?name=IzhikevichNeuron")
    page.get_by_role("button", name="Run: Rebound spike").click()
    is_complete(page, "published")
    note = page.locator("#published-view .note")
    expect(note).to_contain_text("rebound spike · a step to −15 from 20 to 25 ms")
    expect(note).to_contain_text("engine")
    sets = page.locator("#model-sets li", has_text="Rebound spike")
    sets.get_by_role("link", name="Characterize").click()
    is_complete(page, "characterize")
    form = page.locator("#characterize-form")
    expect(form.get_by_label("Published set")).to_have_value("rebound_spike")
    expect(form.get_by_label("Current")).to_have_value("")
    expect(page.locator("#characterize-note")).to_contain_text("a step to −15")


def test_a_heatmap_of_a_map_counts_in_iterations_while_it_runs_and_after(open_page: Open) -> None:
    page = open_page("#heatmap?name=RulkovMapNeuron")
    page.locator("#run-heatmap").click()
    is_complete(page, "heatmap")
    expect(page.locator("#heatmap-plot")).to_contain_text("Firing rate (per 1000 iterations)")
    expect(page.locator("#heatmap-note")).to_contain_text("3000 iterations")
    expect(page.locator("#heatmap-note")).to_contain_text("engine")


@pytest.mark.parametrize("view", ["heatmap", "characterize"])
def test_a_result_is_exported_with_the_keyboard(page: Page, view: str) -> None:
    run(page, view)
    for kind in ("CSV", "JSON", "NPZ"):
        link = page.locator(f"#{view}-result nav:visible").get_by_role("link", name=kind)
        link.focus()
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename.endswith(f".{kind.lower()}")
        assert download.value.failure() is None


def test_a_result_that_came_over_http_is_exported_too(open_page: Open) -> None:
    page = open_page(script=NO_WEBSOCKETS)
    expect(page.locator("#connection")).to_have_text("HTTP only")
    run(page, "heatmap")
    with page.expect_download() as download:
        page.locator("#heatmap-foot").get_by_role("link", name="CSV").click()
    assert download.value.failure() is None


def test_a_large_heatmap_is_painted_while_it_is_computed(open_page: Open) -> None:
    page = open_page(LARGE_HEATMAP)
    page.locator("#run-heatmap").click()
    page.wait_for_function(PARTLY_PAINTED)
    page.locator("#stop").click()
    expect(page.locator("#heatmap-view")).to_have_attribute("data-state", "stopped")


def test_a_link_fills_the_form_and_runs_nothing(open_page: Open) -> None:
    page = open_page("#characterize?name=MorrisLecarNeuron&preset=class_2&params.g_Ca=4.5")
    form = page.locator("#characterize-form")
    expect(form.get_by_label("Published set")).to_have_value("class_2")
    expect(form.get_by_label("Current")).to_have_value("100")
    expect(form.locator("[name='params.g_Ca']")).to_have_value("4.5")
    expect(page.locator("#characterize-view")).to_have_attribute("data-state", "empty")
    form.get_by_role("button", name="Reset").click()
    expect(form.locator("[name='params.g_Ca']")).to_have_value("4")


def test_what_the_server_refuses_is_said_at_its_field(page: Page) -> None:
    page.locator("#tab-characterize").click()
    field = page.locator("#characterize-form").locator("[name='params.V_peak']")
    field.fill("1000")
    field.press("Enter")
    expect(page.locator("#characterize-form .problem:visible")).to_contain_text("must be in")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()


def test_without_websockets_it_runs_over_http_and_says_so(open_page: Open) -> None:
    page = open_page(script=NO_WEBSOCKETS)
    expect(page.locator("#connection")).to_have_text("HTTP only")
    expect(page.locator("#status")).to_contain_text("blocks WebSockets")
    page.locator("#run-heatmap").click()
    is_complete(page, "heatmap")


def test_a_reload_goes_on_watching_the_same_job_with_all_that_it_has_told(
    open_page: Open, server: Server
) -> None:
    page = open_page(LONG_HEATMAP)
    page.locator("#run-heatmap").click()
    expect(page.locator("#progress-message")).to_contain_text(re.compile(r"[1-9]\d*/225"))
    before = server.request("GET", "/api/v1/jobs?state=running").json()["jobs"]
    page.reload()
    expect(page.locator("#progress-message")).to_contain_text(re.compile(r"[1-9]\d*/225"))
    expect(page.locator("#heatmap-note")).to_contain_text("HodgkinHuxleyNeuron")
    after = server.request("GET", "/api/v1/jobs?state=running").json()["jobs"]
    assert [job["id"] for job in after] == [job["id"] for job in before]
    page.locator("#stop").click()
    expect(page.locator("#heatmap-view")).to_have_attribute("data-state", "stopped")
    page.reload()
    expect(page.locator("#heatmap-view")).to_have_attribute("data-state", "empty")


def test_a_reload_finds_what_was_done_meanwhile(page: Page, server: Server) -> None:
    config = {"name": "AdExNeuron", "current": 0.9}
    asked = {"op": "characterize", "config": config}
    job = server.request("POST", "/api/v1/jobs", asked).json()["id"]
    watched = {"characterize": {"job": job, "config": config}}
    page.evaluate("it => sessionStorage.setItem('studio.watched', JSON.stringify(it))", watched)
    page.reload()
    page.locator("#tab-characterize").click()
    is_complete(page, "characterize")
    expect(page.locator("#characterize-note")).to_contain_text("I = 0.9 nA")
    assert page.evaluate("sessionStorage.getItem('studio.watched')") == "{}"


def test_the_stop_button_ends_a_long_run(open_page: Open) -> None:
    page = open_page(LONG_HEATMAP)
    page.locator("#run-heatmap").click()
    expect(page.locator("#progress-message")).to_contain_text("/225")
    page.locator("#stop").click()
    expect(page.locator("#progress")).to_be_hidden()
    expect(page.locator("#status")).to_contain_text("Stopped")
    expect(page.locator("#heatmap-view")).to_have_attribute("data-state", "stopped")


def test_of_two_jobs_at_once_the_one_in_view_is_shown_and_stopped(open_page: Open) -> None:
    page = open_page(LONG_HEATMAP)
    message = page.locator("#progress-message")
    page.locator("#run-heatmap").click()
    expect(message).to_contain_text("/225")
    page.locator("#tab-scan").click()
    page.locator("#scan-form").get_by_label("Duration").fill("500000")
    page.locator("#run-scan").click()
    expect(message).to_contain_text("Scan")
    expect(page.locator("#progress-others")).to_have_text("and 1 more")
    page.keyboard.press("Escape")
    expect(page.locator("#scan-view")).to_have_attribute("data-state", "stopped")
    expect(message).to_contain_text("/225")
    page.keyboard.press("Escape")
    expect(page.locator("#progress")).to_be_hidden()


def test_nothing_is_wider_than_a_screen_of_360_pixels(open_page: Open) -> None:
    page = open_page(width=360)
    for view in ("heatmap", "characterize", "scan"):
        page.locator(f"#tab-{view}").click()
        assert not page.evaluate(TOO_WIDE)
        run(page, view)
        assert not page.evaluate(TOO_WIDE)


@pytest.mark.parametrize("name", ["HayL5PyramidalNeuron", "WilsonCowanUnit", "MihalasNieburNeuron"])
def test_no_model_is_wider_than_a_screen_of_360_pixels(open_page: Open, name: str) -> None:
    page = open_page(f"#model?name={name}", width=360)
    expect(page.locator("#model-note")).to_contain_text(name)
    assert not page.evaluate(TOO_WIDE)
    page.locator("#tab-characterize").click()
    run(page, "characterize")
    assert not page.evaluate(TOO_WIDE)


def test_the_keyboard_alone_runs_a_heatmap_and_one_of_its_cells(page: Page) -> None:
    def tab_to(place: str) -> None:
        for _ in range(60):
            if page.locator(place).evaluate("it => it === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"no tab leads to {place}")

    tab_to("#tab-heatmap")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-characterize")).to_be_focused()
    page.keyboard.press("Home")
    tab_to("#run-heatmap")
    page.keyboard.press("Enter")
    is_complete(page, "heatmap")
    tab_to("#heatmap-plot")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    is_complete(page, "simulate")
    expect(page.locator("#simulate-view .note")).to_contain_text("b = 0.01143 nA")
