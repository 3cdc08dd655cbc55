"""Steps, sums and answers that several tests of acts begin with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.people.models import Bureau
from casework.procedure.facts import Asked, Facts
from casework.procedure.load import procedure
from casework.procedure.offers import refusals
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import (
    END,
    FIRM,
    case_of,
    drive,
    facts_of,
    refused,
)
from tests.support.disclosure import pdf_text


def begun(case: Walk, kind: str, stay: str = "no") -> Walk:
    case.take("remedy_start", {"kind": kind, "body": "法院", "number": "1", "stay": stay})
    return case


def ended(
    case: Walk, kind: str, result: str, track: str, fine: int | None = None, days: int = 40
) -> Walk:
    asked = {"kind": kind, "result": result, "number": "2", "fine_fen": fine, "reason": "x"}
    case.at(road.later(case.day, days)).take("remedy_end", asked, track)
    return case


def judged(case: Walk, result: str, fine: int | None = None) -> Walk:
    """A judgment of the first court."""
    return ended(begun(case, "suit"), "suit", result, "remedy-1", fine)


def final(case: Walk) -> Walk:
    """The days for an appeal go by."""
    due = facts_of(case).clock("appeal").due  # type: ignore[union-attr]
    tick(case.at(road.later(due, 1)).now)
    return case


MAIL = {"method": "mail", "tracking_no": "EMS1", "place": "当事人住所"}


def right(case: Walk, act: int, day: date) -> None:
    case.take(
        "correct_service",
        {"act": act, "corrected_on": day.isoformat(), "proof": "回执EMS1", "reason": "误登"},
    )


def remedy(case: Walk, kind: str, result: str, number: int, days: int) -> None:
    """A remedy that runs some days."""
    asked = {"kind": kind, "body": "县政府", "number": "1", "stay": "no"}
    case.at(road.later(case.day, 5)).take("remedy_start", asked)
    end = {"kind": kind, "result": result, "number": "2", "fine_fen": None, "reason": ""}
    case.at(road.later(case.day, days)).take("remedy_end", end, f"remedy-{number}")
    tick(case.now)


PERSON = {
    "person_post": "某镇镇长",
    "public_employee": "yes",
    "body_kind": "supervision",
    "body": "监委",
    "facts": "授意",
    "articles": "统计法",
    "proposal": "处分",
}


REPORT = {
    "course": "核对账表",
    "discretion": "一般",
    "serious_ground": "",
    "complex": False,
    "proposal": "警告",
}


def row(start: date, end: date) -> dict[str, Any]:
    return {
        **road.violation(END),
        "conduct_start": start.isoformat(),
        "conduct_end": end.isoformat(),
    }


BIG = 6_000_000


WRITTEN = {"opinion": "书面申辩：账未结完，按估计数填报。", "evidence": "账簿"}


NOT_DUE = {"reason": "未达标准"}


def last_day(case: Walk, rule: str = "defence") -> date:
    return [c for c in facts_of(case).clocks if c.rule == rule][-1].due


def refused_by(case: Walk, step: str, asked: dict[str, Any]) -> set[str]:
    with pytest.raises(Refused) as error:
        case.propose(step, asked)
    return refused(error)


def sent_back(case: Walk) -> None:
    perform(
        Intent(
            case.docket_id,
            "send_back",
            case.team.head,
            case.day,
            "main",
            "take",
            {"reason": "补充调查"},
        ),
        case.now,
    )


def concluded_again(case: Walk, fine_fen: int = BIG) -> None:
    """Report and prior notice of another round."""
    stops = {name: (days, stop) for name, days, stop in road.stops(END, fine_fen)}
    for name in ("conclude", "prior_notice"):
        stops[name][1](case.at(road.later(case.day, stops[name][0])))


P = procedure()


def why(facts: Facts | Walk, step: str, asked: Asked | None = None, label: str = "") -> set[str]:
    """What the step's row refuses on these facts: its needs, and with what is asked its checks
    too."""
    known = facts if isinstance(facts, Facts) else facts_of(facts)
    rule, own = P.steps[step], known.seen_from(label or known.main.label)
    found = refusals(P, own, rule, asked or {}, known.today, "needs")
    found += refusals(P, own, rule, asked, known.today, "checks") if asked is not None else []
    return {r.check for r in found}


CLOSING = {"result": "了结", "execution": "无", "publication": ""}


GONE = {"reason": "企业注销且无承受人", "ground": "gone", "proof": "准予注销登记通知书"}


def archived(case: Walk) -> Walk:
    """Paid, not published, closed and archived within weeks: long before the six months for a suit
    are over."""
    money = {"paid_fen": 3_000_000, "paid_on": case.day.isoformat(), "slip": "1"}
    case.take("pay", money, "execution-1")
    case.take("not_public", {"reason": "不具有一定社会影响"})
    case.scanned().take("close", CLOSING)
    case.at(road.later(case.day, 9)).bound().take("archive", {"term": "30", "shelf": "1-2"})
    return case


MINOR = {
    "ground": "minor",
    "corrected": True,
    "proof": "",
    "evidence": "笔录",
    "education": "已教育",
}


BEGUN = {"body": "县政府", "number": "1", "stay": "no"}


def without_address(team: Team, bureau: Bureau) -> Walk:
    """Opened on a finding of the bureau's own, where the address is not asked."""
    party = {**FIRM, "address": ""}
    case = drive(case_of(team, bureau, party), "no_review_due")
    assert not facts_of(case).party.address  # type: ignore[union-attr]
    return case


