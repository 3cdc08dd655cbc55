"""Who sees an answer on the desk stands with the field that asked for it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from wtforms import StringField

from casework.docket.models import Docket
from casework.intake.receive import receive
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.roles import who_may
from casework.store import db
from casework.upkeep.walk import Team
from forms import answers
from forms.base import SeenBy
from forms.tip import TipForm
from tests.acts.roads import tip
from tests.support.desk import SignIn

REPLY = "您反映的事项不属于本局管辖，请向税务机关反映。"
WHY = "属于税务机关职责。"


def test_what_the_informant_reads_is_shown_to_whoever_reads_messages(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """In the proposal, in the journal and on the page of the docket."""
    assert "auditor" not in who_may("message.see")
    told = tip(team, bureau)
    asked = {"ground": "not_statistics", "opinion": WHY, "reply": REPLY, "destination": "税务局"}
    told.propose("decline", asked, "report")
    docket = db.session.scalars(select(Docket).where(Docket.id == told.docket_id)).one()
    address = f"/desk/dockets/{docket.code}"
    seq = docket.last_seq
    for login, sees in (("head", True), ("auditor", False)):
        client = sign_in(login)
        for page in (address, f"{address}/proposals/{seq}"):
            text = client.get(page).text
            assert WHY in text, (login, page)
            assert (REPLY in text) == sees, (login, page)


def test_what_the_public_form_asks_is_shown_to_whoever_may_see_it(
    team: Team, bureau: Bureau, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came over the public form is kept back as that form's own field says."""
    asked = StringField("Which month or year", [SeenBy("audit.see")])
    monkeypatch.setattr(TipForm, "period", asked)
    monkeypatch.setattr(answers, "_FIELDS", {})
    told = {"channel": "web", "subject": "某厂", "narrative": "少报", "period": "二月的报表"}
    docket = db.session.get_one(Docket, receive(bureau, told, on=today()).docket_id)
    for login, sees in (("auditor", True), ("clerk", False), ("head", False)):
        text = sign_in(login).get(f"/desk/dockets/{docket.code}").text
        assert "少报" in text, login
        assert ("二月的报表" in text) == sees, login
