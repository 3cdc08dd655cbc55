"""Scenes from the prior notice to the decision: hearing, review, panel."""

from __future__ import annotations

from typing import Any

from casework.upkeep import road
from casework.upkeep.scenes.ground import BIG, Ground, later, newest, scene
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk


def _heard(g: Ground) -> Walk:
    """A big fine: defence heard and a hearing asked for."""
    case = g.case("notice_served", BIG)
    later(case, 2).take("hearing_request", {"form": "written", "points": "认为系估计填报，非故意。"})
    later(case, 6).take("defence_heard", {"opinion": "系估计填报，愿意改正。", "evidence": ""})
    return case


def called(g: Ground) -> Walk:
    """Its hearing is called, and the party was told of it."""
    case = _heard(g)
    later(case, 2).take("defence_review", {"adopted": "rejected", "reason": "不影响认定。"})
    day = road.CALENDAR.add_workdays(case.day, 9)  # seven whole working days lie between
    notice = {
        "hearing_on": day.isoformat(),
        "time": "9:00",
        "place": "本局二楼会议室",
        "host": g.team.head,
        "openness": "public",
    }
    case.take("hearing_notice", notice)
    case.serve("hearing_notice")
    return case


@scene(80)
def defence_heard(g: Ground) -> None:
    """Waits for the review of its defence."""
    _heard(g)


@scene(60)
def service_corrected(g: Ground) -> None:
    """The mail's slip shows that the notice arrived later than was entered: the defence runs from the right day."""
    case = g.case("prior_notice")
    mail = {"paper": newest(case, "prior_notice"), "method": "mail", "tracking_no": "EMS1024500230", "place": "当事人住所"}
    case.take("serve", mail)
    served, right = case.last_seq(), road.later(case.day, 3)
    wrong = {"act": served, "corrected_on": right.isoformat(), "was_on": case.day.isoformat()}
    why = {"proof": "邮件妥投回执EMS1024500230", "reason": "误将交邮日期登记为送达日期。"}
    later(case, 5).take("correct_service", {**wrong, **why})


@scene(85)
def hearing_ahead(g: Ground) -> None:
    """Waits for its hearing."""
    called(g)


POINTS = {f"point_{p}": "pass" for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")}


def _reviewed(g: Ground) -> Walk:
    case = called(g)
    case.at(road.CALENDAR.add_workdays(case.day, 9)).take(
        "hearing_held", {"present": "双方到场", "record": "双方发表意见并质证。", "signed": True}
    )
    case.take("hearing_report", {"opinion": "维持拟处罚意见。"})
    return case


@scene(110)
def in_review(g: Ground) -> None:
    """Waits for the legal reviewer."""
    _reviewed(g)


@scene(115)
def before_the_panel(g: Ground) -> None:
    """Waits for the panel."""
    later(_reviewed(g), 2).take("legal_review", {**POINTS, "opinion": "同意。", "result": "pass", "census_law": ""})


@scene(230)
def hearing_panel_public_notice(g: Ground) -> None:
    """The whole long way: hearing, review, panel, decision, mail that comes back, service by public notice, bulletin."""
    case = later(_reviewed(g), 2)
    case.take("legal_review", {**POINTS, "opinion": "同意。", "result": "pass", "census_law": ""})
    voices = [{"name": n, "post": "局领导", "opinion": "同意处罚意见。"} for n in ("周明", "江涛", "傅敏")]
    case.take("panel", {"place": "三楼会议室", "voices": voices, "conclusion": "同意。", "result": "agreed"})
    case.take("decide_penalty", {**notice_of(BIG), "defence": "不予采纳。", "bank": g.bureau.bank})
    paper = newest(case, "decision")
    later(case, 2).take("serve_failed", {"paper": paper, "method": "mail", "reason": "退回，查无此址。"})
    case.take("serve_public", {"paper": paper, "where": "县人民政府网站", "reason": "负责人下落不明。"})
    later(case, 60)
    tick(case.now)
    case.take("circulate", {"text": "现将有关情况予以通报。", "recipients": "各乡镇人民政府"})


def notice_of(fine_fen: int) -> dict[str, Any]:
    return {
        "kinds": ["warning", "fine"] if fine_fen else ["warning"], "fine_fen": fine_fen or None, "serious_ground": "",
        "evidence": "现场检查笔录\n询问笔录", "discretion": "一般情节。", "contact": "",
    }  # fmt: skip


@scene(90)
def told_anew(g: Ground) -> None:
    """A hearing is refused for being late, and the notice is issued anew."""
    case = _heard(g)
    later(case, 1).take("hearing_refuse", {"reason": "申请人不具备主体资格。"})
    case.take("prior_notice_again", notice_of(2_000_000))


@scene(95)
def hearing_given_up(g: Ground) -> None:
    """The party stays away."""
    later(called(g), 16).take("hearing_given_up", {"reason": "当事人书面放弃听证。"})


@scene(60)
def no_penalty(g: Ground) -> None:
    """Minor and corrected."""
    case = later(g.case("conclude"), 2)
    asked = {"ground": "minor", "corrected": True, "proof": "", "evidence": "笔录", "education": "已当面教育。"}
    case.take("decide_no_penalty", asked)
    case.serve("decision")


@scene(60)
def terminated(g: Ground) -> None:
    """The firm is gone."""
    case = later(g.case("interview"), 2)
    case.take("terminate", {"reason": "企业注销且无权利义务承受人。"})
