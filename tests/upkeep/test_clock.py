"""A clock that jumped: time waits until somebody confirms the day; what must leave the public list
leaves it, tips come in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from casework.acts.errors import Refused
from casework.docket.models import Act, Clock, Docket
from casework.informants.models import Draft
from casework.intake.receive import receive
from casework.people import clock
from casework.people.models import Bureau, LastRound, OfficeEntry, OfficeProposal
from casework.store import db, utcnow, writing
from casework.upkeep import tick as clockwork
from casework.upkeep.demo import people
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive
from tests.conftest import Mould, program
from tests.support.desk import sent
from tests.support.forged import forge
from tests.support.public import Person
from tests.support.upkeep import TIP

SignIn = Callable[[str], FlaskClient]
JUMPS = [timedelta(days=400), timedelta(days=365 * 20), timedelta(days=-30), timedelta(days=8)]


@pytest.fixture
def at_work(team: Team) -> Iterator[None]:
    """An instance that has worked until now: a first round took place."""
    tick()
    yield
    db.session.remove()


def jumped(by: timedelta) -> time_machine.travel:
    return time_machine.travel(utcnow() + by, tick=False)


def acts() -> int:
    return db.session.scalar(select(func.count()).select_from(Act)) or 0


def entries(what: str = clock.CONFIRMED) -> list[OfficeEntry]:
    return list(
        db.session.scalars(
            select(OfficeEntry).where(OfficeEntry.what == what).order_by(OfficeEntry.id)
        )
    )


@contextmanager
def worked_until(walk: Walk, more: timedelta) -> Iterator[None]:
    """The program worked on the walk's day; then the clock jumps."""
    with time_machine.travel(walk.now, tick=False) as moved:
        clock.confirm_today()
        tick()
        moved.shift(more)
        yield


def open_windows() -> list[str]:
    return list(
        db.session.scalars(
            select(Clock.rule).where(Clock.state == "open", Clock.rule.in_(clockwork._windows()))
        )
    )


# -- noticed
@pytest.mark.parametrize("by", JUMPS)
def test_a_jump_is_doubted_until_somebody_confirms_the_day(at_work: None, by: timedelta) -> None:
    assert clock.doubt() is None
    with jumped(by):
        doubt = clock.doubt()
        assert doubt is not None
        assert abs(doubt.now - doubt.last - by) < timedelta(minutes=5)
        assert tick()["waits for a person"] == 1
        assert clock.doubt() is not None  # a round does not confirm itself
        clock.confirm_today()
        assert clock.doubt() is None
        assert "waits for a person" not in tick()


@pytest.mark.parametrize("by", [timedelta(hours=47), timedelta(hours=-47), timedelta(0)])
def test_a_weekend_is_no_jump(at_work: None, by: timedelta) -> None:
    with jumped(by):
        assert clock.doubt() is None
        assert "waits for a person" not in tick()


def test_many_quiet_days_of_a_program_that_runs_are_no_jump(at_work: None) -> None:
    """Nobody enters anything over the Spring festival, but rounds go on."""
    with time_machine.travel(utcnow(), tick=False) as moved:
        for _day in range(9):
            moved.shift(timedelta(days=1))
            assert "waits for a person" not in tick()


def test_a_clock_that_is_set_right_needs_nobody(at_work: None) -> None:
    with jumped(timedelta(days=400)):
        tick()
    assert clock.doubt() is None
    assert "waits for a person" not in tick()


def test_a_wrong_day_that_was_confirmed_is_asked_about_again_when_the_clock_is_set_right(
    at_work: None,
) -> None:
    with jumped(timedelta(days=400)):
        clock.confirm_today()
        tick()
    assert clock.doubt() is not None
    assert tick()["waits for a person"] == 1
    clock.confirm_today()
    assert clock.doubt() is None
    assert [e.details["shown"] < e.details["last_round"] for e in entries()] == [False, True]


def test_a_new_instance_asks_nobody(app: Flask) -> None:
    assert clock.doubt() is None
    assert "waits for a person" not in tick()
    people()
    assert clock.doubt() is None


