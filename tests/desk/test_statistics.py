"""Statistics: every number is the length of the list it links to, for each role; the same tables as
XLSX and PDF."""

import re
import subprocess
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.desk import yearly
from casework.desk.statistics import periods
from casework.docket.models import Docket
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.walk import Team
from casework.web.workbook import workbook
from letters.statistics import Printed, statistics_pdf
from tests.acts.roads import FIRM
from tests.conftest import Mould, need, program
from tests.support.counted import counted
from tests.support.desk import SPAN, SignIn


@pytest.fixture(scope="module")
def grown(peopled: Mould, tmp_path_factory: pytest.TempPathFactory) -> Mould:
    """An instance with the cases, made once; every test that asks for them works on a copy of its
    own."""
    made = peopled.copy(tmp_path_factory.mktemp("worked") / "instance")
    assert made.team
    with program(made):
        work(made.team, db.session.scalars(select(Bureau)).one())
    return made


@pytest.fixture
def mould(request: pytest.FixtureRequest, mould: Mould) -> Mould:
    return request.getfixturevalue("grown") if "worked" in request.fixturenames else mould


@pytest.fixture
def worked(app: Flask) -> None:
    """Tips and cases at several stages, one with an open side track, one late."""


def work(team: Team, bureau: Bureau) -> None:
    """Tips and cases at several stages, one with an open side track, one late."""
    start = road.later(today() - timedelta(days=140), 0)
    for i, until in enumerate(("assign", "notice_of_inspection", "served")):
        party = {**FIRM, "name": f"重庆第{i}号测试有限公司"}
        Ground(bureau, team, party, start, ("phone", "letter", "phone")[i]).case(until, 3_000_000)
    Ground(bureau, team, {**FIRM, "township": ""}, start).accepted()


def numbers(page: str) -> list[tuple[int, str]]:
    """Each linked number with its address."""
    return [
        (int(n), unescape(href))
        for href, n in re.findall(r'<td class="number"><a href="([^"]+)">(\d+)<', page)
    ]


def rows(client: FlaskClient, href: str) -> int:
    page = client.get(href)
    assert page.status_code == 200, href
    return page.text.count("<tr data-href")


@pytest.mark.parametrize("login", ["head", "officer3", "publisher"])
def test_each_number_is_the_length_of_its_list(worked: None, sign_in: SignIn, login: str) -> None:
    client = sign_in(login)
    found = numbers(client.get(f"/desk/statistics/{SPAN}").text)
    assert len(found) > (5 if login == "publisher" else 15)
    for n, href in found:
        assert rows(client, href) == n, href


def test_what_is_late_and_what_was_made_is_counted(worked: None, sign_in: SignIn) -> None:
    page = sign_in("head").get(f"/desk/statistics/{SPAN}").text
    hrefs = " ".join(href for _n, href in numbers(page))
    for part in (
        "kept=late",
        "kept=met",
        "paper=decision",
        "track=execution",
        "channel=letter",
        "township=-",
    ):
        assert part in hrefs, part


def test_a_period_counts_only_its_own(worked: None, sign_in: SignIn) -> None:
    client = sign_in("head")
    early = client.get("/desk/statistics/?since=2019-01-01&until=2019-12-31").text
    assert numbers(early) == []
    turned = client.get("/desk/statistics/?since=2099-01-01&until=2020-01-01").text
    assert numbers(turned) == numbers(client.get(f"/desk/statistics/{SPAN}").text)


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-13-01"])
def test_a_day_that_is_none_is_said(team: Team, sign_in: SignIn, query: str) -> None:
    assert sign_in("head").get(f"/desk/statistics/?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["clock=nothing", "clock=verify&kept=x", "paper=x", "track=x", "opened_from=x"]
)
def test_a_list_of_nothing_known_is_said(team: Team, sign_in: SignIn, query: str) -> None:
    assert sign_in("head").get(f"/desk/cases?{query}").status_code == 400


def test_a_list_says_what_it_is_narrowed_to(worked: None, sign_in: SignIn) -> None:
    client = sign_in("head")
    page = client.get("/desk/cases?clock=verify&kept=late&stage=verify&opened_from=2020-01-01").text
    assert "线索核查：逾期" in page
    assert 'type="hidden" name="kept" value="late"' in page
    removal = unescape(
        re.search(
            r"线索核查：逾期 <a "
            r'href="([^"]+)"',
            page,
        )[1]
    )  # type: ignore[index]
    assert "opened_from=2020-01-01" in removal
    assert "stage=verify" in removal
    assert "clock" not in removal


