"""Scenes after the decision: execution, remedies, discipline, prosecution, dishonesty,
publication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework.upkeep import road
from casework.upkeep.scenes.ground import CLOSE, FINE, Ground, later, scene
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk

PUBLISHED = {
    "influence": "当事人为规模以上企业，差错率较高，在当地统计调查对象中有一定影响。",
    "summary": "上报数与账面数不符，提供不真实统计资料。",
}


@scene(140)
def instalments(g: Ground) -> None:
    """The fine is paid in parts."""
    case = later(g.case("served", FINE), 3)
    first, last = (road.later(case.day, days).isoformat() for days in (30, 90))
    plan = {
        "request": "当事人书面申请：销售款未收回，一次性缴纳有困难，请求分两期缴清。",
        "instalments": [{"pay_by": day, "part_fen": FINE // 2} for day in (first, last)],
        "due": last,
    }
    case.take("instal", plan, "execution-1")
    later(case, 5).take("pay", _paid(case, 1_500_000), "execution-1")


def _paid(case: Walk, fen: int) -> Mapping[str, Any]:
    return {"paid_fen": fen, "paid_on": case.day.isoformat(), "slip": "农行 2026-0117"}


def _demanded(g: Ground) -> Walk:
    case = later(g.case("served", FINE), 30)
    tick(case.now)
    case.take("demand", {"way": "将罚款和加处罚款一并缴入下列账户。"}, "execution-1")
    case.serve("demand")
    return case


@scene(190)
def agreed(g: Ground) -> None:
    """The firm answers the demand; an agreement is made, and the surcharge is remitted."""
    case = _demanded(g)
    later(case, 3).take(
        "answer_demand", {"note": "当事人口头称货款到账即缴，请求分期。"}, "execution-1"
    )
    case.take(
        "agree",
        {
            "terms": "乙方自本协议签订之日起分三期缴清罚款，每月二十日前缴纳10,000元。",
            "remedied": "乙方已向甲方更正2025年年报有关数据，建立统计台账。",
        },
        "execution-1",
    )
    case.take(
        "remit_surcharge",
        {"reason": "当事人已签订执行协议并采取补救措施，依照行政强制法第四十二条减免加处罚款。"},
        "execution-1",
    )


def _in_court(g: Ground) -> Walk:
    case = later(_demanded(g), 190)
    tick(case.now)
    case.take(
        "apply_court",
        {
            "court": "丰都县人民法院",
            "material": "行政处罚决定书及其事实、理由和依据的材料\n送达回证\n当事人的意见\n"
            "履行行政处罚决定催告书\n当事人基本情况和执行标的情况说明",
        },
        "execution-1",
    )
    return case


@scene(370)
def before_the_court(g: Ground) -> None:
    """The court was asked to execute, and has not answered."""
    _in_court(g)


@scene(400)
def executed(g: Ground) -> None:
    """The court executes; the case is closed and archived."""
    case = _in_court(g)
    later(case, 20).take(
        "court_result",
        {"result": "executed", "ruling": "（2026）渝0230行审1号", "note": ""},
        "execution-1",
    )
    case.take("not_public", {"reason": "违法数额较小，未造成社会影响，不属于应当公示的情形。"})
    case.scanned().take(
        "close", {**CLOSE, "execution": "法院强制执行完毕。", "publication": "经审批不予公示。"}
    )
    later(case, 8).bound().take("archive", {"term": "permanent", "shelf": "2026-1-1"})


@scene(180)
def execution_paused_and_ended(g: Ground) -> None:
    """The firm cannot pay: execution is paused, resumed and ended."""
    case = later(g.case("served", FINE), 20)
    case.take(
        "pause_execution",
        {"ground": "cannot", "reason": "当事人停产，账户无余额，暂无履行能力。"},
        "execution-1",
    )
    later(case, 20).take(
        "resume_execution", {"reason": "当事人恢复生产，已有履行能力。"}, "execution-1"
    )
    case.take(
        "end_execution",
        {"ground": "gone", "reason": "当事人已注销登记，无遗产可供执行，也无义务承受人。"},
        "execution-1",
    )


@scene(150)
def revoked_by_the_bureau(g: Ground) -> None:
    """Paid and published; then the bureau finds its own decision wrong, takes it back and deals
    with the case anew."""
    case = later(_published(g, FINE), 5)
    case.take("pay", _paid(case, FINE), "execution-1")
    due = road.later(case.day, 60).isoformat()
    later(case, 5).take(
        "revoke_decision",
        {
            "result": "anew",
            "due": due,
            "reason": "认定固定资产原价差额所依据的账页不完整，主要证据不足。",
        },
    )
    case.serve("revocation")
    case.take(
        "withdraw_entry", {"reason": "处罚决定已由本局撤销，依法撤回公示信息。"}, "publication-1"
    )


@scene(150)
def execution_stands_still(g: Ground) -> None:
    """Execution is paused."""
    case = later(g.case("served", FINE), 20)
    case.take(
        "pause_execution",
        {"ground": "cannot", "reason": "当事人停产，账户无余额，暂无履行能力。"},
        "execution-1",
    )


def _published(g: Ground, fine_fen: int = 0) -> Walk:
    case = later(g.case("served", fine_fen), 2)
    case.take("approve_publication", PUBLISHED)
    case.take("publish", {"note": ""}, "publication-1")
    return case


@scene(200)
def set_aside(g: Ground) -> None:
    """The fine was paid, then the decision is set aside: the entry goes, the case is dealt with
    anew, half of the money is paid back."""
    case = later(_published(g, FINE), 5)
    case.take("pay", _paid(case, FINE), "execution-1")
    later(case, 10).take(
        "remedy_start",
        {
            "kind": "reconsideration",
            "body": "丰都县人民政府",
            "number": "丰府复〔2026〕4号",
            "stay": "no",
        },
    )
    end = {
        "kind": "reconsideration",
        "result": "redo",
        "number": "丰府复决〔2026〕4号",
        "fine_fen": None,
        "reason": "告知书未写明核对依据，违反法定程序。",
    }
    later(case, 40).take("remedy_end", end, "remedy-1")
    case.take(
        "withdraw_entry", {"reason": "处罚决定经行政复议撤销，依法撤回公示信息。"}, "publication-1"
    )
    case.take(
        "redo",
        {
            "order": "丰府复决〔2026〕4号",
            "due": road.later(case.day, 60).isoformat(),
            "reason": "复议决定责令重新作出行政行为，补正告知后重新处理。",
        },
    )
    back = {
        "refunded_fen": FINE // 2,
        "refunded_on": case.day.isoformat(),
        "payee": "中国农业银行丰都支行 31-0000000001",
    }
    case.take("refund", {**back, "slip": "丰财退〔2026〕3号"})


@scene(190)
def upheld(g: Ground) -> None:
    """A reconsideration upholds the decision; a suit follows."""
    case = later(g.case("served", FINE), 15)
    case.take(
        "remedy_start",
        {
            "kind": "reconsideration",
            "body": "丰都县人民政府",
            "number": "丰府复〔2026〕5号",
            "stay": "yes",
        },
    )
    end = {
        "kind": "reconsideration",
        "result": "upheld",
        "number": "丰府复决〔2026〕5号",
        "fine_fen": None,
        "reason": "",
    }
    later(case, 40).take("remedy_end", end, "remedy-1")
    later(case, 10).take(
        "remedy_start",
        {"kind": "suit", "body": "丰都县人民法院", "number": "（2026）渝0230行初9号", "stay": "no"},
    )


@scene(190)
def suit_lost(g: Ground) -> None:
    """A court upholds the decision; an appeal may follow."""
    case = later(g.case("served", FINE), 15)
    body, number = "丰都县人民法院", "（2026）渝0230行初11号"
    case.take("remedy_start", {"kind": "suit", "body": body, "number": number, "stay": "no"})
    end = {
        "kind": "suit",
        "result": "upheld",
        "number": number,
        "fine_fen": None,
        "reason": "法院认定事实清楚、程序合法，驳回原告的诉讼请求。",
    }
    later(case, 60).take("remedy_end", end, "remedy-1")


@scene(120)
def not_for_the_public(g: Ground) -> None:
    """The decision is not published."""
    later(g.case("served"), 2).take(
        "not_public", {"reason": "违法数额较小，未造成社会影响，不属于应当公示的情形。"}
    )


@scene(120)
def publication_due(g: Ground) -> None:
    """The publication is approved, and the entry not shown yet."""
    later(g.case("served"), 2).take("approve_publication", PUBLISHED)


@scene(120)
def shown(g: Ground) -> None:
    """The decision is on the public list."""
    tick(_published(g).now)


@scene(560)
def shown_to_the_end(g: Ground) -> None:
    """The decision was on the public list until its time was over."""
    case = later(_published(g), 400)
    tick(case.now)


POSTS = {
    "李开明": "高家镇副镇长",
    "王建川": "十直镇经济发展办公室主任",
    "陈立": "树人镇副镇长",
    "何琼": "包鸾镇统计员",
}


def _person(name: str) -> dict[str, Any]:
    return {
        "person_name": name,
        "person_post": POSTS[name],
        "public_employee": "yes",
        "body_kind": "supervision",
        "body": "丰都县监察委员会",
        "articles": "《中华人民共和国统计法》（2024年修正）第四十条第一款第三项",
        "facts": f"{name}在2025年年报期间打电话给企业统计员，要求按其给定的数字填报工业总产值。",
        "proposal": "建议依法给予政务处分。",
    }


SENT = {"enclosures": "案件调查终结报告\n主要证据复印件", "contact": "向东平"}


@scene(275)
def discipline(g: Ground) -> None:
    """Four proposals of discipline: one proposed, one sent and chased, one answered, one ended."""
    case = g.case("served")
    for name in POSTS:
        case.take("propose_discipline", _person(name))
    for track in ("discipline-2", "discipline-3", "discipline-4"):
        case.take("send_discipline", SENT, track)
    later(case, 200).take(
        "chase_discipline", {"note": "对方经办人来电：件在会签，月底前答复。"}, "discipline-2"
    )
    case.take(
        "extend_reply",
        {
            "until": road.later(case.day, 90).isoformat(),
            "reason": "监察委员会来函说明正在核查，请求延长反馈期限。",
        },
        "discipline-2",
    )
    for track in ("discipline-3", "discipline-4"):
        case.take(
            "discipline_reply",
            {"result": "经审查，已给予政务警告处分。", "number": "丰监〔2026〕6号"},
            track,
        )
    case.take("end_discipline", {"note": "处分决定已收到并附卷。"}, "discipline-4")


@scene(330)
def discipline_unanswered(g: Ground) -> None:
    """A proposal of discipline gets no reply in six months, which is reported."""
    case = g.case("served")
    case.take("propose_discipline", _person("李开明"))
    case.take("send_discipline", SENT, "discipline-1")
    later(case, 200).take(
        "report_no_reply",
        {"note": "六个月期限届满未收到反馈，报局领导并向上一级统计机构报告。"},
        "discipline-1",
    )


@scene(140)
def prosecution(g: Ground) -> None:
    """Three referrals for prosecution: one sent, one returned, one taken."""
    case = g.case("served")
    asked = {
        "about": "李开明",
        "target": "police",
        "body": "丰都县公安局",
        "material": "案件调查终结报告\n伪造的印章印文比对材料\n询问笔录复印件",
        "reason": "其私刻企业印章，加盖在代填的统计报表上。",
    }
    for _ in range(3):
        case.take("send_prosecution", asked)
    later(case, 3).take(
        "prosecution_back",
        {"reason": "公安机关认为情节显著轻微，不予立案，退回材料。"},
        "prosecution-2",
    )
    case.take("prosecution_taken", {"number": "丰公立〔2026〕3号", "note": ""}, "prosecution-3")


REMEDIES = 190  # days: longer than the six months in which a suit may be brought
LAW = {
    "facts": "你单位编造并提供不真实统计资料，已被本局处以行政处罚。",
    "articles": "《统计严重失信企业信用管理办法》（国家统计局令第35号）",
}


def _assessed(g: Ground) -> Walk:
    case = later(g.case("served"), 1)
    case.take(
        "assess_dishonesty",
        {"ground": "fabricated", "facts": "主要指标没有账簿依据，系编造后上报，差错率高。"},
    )
    return case


def _warned(g: Ground) -> Walk:
    case = _assessed(g)
    case.take("dishonesty_notice", LAW, "dishonesty-1")
    case.serve("dishonesty_notice")
    return case


def _determined(g: Ground) -> Walk:
    case = later(_warned(g), 3)
    case.take(
        "dishonesty_defence",
        {
            "opinion": "认为系统计员个人疏忽，请求不予认定",
            "adopted": "统计资料由单位负责，理由不能成立，不予采纳",
        },
        "dishonesty-1",
    )
    later(case, REMEDIES)  # nobody is determined while the decision may still be set aside
    case.take("determine", LAW, "dishonesty-1")
    case.serve("dishonesty_decision")
    return case


def _listed(g: Ground) -> Walk:
    case = later(_determined(g), 2)
    case.take("list_entry", {"summary": "编造并提供不真实的年报统计资料。"}, "dishonesty-1")
    return case


@scene(110)
def dishonesty_assessed(g: Ground) -> None:
    """Serious dishonesty is to be assessed."""
    _assessed(g)


@scene(110)
def dishonesty_announced(g: Ground) -> None:
    """The firm was told that serious dishonesty may be determined."""
    _warned(g)


@scene(115)
def dishonesty_not_determined(g: Ground) -> None:
    """The firm was told, and serious dishonesty is not determined."""
    later(_warned(g), 3).take(
        "not_determined",
        {"reason": "当事人提交的凭证证明数字有账可查，不属于编造，不符合认定条件。"},
        "dishonesty-1",
    )


@scene(310)
def dishonesty_determined(g: Ground) -> None:
    """Serious dishonesty is determined; the firm is not on the list yet."""
    _determined(g)


def _made_longer(case: Walk) -> None:
    """The firm was told why, spoke, and was served the decision before the list changed."""
    until = {"until": road.later(case.day, 700).isoformat()}
    longer = {
        **until,
        "reason": "你单位在公示期间上报的2026年月报再次被查实不真实。",
        "articles": "国统字〔2019〕33号第十六条",
    }
    case.take("extension_notice", longer, "dishonesty-1")
    later(case, 1).serve("listing_extension_notice")
    whole = {"whole": True, "document": "书面意见（1页，注明不再补充）"}
    later(case, 3).take(
        "extension_defence",
        {
            "opinion": "认为已经整改，请求不予延长",
            "adopted": "再次违法的事实清楚，不予采纳",
            **whole,
        },
        "dishonesty-1",
    )
    later(case, 4).take("decide_extension", longer, "dishonesty-1")
    later(case, 1).serve("listing_extension")
    case.take("extend_listing", until, "dishonesty-1")


@scene(375)
def dishonesty_listed(g: Ground) -> None:
    """The firm is on the list; the time was extended and an objection turned down."""
    case = later(_listed(g), 5)
    _made_longer(case)
    asked = {
        "objector": "当事人",
        "points": "认为公示的负责人姓名有误。",
        "result": "kept",
        "reason": "与登记机关的登记信息核对一致，公示内容无误。",
    }
    case.take("object_listing", asked, "dishonesty-1")


@scene(330)
def listing_withdrawn(g: Ground) -> None:
    """The firm is taken off the list because it should not be there."""
    later(_listed(g), 5).take(
        "withdraw_listing",
        {"reason": "认定决定书的送达回证有误，决定尚未生效，先行撤下。"},
        "dishonesty-1",
    )


@scene(530)
def repaired(g: Ground) -> None:
    """The firm has corrected its report, and is taken off the list after six months."""
    asked = {
        "request": "信用修复申请",
        "verified": "已更正差错数据，建立统计台账，连续三期月报核查无误，符合移出条件。",
    }
    later(_listed(g), 200).take("repair", asked, "dishonesty-1")


@scene(750)
def delisted_by_time(g: Ground) -> None:
    """The firm is taken off the list when its year is over."""
    case = later(_listed(g), 400)
    tick(case.now)
