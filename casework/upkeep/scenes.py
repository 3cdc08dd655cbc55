"""Scenes: short stories that leave the main road, one for every side exit, special state and side track.

The demonstration bureau plays each of them; a test plays them too and sees that together they take every step of the
procedure, reach every stage, start every clock and print every paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casework.informants.models import CustodianKey
from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.store import writing
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk, open_directly
from casework.vault import identity as custody

BIG = 6_000_000  # fen: a fine that opens the hearing
OUT = {"body": "丰都县市场监督管理局", "reason": "所反映事项不属统计违法。", "material": "线索摘要一份"}
CLOSE = {"result": "已依法处理。", "execution": "无待执行事项。", "publication": "", "pages": 46}
ANNUL = {"reason": "误录，予以撤销。"}
WHY = {"reason": "承办人说明的具体理由。"}
NOTE = {"note": "已记录在案。"}


@dataclass
class Ground:
    """Where a scene plays: a bureau with its people, a firm, and the day it begins."""

    bureau: Bureau
    team: Team
    party: dict[str, Any]
    start: date
    channel: str = "phone"

    def tip(self, **more: Any) -> Walk:
        """A registered tip about the firm."""
        walk = Walk(self.team, 0, self.start)
        payload = {
            "channel": self.channel, "subject": self.party["name"], "subject_kind": self.party["kind"],
            "credit_code": self.party["credit_code"], "township": self.party["township"], "kinds": ["false_data"],
            "form": "B103-2", "period": "2025年报", "survey_by": "bureau", "narrative": "上报数与账面数相差很大。", **more,
        }  # fmt: skip
        got = receive(self.bureau, payload, actor_id=self.team.clerk, on=self.start, now=walk.now, with_code=False)
        walk.docket_id = got.docket_id
        road.register(walk)
        return walk

    def accepted(self, **more: Any) -> Walk:
        """A tip that was accepted; its case stands beside it."""
        walk = self.tip()
        party = {**self.party, **more}
        asked = {"respondents": [party], "cause": "涉嫌提供不真实统计资料", "opinion": "属本局管辖，线索具体，建议受理。"}
        walk.at(road.later(walk.day, 2)).take("accept", asked)
        road.PARTY[walk.case().docket_id] = party
        return walk

    def case(self, until: str, fine_fen: int = 0, **more: Any) -> Walk:
        """A case driven along the main road up to and including a stop."""
        case = self.accepted(**more).case()
        for name, days, stop in road.stops(self.start - timedelta(150), fine_fen):
            case.at(road.later(case.day, days))
            stop(case)
            if name == until:
                return case
        raise LookupError(until)


Scene = Callable[[Ground], Any]
SCENES: list[tuple[int, Scene]] = []  # how many days before today a scene must begin, and the scene


def scene(days: int) -> Callable[[Scene], Scene]:
    """Register a scene that takes at most so many days."""

    def put(play: Scene) -> Scene:
        SCENES.append((days, play))
        return play

    return put


def _later(w: Walk, days: int) -> Walk:
    return w.at(road.later(w.day, days))


def _newest(w: Walk, kind: str) -> int:
    return w.paper(kind).id


# -- tips
@scene(20)
def linked_and_unlinked(g: Ground) -> None:
    """A second tip is linked to a case, and the link undone."""
    case, second = g.case("assign"), g.tip()
    asked = {"case": case.docket_id, "reason": "同一单位、同一报告期。"}
    _later(second, 1).at(case.day).take("link_report", asked)
    second.take("unlink_report", asked)


@scene(25)
def sent_up_and_back(g: Ground) -> None:
    """A tip goes up to the city, comes back, and is answered."""
    tip = g.tip(channel="department", source_body="县信访办", source_number="丰信转〔2026〕8号")
    _later(tip, 1).take("report_up_tip", {"reason": "涉及县级党政机关，报请上级办理。"})
    _later(tip, 6).take("transfer_back", {"letter": "渝统函〔2026〕3号", "reason": "上级交由县局办理。"})


@scene(12)
def objected_to(g: Ground) -> None:
    """A tip that another body handed over by mistake."""
    tip = g.tip(channel="department", source_body="县信访办", source_number="丰信转〔2026〕9号")
    _later(tip, 2).take("object_transfer", {"reason": "所反映事项属劳动争议。"})


@scene(14)
def instructed_and_reported_back(g: Ground) -> None:
    """The county's leader sent it with a deadline, ours wrote an instruction; both hear what was done."""
    until = road.later(g.start, 20).isoformat()
    tip = g.tip(
        channel="leader", source_body="县政府分管副县长", source_day=g.start.isoformat(), instruction="请核查。", deadline=until
    )
    _later(tip, 1).take("instruct_report", {"leader_instruction": "请执法支队核查。", "deadline": until})
    _later(tip, 3).take("reply_to_sender", {"to_body": "县政府分管副县长", "handled": "已登记，正在核查。"})


