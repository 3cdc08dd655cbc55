"""The public list: what it is narrowed by, its pages, its files; what is no longer shown is in none
of them."""

import csv
import io
import re
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient

from casework.disclosure import outputs
from casework.disclosure.models import DisclosureEntry
from casework.disclosure.outputs import FILES
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from tests.acts.roads import FIRM
from tests.support.counted import counted
from tests.support.disclosure import (
    READ,
    entry,
    in_atom,
    in_csv,
    in_json,
    in_sqlite,
    in_xlsx,
    names,
    pdf_text,
    published,
)

FORMULA = '=HYPERLINK("http://x","点我")'


def whole_xlsx(data: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]


def whole_sqlite(data: bytes) -> list[str]:
    base = sqlite3.connect(":memory:")
    base.deserialize(data)
    return list(base.iterdump())


READ_ALL = {
    "csv": bytes.decode,
    "xlsx": whole_xlsx,
    "json": bytes.decode,
    "sqlite": whole_sqlite,
    "atom": bytes.decode,
}


def test_of_what_was_withdrawn_every_file_says_only_that(
    team: Team, bureau: Bureau, client: FlaskClient, tmp_path: Path
) -> None:
    """By the program's own steps: shown, and in every file; withdrawn by two persons, and named in
    none (行政处罚法 §48)."""
    case = published(team, bureau, "重庆撤回有限公司", 3_000_000)
    stays = published(team, bureau, "重庆留存有限公司")
    number = db.session.query(DisclosureEntry.id).filter_by(docket_id=case.docket_id).scalar()
    assert set(READ) | {"pdf"} == set(FILES)
    for ending, read in READ.items():
        assert sorted(read(client.get(f"/list.{ending}").data)) == [
            "重庆撤回有限公司",
            "重庆留存有限公司",
        ], ending
    assert "重庆撤回有限公司" in pdf_text(client.get("/list.pdf").data, tmp_path)
    assert client.get(f"/list/{number}").status_code == 200
    case.at(today()).take("withdraw_entry", {"reason": "公示有误"}, "publication-1")
    tick()
    for ending, read in READ.items():
        answer = client.get(f"/list.{ending}?q=撤回&kind=penalty")
        assert read(answer.data) == [], ending
        whole = client.get(f"/list.{ending}").data
        told = [case.paper("decision").number] if ending == "atom" else [""]
        assert read(whole) == ["重庆留存有限公司", *told], ending
        assert "公示有误" in str(READ_ALL[ending](whole)), ending
    assert "重庆撤回有限公司" not in pdf_text(client.get("/list.pdf").data, tmp_path)
    page = client.get("/list").text
    assert "重庆撤回有限公司" not in page
    assert case.paper("decision").number in page
    told_why = client.get(f"/list/{number}")
    assert told_why.status_code == 200
    assert "重庆撤回有限公司" not in told_why.text
    assert "公示有误" in told_why.text
    assert stays.docket_id != case.docket_id


