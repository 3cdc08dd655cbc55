"""Published cases on the whole road: figures, sums and bodies as the source has them, dates counted
by hand.

What a source does not say (a firm's code, a day, a sum) is ours and named so.
"""

import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.acts.errors import Refused
from casework.people.models import Bureau, EnforcementCard, PersonRole
from casework.procedure.facts import Facts
from casework.procedure.penalties import penalties
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk, open_directly
from tests.acts.roads import FIRM, facts_of, refused, tip
from tests.acts.whole import all_hold
from tests.conftest import need
from tests.support.disclosure import entries_on_list

POINTS = {
    f"point_{p}": "pass"
    for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")
}
VOICES = [{"name": n, "post": "局领导", "vote": "agree", "opinion": "同意"} for n in "甲乙丙"]
Read = Callable[[Walk, str], str]


@pytest.fixture
def read(app: Flask, tmp_path: Path) -> Read:
    """The text of the newest paper of a kind, without blanks."""
    need("pdftotext", Path("/usr/bin/pdftotext").exists())

    def words(walk: Walk, kind: str) -> str:
        file = tmp_path / "paper.pdf"
        file.write_bytes(app.extensions["sealed_store"].read(walk.paper(kind).stored))
        text = subprocess.run(
            ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
        ).stdout
        return "".join(text.split())

    return words


def long_ago(day: date) -> None:
    """Let the staff and their cards be as old as the case."""
    with writing() as session:
        for role in session.scalars(select(PersonRole)).all():
            role.from_day = day
        for card in session.scalars(select(EnforcementCard)).all():
            card.valid_from = day


def due(facts: Facts, rule: str) -> date:
    clock = facts.clock(rule)
    assert clock, rule
    return clock.due


def notice(yuan: int, ground: str = "", **more: Any) -> dict[str, Any]:
    kinds = ["warning", "fine"] if yuan else ["warning"]
    return {
        "kinds": kinds,
        "fine_fen": yuan * 100 or None,
        "serious_ground": ground,
        "evidence": "现场检查笔录\n询问笔录",
        "discretion": "未主动纠正。",
        "contact": "",
        **more,
    }


def concluded(case: Walk, end: date, figures: list[dict[str, str]]) -> None:
    """From verification to the end of the investigation."""
    party = road.PARTY[case.docket_id]
    for name, days, stop in road.stops(end, 0)[:9]:
        case.at(road.later(case.day, days))
        if name == "figures":
            case.take(
                "verify_figures",
                {"figures": figures, "method": "核对账簿凭证", "cards_shown": True},
            )
        else:
            stop(case)
    assert facts_of(case).party.name == party["name"]  # type: ignore[union-attr]


