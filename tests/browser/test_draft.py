"""A draft in a real browser, with scripts and without: loaded anew, refused, cut off from the
network, tab closed."""

from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Page, Route

from tests.support.browser import page_of, press

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
    press(page, named(action))


def named(action: str) -> str:
    return f"form button[value={action}]:not(.hidden)"


# -- without scripts
def test_without_scripts_a_sent_page_may_be_loaded_again(
    server: str, chromium: Browser, photo: Path
) -> None:
    page = page_of(chromium, 390, scripts=False)
    fill(page, server)
    page.set_input_files("#files", [photo])
    button(page, "upload")
    page.wait_for_selector("#taken")  # a page that is still coming cannot be loaded again
    for _ in range(2):
        page.reload()  # the browser sends it once more
        assert written(page) == (UNIT, WORDS)
        assert files(page) == 1


def test_without_scripts_a_mistake_costs_nothing(
    server: str, chromium: Browser, photo: Path
) -> None:
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


def test_without_scripts_a_page_cut_off_is_loaded_again_and_was_sent(
    server: str, chromium: Browser, photo: Path
) -> None:
    page = page_of(chromium, 390, scripts=False)
    fill(page, server)
    page.set_input_files("#files", [photo])
    page.context.set_offline(True)
    with suppress(Error):  # the browser's own page stands there now
        page.click(named("save"))
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.reload()
    assert written(page) == (UNIT, WORDS)
    assert files(page) == 1


def test_without_scripts_a_receipt_lost_on_the_way_comes_when_the_page_is_loaded_again(
    server: str, chromium: Browser
) -> None:
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


def test_without_scripts_the_code_brings_a_closed_page_back(
    server: str, chromium: Browser, photo: Path
) -> None:
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


def test_without_scripts_the_blank_page_says_what_is_not_kept(
    server: str, chromium: Browser
) -> None:
    page = page_of(chromium, 390, scripts=False)
    page.goto(server + "/report")
    assert "按下按钮之前不保存" in page.inner_text("#keeps")


# -- with scripts
def kept(page: Page) -> None:
    page.wait_for_selector("#kept:has-text('已保存')")


def test_with_scripts_a_page_never_sent_may_be_loaded_again(
    server: str, chromium: Browser, photo: Path
) -> None:
    page = page_of(chromium, 390)
    page.goto(server + "/report")
    assert "自动保存" in page.inner_text("#keeps")
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
    press(page, "text=另写一份举报")
    page.wait_for_selector("[data-blank]")
    assert written(page) == ("", "")


def test_with_scripts_a_page_loaded_anew_shows_what_was_kept_since(
    server: str, chromium: Browser, photo: Path
) -> None:
    """Of a page that answered a post too: its address shows it as it was made."""
    page = page_of(chromium, 390)
    fill(page, server)
    page.fill("#narrative", "")
    button(page, "preview")
    assert "请写明反映的具体问题" in page.content()
    page.fill("#narrative", WORDS)
    kept(page)
    for _ in range(2):
        page.reload()
        page.wait_for_selector("text=这是您的草稿")
        assert written(page) == (UNIT, WORDS)


def test_with_scripts_words_typed_while_the_network_is_gone_are_kept_when_it_is_back(
    server: str, chromium: Browser
) -> None:
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


def test_with_scripts_a_mistake_and_a_reload_cost_nothing(
    server: str, chromium: Browser, photo: Path
) -> None:
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


def test_another_tab_and_a_sent_tip_know_nothing_of_the_draft(
    server: str, chromium: Browser
) -> None:
    page = page_of(chromium, 390)
    fill(page, server)
    kept(page)
    other = page.context.new_page()
    other.goto(server + "/report")
    assert written(other) == ("", "")
    # the key alone lies on the machine
    assert page.evaluate("JSON.stringify(sessionStorage)").count(WORDS) == 0
    button(page, "preview")
    press(page, "button:has-text('提交举报')")
    page.wait_for_selector("#code")
    page.goto(server + "/report")
    assert written(page) == ("", "")
    assert page.locator("[data-blank]").count() == 1


# -- what is sent, what is refused, what is deleted
LINES = ["第一行：三月少报。", "第二行：账在财务室。"]


def submit(page: Page) -> None:
    press(page, "button:has-text('提交举报')")


def test_two_tabs_never_send_what_the_other_looked_over(server: str, chromium: Browser) -> None:
    """The same draft in two tabs: the first one's button shows both and sends nothing; the second's
    sends its own."""
    first = page_of(chromium, 390)
    fill(first, server)
    kept(first)
    key = first.input_value("input[name=draft]")
    button(first, "preview")
    second = first.context.new_page()
    second.goto(server + "/report")
    second.click("summary:has-text('继续填写草稿')")
    second.fill("#resume", key)
    button(second, "resume")
    second.fill("#narrative", "第二个窗口改过的话。")
    button(second, "preview")
    submit(first)
    assert "没有提交" in first.inner_text(".warning")
    assert WORDS in first.inner_text(".warning")
    assert "第二个窗口改过的话。" in first.inner_text("#answers")
    press(first, "button:has-text('换回我核对过的内容')")
    assert WORDS in first.inner_text("#answers")
    submit(second)
    assert "没有提交" in second.inner_text(".warning")
    submit(first)
    first.wait_for_selector("#code")


