"""A lost receipt code: two officers compare facts, one new code comes, the old one dies."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.errors import NotAllowed
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Act, Docket
from casework.informants import codes
from casework.informants.models import Receipt
from casework.intake.receive import Received, receive
from casework.people.may import today
from casework.people.models import Bureau, OfficeEntry
from casework.public import dialogue, lost_code
from casework.store import db
from casework.upkeep.walk import Team, Walk
from tests.informants.sealed import somebody

SignIn = Callable[[str], FlaskClient]
ASKED = {"agreed": ["when", "words", "survey"], "how": "visit", "account": "三项均与登记一致。"}


@pytest.fixture
def report(team: Team, bureau: Bureau) -> Received:
    payload = {
        "channel": "web",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "虚报产值",
    }
    return receive(db.session.get_one(Bureau, bureau.id), payload)


def test_after_two_agreed_one_new_code_comes_and_the_old_one_dies(
    team: Team, report: Received
) -> None:
    assert not lost_code.new_code_waits(report.docket_id)
    assert lost_code.replace_code(somebody(team, "clerk"), report.docket_id) is None
    Walk(team, report.docket_id, today()).take("renew_code", ASKED, "report")
    acts = db.session.scalars(select(Act).where(Act.step == "renew_code").order_by(Act.seq)).all()
    assert [a.verb for a in acts] == ["propose", "done"]
    assert acts[0].actor_id != acts[1].actor_id
    assert dialogue.docket_of(report.code) == report.docket_id  # until the new one is made
    code = lost_code.replace_code(somebody(team, "clerk"), report.docket_id)
    assert code
    assert dialogue.docket_of(report.code) is None
    ended = codes.exchanged(report.code)
    assert ended is not None
    assert (ended.docket_id, ended.on) == (report.docket_id, today())
    assert dialogue.docket_of(code) == report.docket_id
    assert db.session.get_one(Receipt, report.docket_id).must_change  # the clerk has seen it
    assert lost_code.replace_code(somebody(team, "clerk"), report.docket_id) is None
    assert db.session.scalars(
        select(OfficeEntry.what).where(OfficeEntry.what == "receipt.renew")
    ).all()


def test_nobody_agrees_with_themselves_and_one_alone_is_not_enough(
    team: Team, report: Received
) -> None:
    perform(Intent(report.docket_id, "renew_code", team.clerk, today(), "report", "take", ASKED))
    assert not lost_code.new_code_waits(report.docket_id)
    for person in (team.clerk, team.officers[0], team.leader):
        with pytest.raises(NotAllowed):
            perform(
                Intent(report.docket_id, "renew_code", person, today(), "report", "approve", {})
            )


def test_on_the_pages(team: Team, report: Received, sign_in: SignIn) -> None:
    code = db.session.get_one(Docket, report.docket_id).code
    path = f"/desk/dockets/{code}/report/renew_code"
    clerk = sign_in("clerk")
    few = {**ASKED, "on": today().isoformat(), "agreed": ["when", "words"]}
    answer = clerk.post(path, data=few)
    assert answer.status_code == 422
    assert "至少三项" in answer.text
    assert clerk.get(f"/desk/dockets/{code}/new-code").status_code == 404
    assert clerk.post(path, data={**few, "agreed": ASKED["agreed"]}).status_code == 302
    head = sign_in("head")
    link = re.search(
        r'href="(/desk/dockets/[^"]+/proposals/\d+)"', head.get(f"/desk/dockets/{code}").text
    )
    assert link
    assert "三项均与登记一致" in head.get(link[1]).text
    head.post(link[1], data={"verb": "approve", "opinion": "同意。"})
    assert head.post(f"/desk/dockets/{code}/new-code").status_code == 403
    clerk = sign_in("clerk")
    assert f"/desk/dockets/{code}/new-code" in clerk.get(f"/desk/dockets/{code}").text
    made = clerk.post(f"/desk/dockets/{code}/new-code")
    shown = re.search(r'id="code">([\d ]+)<', made.text)
    assert shown
    assert made.headers["Cache-Control"] == "no-store"
    assert dialogue.docket_of(shown[1].replace(" ", "")) == report.docket_id
    assert clerk.post(f"/desk/dockets/{code}/new-code").status_code == 409
    assert sign_in("officer1").post(f"/desk/dockets/{code}/new-code").status_code == 404
    assert db.session.get_one(Receipt, report.docket_id)
