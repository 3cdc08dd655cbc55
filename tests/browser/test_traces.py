"""What an ordinary browser still knows of a walk when it is closed: its own files are searched for
the words and the code."""

from __future__ import annotations

import sqlite3
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import CHROMIUM, FLAGS, PATIENCE
from tests.support.browser import press
from tests.support.ports import PAUSE, TRIES

pytestmark = pytest.mark.browser
UNIT, WORDS, LATER, FILE = (
    "重庆痕迹测试有限公司",
    "三月少报四百多万元，账在财务室。",
    "补充：账本在二楼。",
    "内部台账.csv",
)


def walk(page: Page, server: str, folder: Path, scripts: bool) -> str:
    """From the form to an answer in the dialogue, with every page between; the receipt code."""
    table = folder / FILE
    table.write_text("指标,上报,实际\n", "utf-8")
    page.goto(server + "/report")
    page.fill("#subject", UNIT)
    page.set_input_files("#files", [table])
    if scripts:  # else the button waits for the file, and the page changes while one types
        page.wait_for_selector("ul.files button[name=remove]")
    press(page, "button[value=save]")
    page.wait_for_selector("#draft-code")
    page.fill("#narrative", WORDS)
    press(page, ".actions button:has-text('预览并提交')")
    press(page, "button:has-text('提交举报')")
    code = page.inner_text("#code")
    for last in ("0000", code[-4:]):
        page.fill("#first", code[:4])
        page.fill("#last", last)
        press(page, "button:has-text('核对抄写')")
    page.goto(server + "/progress")
    page.fill("#code", code)
    press(page, "main button")
    page.fill("#text", LATER)
    press(page, "button[value=answer]")
    assert LATER in page.inner_text(".thread")
    return code


def leave(page: Page, quickly: bool) -> None:
    if quickly:
        page.route(
            "https://www.weather.com.cn/**",
            lambda route: route.fulfill(body="<title>weather</title>"),
        )
        page.click("#exit")
        page.wait_for_url("https://www.weather.com.cn/")
    else:
        press(page, "button:has-text('离开')")
        page.wait_for_url("**/left")


def until_gone(page: str) -> None:
    """A browser that leaves quickly sends word beside the next page: on a slow machine the server
    hears of it later."""
    for _ in range(TRIES):
        try:
            urllib.request.urlopen(page, timeout=30).close()
        except urllib.error.HTTPError as gone:
            if gone.code != 410:
                raise
            return
        time.sleep(PAUSE)
    raise AssertionError("the pages of the walk were not dropped")


def found_in(profile: Path, markers: dict[str, str]) -> list[str]:
    """Where a marker stands in a profile, in any of the ways a browser writes text."""
    found = []
    for file in (f for f in profile.rglob("*") if f.is_file()):
        content = file.read_bytes()
        for name, marker in markers.items():
            if any(marker.encode(how) in content for how in ("utf-8", "utf-16-le")):
                found.append(f"{name} in {file.relative_to(profile)}")
    return sorted(found)


def titles(profile: Path) -> set[str]:
    with sqlite3.connect(
        f"file:{profile / 'Default/History'}?mode=ro&immutable=1", uri=True
    ) as history:
        return {title for (title,) in history.execute("SELECT title FROM urls")}


@pytest.mark.parametrize("quickly", [True, False])
def test_back_leads_to_none_of_the_pages_before(
    server: str, chromium: Browser, tmp_path: Path, quickly: bool
) -> None:
    context = chromium.new_context(locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    code = walk(page, server, tmp_path, scripts=True)
    last = page.url
    leave(page, quickly)
    until_gone(last)
    shown = []
    while page.go_back() is not None and len(shown) < 30:
        shown.append(page.content())
    context.close()
    assert any("不再保留" in text for text in shown)
    assert [
        text for text in shown if any(word in text for word in (UNIT, WORDS, LATER, FILE, code))
    ] == []


def test_back_leads_to_no_page_that_was_left_before_its_script_ran(
    server: str, chromium: Browser, tmp_path: Path
) -> None:
    """As on a slow line: the pages stand there, and the file that would note them is still on its
    way."""
    context = chromium.new_context(locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.route(
        "**/static/exit.js",
        lambda route: route.abort() if "/page/" in page.url else route.continue_(),
    )
    code = walk(page, server, tmp_path, scripts=True)
    last = page.url
    page.unroute("**/static/exit.js")
    page.goto(server + "/progress")
    leave(page, quickly=True)
    until_gone(last)
    shown = []
    while page.go_back() is not None and len(shown) < 30:
        shown.append(page.content())
    context.close()
    assert [
        text for text in shown if any(word in text for word in (UNIT, WORDS, LATER, FILE, code))
    ] == []


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("quickly", [True, False])
def test_a_closed_browser_holds_neither_words_nor_code(
    server: str, chromium: Browser, tmp_path: Path, scripts: bool, quickly: bool
) -> None:
    profile = tmp_path / "profile"
    context = chromium.browser_type.launch_persistent_context(
        profile,
        executable_path=str(CHROMIUM),
        args=FLAGS,
        java_script_enabled=scripts,
        locale="zh-CN",
    )
    context.set_default_timeout(PATIENCE)
    page = context.pages[0]
    code = walk(page, server, tmp_path, scripts)
    leave(page, quickly)
    context.close()
    markers = {
        "code": code,
        "code without blanks": code.replace(" ", ""),
        "narrative": WORDS,
        "answer": LATER,
    }
    markers |= {"unit": UNIT, "file": FILE}
    assert list((profile / "Default/Sessions").glob("Session_*")), (
        "this browser keeps a session, else nothing is shown here"
    )
    assert found_in(profile, markers) == []
    assert titles(profile) <= {"", "丰都县统计局", "weather"}
