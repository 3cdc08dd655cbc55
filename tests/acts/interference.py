"""Cases about interference by a township, a department or a leader, as far as the tests need
them."""

from datetime import date
from typing import Any

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.procedure.offers import Offer, offers
from casework.procedure.ordinary import carries_on
from casework.store import db
from casework.upkeep import road
from casework.upkeep.scenes.ground import CLOSE
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, FIRM, case_of, drive, facts_of

TOWN = {**FIRM, "name": "丰都县双路镇人民政府", "kind": "state_organ", "address": "丰都县双路镇"}
MAYOR = {
    **FIRM,
    "name": "王某",
    "kind": "person",
    "address": "丰都县双路镇",
    "representative": "丰都县双路镇镇长",
}
OLD = date(2024, 6, 30)  # under the law of 2009
PERSON = {
    "person_name": "王某",
    "person_post": "双路镇镇长",
    "public_employee": "yes",
    "body_kind": "appointing",
    "body": "中共丰都县委组织部",
    "facts": "要求企业按给定数字上报。",
    "proposal": "建议依法给予处分。",
}
SENT = {"enclosures": "调查终结报告", "contact": "向东平"}
TOLD = {"recipients": "各乡镇人民政府", "text": "现将有关情况通报如下。"}
SURVEY = "V3"  # an offence of a survey subject


def filing(code: str, end: date = END) -> dict[str, Any]:
    return {
        **road.filing(end),
        "cause": "涉嫌干预统计工作",
        "code": code,
        "facts": "召集企业，要求按给定数字上报。",
    }


def report(*codes: str, end: date = END, responsible: str = "王某，双路镇镇长") -> dict[str, Any]:
    rows = [{**road.violation(end, code), "what": "召集企业，要求按给定数字上报"} for code in codes]
    return {
        "violations": rows,
        "course": "调查",
        "discretion": "情节较重。",
        "serious_ground": "",
        "complex": False,
        "proposal": "建议提出处分建议。",
        "responsible": responsible,
    }


def verified(team: Team, bureau: Bureau, party: dict[str, str]) -> Walk:
    return drive(case_of(team, bureau, party), "report")


def concluded(
    team: Team, bureau: Bureau, party: dict[str, str], *codes: str, end: date = END, **more: str
) -> Walk:
    """Filed and investigated under the first ground; the report finds them all."""
    case = verified(team, bureau, party)
    case.take("file", filing(codes[0], end))
    case.take("interview", road.INTERVIEW)
    case.take("investigation_report", report(*codes, end=end, **more))
    return case


def proposed(case: Walk, articles: str) -> None:
    case.take("propose_discipline", {**PERSON, "articles": articles})
    case.take("send_discipline", SENT, "discipline-1")
    case.serve("discipline_cover", track="discipline-1")


def ordered(case: Walk) -> None:
    due = road.later(case.day, 15).isoformat()
    asked = {
        "act": "要求企业按给定数字上报。",
        "articles": "统计法第四十一条",
        "demand": "停止干预。",
        "due": due,
    }
    case.take("order_correction", asked)
    case.serve("correction")


def why(case: Walk, step: str, asked: dict[str, Any] | None = None, track: str = "") -> set[str]:
    """What refuses the step; nothing where it is taken."""
    try:
        case.take(step, asked or {}, track)
    except Refused as error:
        return {r.check for r in error.refusals}
    finally:
        db.session.rollback()
    return set()


def first(case: Walk, role: str = "officer") -> str:
    """The step that the page puts first for somebody: what carries the case on before what can be
    done at any time."""
    facts = facts_of(case)
    found: list[Offer] = offers(procedure(), facts, facts.people[case.team.who(role)])
    return next(o.step.id for o in sorted(found, key=lambda o: not carries_on(o)) if o.possible)


def corrected(case: Walk) -> None:
    case.take("check_correction", {"corrected": "yes", "proof": "镇政府书面报告。"})


def closed(case: Walk) -> None:
    case.take("settle_interference", {"note": ""})
    facts = facts_of(case)
    assert (facts.stage, facts.clock("case_90").state, facts.clock("case_limit").state) == (
        "effective",
        "met",
        "met",
    )  # type: ignore[union-attr]
    assert first(case.scanned()) == "close"
    case.take("close", CLOSE)
    assert facts_of(case).stage == "closed"
    assert facts_of(case).paper("decision", "prior_notice") is None
    case.bound().take("archive", {"term": "30", "shelf": "2026-2-1"})
    assert facts_of(case).stage == "archived"
