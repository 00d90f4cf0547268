"""Signing in on the page, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from studio import auth
from tests.conftest import Server
from tests.static.test_page import CHROMIUM, OPTIONS, RUN_MS, TOO_WIDE

SECRET = b"0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def guarded(start_server: Callable[..., Server], data_dir: Path) -> Server:
    (data_dir / "secret").write_bytes(SECRET)
    secret = ("--secret-file", str(data_dir / "secret"))
    return start_server("--workers", "1", *secret, "--data-dir", str(data_dir))


@pytest.fixture
def page(guarded: Server) -> Iterator[Page]:
    """The page as somebody sees it who has not signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.set_default_timeout(RUN_MS)
        page.goto(f"{guarded.url}/#heatmap?name=LapicqueNeuron&duration=50")
        yield page
        browser.close()


def sign_in(page: Page, token: str) -> None:
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Sign in").click()


def test_whoever_signs_in_comes_to_where_the_link_leads_and_may_leave_again(page: Page) -> None:
    assert not page.evaluate(TOO_WIDE)
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("none of this server's")
    sign_in(page, auth.issue(SECRET, "ada", 600.0))
    expect(page.locator("#connection-text")).to_have_text("Live")
    expect(page.get_by_role("combobox", name="Model")).to_have_value("LapicqueNeuron")
    assert not page.evaluate(TOO_WIDE)
    page.get_by_role("button", name="Run").first.click()
    expect(page.locator("#heatmap-plot .main-svg").first).to_be_visible()
    page.get_by_role("button", name="Sign out ada").click()
    expect(page.get_by_label("Token")).to_be_visible()


def test_a_page_whose_token_is_revoked_asks_for_another_one(page: Page, data_dir: Path) -> None:
    token = auth.issue(SECRET, "ada", 600.0)
    sign_in(page, token)
    expect(page.locator("#connection-text")).to_have_text("Live")
    auth.revoke(data_dir, auth.token_id(token))
    expect(page.get_by_label("Token")).to_be_visible()
