"""Scenes of tips: linked, declined, transferred, a call, a letter, the informant."""

from __future__ import annotations

from datetime import timedelta

from casework.upkeep import road
from casework.upkeep.scenes.ground import CLOSE, OUT, Ground, later, scene


@scene(20)
def linked_and_unlinked(g: Ground) -> None:
    """A second tip is linked to a case, and the link undone."""
    case, second = g.case("assign"), g.tip()
    asked = {"case": case.docket_id, "reason": "反映的是同一单位同一报告期的同一问题。"}
    later(second, 1).at(case.day).take("link_report", asked)
    second.take("unlink_report", asked)


@scene(25)
def sent_up_and_back(g: Ground) -> None:
    """A tip goes up to the city, comes back, and is answered."""
    tip = g.tip(channel="department", source_body="县信访办", source_number="丰信转〔2026〕8号")
    later(tip, 1).take("report_up_tip", {"reason": "反映的问题涉及县级党政机关，本局不宜办理。"})
    later(tip, 6).take(
        "transfer_back", {"letter": "渝统函〔2026〕3号", "reason": "市统计局审查后交由本局办理。"}
    )


@scene(12)
def objected_to(g: Ground) -> None:
    """A tip that another body handed over by mistake."""
    tip = g.tip(channel="department", source_body="县信访办", source_number="丰信转〔2026〕9号")
    later(tip, 2).take(
        "object_transfer", {"reason": "反映的是拖欠工资，属劳动争议，不属统计部门职责。"}
    )


@scene(14)
def instructed_and_reported_back(g: Ground) -> None:
    """The county's leader sent it with a deadline, ours wrote an instruction; both hear what was
    done."""
    until = road.later(g.start, 20).isoformat()
    tip = g.tip(
        channel="leader",
        source_body="县政府分管副县长",
        source_day=g.start.isoformat(),
        instruction="请统计局认真核查，结果报我。",
        deadline=until,
    )
    later(tip, 1).take(
        "instruct_report",
        {"leader_instruction": "请执法机构按批示要求核查，按期报送结果。", "deadline": until},
    )
    later(tip, 3).take(
        "reply_to_sender",
        {
            "to_body": "县政府分管副县长",
            "handled": "线索已登记受理，核查人员已调取账簿，正在核对。",
        },
    )


@scene(14)
def handed_over_with_a_reply_due(g: Ground) -> None:
    """Another body wants to hear of it and names no day."""
    tip = g.tip(
        channel="department",
        source_body="县审计局",
        source_number="丰审函〔2026〕2号",
        needs_reply=True,
    )
    later(tip, 3).take(
        "reply_to_sender",
        {"to_body": "县审计局", "handled": "线索已登记受理，核查人员已调取账簿，正在核对。"},
    )


@scene(12)
def declined(g: Ground) -> None:
    """A tip without a concrete lead is declined."""
    later(g.tip(), 2).take(
        "decline",
        {
            "ground": "no_lead",
            "destination": "",
            "opinion": "未写明单位的具体问题和报表，联系不上反映人，没有可以核查的线索。",
        },
    )


@scene(12)
def handed_to_the_survey_team(g: Ground) -> None:
    """A tip about a survey of the state survey team is handed over to it."""
    tip = g.tip(survey_by="survey_team")
    team = {
        "competence": "survey_team",
        "body": "国家统计局丰都调查队",
        "reason": "反映的是规模以下工业抽样调查，由国家调查队组织实施。",
    }
    later(tip, 2).take("transfer_report", {**OUT, **team})


@scene(12)
def released(g: Ground) -> None:
    """A tip with the number of another body, which may stand on the notice once the head has
    released it."""
    tip = g.tip()
    asked = {"numbers": "023-7060 1234", "reason": "接收单位对外公布的电话，须告知举报人。"}
    later(tip, 1).take("release_numbers", asked, "report")
    out = {
        "ground": "not_statistics",
        "destination": "丰都县市场监督管理局（023-70601234）",
        "opinion": "反映的是企业年度报告公示不实，属市场监督管理部门职责。",
    }
    later(tip, 1).take("decline", out)


@scene(14)
def code_lost(g: Ground) -> None:
    """The informant lost the receipt code; clerk and head compared what only the informant
    knows."""
    tip = g.tip()
    account = "问：何时、以何种方式反映。答：与登记一致。问：反映了哪些报表和数据。答：一致。"
    asked = {"agreed": ["when", "words", "survey"], "how": "visit", "account": account}
    later(tip, 3).take("renew_code", asked)


@scene(45)
def answered(g: Ground) -> None:
    """The informant reads an interim answer, then the final one."""
    tip = g.accepted()
    later(tip, 2).take(
        "answer_informant",
        {"text": "你反映的情况已受理，本局正在核对有关账簿和报表。", "final": "no", "internal": ""},
    )
    case = tip.case().at(tip.day)
    for _name, days, stop in road.stops(g.start - timedelta(150), 0)[:3]:
        stop(later(case, days))
    later(case, 2).take(
        "not_file",
        {
            "cause": "涉嫌提供不真实统计资料",
            "facts": "差额系单位换算和四舍五入所致，未发现违法事实。",
        },
    )
    later(tip.at(case.day), 1).take(
        "answer_informant",
        {
            "text": "经核对账簿和报表，差额系单位换算和四舍五入所致，未发现统计违法事实。",
            "final": "yes",
            "internal": "",
        },
    )
    later(case.at(tip.day), 1).scanned().take("close", CLOSE)


@scene(15)
def accepted(g: Ground) -> None:
    """A tip is accepted; nobody is assigned to its case yet."""
    g.accepted()


@scene(8)
def just_registered(g: Ground) -> None:
    """A tip is registered; its acceptance is the next step."""
    g.tip()
