"""The search with the keyboard alone, as somebody types who never touches the mouse."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import page_of, sign_in

pytestmark = pytest.mark.browser


def arrived(page: Page, at: str | re.Pattern[str]) -> None:
    """The page has come, and its scripts listen for keys."""
    expect(page).to_have_url(at)
    page.wait_for_load_state("load")


def test_a_step_a_page_and_the_sheet_of_keys_by_keyboard(server: str, chromium: Browser) -> None:
    page = page_of(chromium)
    sign_in(page, server, "clerk")
    page.goto(f"{server}/desk/cases")
    page.keyboard.press("j")
    page.keyboard.press("o")
    arrived(page, re.compile("/desk/dockets/C"))
    page.keyboard.press("Control+k")
    page.keyboard.type("文书")
    found = page.locator("#palette")
    expect(found.locator("a", has_text="文书").first).to_be_visible()
    assert not Axe().run(page, context="header").response["violations"]
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    page.keyboard.type("统计")
    page.keyboard.press("Escape")
    page.locator("#q").fill("统计")
    expect(found.locator("a", has_text="统计").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(found.locator("a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#q").fill("打印与")
    expect(found.locator("a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    arrived(page, f"{server}/desk/print/")
    page.keyboard.press("?")
    arrived(page, f"{server}/desk/keys")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


def test_a_row_is_ticked_by_keyboard(server: str, chromium: Browser) -> None:
    page = page_of(chromium)
    sign_in(page, server, "head")
    page.goto(f"{server}/desk/cases")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("tbody input[type=checkbox]").first).to_be_checked()
