"""双随机 on its pages: committed, its number typed by two persons, drawn, cases opened."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from casework.disclosure.models import DisclosureEntry
from casework.docket.models import Docket
from casework.double_random import draws, lots
from casework.double_random.models import DrawnUnit, RandomDraw
from casework.people import clock
from casework.people.may import today
from casework.people.models import Interest, OfficeEntry, Person, Unit
from casework.store import db, utcnow, writing
from casework.upkeep.walk import Team
from tests.support.desk import SignIn
from tests.support.disclosure import pdf_text
from tests.support.settings import confirm_setting

CODES = ("91500230MA5U0AB01F", "91500230MA60F1KQ0A", "91500230709436820Y")
NAMES = ("豪达房产", "汇锦机械", "双路水泥", "名山（丰都）商行", "𠮷祥食品")
SOURCE = "双色球当日开奖号码"


@pytest.fixture
def register(team: Team) -> Team:
    """Five units, and the setting that names the public number."""
    with writing() as session:
        for n, name in enumerate(NAMES):
            code = CODES[n] if n < len(CODES) else None
            session.add(
                Unit(bureau_id=team.bureau_id, name=name, credit_code=code, kind="enterprise",
                     township="500230101" if n else "500230100")
            )  # fmt: skip
        # the firm's head is a friend of an officer's
        session.add(Interest(person_id=team.others["officer1"], name="双路水泥", reason="亲属"))
    head = db.session.get_one(Person, team.others["head"])
    confirm_setting(head, draws.SOURCE, SOURCE, today())
    return team


def set_up(head: FlaskClient, **more: Any) -> RandomDraw:
    """A draw of all five, by tomorrow's number."""
    day = today() + timedelta(1)
    said = {
        "name": "2026年第四季度抽查",
        "take": "5",
        "by_risk": "y",
        "public_day": day.isoformat(),
    }
    answer = head.post("/desk/draws/new", data={**said, **more})
    assert answer.status_code == 302, answer.text
    return db.session.scalars(select(RandomDraw).order_by(-RandomDraw.id)).first()  # type: ignore[return-value]


@pytest.fixture
def tomorrow() -> Iterator[Any]:
    """Lets the next day come."""
    with time_machine.travel(utcnow()) as hand:

        def go() -> None:
            hand.shift(timedelta(1))
            clock.note_round(utcnow())

        yield go


def typed(client: FlaskClient, draw: RandomDraw, number: str) -> Any:
    return client.post(f"/desk/draws/{draw.id}/number", data={"number": number})


def taken_back(head: FlaskClient, draw: RandomDraw) -> None:
    answer = head.post(f"/desk/draws/{draw.id}/withdraw", data={"reason": "范围有误"})
    assert answer.status_code == 302


def drawn(sign_in: SignIn, tomorrow: Any) -> RandomDraw:
    draw = set_up(sign_in("head"))
    tomorrow()
    typed(sign_in("legal"), draw, "03 08 12 19 22 31 + 07")
    assert typed(sign_in("leader"), draw, "０３０８１２１９２２３１０７").status_code == 302
    db.session.refresh(draw)
    assert draw.state == "drawn"
    return draw


def test_from_the_register_to_cases_with_two_officers(
    register: Team, sign_in: SignIn, tomorrow: Any, app: Flask, tmp_path: Path
) -> None:
    draw = drawn(sign_in, tomorrow)
    head = sign_in("head")
    page = head.get(f"/desk/draws/{draw.id}").text
    assert all(name in page for name in ("豪达房产", "汇锦机械", "双路水泥", "𠮷祥食品"))
    asked = {"cause": "双随机抽查", "narrative": "第四季度报表与台账。\r\n两行。"}
    assert head.post(f"/desk/draws/{draw.id}/cases", data=asked).status_code == 302
    rows = db.session.scalars(select(DrawnUnit).order_by(DrawnUnit.place)).all()
    assert len(rows) == 5
    names = {u.id: u.name for u in db.session.scalars(select(Unit))}
    tied = register.others["officer1"]
    for row in rows:
        docket = db.session.get_one(Docket, row.docket_id)
        assert docket.title == names[row.unit_id]
        assert docket.stage == "verify"
        assert len(row.officers) == 2
        assert tied not in row.officers or names[row.unit_id] != "双路水泥"
    # nothing is opened twice
    head.post(f"/desk/draws/{draw.id}/cases", data=asked)
    cases = select(Docket.id).where(Docket.kind == "case")
    assert len(db.session.scalars(cases).all()) == 5
    sheet = pdf_text(head.get(f"/desk/draws/{draw.id}.pdf").data, tmp_path)
    assert "03081219223107" in sheet
    assert draw.digest[:20] in sheet.replace("\n", "")
    assert sign_in("officer1").get(f"/desk/draws/{draw.id}.json").status_code == 200


