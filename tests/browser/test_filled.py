"""A unit of the register fills a form in a real browser: while its name is typed, and without
scripts by a button."""

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import page_of, press, sign_in

pytestmark = pytest.mark.browser
NEW = "/desk/reports/new?channel=phone"
LOOK_UP = "button[name=look_up]"


def signed_in(chromium: Browser, server: str, login: str, width: int, scripts: bool = True) -> Page:
    page = page_of(chromium, width, scripts=scripts)
    sign_in(page, server, login)
    return page


def known_unit(page: Page, server: str) -> str:
    """A unit of the demonstration's register, by a part of its name."""
    found = page.request.get(f"{server}/desk/units", params={"q": "重庆"}).json()
    return str(found[0]["name"])


@pytest.mark.parametrize("width", [1280, 390])
def test_a_unit_is_offered_while_its_name_is_typed(
    server: str, chromium: Browser, width: int
) -> None:
    page = signed_in(chromium, server, "clerk", width)
    name = known_unit(page, server)
    page.goto(server + NEW)
    page.locator("#subject").press_sequentially(name[:8])
    offer = page.locator(".units li button", has_text=name).first
    offer.focus()
    page.keyboard.press("Enter")  # by keyboard alone
    assert page.input_value("#subject") == name
    assert page.input_value("#credit_code")
    assert page.locator(".units li").count() == 0
    assert page.url == server + NEW  # nothing was sent
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_a_button_looks_it_up_and_keeps_what_was_typed(
    server: str, chromium: Browser
) -> None:
    page = signed_in(chromium, server, "clerk", 1280, scripts=False)
    name = known_unit(page, server)
    page.goto(server + NEW)
    page.fill("#subject", name[:8])
    page.fill("#narrative", "少报产值。\n去年也是。")
    press(page, LOOK_UP)
    press(page, f"button[name=unit]:has-text('{name}') >> nth=0")
    assert page.input_value("#subject") == name
    assert page.input_value("#credit_code")
    assert page.input_value("#narrative") == "少报产值。\n去年也是。"
