"""Scenes from the prior notice to the decision: hearing, review, panel."""

from __future__ import annotations

from casework.upkeep import road
from casework.upkeep.scenes.ground import BIG, Ground, blank_picture, later, newest, scene
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk


def _told(g: Ground) -> Walk:
    """A big fine and public criticism are proposed, and the notice has arrived."""
    case = later(g.case("conclude", BIG), 4)
    case.take("prior_notice", {**road.notice_of(BIG), "kinds": ["warning", "circular", "fine"]})
    later(case, 1).serve("prior_notice")
    return case


def _heard(g: Ground) -> Walk:
    """Defence heard and a hearing asked for."""
    case = _told(g)
    later(case, 2).take(
        "hearing_request",
        {"form": "written", "points": "认为系年终结账前的估计数，没有故意；拟处罚款过重。"},
    )
    later(case, 6).take(
        "defence_heard",
        {
            "opinion": "年报系统计员在结账前按估计数填报，没有主观故意；"
            "单位愿意改正，请求从轻处罚。",
            "evidence": "年度审计报告复印件一份",
        },
    )
    return case


def called(g: Ground) -> Walk:
    """A case whose hearing is called, and the party was told of it."""
    case = _heard(g)
    later(case, 2).take(
        "defence_review",
        {
            "adopted": "rejected",
            "reason": "审计报告印证账面数，不影响违法事实的认定；"
            "改正发生在检查之后，裁量时已经考虑。",
        },
    )
    day = road.CALENDAR.add_workdays(case.day, 9)  # seven whole working days lie between
    notice = {
        "hearing_on": day.isoformat(),
        "time": "09:00",
        "place": "本局二楼会议室",
        "host": g.team.head,
        "openness": "public",
    }
    case.take("hearing_notice", notice)
    case.serve("hearing_notice")
    return case


@scene(80)
def defence_heard(g: Ground) -> None:
    """The defence was heard; its review is the next step."""
    _heard(g)


@scene(60)
def service_corrected(g: Ground) -> None:
    """The mail's slip shows that the notice arrived later than was entered: the defence runs from
    the right day."""
    case = g.case("prior_notice")
    mail = {
        "paper": newest(case, "prior_notice"),
        "method": "mail",
        "tracking_no": "EMS1024500230",
        "place": "当事人住所",
    }
    case.take("serve", mail)
    served, right = case.last_seq(), road.later(case.day, 3)
    wrong = {"act": served, "corrected_on": right.isoformat(), "was_on": case.day.isoformat()}
    why = {"proof": "邮件妥投回执EMS1024500230", "reason": "误将交邮日期登记为送达日期。"}
    later(case, 5).take("correct_service", {**wrong, **why})
    slip = {
        "paper": newest(case, "service_receipt"),
        "note": "EMS1024500230妥投查询单，当事人收发室签收。",
    }
    case.brings("妥投查询单.png", blank_picture()).take("service_proof", slip)


@scene(85)
def hearing_ahead(g: Ground) -> None:
    """The hearing was called, and is still ahead."""
    called(g)


VOICES = (
    ("周明", "局长", "事实清楚，同意承办人的处罚意见。"),
    ("江涛", "党组成员", "差错率高，罚款数额与情节相当，同意。"),
    ("傅敏", "总统计师", "数据核对方法正确，同意处罚意见。"),
)
HELD = {
    "present": "当事人的委托代理人王敏、调查人员秦岚和邓一川、记录人何静",
    "record": "调查人员宣读了违法事实和证据，出示现场检查笔录、"
    "询问笔录和账页复印件。代理人对真实性没有异议，认为系估计"
    "填报，请求从轻。调查人员认为改正发生在检查之后，已在裁量时考虑。",
    "last_words": "以后按账填报，请求从轻处理。",
    "recorder": "何静",
    "session": "closed",
}
POINTS = {
    f"point_{p}": "pass"
    for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")
}


