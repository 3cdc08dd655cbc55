"""Scenes of proposals that wait, and of files that are kept."""

from __future__ import annotations

from datetime import timedelta

from casework.informants.models import CustodianKey
from casework.intake.receive import receive
from casework.store import writing
from casework.upkeep import road
from casework.upkeep.scenes.ground import CLOSE, FINE, NO_OFFENCE, Ground, later, scene
from casework.upkeep.walk import Walk
from casework.vault import identity as custody


@scene(8)
def acceptance_waits(g: Ground) -> None:
    """A proposal to accept a tip waits for the head."""
    asked = {
        "respondents": [g.party],
        "cause": "涉嫌提供不真实统计资料",
        "opinion": "反映事项属于统计违法，由本局管辖，建议受理。",
    }
    later(g.tip(), 1).propose("accept", asked, "report")


@scene(38)
def filing_waits(g: Ground) -> None:
    """A proposal to file a case waits for the leader."""
    later(g.case("report"), 2).propose("file", road.filing(g.start - timedelta(150)))


@scene(62)
def notice_waits(g: Ground) -> None:
    """A proposed prior notice waits for the leader."""
    later(g.case("conclude", FINE), 2).propose("prior_notice", road.notice_of(FINE))


@scene(98)
def decision_waits(g: Ground) -> None:
    """A proposed decision waits for the leader."""
    asked = {
        **road.notice_of(FINE),
        "defence": "当事人在规定期限内未提出陈述、申辩意见。",
        "bank": g.bureau.bank,
    }
    later(g.case("no_review_due", FINE), 1).propose("decide_penalty", asked)


# -- after archiving
@scene(80)
def held_back_and_kept_longer(g: Ground) -> None:
    """An archived case is held back for an audit, let go, and after appraisal kept longer."""
    case = later(g.case("on_site"), 2)
    case.take("withdraw_filing", NO_OFFENCE)
    later(case, 2).scanned().take("close", CLOSE)
    later(case, 5).bound().take("archive", {"term": "30", "shelf": "2026-1-5"})
    later(case, 3).take("hold_disposal", {"hold_ground": "audit", "reason": "县审计局调阅。"})
    later(case, 5).take("lift_hold", {"reason": "审计结束，案卷已还。"})
    case.take("keep_longer", {"term": "permanent", "reason": "本地首例，有参考价值。"})


def named_informant(g: Ground) -> None:
    """A tip with a name behind it: accepted, told, filed, answered. Not in the demonstration, which
    has no custodian."""
    record, _recovery = custody.new_custodian("a password of a test")
    with writing() as session:
        session.add(
            CustodianKey(bureau_id=g.bureau.id, person_id=g.team.others["custodian"], record=record)
        )
    walk = Walk(g.team, 0, g.start)
    payload = {
        "channel": "visit",
        "subject": g.party["name"],
        "subject_kind": "enterprise",
        "survey_by": "bureau",
        "township": g.party["township"],
        "narrative": "数据是假的。",
    }
    got = receive(
        g.bureau, payload, actor_id=g.team.clerk, on=walk.day, now=walk.now, who="某举报人".encode()
    )
    walk.docket_id = got.docket_id
    road.register(walk)
    asked = {"respondents": [g.party], "cause": "涉嫌提供不真实统计资料", "opinion": "受理。"}
    later(walk, 2).take("accept", asked)
    walk.serve("acceptance_notice")
    case = walk.case()
    road.PARTY[case.docket_id] = g.party
    for _name, days, stop in road.stops(g.start - timedelta(150), 0):
        stop(later(case, days))
    walk.at(case.day).take(
        "answer_informant", {"text": "已依法处理。", "final": "yes", "internal": ""}
    )
