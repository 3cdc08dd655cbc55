"""What people are told of themselves: what was assigned to them, what came back or was approved,
which deadlines are near. Each once."""

from datetime import timedelta

from sqlalchemy import select, update

from casework.docket.models import Clock
from casework.docket.work import Notice
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep import due_notices
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive
from tests.support.counted import counted
from tests.support.desk import SignIn, code


def told(topic: str) -> dict[int, int]:
    """Of how many each person is told."""
    db.session.rollback()
    rows = db.session.scalars(select(Notice).where(Notice.topic == topic)).all()
    assert len({n.person_id for n in rows}) == len(rows)
    return {n.person_id: n.data["count"] for n in rows}


def test_whoever_is_assigned_is_told_and_nobody_twice(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    case = drive(case_of(team, bureau), "assign")
    first, second = team.officers
    assert told("assigned") == {first: 1, second: 1}
    page = sign_in("officer1").get("/desk/").text
    assert "新指派您承办 1 件" in page
    third = team.others["officer3"]
    case.take("assign", {"assigned": [first, third]})
    assert told("assigned") == {first: 1, second: 1, third: 1}


def test_what_came_back_and_what_was_approved_is_told_to_who_proposed_it(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    case = docketed[1]
    before = told("approved").get(case.team.officers[0], 0)
    case._do("file", "main", "return", {"opinion": "请补充依据。"}, case.team.leader, None)
    assert told("returned") == {case.team.officers[0]: 1}
    page = sign_in("officer1").get("/desk/").text
    assert "您呈报的 1 件被退回补正" in page
    assert f"/desk/dockets/{code(case)}" in page
    assert told("approved").get(case.team.officers[0], 0) == before
    assert case.team.leader not in {*told("returned"), *told("approved")}


def test_deadlines_are_told_three_days_before_on_the_day_and_after_it(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    drive(case_of(team, bureau), "assign")
    with writing() as session:
        session.execute(update(Clock).values(due=today()))
        session.execute(update(Clock).where(Clock.rule != "verify").values(state="met"))
    days = {n: due_notices.note_due(today() + timedelta(n)) for n in range(-5, 4)}
    assert {n for n, count in days.items() if count} == {-3, 0, 1}
    assert due_notices.note_due(today() + timedelta(1)) == 0
    rows = db.session.scalars(select(Notice).where(Notice.topic == "due_days")).all()
    assert sorted(n.person_id for n in rows) == sorted(team.officers)  # the newest alone is unseen
    assert {n.data["over"] for n in rows} == {1}
    assert "昨日到期未办 1 件" in sign_in("officer1").get("/desk/").text


def test_what_nobody_handles_yet_is_told_to_who_assigns_it(team: Team, bureau: Bureau) -> None:
    case_of(team, bureau)
    with writing() as session:
        session.execute(update(Clock).values(due=today()))
    due_notices.note_due(today())
    rows = db.session.scalars(select(Notice).where(Notice.topic == "due_days")).all()
    assert team.head in {n.person_id for n in rows}
    assert not set(team.officers) & {n.person_id for n in rows}


def test_many_deadlines_take_no_more_statements(team: Team, bureau: Bureau) -> None:
    numbers = []
    for _times in range(2):
        drive(case_of(team, bureau), "assign")
        with writing() as session:
            session.execute(update(Clock).values(due=today()))
            session.execute(update(Notice).values(topic="new_tips", data={"count": 1}))
        with counted() as seen:
            due_notices.note_due(today())
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]
