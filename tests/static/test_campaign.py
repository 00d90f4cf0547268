"""The campaign view in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from studio import Client
from tests.conftest import Server
from tests.static.test_page import TOO_WIDE, Open, browser, open_page
from tests.studio.web.test_campaigns import LAB, MEMBRANE, begun

__all__ = ["browser", "open_page"]  # fixtures

FRONT = "document.querySelector('#front-plot').data?.find((t) => t.name === 'Front')?.x.length"
POINTS = "document.querySelector('#convergence-plot').data?.[0].x"
NO_WEBSOCKETS = "window.WebSocket = class { constructor() { throw new Error('blocked'); } };"


def is_over(page: Page) -> None:
    expect(page.locator("#campaign-one")).to_have_attribute("data-state", "completed")


def test_one_click_starts_the_example_and_shows_it_iteration_by_iteration(
    open_page: Open,
) -> None:
    page = open_page("#campaign")
    expect(page.locator("#campaign-config")).to_have_value(re.compile("name: ro-membrane"))
    page.locator("#campaign-run").click()
    page.wait_for_function(f"() => {POINTS}?.length >= 2")
    expect(page.locator("#campaign-stats")).to_contain_text("of 20")
    expect(page.locator("#campaign-left")).to_contain_text("left")
    page.locator("#campaign-pause").click()
    expect(page.locator("#campaign-one")).to_have_attribute("data-state", "paused")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#campaign-cancel").click()
    expect(page.locator("#campaign-one")).to_have_attribute("data-state", "cancelled")
    expect(page.locator("#campaign-note")).to_contain_text("cancelled")


def test_a_link_shows_a_campaign_that_has_ended_whole(open_page: Open, server: Server) -> None:
    client = Client(server.url)
    campaign = begun(client, MEMBRANE).id
    events = list(client.campaigns.stream(campaign))
    page = open_page(f"#campaign?id={campaign}")
    is_over(page)
    page.wait_for_function(f"() => {POINTS}?.length === 4")
    front = sum(row.on_front for row in client.campaigns.results(campaign).results)
    page.wait_for_function(f"() => {FRONT} === {front}")
    expect(page.locator("#candidates-rows tr")).to_have_count(13)
    expect(page.locator("#candidates-rows tr[data-front]")).to_have_count(front)
    expect(page.locator("#campaign-stats")).to_contain_text("4 of 4")
    last = page.locator("#candidates-rows tr").first
    last.click()
    expect(last).to_have_attribute("data-chosen", "")
    page.locator("#front-foot summary").click()
    expect(page.locator("#front-foot tbody tr")).to_have_count(front)
    assert events[-1].state == "completed"


def test_a_watcher_without_websockets_sees_the_same(open_page: Open, server: Server) -> None:
    campaign = begun(Client(server.url), MEMBRANE).id
    page = open_page(f"#campaign?id={campaign}", script=NO_WEBSOCKETS)
    is_over(page)
    page.wait_for_function(f"() => {POINTS}?.length === 4")


def test_what_is_wrong_with_a_configuration_is_said_below_it(open_page: Open) -> None:
    page = open_page("#campaign")
    page.locator("#campaign-config").fill("name: x\ndomain: manual\nparameters: []\n")
    page.locator("#campaign-run").click()
    problems = page.locator("#campaign-problems")
    expect(problems).to_contain_text("parameters")
    expect(problems).to_contain_text("objectives")


def test_a_laboratory_hands_in_results_on_the_page(open_page: Open, server: Server) -> None:
    campaign = begun(Client(server.url), LAB).id
    page = open_page(f"#campaign?id={campaign}")
    expect(page.locator("#manual-rows tr")).to_have_count(2)
    for field in page.locator("#manual-rows input").all():
        field.fill("0.5")
    page.get_by_role("button", name="Hand in results").click()
    expect(page.locator("#manual-rows tr")).to_have_count(1)
    page.locator("#manual-rows input").fill("0.7")
    page.get_by_role("button", name="Hand in results").click()
    is_over(page)
    expect(page.locator("#manual")).to_be_hidden()


def test_no_part_of_a_campaign_is_wider_than_a_screen_of_360_pixels(
    open_page: Open, server: Server
) -> None:
    client = Client(server.url)
    campaign = begun(client, MEMBRANE).id
    list(client.campaigns.stream(campaign))
    page = open_page("#campaign", width=360)
    expect(page.locator("#campaign-list tbody tr").first).to_be_visible()
    assert not page.evaluate(TOO_WIDE)
    page.goto(f"{server.url}/#campaign?id={campaign}")
    is_over(page)
    page.wait_for_function(f"() => {POINTS}?.length === 4")
    assert not page.evaluate(TOO_WIDE)