@pytest.mark.parametrize("scripts", [True, False])
def test_lines_typed_with_enter_are_looked_over_and_sent(
    server: str, chromium: Browser, scripts: bool
) -> None:
    """A browser sends other line ends than it shows: they are no change."""
    page = page_of(chromium, 390, scripts=scripts)
    page.goto(server + "/report")
    page.fill("#subject", UNIT)
    page.click("#narrative")
    for line in LINES:
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    if scripts:
        kept(page)
    button(page, "preview")
    assert "\n".join(LINES) in (page.text_content("#answers") or "")
    submit(page)
    page.wait_for_selector("#code")


def not_taken(page: Page) -> str:
    return page.inner_text("#refused") if page.locator("#refused").is_visible() else ""


@pytest.mark.parametrize("scripts", [True, False])
def test_each_refused_file_is_named_until_it_is_taken_off(
    server: str, chromium: Browser, photo: Path, tmp_path: Path, scripts: bool
) -> None:
    """A program and a photograph that is too large, each followed by a good file: the good one does
    not hide them."""
    evil, large = tmp_path / "恶意程序.exe", tmp_path / "大照片.jpg"
    evil.write_bytes(b"MZ\x90\x00" + bytes(200))
    with large.open("wb") as file:
        file.truncate(35 * 1024 * 1024)
    page = page_of(chromium, 390, scripts=scripts)
    fill(page, server)
    for chosen in ([evil, photo], [large, photo]):
        page.set_input_files("#files", chosen)
        if not scripts:
            button(page, "upload")
        page.wait_for_selector(f"#refused :text('{chosen[0].name}')")
    page.wait_for_selector("#taken :text('账簿.png')")
    assert page.locator("#refused").get_attribute("role") == "alert"
    assert "大照片.jpg”超过 30 MB" in not_taken(page)
    assert "KB · 已上传" in page.inner_text("#taken")
    assert files(page) == 1
    button(page, "preview")
    for name in ("恶意程序.exe", "大照片.jpg"):
        assert name in not_taken(page)
        assert name not in page.inner_text("#answers")
    press(page, ".actions button:has-text('修改')")
    press(page, "button[name=unlist] >> nth=0")
    assert "恶意程序.exe" not in not_taken(page)
    assert "大照片.jpg" in not_taken(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_whoever_gives_up_leaves_nothing_to_the_next_person(
    server: str, chromium: Browser, photo: Path, scripts: bool
) -> None:
    """The draft is deleted at once; the menu, «back» and the draft code bring nothing of it
    back."""
    page = page_of(chromium, 390, scripts=scripts)
    fill(page, server)
    page.set_input_files("#files", [photo])
    if scripts:
        page.wait_for_selector("#taken")
        kept(page)
    button(page, "save")
    key = page.input_value("input[name=draft]")
    button(page, "preview")
    page.click("summary:has-text('放弃并删除')")
    button(page, "discard")
    assert page.inner_text("h1") == "已删除"
    if scripts:
        # their names, which open nothing any more
        assert page.evaluate("Object.keys(sessionStorage)") in ([], ["walks"])
    for _step in range(3):
        page.go_back()
        assert WORDS not in page.content()
        assert page.locator("#narrative").count() == 0 or written(page) == ("", "")
    page.goto(server + "/report")
    assert written(page) == ("", "")
    page.click("summary:has-text('继续填写草稿')")
    page.fill("#resume", key)
    button(page, "resume")
    assert "没有这个草稿码的草稿" in page.content()


def test_a_text_that_grows_too_long_is_told_so_and_is_not_cut(
    server: str, chromium: Browser
) -> None:
    page = page_of(chromium, 390)
    fill(page, server)
    page.fill("#narrative", "长" * 20_007)
    page.wait_for_selector("#narrative + p:has-text('超过 7 个字')")
    button(page, "preview")
    assert "现在有 20,007 个字" in page.inner_text(".summary-errors")
    assert len(page.input_value("#narrative")) == 20_007
    page.fill("#narrative", WORDS)
    button(page, "preview")
    press(page, "#answers button:has-text('具体情况')")
    assert page.url.endswith("#narrative")
    assert written(page) == (UNIT, WORDS)


def test_giving_up_while_words_and_files_are_on_their_way_keeps_none(
    server: str, chromium: Browser, tmp_path: Path
) -> None:
    """The script has begun to send; the button waits for what is under way and sends no more."""
    page = page_of(chromium, 390)
    long = tmp_path / "长.csv"
    long.write_text("指标,上报\n" * 400_000, "utf-8")
    fill(page, server)
    key = page.input_value("input[name=draft]")
    page.set_input_files("#files", [long])
    page.click("summary:has-text('放弃并删除')")
    button(page, "discard")
    page.wait_for_selector("h1[data-forget]")
    page.goto(server + "/report")
    page.click("summary:has-text('继续填写草稿')")
    page.fill("#resume", key)
    button(page, "resume")
    assert "没有这个草稿码的草稿" in page.content()