@scene(14)
def handed_over_with_a_reply_due(g: Ground) -> None:
    """Another body wants to hear of it and names no day."""
    tip = g.tip(channel="department", source_body="县审计局", source_number="丰审函〔2026〕2号", needs_reply=True)
    _later(tip, 3).take("reply_to_sender", {"to_body": "县审计局", "handled": "已登记，正在核查。"})


@scene(12)
def declined(g: Ground) -> None:
    """No concrete lead."""
    _later(g.tip(), 2).take("decline", {"ground": "no_lead", "destination": "", "opinion": "没有具体线索。"})


@scene(12)
def handed_to_the_survey_team(g: Ground) -> None:
    """A matter of the state survey team."""
    tip = g.tip(survey_by="survey_team")
    _later(tip, 2).take("transfer_report", {**OUT, "body": "国家统计局丰都调查队", "reason": "该调查由调查队组织实施。"})


@scene(12)
def released(g: Ground) -> None:
    """The number of another body may stand on the notice, once the head has released it."""
    tip = g.tip()
    asked = {"numbers": "023-7060 1234", "reason": "接收单位对外公布的电话，须告知举报人。"}
    _later(tip, 1).take("release_numbers", asked, "report")
    out = {"ground": "not_statistics", "destination": "丰都县市场监督管理局（023-70601234）", "opinion": "不属统计违法。"}
    _later(tip, 1).take("decline", out)


@scene(14)
def code_lost(g: Ground) -> None:
    """The informant lost the receipt code; clerk and head compared what only the informant knows."""
    tip = g.tip()
    account = "问：何时、以何种方式反映。答：与登记一致。问：反映了哪些报表和数据。答：一致。"
    asked = {"agreed": ["when", "words", "survey"], "how": "visit", "account": account}
    _later(tip, 3).take("renew_code", asked)


@scene(45)
def answered(g: Ground) -> None:
    """The informant reads an interim answer, then the final one."""
    tip = g.accepted()
    _later(tip, 2).take("answer_informant", {"text": "您反映的情况已受理，正在核查。", "final": "no", "internal": ""})
    case = tip.case().at(tip.day)
    for _name, days, stop in road.stops(g.start - timedelta(150), 0)[:3]:
        stop(_later(case, days))
    _later(case, 2).take("not_file", {"cause": "涉嫌提供不真实统计资料", "facts": "差异系四舍五入，未发现违法事实。"})
    _later(tip.at(case.day), 1).take("answer_informant", {"text": "经核查未发现违法事实。", "final": "yes", "internal": ""})
    _later(case.at(tip.day), 1).take("close", CLOSE)


@scene(15)
def accepted(g: Ground) -> None:
    """Accepted; nobody is assigned yet."""
    g.accepted()


@scene(8)
def just_registered(g: Ground) -> None:
    """Waits for its acceptance."""
    g.tip()


# -- verification and filing
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
    _later(case, 1).take("assign", {"assigned": [*g.team.officers, g.team.others["officer3"]]})
    case.take("recuse", {"person": g.team.others["officer3"], "reason": "近亲属在该单位任职。", "result": "granted"})
    case.take(
        "plan_verification", {"whom": g.party["name"], "how": "核对账簿与台账。", "when": _later(case, 1).day.isoformat()}
    )
    _later(case, 5).take("extend_verification", {"reason": "账目量大。", "by": "tip.verify_ext"})
    _later(case, 5).take("transfer_out", OUT)
    _later(case, 6).take("case_back", {"letter": "市监函〔2026〕2号", "reason": "对方认为属统计违法。"})


@scene(30)
def reported_up(g: Ground) -> None:
    """A case that the city takes."""
    _later(g.case("figures"), 2).take("report_up", WHY)


@scene(30)
def transferred(g: Ground) -> None:
    """A case that another body takes."""
    _later(g.case("figures"), 2).take("transfer_out", OUT)


@scene(35)
def absorbed(g: Ground) -> None:
    """A second case against the same firm goes into the first, once undone and done again."""
    first, second = g.case("assign"), g.case("assign")
    asked = {"case": first.docket_id, "reason": "同一当事人。"}
    _later(second, 2).take("absorb_case", asked)
    _later(second, 1).take("undo_absorb", WHY)
    _later(second, 1).take("absorb_case", asked)