SPOT = {
    "violations": [road.violation(END)],
    "place": "现场",
    "evidence": "笔录",
    "fine_fen": 300_000,
    "kinds": ["warning", "fine"],
    "told": True,
    "heard": "无异议",
    "bank": "银行，户名，1",
}


NO_PENALTY = {
    "ground": "not_made_out",
    "corrected": False,
    "proof": "",
    "evidence": "笔录",
    "education": "已教育",
}


RECONSIDERED = {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}


VOICES = [{"name": n, "post": "局领导", "vote": "agree", "opinion": "同意"} for n in "甲乙丙"]


def unheard(case: Walk) -> None:
    """The days go by, nothing is said."""
    case.at(road.later(case.day, 16)).take("defence_waived", {"how": "expired", "note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "未提出陈述申辩。"})


def redone(case: Walk) -> Walk:
    """Decided, set aside for its procedure, dealt with anew up to the investigation."""
    case.at(road.later(case.day, 10)).take("remedy_start", RECONSIDERED)
    end = {
        "kind": "reconsideration",
        "result": "redo",
        "number": "2",
        "fine_fen": None,
        "reason": "程序",
    }
    case.at(road.later(case.day, 20)).take("remedy_end", end, "remedy-1")
    case.take(
        "redo",
        {"order": "复议决定", "due": road.later(case.day, 60).isoformat(), "reason": "重新处理"},
    )
    return case


WHY = {"reason": "误录"}


def called(case: Walk, team: Team) -> str:
    case.at(road.later(case.day, 2)).take(
        "hearing_request", {"form": "written", "points": "申请听证"}
    )
    case.at(road.later(case.day, 15)).take("defence_waived", {"how": "expired", "note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "无。"})
    day = road.CALENDAR.add_workdays(case.day, 9).isoformat()
    asked = {
        "hearing_on": day,
        "time": "9:00",
        "place": "本局",
        "host": team.head,
        "openness": "public",
    }
    case.take("hearing_notice", asked)
    return day


def text_of(app: Flask, walk: Walk, kind: str) -> str:
    data = app.extensions["sealed_store"].read(walk.paper(kind).stored)
    return "".join(pdf_text(data, Path(app.instance_path)).split())


OPEN = {"where": "县政府网站", "reason": "下落不明"}


def announced(case: Walk, kind: str) -> int:
    """A paper that came back and is announced to the public."""
    paper = case.paper(kind).id
    case.take("serve_failed", {"paper": paper, "method": "mail", "reason": "退回"})
    case.take("serve_public", {"paper": paper, **OPEN})
    return paper


def correction(case: Walk) -> None:
    asked = {
        "act": "x",
        "articles": "y",
        "demand": "补报",
        "due": road.later(case.day, 90).isoformat(),
        "facts": "z",
    }
    case.take("order_correction", asked)
