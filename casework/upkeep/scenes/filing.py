"""Scenes of verification and filing, and of what can be done at several stages."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from casework.procedure.codes import credit_check
from casework.upkeep import road
from casework.upkeep.scenes.ground import (
    ANNUL,
    CLOSE,
    NO_OFFENCE,
    OUT,
    Ground,
    blank_picture,
    later,
    newest,
    scene,
)
from casework.upkeep.walk import Walk, open_directly

DAMAGED = b"%PDF-1.4\n%damaged"
COPIES = {
    "licence": "营业执照副本复印件",
    "identity": "法定代表人身份证复印件",
    "cards": "统计执法证复印件（秦岚、邓一川）",
    "authority": "授权委托书和代理人身份证复印件",
}
FIRST_17 = "91500230MA5U0AB01"  # of a code, for a firm that has none


def _stops_at(stop: str, days: int) -> None:
    @scene(days)
    def road_so_far(g: Ground) -> None:
        g.case(stop)


for _stop, _days in {
    "figures": 25,
    "report": 35,
    "prior_notice": 65,
    "no_review_due": 95,
    "decide": 100,
}.items():
    _stops_at(_stop, _days)


@scene(60)
def found_by_ourselves(g: Ground) -> None:
    """A case on a finding of the bureau's own: plan, recusal, extension, transfer and return."""
    payload = {
        "channel": "random",
        "party": g.party,
        "credit_code": g.party["credit_code"],
        "township": g.party["township"],
        "cause": "涉嫌提供不真实统计资料",
        "narrative": "2026年度双随机抽查时发现报表与账簿数额不一致。",
    }
    case = open_directly(g.team, g.bureau, payload, g.start)
    later(case, 1).take("assign", {"assigned": [*g.team.officers, g.team.others["officer3"]]})
    case.take(
        "recuse",
        {
            "person": g.team.others["officer3"],
            "reason": "其近亲属在当事人单位任职，可能影响公正执法。",
            "result": "granted",
        },
    )
    case.take(
        "plan_verification",
        {
            "whom": g.party["name"],
            "how": "调取总账、明细账和统计台账，与上报的年报逐项核对；询问统计员数据来源。",
            "when": later(case, 1).day.isoformat(),
        },
    )
    later(case, 5).take(
        "extend_verification",
        {"reason": "当事人账目分散在三个分厂，需要分别调取核对。", "by": "tip.verify_ext"},
    )
    later(case, 5).take("transfer_out", OUT)
    later(case, 6).take(
        "case_back",
        {"letter": "市监函〔2026〕2号", "reason": "市场监管局认为反映事项属统计违法，退回材料。"},
    )


@scene(30)
def reported_up(g: Ground) -> None:
    """The city's bureau takes the case over."""
    later(g.case("figures"), 2).take(
        "report_up", {"reason": "当事人在邻县还有三家关联企业，需要统一核查，本局办理确有困难。"}
    )


@scene(30)
def transferred(g: Ground) -> None:
    """Another body takes the case over."""
    later(g.case("figures"), 2).take("transfer_out", OUT)


@scene(35)
def absorbed(g: Ground) -> None:
    """A second case against the same firm goes into the first, once undone and done again."""
    first, second = g.case("assign"), g.case("assign")
    asked = {
        "case": first.docket_id,
        "reason": "两件线索反映同一单位同一报告期的同一问题，合并办理。",
    }
    later(second, 2).take("absorb_case", asked)
    later(second, 1).take("undo_absorb", {"reason": "第二件另外反映月报问题，恢复单独办理。"})
    later(second, 1).take("absorb_case", asked)


@scene(40)
def not_filed(g: Ground) -> None:
    """Nothing was found, and the case is not filed."""
    later(g.case("report"), 2).take(
        "not_file",
        {
            "cause": "涉嫌提供不真实统计资料",
            "facts": "经核查，上报数与账面数的差额系四舍五入所致，未发现违法事实。",
        },
    )