@scene(40)
def not_filed(g: Ground) -> None:
    """Nothing was found."""
    _later(g.case("report"), 2).take("not_file", {"cause": "涉嫌提供不真实统计资料", "facts": "未发现违法事实。"})


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
    _later(case, 4).take("dispose_preserved", {"result": "复制后退还。"})
    case.serve("preserve_disposal")
    _later(case, 3).take("inquiry_answered", {"answer": "按估计数填报。", "truthful": "yes"})
    case.take("help_replied", NOTE)
    _later(case, 3).take("check_correction", {"corrected": "yes", "proof": "台账已设置。"})
    case.take("suspend", {"reason": "等待鉴定结论。"})
    _later(case, 10).take("resume", {"reason": "鉴定完成。"})
    case.take("extend_case", {"reason": "案情复杂。", "by": "case.extension"})
    case.take("suspend", {"reason": "当事人负责人住院。"})  # stands still


@scene(60)
def filing_withdrawn(g: Ground) -> None:
    """The filing is taken back, the case closed and archived."""
    case = _later(g.case("on_site"), 2)
    case.take("withdraw_filing", WHY)
    _later(case, 2).take("close", CLOSE)
    _later(case, 5).take("archive", {"term": "30", "pages": 46, "shelf": "2026-1-3"})


@scene(45)
def filing_just_withdrawn(g: Ground) -> None:
    """The filing is taken back; to be closed."""
    _later(g.case("file"), 2).take("withdraw_filing", WHY)


@scene(40)
def admonished(g: Ground) -> None:
    """A person in a census is admonished, not fined."""
    case = g.case("file", kind="person", name="丰都县居民刘某", credit_code="")
    _later(case, 1).take("admonish", {"facts": "拒绝普查登记。", "words": "已告知普查义务，当事人表示配合。"})


@scene(25)
def on_the_spot(g: Ground) -> None:
    """当场处罚 and its filing."""
    case = _later(g.case("figures"), 1)
    asked = {"violations": [road.violation(g.start - timedelta(60))], "place": "当事人财务室", "evidence": "现场检查笔录",
             "kinds": ["warning", "fine"], "fine_fen": 200_000, "told": True, "heard": "无异议。",
             "bank": "中国农业银行丰都支行，丰都县财政局，31-0000000000"}  # fmt: skip
    case.take("on_the_spot", asked)
    _later(case, 1).take("filed_with_bureau", NOTE)


@scene(60)
def sent_back(g: Ground) -> None:
    """The report is sent back; a step was annulled and an entry's day corrected before."""
    case = g.case("conclude")
    _later(case, 1).take("send_back", WHY)
    case.take("add_evidence", {"kind": "written", "title": "重复录入", "source": "财务科", "proves": "少报。"})
    case.take("annul_step", {"act": case.last_seq(), **ANNUL})
    case.take("add_evidence", {"kind": "written", "title": "销售台账", "source": "销售科", "proves": "少报。"})
    corrected = {"act": case.last_seq(), "corrected_on": None, "fields": {"title": "2025年销售台账"}, "reason": "名称补全。"}
    case.take("correct_act", corrected)


@scene(55)
def concluded(g: Ground) -> None:
    """Waits for its prior notice."""
    g.case("conclude")


# -- notice, hearing, review
def _heard(g: Ground) -> Walk:
    """A big fine: defence heard and a hearing asked for."""
    case = g.case("notice_served", BIG)
    _later(case, 2).take("hearing_request", {"form": "written", "points": "认为系估计填报，非故意。"})
    _later(case, 6).take("defence_heard", {"opinion": "系估计填报，愿意改正。", "evidence": ""})
    return case


def _called(g: Ground) -> Walk:
    case = _heard(g)
    _later(case, 2).take("defence_review", {"adopted": "rejected", "reason": "不影响认定。"})
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


@scene(85)
def hearing_ahead(g: Ground) -> None:
    """Waits for its hearing."""
    _called(g)


