"""The informant's whole way on a telephone: without scripts to the end, and every page of it
without an accessibility fault."""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser import page_of, press

pytestmark = pytest.mark.browser
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
Look = Callable[[str], None]


def walk(page: Page, server: str, folder: Path, look: Look) -> None:
    """Form, search, error, file, preview, receipt typed back wrongly and rightly, slip, progress,
    answer, sent before."""
    table = folder / "一个很长很长的附件名称用来看手机屏幕放不放得下它会不会溢出屏幕之外.csv"
    table.write_text("指标,上报,实际\n应收账款,646,5087\n", "utf-8")
    page.goto(server + "/report")
    look("form")
    page.fill("#subject", "重庆")
    press(page, "button:has-text('查找单位')")
    look("nothing found")
    page.fill("#subject", "重庆某某测试有限公司")
    page.set_input_files("#files", [table])
    press(page, ".actions button:has-text('预览并提交')")
    # where scripts run, once the file has gone up
    page.wait_for_selector("text=请写明反映的具体问题")
    look("error")
    page.fill("#narrative", "应收账款少报四百多万元。\n第二行。")
    press(page, ".actions button:has-text('预览并提交')")
    look("preview")
    press(page, "button:has-text('提交举报')")
    code = page.inner_text("#code")
    assert code not in page.title()
    look("receipt")
    page.fill("#first", "0000")
    page.fill("#last", code[-4:])
    press(page, "button:has-text('核对抄写')")
    look("typed wrongly")
    page.fill("#first", code[:4])
    page.fill("#last", code[-4:])
    press(page, "button:has-text('核对抄写')")
    assert "抄写无误" in page.content()
    look("typed rightly")
    with page.expect_popup() as opened:
        page.click("button:has-text('打印凭条')")
    slip = opened.value
    slip.wait_for_load_state()
    assert slip.locator("img").count() == 1
    slip.close()
    page.goto(server + "/progress")
    page.fill("#code", "1234")
    press(page, "main button")
    look("wrong code")
    page.fill("#code", code)
    press(page, "main button")
    look("thread")
    page.fill("#text", "补充：\n三月。")
    press(page, "button[value=answer]")
    assert "补充：\n三月。" in page.content()
    assert page.context.cookies() == []
    page.goto(server + "/nowhere")
    look("no such page")


def test_without_scripts_on_a_telephone(server: str, chromium: Browser, tmp_path: Path) -> None:
    page = page_of(chromium, 390, scripts=False)
    seen: list[str] = []
    walk(page, server, tmp_path, seen.append)
    assert len(seen) == 10


def test_it_works_in_tor_browsers_safest_mode(
    server: str, chromium: Browser, tmp_path: Path
) -> None:
    """No scripts, no web fonts, no SVG, nothing from elsewhere: what that mode refuses is not asked
    for, or refused here."""
    page, asked = page_of(chromium, 390, scripts=False), list[tuple[str, str]]()

    def gate(route: Route) -> None:
        kind, url = route.request.resource_type, route.request.url
        asked.append((kind, url))
        safest = kind in ("document", "stylesheet") or (
            kind == "image" and url.startswith("data:image/png")
        )
        if safest and url.startswith((server, "data:")):
            route.continue_()
        else:
            route.abort()

    page.context.route("**/*", gate)
    seen: list[str] = []

    def look(name: str) -> None:
        seen.append(name)
        assert "<svg" not in page.content(), name
        assert page.evaluate("document.fonts.size") == 0, name

    walk(page, server, tmp_path, look)
    assert len(seen) == 10
    assert {kind for kind, url in asked if not url.endswith("icon.svg")} <= {
        "document",
        "stylesheet",
        "image",
    }
    assert [
        url for kind, url in asked if kind == "image" and ".svg" in url and "icon" not in url
    ] == []


def test_every_page_fits_and_has_no_accessibility_fault(
    server: str, chromium: Browser, tmp_path: Path
) -> None:
    page = page_of(chromium, 390)
    found: dict[str, object] = {}

    def look(name: str) -> None:
        faults = [v["id"] for v in Axe().run(page).response["violations"]]
        if not page.evaluate(FITS):
            faults.append("runs over the edge")
        if faults:
            found[name] = faults

    walk(page, server, tmp_path, look)
    assert found == {}


def test_a_lost_connection_goes_on_where_it_broke(
    server: str, chromium: Browser, tmp_path: Path
) -> None:
    """A picture of three pieces; the line goes dead at the second and comes back."""
    photo = tmp_path / "现场.png"
    Image.effect_noise((1700, 1700), 90).save(photo)
    page, offsets = page_of(chromium, 390), list[str]()

    def line(route: Route) -> None:
        body = route.request.post_data_buffer or b""
        offsets.append(body.split(b'name="offset"')[1].split()[0].decode())
        if len(offsets) in (2, 3):
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/report/piece", line)
    page.goto(server + "/report")
    page.set_input_files("#files", [photo])
    page.wait_for_selector("ul.files button[name=remove]")
    assert offsets[:4] == ["0", "1048576", "1048576", "1048576"]
    page.fill("#subject", "某某公司")
    page.fill("#narrative", "见照片。")
    press(page, ".actions button:has-text('预览并提交')")
    assert page.inner_text("dl.facts").count("现场.png") == 1


def test_while_very_much_comes_in_the_browser_works_for_its_person(
    server: str, chromium: Browser
) -> None:
    """The page that asks for patience solves its puzzle by itself; the answer fits the
    challenge."""
    page = page_of(chromium, 390)
    page.goto(server + "/report")
    salt, number = "ab?expires=1&", 4321
    digest = hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
    puzzle = {
        "algorithm": "SHA-256",
        "challenge": digest,
        "salt": salt,
        "signature": "s",
        "max": 9999,
    }
    page.evaluate(
        """puzzle => { document.querySelector("main").innerHTML = '<p id="how"></p><form id="wait"><input id="work"></form>';
        const form = document.getElementById("wait"); form.dataset.challenge = JSON.stringify(puzzle);
        form.dataset.ready = "ready";
        const script = document.createElement("script"); script.src = "/static/work.js"; document.head.append(script); }""",  # noqa: E501
        puzzle,
    )
    expect(page.locator("#how")).to_have_text("ready")
    assert json.loads(base64.b64decode(page.input_value("#work")))["number"] == number


@pytest.mark.parametrize("width", [256, 320, 640])
def test_the_list_needs_no_scrolling_sideways(server: str, chromium: Browser, width: int) -> None:
    """At 200 % zoom a laptop has 640; in both languages, with entries on show."""
    page = page_of(chromium, width)
    for language in ("zh", "en"):
        page.goto(f"{server}/list?lang={language}")
        assert page.locator("table.cards tbody tr").count() > 0
        assert page.evaluate(FITS), (width, language)
        assert page.evaluate(
            "document.querySelector('main').scrollWidth <= document.documentElement.clientWidth"
        ), language
