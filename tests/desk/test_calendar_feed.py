"""日历订阅: the calendar of one's own days, under an address that its owner can take back."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, text

from casework.docket.models import Docket
from casework.people.may import today
from casework.people.models import Bureau, CalendarAddress, OfficeEntry, Person
from casework.store import db, writing
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from casework.web.calendar_file import Event, calendar_file
from tests.acts.roads import FIRM, case_of, drive
from tests.support.counted import counted
from tests.support.desk import SignIn
from tests.support.settings import confirm_setting

MADE = "/desk/office/me/calendar"


def address(client: FlaskClient) -> str:
    """A new address, as its page shows it."""
    shown = re.search(r"http://localhost(/calendar/[\w-]+\.ics)", client.post(MADE).text)
    assert shown
    return shown[1]


def events(client: FlaskClient, at: str) -> list[tuple[date, str]]:
    """Day and words of each event; lines unfolded as a calendar does."""
    answer = client.get(at)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    whole = answer.data.decode().replace("\r\n ", "")
    assert "\n" not in whole.replace("\r\n", "")
    found = re.findall(r"DTSTART;VALUE=DATE:(\d{8})\r\n.*?SUMMARY:(.*?)\r\n", whole, re.S)
    return [
        (datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date(), said) for day, said in found
    ]


def test_an_officer_reads_the_days_of_their_cases_without_signing_in(
    team: Team, bureau: Bureau, sign_in: SignIn, client: FlaskClient
) -> None:
    with time_machine.travel(datetime(2025, 9, 1, 4, tzinfo=UTC), tick=False) as hand:
        case = case_of(team, bureau)
        drive(case, "file")
        hand.move_to(case.now)
        tick()
        numbers = db.session.scalars(select(Docket.number)).all()  # the case and its tip
        assert db.session.get_one(Docket, case.docket_id).number in numbers
        mine, others = address(sign_in("officer1")), address(sign_in("officer3"))
        client.post("/signout")
        found = events(client, mine)
        assert found
        assert all(day >= today() - timedelta(30) for day, _said in found)
        assert all(said.startswith(tuple(numbers)) for _day, said in found)
        case_of(team, bureau, {**FIRM, "name": "重庆旁人商贸有限公司"})
        tick()
        assert events(client, mine) == found  # nothing of a docket that is not theirs
        assert not any(FIRM["name"] in said for _day, said in found)
        assert events(client, others) == []
        with counted() as seen:
            client.get(mine)
        assert len(seen) <= 12
        confirm_setting(
            db.session.get_one(Person, team.others["head"]), "calendar.names", "on", today()
        )
        assert all(FIRM["name"] in said for _day, said in events(client, mine))


def test_an_address_ends_when_it_is_taken_back_or_its_owner_leaves(
    team: Team, sign_in: SignIn, client: FlaskClient
) -> None:
    officer = sign_in("officer1")
    first = address(officer)
    second = address(officer)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert "设有订阅地址" in officer.get("/desk/office/me").text
    officer.post(f"{MADE}/end")
    assert client.get(second).status_code == 404
    third = address(officer)
    with writing() as session:
        session.get_one(Person, team.others["officer1"]).active = False
    assert client.get(third).status_code == 404
    entries = select(OfficeEntry.what).where(OfficeEntry.what.startswith("calendar."))
    assert db.session.scalars(entries.order_by(OfficeEntry.id)).all() == [
        *["calendar.address"] * 2, "calendar.end", "calendar.address",
    ]  # fmt: skip


def test_whoever_has_the_database_has_no_address(
    team: Team, sign_in: SignIn, client: FlaskClient
) -> None:
    good = address(sign_in("officer1"))
    row = db.session.scalars(select(CalendarAddress)).one()
    assert row.digest not in good
    mine, other = team.others["officer1"], team.others["head"]
    db.session.execute(text(f"UPDATE calendar_address SET person_id = {other}"))
    db.session.commit()
    assert client.get(good).status_code == 404
    assert client.get(good.replace(f"/{mine}-", f"/{other}-")).status_code == 404


@pytest.mark.parametrize("key", ["1", "1-", "x-abc", "99999999999-abc", "１-abc", "-", "1-%00"])
def test_what_is_no_address_is_none(team: Team, client: FlaskClient, key: str) -> None:
    assert client.get(f"/calendar/{key}.ics").status_code == 404


def test_a_line_is_cut_between_characters_and_says_one_thing() -> None:
    words = "丰统案〔2026〕12号 送达；" * 8 + "\r\nBEGIN:VALARM\r\na,b;c\\d"
    made = calendar_file("丰都县统计局", [Event("u", date(2026, 12, 31), words)], datetime.now(UTC))
    lines = made.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() for line in lines if line)
    assert b"BEGIN:VALARM" not in lines
    assert b"DTEND;VALUE=DATE:20270101" in lines
    assert made.decode().replace("\r\n ", "").count("a\\,b\\;c\\\\d") == 1
