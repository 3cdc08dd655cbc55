"""A road for demonstration cases: each stop is a step with a plausible payload, taken some days after the one before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from casework.procedure.calendar import WorkCalendar
from casework.upkeep.walk import Walk

CALENDAR = WorkCalendar()
FORM = {"form": "B103-2", "period": "2025年报"}
FIGURES = [
    {"indicator": "应收账款", "reported": "646", "verified": "5087", "unit": "千元", **FORM},
    {"indicator": "固定资产原价", "reported": "10409", "verified": "8398", "unit": "千元", **FORM},
]  # fmt: skip


def violation(end: date, code: str = "V3") -> dict[str, Any]:
    """One violation whose conduct ended on a day."""
    what = "上报的《工业企业成本费用》B103-2表应收账款、固定资产原价与检查核实数不符"
    return {
        "code": code, "what": what, "conduct_start": (end - timedelta(days=9)).isoformat(),
        "conduct_end": end.isoformat(), "census": False,
    }  # fmt: skip


def later(day: date, days: int) -> date:
    """Some days later, on a working day."""
    return CALENDAR.next_workday(day + timedelta(days=days))


def register(w: Walk) -> None:
    """登记."""
    w.take("register", {"proposal": "线索清楚，建议受理核查。"})


def accept(w: Walk, name: str, kind: str, township: str, code: str = "") -> None:
    """受理, one respondent."""
    party = {"name": name, "kind": kind, "credit_code": code, "address": "重庆市丰都县", "representative": "负责人",
             "township": township, "phone": ""}  # fmt: skip
    asked = {"respondents": [party], "cause": "涉嫌提供不真实统计资料", "opinion": "属本局管辖，线索具体，建议受理。"}
    w.at(later(w.day, 1)).take("accept", asked)


def stops(end: date, fine_fen: int) -> list[tuple[str, int, Callable[[Walk], Any]]]:
    """The main road as (name, days after the stop before, what to do)."""
    what = violation(end)
    notice = {
        "kinds": ["warning", "fine"] if fine_fen else ["warning"], "fine_fen": fine_fen or None, "serious_ground": "",
        "evidence": "现场检查笔录\n询问笔录\n记账凭证复印件",
        "discretion": "差错率较大，未主动纠正，依照裁量基准从一般情节处理。",
        "contact": "",
    }  # fmt: skip
    decision = {**notice, "defence": "当事人未提出陈述申辩。", "bank": "中国农业银行丰都支行，丰都县财政局，31-0000000000"}
    report = {
        "violations": [what], "course": "检查组持证入企检查，核对账表。", "discretion": "一般情节。", "serious_ground": "",
        "complex": False, "proposal": "建议警告并处罚款。" if fine_fen else "建议警告。",
    }  # fmt: skip
    return [
        ("assign", 1, lambda w: w.take("assign", {"assigned": list(w.team.officers)})),
        ("figures", 6, lambda w: w.take("verify_figures", {"figures": FIGURES, "method": "核对账簿凭证", "cards_shown": True})),
        ("report", 5, lambda w: w.take("verification_report", verified(w))),
        ("file", 4, lambda w: w.take("file", filing(end))),
        ("notice_of_inspection", 3, lambda w: w.take("inspection_notice", inspection(w))),
        ("inspection", 0, lambda w: w.serve("inspection_notice")),
        ("on_site", 4, lambda w: w.take("on_site_record", ON_SITE)),
        ("interview", 0, lambda w: w.take("interview", INTERVIEW)),
        ("conclude", 9, lambda w: w.take("investigation_report", report)),
        ("prior_notice", 4, lambda w: w.take("prior_notice", notice)),
        ("notice_served", 1, lambda w: w.serve("prior_notice")),
        ("defence", 16, lambda w: w.take("defence_waived", {"how": "expired", "note": ""})),
        ("reviewed", 1, lambda w: w.take("defence_review", {"adopted": "rejected", "reason": "未提出陈述申辩。"})),
        ("no_review_due", 1, lambda w: w.take("review_not_due", {"reason": "罚款未达标准，未经听证，案情不复杂。"})),
        ("decide", 2, lambda w: w.take("decide_penalty", decision)),
        ("served", 2, lambda w: w.serve("decision")),
    ]  # fmt: skip


def verified(w: Walk) -> dict[str, Any]:
    """核查报告, with the respondent as on record."""
    return {"party": PARTY[w.docket_id], "findings": "核实数与上报数差异较大。", "no_figures": "", "result": "file"}


PARTY: dict[int, dict[str, Any]] = {}  # respondents by case, as the road met them


def filing(end: date) -> dict[str, Any]:
    """立案."""
    facts = "经核查，该单位上报数与核实数差异较大，涉嫌提供不真实统计资料。"
    return {"cause": "涉嫌提供不真实统计资料", "code": "V3", "conduct_end": end.isoformat(), "facts": facts}


def inspection(w: Walk) -> dict[str, Any]:
    """检查通知书."""
    return {
        "content": "2025年年报有关指标", "span": "2025年度", "begins": later(w.day, 4).isoformat(), "place": "当事人住所",
        "materials": "财务账簿\n统计台账\n原始凭证",
    }  # fmt: skip


ON_SITE = {
    "place": "当事人办公室", "began": "09:30", "ended": "11:40", "present": "财务负责人", "present_post": "财务经理",
    "cards_shown": True, "findings": "核对账簿，应收账款、固定资产原价与上报数不符。", "statement": "属实。", "refusal": "",
}  # fmt: skip
INTERVIEW = {
    "person": "冉敏", "sex_age": "女，35岁", "post": "统计员",
    "place": "当事人会议室", "began": "14:00", "ended": "15:10", "cards_shown": True, "rights_told": True,
    "recusal": "no", "read_how": "self",
    "dialogue": [
        {"question": "2025年年报B103-2表由谁填报？", "reply": "由我填报，经单位负责人审核后上报。"},
        {"question": "应收账款、固定资产原价的数据来源是什么？", "reply": "当时账没有结完，按估计数填报，后来没有核对。"},
        {"question": "是否设置了统计台账？", "reply": "没有单独设置。"},
    ],
    "corrections": "", "refusal": "", "confirmed": True,
}  # fmt: skip