# -- what waits and what does not
def test_no_right_ends_by_a_wrong_clock(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "served")
    with worked_until(case, timedelta(days=400)):
        windows, before = open_windows(), acts()
        assert windows
        tick()
        assert acts() == before
        assert open_windows() == windows
        clock.confirm_today()
        tick()
        assert acts() > before
        assert not set(open_windows()) & set(windows)


def test_what_must_leave_the_public_list_leaves_it(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "served")
    case.take("approve_publication", {"influence": "有", "summary": "事实"})
    case.take("publish", {"note": ""}, "publication-1")
    with worked_until(case, timedelta(days=400)):
        assert tick()["acts"] == 1
        newest = db.session.scalars(select(Act.step).order_by(Act.id.desc()).limit(1)).one()
        assert newest == "unpublish"


def test_nothing_is_thrown_away_by_a_wrong_clock(client: FlaskClient, at_work: None) -> None:
    Person(client).post("save")
    kept = db.session.scalar(select(func.count()).select_from(Draft))
    assert kept
    with jumped(timedelta(days=400)):
        tick()
        assert db.session.scalar(select(func.count()).select_from(Draft)) == kept


@pytest.mark.parametrize("by", JUMPS)
def test_tips_come_in(bureau: Bureau, at_work: None, by: timedelta) -> None:
    with jumped(by):
        tick()
        made = receive(bureau, TIP)
        assert db.session.get_one(Docket, made.docket_id).number


@pytest.mark.parametrize("by", JUMPS)
def test_no_step_is_dated_by_a_wrong_clock(
    team: Team, bureau: Bureau, at_work: None, by: timedelta
) -> None:
    """Whether it makes a paper or counts days: the simplest rule is that all wait."""
    from casework.acts.intent import Intent
    from casework.acts.perform import perform
    from casework.people.may import today

    made = receive(bureau, TIP)
    with jumped(by):
        register = Intent(
            made.docket_id, "register", team.clerk, today(), "report", "take", {"note": ""}
        )
        with pytest.raises(Refused) as error:
            perform(register)
        assert [r.check for r in error.value.refusals] == ["clock_doubted"]
        clock.confirm_today()
        if by > timedelta(0):  # a day before the tip came is refused for what it is
            assert perform(register).verb == "take"


def test_whoever_sets_the_clock_ahead_shortens_no_emergency(app: Flask, at_work: None) -> None:
    """The owner of the machine gives a role, and sets the clock past the 72 hours in which others
    may refuse it."""
    given = app.test_cli_runner().invoke(
        args=["people", "give", "clerk", "leader", "--why", "紧急"]
    )
    assert given.exit_code == 0, given.output
    with jumped(timedelta(hours=73)):
        assert "emergencies" not in tick()
        waits = db.session.scalars(select(OfficeProposal.state)).all()
        assert waits == ["waiting"]
        clock.confirm_today()
        assert tick()["emergencies"] == 1


# -- who confirms
def test_every_page_says_so_and_one_button_confirms(sign_in: SignIn, at_work: None) -> None:
    with jumped(timedelta(days=8)):
        officer = sign_in("officer1")
        for page in ("/desk/", "/desk/cases"):
            assert 'id="clock"' in officer.get(page).text
        assert "/desk/clock/" not in officer.get("/desk/").text
        assert (
            officer.post("/desk/clock/", data={"day": utcnow().date().isoformat()}).status_code
            == 403
        )
        client = sign_in("admin")
        page = client.get("/desk/").text
        assert 'action="/desk/clock/"' in page
        day = page.split('name="day" value="')[1][:10]
        assert client.post("/desk/clock/", data={"day": "2020-01-01"}).status_code == 302
        assert clock.doubt() is not None
        client.post("/desk/clock/", data={"day": day})
        assert 'id="clock"' not in client.get("/desk/cases").text
    (entry,) = entries()
    assert (entry.about, entry.actor_id is not None) == (day, True)
    assert day in sign_in("auditor").get("/desk/office/audit").text