def _reviewed(g: Ground) -> Walk:
    case = called(g)
    case.at(road.CALENDAR.add_workdays(case.day, 9)).take("hearing_held", HELD)
    case.take(
        "hearing_report",
        {"opinion": "当事人对违法事实没有异议，其从轻的请求已在裁量时考虑，建议维持拟处罚意见。"},
    )
    return case


@scene(105)
def reported_for_the_host(g: Ground) -> None:
    """The head who hosted the hearing fell ill: the legal reviewer writes the report from its
    record."""
    case = called(g)
    case.at(road.CALENDAR.add_workdays(case.day, 9)).take("hearing_held", HELD)
    report = {
        "opinion": "当事人对违法事实没有异议，其从轻的请求已在裁量时考虑，建议维持拟处罚意见。",
        "reason": "主持人听证后因病住院，近期不能到岗。",
    }
    case.take("hearing_report_instead", report)


@scene(110)
def in_review(g: Ground) -> None:
    """The case waits for the legal reviewer."""
    _reviewed(g)


@scene(115)
def before_the_panel(g: Ground) -> None:
    """The case waits for the panel."""
    later(_reviewed(g), 2).take(
        "legal_review",
        {
            **POINTS,
            "opinion": "事实清楚，证据充分，适用法律正确，程序合法，裁量适当，同意处罚建议。",
            "result": "pass",
            "census_law": "",
        },
    )


@scene(230)
def hearing_panel_public_notice(g: Ground) -> None:
    """The whole long way: hearing, review, panel, decision, mail that comes back, service by public
    notice, bulletin."""
    case = later(_reviewed(g), 2)
    case.take(
        "legal_review",
        {
            **POINTS,
            "opinion": "事实清楚，证据充分，适用法律正确，程序合法，裁量适当，同意处罚建议。",
            "result": "pass",
            "census_law": "",
        },
    )
    voices = [
        {"name": name, "post": post, "vote": "agree", "opinion": said}
        for name, post, said in VOICES
    ]
    case.take(
        "panel",
        {
            "place": "三楼会议室",
            "voices": voices,
            "conclusion": "同意承办人的处罚意见，给予警告、通报批评，并处罚款6万元。",
            "result": "agreed",
        },
    )
    decided = {**road.notice_of(BIG), "kinds": ["warning", "circular", "fine"]}
    case.take(
        "decide_penalty",
        {
            **decided,
            "defence": "当事人提出陈述、申辩，认为系估计填报、没有故意。经复核，"
            "不影响违法事实的认定，不予采纳。",
            "bank": g.bureau.bank,
        },
    )
    paper = newest(case, "decision")
    later(case, 2).take(
        "serve_failed",
        {"paper": paper, "method": "mail", "reason": "邮件退回，注明收件单位已搬离，查无此址。"},
    )
    case.take(
        "serve_public",
        {
            "paper": paper,
            "where": "丰都县人民政府网站公告栏",
            "reason": "当事人已搬离登记住所，法定代表人下落不明。",
        },
    )
    later(case, 60)
    tick(case.now)
    case.take(
        "circulate",
        {
            "text": "近期，我局查处一起企业提供不真实统计资料案件，现将有关情况通报如下。",
            "recipients": "各乡镇人民政府、街道办事处，县级有关部门",
        },
    )


@scene(90)
def told_anew(g: Ground) -> None:
    """A hearing is refused for being late, and the notice is issued anew."""
    case = _told(g)
    later(case, 2).take(
        "defence_heard",
        {
            "opinion": "年报系统计员在结账前按估计数填报，没有主观故意；"
            "单位愿意改正，请求从轻处罚。",
            "evidence": "年度审计报告复印件一份",
        },
    )
    later(case, 12).take(
        "hearing_request",
        {"form": "written", "points": "认为系年终结账前的估计数，没有故意；拟处罚款过重。"},
    )
    later(case, 1).take(
        "hearing_refuse",
        {"ground": "late", "reason": "你单位的申请在期限届满后送达本局，没有正当理由。"},
    )
    case.serve("hearing_refusal")
    case.take("prior_notice_again", road.notice_of(2_000_000))