@scene(90)
def everything_an_investigation_can_do(g: Ground) -> None:
    """Reminder, order to correct, inquiry, preservation, obstruction, help, extension, standing
    still."""
    case = g.case("interview")
    _ask_for_what_lacks(case)
    _secure_evidence(case)
    later(case, 4).take("dispose_preserved", {"result": "复制有关账页后，将原件退还当事人。"})
    case.serve("preserve_disposal")
    later(case, 3).take(
        "inquiry_answered",
        {"answer": "年报有关指标系统计员按估计数填报，年度决算后未更正。", "truthful": "yes"},
    )
    case.take("help_replied", {"note": "收到县税务局复函及申报表复印件2页，附卷。"})
    later(case, 3).take(
        "check_correction", {"corrected": "yes", "proof": "实地复查，当事人已设置统计台账并启用。"}
    )
    case.take("suspend", {"reason": "委托会计师事务所审核账目，等待审核结论。"})
    later(case, 10).take("resume", {"reason": "已收到会计师事务所审核报告。"})
    case.take(
        "extend_case",
        {"reason": "账目审核占用时间较长，尚需核对审核结论。", "by": "case.extension"},
    )
    case.take("suspend", {"reason": "当事人的法定代表人住院治疗，无法接受询问。"})  # stands still


def _ask_for_what_lacks(case: Walk) -> None:
    """Reminder, order to correct and inquiry, each served."""
    ahead = road.later(case.day, 12).isoformat()
    case.take(
        "remind_filing",
        {
            "forms": "成本费用，B103-2，2025年年报",
            "was_due": (case.day - timedelta(20)).isoformat(),
            "due": ahead,
        },
    )
    case.serve("reminder")
    order = {
        "act": "你单位未按照规定设置统计台账。",
        "articles": "统计法第二十四条第一款",
        "due": ahead,
        "demand": "按照国家有关规定设置统计台账。\n建立统计资料审核、签署、归档制度。",
    }
    case.take("order_correction", order)
    case.serve("correction")
    case.take(
        "inquire", {"matters": "2025年12月31日应收账款明细\n2025年12月31日固定资产明细", "days": 10}
    )
    case.serve("inquiry")


def _secure_evidence(case: Walk) -> None:
    """Evidence, preservation, obstruction, and the help of another body."""
    case.take(
        "add_evidence",
        {
            "kind": "written",
            "title": "应收账款明细账",
            "source": "当事人财务科",
            "proves": "账面余额大于上报数，少报应收账款。",
        },
    )
    case.take(
        "preserve",
        {"things": "2025年总账一册", "place": "本局档案室", "reason": "可能被更换或者灭失。"},
    )
    case.serve("preserve")
    case.take(
        "obstruction",
        {
            "facts": "财务负责人拒绝提供凭证，称凭证锁在保险柜，保管人外出。",
            "recording": "执法记录仪01号",
            "threat": False,
        },
    )
    case.take(
        "seek_help", {"body": "丰都县税务局", "matter": "提供该单位2025年度增值税申报的销售收入。"}
    )


@scene(50)
def who_is_who(g: Ground) -> None:
    """Copies of licence, identity paper, cards and an agent's authority are filed."""
    case = g.case("inspection")
    for kind, title in COPIES.items():
        scan = blank_picture(600 + len(kind))  # each of another size: equal files would be one
        case.brings(f"{title}.png", scan).take(
            "add_standing", {"standing": kind, "title": title, "compared": True}
        )


@scene(60)
def filing_withdrawn(g: Ground) -> None:
    """The filing is taken back, the case closed and archived."""
    case = later(g.case("on_site"), 2)
    case.take("withdraw_filing", NO_OFFENCE)
    later(case, 2).scanned().take("close", CLOSE)
    later(case, 5).bound().take("archive", {"term": "30", "shelf": "2026-1-3"})