def test_anybody_inside_repeats_the_draw(
    register: Team, sign_in: SignIn, tomorrow: Any, app: Flask, tmp_path: Path
) -> None:
    draw = drawn(sign_in, tomorrow)
    said = sign_in("auditor").get(f"/desk/draws/{draw.id}.json").data
    file = tmp_path / "draw.json"
    file.write_bytes(said)
    told = app.test_cli_runner().invoke(args=["draw", "verify", str(file)])
    assert told.exit_code == 0, told.output
    assert "holds" in told.output
    assert "committed here" in told.output
    for change in (
        {"number": "03081219223108"},
        {"digest": "0" * 64},
        {"drawn": []},
        {"frame": {**json.loads(said)["frame"], "day": "2026-01-01"}},
    ):
        file.write_text(json.dumps({**json.loads(said), **change}), "utf-8")
        told = app.test_cli_runner().invoke(args=["draw", "verify", str(file)])
        assert told.exit_code == 1
        assert "does not hold" in told.output
    for other in ("{}", "no json", '{"frame": {"units": 1}}'):
        file.write_text(other)
        assert app.test_cli_runner().invoke(args=["draw", "verify", str(file)]).exit_code == 1


def test_nobody_draws_before_the_day_alone_or_by_two_numbers(
    register: Team, sign_in: SignIn, tomorrow: Any
) -> None:
    draw = set_up(sign_in("head"))
    assert typed(sign_in("head"), draw, "123456").status_code == 409
    tomorrow()
    assert typed(sign_in("head"), draw, "12").status_code == 422
    assert typed(sign_in("head"), draw, "123456").status_code == 302
    assert "您已录入过号码" in typed(sign_in("head"), draw, "123456").text
    answer = typed(sign_in("leader"), draw, "123457")
    assert "两次录入的号码不一致" in answer.text
    db.session.refresh(draw)
    assert (draw.state, draw.number) == ("committed", "")
    # every number that was typed is in the journal
    entries = select(OfficeEntry.details).where(OfficeEntry.what == "draw.number")
    assert [e["number"] for e in db.session.scalars(entries)] == ["123456", "123457"]


def test_a_draw_is_taken_back_before_its_day_alone_and_stays_in_the_list(
    register: Team, sign_in: SignIn, tomorrow: Any
) -> None:
    first = set_up(sign_in("head"))
    taken_back(sign_in("head"), first)
    second = set_up(sign_in("head"), name="另一次抽查")
    assert "已收回" in sign_in("officer2").get("/desk/draws/").text
    tomorrow()
    late = sign_in("head").post(f"/desk/draws/{second.id}/withdraw", data={"reason": "不合意"})
    assert late.status_code == 409
    assert typed(sign_in("legal"), first, "123456").status_code == 409


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE random_draw SET digest = 'x'",
        "UPDATE random_draw SET frame = (SELECT frame FROM random_draw WHERE name = 'other')",
        "DELETE FROM drawn_unit WHERE place = 1",
        "UPDATE drawn_unit SET unit_id = unit_id + 1",
        "UPDATE random_draw SET public_day = '2026-01-01'",
        "UPDATE random_draw SET source = '本局公布的号码'",
    ],
)
def test_a_draw_that_somebody_changed_is_good_for_nothing(
    register: Team, sign_in: SignIn, tomorrow: Any, forged: str
) -> None:
    taken_back(sign_in("head"), set_up(sign_in("head"), name="other"))
    draw = drawn(sign_in, tomorrow)
    db.session.execute(text(f"{forged} WHERE name <> 'other'" if "WHERE" not in forged else forged)
                       if "random_draw" in forged else text(forged))  # fmt: skip
    db.session.commit()
    page = sign_in("head").get(f"/desk/draws/{draw.id}")
    assert page.status_code == 200
    assert "与管理记录不符" in page.text
    assert sign_in("head").get(f"/desk/draws/{draw.id}.json").status_code == 409
    asked = {"cause": "抽查", "narrative": "抽查"}
    assert sign_in("head").post(f"/desk/draws/{draw.id}/cases", data=asked).status_code == 409
    assert db.session.scalars(select(Docket.id).where(Docket.kind == "case")).all() == []


def test_a_number_put_there_with_what_it_draws_is_good_for_nothing(
    register: Team, sign_in: SignIn, tomorrow: Any
) -> None:
    """Whoever has the database reckons which number draws whom they like, and writes both there."""
    draw = drawn(sign_in, tomorrow)
    with writing() as session:
        session.execute(text("UPDATE random_draw SET number = '111'"))
        for place, lot in enumerate(lots.draw_units(draws.frame_of(draw), "111"), 1):
            values = {"unit_id": lot.unit, "officers": list(lot.officers)}
            session.execute(update(DrawnUnit).where(DrawnUnit.place == place).values(values))
    head = sign_in("head")
    assert "与管理记录不符" in head.get(f"/desk/draws/{draw.id}").text
    asked = {"cause": "抽查", "narrative": "抽查"}
    assert head.post(f"/desk/draws/{draw.id}/cases", data=asked).status_code == 409
    assert db.session.scalars(select(Docket.id).where(Docket.kind == "case")).all() == []


