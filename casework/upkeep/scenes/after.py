"""Scenes after the decision: execution, remedies, discipline, prosecution, dishonesty, publication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework.upkeep import road
from casework.upkeep.scenes.ground import CLOSE, NOTE, WHY, Ground, later, scene
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk

FINE = 3_000_000


@scene(140)
def instalments(g: Ground) -> None:
    """Pays in parts."""
    case = later(g.case("served", FINE), 3)
    plan = {"request": "资金困难申请", "plan": "第一期15000元\n第二期15000元", "due": road.later(case.day, 90).isoformat()}
    case.take("instal", plan, "execution-1")
    later(case, 5).take("pay", _paid(case, 1_500_000), "execution-1")


def _paid(case: Walk, fen: int) -> Mapping[str, Any]:
    return {"paid_fen": fen, "paid_on": case.day.isoformat(), "slip": "农行 2026-0117"}


def _demanded(g: Ground) -> Walk:
    case = later(g.case("served", FINE), 30)
    tick(case.now)
    case.take("demand", {"way": "到指定银行缴纳罚款及加处罚款。"}, "execution-1")
    case.serve("demand")
    return case


@scene(190)
def agreed(g: Ground) -> None:
    """Answers the demand; an agreement, and the surcharge is remitted."""
    case = _demanded(g)
    later(case, 3).take("answer_demand", NOTE, "execution-1")
    case.take("agree", {"terms": "分三期缴清。", "remedied": "已补报数据。"}, "execution-1")
    case.take("remit_surcharge", WHY, "execution-1")


def _in_court(g: Ground) -> Walk:
    case = later(_demanded(g), 190)
    tick(case.now)
    case.take("apply_court", {"court": "丰都县人民法院", "material": "决定书\n送达回证\n催告书"}, "execution-1")
    return case


@scene(370)
def before_the_court(g: Ground) -> None:
    """Waits for the court."""
    _in_court(g)


@scene(400)
def executed(g: Ground) -> None:
    """The court executes; the case is closed and archived."""
    case = _in_court(g)
    later(case, 20).take("court_result", {"result": "executed", "ruling": "（2026）渝0230行审1号", "note": ""}, "execution-1")
    case.take("not_public", {"reason": "不具有一定社会影响。"})
    case.take("close", {**CLOSE, "execution": "法院强制执行完毕。", "publication": "经审批不予公示。"})
    later(case, 8).take("archive", {"term": "permanent", "pages": 88, "shelf": "2026-1-1"})


@scene(180)
def execution_paused_and_ended(g: Ground) -> None:
    """Cannot pay; paused, resumed, ended."""
    case = later(g.case("served", FINE), 20)
    case.take("pause_execution", {"ground": "cannot", "reason": "停产。"}, "execution-1")
    later(case, 20).take("resume_execution", WHY, "execution-1")
    case.take("end_execution", {"ground": "gone", "reason": "企业终止。"}, "execution-1")


@scene(150)
def execution_stands_still(g: Ground) -> None:
    """Paused."""
    case = later(g.case("served", FINE), 20)
    case.take("pause_execution", {"ground": "cannot", "reason": "停产。"}, "execution-1")


def _published(g: Ground, fine_fen: int = 0) -> Walk:
    case = later(g.case("served", fine_fen), 2)
    case.take("approve_publication", {"influence": "涉及规模以上企业。", "summary": "提供不真实统计资料。"})
    case.take("publish", {"note": ""}, "publication-1")
    return case


@scene(200)
def set_aside(g: Ground) -> None:
    """Paid, then set aside: the entry goes, the case is dealt with anew, half of the money is paid back."""
    case = later(_published(g, FINE), 5)
    case.take("pay", _paid(case, FINE), "execution-1")
    later(case, 10).take(
        "remedy_start", {"kind": "reconsideration", "body": "丰都县人民政府", "number": "丰府复〔2026〕4号", "stay": "no"}
    )
    end = {
        "kind": "reconsideration",
        "result": "redo",
        "number": "丰府复决〔2026〕4号",
        "fine_fen": None,
        "reason": "程序瑕疵。",
    }
    later(case, 40).take("remedy_end", end, "remedy-1")
    case.take("withdraw_entry", {"reason": "决定被撤销。"}, "publication-1")
    case.take(
        "redo", {"order": "丰府复决〔2026〕4号", "due": road.later(case.day, 60).isoformat(), "reason": "按复议决定重新处理。"}
    )
    back = {"refunded_fen": FINE // 2, "refunded_on": case.day.isoformat(), "payee": "中国农业银行丰都支行 31-0000000001"}
    case.take("refund", {**back, "slip": "丰财退〔2026〕3号"})


@scene(190)
def upheld(g: Ground) -> None:
    """A reconsideration upholds the decision; a suit follows."""
    case = later(g.case("served", FINE), 15)
    case.take(
        "remedy_start", {"kind": "reconsideration", "body": "丰都县人民政府", "number": "丰府复〔2026〕5号", "stay": "yes"}
    )
    end = {"kind": "reconsideration", "result": "upheld", "number": "丰府复决〔2026〕5号", "fine_fen": None, "reason": ""}
    later(case, 40).take("remedy_end", end, "remedy-1")
    later(case, 10).take(
        "remedy_start", {"kind": "suit", "body": "丰都县人民法院", "number": "（2026）渝0230行初9号", "stay": "no"}
    )


@scene(190)
def suit_lost(g: Ground) -> None:
    """A court upholds the decision; an appeal may follow."""
    case = later(g.case("served", FINE), 15)
    body, number = "丰都县人民法院", "（2026）渝0230行初11号"
    case.take("remedy_start", {"kind": "suit", "body": body, "number": number, "stay": "no"})
    end = {"kind": "suit", "result": "upheld", "number": number, "fine_fen": None, "reason": "驳回诉讼请求。"}
    later(case, 60).take("remedy_end", end, "remedy-1")


@scene(120)
def not_for_the_public(g: Ground) -> None:
    """The decision is not published."""
    later(g.case("served"), 2).take("not_public", {"reason": "不具有一定社会影响。"})


@scene(120)
def publication_due(g: Ground) -> None:
    """Approved, not yet shown."""
    later(g.case("served"), 2).take(
        "approve_publication", {"influence": "涉及规模以上企业。", "summary": "提供不真实统计资料。"}
    )


@scene(120)
def shown(g: Ground) -> None:
    """On the public list."""
    tick(_published(g).now)


@scene(560)
def shown_to_the_end(g: Ground) -> None:
    """An entry whose time is over."""
    case = later(_published(g), 400)
    tick(case.now)


def _person(name: str) -> dict[str, Any]:
    return {
        "person_name": name, "person_post": "某镇副镇长", "public_employee": "yes", "body_kind": "supervision",
        "body": "丰都县监察委员会", "facts": "授意企业虚报产值。", "articles": "统计法第四十条", "proposal": "建议给予处分。",
    }  # fmt: skip


SENT = {"enclosures": "调查终结报告\n证据清单", "contact": "向东平"}


@scene(160)
def discipline(g: Ground) -> None:
    """One proposed, one sent and chased, one answered, one ended."""
    case = g.case("served")
    for name in ("李某", "王某", "陈某", "何某"):
        case.take("propose_discipline", _person(name))
    for track in ("discipline-2", "discipline-3", "discipline-4"):
        case.take("send_discipline", SENT, track)
    later(case, 20).take("chase_discipline", NOTE, "discipline-2")
    case.take("extend_reply", {"until": road.later(case.day, 200).isoformat(), "reason": "对方请求。"}, "discipline-2")
    for track in ("discipline-3", "discipline-4"):
        case.take("discipline_reply", {"result": "已给予警告处分。", "number": "丰监〔2026〕6号"}, track)
    case.take("end_discipline", NOTE, "discipline-4")


@scene(330)
def discipline_unanswered(g: Ground) -> None:
    """No reply in six months: reported."""
    case = g.case("served")
    case.take("propose_discipline", _person("李某"))
    case.take("send_discipline", SENT, "discipline-1")
    later(case, 200).take("report_no_reply", NOTE, "discipline-1")


@scene(140)
def prosecution(g: Ground) -> None:
    """One sent, one returned, one taken."""
    case = g.case("served")
    asked = {"about": "李某", "target": "police", "body": "丰都县公安局", "reason": "涉嫌犯罪。", "material": "调查终结报告"}
    for _ in range(3):
        case.take("send_prosecution", asked)
    later(case, 3).take("prosecution_back", WHY, "prosecution-2")
    case.take("prosecution_taken", {"number": "丰公立〔2026〕3号", "note": ""}, "prosecution-3")


LAW = {"facts": "提供不真实统计资料，情节严重。", "articles": "《企业统计信用管理办法》（国家统计局令第35号）"}


def _assessed(g: Ground) -> Walk:
    case = later(g.case("served"), 1)
    case.take("assess_dishonesty", {"ground": "untrue", "facts": "虚报数额大。"})
    return case


def _warned(g: Ground) -> Walk:
    case = _assessed(g)
    case.take("dishonesty_notice", LAW, "dishonesty-1")
    case.serve("dishonesty_notice")
    return case


def _determined(g: Ground) -> Walk:
    case = later(_warned(g), 3)
    case.take("dishonesty_defence", {"opinion": "请求从轻。", "adopted": "不予采纳。"}, "dishonesty-1")
    case.take("determine", LAW, "dishonesty-1")
    case.serve("dishonesty_decision")
    return case


def _listed(g: Ground) -> Walk:
    case = later(_determined(g), 2)
    case.take("list_entry", {"summary": "提供不真实统计资料。", "handling": "警告。"}, "dishonesty-1")
    return case


@scene(110)
def dishonesty_assessed(g: Ground) -> None:
    """Stands at the assessment."""
    _assessed(g)


@scene(110)
def dishonesty_announced(g: Ground) -> None:
    """The firm was told."""
    _warned(g)


@scene(115)
def dishonesty_not_determined(g: Ground) -> None:
    """Told, and not determined."""
    later(_warned(g), 3).take("not_determined", WHY, "dishonesty-1")


@scene(120)
def dishonesty_determined(g: Ground) -> None:
    """Waits for the list."""
    _determined(g)


@scene(150)
def dishonesty_listed(g: Ground) -> None:
    """On the list; an objection was turned down and the time extended."""
    case = later(_listed(g), 5)
    asked = {"objector": "当事人", "points": "公示内容有误。", "result": "kept", "reason": "经核查无误。"}
    case.take("object_listing", asked, "dishonesty-1")
    case.take("extend_listing", {"until": road.later(case.day, 700).isoformat(), "reason": "再次发生。"}, "dishonesty-1")


@scene(140)
def listing_withdrawn(g: Ground) -> None:
    """Taken off because it should not be there."""
    later(_listed(g), 5).take("withdraw_listing", WHY, "dishonesty-1")


@scene(340)
def repaired(g: Ground) -> None:
    """Corrected, and off the list after six months."""
    asked = {"request": "信用修复申请", "verified": "连续三期数据核查无误。"}
    later(_listed(g), 200).take("repair", asked, "dishonesty-1")


@scene(560)
def delisted_by_time(g: Ground) -> None:
    """Off the list when its year is over."""
    case = later(_listed(g), 400)
    tick(case.now)