def test_tables_take_one_statement_each(worked: None, sign_in: SignIn) -> None:
    client = sign_in("head")
    client.get("/desk/statistics/")
    with counted() as seen:
        client.get("/desk/statistics/")
    tables = [
        s for s in seen if not re.search(r"FROM (person|bureau)\b|person_role|enforcement_card", s)
    ]
    assert len(tables) <= 17, tables


def test_the_workbook_holds_the_same_numbers(worked: None, sign_in: SignIn) -> None:
    client = sign_in("head")
    answer = client.get(f"/desk/statistics/statistics.xlsx{SPAN}")
    book = openpyxl.load_workbook(BytesIO(answer.data))
    sheet = book["线索（按渠道）"]
    rows_ = [[c.value for c in row] for row in sheet.iter_rows()]
    assert rows_ == [["渠道", "件数"], ["电话", 3], ["来信", 1], ["合计", 4]]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_no_text_becomes_a_formula() -> None:
    book = openpyxl.load_workbook(
        BytesIO(workbook("x", [("a/b", [("=1+1", "http://x"), ("=2+2", 3)])]))
    )
    cells = [c for row in book["a b"].iter_rows() for c in row]
    assert [(c.value, c.data_type) for c in cells] == [
        ("=1+1", "s"),
        ("http://x", "s"),
        ("=2+2", "s"),
        (3, "n"),
    ]
    assert all(c.hyperlink is None for c in cells)


def test_the_paper_can_be_read(worked: None, sign_in: SignIn, tmp_path: Path) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    file = tmp_path / "s.pdf"
    file.write_bytes(sign_in("head").get(f"/desk/statistics/statistics.pdf{SPAN}").data)
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
    ).stdout
    for words in (
        "丰都县统计局",
        "统计执法工作统计表",
        "线索（按渠道）",
        "行政处罚决定书",
        "2020-01-01 至 2099-01-01",
    ):
        assert words in text
    assert re.search(r"电话\s+3\n", text)


def test_long_tables_repeat_their_heads() -> None:
    long = Printed("甲", ("名称", "件数"), tuple((f"第{i}行", str(i)) for i in range(90)))
    one = statistics_pdf("某统计局", "统计", "期", [long], date(2026, 1, 1))
    assert one == statistics_pdf("某统计局", "统计", "期", [long], date(2026, 1, 1))
    assert one.startswith(b"%PDF")


def test_periods_end_where_months_do(app: Flask) -> None:
    with app.test_request_context():
        found = [p for _name, p in periods(date(2026, 3, 1))]
    assert (found[1].since, found[1].until) == (date(2026, 2, 1), date(2026, 2, 28))
    assert found[2].since == date(2026, 1, 1)
    assert (found[4].since, found[4].until) == (date(2025, 1, 1), date(2025, 12, 31))


def test_the_four_are_those_of_their_lists_and_their_months_add_up(
    worked: None, sign_in: SignIn
) -> None:
    """Of a whole year: whatever was counted stands in one of its months."""
    since, until = date(today().year, 1, 1), date(today().year, 12, 31)
    client = sign_in("head")
    page = client.get(f"/desk/statistics/?since={since}&until={until}").text
    blocks = re.findall(r'<section class="block course">.*?</section>', page, re.S)
    assert len(blocks) == 4
    sums = []
    for block in blocks:
        number = re.search(r'<p class="large">\s*<a href="[^"]*">([\d,]+)', block)
        months = re.findall(r'<td class="number">([\d,]*)', block)[::2]
        assert number
        sums.append(int(number[1].replace(",", "")))
        assert sum(int(m.replace(",", "") or 0) for m in months) == sums[-1]
        assert len(months) == 12
        assert block.count("<polyline") == 2
    opened = db.session.scalars(select(Docket.opened_on).where(Docket.kind == "report")).all()
    assert sums[0] == len([d for d in opened if since <= d <= until])
    links = [re.search(r'class="large">\s*<a href="([^"]+)', b) for b in blocks]
    lists = [unescape(link[1]) for link in links if link]
    assert [rows(client, at) for at in lists[:3]] == sums[:3]
    fines = client.get(lists[3]).text
    assert f"{sums[3]:,} 元" in fines


def test_months_to_come_are_blank_and_a_leap_day_has_a_year_before(app: Flask) -> None:
    with app.test_request_context():
        course = yearly._course(
            "n", {date(2024, 2, 29): 2}, date(2024, 2, 29), date(2024, 2, 29), ""
        )
        assert (course.number, course.a_year_ago, course.months[1]) == (2, 0, 2)
        ahead = yearly._course("n", {}, today(), today(), "").months
    assert list(ahead) == [0] * today().month + [None] * (12 - today().month)
