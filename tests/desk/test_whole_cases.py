"""Two whole cases through the pages, from the telephone to the archive: a firm, and a township
whose leader interferes.

Nothing is done but what a person does at a desk (tests/desk/by_hand.py).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from casework.procedure.codes import credit_check
from casework.procedure.traces_of_tips import passages, telling_words, written_days
from casework.upkeep import road
from tests.acts.whole import all_hold
from tests.archive.bound import pages_of
from tests.conftest import Mould, program
from tests.desk.by_hand import Desk
from tests.support.archive import everything, squeezed
from tests.support.disclosure import names
from tests.support.public import code_of
from tests.upkeep.on_pages import sheet

pytestmark = pytest.mark.long

BEGINS = date(2025, 9, 1)
CONDUCT = date(2025, 3, 10)
FIRM = "重庆𬬻瀛机械制造有限公司"  # its third character lies above U+FFFF
TOLD = "真账在成品库门后的铁皮柜里，财务老魏保管。\n年报是照老板手机里的数填的，少报了四百多万。"
CODE = "91500230MA5U0AB01"  # without its check digit
TOWN = "500230109"
TOWN_HALL = "丰都县双路镇人民政府"
RECORDS = {"on_site_record", "interview", "service_receipt"}
POINTS = {
    f"point_{p}": "pass"
    for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")
}


@pytest.fixture(scope="module")
def mould(migrated: Mould, tmp_path_factory: pytest.TempPathFactory) -> Mould:
    """Staff of every role, who came before the day on which the cases begin."""
    from casework.upkeep.demo import people

    made = migrated.copy(tmp_path_factory.mktemp("whole") / "instance")
    with time_machine.travel(datetime(2025, 9, 1, tzinfo=UTC), tick=False), program(made):
        bureau, team = people()
        team.bureau_id = bureau.id  # type: ignore[attr-defined]
    return replace(made, team=team)


@pytest.fixture
def desk(app: Flask, mould: Mould) -> Iterator[Desk]:
    with time_machine.travel(datetime(2025, 9, 1, 6, 30, tzinfo=UTC), tick=False) as clock:
        yield Desk(app, clock, BEGINS)


def picture() -> bytes:
    """A photograph as a telephone takes it."""
    out = io.BytesIO()
    Image.new("RGB", (600, 800), (230, 230, 220)).save(out, "PNG")
    return out.getvalue()


def test_a_firm_from_the_telephone_to_the_archive(
    desk: Desk, client: FlaskClient, tmp_path: Path
) -> None:
    code = told(desk)
    tip = desk.code
    desk.open_case()
    investigated(desk)
    heard(desk)
    decided(desk)
    nobody_else_is_shown(desk, client)
    answered(desk, client, tip, code)
    put_away(desk)
    assert desk.review() == []
    tells_nothing(desk, tmp_path)
    assert all_hold()


def told(desk: Desk) -> str:
    """A call is written down, registered, read by the leader and accepted; answers the code that
    the caller was given."""
    page = desk.receive(
        "phone",
        subject=FIRM,
        subject_kind="enterprise",
        township=TOWN,
        kinds=["false_data"],
        form="B103-2",
        period="2024年报",
        survey_by="bureau",
        narrative=TOLD,
        call_began="09:05",
        call_ended="09:20",
        number_shown="withheld",
        read_back="yes",
    )
    desk.take("register", proposal="线索具体，建议受理核查。")
    record = desk.words_of("phone_record", by="clerk")
    assert all(line in record for line in (FIRM, *TOLD.split("\n")))
    desk.later(1).take("instruct_report", leader_instruction="请执法大队依法核查。")
    party = {
        "name": FIRM,
        "kind": "enterprise",
        "credit_code": f"{CODE}{credit_check(CODE)}",
        "representative": "谭某",
        "address": "重庆市丰都县高家镇工业园2号",
    }
    desk.take(
        "accept",
        respondents=[party],
        cause="涉嫌提供不真实统计资料",
        opinion="属本局管辖，建议受理。",
    )
    return re.findall(r"(?:\d{4} ){5}\d{4}", page)[0]


def investigated(desk: Desk) -> None:
    """From the figures to the report of the investigation."""
    desk.later(1).take("assign", assigned=desk.ids("officer1", "officer2"))
    desk.looked_at()
    desk.later(5).take(
        "verify_figures", figures=road.FIGURES, method="核对总账、明细账和发票", cards_shown=True
    )
    desk.later(2).take(
        "verification_report", findings="应收账款、固定资产原价核实数与上报数不符。", result="file"
    )
    desk.looked_at()
    desk.take(
        "file",
        cause="涉嫌提供不真实统计资料",
        code="V3",
        conduct_end=CONDUCT.isoformat(),
        facts="经核查，该单位上报数与核实数差异较大，涉嫌提供不真实统计资料。",
    )
    desk.looked_at()
    begins = road.later(desk.day, 5)
    desk.later(1).take(
        "inspection_notice",
        content="2024年年报有关指标",
        span="2024年度",
        begins=begins.isoformat(),
        place="当事人住所",
        materials="财务账簿\n统计台账\n原始凭证",
    )
    desk.serve("inspection_notice")
    desk.until(begins).take("on_site_record", **{**road.ON_SITE, "present": "谭某"})
    desk.take("interview", **{**road.INTERVIEW, "person": "冉敏"})
    ledger = ("应收账款明细账.png", picture())
    proof = {"source": "当事人财务科", "proves": "应收账款实为5087千元。"}
    desk.take("add_evidence", kind="written", title=ledger[0], **proof, files=[ledger])
    rows = [{**road.violation(CONDUCT), "census": False}]
    desk.later(6).take(
        "investigation_report",
        violations=rows,
        course="持证入企检查，核对账表，询问统计员。",
        discretion="差错率较大，一般情节。",
        serious_ground="",
        proposal="建议警告，并处罚款6万元。",
    )
    desk.looked_at()


def heard(desk: Desk) -> None:
    """The notice arrives, the party speaks and asks for a hearing in time, and is heard on the day
    that it was told."""
    notice = {
        "kinds": ["warning", "fine"],
        "fine_fen": 6_000_000,
        "serious_ground": "",
        "contact": "",
        "evidence": "现场检查笔录\n询问笔录\n应收账款明细账",
        "discretion": "差错率较大，未主动纠正。",
    }
    desk.later(2).take("prior_notice", **notice)
    desk.later(1).serve("prior_notice")
    desk.looked_at()
    desk.later(2).take("defence_heard", opinion="系估计填报，愿意改正，请求从轻。", evidence="")
    desk.take("hearing_request", form="written", points="认为罚款数额过高。")
    desk.looked_at()
    desk.later(2).take("defence_review", adopted="rejected", reason="不影响违法事实的认定。")
    hearing = road.CALENDAR.add_workdays(desk.day, 9)
    asked = {
        "hearing_on": hearing.isoformat(),
        "time": "09:00",
        "host": desk.ids("head")[0],
        "openness": "public",
    }
    desk.take("hearing_notice", place="本局二楼会议室", **asked)
    desk.serve("hearing_notice")
    desk.looked_at()
    desk.until(hearing).take(
        "hearing_held",
        present="调查人员秦岚、邓一川；当事人谭某",
        record="双方发表意见并质证。",
        session="closed",
    )
    desk.later(1).take("hearing_report", opinion="事实清楚，维持拟处罚意见。")


def decided(desk: Desk) -> None:
    """Reviewed, discussed, decided, served, paid, published."""
    desk.looked_at()
    desk.later(1).take("legal_review", **POINTS, opinion="同意。", result="pass")
    voices = [
        {"name": n, "post": "局领导", "vote": "agree", "opinion": "同意处罚意见。"}
        for n in ("周明", "江涛", "傅敏")
    ]
    desk.later(1).take(
        "panel", place="三楼会议室", voices=voices, conclusion="同意处罚意见。", result="agreed"
    )
    desk.looked_at()
    desk.later(1).take("decide_penalty", defence="听取陈述申辩并举行听证，意见不予采纳。")
    desk.looked_at()
    assert FIRM in desk.words_of("decision")
    desk.later(2).serve("decision")
    desk.later(5).take(
        "pay", paid_fen=6_000_000, paid_on=desk.day.isoformat(), slip="渝财0230第18号"
    )
    desk.take("approve_publication", influence="涉及规模以上工业企业。")
    desk.later(1).take("publish")
    desk.looked_at()


def put_away(desk: Desk) -> None:
    """Signed sheets come back, then it is closed; the file is bound, then it goes to the
    archive."""
    desk.refused("close", "还没有签署后扫描回来的文书")
    assert desk.review() == []  # nothing wrong so far
    assert desk.scan_back() == {*RECORDS, "defence_record", "hearing_record", "panel_record"}
    desk.take("close", result="警告，罚款6万元。", execution="已缴清。", publication="已公示。")
    desk.refused("archive", "案卷还没有装订")
    assert FIRM in "".join("".join(pages_of(desk.bind("internal"))).split())
    desk.later(3).take("archive", shelf="2025-1-1")
    assert desk.facts().stage == "archived"


def nobody_else_is_shown(desk: Desk, client: FlaskClient) -> None:
    """The public list has this decision as it was made, and nothing beside it."""
    desk.until(desk.day)  # the work of time
    page = client.get("/list").text
    assert names(page) == [FIRM]
    number = next(p.number for p in desk.facts().papers if p.kind == "decision")
    where = re.search(r'<a href="(/list/\d+)', page)
    assert where
    entry = client.get(where[1])
    assert entry.status_code == 200
    for told in (FIRM, number, "警告", "60,000", "应收账款"):
        assert told in "".join(entry.text.split()), told
    assert not set(passages(TOLD, [FIRM])) & set(passages(entry.text, []))


def answered(desk: Desk, client: FlaskClient, tip: str, code: str) -> None:
    """The tip is answered; who has the code reads the answer, word for word."""
    case, desk.code = desk.code, tip
    desk.take(
        "answer_informant", by="clerk", text="你反映的问题经查属实，已依法处理。", final="yes"
    )
    desk.later(1)  # time brings the answer behind the code
    first = client.post(
        "/progress", data={**sheet(client.get("/progress").text, "code").standing, "code": code}
    )
    # staff have seen the first code
    own = client.post("/receipt/change", data=sheet(first.text, "once").standing)
    mine = code_of(own.text)
    page = client.post(
        "/progress", data={**sheet(client.get("/progress").text, "code").standing, "code": mine}
    )
    assert "你反映的问题经查属实，已依法处理。" in page.text
    desk.code = case


def tells_nothing(desk: Desk, folder: Path) -> None:
    """The file that may leave says nothing of the tip: no word, no day, no way, no number of it."""
    data = desk.bind("outgoing")
    text, inside = squeezed(data, folder), everything(data)
    day = written_days([BEGINS])
    assert day
    assert FIRM in text
    assert not day.search(text)
    assert telling_words(text) == ()
    assert [p for p in passages(TOLD, [FIRM]) if p in text] == []
    tip = desk.facts().links[0].number
    assert tip not in text
    assert BEGINS.isoformat().encode() not in inside


ORDER = {
    "person_name": "王某",
    "person_post": "丰都县双路镇镇长",
    "public_employee": "yes",
    "body_kind": "appointing",
    "body": "中共丰都县委组织部",
    "proposal": "建议依法给予处分。",
}
HINTED = "召集辖区企业统计人员开会，要求按会上给定的数字填报2024年年报"
PENALTY = {
    "on_the_spot",
    "prior_notice",
    "prior_notice_again",
    "decide_penalty",
    "decide_no_penalty",
    "circulate",
    "hearing_notice",
    "legal_review",
    "panel",
    "approve_publication",
    "assess_dishonesty",
}
ITEMS = (
    "第四十一条第一款第四项",
    "第四十条第一款第三项",
    "《中华人民共和国统计法实施条例》第四十九条",
)


def test_a_township_whose_leader_interferes_to_the_archive(desk: Desk, client: FlaskClient) -> None:
    interference_found(desk)
    dealt_with(desk)
    desk.refused("close", "还没有签署后扫描回来的文书")
    assert desk.scan_back() == RECORDS - {"on_site_record"}
    desk.take("close", result="已提出处分建议，责令改正，予以通报。", execution="无待执行事项。")
    desk.looked_at()
    desk.refused("archive", "案卷还没有装订")
    desk.bind("internal")
    desk.later(2).take("archive", shelf="2025-1-2")
    desk.looked_at()
    assert desk.facts().stage == "archived"
    assert {(stage, step) for stage, step in desk.offered if step in PENALTY} == set()
    papers_name_the_article(desk)
    assert desk.review() == []
    assert names(client.get("/list").text) == []
    assert all_hold()


def interference_found(desk: Desk) -> None:
    """From the call to the report of the investigation; the tip's own choice proposes the
    ground."""
    desk.receive(
        "phone",
        subject=TOWN_HALL,
        subject_kind="state_organ",
        township=TOWN,
        kinds=["ordered"],
        survey_by="bureau",
        narrative="镇长王某开会发了一张表，要大家按表上的数填。\n表是他手写的，会后收回去了。",
        call_began="09:05",
        call_ended="09:20",
        number_shown="withheld",
        read_back="yes",
    )
    desk.take("register", proposal="线索具体，建议受理核查。")
    party = {
        "name": TOWN_HALL,
        "kind": "state_organ",
        "address": "重庆市丰都县双路镇",
        "representative": "王某",
    }
    desk.take(
        "accept",
        respondents=[party],
        cause="涉嫌要求他人提供不真实统计资料",
        opinion="属本局管辖，建议受理。",
    )
    desk.open_case()
    desk.later(1).take("assign", assigned=desk.ids("officer1", "officer2"))
    desk.looked_at()
    desk.later(5).take(
        "verification_report", findings=f"{HINTED}。", no_figures="不涉及核对指标。", result="file"
    )
    desk.looked_at()
    form = sheet(desk.see("officer1", f"/desk/dockets/{desk.code}/main/file"))
    assert form.standing["code"] == ["B4"]  # what the tip ticked, for a government
    desk.later(1).take("file", conduct_end=CONDUCT.isoformat(), facts=f"{HINTED}。")
    desk.looked_at()
    desk.later(3).take("interview", **{**road.INTERVIEW, "person": "冉敏"})
    rows = [{**road.violation(CONDUCT, code), "what": HINTED} for code in ("B4", "L3")]
    desk.later(6).take(
        "investigation_report",
        violations=rows,
        course="询问参会企业统计人员，调取会议通知和记录。",
        discretion="涉及企业较多。",
        serious_ground="",
        proposal="建议提出处分建议，责令改正，予以通报。",
        responsible="王某，丰都县双路镇镇长",
    )
    desk.looked_at()


def dealt_with(desk: Desk) -> None:
    """What the articles give: discipline by the body that has the power, an order to correct, a
    circular."""
    desk.later(2).take("propose_discipline", **ORDER)
    desk.take(
        "send_discipline", enclosures="调查终结报告\n证据清单", contact="向东平 023-0000 0000"
    )
    desk.serve("discipline_cover", signer="组织部收件人")
    due = road.later(desk.day, 15).isoformat()
    desk.take(
        "order_correction", demand="停止干预企业独立报送统计资料。\n通知辖区企业如实更正。", due=due
    )
    desk.serve("correction", signer="镇党政办收件人")
    desk.take(
        "circulate_interference",
        recipients="各乡镇人民政府、街道办事处",
        text="近期查处一起干预统计工作的案件。",
    )
    desk.looked_at()
    desk.later(1).take("settle_interference", note="三项均已办理。")
    desk.looked_at()
    desk.later(10).take("check_correction", corrected="yes", proof="镇政府书面报告。")
    desk.later(10).take("discipline_reply", result="已给予警告处分。", number="丰组〔2025〕6号")
    desk.take("end_discipline", note="已反馈。")


def papers_name_the_article(desk: Desk) -> None:
    """Each paper cites the items that were found, and nothing about penalties."""
    for kind in (
        "filing_approval",
        "investigation_report",
        "discipline_proposal",
        "correction",
        "bulletin",
        "closing_report",
    ):
        found = desk.words_of(kind)
        for item in ITEMS[: 1 if kind == "filing_approval" else 3]:
            assert item in found, (kind, item)
        for wrong in ("第四十四条", "行政处罚决定", "罚款"):
            assert wrong not in found, (kind, wrong)