def test_what_else_bears_a_day_waits_too(sign_in: SignIn, team: Team, at_work: None) -> None:
    """A role from a day, an identity opened for hours: under a clock that is set right later they
    would last for years."""
    with jumped(timedelta(days=400)):
        admin = sign_in("admin")
        answer = admin.post(f"/desk/office/people/{team.clerk}/close")
        assert (answer.status_code, "日期" in answer.text) == (403, True)
        assert sign_in("custodian").post("/desk/custody/").status_code == 403
        assert sign_in("head").post("/desk/archive/").status_code == 403
        taken = sign_in("clerk").post("/desk/reports/new", data=sent("phone"))
        assert taken.status_code == 200
        clock.confirm_today()
        assert sign_in("admin").post(f"/desk/office/people/{team.clerk}/close").status_code == 302


def test_every_room_that_is_written_to_waits_or_says_why_not(app: Flask) -> None:
    from casework.desk.clock import GO_ON

    rooms = {
        rule.endpoint.partition(".")[0]
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.rule.startswith("/desk/")
    }
    assert rooms >= GO_ON
    assert {
        "office",
        "custody",
        "identity",
        "archive",
        "many",
        "triage",
        "printing",
    } <= rooms - GO_ON


def test_the_command_wants_the_day_itself(app: Flask, at_work: None) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["clock", "show"]).exit_code == 0
    with jumped(timedelta(days=400)):
        shown = run(args=["clock", "show"])
        assert shown.exit_code == 1
        day = shown.output.split("clock confirm ")[1][:10]
        assert run(args=["clock", "confirm", "2020-01-01"]).exit_code == 1
        assert clock.doubt() is not None
        assert run(args=["clock", "confirm", day]).exit_code == 0
        assert clock.doubt() is None
    assert [e.actor_id for e in entries()] == [None]


# -- the row
def test_whoever_moves_the_row_along_with_the_clock_is_noticed(app: Flask, at_work: None) -> None:
    """Without the keys nobody seals it; the newest entry of the office answers then."""
    with jumped(timedelta(days=400)):
        with writing() as session:
            session.execute(update(LastRound).values(at=utcnow()))
        app.extensions.pop("last round")
        assert clock.doubt() is not None
        with writing() as session:
            session.execute(delete(LastRound))
        app.extensions.pop("last round")
        assert clock.doubt() is not None


@pytest.mark.parametrize("seal", ["", "é"])
def test_a_row_that_is_damaged_stops_nobody_today(app: Flask, at_work: None, seal: str) -> None:
    with writing() as session:
        session.execute(update(LastRound).values(seal=seal))
    app.extensions.pop("last round")
    assert clock.doubt() is None
    tick()
    assert clock._kept(db.session()) is not None


@pytest.mark.sqlite
def test_a_row_without_a_time_stops_nobody(app: Flask, at_work: None) -> None:
    """SQLite keeps whatever somebody puts there."""
    forge("UPDATE last_round SET at = 'x'")
    app.extensions.pop("last round")
    assert clock.doubt() is None
    tick()
    assert clock._kept(db.session()) is not None


def test_a_second_row_beside_the_one_stops_nobody(app: Flask, at_work: None) -> None:
    with writing() as session:
        session.add(LastRound(id=2, at=utcnow() + timedelta(days=400), seal=""))
    app.extensions.pop("last round")
    assert clock.doubt() is None
    tick()


def test_two_processes_agree(app: Flask, at_work: None) -> None:
    """One confirms; the other, which still has the old round in memory, takes up the new one."""
    with jumped(timedelta(days=400)):
        assert clock.doubt() is not None
        with writing() as session:  # as the other process does
            clock._write(session, utcnow())
        assert clock.doubt() is None


def test_a_clock_that_nobody_doubts_costs_no_statement(app: Flask, at_work: None) -> None:
    from tests.support.counted import counted

    clock.doubt()
    with counted() as said:
        clock.doubt()
    assert list(said) == []


@pytest.mark.parametrize("typed", ["0", "16", "two", "٣", ""])
def test_the_operators_days_are_a_number(
    typed: str, fresh: Mould, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_CLOCK_DAYS", typed)
    from app import create_app

    with pytest.raises(SystemExit, match="CASEWORK_CLOCK_DAYS"):
        create_app(str(fresh.folder))


def test_the_operator_may_ask_for_more_days(fresh: Mould, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWORK_CLOCK_DAYS", "9")
    with program(fresh):
        tick()
        with jumped(timedelta(days=8)):
            assert clock.doubt() is None
        with jumped(timedelta(days=10)):
            assert clock.doubt() is not None