def test_all_columns_of_a_penalty(team: Team, bureau: Bureau, client: FlaskClient) -> None:
    """国统字〔2023〕49号 §6: the eleven fields, and when it is shown."""
    case = published(team, bureau, FIRM["name"], 3_000_000)
    (row,) = csv.DictReader(io.StringIO(client.get("/list.csv").data.decode("utf-8-sig")))
    paper = case.paper("decision")
    assert row | {"处罚依据": "", "公示至": ""} == {
        "名单": "行政处罚",
        "单位名称": FIRM["name"],
        "统一社会信用代码": "",
        "乡镇街道": "高家镇",
        "地址": FIRM["address"],
        "法定代表人（负责人）": FIRM["representative"],
        "行政处罚决定书文号": paper.number,
        "处罚决定日期": paper.on.isoformat(),
        "违法事实": "提供不真实统计资料。",
        "处罚依据": "",
        "处罚类别": "警告、罚款",
        "处罚内容": "警告、罚款30,000元",
        "公示起始日": case.day.isoformat(),
        "公示至": "",
        "处罚机关": bureau.name,
        "认定决定书文号": "",
        "认定日期": "",
        "认定情形": "",
        "可申请信用修复的最早日期": "",
        "状态": "公示中",
        "撤回日期": "",
        "撤回理由": "",
    }
    assert "第四十四条" in row["处罚依据"]
    assert row["公示至"] > row["公示起始日"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_no_cell_becomes_a_formula(
    bureau: Bureau, listed: Callable[..., None], client: FlaskClient, start: str
) -> None:
    listed(entry(bureau, 1, name=f"{start}1+1"))
    (row,) = csv.DictReader(io.StringIO(client.get("/list.csv").data.decode("utf-8-sig")))
    assert row["单位名称"] == f"'{start}1+1"
    in_xlsx(client.get("/list.xlsx").data)


def test_a_formula_in_a_name_is_text_everywhere(
    team: Team, bureau: Bureau, client: FlaskClient, tmp_path: Path
) -> None:
    """A hostile name that went the whole road."""
    published(team, bureau, FORMULA)
    assert in_csv(client.get("/list.csv").data) == [f"'{FORMULA}"]
    assert in_xlsx(client.get("/list.xlsx").data) == [FORMULA]
    assert (
        in_json(client.get("/list.json").data)
        == in_sqlite(client.get("/list.sqlite").data)
        == [FORMULA]
    )
    assert "HYPERLINK" in pdf_text(client.get("/list.pdf").data, tmp_path)
    assert names(client.get("/list").text) == [FORMULA]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {1, 2, 3}),
        ("q=二号厂", {2}),
        ("q=91500230MA0063045q", {3}),
        ("q=拒绝", {3}),
        ("q=%25", set()),
        ("kind=dishonesty", {2}),
        ("kind=penalty&township=500230002", {3}),
        ("year=2020", set()),
        ("kind=nonsense", {1, 2, 3}),
        ("year=x", {1, 2, 3}),
    ],
)
def test_the_list_is_narrowed(
    bureau: Bureau, listed: Callable[..., None], client: FlaskClient, asked: str, found: set[int]
) -> None:
    three = entry(bureau, 3, credit_code="91500230MA0063045Q", township="500230002")
    three.fields = {**three.fields, "facts": "拒绝、阻碍统计检查"}
    listed(entry(bureau, 1), entry(bureau, 2, name="二号厂", kind="dishonesty"), three)
    name = {1: "第1号企业", 2: "二号厂", 3: "第3号企业"}
    page = client.get(f"/list?{asked}").text
    assert set(names(page)) == {name[n] for n in found}
    assert f"共 {len(found)} 条" in page
    for ending, read in READ.items():
        assert set(read(client.get(f"/list.{ending}?{asked}").data)) == {name[n] for n in found}, (
            ending
        )


def test_the_year_is_that_in_which_it_was_first_shown(
    bureau: Bureau, listed: Callable[..., None], client: FlaskClient
) -> None:
    before = date(today().year - 1, 12, 31)
    listed(
        entry(bureau, 1, shown_from=before), entry(bureau, 2, shown_from=date(today().year, 1, 1))
    )
    assert names(client.get(f"/list?year={today().year - 1}").text) == ["第1号企业"]
    page = client.get("/list").text
    assert re.findall(r"<option\s*>(\d{4})</option>", page) == [
        str(today().year),
        str(today().year - 1),
    ]
    # only what the list has is offered
    assert re.search(r'<option value="500230001"\s*>', page)
    assert "500230109" not in page


def test_only_entries_in_their_time_are_shown(
    bureau: Bureau, listed: Callable[..., None], client: FlaskClient
) -> None:
    day = today()
    listed(
        entry(bureau, 1, shown_until=day - timedelta(1)),
        entry(bureau, 2, shown_from=day + timedelta(1)),
        entry(bureau, 3, state="ended"),
        entry(bureau, 4, state="withdrawn"),
        entry(bureau, 5, shown_until=day),
    )
    gone = "丰统罚〔2026〕4号"  # withdrawn: its number alone (行政处罚法 §48)
    assert names(client.get("/list").text) == ["第5号企业", gone]
    assert in_json(client.get("/list.json").data) == ["第5号企业", ""]


