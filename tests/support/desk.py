"""Hands on the desk's pages: who signs in, dockets that stand there, forms filled."""

import re
from collections.abc import Callable, Sequence
from copy import copy
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.facts import gather
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.jobs import Job
from casework.docket.models import Docket, Proposal
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.channels import channels
from casework.procedure.facts import Facts
from casework.store import db
from casework.upkeep import road
from casework.upkeep.demo import STAFF
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import FIRM
from tests.desk.conftest import Begun

SignIn = Callable[[str], FlaskClient]


COMMON = {
    "subject": "重庆汇锦机械制造有限公司",
    "subject_kind": "enterprise",
    "narrative": "上报数比账面数多一倍。",
    "survey_by": "bureau",
    "township": "",
}


FILLED = {
    "call_began": "9:05",
    "call_ended": "9:20",
    "taker": "何静",
    "number_shown": "withheld",
    "read_back": "yes",
    "postmark": "丰都三合 11-20",
    "envelope": "ordinary",
    "sheets": "3",
    "source_body": "县政府分管副县长",
    "source_number": "丰府批〔2026〕5号",
    "source_day": "2026-01-05",
    "instruction": "请核查。",
    "plan_name": "2026年双随机",
    "found_by": "杜明、李华",
    "indicators": "应收账款与税务数不符",
}


def sent(channel: str, **more: Any) -> dict[str, Any]:
    """What a clerk would type for a channel."""
    asked = {k: v for k, v in FILLED.items() if k in channels()[channel].asks}
    original = {"original_at": "档案柜二层"} if channels()[channel].original else {}
    return {"channel": channel, "on": today().isoformat(), **COMMON, **asked, **original, **more}


def facts_of_newest() -> Facts:
    docket = db.session.scalars(select(Docket).order_by(Docket.id.desc()).limit(1)).one()
    return gather(db.session(), vault(), docket)


ASKED = {
    "channel": "random",
    "cause": "涉嫌提供不真实统计资料",
    "narrative": "双随机抽查发现。",
    "party_name": FIRM["name"],
    "party_kind": "enterprise",
    "credit_code": "",
    "township": FIRM["township"],
}


SignIn = Callable[[str], FlaskClient]


# the first of each role
LOGINS = {role: login for login, _name, held in reversed(STAFF) for role in held}


@pytest.fixture
def docketed(app: Flask, begun: Begun) -> tuple[Walk, Walk]:
    """A registered tip and its case with a waiting proposal, all of the last days."""
    report, case = map(copy, begun[1])
    road.PARTY[case.docket_id] = FIRM
    return report, case


def begin(team: Team, bureau: Bureau) -> tuple[Walk, Walk]:
    """A registered tip and its case with a waiting proposal, all of the last days."""
    from casework.intake.receive import receive

    start = road.later(today() - timedelta(days=20), 0)
    payload = {
        "channel": "phone",
        "subject": FIRM["name"],
        "subject_kind": "enterprise",
        "narrative": "x",
        "survey_by": "bureau",
    }
    report = Walk(team, 0, start)
    report.docket_id = receive(
        bureau, payload, actor_id=team.clerk, on=start, now=report.now
    ).docket_id
    road.register(report)
    report.take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = report.case()
    road.PARTY[case.docket_id] = FIRM
    for _name, _days, stop in road.stops(start - timedelta(200), 0)[:3]:
        stop(case)
    case.propose("file", road.filing(start - timedelta(200)))
    tick()
    return report, case


def code(walk: Walk) -> str:
    return db.session.get_one(Docket, walk.docket_id).code


