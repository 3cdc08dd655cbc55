"""What people say in the two cases that are counted: words of a caller, of officers and of those
who decide. A value that stands already is left as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import time_machine

from casework.people.models import Unit
from casework.procedure.checks.service import unserved
from casework.procedure.codes import credit_check
from casework.store import writing
from casework.text import folded_name
from casework.upkeep import road
from casework.upkeep.demo import people
from tests.conftest import Mould, program
from tests.desk.by_hand import Desk
from tests.desk.walkthrough import Errand, Said, Walker

BEGINS = datetime(2025, 9, 1, 6, 30, tzinfo=UTC)
CONDUCT = date(2025, 3, 10)
CODE = "91500230MA5U0AB01"
FIRM = {
    "name": "丰都县豪达房地产开发有限公司",
    "kind": "enterprise",
    "credit_code": f"{CODE}{credit_check(CODE)}",
    "township": "500230109",
    "address": "重庆市丰都县高家镇工业园2号",
}
TOWN_HALL = "丰都县双路镇人民政府"
POINTS = {
    f"point_{p}": "pass"
    for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")
}


def proposed(name: str) -> Callable[[Desk], Any]:
    """What the head chooses of the team: two officers, by the names on the form."""
    return lambda desk: desk.ids("officer1", "officer2") if name == "assigned" else ""


def other_papers(desk: Desk) -> list[str]:
    """Whatever else waits for service goes with the first."""
    return [str(p.id) for p in unserved(desk.facts())]


def in_days(days: int) -> Callable[[Desk], str]:
    """A working day some days ahead, as it is typed."""
    return lambda desk: road.later(desk.day, days).isoformat()


def today(desk: Desk) -> str:
    return desk.day.isoformat()


CALL = {
    "township": FIRM["township"],
    "survey_by": "bureau",
    "call_began": "09:05",
    "call_ended": "09:20",
    "number_shown": "withheld",
    "read_back": "yes",
}
BEGINNING: dict[str, dict[str, Any]] = {
    "register": {"proposal": "线索具体，属本局职责，建议受理核查。"},
    "instruct_report": {"leader_instruction": "请执法大队依法核查。"},
    "assign": {"assigned": proposed("assigned")},
    "serve": {
        "method": "direct",
        "place": FIRM["address"],
        "signer": "办公室收件人谭某",
    },
    "answer_informant": {"text": "你反映的问题经查属实，已依法处理。", "final": "yes"},
    "interview": {
        "person": "王芳",
        "post": "统计员",
        "place": "当事人会议室",
        "began": "14:00",
        "ended": "15:10",
        "cards_shown": ["y"],
        "rights_told": ["y"],
        "recusal": "no",
        "dialogue-0-question": "年报由谁填报？",
        "dialogue-0-reply": "由我按估计数填报，没有核对账簿。",
    },
    "archive": {"shelf": "2025-1-1"},
}
OF_THE_FIRM: Said = {
    **BEGINNING,
    "receive": {
        **CALL,
        "subject": FIRM["name"],
        "subject_kind": FIRM["kind"],
        "kinds": ["false_data"],
        "form": "X204-1",
        "period": "2024年报",
        "narrative": "真账在成品库门后的铁皮柜里，销售额少报了八千多万。",
    },
    "accept": {
        "respondents-0-name": FIRM["name"],
        "respondents-0-kind": FIRM["kind"],
        "respondents-0-credit_code": FIRM["credit_code"],
        "respondents-0-representative": "谭某",
        "respondents-0-address": FIRM["address"],
        "cause": "涉嫌提供不真实统计资料",
        "opinion": "属本局管辖，可以查办。",
    },
    "verify_figures": {
        "figures-0-form": "X204-1",
        "figures-0-period": "2024年报",
        "figures-0-indicator": "商品房销售额",
        "figures-0-unit": "万元",
        "figures-0-reported": "31678",
        "figures-0-verified": "39700",
        "method": "核对总账、明细账和网签台账",
        "cards_shown": ["y"],
    },
    "verification_report": {
        "findings": "商品房销售额核实数大于上报数，差异没有合理原因。",
        "result": "file",
    },
    "file": {
        "cause": "涉嫌提供不真实统计资料",
        "code": "V3",
        "conduct_end": CONDUCT.isoformat(),
        "facts": "该单位少报商品房销售额，账面数与报表不符。",
    },
    "inspection_notice": {
        "content": "商品房销售额等年报指标",
        "span": "2024年报",
        "begins": in_days(5),
        "place": FIRM["address"],
        "materials": "财务账簿\n网签备案台账",
    },
    "on_site_record": {
        "place": FIRM["address"],
        "began": "09:30",
        "ended": "11:40",
        "present": "冉敏",
        "cards_shown": ["y"],
        "findings": "查阅了总账和网签台账，账面销售额大于上报数。",
    },
    "investigation_report": {
        "violations-0-code": "V3",
        "violations-0-what": "少报商品房销售额",
        "violations-0-conduct_start": CONDUCT.replace(day=1).isoformat(),
        "violations-0-conduct_end": CONDUCT.isoformat(),
        "course": "持证入企检查，核对账表，询问统计员。",
        "discretion": "差错率较大，能够配合检查，一般情节。",
        "proposal": "建议警告，并处罚款5万元。",
    },
    "prior_notice": {
        "kinds": ["warning", "fine"],
        "fine_fen": "50000",
        "evidence": "现场检查笔录\n询问笔录",
        "discretion": "差错率较大，能够配合检查，一般情节。",
    },
    "defence_waived": {},
    "defence_review": {"adopted": "rejected", "reason": "期限届满未收到意见，拟处罚不变。"},
    "legal_review": {**POINTS, "opinion": "事实清楚，程序合法。", "result": "pass"},
    "review_not_due": {"reason": "未达到法制审核标准，案情不复杂。"},
    "panel": {
        "place": "三楼会议室",
        **{
            f"voices-{i}-{part}": said
            for i, name in enumerate(("周明", "江涛", "傅敏"))
            for part, said in {
                "name": name,
                "post": "局领导",
                "vote": "agree",
                "opinion": "同意处罚意见。",
            }.items()
            if (i, part) != (0, "post")  # a member of the bureau has the post that is known
        },
        "conclusion": "按拟处罚意见作出决定。",
        "result": "agreed",
    },
    "decide_penalty": {"defence": "当事人在规定期限内没有提出意见。"},
    "pay": {"paid_fen": "50000", "paid_on": today, "slip": "渝财0230第18号"},
    "approve_publication": {"influence": "涉及规模以上企业。"},
    "close": {
        "result": "警告，罚款5万元。",
        "execution": "罚款已经缴清。",
        "publication": "已在网站公示。",
    },
}
HINTED = "召集辖区企业统计人员开会，要求按会上给定的数字填报2024年报"
OF_THE_TOWNSHIP: Said = {
    **BEGINNING,
    "receive": {
        **CALL,
        "subject": TOWN_HALL,
        "subject_kind": "state_organ",
        "kinds": ["ordered"],
        "narrative": "镇长王某开会发了一张表，要大家按表上的数填。",
    },
    "accept": {
        "respondents-0-name": TOWN_HALL,
        "respondents-0-kind": "state_organ",
        "respondents-0-representative": "王某",
        "respondents-0-address": "重庆市丰都县双路镇",
        "cause": "涉嫌要求他人提供不真实统计资料",
        "opinion": "属本局管辖，可以查办。",
    },
    "verification_report": {
        "findings": HINTED,
        "no_figures": "不涉及核对指标。",
        "result": "file",
    },
    "file": {
        "cause": "涉嫌要求他人提供不真实统计资料",
        "code": "B4",
        "conduct_end": CONDUCT.isoformat(),
        "facts": HINTED,
    },
    "investigation_report": {
        "violations-0-code": "B4",
        "violations-0-what": HINTED,
        "violations-0-conduct_start": CONDUCT.replace(day=3).isoformat(),
        "violations-0-conduct_end": CONDUCT.isoformat(),
        "course": "询问参会人员，调取会议通知和记录。",
        "discretion": "涉及企业较多。",
        "proposal": "建议提出处分建议，责令改正，予以通报。",
        "responsible": "王某，丰都县双路镇镇长",
    },
    "serve": {
        "also": other_papers,
        "method": "direct",
        "place": "丰都县三合街道平都大道东段7号",
        "signer": "组织部收件人",
    },
    "propose_discipline": {
        "person_name": "王某",
        "person_post": "丰都县双路镇镇长",
        "public_employee": "yes",
        "body_kind": "appointing",
        "body": "中共丰都县委组织部",
        "proposal": "建议依法给予处分。",
    },
    "send_discipline": {
        "enclosures": "调查终结报告\n证据清单",
        "contact": "向东平",
    },
    "order_correction": {"demand": "停止干预企业独立报送。", "due": in_days(15)},
    "circulate_interference": {
        "recipients": "各乡镇人民政府、街道办事处",
        "text": "近期查处一起干预统计工作的案件。",
    },
}
TOLD = ("register", "instruct_report", "accept", "assign")
ENDED = ("serve", "answer_informant", "close", "archive")
ROAD_OF_THE_FIRM = (
    *TOLD,
    "verify_figures",
    "verification_report",
    "file",
    "inspection_notice",
    "on_site_record",
    "interview",
    "investigation_report",
    "prior_notice",
    "defence_waived",
    "defence_review",
    "legal_review",
    "review_not_due",
    "panel",
    "decide_penalty",
    "pay",
    "approve_publication",
    "publish",
    *ENDED,
)
ROAD_OF_THE_TOWNSHIP = (
    *TOLD,
    "verification_report",
    "file",
    "interview",
    "investigation_report",
    "propose_discipline",
    "send_discipline",
    "order_correction",
    "circulate_interference",
    "settle_interference",
    *ENDED,
)


@dataclass(frozen=True)
class Counted:
    """A case that is counted: what is said in it, which steps may be offered first, what comes from
    outside, and when it is over."""

    name: str
    said: Said
    ordinary: tuple[str, ...]
    errands: tuple[Errand, ...]
    over: Callable[[Walker], bool]

    def walker(self, desk: Desk) -> Walker:
        return Walker(desk, self.said, self.ordinary, self.errands, self.over)


def archived(walker: Walker) -> bool:
    return all(walker.facts(code).stage in ("archived", "answered") for code in walker.dockets())


def discipline_sent(walker: Walker) -> bool:
    """The letter to the body that has the power has arrived there."""
    facts = walker.facts(walker.dockets()[0])
    return any(p.kind == "discipline_cover" and p.served for p in facts.papers)


CASES = (
    Counted(
        "the firm: telephone to archive",
        OF_THE_FIRM,
        ROAD_OF_THE_FIRM,
        (Errand("pay", "clerk", 5),),
        archived,
    ),
    Counted(
        "the township: telephone to discipline sent",
        OF_THE_TOWNSHIP,
        ROAD_OF_THE_TOWNSHIP,
        (),
        discipline_sent,
    ),
)


def peopled(over: Mould) -> Mould:
    """Staff of every role, who came before the day on which the cases begin, and the firm in the
    register."""
    with time_machine.travel(BEGINS, tick=False), program(over):
        bureau, team = people()
        with writing() as session:
            unit = {**FIRM, "folded_name": folded_name(FIRM["name"])}
            session.add(Unit(bureau_id=bureau.id, **unit))
    return replace(over, team=team)
