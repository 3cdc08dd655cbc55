"""A docket with an entry that somebody meddled with can be looked at, and nothing else."""

from __future__ import annotations

import pytest

from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.journal import UnreadEntry
from casework.docket.models import Act, Docket
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, facts_of
from tests.acts.whole import faults
from tests.support.desk import SignIn, code
from tests.support.forged import forge

UNREAD = "第2条记录可能被改动：办理效果无法读取"


@pytest.fixture
def case(team: Team, bureau: Bureau) -> Walk:
    """A case with officers, whose second entry they are."""
    case = case_of(team, bureau)
    case.take("assign", {"assigned": list(team.officers)})
    return case


def meddle(case: Walk, effects: str) -> None:
    """Other effects stand in the second entry of the journal."""
    of = f"docket_id = {case.docket_id} AND seq = 2"
    forge(f"UPDATE act SET effects = '{effects}' WHERE {of}")


@pytest.mark.parametrize(
    "effects",
    [
        '"x"',
        "[1]",
        "[{}]",
        "null",
        '[{"do": 5}]',
        '[{"do": "clock.start"}]',
        '[{"do": "clock.extend", "clock": 1, "due": "2026-13-40"}]',
    ],
)
def test_the_page_opens_and_says_in_red_which_entry_cannot_be_read(
    case: Walk, sign_in: SignIn, effects: str
) -> None:
    meddle(case, effects)
    address = f"/desk/dockets/{code(case)}"
    for login in ("head", "officer1", "auditor"):
        page = sign_in(login).get(address)
        assert page.status_code == 200, login
        assert f'<p class="refused error" role="alert">{number(case)}{UNREAD}' in page.text
        assert 'id="journal"' in page.text
        assert f"{address}/main/" not in page.text, "a step is offered"


def number(case: Walk) -> str:
    """The docket's number."""
    return db.session.get_one(Docket, case.docket_id).number


def test_no_step_is_taken_and_every_other_page_is_shut(case: Walk, sign_in: SignIn) -> None:
    meddle(case, "[1]")
    officer = sign_in("officer1")
    address = f"/desk/dockets/{code(case)}"
    for page in (f"{address}/main/plan_verification", f"/desk/casefile/{code(case)}"):
        shut = officer.get(page)
        assert (shut.status_code, UNREAD in shut.text) == (422, True), page
    plan = {"on": case.day.isoformat(), "whom": "某厂", "how": "现场核查"}
    before = newest(case)
    assert officer.post(f"{address}/main/plan_verification", data=plan).status_code == 422
    with pytest.raises(UnreadEntry, match="entry 2: its effects cannot be read"):
        perform(
            Intent(
                case.docket_id, "plan_verification", case.team.officers[0], case.day, "main", "take"
            ),
            case.now,
        )
    db.session.rollback()
    assert newest(case) == before
    assert "broken" in {fault.what for fault in faults()}


def newest(case: Walk) -> int:
    """The number of the newest entry."""
    query = db.session.query(Act.seq).filter(Act.docket_id == case.docket_id)
    return int(query.order_by(Act.seq.desc()).limit(1).scalar())


def test_an_entry_whose_words_do_not_open_is_named(case: Walk, sign_in: SignIn) -> None:
    """Its page shows the entries alone."""
    of = f"SELECT id FROM act WHERE docket_id = {case.docket_id} AND seq = 2"
    forge(f"UPDATE act_body SET body = salt WHERE act_id = ({of})")
    page = sign_in("head").get(f"/desk/dockets/{code(case)}")
    assert page.status_code == 422
    assert "第2条记录可能被改动：记录内容无法读取" in page.text


def test_a_docket_that_can_be_read_says_nothing_of_it(case: Walk, sign_in: SignIn) -> None:
    assert facts_of(case).unread == ()
    page = sign_in("head").get(f"/desk/dockets/{code(case)}")
    assert (page.status_code, "可能被改动" in page.text) == (200, False)
