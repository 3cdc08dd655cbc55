"""The demonstration shows a named tip, its identity opened, and papers searched for the name
meanwhile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.errors import Refused
from casework.docket.models import Docket
from casework.identity import opening, requests
from casework.informants.models import Identity, IdentityRequest
from casework.people.may import today
from casework.people.models import Bureau, Person
from casework.store import db
from casework.upkeep import demo
from casework.upkeep.walk import Team, Walk


@pytest.fixture
def tips(team: Team, bureau: Bureau) -> list[Docket]:
    if not db.session.scalar(select(demo.Unit).limit(1)):
        demo.make_units(bureau.id)
    demo.custodian_key(team)
    units = list(db.session.scalars(select(demo.Unit).limit(3)))
    demo.named_tips(db.session.get_one(Bureau, bureau.id), team, units)
    return list(
        db.session.scalars(
            select(Docket).join(Identity, Identity.docket_id == Docket.id).order_by(Docket.id)
        )
    )


def test_the_demonstration_has_named_tips_whose_names_stop_papers_while_open(
    team: Team, tips: list[Docket]
) -> None:
    assert len(tips) == len(demo.INFORMANTS)
    head, keeper = (
        db.session.get_one(Person, team.others[login]) for login in ("head", "custodian")
    )
    word = requests.ask(head, tips[0].id, "核实账外数据来源。", 4)
    request = db.session.scalars(select(IdentityRequest.id)).one()
    requests.grant(keeper, request, demo.KEY_PASSWORD)
    opened = opening.read_identity(head, request, word)
    assert opened.who["name"] == demo.INFORMANTS[0][1]
    walk = Walk(team, tips[0].id, today())
    with pytest.raises(Refused, match="informant_on_paper"):
        walk.take("register", {"proposal": f"{demo.INFORMANTS[0][1]}当面反映，建议受理。"})
    walk.take("register", {"proposal": "建议受理。"})


def test_the_sign_in_page_says_that_the_key_is_only_for_showing(
    app: Flask, client: FlaskClient
) -> None:
    app.config["DEMO"] = True
    (Path(app.instance_path) / "demo").write_text(
        json.dumps(demo.shown_people(), ensure_ascii=False), "utf-8"
    )
    with app.test_request_context():
        address = url_for("people.signin")
    page = client.get(address).text
    assert demo.KEY_PASSWORD in page
    assert "正式使用" in page
    app.config["DEMO"] = False
    assert demo.KEY_PASSWORD not in client.get(address).text
