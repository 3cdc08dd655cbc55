"""A finished, archived case and its named tip, with a mark of its own typed into everything that
takes words."""

from __future__ import annotations

import io
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict

from casework.acts.facts import gather
from casework.archive import bound_file, scans
from casework.archive.models import PrintMark
from casework.desk.saved_views import keep_draft
from casework.docket import notices
from casework.docket.jobs import Job
from casework.docket.models import Docket, Recusal
from casework.evidence.uploads import attach, take_in
from casework.identity import custody, opening, requests
from casework.intake.receive import receive
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau, Person
from casework.procedure.checks.service import unserved
from casework.public import dialogue
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.demo import accept_key
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import FIRM

WORD = "保管人的口令 2026 甲"
MARKS: list[str] = []
_numbers = count(1)


def mark() -> str:
    """A new mark; each place has its own, so that a test can say where one was left."""
    MARKS.append(f"隐标{next(_numbers):03d}甲")
    return MARKS[-1]


def marked(**fields: Any) -> dict[str, Any]:
    """The fields, every one whose value is ... with a mark of its own."""
    return {k: mark() if v is ... else v for k, v in fields.items()}


def make(team: Team, bureau: Bureau) -> tuple[Walk, Walk]:
    """The tip and its case, archived; what they are kept for is long over in 2099."""
    MARKS.clear()
    custodian = db.session.get_one(Person, team.others["custodian"])
    custody.confirm_key(custodian, custody.make_key(custodian, WORD, WORD))
    accept_key(custodian)
    report = _tip(team, db.session.get_one(Bureau, bureau.id))
    _talk(report.docket_id)
    _identity(team, report.docket_id)
    party = {**FIRM, **marked(name=..., address=..., representative=...)}
    report.take("accept", {"respondents": [party], **marked(cause=..., opinion=...)})
    report.serve("acceptance_notice")
    case = report.case()
    road.PARTY[case.docket_id] = party
    for _name, days, stop in road.stops(report.day - timedelta(200), 0):
        stop(case.at(road.later(case.day, days)))
    _tracks(case)
    _evidence(case)
    report.at(case.day).take("answer_informant", {"final": "yes", **marked(text=..., internal=...)})
    tick(case.now)
    for paper in unserved(
        gather(db.session(), vault(), db.session.get_one(Docket, case.docket_id))
    ):
        case.take(
            "serve",
            {"paper": paper.id, "method": "direct", **marked(signer=..., place=...)},
            paper.track,
        )
    case.scanned().take("close", {**marked(result=..., execution=..., publication=...)})
    case.bound().take("archive", {"term": "30", **marked(shelf=...)})
    case.take("hold_disposal", {"hold_ground": "audit", **marked(reason=...)})
    case.take("lift_hold", marked(reason=...))
    _around(team, report, case)
    tick(case.now)
    return report, case


def _tip(team: Team, bureau: Bureau) -> Walk:
    walk = Walk(team, 0, road.later(today() - timedelta(days=620), 0))
    payload = {
        "channel": "visit",
        "subject_kind": "enterprise",
        "survey_by": "bureau",
        "township": FIRM["township"],
        **marked(subject=..., narrative=..., period=...),
    }
    who = f'{{"name": "{mark()}", "contact": "{mark()}"}}'.encode()
    got = receive(bureau, payload, actor_id=team.clerk, on=walk.day, now=walk.now, who=who)
    walk.docket_id = got.docket_id
    road.register(walk)
    return walk


def _talk(docket_id: int) -> None:
    dialogue.from_informant(docket_id, mark(), [_file(f"{mark()}.txt", mark())])
    dialogue.from_bureau(docket_id, mark(), internal=mark())
    dialogue.read_by_bureau(docket_id, dialogue.staff_thread(docket_id))


def _file(title: str, words: str) -> Any:
    return take_in(FileStorage(io.BytesIO(words.encode()), filename=title), 10**6)


def _identity(team: Team, docket_id: int) -> None:
    head, custodian = (db.session.get_one(Person, team.others[x]) for x in ("head", "custodian"))
    code = requests.ask(head, docket_id, mark(), 2)
    number = requests.of_dockets([docket_id])[0].id
    requests.grant(db.session.get_one(Person, custodian.id), number, WORD, mark())
    opening.read_identity(db.session.get_one(Person, head.id), number, code)


def _tracks(case: Walk) -> None:
    """A person proposed for discipline, an entry on the public list until its end, a recusal."""
    person = marked(person_name=..., person_post=..., facts=..., articles=..., proposal=...)
    person["body"] = f"{mark()}监察委员会"
    case.take(
        "propose_discipline", {**person, "public_employee": "yes", "body_kind": "supervision"}
    )
    case.take("send_discipline", marked(enclosures=..., contact=...), "discipline-1")
    case.take("discipline_reply", marked(result=..., number=...), "discipline-1")
    case.take("end_discipline", marked(note=...), "discipline-1")
    case.take("approve_publication", marked(influence=..., summary=...))
    case.take("publish", marked(note=...), "publication-1")
    tick(case.now)
    tick(case.at(case.day + timedelta(380)).now)
    case.at(road.later(case.day, 1))


def _evidence(case: Walk) -> None:
    with writing() as session:
        attach(session, case.docket_id, 0, [_file(f"{mark()}.txt", mark())])
        session.add(
            Recusal(docket_id=case.docket_id, person_id=case.team.others["officer3"], reason=mark())
        )


def _around(team: Team, report: Walk, case: Walk) -> None:
    """What stands beside a journal: a bound file, a signed copy, a half-written step, a notice, an
    order for many."""
    docket = db.session.get_one(Docket, case.docket_id)
    number = bound_file.ask(docket, "internal", db.session.get_one(Person, team.head))
    bound_file.run_binding(number)
    paper = db.session.scalars(
        select(Paper).where(Paper.docket_id == case.docket_id, Paper.kind == "decision")
    ).one()
    person, paper_id = db.session.get_one(Person, team.clerk), paper.id
    store = bound_file._store()
    with writing() as session:
        paper = session.get_one(Paper, paper_id)
        scans.attach(session, store, paper, store.read(paper.stored), 2, person)
        session.add(PrintMark(paper_id=paper_id, by_id=team.clerk))
        notices.tell(session, [team.clerk], "new_report_on_case", case.docket_id, {"title": mark()})
        done = [{"docket": report.docket_id, "why": mark()}]
        session.add(
            Job(
                kind="many",
                bureau_id=docket.bureau_id,
                by_id=team.clerk,
                what="register",
                body=mark().encode(),
                result={"dockets": [report.docket_id], "results": done},
                state="done",
            )
        )
    keep(team.clerk, case.docket_id)


def keep(person: int, docket_id: int) -> None:
    """A half-written step of somebody's."""
    from flask import current_app
    from flask_login import login_user

    with current_app.test_request_context():
        login_user(db.session.get_one(Person, person))
        keep_draft((docket_id, "main", "correct_act"), MultiDict({"reason": mark()}))