@scene(75)
def evidence_that_cannot_be_read(g: Ground) -> None:
    """A damaged disc is evidence; a sheet stands for it. One record was lost, the legal reviewer
    says how. Archived."""
    case = g.case("interview").brings("台账.pdf", DAMAGED)
    case.take(
        "add_evidence",
        {
            "kind": "electronic",
            "title": "网签台账光盘",
            "source": "县住建委",
            "proves": "网签面积大于上报数。",
        },
    )
    sheet = {
        "way": "sheet",
        "kept_at": "本局档案室三号柜",
        "reason": "光盘损坏，县住建委已无底档。",
    }
    later(case, 1).take("replace_copy", {"file": sha256(DAMAGED).hexdigest(), **sheet})
    case.take("withdraw_filing", NO_OFFENCE)
    lost = {
        "why_unsigned": "lost",
        "witness": "",
        "reason": "搬迁时遗失，多方查找未果；有询问笔录印证。",
    }
    later(case, 2).scanned(but=("on_site_record",)).take(
        "no_signed_copy", {"paper": newest(case, "on_site_record"), **lost}
    )
    case.take("close", CLOSE)
    later(case, 3).bound().take("archive", {"term": "30", "shelf": "2026-1-4"})


@scene(40)
def code_confirmed(g: Ground) -> None:
    """The check digit of the firm's code does not fit; an officer compares it with the licence."""
    first = (g.party["credit_code"] or FIRST_17)[:17]
    code = first + ("0" if credit_check(first) != "0" else "1")
    case = g.case("file", credit_code=code)
    asked = {
        "credit_code": code,
        "party": {**g.party, "credit_code": code},
        "compared": "licence",
        "note": "",
    }
    later(case, 1).take("confirm_code", asked)


@scene(45)
def filing_just_withdrawn(g: Ground) -> None:
    """The filing is taken back; the case is to be closed."""
    later(g.case("file"), 2).take("withdraw_filing", NO_OFFENCE)


@scene(40)
def admonished(g: Ground) -> None:
    """A person in a census is admonished, not fined."""
    case = g.case("file", kind="person", name="丰都县居民刘某", credit_code="")
    later(case, 1).take(
        "admonish",
        {
            "facts": "普查员两次上门，当事人均拒绝登记。",
            "words": "已说明普查义务和保密规定，当事人当场完成登记。",
        },
    )


@scene(25)
def on_the_spot(g: Ground) -> None:
    """当场处罚, and its filing with the bureau."""
    case = later(g.case("figures"), 1)
    asked = {
        "violations": [road.violation(g.start - timedelta(60))],
        "place": "当事人财务室",
        "evidence": "当场核对记录，证明账面数与上报数不符",
        "kinds": ["warning", "fine"],
        "fine_fen": 200_000,
        "told": True,
        "heard": "当事人表示没有异议。",
        "bank": "中国农业银行丰都支行，丰都县财政局，31-0000000000",
    }
    case.take("on_the_spot", asked)
    later(case, 1).take("filed_with_bureau", {"note": "决定书副本已交法制机构备案。"})


@scene(60)
def sent_back(g: Ground) -> None:
    """The report is sent back; a step was annulled and an entry's day corrected before."""
    case = g.case("conclude")
    later(case, 1).take(
        "send_back", {"reason": "缺少固定资产原价的账页，证据不足以认定，退回补充调查。"}
    )
    case.take(
        "add_evidence",
        {
            "kind": "written",
            "title": "应收账款明细账",
            "source": "当事人财务科",
            "proves": "账面余额大于上报数，少报应收账款。",
        },
    )
    case.take("annul_step", {"act": case.last_seq(), **ANNUL})
    case.take(
        "add_evidence",
        {
            "kind": "written",
            "title": "销售台账",
            "source": "当事人销售科",
            "proves": "实际销售额大于上报数。",
        },
    )
    corrected = {
        "act": case.last_seq(),
        "corrected_on": None,
        "fields": {"title": "2025年销售台账"},
        "was": {"title": "销售台账"},
    }
    case.take("correct_act", {**corrected, "reason": "登记时漏写年度，补全名称。"})


@scene(55)
def concluded(g: Ground) -> None:
    """The investigation is concluded; the prior notice is the next step."""
    g.case("conclude")