@scene(95)
def hearing_given_up(g: Ground) -> None:
    """The party stays away from its hearing."""
    later(called(g), 16).take(
        "hearing_given_up",
        {"how": "absent", "reason": "当事人未到场，电话联系称不再参加，没有正当理由。"},
    )


@scene(60)
def rights_waived(g: Ground) -> None:
    """The party says in writing that it asks for no hearing and has nothing to add."""
    case = _told(g)
    signed = {
        "signer": f"{g.party['representative']}，法定代表人",
        "signed_on": later(case, 1).day.isoformat(),
        "written": "statement",
    }
    asked = {
        **signed,
        "rights": ["defence", "hearing"],
        "document": "放弃陈述申辩和听证的声明（1页）",
        "note": "",
    }
    case.take("rights_waived", asked)


@scene(90)
def decision_taken_back(g: Ground) -> None:
    """The notice arrived later than was entered: the decision was made too early, and is taken back
    before it is served."""
    case = g.case("prior_notice")
    mail = {
        "paper": newest(case, "prior_notice"),
        "method": "mail",
        "tracking_no": "EMS1024500231",
        "place": "当事人住所",
    }
    case.take("serve", mail)
    served, entered = case.last_seq(), case.day
    stops = {name: (days, stop) for name, days, stop in road.stops(g.start, 0)}
    for name in ("defence", "reviewed", "no_review_due", "decide"):
        days, stop = stops[name]
        stop(later(case, days))
    right = road.later(case.day, -3)
    wrong = {"act": served, "corrected_on": right.isoformat(), "was_on": entered.isoformat()}
    case.take(
        "correct_service",
        {**wrong, "proof": "邮件妥投回执EMS1024500231", "reason": "误将交邮日期登记为送达日期。"},
    )
    case.take("take_back_decision", {"reason": "决定作出时陈述申辩期限未满。"})


@scene(60)
def body_confirmed(g: Ground) -> None:
    """An association whose name sounds like that of an authority: an officer looks, and says why it
    is none."""
    name = "丰都县榨菜行业管理委员会"
    case = g.case("conclude", name=name, kind="organisation", credit_code="")
    case.take(
        "confirm_body",
        {
            "name": name,
            "organ": "no",
            "reason": "查验社会团体法人登记证书，系社会团体，不是国家机关。",
        },
    )


@scene(90)
def party_moved(g: Ground) -> None:
    """The firm moved after the notice: its new address is recorded before the decision."""
    case = g.case("reviewed", 1_000_000)
    party = {
        "phone": "",
        **road.PARTY[case.docket_id],
        "address": "丰都县名山街道平都大道8号",
        "representative": "冉光华",
    }
    why = {"proof": "营业执照副本", "reason": "当事人搬迁，负责人变更。"}
    case.take(
        "change_party",
        {**{k: v for k, v in party.items() if k not in ("name", "kind")}, "party": party, **why},
    )


@scene(60)
def no_penalty(g: Ground) -> None:
    """The violation was minor and corrected: no penalty."""
    case = later(g.case("conclude"), 2)
    asked = {
        "ground": "minor",
        "corrected": True,
        "proof": "",
        "evidence": "现场检查笔录\n询问笔录",
        "education": "已向法定代表人当面讲明统计法的规定，当事人表示今后按账填报。",
    }
    case.take("decide_no_penalty", asked)
    case.serve("decision")


@scene(60)
def terminated(g: Ground) -> None:
    """The firm is gone, and the case is terminated."""
    case = later(g.case("interview"), 2)
    case.take("terminate", {"reason": "当事人在调查期间注销登记，没有权利义务承受人。"})
