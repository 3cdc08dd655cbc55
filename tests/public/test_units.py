"""The unit register: brought in from a CSV, and searched from the public form without telling anything but names."""

import re
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Docket
from casework.people import units
from casework.people.models import Bureau, Unit
from casework.store import db, writing
from casework.upkeep.walk import Team
from tests.public.test_tip import Person, code_of, setting

HEAD = "单位名称,统一社会信用代码,乡镇街道,单位类别\n"
ROWS = (
    "重庆汇锦机械制造有限公司,91500230MA5U0AB01X,三合街道,企业\n"
    "重庆汇锦运输有限公司,91500230MA5U0AB02Y,名山街道,企业\n"
    "丰都县虎威镇中心小学,12500230MB1234567A,虎威镇,事业单位\n"
)


def put(bureau: Bureau, text: str, encoding: str = "utf-8") -> tuple[int, int]:
    with NamedTemporaryFile(suffix=".csv") as file:
        path = Path(file.name)
        path.write_bytes(text.encode(encoding))
        with writing() as session:
            return units.take_in(session, session.get_one(Bureau, bureau.id), path, units.look(path)[0])


@pytest.fixture
def person(team: Team, bureau: Bureau, client: FlaskClient) -> Person:
    put(bureau, HEAD + ROWS)
    return Person(client)


def offered(page: str) -> list[str]:
    return [v for v in re.findall(r'name="unit" id="unit-\w+" value="([^"]*)"', page) if v]


# -- bringing it in
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_register_is_taken_in_and_brought_up_to_date(team: Team, bureau: Bureau, encoding: str) -> None:
    assert put(bureau, HEAD + ROWS, encoding) == (3, 0)
    assert put(bureau, HEAD + ROWS.replace("汇锦运输", "汇锦物流")) == (0, 3)
    names = list(db.session.scalars(select(Unit.name).order_by(Unit.name)))
    assert "重庆汇锦物流有限公司" in names
    assert len(names) == 3
    town = db.session.scalars(select(Unit.township).where(Unit.kind == "institution")).one()
    assert town == "500230101"


@pytest.mark.parametrize(
    ("line", "why"),
    [("某公司,123,三合街道,企业", "line 5: «123» is not a credit code"), (",91500230MA5U0AB03Z,,", "line 5: no name"),
     ("某公司,91500230MA5U0AB01X,,", "line 5: the credit code stands in line 2 too"),
     ("某公司,91500230MA5U0AB07X,月球镇,", "unknown township «月球镇»"),
     ("某公司,91500230MA5U0AB07X,,行星", "unknown kind «行星»")],
)  # fmt: skip
def test_one_bad_line_and_nothing_is_changed(team: Team, bureau: Bureau, line: str, why: str) -> None:
    with pytest.raises(units.BadRegister, match=why):
        put(bureau, HEAD + ROWS + line + "\n")
    assert db.session.query(Unit).count() == 0


def test_the_command_names_the_lines(team: Team, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "名录.csv"
    file.write_text("名称,代码\nx,y\n", "utf-8")
    answer = app.test_cli_runner().invoke(args=["units", "import", str(file)])
    assert answer.exit_code == 1
    assert "line 1" in answer.output
    file.write_text(HEAD + ROWS, "utf-8")
    assert "3 units added" in app.test_cli_runner().invoke(args=["units", "import", str(file)]).output


# -- looking for a unit on the form
@pytest.mark.parametrize(
    ("typed", "count"),
    [("重庆汇锦", 2), ("汇锦机械", 1), ("虎威镇中心", 1), ("丰都县虎威", 1), ("91500230MA5U0AB02Y", 1),
     ("91500230ma5u0ab02y", 1),
     ("汇锦", 0), ("锦机械制", 0), ("91500230MA5U0AB0", 0), ("%%%%", 0), ("", 0)],
)  # fmt: skip
def test_beginnings_and_whole_codes_find_names(person: Person, typed: str, count: int) -> None:
    status, page = person.post("find", subject=typed)
    assert status == 200
    assert len(offered(page)) == count
    if not count:
        assert "没有以此开头的单位" in page


def test_nothing_but_names_is_told(person: Person) -> None:
    page = person.post("find", subject="重庆汇锦")[1]
    assert offered(page) == ["重庆汇锦机械制造有限公司", "重庆汇锦运输有限公司"]
    for secret in ("MA5U0AB01X", '500230001" selected'):
        assert secret not in page


def test_ten_at_most(person: Person, bureau: Bureau) -> None:
    put(bureau, HEAD + "".join(f"重庆平湖第{n}公司,91500230MA5U1{n:03d}1X,,\n" for n in range(30)))
    assert len(offered(person.post("find", subject="重庆平湖")[1])) == 10


def test_what_was_picked_is_taken_over_and_nothing_is_lost(person: Person) -> None:
    person.post("upload", [(b"hello", "a.txt")])
    page = person.post("find", subject="汇锦机械", period="2025年")[1]
    assert "a.txt" in page
    assert "2025年" in page
    page = person.post("preview", subject="汇锦机械", unit=offered(page)[0], answer_wanted="no")[1]
    assert "重庆汇锦机械制造有限公司" in page
    assert "知道就行" in page
    code_of(person.send()[1])
    assert db.session.scalars(select(Docket)).one().number


def test_searches_are_limited_and_the_form_still_works(person: Person, team: Team) -> None:
    setting(team, "flood.units", 2)
    pages = [person.post("find", subject="重庆汇锦")[1] for _ in range(3)]
    assert [len(offered(p)) for p in pages] == [2, 2, 0]
    assert "查找人数较多" in pages[2]
    assert person.post("preview")[0] == 200


def test_columns_may_stand_in_any_order_and_lines_may_be_short(team: Team, bureau: Bureau) -> None:
    text = "序号,统一社会信用代码,单位名称,备注,单位类别\n1,91500230MA5U0AB01X,某某公司\n\n"
    text += "2,91500230ma5u0ab02y,另一公司,x,个体\n"
    assert put(bureau, text) == (2, 0)
    rows = db.session.execute(select(Unit.name, Unit.credit_code, Unit.kind).order_by(Unit.credit_code)).all()
    assert [tuple(r) for r in rows] == [
        ("某某公司", "91500230MA5U0AB01X", "enterprise"), ("另一公司", "91500230MA5U0AB02Y", "sole_trader"),
    ]  # fmt: skip


def test_twenty_faults_are_named_of_many_and_nothing_is_left(team: Team, bureau: Bureau) -> None:
    with pytest.raises(units.BadRegister) as refused:
        put(bureau, HEAD + ROWS + "某公司,123,,\n" * 12_000)
    assert len(refused.value.faults) == 20
    assert db.session.query(Unit).count() == 0
    assert put(bureau, HEAD + ROWS) == (3, 0)