def test_no_row_stands_in_for_the_first_person_or_brings_a_draw_back(
    register: Team, sign_in: SignIn, tomorrow: Any
) -> None:
    draw = set_up(sign_in("head"))
    taken_back(sign_in("head"), draw)
    tomorrow()
    for forged in ("state = 'committed'", f"number = '123456', number_by = {register.leader}"):
        with writing() as session:
            session.execute(text(f"UPDATE random_draw SET {forged}"))
        assert "与管理记录不符" in typed(sign_in("legal"), draw, "123456").text
    assert db.session.scalars(select(DrawnUnit)).all() == []


def test_of_two_draws_of_the_same_units_nobody_finishes_the_one_they_like(
    register: Team, sign_in: SignIn
) -> None:
    head, day = sign_in("head"), (today() + timedelta(1)).isoformat()
    set_up(head, townships=["500230101"])
    data = {"name": "又一次", "take": "2", "public_day": day}
    answer = head.post("/desk/draws/new", data=data)
    assert answer.status_code == 422
    assert "已列入另一次尚未抽取的名单" in answer.text
    other = {"name": "水文站", "kind": "institution", "township": "500230102"}
    with writing() as session:
        session.add(Unit(bureau_id=register.bureau_id, **other))
    set_up(head, townships=["500230102"], name="别的单位")


def test_what_stops_one_case_leaves_the_others(
    register: Team, sign_in: SignIn, tomorrow: Any
) -> None:
    draw = drawn(sign_in, tomorrow)
    first = draws.result(draw)[0].unit["name"]
    with writing() as session:
        session.add(Interest(person_id=register.others["head"], name=first, reason="亲属"))
    asked = {"cause": "抽查", "narrative": "抽查"}
    answer = sign_in("head").post(f"/desk/draws/{draw.id}/cases", data=asked)
    assert answer.status_code == 409
    assert "回避" in answer.text
    titles = set(db.session.scalars(select(Docket.title).where(Docket.kind == "case")))
    assert titles == set(NAMES) - {first}


def test_one_human_with_two_accounts_types_once(
    register: Team, sign_in: SignIn, tomorrow: Any
) -> None:
    draw = set_up(sign_in("head"))
    with writing() as session:
        one, other = (session.get_one(Person, register.others[o]) for o in ("officer1", "officer2"))
        other.cards[0].number = one.cards[0].number
    tomorrow()
    assert typed(sign_in("officer1"), draw, "123456").status_code == 302
    assert typed(sign_in("officer2"), draw, "123456").status_code == 409


def test_a_public_penalty_gives_a_lot_more_and_a_tip_none(register: Team, sign_in: SignIn) -> None:
    docket = Docket(
        bureau_id=register.bureau_id,
        kind="report",
        code="R1",
        number="线1",
        opened_on=today(),
        data_key=b"",
        unit_code=CODES[1],
        title="汇锦机械",
    )
    with writing() as session:
        session.add(docket)
        session.flush()
        session.add(
            DisclosureEntry(bureau_id=register.bureau_id, docket_id=docket.id, track="main",
                            kind="penalty", state="ended", name="豪达房产", credit_code=CODES[0],
                            fields={}, shown_from=today() - timedelta(300),
                            shown_until=today() - timedelta(1))
        )  # fmt: skip
    draw = set_up(sign_in("head"))
    weights = {u["name"]: u["weight"] for u in draws.frame_of(draw)["units"]}
    taken_back(sign_in("head"), draw)
    assert weights["豪达房产"] == 2
    assert weights["汇锦机械"] == 1
    plain = draws.frame_of(set_up(sign_in("head"), by_risk=""))["units"]
    assert {u["weight"] for u in plain} == {1}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"public_day": "2026-01-01"}, "须在今日之后"),
        ({"take": "0"}, "一至一千家"),
        ({"kinds": "state_organ"}, "没有符合所选范围的单位"),
        ({"name": ""}, "请填写"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    register: Team, sign_in: SignIn, more: dict[str, str], said: str
) -> None:
    day = (today() + timedelta(1)).isoformat()
    data = {"name": "抽查", "take": "2", "public_day": day, **more}
    answer = sign_in("head").post("/desk/draws/new", data=data)
    assert answer.status_code == 422
    assert said in answer.text


def test_who_may_set_up_and_who_may_look(register: Team, sign_in: SignIn) -> None:
    draw = set_up(sign_in("head"))
    for login in ("officer1", "legal", "leader", "auditor"):
        client = sign_in(login)
        assert client.get(f"/desk/draws/{draw.id}").status_code == 200
        assert client.get("/desk/draws/new").status_code == 403
    for login in ("clerk", "publisher", "admin", "custodian"):
        assert sign_in(login).get("/desk/draws/").status_code == 403
