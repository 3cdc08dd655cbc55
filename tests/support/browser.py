"""A real Chromium: a page, a sign-in, a button that leads to the next page."""

from playwright.sync_api import Browser, Page

from tests.browser.conftest import PATIENCE

PASSWORD = "fengdu-demo-2026"


def page_of(browser: Browser, width: int = 1280, scripts: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def press(page: Page, what: str) -> None:
    """Click what leads to another page, and wait until that has come: a click alone may return
    while the old one stands. What is folded is opened before."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    with page.expect_navigation():
        page.click(what)


def sign_in(page: Page, server: str, login: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{server}/signin")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    press(page, "main button")
    page.wait_for_url("**/desk/")
