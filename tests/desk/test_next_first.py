"""Which of the steps that can be taken stands first on a docket's page, as the blue button."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Docket
from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Team
from tests.acts.roads import START, case_of

SignIn = Callable[[str], FlaskClient]
FIRST = re.compile(r'<ul class="next"><li><a class="button" href="[^"]*/([a-z_]+)"')


def first_of(page: str) -> str:
    found = FIRST.search(page)
    return found[1] if found else ""


def test_a_tip_is_registered_before_it_is_linked(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    """An open case of the bureau is no reason to link the next tip to it; accepting and refusing wait for the registration."""
    case_of(team, bureau)
    payload = {"channel": "phone", "subject": "同一企业", "subject_kind": "enterprise", "narrative": "少报",
               "survey_by": "bureau"}  # fmt: skip
    second = receive(bureau, payload, actor_id=team.clerk, on=START)
    code = db.session.scalars(select(Docket.code).where(Docket.id == second.docket_id)).one()
    clerk = sign_in("clerk")
    assert first_of(clerk.get(f"/desk/dockets/{code}").text) == "register"
