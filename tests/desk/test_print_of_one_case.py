"""From a case that waits for its signed sheets the page of printing shows that case alone, and
leads back to it."""

import re
from io import BytesIO

from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Docket
from casework.papers.models import Paper
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.store import db
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive
from tests.support.archive import hand_in, photographed, stack
from tests.support.desk import SignIn


def code_of(case: Walk) -> str:
    db.session.rollback()
    return db.session.scalars(select(Docket.code).where(Docket.id == case.docket_id)).one()


def boxes(page: str) -> dict[str, bool]:
    """Boxes of papers, and whether they are ticked."""
    found = re.findall(r'<input type="checkbox"\s+name="paper"\s+value="(\d+)"([^>]*)>', page)
    return {number: "checked" in rest for number, rest in found}


def test_only_its_papers_stand_there_and_what_lacks_a_signature_is_ticked(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    case = drive(case_of(team, bureau), "interview")
    drive(case_of(team, bureau), "file")
    page = sign_in("officer1").get(f"/desk/print/?docket={code_of(case)}").text
    papers = db.session.scalars(select(Paper).where(Paper.docket_id == case.docket_id)).all()
    signed = {str(p.id) for p in papers if procedure().papers[p.kind].signed}
    assert signed
    assert boxes(page) == {str(p.id): str(p.id) in signed for p in papers}


def test_whoever_hands_in_its_sheets_is_led_back_to_it(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    case = drive(case_of(team, bureau), "interview")
    officer, code = sign_in("officer1"), code_of(case)
    wanted = [n for n, on in boxes(officer.get(f"/desk/print/?docket={code}").text).items() if on]
    printed = officer.post("/desk/print/", data={"paper": wanted}).data
    answer = handed_in(officer, stack(*photographed(printed)), code)
    assert answer == f"/desk/dockets/{code}/next"
    assert "份文书" in hand_in(officer, stack(*photographed(printed)))


def handed_in(client: FlaskClient, data: bytes, code: str) -> str:
    sent = {"file": (BytesIO(data), "s.pdf"), "docket": code}
    answer = client.post("/desk/print/scan", data=sent, content_type="multipart/form-data")
    return answer.location


def test_a_case_that_one_does_not_see_leads_nowhere(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    page = sign_in("officer1").get("/desk/print/?docket=C1999-1")
    assert page.status_code == 200
    assert boxes(page.text) == {}
