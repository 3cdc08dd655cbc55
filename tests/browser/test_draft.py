"""A draft in a real browser, with scripts and without: loaded anew, refused, cut off from the network, tab closed."""

from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Page, Route

from tests.browser.test_browser import page_of

pytestmark = pytest.mark.browser
UNIT, WORDS = "重庆某某测试有限公司", "应收账款少报四百多万元。"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "账簿.png"
    Image.new("RGB", (30, 20), "white").save(file)
    return file


def fill(page: Page, server: str) -> None:
    page.goto(server + "/report")
    page.fill("#subject", UNIT)
    page.fill("#narrative", WORDS)


def written(page: Page) -> tuple[str, str]:
    return page.input_value("#subject"), page.input_value("#narrative")


def files(page: Page) -> int:
    return page.locator("ul.files button[name=remove]").count()


def button(page: Page, action: str) -> None:
    page.click(f"form button[value={action}]:not(.hidden)")


# -- without scripts
def test_without_scripts_a_sent_page_may_be_loaded_again(server: str, chromium: Browser, photo: Path) -> None:
    page = page_of(chromium, 390, scripts=False)
    fill(page, server)
    page.set_input_files("#files", [photo])
    button(page, "upload")
    page.wait_for_selector("ul.files")  # a page that is still coming cannot be loaded again
    for _ in range(2):
        page.reload()  # the browser sends it once more
        assert written(page) == (UNIT, WORDS)
        assert files(page) == 1


def test_without_scripts_a_mistake_costs_nothing(server: str, chromium: Browser, photo: Path) -> None:
    page = page_of(chromium, 390, scripts=False)
    fill(page, server)
    page.fill("#narrative", "")
    page.set_input_files("#files", [photo])
    button(page, "preview")
    assert "请写明反映的具体问题" in page.content()
    assert (written(page), files(page)) == ((UNIT, ""), 1)
    page.fill("#narrative", WORDS)
    button(page, "preview")
    assert page.inner_text("dl.facts").count("账簿.png") == 1


def test_without_scripts_a_page_cut_off_is_loaded_again_and_was_sent(server: str, chromium: Browser, photo: Path) -> None:
    page = page_of(chromium, 390, scripts=False)
    fill(page, server)
    page.set_input_files("#files", [photo])
    page.context.set_offline(True)
    with suppress(Error):  # the browser's own page stands there now
        button(page, "save")
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.reload()
    assert written(page) == (UNIT, WORDS)
    assert files(page) == 1


def test_without_scripts_a_receipt_lost_on_the_way_comes_when_the_page_is_loaded_again(server: str, chromium: Browser) -> None:
    """The server has taken the tip, its answer never arrives."""
    page = page_of(chromium, 390, scripts=False)
    fill(page, server)
    button(page, "preview")
    arrived: list[str] = []

    def lose(route: Route) -> None:
        arrived.append(route.fetch().text())
        route.abort("connectionreset")

    page.route("**/report/send", lose)
    with suppress(Error):
        page.click("main form .actions button:first-child")
    page.wait_for_url("chrome-error://**")
    page.unroute("**/report/send")
    page.reload()
    assert len(arrived) == 1
    assert page.inner_text("#code") in arrived[0]


def test_without_scripts_the_code_brings_a_closed_page_back(server: str, chromium: Browser, photo: Path) -> None:
    page = page_of(chromium, 390, scripts=False)
    fill(page, server)
    page.set_input_files("#files", [photo])
    button(page, "save")
    code = page.inner_text("#draft-code")
    page.context.close()
    other = page_of(chromium, 390, scripts=False)
    other.goto(server + "/report")
    assert written(other) == ("", "")  # nothing of it without the code
    other.click("summary")
    other.fill("#resume", code.lower())
    button(other, "resume")
    assert (written(other), files(other)) == ((UNIT, WORDS), 1)
    assert code.replace(" ", "") not in other.url
    assert other.context.cookies() == []


def test_without_scripts_the_blank_page_says_what_is_not_kept(server: str, chromium: Browser) -> None:
    page = page_of(chromium, 390, scripts=False)
    page.goto(server + "/report")
    assert "按下按钮之前不保存" in page.inner_text("#keeps")


# -- with scripts
def kept(page: Page) -> None:
    page.wait_for_selector("#kept:has-text('已保存')")


def test_with_scripts_a_page_never_sent_may_be_loaded_again(server: str, chromium: Browser, photo: Path) -> None:
    page = page_of(chromium, 390)
    page.goto(server + "/report")
    assert "随写随存" in page.inner_text("#keeps")
    fill(page, server)
    page.set_input_files("#files", [photo])
    page.wait_for_selector("ul.files button[name=remove]")
    kept(page)
    for _ in range(2):
        page.reload()
        page.wait_for_selector("text=这是您的草稿")
        assert (written(page), files(page)) == ((UNIT, WORDS), 1)
    page.goto(server + "/report")  # the menu's link, in the same tab
    page.wait_for_selector("text=这是您的草稿")
    page.click("text=另写一份举报")
    page.wait_for_selector("[data-blank]")
    assert written(page) == ("", "")


def test_with_scripts_words_typed_while_the_network_is_gone_are_kept_when_it_is_back(server: str, chromium: Browser) -> None:
    page = page_of(chromium, 390)
    fill(page, server)
    kept(page)
    page.context.set_offline(True)
    page.fill("#narrative", WORDS + "后来补写。")
    page.wait_for_selector("#kept:has-text('网络已断开')")
    page.context.set_offline(False)
    kept(page)
    page.reload()
    page.wait_for_selector("text=这是您的草稿")
    assert written(page) == (UNIT, WORDS + "后来补写。")


def test_with_scripts_a_mistake_and_a_reload_cost_nothing(server: str, chromium: Browser, photo: Path) -> None:
    page = page_of(chromium, 390)
    page.goto(server + "/report")
    page.fill("#subject", UNIT)
    page.set_input_files("#files", [photo])
    page.wait_for_selector("ul.files button[name=remove]")
    page.wait_for_selector("p[role=status]:has-text('100 %')")
    button(page, "preview")
    assert "请写明反映的具体问题" in page.content()
    page.reload()
    assert (written(page), files(page)) == ((UNIT, ""), 1)


def test_another_tab_and_a_sent_tip_know_nothing_of_the_draft(server: str, chromium: Browser) -> None:
    page = page_of(chromium, 390)
    fill(page, server)
    kept(page)
    other = page.context.new_page()
    other.goto(server + "/report")
    assert written(other) == ("", "")
    assert page.evaluate("JSON.stringify(sessionStorage)").count(WORDS) == 0  # the key alone lies on the machine
    button(page, "preview")
    page.click("button:has-text('提交举报')")
    page.wait_for_selector("#code")
    page.goto(server + "/report")
    assert written(page) == ("", "")
    assert page.locator("[data-blank]").count() == 1
