"""Every value that a form asked for stands on the pages of whoever must act on it, drawn from the
form that asked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from wtforms import StringField

from casework.acts.facts import gather
from casework.desk import form_answers
from casework.docket.models import Docket, Recusal
from casework.intake.receive import receive
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from forms import answers
from forms.intake import Receive, recorded
from forms.registry import all_forms
from forms.tip import TipForm
from tests.acts.roads import FIRM
from tests.support.desk import SignIn, code, sent
from tests.support.told import missing, values_for

MORE = {
    "kinds": ["ordered", "reprisal"],
    "form": "B103-2表",
    "period": "2025年3月",
    "deadline": (today() + timedelta(400)).isoformat(),
    "needs_reply": "y",
    "earlier": "丰统线〔2020〕9号",
    "narrative": "第一行。\n第二行。",
}


def typed(channel: str) -> dict[str, object]:
    """All that a channel asks, filled in."""
    return sent(channel, **{k: v for k, v in MORE.items() if hasattr(Receive, k)})


def newest() -> Docket:
    return db.session.scalars(select(Docket).order_by(Docket.id.desc()).limit(1)).one()


def first_words(docket: Docket) -> dict[str, object]:
    return dict(gather(db.session(), vault(), docket).acts[0].asked)


def pages(client: FlaskClient, docket: Docket) -> dict[str, str]:
    """The docket's page, and those of the steps that it offers."""
    address = f"/desk/dockets/{docket.code}"
    page = client.get(address).text
    steps = re.findall(rf'href="({address}/report/[a-z_]+)"', page)
    assert steps
    return {where: client.get(where).text for where in (address, *steps)}


@pytest.mark.parametrize("channel", sorted(recorded()))
def test_what_a_channel_asked_is_on_the_pages_of_who_acts_next(
    team: Team, sign_in: SignIn, channel: str
) -> None:
    """The clerk registers, the leader instructs, the head accepts: each finds every value, on the
    docket and at the step."""
    answer = sign_in("clerk").post("/desk/reports/new", data=typed(channel))
    assert answer.status_code == 200
    tick()
    docket = newest()
    told = first_words(docket)
    asked_for = {"kinds", "narrative", "subject", *recorded()[channel].asks}
    assert asked_for <= {k for k, v in told.items() if v not in (None, "", [])}
    for who in ("clerk", "leader", "head"):
        for where, page in pages(sign_in(who), docket).items():
            assert missing(page, Receive, told) == [], (who, where)
        if who == "clerk":
            road.register(Walk(team, docket.id, today()))
    for label in recorded()[channel].called.values():
        assert label.zh in page


def test_the_officer_of_the_case_reads_what_the_tip_says_and_others_do_not(
    team: Team, sign_in: SignIn
) -> None:
    bureau, start = db.session.scalars(select(Bureau)).one(), road.later(today(), -9)
    told = {
        "channel": "web",
        "subject": FIRM["name"],
        **values_for(TipForm, "某"),
        "narrative": "账在老仓库",
    }
    told = {
        k: v
        for k, v in told.items()
        if k not in ("website", "name", "contact", "files", "identity", "township")
    }
    report = Walk(team, 0, start)
    report.docket_id = receive(bureau, told, on=start, now=report.now).docket_id
    road.register(report)
    report.take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = report.case()
    case.take("assign", {"assigned": list(team.officers)})
    tick()
    address = f"/desk/dockets/{code(case)}"
    for who in ("officer1", "head", "leader"):
        assert missing(sign_in(who).get(address).text, TipForm, told) == [], who
    legal = sign_in("legal").get(address)  # sees cases, and no tip
    assert legal.status_code == 200
    assert "账在老仓库" not in legal.text
    with writing() as session:
        session.add(Recusal(docket_id=report.docket_id, person_id=team.officers[0]))
    assert "账在老仓库" not in sign_in("officer1").get(address).text


def test_every_form_of_the_registry_comes_out_whole(
    app: Flask,
    docketed: tuple[Walk, Walk],
) -> None:
    """Each field of each step's form, with an answer made up for it."""
    facts = gather(db.session(), vault(), db.session.get_one(Docket, docketed[1].docket_id))
    lost = {}
    with app.test_request_context():
        for step in procedure().steps.values():
            if not step.asks or "correct" in step.does:
                continue
            form = all_forms()[step.asks]
            told = values_for(form, "某")
            assert told or form.__name__ == "StepForm"
            text = "\n".join(
                f"{name} {value}" for name, value in form_answers.asked_rows(facts, step, told)
            )
            lost[step.id] = missing(text, form, told)
    assert {step: gone for step, gone in lost.items() if gone} == {}
    assert len(lost) > 80


def test_a_field_that_is_added_to_a_form_is_seen_without_anything_else(
    team: Team, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the tip's page, at its next steps, with its proposal, and on the page of its case."""
    monkeypatch.setattr(Receive, "witness", StringField("见证人"), raising=False)
    monkeypatch.setattr(answers, "_FIELDS", {})
    client = sign_in("clerk")
    assert 'name="witness"' in client.get("/desk/reports/new?channel=phone").text
    assert (
        client.post("/desk/reports/new", data={**typed("phone"), "witness": "邻居老冉"}).status_code
        == 200
    )
    tick()
    docket = newest()
    report = Walk(team, docket.id, today())
    road.register(report)
    for where, page in pages(sign_in("head"), docket).items():
        assert "<dt>见证人</dt><dd>邻居老冉</dd>" in page, where
    report.take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = report.case()
    assert "邻居老冉" in sign_in("head").get(f"/desk/dockets/{code(case)}").text
