"""Walks that many tests set out from: a tip, its case, along the road up to a stop; and what the
facts and refusals say."""

from datetime import date, timedelta

import pytest

from casework.acts.errors import Refused
from casework.acts.facts import gather
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Docket
from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.procedure.facts import Facts
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault

START = date(2025, 9, 1)
END = date(2025, 3, 10)  # of the conduct
AGAIN = "原决定因违反法定程序被撤销。"
FIRM = {
    "name": "重庆汇锦机械制造有限公司",
    "kind": "enterprise",
    "credit_code": "",
    "address": "丰都县三合街道",
    "representative": "李某",
    "township": "500230109",
    "phone": "",
}


def tip(team: Team, bureau: Bureau, subject: str = FIRM["name"], **more: object) -> Walk:
    """A telephone tip, registered."""
    payload = {
        "channel": "phone",
        "subject": subject,
        "subject_kind": "enterprise",
        "narrative": "应收账款少报",
        "survey_by": "bureau",
        "township": "500230109",
        **more,
    }
    walk = Walk(team, 0, START)
    walk.docket_id = receive(bureau, payload, actor_id=team.clerk, on=START, now=walk.now).docket_id
    road.register(walk)
    return walk


def case_of(team: Team, bureau: Bureau, party: dict[str, str] | None = None) -> Walk:
    """The case of an accepted tip."""
    party = party or FIRM
    walk = tip(team, bureau, party["name"])
    walk.at(START + timedelta(2)).take(
        "accept", {"respondents": [party], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = walk.case()
    road.PARTY[case.docket_id] = party
    return case


def drive(case: Walk, until: str, fine_fen: int = 3_000_000) -> Walk:
    """Along the main road up to and including a stop."""
    for name, days, stop in road.stops(END, fine_fen):
        case.at(road.later(case.day, days))
        stop(case)
        if name == until:
            return case
    raise LookupError(until)


def facts_of(walk: Walk) -> Facts:
    docket = db.session.get_one(Docket, walk.docket_id)
    db.session.expire_all()
    return gather(db.session(), vault(), docket, None, walk.now)


def refused(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {r.check for r in error.value.refusals}


def decided_anew(case: Walk, fine_fen: int) -> None:
    """The second round of a case that came back: from the report of the investigation to the
    decision."""
    told_again(case, fine_fen)
    case.take("decide_penalty", {**decision(case), "again_reason": AGAIN})


def told_again(case: Walk, fine_fen: int) -> None:
    """The same, up to the day on which it can be decided."""
    road_again = road.stops(END, fine_fen)
    first = next(i for i, (name, _, _) in enumerate(road_again) if name == "conclude")
    for name, days, stop in road_again[first:]:
        case.at(road.later(case.day, days))
        if name == "decide":
            return
        stop(case)


def reviewed_by(case: Walk, person: int) -> Walk:
    """Legal review by that person, and the panel."""
    points = {
        f"point_{p}": "pass"
        for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")
    }
    asked = {**points, "opinion": "同意", "result": "pass", "census_law": ""}
    perform(
        Intent(case.docket_id, "legal_review", person, case.day, "main", "take", asked), case.now
    )
    voices = [{"name": n, "post": "局领导", "vote": "agree", "opinion": "同意"} for n in "甲乙丙"]
    if facts_of(case).stage == "panel":
        case.take(
            "panel", {"place": "会议室", "voices": voices, "conclusion": "同意", "result": "agreed"}
        )
    return case


def decision(case: Walk) -> dict[str, object]:
    """What the decision asks, from the notice."""
    notice = facts_of(case).last("prior_notice").asked  # type: ignore[union-attr]
    told = {k: v for k, v in notice.items() if not k.startswith("_")}
    said = "不予采纳。" if facts_of(case).did("defence_heard") else "未提出"
    return {**told, "defence": said, "bank": "银行，户名，1", "officers": list(case.team.officers)}