def decided(case: Walk, asked: dict[str, Any], review: bool = False) -> None:
    """Told, not answered, reviewed where that is due, decided and served."""
    case.take("prior_notice", asked)
    case.serve("prior_notice")
    case.at(road.later(case.day, 12)).take("defence_waived", {"how": "expired", "note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "未提出陈述申辩。"})
    if review:
        case.take("legal_review", {**POINTS, "opinion": "同意", "result": "pass", "census_law": ""})
        case.take(
            "panel", {"place": "会议室", "voices": VOICES, "conclusion": "同意", "result": "agreed"}
        )
    else:
        case.take("review_not_due", {"reason": "罚款未达标准，未经听证。"})
    case.take(
        "decide_penalty", {**asked, "defence": "未提出陈述申辩。", "bank": "某银行，某财政局，1"}
    )
    case.serve("decision")


def accepted(team: Team, bureau: Bureau, *names: str, **more: Any) -> list[Walk]:
    """A tip about some respondents, and the case that it opened against each."""
    walk = tip(team, bureau, names[0])
    parties = [{**FIRM, "name": name, **more} for name in names]
    asked = {"respondents": parties, "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    walk.at(road.later(walk.day, 2)).take("accept", asked)
    cases = [Walk(team, number, walk.day) for number in walk.cases()]
    for case in cases:
        road.PARTY[case.docket_id] = next(p for p in parties if p["name"] == facts_of(case).title)
    return cases


# -- 杭州市余杭区统计局 v. 杭州亿润纺织品有限公司 (2015)
YIRUN = {**FIRM, "name": "杭州亿润纺织品有限公司"}


def test_the_yuhang_decision(team: Team, bureau: Bureau, read: Read) -> None:
    """Inspection 2015-04-23 with both records that day; filing approved by the head of the bureau
    2015-05-14; 2014 年报 B103-2.

    The sum and the days after the filing are ours. 2015: 06-20 is the Dragon Boat Festival, Monday
    06-22 off.
    """
    long_ago(date(2014, 1, 1))
    found = {"channel": "random", "party": YIRUN, "cause": "涉嫌提供不真实统计资料"}
    case = open_directly(team, bureau, found, date(2015, 4, 20))
    road.PARTY[case.docket_id] = YIRUN
    case.take("assign", {"assigned": list(team.officers)})
    inspected = case.at(date(2015, 4, 23))
    inspected.take("on_site_record", road.ON_SITE)
    inspected.take("interview", road.INTERVIEW)
    figures = [{**f, "period": "2014年报"} for f in road.FIGURES]
    case.take("verify_figures", {"figures": figures, "method": "核对账簿凭证", "cards_shown": True})
    case.at(date(2015, 5, 13)).take("verification_report", road.verified(case))
    end = date(2015, 3, 10)
    case.at(date(2015, 5, 14)).take("file", road.filing(end))
    filed = facts_of(case)
    assert filed.last("file").actor == team.leader  # type: ignore[union-attr]
    assert (due(filed, "case_90"), due(filed, "case_limit")) == (
        date(2015, 8, 12),
        date(2015, 8, 14),
    )
    assert filed.number == "丰统案〔2015〕1号"

    row = {
        **road.violation(end),
        "what": "2014年年报《工业企业成本费用》B103-2表应收账款、固定资产原价与核实数不符",
    }
    report = {
        "violations": [row],
        "course": "持证检查。",
        "discretion": "按估计数填报，未予纠正。",
        "serious_ground": "",
        "complex": False,
        "proposal": "建议警告，并处罚款1万元。",
    }
    case.at(date(2015, 6, 3)).take("investigation_report", report)
    with pytest.raises(Refused) as error:
        case.take("prior_notice", notice(50_001))
    assert refused(error) == {"sum_within_ceiling"}
    asked = notice(10_000)
    case.take("prior_notice", asked)
    case.at(date(2015, 6, 4)).serve("prior_notice")
    assert facts_of(case).clock("hearing_request") is None
    case.at(date(2015, 6, 15)).take("defence_waived", {"how": "expired", "note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "未提出陈述申辩。"})
    case.take("review_not_due", {"reason": "罚款未达标准，未经听证。"})
    case.at(date(2015, 6, 19)).take(
        "decide_penalty", {**asked, "defence": "未提出陈述申辩。", "bank": "某银行，某财政局，1"}
    )
    made = facts_of(case)
    assert (due(made, "serve"), due(made, "publish")) == (date(2015, 7, 1), date(2015, 7, 1))
    case.at(date(2015, 6, 24)).serve("decision")
    served = facts_of(case)
    assert [due(served, c) for c in ("pay", "reconsider", "suit")] == [
        date(2015, 7, 9),
        date(2015, 8, 24),
        date(2015, 12, 24),
    ]

    assert [(f.difference, f"{f.error_rate:.1%}") for f in served.figures] == [
        (-4441, "87.3%"),
        (2011, "23.9%"),
    ]
    for kind in ("prior_notice", "decision"):
        text = read(case, kind)
        for words in (
            "杭州亿润纺织品有限公司",
            "2014年报",
            "B103-2",
            "应收账款",
            "646",
            "5,087",
            "4,441",
            "87.3%",
            "固定资产原价",
            "10,409",
            "8,398",
            "2,011",
            "23.9%",
            "（2009年修订）第七条",
            "第四十一条第一款第二项",
            "现场检查笔录（2015年4月23日），证明",
            "询问笔录（2015年4月23日），证明",
            "不得迟报、拒报统计资料”的规定",
            "壹万元整",
        ):
            assert words in text, (kind, words)
        assert "2024年修正" not in text
    case.at(date(2015, 7, 9)).take(
        "pay", {"paid_fen": 1_000_000, "paid_on": "2015-07-09", "slip": "1"}, "execution-1"
    )
    case.take("not_public", {"reason": "不具有一定社会影响"})
    case.scanned().take("close", {"result": "警告并处罚款", "execution": "缴清", "publication": ""})
    case.bound().take("archive", {"term": "30", "shelf": "1"})
    assert facts_of(case).stage == "archived"
    assert all_hold()


FEIXIANG = "湖南飞翔纸品有限公司"


# -- 国家统计局 v. 湖南飞翔纸品有限公司: a warning and 200,000 yuan, the old upper tier; shown for
# one year
@pytest.mark.parametrize(
    ("end", "yuan", "ground", "good"),
    [
        ("2024-09-12", 50_000, "", True),
        ("2024-09-12", 50_001, "", False),
        ("2024-09-12", 200_000, "harmful", True),
        ("2024-09-12", 200_001, "harmful", False),
        ("2024-09-13", 100_000, "", True),
        ("2024-09-13", 100_001, "", False),
        ("2024-09-13", 500_000, "harmful", True),
        ("2024-09-13", 500_001, "harmful", False),
    ],
)
def test_the_day_the_conduct_ended_picks_the_amounts(
    team: Team, bureau: Bureau, end: str, yuan: int, ground: str, good: bool
) -> None:
    case = accepted(team, bureau, FEIXIANG)[0]
    concluded(case, date.fromisoformat(end), road.FIGURES)
    if good:
        case.take("prior_notice", notice(yuan, ground))
        assert facts_of(case).proposed_fine.yuan == yuan
        return
    with pytest.raises(Refused) as error:
        case.take("prior_notice", notice(yuan, ground))
    assert refused(error) == {"sum_within_ceiling"}


def test_the_paper_mill(team: Team, bureau: Bureau, read: Read) -> None:
    case = accepted(team, bureau, FEIXIANG)[0]
    concluded(case, date(2024, 9, 12), road.FIGURES)
    asked = notice(200_000, "harmful")
    case.take("prior_notice", asked)
    assert "你单位有权要求听证" in read(case, "prior_notice")
    case.serve("prior_notice")
    case.at(road.later(case.day, 12)).take("defence_waived", {"how": "expired", "note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "未提出陈述申辩。"})
    with pytest.raises(Refused) as error:
        case.take("review_not_due", {"reason": "x"})
    assert refused(error) == {"review_is_not_due"}
    case.take("legal_review", {**POINTS, "opinion": "同意", "result": "pass", "census_law": ""})
    case.take(
        "panel", {"place": "会议室", "voices": VOICES, "conclusion": "同意", "result": "agreed"}
    )
    case.take(
        "decide_penalty", {**asked, "defence": "未提出陈述申辩。", "bank": "某银行，某财政局，1"}
    )
    case.serve("decision")
    text = read(case, "decision")
    assert "给予警告，并处罚款人民币贰拾万元整（¥200,000.00）" in text
    assert "（2009年修订）第四十一条" in text
    case.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    case.take("publish", {"note": ""}, "publication-1")
    tick(case.now)
    (entry,) = entries_on_list(db.session(), bureau.id, case.day)
    assert (entry.name, entry.fields["fine_fen"], entry.fields["kinds"]) == (
        FEIXIANG,
        20_000_000,
        ["warning", "fine"],
    )
    year = date(case.day.year + 1, case.day.month, case.day.day)
    assert road.CALENDAR.next_workday(year) == entry.shown_until
    tick(case.at(entry.shown_until + timedelta(1)).now)
    assert facts_of(case).track("publication-1").ended  # type: ignore[union-attr]
    assert entries_on_list(db.session(), bureau.id, case.day) == []


# -- 龙门县统计局 (2008): two cement firms, one report
def test_two_cement_firms(team: Team, bureau: Bureau, read: Read) -> None:
    """Output under-reported by 11,520 t (17 %) and 10,637 t (20 %); a warning, and 2,000 and 3,000
    yuan.

    The paper masks the firms' names and gives no totals: 67,765 t and 53,185 t are the totals that
    these rates mean.
    """
    cases = accepted(team, bureau, "龙门某水泥一厂", "龙门某水泥二厂")
    found = []
    for case, less, total, yuan in zip(
        cases, (11_520, 10_637), (67_765, 53_185), (2_000, 3_000), strict=True
    ):
        form = {"indicator": "水泥产量", "unit": "吨", "form": "工业产销", "period": "1—5月"}
        concluded(
            case,
            date(2025, 6, 10),
            [{**form, "reported": str(total - less), "verified": str(total)}],
        )
        decided(case, notice(yuan))
        facts = facts_of(case)
        (figure,) = facts.figures
        found.append((int(-figure.difference), f"{figure.error_rate:.0%}", facts.fine.yuan))
        text = read(case, "decision")
        assert f"{less:,}" in text
        assert {2_000: "贰仟元整", 3_000: "叁仟元整"}[yuan] in text
        assert "你单位有权要求听证" not in read(case, "prior_notice")
    assert found == [(11_520, "17%", 2_000), (10_637, "20%", 3_000)]


# -- government bodies: no fine, up to the next level; another system's survey
def test_a_township_from_the_tip_to_the_archive(team: Team, bureau: Bureau, read: Read) -> None:
    """统计法 §44: a state organ is told to correct, warned and circulated, never fined; so nothing
    is left to execute."""
    case = accepted(team, bureau, "高家镇人民政府", kind="state_organ")[0]
    concluded(case, date(2025, 3, 10), road.FIGURES)
    decided(case, notice(0, kinds=["warning", "circular"]))
    facts = facts_of(case)
    assert facts.fine.fen == 0
    assert [t.kind for t in facts.tracks] == ["main"]
    assert facts.clock("pay") is None
    text = read(case, "decision")
    assert "责令改正，给予警告、通报批评。" in text
    assert "罚款" not in text.replace("罚款缴纳", "")
    assert "决定罚款" not in read(case, "decision_approval")
    case.take("circulate", {"text": "现将有关情况予以通报。", "recipients": "各乡镇人民政府"})
    case.take("not_public", {"reason": "已经通报"})
    case.scanned().take(
        "close", {"result": "警告、通报", "execution": "无待执行事项", "publication": ""}
    )
    case.bound().take("archive", {"term": "30", "shelf": "1"})
    assert facts_of(case).stage == "archived"


def test_a_survey_teams_matter_goes_over(team: Team, bureau: Bureau, read: Read) -> None:
    """调查队 surveys are the survey team's (统计法 §§36–37): handed over, the informant told in
    time, an answer waited for."""
    walk = tip(team, bureau, "某粮油有限公司", survey_by="survey_team")
    # fifteen days from 2025-09-01, a Tuesday
    assert due(facts_of(walk), "tell_informant") == date(2025, 9, 16)
    with pytest.raises(Refused) as error:
        walk.take("accept", {"respondents": [FIRM], "cause": "x", "opinion": "y"})
    assert refused(error) == {"ours_to_handle"}
    walk.take(
        "transfer_report",
        {
            "body": "国家统计局丰都调查队",
            "reason": "属调查队组织实施的调查",
            "material": "线索摘要",
        },
    )
    facts = facts_of(walk)
    assert facts.stage == "transferred"
    assert facts.clock("tell_informant").state == "met"  # type: ignore[union-attr]
    assert facts.clock("transfer_reply").running  # type: ignore[union-attr]
    text = read(walk, "transfer")
    assert text.startswith("丰都县统计局")
    assert "国家统计局丰都调查队：" in text
    assert "属调查队组织实施的调查" in text


def test_a_county_government_goes_up_to_the_city(team: Team, bureau: Bureau, read: Read) -> None:
    """重庆市统计管理条例 §38: what is said of the county government is for the statistics bureau of
    the city."""
    walk = tip(team, bureau, "丰都县人民政府", subject_kind="state_organ")
    for step, asked in (
        (
            "accept",
            {
                "respondents": [{**FIRM, "name": "丰都县人民政府", "kind": "state_organ"}],
                "cause": "x",
                "opinion": "y",
            },
        ),
        ("transfer_report", {"body": "丰都县人民政府", "reason": "x", "material": "y"}),
    ):
        with pytest.raises(Refused):
            walk.take(step, asked)
    walk.take("report_up_tip", {"reason": "被反映的是县人民政府"})
    text = read(walk, "transfer")
    assert "重庆市统计局：" in text
    assert "请示" in text
    assert "签发人：周明" in text
    assert "妥否，请批示" in text
    assert facts_of(walk).stage == "transferred"


# -- national notices: officials who filled in for firms
def test_six_firms_and_those_who_filled_in_for_them(team: Team, bureau: Bureau) -> None:
    """天津临港经济区 (国家统计局 2018-09-18): six industrial firms over-reported, staff of the zone
    filled in for them."""
    cases = accepted(team, bureau, *(f"临港第{n}号工业企业" for n in range(1, 7)))
    assert len(cases) == 6
    assert len({facts_of(c).title for c in cases}) == 6
    first = cases[0]
    concluded(first, date(2025, 3, 10), road.FIGURES)
    first.take("propose_discipline", official("经济区统计员甲", "supervision"))
    first.take("send_discipline", {"enclosures": "调查终结报告", "contact": "张"}, "discipline-1")
    assert facts_of(cases[1]).tracks[1:] == ()


BODIES = {"supervision": "监察委员会", "party": "纪律检查委员会"}


def official(name: str, kind: str) -> dict[str, str]:
    return {
        "person_name": name,
        "person_post": "统计工作负责人",
        "public_employee": "yes",
        "body_kind": kind,
        "body": BODIES[kind],
        "facts": "代填代报",
        "articles": "统计法第四十条",
        "proposal": "给予处分",
    }


def test_sixteen_persons_each_on_a_track_of_their_own(team: Team, bureau: Bureau) -> None:
    """亳州 (2020-06): 16 persons disciplined; each proposal has its own life, and none holds up the
    closing of the case."""
    case = accepted(team, bureau, "亳州某企业")[0]
    concluded(case, date(2025, 3, 10), road.FIGURES)
    for n in range(16):
        case.take("propose_discipline", official(f"第{n + 1}人", "supervision" if n else "party"))
    case.take("send_discipline", {"enclosures": "调查终结报告", "contact": "张"}, "discipline-7")
    case.serve("discipline_cover")
    facts = facts_of(case)
    assert [t.about for t in facts.open_tracks("discipline")] == [f"第{n + 1}人" for n in range(16)]
    assert {t.stage for t in facts.tracks[1:]} == {"proposed", "sent"}
    assert [c.track for c in facts.clocks if c.rule == "discipline_reply"] == ["discipline-7"]
    decided(case, notice(0))
    case.take("not_public", {"reason": "不具有一定社会影响"})
    case.scanned().take("close", {"result": "警告", "execution": "无", "publication": ""})
    assert facts_of(case).stage == "closed"
    assert len(facts_of(case).open_tracks("discipline")) == 16


# -- what local rules report
def test_one_card_is_no_enforcement(team: Team, bureau: Bureau) -> None:
    """安顺市西秀区 (2025-01-09): one holder of a card, so no case in three years. 处罚法 §42 asks
    for two."""
    case = accepted(team, bureau, FIRM["name"])[0]
    with writing() as session:
        others = EnforcementCard.person_id != team.officers[0]
        for card in session.scalars(select(EnforcementCard).where(others)).all():
            card.valid_until = case.day - timedelta(1)
    with pytest.raises(Refused) as error:
        case.take("assign", {"assigned": list(team.officers)})
    assert refused(error) == {"two_fit_officers"}


@pytest.mark.parametrize(("yuan", "good"), [(1_000, True), (3_000, True), (3_001, False)])
def test_on_the_spot_in_a_census(team: Team, bureau: Bureau, yuan: int, good: bool) -> None:
    """西安 (2019-02-22): on the spot up to 1,000 yuan under the old law; 处罚法 2021 §51 allows
    3,000."""
    case = accepted(team, bureau, "西安某企业")[0]
    case.take("assign", {"assigned": list(team.officers)})
    row = {**road.violation(date(2025, 3, 10), "V1"), "census": True}
    asked = {
        "violations": [row],
        "place": "现场",
        "evidence": "笔录",
        "fine_fen": yuan * 100,
        "told": True,
        "kinds": ["warning", "fine"],
        "heard": "无异议",
        "bank": "银行，户名，1",
    }
    if good:
        case.take("on_the_spot", asked)
        assert facts_of(case).fine.yuan == yuan
        return
    with pytest.raises(Refused) as error:
        case.take("on_the_spot", asked)
    assert refused(error) == {"spot_ceiling"}


def test_the_law_of_the_day_the_conduct_ended() -> None:
    assert [penalties().law(date.fromisoformat(d)).id for d in ("2024-09-12", "2024-09-13")] == [
        "2009",
        "2024",
    ]