POINTS = {f"point_{p}": "pass" for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")}


def _reviewed(g: Ground) -> Walk:
    case = _called(g)
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
    _later(_reviewed(g), 2).take("legal_review", {**POINTS, "opinion": "同意。", "result": "pass", "census_law": ""})


@scene(230)
def hearing_panel_public_notice(g: Ground) -> None:
    """The whole long way: hearing, review, panel, decision, mail that comes back, service by public notice, bulletin."""
    case = _later(_reviewed(g), 2)
    case.take("legal_review", {**POINTS, "opinion": "同意。", "result": "pass", "census_law": ""})
    voices = [{"name": n, "post": "局领导", "opinion": "同意处罚意见。"} for n in ("周明", "江涛", "傅敏")]
    case.take("panel", {"place": "三楼会议室", "voices": voices, "conclusion": "同意。", "result": "agreed"})
    case.take("decide_penalty", {**_notice(BIG), "defence": "不予采纳。", "bank": g.bureau.bank})
    paper = _newest(case, "decision")
    _later(case, 2).take("serve_failed", {"paper": paper, "method": "mail", "reason": "退回，查无此址。"})
    case.take("serve_public", {"paper": paper, "where": "县人民政府网站", "reason": "负责人下落不明。"})
    _later(case, 60)
    tick(case.now)
    case.take("circulate", {"text": "现将有关情况予以通报。", "recipients": "各乡镇人民政府"})


def _notice(fine_fen: int) -> dict[str, Any]:
    return {
        "kinds": ["warning", "fine"] if fine_fen else ["warning"], "fine_fen": fine_fen or None, "serious_ground": "",
        "evidence": "现场检查笔录\n询问笔录", "discretion": "一般情节。", "contact": "",
    }  # fmt: skip


@scene(90)
def told_anew(g: Ground) -> None:
    """A hearing is refused for being late, and the notice is issued anew."""
    case = _heard(g)
    _later(case, 1).take("hearing_refuse", {"reason": "申请人不具备主体资格。"})
    case.take("prior_notice_again", _notice(2_000_000))


@scene(95)
def hearing_given_up(g: Ground) -> None:
    """The party stays away."""
    _later(_called(g), 16).take("hearing_given_up", {"reason": "当事人书面放弃听证。"})


@scene(60)
def no_penalty(g: Ground) -> None:
    """Minor and corrected."""
    case = _later(g.case("conclude"), 2)
    asked = {"ground": "minor", "corrected": True, "proof": "", "evidence": "笔录", "education": "已当面教育。"}
    case.take("decide_no_penalty", asked)
    case.serve("decision")


@scene(60)
def terminated(g: Ground) -> None:
    """The firm is gone."""
    case = _later(g.case("interview"), 2)
    case.take("terminate", {"reason": "企业注销且无权利义务承受人。"})


# -- after the decision
FINE = 3_000_000


@scene(140)
def instalments(g: Ground) -> None:
    """Pays in parts."""
    case = _later(g.case("served", FINE), 3)
    plan = {"request": "资金困难申请", "plan": "第一期15000元\n第二期15000元", "due": road.later(case.day, 90).isoformat()}
    case.take("instal", plan, "execution-1")
    _later(case, 5).take("pay", _paid(case, 1_500_000), "execution-1")


def _paid(case: Walk, fen: int) -> Mapping[str, Any]:
    return {"paid_fen": fen, "paid_on": case.day.isoformat(), "slip": "农行 2026-0117"}


def _demanded(g: Ground) -> Walk:
    case = _later(g.case("served", FINE), 30)
    tick(case.now)
    case.take("demand", {"way": "到指定银行缴纳罚款及加处罚款。"}, "execution-1")
    case.serve("demand")
    return case


@scene(190)
def agreed(g: Ground) -> None:
    """Answers the demand; an agreement, and the surcharge is remitted."""
    case = _demanded(g)
    _later(case, 3).take("answer_demand", NOTE, "execution-1")
    case.take("agree", {"terms": "分三期缴清。", "remedied": "已补报数据。"}, "execution-1")
    case.take("remit_surcharge", WHY, "execution-1")


def _in_court(g: Ground) -> Walk:
    case = _later(_demanded(g), 190)
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
    _later(case, 20).take("court_result", {"result": "executed", "ruling": "（2026）渝0230行审1号", "note": ""}, "execution-1")
    case.take("close", {**CLOSE, "execution": "法院强制执行完毕。"})
    _later(case, 8).take("archive", {"term": "permanent", "pages": 88, "shelf": "2026-1-1"})


@scene(180)
def execution_paused_and_ended(g: Ground) -> None:
    """Cannot pay; paused, resumed, ended."""
    case = _later(g.case("served", FINE), 20)
    case.take("pause_execution", {"ground": "cannot", "reason": "停产。"}, "execution-1")
    _later(case, 20).take("resume_execution", WHY, "execution-1")
    case.take("end_execution", {"ground": "gone", "reason": "企业终止。"}, "execution-1")


@scene(150)
def execution_stands_still(g: Ground) -> None:
    """Paused."""
    case = _later(g.case("served", FINE), 20)
    case.take("pause_execution", {"ground": "cannot", "reason": "停产。"}, "execution-1")


def _published(g: Ground, fine_fen: int = 0) -> Walk:
    case = _later(g.case("served", fine_fen), 2)
    case.take("approve_publication", {"influence": "涉及规模以上企业。", "summary": "提供不真实统计资料。"})
    case.take("publish", {"note": ""}, "publication-1")
    return case


@scene(200)
def set_aside(g: Ground) -> None:
    """A reconsideration sets the decision aside; the entry goes and the case is dealt with anew."""
    case = _published(g, FINE)
    _later(case, 15).take(
        "remedy_start", {"kind": "reconsideration", "body": "丰都县人民政府", "number": "丰府复〔2026〕4号", "stay": "no"}
    )
    end = {
        "kind": "reconsideration",
        "result": "redo",
        "number": "丰府复决〔2026〕4号",
        "fine_fen": None,
        "reason": "程序瑕疵。",
    }
    _later(case, 40).take("remedy_end", end, "remedy-1")
    case.take("withdraw_entry", {"reason": "决定被撤销。"}, "publication-1")
    case.take(
        "redo", {"order": "丰府复决〔2026〕4号", "due": road.later(case.day, 60).isoformat(), "reason": "按复议决定重新处理。"}
    )


@scene(190)
def upheld(g: Ground) -> None:
    """A reconsideration upholds the decision; a suit follows."""
    case = _later(g.case("served", FINE), 15)
    case.take(
        "remedy_start", {"kind": "reconsideration", "body": "丰都县人民政府", "number": "丰府复〔2026〕5号", "stay": "yes"}
    )
    end = {"kind": "reconsideration", "result": "upheld", "number": "丰府复决〔2026〕5号", "fine_fen": None, "reason": ""}
    _later(case, 40).take("remedy_end", end, "remedy-1")
    _later(case, 10).take(
        "remedy_start", {"kind": "suit", "body": "丰都县人民法院", "number": "（2026）渝0230行初9号", "stay": "no"}
    )


@scene(120)
def not_for_the_public(g: Ground) -> None:
    """The decision is not published."""
    _later(g.case("served"), 2).take("not_public", {"reason": "不具有一定社会影响。"})


@scene(120)
def publication_due(g: Ground) -> None:
    """Approved, not yet shown."""
    _later(g.case("served"), 2).take(
        "approve_publication", {"influence": "涉及规模以上企业。", "summary": "提供不真实统计资料。"}
    )


@scene(120)
def shown(g: Ground) -> None:
    """On the public list."""
    tick(_published(g).now)


@scene(560)
def shown_to_the_end(g: Ground) -> None:
    """An entry whose time is over."""
    case = _later(_published(g), 400)
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
    _later(case, 20).take("chase_discipline", NOTE, "discipline-2")
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
    _later(case, 200).take("report_no_reply", NOTE, "discipline-1")


@scene(140)
def prosecution(g: Ground) -> None:
    """One sent, one returned, one taken."""
    case = g.case("served")
    asked = {"about": "李某", "target": "police", "body": "丰都县公安局", "reason": "涉嫌犯罪。", "material": "调查终结报告"}
    for _ in range(3):
        case.take("send_prosecution", asked)
    _later(case, 3).take("prosecution_back", WHY, "prosecution-2")
    case.take("prosecution_taken", {"number": "丰公立〔2026〕3号", "note": ""}, "prosecution-3")


LAW = {"facts": "提供不真实统计资料，情节严重。", "articles": "《企业统计信用管理办法》（国家统计局令第35号）"}


def _assessed(g: Ground) -> Walk:
    case = _later(g.case("served"), 1)
    case.take("assess_dishonesty", {"ground": "untrue", "facts": "虚报数额大。"})
    return case


def _warned(g: Ground) -> Walk:
    case = _assessed(g)
    case.take("dishonesty_notice", LAW, "dishonesty-1")
    case.serve("dishonesty_notice")
    return case


def _determined(g: Ground) -> Walk:
    case = _later(_warned(g), 3)
    case.take("dishonesty_defence", {"opinion": "请求从轻。", "adopted": "不予采纳。"}, "dishonesty-1")
    case.take("determine", LAW, "dishonesty-1")
    case.serve("dishonesty_decision")
    return case


def _listed(g: Ground) -> Walk:
    case = _later(_determined(g), 2)
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
    _later(_warned(g), 3).take("not_determined", WHY, "dishonesty-1")


@scene(120)
def dishonesty_determined(g: Ground) -> None:
    """Waits for the list."""
    _determined(g)


@scene(150)
def dishonesty_listed(g: Ground) -> None:
    """On the list; an objection was turned down and the time extended."""
    case = _later(_listed(g), 5)
    asked = {"objector": "当事人", "points": "公示内容有误。", "result": "kept", "reason": "经核查无误。"}
    case.take("object_listing", asked, "dishonesty-1")
    case.take("extend_listing", {"until": road.later(case.day, 700).isoformat(), "reason": "再次发生。"}, "dishonesty-1")


@scene(140)
def listing_withdrawn(g: Ground) -> None:
    """Taken off because it should not be there."""
    _later(_listed(g), 5).take("withdraw_listing", WHY, "dishonesty-1")


@scene(340)
def repaired(g: Ground) -> None:
    """Corrected, and off the list after six months."""
    asked = {"request": "信用修复申请", "verified": "连续三期数据核查无误。"}
    _later(_listed(g), 200).take("repair", asked, "dishonesty-1")


@scene(560)
def delisted_by_time(g: Ground) -> None:
    """Off the list when its year is over."""
    case = _later(_listed(g), 400)
    tick(case.now)


# -- proposals that wait
@scene(8)
def acceptance_waits(g: Ground) -> None:
    """The head is asked to accept."""
    asked = {"respondents": [g.party], "cause": "涉嫌提供不真实统计资料", "opinion": "属本局管辖，建议受理。"}
    _later(g.tip(), 1).propose("accept", asked, "report")


@scene(38)
def filing_waits(g: Ground) -> None:
    """The leader is asked to file."""
    _later(g.case("report"), 2).propose("file", road.filing(g.start - timedelta(150)))


@scene(62)
def notice_waits(g: Ground) -> None:
    """The leader is asked for the prior notice."""
    _later(g.case("conclude", FINE), 2).propose("prior_notice", _notice(FINE))


@scene(98)
def decision_waits(g: Ground) -> None:
    """The leader is asked to decide."""
    asked = {**_notice(FINE), "defence": "当事人未提出陈述申辩。", "bank": g.bureau.bank}
    _later(g.case("no_review_due", FINE), 1).propose("decide_penalty", asked)


# -- after archiving
@scene(80)
def held_back_and_kept_longer(g: Ground) -> None:
    """An archived case is held back for an audit, let go, and after appraisal kept longer."""
    case = _later(g.case("on_site"), 2)
    case.take("withdraw_filing", WHY)
    _later(case, 2).take("close", CLOSE)
    _later(case, 5).take("archive", {"term": "30", "pages": 46, "shelf": "2026-1-5"})
    _later(case, 3).take("hold_disposal", {"hold_ground": "audit", "reason": "县审计局调阅。"})
    _later(case, 5).take("lift_hold", {"reason": "审计结束，案卷已还。"})
    case.take("keep_longer", {"term": "permanent", "reason": "本地首例，有参考价值。"})


def named_informant(g: Ground) -> None:
    """A tip with a name behind it: accepted, told, filed, answered. Not in the demonstration, which has no custodian."""
    record, _recovery = custody.new_custodian("a password of a test")
    with writing() as session:
        session.add(CustodianKey(bureau_id=g.bureau.id, person_id=g.team.others["custodian"], record=record))
    walk = Walk(g.team, 0, g.start)
    payload = {"channel": "visit", "subject": g.party["name"], "subject_kind": "enterprise", "survey_by": "bureau",
               "township": g.party["township"], "narrative": "数据是假的。"}  # fmt: skip
    got = receive(g.bureau, payload, actor_id=g.team.clerk, on=walk.day, now=walk.now, who="某举报人".encode())
    walk.docket_id = got.docket_id
    road.register(walk)
    asked = {"respondents": [g.party], "cause": "涉嫌提供不真实统计资料", "opinion": "受理。"}
    _later(walk, 2).take("accept", asked)
    walk.serve("acceptance_notice")
    case = walk.case()
    road.PARTY[case.docket_id] = g.party
    for _name, days, stop in road.stops(g.start - timedelta(150), 0):
        stop(_later(case, days))
    walk.at(case.day).take("answer_informant", {"text": "已依法处理。", "final": "yes", "internal": ""})