def test_a_long_list_has_pages_and_files_have_all(
    bureau: Bureau, listed: Callable[..., None], client: FlaskClient
) -> None:
    """640 entries: fifty on a page, in four statements besides the bureau; every file holds all of
    them."""
    listed(*(entry(bureau, n, shown_from=today() - timedelta(n // 7)) for n in range(1, 641)))
    client.get("/list")
    with counted() as seen:
        page = client.get("/list?kind=penalty").text
    assert len([s for s in seen if "entry" in s]) == 4
    found: list[str] = []
    while page:
        assert len(names(page)) <= 50
        found += names(page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        page = client.get(unescape(further[1])).text if further else ""
    assert len(found) == len(set(found)) == 640
    for ending, read in READ.items():
        assert read(client.get(f"/list.{ending}").data) == found, ending
    assert client.get("/list?after=nonsense").status_code == 400
    assert client.get("/list?after=2026-01-01.x").status_code == 400


def test_the_list_works_without_a_cookie_and_says_how_to_follow(
    bureau: Bureau, listed: Callable[..., None], client: FlaskClient
) -> None:
    listed(entry(bureau, 1))
    for path in ("/list?q=企业", "/list.csv", "/list.atom", "/list/1"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    for ending, (media_type, _make) in FILES.items():
        answer = client.get(f"/list.{ending}")
        assert answer.headers["Content-Type"] == media_type
        assert (
            f"public-list-{today().isoformat()}.{ending}" in answer.headers["Content-Disposition"]
        )
        assert f"/list.{ending}?q=" in unescape(client.get("/list?q=企业").text)
    assert client.get("/list.exe").status_code == 404
    assert client.get("/list?bureau=nobody").status_code == 404


def test_no_sign_of_a_name_breaks_the_feed(
    bureau: Bureau, listed: Callable[..., None], client: FlaskClient
) -> None:
    """XML forbids most control characters, and two that are no characters at all: one name would
    stop the whole feed."""
    listed(entry(bureau, 1, name="甲\x01\x0b\ufffe\uffff乙\u202e😋公司"), entry(bureau, 2))
    assert in_atom(client.get("/list.atom").data) == ["甲乙\u202e😋公司", "第2号企业"]


def test_each_bureau_has_a_list_of_its_own(
    bureau: Bureau,
    second: Bureau,
    listed: Callable[..., None],
    client: FlaskClient,
) -> None:
    """Pages, files and links stay with the bureau whose list it is; where none is named, the person
    is asked which."""
    listed(entry(bureau, 1), entry(second, 2))
    for code, name in ((bureau.code, "第1号企业"), (second.code, "第2号企业")):
        page = client.get(f"/list?bureau={code}").text
        assert names(page) == [name]
        assert f"/list.csv?bureau={code}" in unescape(page)
        assert in_csv(client.get(f"/list.csv?bureau={code}").data) == [name]
        feed = client.get(f"/list.atom?bureau={code}").text
        assert f"bureau={code}" in feed
    assert names(client.get("/list").text) == []


def test_an_empty_list_is_a_list(bureau: Bureau, client: FlaskClient, tmp_path: Path) -> None:
    for ending, read in READ.items():
        assert read(client.get(f"/list.{ending}").data) == []
    assert "没有在公示期内的记录" in pdf_text(client.get("/list.pdf").data, tmp_path)


def test_a_file_is_written_once_for_what_stands_in_it(
    team: Team,
    bureau: Bureau,
    client: FlaskClient,
    listed: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asking again costs no drawing; a change, another language and another search do."""
    made: list[list[str]] = []

    def drawn(listing: outputs.Listing) -> bytes:
        made.append([r["name"] for r in listing.records])
        return outputs.as_pdf(listing)

    monkeypatch.setitem(outputs.FILES, "pdf", ("application/pdf", drawn))
    listed(entry(bureau, 1), entry(bureau, 2))
    first = client.get("/list.pdf").data
    assert client.get("/list.pdf").data == first
    assert client.get("/list.pdf?q=号企业").data == first  # the same rows
    assert len(made) == 1
    client.get("/list.pdf?lang=en")
    client.get("/list.pdf?q=第1号")
    listed(entry(bureau, 3))
    client.get("/list.pdf")
    assert [len(names) for names in made] == [2, 2, 1, 3]
    monkeypatch.setattr(outputs, "KEPT", 3)
    for ending in outputs.FILES:
        client.get(f"/list.{ending}")
        assert len(client.application.extensions["files of the public list"]) <= (
            4 if ending == "pdf" else 3
        )


def test_the_sheet_is_chinese_whatever_the_page_speaks(
    bureau: Bureau, listed: Callable[..., None], client: FlaskClient, tmp_path: Path
) -> None:
    """A Chinese sheet has no English words between its lines."""
    listed(entry(bureau, 1))
    sheet = pdf_text(client.get("/list.pdf?lang=en").data, tmp_path)
    assert "第1号企业" in sheet
    assert "行政处罚" in sheet
    assert not re.search("[Pp]enalt|dishonest|[Ww]arning", sheet)
