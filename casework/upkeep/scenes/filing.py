"""Scenes of verification and filing, and of what can be done at several stages."""

from __future__ import annotations

from datetime import timedelta

from casework.upkeep import road
from casework.upkeep.scenes.ground import ANNUL, CLOSE, NOTE, OUT, WHY, Ground, later, scene
from casework.upkeep.walk import open_directly


def _stops_at(stop: str, days: int) -> None:
    @scene(days)
    def road_so_far(g: Ground) -> None:
        g.case(stop)


for _stop, _days in {"figures": 25, "report": 35, "prior_notice": 65, "no_review_due": 95, "decide": 100}.items():
    _stops_at(_stop, _days)


@scene(60)
def found_by_ourselves(g: Ground) -> None:
    """A case on a finding of the bureau's own: plan, recusal, extension, transfer and return."""
    payload = {"channel": "random", "party": g.party, "credit_code": g.party["credit_code"], "township": g.party["township"],
               "cause": "涉嫌提供不真实统计资料", "narrative": "双随机抽查发现。"}  # fmt: skip
    case = open_directly(g.team, g.bureau, payload, g.start)
    later(case, 1).take("assign", {"assigned": [*g.team.officers, g.team.others["officer3"]]})
    case.take("recuse", {"person": g.team.others["officer3"], "reason": "近亲属在该单位任职。", "result": "granted"})
    case.take("plan_verification", {"whom": g.party["name"], "how": "核对账簿与台账。", "when": later(case, 1).day.isoformat()})
    later(case, 5).take("extend_verification", {"reason": "账目量大。", "by": "tip.verify_ext"})
    later(case, 5).take("transfer_out", OUT)
    later(case, 6).take("case_back", {"letter": "市监函〔2026〕2号", "reason": "对方认为属统计违法。"})


@scene(30)
def reported_up(g: Ground) -> None:
    """A case that the city takes."""
    later(g.case("figures"), 2).take("report_up", WHY)


@scene(30)
def transferred(g: Ground) -> None:
    """A case that another body takes."""
    later(g.case("figures"), 2).take("transfer_out", OUT)


@scene(35)
def absorbed(g: Ground) -> None:
    """A second case against the same firm goes into the first, once undone and done again."""
    first, second = g.case("assign"), g.case("assign")
    asked = {"case": first.docket_id, "reason": "同一当事人。"}
    later(second, 2).take("absorb_case", asked)
    later(second, 1).take("undo_absorb", WHY)
    later(second, 1).take("absorb_case", asked)


@scene(40)
def not_filed(g: Ground) -> None:
    """Nothing was found."""
    later(g.case("report"), 2).take("not_file", {"cause": "涉嫌提供不真实统计资料", "facts": "未发现违法事实。"})


@scene(90)
def everything_an_investigation_can_do(g: Ground) -> None:
    """Reminder, order to correct, inquiry, preservation, obstruction, help, extension, standing still."""
    case = g.case("interview")
    ahead = road.later(case.day, 12).isoformat()
    case.take("remind_filing", {"forms": "B103-2", "was_due": (case.day - timedelta(20)).isoformat(), "due": ahead})
    case.serve("reminder")
    case.take(
        "order_correction", {"act": "未设置统计台账。", "articles": "统计法第二十四条", "demand": "设置台账。", "due": ahead}
    )
    case.serve("correction")
    case.take("inquire", {"matters": "应收账款明细\n固定资产明细", "days": 10})
    case.serve("inquiry")
    case.take("add_evidence", {"kind": "written", "title": "应收账款明细账", "source": "财务科", "proves": "少报。"})
    case.take("preserve", {"things": "2025年总账一册", "place": "本局档案室", "reason": "可能灭失。"})
    case.serve("preserve")
    case.take("obstruction", {"facts": "财务负责人拒绝提供凭证。", "recording": "执法记录仪01号", "threat": False})
    case.take("seek_help", {"body": "丰都县税务局", "matter": "提供申报收入。"})
    later(case, 4).take("dispose_preserved", {"result": "复制后退还。"})
    case.serve("preserve_disposal")
    later(case, 3).take("inquiry_answered", {"answer": "按估计数填报。", "truthful": "yes"})
    case.take("help_replied", NOTE)
    later(case, 3).take("check_correction", {"corrected": "yes", "proof": "台账已设置。"})
    case.take("suspend", {"reason": "等待鉴定结论。"})
    later(case, 10).take("resume", {"reason": "鉴定完成。"})
    case.take("extend_case", {"reason": "案情复杂。", "by": "case.extension"})
    case.take("suspend", {"reason": "当事人负责人住院。"})  # stands still


@scene(60)
def filing_withdrawn(g: Ground) -> None:
    """The filing is taken back, the case closed and archived."""
    case = later(g.case("on_site"), 2)
    case.take("withdraw_filing", WHY)
    later(case, 2).take("close", CLOSE)
    later(case, 5).take("archive", {"term": "30", "pages": 46, "shelf": "2026-1-3"})


@scene(45)
def filing_just_withdrawn(g: Ground) -> None:
    """The filing is taken back; to be closed."""
    later(g.case("file"), 2).take("withdraw_filing", WHY)


@scene(40)
def admonished(g: Ground) -> None:
    """A person in a census is admonished, not fined."""
    case = g.case("file", kind="person", name="丰都县居民刘某", credit_code="")
    later(case, 1).take("admonish", {"facts": "拒绝普查登记。", "words": "已告知普查义务，当事人表示配合。"})


@scene(25)
def on_the_spot(g: Ground) -> None:
    """当场处罚 and its filing."""
    case = later(g.case("figures"), 1)
    asked = {"violations": [road.violation(g.start - timedelta(60))], "place": "当事人财务室", "evidence": "现场检查笔录",
             "kinds": ["warning", "fine"], "fine_fen": 200_000, "told": True, "heard": "无异议。",
             "bank": "中国农业银行丰都支行，丰都县财政局，31-0000000000"}  # fmt: skip
    case.take("on_the_spot", asked)
    later(case, 1).take("filed_with_bureau", NOTE)


@scene(60)
def sent_back(g: Ground) -> None:
    """The report is sent back; a step was annulled and an entry's day corrected before."""
    case = g.case("conclude")
    later(case, 1).take("send_back", WHY)
    case.take("add_evidence", {"kind": "written", "title": "重复录入", "source": "财务科", "proves": "少报。"})
    case.take("annul_step", {"act": case.last_seq(), **ANNUL})
    case.take("add_evidence", {"kind": "written", "title": "销售台账", "source": "销售科", "proves": "少报。"})
    corrected = {
        "act": case.last_seq(),
        "corrected_on": None,
        "fields": {"title": "2025年销售台账"},
        "was": {"title": "销售台账"},
    }
    case.take("correct_act", {**corrected, "reason": "名称补全。"})


@scene(55)
def concluded(g: Ground) -> None:
    """Waits for its prior notice."""
    g.case("conclude")
