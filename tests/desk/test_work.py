"""«该我办»: what waits for somebody, whatever their role, stands once on their first page."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update

from casework.acts.facts import gather
from casework.docket import my_work
from casework.docket.models import Docket, Recusal
from casework.docket.turns import TurnRow
from casework.people import clock
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, table, utcnow, writing
from casework.upkeep import outbox, road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import case_of, drive
from tests.support.counted import counted
from tests.support.desk import SignIn, code

PEOPLE = ("clerk", "officer1", "officer2", "head", "legal", "leader", "publisher")


def block(client: FlaskClient, name: str, address: str = "/desk/") -> str:
    """One block of the first page; "" where it is not there."""
    db.session.rollback()
    page = client.get(address).text
    found = re.search(rf'<(section|details)[^>]* id="{name}">(.*?)</\1>', page, re.S)
    return found[2] if found else ""


def acts(client: FlaskClient, walk: Walk, name: str = "work") -> list[str]:
    """What stands there to be done about a docket, in words."""
    rows = re.findall(r"<tr data-href.*?</tr>", block(client, name), re.S)
    mine = [row for row in rows if f"/desk/dockets/{code(walk)}" in row]
    return [" ".join(re.sub("<[^>]+>", " ", row.split("<br>")[0]).split()) for row in mine]


@pytest.fixture
def at() -> Iterator[Callable[[Walk], Walk]]:
    """Bring today to the day on which a case stands, and let its round go by."""
    with time_machine.travel(START, tick=False) as traveller:

        def move(walk: Walk) -> Walk:
            traveller.move_to(walk.now)
            clock.note_round(utcnow())  # rounds went on meanwhile
            tick()
            return walk

        yield move


At = Callable[[Walk], Walk]


def on_all_pages(sign_in: SignIn, walk: Walk) -> dict[str, list[str]]:
    found = {login: acts(sign_in(login), walk) for login in PEOPLE}
    return {login: some for login, some in found.items() if some}


START = datetime(2025, 9, 1, 6, 30, tzinfo=UTC)
STOPS = [
    ("", ["head"], "指派承办人员"),
    ("assign", ["officer1", "officer2"], "核对数据"),
    ("report", ["officer1", "officer2"], "立案"),
    ("conclude", ["officer1", "officer2"], "制发处罚事先告知书"),
    ("defence", ["officer1", "officer2"], "复核陈述申辩"),
    ("no_review_due", ["officer1", "officer2"], "作出处罚决定"),
]


@pytest.mark.parametrize(("stop", "who", "act"), STOPS)
def test_what_waits_stands_with_those_who_do_it(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At, stop: str, who: list[str], act: str
) -> None:
    case = case_of(team, bureau)
    at(drive(case, stop) if stop else case)
    assert on_all_pages(sign_in, case) == {login: [act] for login in who}


def test_after_the_decision_clerk_publisher_and_officers_have_their_part(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    case = at(drive(case_of(team, bureau), "served"))
    found = on_all_pages(sign_in, case)
    assert found["clerk"] == ["登记缴款（到后办理）"]
    assert found["publisher"] == ["处罚公示审批"]
    assert not {"officer1", "officer2"} & found.keys()  # who wait for the payment
    assert code(case) in block(sign_in("officer1"), "awaited") + block(sign_in("officer1"), "week")
    at(case.at(road.later(case.day, 20)))
    assert "催告" in "".join(on_all_pages(sign_in, case)["officer1"])


def test_a_proposal_waits_for_its_approver_and_comes_back_to_its_proposer(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    case = docketed[1]
    tick()
    assert on_all_pages(sign_in, case) == {"leader": ["审批：立案"]}
    waiting = block(sign_in("officer1"), "awaited") + block(sign_in("officer1"), "week")
    assert code(case) in waiting
    case._do("file", "main", "return", {"opinion": "请补充依据。"}, case.team.leader, None)
    back = {"officer1": ["补正后重新呈报：立案"], "officer2": ["立案"]}
    assert on_all_pages(sign_in, case) == back


def test_a_large_case_waits_for_the_reviewer_and_the_panel(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    case = at(drive(case_of(team, bureau), "reviewed", 6_000_000))
    assert on_all_pages(sign_in, case) == {"legal": ["法制审核"]}


def test_nothing_stands_twice(team: Team, bureau: Bureau, sign_in: SignIn, at: At) -> None:
    """A docket on which I have to do something is in no other block, whatever its deadlines."""
    case = at(drive(case_of(team, bureau), "assign"))
    for days in (-90, -1, 3):
        with writing() as session:
            due = today() + timedelta(days)
            session.execute(update(Docket).values(next_due=due))
            session.execute(update(TurnRow).values(due=due))
        stands = [
            name
            for name in ("work", "week", "awaited", "long")
            if code(case) in block(sign_in("officer1"), name)
        ]
        assert stands == (["long"] if days == -90 else ["work"])


def test_whoever_is_recused_does_not_see_it(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    case = at(case_of(team, bureau))
    assert on_all_pages(sign_in, case) == {"head": ["指派承办人员"]}
    with writing() as session:
        session.add(Recusal(docket_id=case.docket_id, person_id=team.head))
    assert acts(sign_in("head"), case) == []


def test_head_and_leader_find_what_is_unassigned_and_what_their_team_does(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    first, second = case_of(team, bureau), drive(case_of(team, bureau), "assign")
    for login in ("head", "leader"):
        lists = {
            of: sign_in(login).get(f"/desk/work/?of={of}").text for of in ("unassigned", "team")
        }
        assert code(first) in lists["unassigned"]
        assert code(second) not in lists["unassigned"]
        assert code(second) in lists["team"]
        assert "秦岚、邓一川 · " in lists["team"]  # who has it
    assert sign_in("officer1").get("/desk/work/?of=team").status_code == 404
    for after in ("x", "2026-01-01_1", f"2026-01-01_{10**19}_0", f"2026-01-01_1_{10**19}"):
        assert sign_in("head").get(f"/desk/work/?of=mine&after={after}").status_code == 400


def many(walk: Walk, times: int) -> None:
    """Copies of a docket and of what it waits for."""
    dockets, turns = table(Docket), table(TurnRow)
    with writing() as session:
        of = select(dockets).where(dockets.c.id == walk.docket_id)
        row = dict(session.execute(of).mappings().one())
        found = [
            dict(r)
            for r in session.execute(
                select(turns).where(turns.c.docket_id == walk.docket_id)
            ).mappings()
        ]
        last = session.scalars(select(func.max(dockets.c.id))).one()
        for n in range(1, times + 1):
            new = {"id": last + n, "code": f"C1999-{last + n}", "number": f"第{last + n}号"}
            session.execute(insert(dockets), {**row, **new})
            for turn in found:
                turn.pop("id", None)
                session.execute(insert(turns), {**turn, "docket_id": last + n})


def test_the_first_page_takes_the_same_statements_however_many_dockets_wait(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    case, numbers = at(case_of(team, bureau)), dict[str, list[int]]()
    for times in (10, 190):
        many(case, times)
        for login in ("head", "officer1", "clerk", "publisher"):
            client = sign_in(login)
            client.get("/desk/")
            with counted() as seen:
                client.get("/desk/")
            numbers.setdefault(login, []).append(len(seen))
    assert all(few == most for few, most in numbers.values()), numbers
    assert max(n for some in numbers.values() for n in some) <= 12, numbers


def test_what_does_not_fit_goes_on_on_its_own_page(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    """Twenty on the first page, fifty a page in the list; each docket once."""
    case = at(case_of(team, bureau))
    many(case, 119)
    client = sign_in("head")
    assert len(re.findall("<tr data-href", block(client, "work"))) == 20
    found, address = list[str](), "/desk/work/"
    while address:
        page = client.get(address).text
        found += re.findall(r'<tr data-href="([^"]+)"', page)
        following = re.search(r'<a rel="next"\s+href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(found) == len(set(found)) == 120


def test_a_day_alone_brings_it_about(team: Team, bureau: Bureau, sign_in: SignIn, at: At) -> None:
    """The rows hold until the day is over; a round after it reckons them anew, once."""
    case = at(drive(case_of(team, bureau), "assign"))
    tick()
    with writing() as session:
        session.execute(update(TurnRow).values(step="serve"))
        session.execute(update(Docket).values(turns_until=today() - timedelta(1)))
    assert tick()["turns"] == 2
    assert tick()["turns"] == 0
    assert acts(sign_in("officer1"), case) == ["核对数据"]


def test_an_instance_that_was_upgraded_says_that_the_list_is_being_made(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = at(drive(case_of(team, bureau), "assign"))
    with writing() as session:
        session.query(TurnRow).delete()
        session.execute(update(Docket).values(turns_until=date.min))
    monkeypatch.setattr(my_work, "MANY", 1)
    assert "清单正在生成" in sign_in("officer1").get("/desk/").text
    tick()
    assert "清单正在生成" not in sign_in("officer1").get("/desk/").text
    assert acts(sign_in("officer1"), case) == ["核对数据"]


@pytest.mark.parametrize("gone", [{"step": "gone"}, {"clock": "gone", "step": ""}])
def test_a_row_of_a_step_that_is_no_more_stops_no_page(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At, gone: dict[str, str]
) -> None:
    case = at(drive(case_of(team, bureau), "served"))
    assert on_all_pages(sign_in, case)
    with writing() as session:
        session.execute(update(TurnRow).values(gone))
    assert on_all_pages(sign_in, case) == {}
    for login in PEOPLE:
        for of in ("mine", "long", "awaited"):
            assert sign_in(login).get(f"/desk/work/?of={of}").status_code == 200


def test_no_name_stands_in_the_rows(docketed: tuple[Walk, Walk]) -> None:
    """Steps, roles, ids and days alone."""
    words = [
        str(value)
        for row in db.session.execute(select(table(TurnRow))).mappings()
        for value in row.values()
    ]
    assert words
    assert not any(re.search("[一-鿿]", w) for w in words)


def test_a_case_is_the_officers_to_close_once_its_tip_is_answered(
    team: Team, bureau: Bureau, app: Flask
) -> None:
    """The end of the tip, another docket, lets the next round reckon the case."""
    case = drive(case_of(team, bureau), "served")
    tick(case.now)
    first = Walk(team, linked(case), case.day)
    answer = {"text": "已依法作出处罚决定。", "final": "yes", "internal": ""}
    first.take("answer_informant", answer)
    assert db.session.get_one(Docket, case.docket_id).turns_until == case.day
    outbox.pass_on()
    db.session.rollback()
    assert db.session.get_one(Docket, case.docket_id).turns_until == date.min


def linked(case: Walk) -> int:
    return gather(db.session(), vault(), db.session.get_one(Docket, case.docket_id)).links[0].id


def test_a_docket_stands_once_among_what_i_wait_for(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    """Two days of the party's are two lines of one row."""
    case = at(drive(case_of(team, bureau), "notice_served", 6_000_000))
    with writing() as session:
        session.execute(update(Docket).values(next_due=today() + timedelta(20)))
    rows = re.findall(r"<tr data-href.*?</tr>", block(sign_in("officer1"), "awaited"), re.S)
    mine = [row for row in rows if code(case) in row]
    assert len(mine) == 1
    assert "陈述申辩 — 当事人" in mine[0]
    assert "听证申请 — 当事人" in mine[0]


def test_sheets_that_came_back_signed_are_waited_for_no_more(
    team: Team, bureau: Bureau, sign_in: SignIn, at: At
) -> None:
    """The scanner writes no entry: the next round sees it all the same."""
    case = at(drive(case_of(team, bureau), "served", 0))
    wanted = ["回收签署件（“结案”之前）"]
    assert acts(sign_in("officer1"), case) == wanted
    case.scanned()
    tick()
    assert acts(sign_in("officer1"), case) != wanted
