"""A real browser on the real server: a tip with two files, without scripts, and the team's first
steps with it."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.support.browser import page_of, press, sign_in

pytestmark = pytest.mark.browser


def test_from_an_anonymous_tip_to_an_accepted_case(
    server: str, chromium: Browser, tmp_path: Path
) -> None:
    """Without scripts on a phone: form, two files, an error, preview, receipt, progress; then clerk
    and head."""
    photo, table = tmp_path / "账簿.png", tmp_path / "报表.csv"
    from PIL import Image

    Image.new("RGB", (30, 20), "white").save(photo)
    table.write_text("指标,上报,实际\n应收账款,646,5087\n", "utf-8")
    page = page_of(chromium, 390, scripts=False)
    page.goto(server)
    press(page, "main a.button >> nth=0")
    page.fill("#subject", "重庆浏览器测试有限公司")
    page.set_input_files("#files", [photo, table])
    press(page, ".actions button:has-text('预览并提交')")
    assert "请写明反映的具体问题" in page.content()
    assert "账簿.png" in page.content()
    page.fill("#narrative", "应收账款少报四百多万元，\n证据在附件😊。")
    press(page, ".actions button:has-text('预览并提交')")
    assert "应收账款少报四百多万元" in page.content()
    press(page, "button:has-text('提交举报')")
    code = page.inner_text("#code")
    assert re.fullmatch(r"(\d{4} ){5}\d{4}", code)
    assert page.context.cookies() == []
    page.goto(f"{server}/progress")
    page.fill("#code", code)
    press(page, "main button")
    assert "已收到，等待登记" in page.content()

    page = page_of(chromium)
    sign_in(page, server, "clerk")
    page.goto(f"{server}/desk/reports")
    press(page, "text=重庆浏览器测试有限公司")
    press(page, ".next a:has-text('登记')")
    page.fill("#proposal", "线索具体，\n建议受理。")
    press(page, ".actions button >> nth=0")
    assert "已办理" in page.inner_text(".flash")
    press(page, ".next a:has-text('受理') >> nth=0")
    page.fill("#cause", "涉嫌提供不真实统计资料")
    page.fill("#opinion", "属本局管辖。\n同意。")
    press(page, ".actions button:has-text('呈报审批')")
    assert "等待" in page.inner_text(".flash")
    address = page.url
    sign_in(page, server, "head")
    page.goto(address)
    press(page, "aside .note a.button")
    press(page, "button:has-text('同意')")
    assert "已同意" in page.inner_text(".flash")
    press(page, "#links a")
    assert "核查" in page.inner_text(".stages .current")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_runs_over_the_edge(server: str, chromium: Browser, width: int) -> None:
    page = page_of(chromium, width)
    paths = ["/", "/report", "/progress", "/list", "/check", "/signin", "/nowhere"]
    for path in paths:
        page.goto(server + path)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), path
    sign_in(page, server, "officer1")
    for path in (
        "/desk/",
        "/desk/cases",
        "/desk/papers",
        "/desk/office/settings",
        "/desk/procedure",
    ):
        page.goto(server + path)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), path


def test_no_accessibility_violations(server: str, chromium: Browser) -> None:
    page = page_of(chromium)
    found = {}
    for path in ("/", "/report", "/progress", "/list", "/check", "/?lang=en", "/report?lang=en"):
        page.goto(server + path)
        found[path] = [v["id"] for v in Axe().run(page).response["violations"]]
    sign_in(page, server, "officer1")
    for path in ("/desk/", "/desk/cases", "/desk/office/settings", "/desk/procedure"):
        page.goto(server + path)
        found[path] = [v["id"] for v in Axe().run(page).response["violations"]]
    page.goto(f"{server}/desk/cases")
    press(page, "tbody a >> nth=0")
    found["case"] = [v["id"] for v in Axe().run(page).response["violations"]]
    assert {k: v for k, v in found.items() if v} == {}