BY_ACTION = {
    "desk.home": "desk.home",
    "work.page": "desk.home",
    "desk.listing": "docket.see",
    "search.page": "docket.search",
    "search.go": "desk.home",
    "search.keys": "desk.home",
    "desk.new_docket": "docket.see",
    "desk.papers": "paper.open",
    "desk.paper": "paper.open",
    "desk.file": "file.open",
    "desk.procedure_page": "procedure.see",
    "desk.handbook": "procedure.see",
    "office.settings": "settings.see",
    "counter.new_report": "report.receive",
    "counter.not_told": "report.receive",
    "bulk.upload": "report.receive",
    "bulk.confirm": "report.receive",
    "bulk.progress": "report.receive",
    "bulk.decide": "report.receive",
    "bulk.blank_list": "report.receive",
    "office.people": "admin.people",
    "office.new_person": "admin.people",
    "office.person": "admin.people",
    "office.change_person": "admin.people",
    "office.act_on_person": "admin.people",
    "office.myself": "self.see",
    "unit_choice.look_up": "unit.look_up",
    "register_import.upload": "unit.import",
    "register_import.progress": "unit.import",
    "phrases.listing": "admin.settings",
    "phrases.lists": "admin.settings",
    "calendar.make": "self.see",
    "calendar.end": "self.see",
    "office.bureau": "admin.settings",
    "office.setting": "admin.settings",
    "office.calendar": "admin.settings",
    "office.audit_page": "audit.see",
    "anchors.page": "anchor.see",
    "anchors.sheet": "anchor.see",
    "draws.listing": "draw.see",
    "draws.new": "draw.make",
    "draws.one": "draw.see",
    "draws.type_number": "draw.see",
    "draws.withdraw": "draw.make",
    "draws.open_cases": "draw.make",
    "draws.file": "draw.see",
    "draws.sheet": "draw.see",
    "clock.confirm": "clock.confirm",
    "office_proposals.listing": "office.proposals",
    "office_proposals.proposal": "office.proposals",
    "office_proposals.decide": "office.proposals",
    "casefile.bundles_page": "file.bind",
    "casefile.start": "file.bind",
    "casefile.progress": "file.bind",
    "casefile.fetch": "file.bind",
    "casefile.sample_page": "quality.sample",
    "reading.again": "quality.sample",
    "reading.sheet": "quality.sample",
    "reading.all_faults": "quality.sample",
    "printing.queue": "paper.print",
    "printing.make": "paper.print",
    "printing.scan": "paper.print",
    "printing.signed_copy": "paper.print",
    "printing.stray": "paper.print",
    "printing.place": "paper.print",
    "printing.stray_png": "paper.print",
    "printing.stack": "paper.print",
    "printing.blanks": "paper.print",
    "own.save_view": "docket.see",
    "own.delete_view": "docket.see",
    "statistics.page": "statistics.see",
    "statistics.xlsx": "statistics.see",
    "statistics.pdf": "statistics.see",
    "custody.home": "identity.grant",
    "custody.new_key": "identity.grant",
    "custody.confirm": "identity.grant",
    "custody.password": "identity.grant",
    "custody.reseal": "identity.grant",
    "custody.answer": "identity.grant",
    "files.look": "file.open",
    "files.page_png": "file.open",
    "fines.page": "statistics.see",
    "many.page": "case.many",
    "many.order": "case.many",
    "many.batch": "batch.see",
    "archive.due": "archive.see",
    "archive.propose": "archive.propose",
    "archive.batches": "archive.see",
    "archive.batch": "archive.see",
    "archive.confirm": "archive.confirm",
    "archive.withdraw": "archive.see",
    "archive.batch_pdf": "archive.see",
    "archive.destroyed": "archive.see",
    "archive.handovers": "archive.see",
    "archive.make_list": "archive.hand_over",
    "archive.received": "archive.hand_over",
    "archive.handover_pdf": "archive.see",
    "triage.burst_page": "report.triage",
    "triage.bulk": "report.triage",
    "triage.seen": "desk.home",
    "triage.mobilisation": "mobilise",
}


BY_DOCKET = {
    "dockets.docket",
    "dockets.next_act",
    "dockets.step",
    "dockets.take",
    "dockets.proposal",
    "dockets.judge",
    "counter.messages",
    "identity.page",
    "identity.ask",
    "identity.read",
    "identity.original",
    "own.keep",
    "own.discard",
    "casefile.review_page",
    "triage.link",
    "triage.unlink",
    "lostcode.new_code",
}


PATHS = {
    "desk.home": "/desk/",
    "desk.listing": "/desk/cases",
    "search.page": "/desk/search?q=x",
    "search.go": "/desk/go?q=x",
    "search.keys": "/desk/keys",
    "desk.papers": "/desk/papers",
    "desk.procedure_page": "/desk/procedure",
    "desk.handbook": "/desk/procedure/handbook.pdf",
    "office.settings": "/desk/office/settings",
    "counter.new_report": "/desk/reports/new",
    "bulk.upload": "/desk/reports/import",
    "bulk.blank_list": "/desk/reports/import/blank.xlsx",
    "office.people": "/desk/office/people",
    "office.new_person": "/desk/office/people/new",
    "office.person": "/desk/office/people/1",
    "office.myself": "/desk/office/me",
    "office.bureau": "/desk/office/bureau",
    "office.setting": "/desk/office/settings/tip.verify_days",
    "office.calendar": "/desk/office/calendar",
    "office.audit_page": "/desk/office/audit",
    "anchors.page": "/desk/anchor/",
    "draws.listing": "/desk/draws/",
    "draws.new": "/desk/draws/new",
    "office_proposals.listing": "/desk/office/proposals/",
    "statistics.page": "/desk/statistics/",
    "statistics.xlsx": "/desk/statistics/statistics.xlsx",
    "statistics.pdf": "/desk/statistics/statistics.pdf",
    "fines.page": "/desk/statistics/fines/",
    "many.page": "/desk/many/",
    "custody.home": "/desk/custody/",
    "casefile.sample_page": "/desk/casefile/sample",
    "reading.all_faults": "/desk/reading/",
    "triage.burst_page": "/desk/reports/burst",
    "archive.due": "/desk/archive/",
    "archive.batches": "/desk/archive/batches",
    "archive.destroyed": "/desk/archive/destroyed",
    "archive.handovers": "/desk/archive/handover",
    "printing.queue": "/desk/print/",
}


SPAN = "?since=2020-01-01&until=2099-01-01"


def ordered(client: FlaskClient, step: str, chosen: Sequence[Walk], **form: Any) -> Job:
    data = {"step": step, "docket": [w.docket_id for w in chosen], "go": "1", **form}
    answer = client.post("/desk/many/", data=data)
    assert answer.status_code == 302, re.findall(r'class="error"[^>]*>(.*?)</p>', answer.text)
    while tick()["batches"]:
        pass
    mine = select(Job).where(Job.kind == "many")
    return db.session.scalars(mine.order_by(Job.id.desc()).limit(1)).one()


def states(batch: Job) -> list[str]:
    return [r["state"] for r in batch.result["results"]]


def approve_all(team: Team, step: str) -> int:
    """The leader approves every open proposal of a step, by hand."""
    rows = db.session.scalars(
        select(Proposal).where(Proposal.step == step, Proposal.state == "open")
    ).all()
    for row in rows:
        perform(
            Intent(
                row.docket_id,
                step,
                team.leader,
                today(),
                row.track,
                "approve",
                {"opinion": "同意。"},
            )
        )
    tick()
    return len(rows)
