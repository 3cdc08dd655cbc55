"""What happens while somebody writes: the session that ends with a warning, and a colleague who was
quicker."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import page_of, press, sign_in

pytestmark = pytest.mark.browser
HOUR = 3600


def step_of_a_case(page: Page, server: str, name: str) -> str:
    """The page of a step of the first case that offers it; its address."""
    page.goto(f"{server}/desk/cases")
    for address in page.eval_on_selector_all("tbody th a", "links => links.map(a => a.href)"):
        page.goto(address)
        if page.locator(f".next a[href$='/{name}']").count():
            press(page, f".next a[href$='/{name}'] >> nth=0")
            return page.url
    raise LookupError(name)


def test_the_warning_comes_in_time_and_the_session_goes_on(server: str, chromium: Browser) -> None:
    page = page_of(chromium)
    page.clock.install()
    sign_in(page, server, "officer1")
    warning = page.locator("#session-end")
    expect(warning).to_be_hidden()
    page.clock.fast_forward((HOUR - 301) * 1000)
    expect(warning).to_be_hidden()
    page.clock.fast_forward(2000)
    expect(warning).to_be_visible()
    assert "五分钟后" in warning.inner_text()
    warning.locator("button").click()
    expect(warning).to_be_hidden()
    page.clock.fast_forward((HOUR - 299) * 1000)
    expect(warning).to_be_visible()  # the hour began anew with the click


def test_who_is_signed_out_reads_it_and_finds_what_was_typed(
    server: str, chromium: Browser
) -> None:
    page = page_of(chromium)
    page.clock.install()
    sign_in(page, server, "officer1")
    address = step_of_a_case(page, server, "add_evidence")
    page.fill("#title", "应收账款明细账（写到一半）")
    with page.expect_response(lambda r: r.request.method == "POST" and r.status == 204):
        page.clock.fast_forward(16_000)
    page.clock.fast_forward((HOUR - 298) * 1000)
    warning = page.locator("#session-end")
    expect(warning).to_be_visible()
    page.context.clear_cookies()  # an hour passed on the server
    warning.locator("button").click()
    expect(warning.get_by_text("您已退出登录")).to_be_visible()
    page.goto(address)
    assert "离开超过一小时" in page.inner_text("main")
    page.fill("#login", "officer1")
    page.fill("#password", "fengdu-demo-2026")
    press(page, "main button")
    page.wait_for_url(address)
    assert page.input_value("#title") == "应收账款明细账（写到一半）"
    press(page, "button:has-text('删除草稿')")


def test_the_second_of_two_keeps_what_was_typed_and_the_file(
    server: str, chromium: Browser, tmp_path: Path
) -> None:
    """Two officers write on the same track: the second sees what the first did, beside their own
    words, and sends again."""
    file = tmp_path / "台账.csv"
    file.write_text("指标,数\n应收账款,5087\n", "utf-8")
    one, two = page_of(chromium), page_of(chromium)
    sign_in(one, server, "officer1")
    sign_in(two, server, "officer2")
    address = step_of_a_case(one, server, "add_evidence")
    two.goto(address)
    for page, title in ((one, "先到的证据"), (two, "后到的证据")):
        page.fill("#title", title)
        page.fill("#source", "财务科")
        page.fill("#proves", "少报。")
    two.set_input_files("input[type=file]", file)
    press(one, ".actions button >> nth=0")
    assert "已办理" in one.inner_text(".flash")
    press(two, ".actions button >> nth=0")
    assert "其他人" in two.inner_text("h1")
    assert two.input_value("#title") == "后到的证据"
    assert "先到的证据" not in two.input_value("#proves")
    assert "台账.csv" in two.inner_text("main")
    assert "秦岚" in two.inner_text(".journal")
    assert two.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    press(two, "button:has-text('提交')")
    assert "已办理" in two.inner_text(".flash")
    assert "台账.csv" in two.inner_text("main")
    assert two.inner_text(".journal").count("证据") >= 2
