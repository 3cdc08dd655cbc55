"""The main road of demonstration cases: each stop is a step with plausible answers, taken some days
after the one before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from casework.procedure.calendar import WorkCalendar
from casework.procedure.terms import Money
from casework.upkeep.walk import Walk
from letters.format import capitals, printed_date
from letters.format import figures as printed

CALENDAR = WorkCalendar()
FORM = {"form": "B103-2", "period": "2025年年报"}
FIGURES = [
    {"indicator": "应收账款", "reported": "646", "verified": "5087", "unit": "千元", **FORM},
    {"indicator": "固定资产原价", "reported": "10409", "verified": "8398", "unit": "千元", **FORM},
]
DIFFERENT = (  # what other firms reported, and what their books say
    ("营业收入", "41260", "35120"),
    ("应收账款", "2310", "3985"),
    ("工业总产值", "52800", "44190"),
    ("应付账款", "1875", "2604"),
    ("资产总计", "96400", "88120"),
    ("期末从业人员工资总额", "3260", "2715"),
)


def surveyed(end: date) -> str:
    """The name of the annual report whose figures were reported on those days."""
    return f"{end.year - 1}年年报"


def figures(end: date, name: str = "") -> list[dict[str, str]]:
    """Answers for the table of figures of a firm: for one firm in three those of a published
    decision, else invented ones."""
    own = sum(map(ord, name))
    if own % 3 == 0:
        return [{**row, "period": surveyed(end)} for row in FIGURES]
    rows = (DIFFERENT[own % len(DIFFERENT)], DIFFERENT[(own + 1) % len(DIFFERENT)])
    form = {"unit": "千元", "form": "B103-2", "period": surveyed(end)}
    return [
        {"indicator": i, "reported": reported, "verified": verified, **form}
        for i, reported, verified in rows
    ]


def violation(end: date, code: str = "V3", name: str = "") -> dict[str, Any]:
    """One row of the table of violations, whose conduct ended on that day."""
    indicators = "、".join(row["indicator"] for row in figures(end, name))
    what = f"报送的{surveyed(end)}《成本费用》（B103-2表）中，{indicators}与会计账簿记载的数额不符"
    return {
        "code": code,
        "what": what,
        "conduct_start": (end - timedelta(days=9)).isoformat(),
        "conduct_end": end.isoformat(),
        "census": False,
    }


def later(day: date, days: int) -> date:
    """The day that many days later, or the next working day after it."""
    return CALENDAR.next_workday(day + timedelta(days=days))


def register(w: Walk) -> None:
    """登记: register the tip."""
    w.take("register", {"proposal": "反映的单位、报表和指标具体，属本局职责范围，建议受理核查。"})


def accept(w: Walk, party: dict[str, Any]) -> None:
    """受理: accept the tip on the next day, with one respondent."""
    opinion = "反映事项属于统计违法，由本局管辖，线索具体，建议受理并交执法机构核查。"
    asked = {"respondents": [{"phone": "", **party}], "cause": CAUSE, "opinion": opinion}
    w.at(later(w.day, 1)).take("accept", asked)


CAUSE = "涉嫌提供不真实统计资料"
DISCRETION = (
    "主要指标差错率较高，报送后未主动更正；检查中能够配合，如实说明填报经过，未造成严重后果。"
)


def penalty_words(fine_fen: int) -> str:
    """The penalty that a report proposes, in words; the fine in fen."""
    if not fine_fen:
        return "建议责令改正，给予警告。"
    sum_ = Money(fine_fen)
    return f"建议责令改正，给予警告，并处罚款人民币{capitals(sum_)}（¥{printed(sum_)}）。"


def stops(end: date, fine_fen: int) -> list[tuple[str, int, Callable[[Walk], Any]]]:
    """The main road as (name, days after the stop before, what to do)."""
    notice = {
        "kinds": ["warning", "fine"] if fine_fen else ["warning"],
        "fine_fen": fine_fen or None,
        "serious_ground": "",
        "discretion": DISCRETION,
        "contact": "秦岚",
    }
    decision = {**notice, "defence": "当事人在规定期限内未提出陈述、申辩意见。", "bank": BANK}
    verified_ = {"method": "将上报数与总账、明细账和记账凭证逐项核对", "cards_shown": True}
    not_due = {"reason": "处罚未达到法制审核的标准，未经听证，案情不复杂。"}
    return [
        ("assign", 1, lambda w: w.take("assign", {"assigned": list(w.team.officers)})),
        (
            "figures",
            6,
            lambda w: w.take("verify_figures", {"figures": figures(end, _name(w)), **verified_}),
        ),
        ("report", 5, lambda w: w.take("verification_report", verified(w))),
        ("file", 4, lambda w: w.take("file", filing(end))),
        ("notice_of_inspection", 3, lambda w: w.take("inspection_notice", inspection(w, end))),
        ("inspection", 0, lambda w: w.serve("inspection_notice")),
        ("on_site", 4, on_site),
        ("interview", 0, lambda w: w.take("interview", INTERVIEW)),
        ("conclude", 9, lambda w: w.take("investigation_report", concluded(w, end, fine_fen))),
        ("prior_notice", 4, lambda w: w.take("prior_notice", {**notice, "evidence": evidence(w)})),
        ("notice_served", 1, lambda w: w.serve("prior_notice")),
        ("defence", 16, lambda w: w.take("defence_waived", {"note": ""})),
        (
            "reviewed",
            1,
            lambda w: w.take("defence_review", {"adopted": "rejected", "reason": NOTHING_SAID}),
        ),
        ("no_review_due", 1, lambda w: w.take("review_not_due", not_due)),
        ("decide", 2, lambda w: w.take("decide_penalty", {**decision, "evidence": evidence(w)})),
        ("served", 2, lambda w: w.serve("decision")),
    ]


def on_site(w: Walk) -> None:
    """现场检查笔录: take the record; pages of the books are copied on that day."""
    VISITED[w.docket_id] = w.day
    w.take("on_site_record", ON_SITE)


VISITED: dict[int, date] = {}  # when the books of a case were seen


def evidence(w: Walk) -> str:
    """The evidence that a notice names: two records with their days, and the copies with theirs."""
    copied = printed_date(VISITED.get(w.docket_id, w.day))
    return (
        "现场检查笔录\n询问笔录\n总账、"
        f"明细账和记账凭证复印件（{copied}调取），"
        "证明有关指标的账面数额"
    )


BANK = "中国农业银行丰都支行，丰都县财政局，31-0000000000"
NOTHING_SAID = "期限届满未收到陈述、申辩材料，拟处罚意见不变。"


def _name(w: Walk) -> str:
    return str(PARTY.get(w.docket_id, {}).get("name", ""))


def verified(w: Walk) -> dict[str, Any]:
    """核查报告: its answers, with the respondent as on record."""
    findings = (
        "核查人员调取了该单位的总账、明细账和统计报表，逐项核对，"
        "上报数与账面数不一致，差额和差错率见下表。"
    )
    return {"party": PARTY[w.docket_id], "findings": findings, "no_figures": "", "result": "file"}


PARTY: dict[int, dict[str, Any]] = {}  # respondents by case, as the road met them


def filing(end: date) -> dict[str, Any]:
    """立案: its answers, for conduct that ended on that day."""
    facts = (
        f"经核查，该单位{surveyed(end)}的上报数与会计账簿记载的数额不一致，"
        "涉嫌提供不真实统计资料，属本局管辖，未超过二年的"
        "追责时效。"
    )
    return {"cause": CAUSE, "code": "V3", "conduct_end": end.isoformat(), "facts": facts}


def inspection(w: Walk, end: date | None = None) -> dict[str, Any]:
    """检查通知书: its answers."""
    year = (end or w.day).year - 1
    return {
        "content": f"{year}年年报《成本费用》（B103-2表）各项指标的真实性、准确性、完整性。",
        "span": f"{year}年度",
        "begins": later(w.day, 4).isoformat(),
        "place": "当事人住所",
        "materials": f"{year}年度总账、"
        f"明细账和会计报表\n统计台账和原始记录\n{year}年年报统计调查表",
    }


def concluded(w: Walk, end: date, fine_fen: int) -> dict[str, Any]:
    """调查终结报告: its answers; the proposed fine in fen."""
    course = (
        "执法人员持证到当事人住所检查，核对总账、明细账和统计报表，"
        "制作现场检查笔录，询问统计员，复印了有关账页。"
    )
    return {
        "violations": [violation(end, name=_name(w))],
        "course": course,
        "discretion": DISCRETION,
        "serious_ground": "",
        "complex": False,
        "proposal": penalty_words(fine_fen),
    }


ON_SITE = {
    "place": "当事人财务室",
    "began": "09:30",
    "ended": "11:40",
    "present": "冉敏",
    "present_post": "统计员",
    "cards_shown": True,
    "refusal": "",
    "statement": "记录的情况属实，没有异议。",
    "findings": "执法人员查阅了总账、明细账和统计台账，"
    "与上报的统计调查表逐项核对，上报数与账面数不一致的指标见下表。",
}
INTERVIEW = {
    "person": "冉敏",
    "sex_age": "女，35岁",
    "post": "统计员",
    "place": "当事人会议室",
    "began": "14:00",
    "ended": "15:10",
    "cards_shown": True,
    "rights_told": True,
    "recusal": "no",
    "dialogue": [
        {"question": "年报B103-2表由谁填报？", "reply": "由我填报，经单位负责人审核后上报。"},
        {
            "question": "上报数的来源是什么？",
            "reply": "当时账没有结完，按估计数填报，后来没有核对。",
        },
        {"question": "是否设置了统计台账？", "reply": "没有单独设置。"},
        {"question": "发现差错后有没有更正？", "reply": "没有，检查前没有发现。"},
    ],
    "corrections": "",
    "refusal": "",
}


def notice_of(fine_fen: int) -> dict[str, Any]:
    """The penalty that a prior notice proposes, as answers: a warning, with a fine of so many fen
    or (0) without."""
    return {
        "kinds": ["warning", "fine"] if fine_fen else ["warning"],
        "fine_fen": fine_fen or None,
        "serious_ground": "",
        "evidence": "现场检查笔录\n询问笔录",
        "discretion": DISCRETION,
        "contact": "秦岚",
    }
