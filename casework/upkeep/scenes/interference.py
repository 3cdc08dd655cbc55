"""Scenes of interference by a township or a leader (统计法 §§40–42): no penalty, and what the
article gives instead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from casework.upkeep import road
from casework.upkeep.scenes.ground import CLOSE, Ground, later, scene
from casework.upkeep.walk import Walk

TOWN: dict[str, Any] = {
    "kind": "state_organ",
    "name": "丰都县双路镇人民政府",
    "credit_code": "",
    "address": "重庆市丰都县双路镇",
    "representative": "王建明",
}
MAYOR: dict[str, Any] = {
    "kind": "person",
    "name": "陈永强",
    "credit_code": "",
    "representative": "丰都县许明寺镇镇长",
}
FACTS = "召集辖区企业统计人员开会，要求按会上给定的数字填报2025年年报"
OFFICIAL = {
    "person_name": "王建明",
    "person_post": "丰都县双路镇镇长",
    "public_employee": "yes",
    "body_kind": "appointing",
    "body": "中共丰都县委组织部",
    "facts": f"王建明{FACTS}。",
    "proposal": "建议对其依法给予处分。",
}
SENT = {"enclosures": "案件调查终结报告\n主要证据复印件", "contact": "向东平"}
CIRCULAR = {
    "recipients": "各乡镇人民政府、街道办事处，县级有关部门",
    "text": "近期查处一起干预统计工作的案件，现通报如下。",
}


def _investigated(g: Ground, code: str, party: dict[str, Any]) -> Walk:
    """Filed and investigated as interference."""
    case, end = g.case("report", **party), (g.conduct_end or g.start - timedelta(150))
    filing = {
        "cause": "涉嫌要求他人提供不真实统计资料",
        "code": code,
        "conduct_end": end.isoformat(),
        "facts": f"{FACTS}。",
    }
    later(case, 2).take("file", filing)
    later(case, 3).take("interview", road.INTERVIEW)
    rows = [{**road.violation(end, code), "what": FACTS}]
    report: dict[str, Any] = {
        "violations": rows,
        "course": "询问参会企业统计人员，调取会议通知和记录。",
        "discretion": "涉及辖区规模以上企业九家，数据已经上报。",
        "serious_ground": "",
        "complex": False,
        "proposal": "建议责令改正，予以通报，并向任免机关提出处分处理建议。",
        "responsible": "王建明，丰都县双路镇镇长",
    }
    later(case, 5).take("investigation_report", report)
    return case


def _proposed(case: Walk, articles: str, **official: str) -> None:
    later(case, 2).take("propose_discipline", {**OFFICIAL, **official, "articles": articles})
    case.take("send_discipline", SENT, "discipline-1")
    case.serve("discipline_cover", track="discipline-1")


@scene(80)
def a_township_dealt_with(g: Ground) -> None:
    """A township told firms what to report: discipline, an order to correct, a circular, closed."""
    case = _investigated(g, "B4", TOWN)
    articles = (
        "《中华人民共和国统计法》（2024年修正）第四十一条第一款第四项、"
        "《中华人民共和国统计法实施条例》第四十九条"
    )
    _proposed(case, articles)
    due = road.later(case.day, 15).isoformat()
    demand = "停止干预企业独立报送统计资料。\n通知辖区企业如实更正。"
    case.take(
        "order_correction",
        {"act": f"{FACTS}。", "articles": articles, "demand": demand, "due": due},
    )
    case.serve("correction")
    case.take("circulate_interference", CIRCULAR)
    case.take("settle_interference", {"note": "处分建议、通报和责令改正均已送达，材料附卷。"})
    later(case, 3).take(
        "check_correction",
        {"corrected": "yes", "proof": "镇政府书面报告改正情况，抽查三家企业已据实更正。"},
    )
    case.scanned().take("close", {**CLOSE, "result": "已提出处分建议，责令改正，予以通报。"})


@scene(60)
def a_leader_dealt_with(g: Ground) -> None:
    """A leader hinted at figures: discipline and a circular; the case is to be closed."""
    case = _investigated(g, "L3", MAYOR)
    articles = "《中华人民共和国统计法》（2024年修正）第四十条第一款第三项"
    _proposed(
        case, articles, person_name="陈永强", person_post="许明寺镇镇长", facts=f"陈永强{FACTS}。"
    )
    case.take("circulate_interference", CIRCULAR)
    case.take("settle_interference", {"note": "处分建议、通报和责令改正均已送达，材料附卷。"})


@scene(70)
def proposal_withdrawn(g: Ground) -> None:
    """Discipline was proposed to the wrong body, and the proposal withdrawn before it was sent."""
    case = _investigated(g, "B4", TOWN)
    later(case, 2).take(
        "propose_discipline",
        {**OFFICIAL, "articles": "《中华人民共和国统计法》（2024年修正）第四十一条"},
    )
    case.take("withdraw_discipline", {"reason": "接收机关有误，另行提出。"}, "discipline-1")


@scene(45)
def interference_to_be_proposed(g: Ground) -> None:
    """Investigated; the proposal of discipline is the next thing to do."""
    _investigated(g, "B4", TOWN)
