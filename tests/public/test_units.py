"""The unit register: brought in from a CSV, and searched from the public form without telling
anything but names."""

import re
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from casework.docket.models import Docket
from casework.people import units
from casework.people.models import Bureau, Unit
from casework.procedure.codes import identity_number_good
from casework.store import db, writing
from casework.upkeep.walk import Team
from tests.support.public import Person, code_of, setting

HEAD = "单位名称,统一社会信用代码,乡镇街道,单位类别\n"
ROWS = (
    "重庆汇锦机械制造有限公司,91500230MA5U0AB01X,三合街道,企业\n"
    "重庆汇锦运输有限公司,91500230MA5U0AB02Y,名山街道,企业\n"
    "丰都县虎威镇中心小学,12500230MB1234567A,虎威镇,事业单位\n"
)


def put(bureau: Bureau, lines: str, encoding: str = "utf-8") -> tuple[int, int]:
    with NamedTemporaryFile(suffix=".csv") as file:
        path = Path(file.name)
        path.write_bytes(lines.encode(encoding))
        with writing() as session:
            return units.take_in(
                session, session.get_one(Bureau, bureau.id), path, units.detect_encoding(path)[0]
            )


@pytest.fixture
def person(team: Team, bureau: Bureau, client: FlaskClient) -> Person:
    put(bureau, HEAD + ROWS)
    return Person(client)


def offered(page: str) -> list[str]:
    return [v for v in re.findall(r'name="unit" id="unit-\w+" value="([^"]*)"', page) if v]


# -- bringing it in
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_register_is_taken_in_and_brought_up_to_date(
    team: Team, bureau: Bureau, encoding: str
) -> None:
    assert put(bureau, HEAD + ROWS, encoding) == (3, 0)
    assert put(bureau, HEAD + ROWS.replace("汇锦运输", "汇锦物流")) == (0, 3)
    names = list(db.session.scalars(select(Unit.name).order_by(Unit.name)))
    assert "重庆汇锦物流有限公司" in names
    assert len(names) == 3
    town = db.session.scalars(select(Unit.township).where(Unit.kind == "institution")).one()
    assert town == "500230101"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("某公司,123,三合街道,企业", "line 5: «123» is not the code of a unit"),
        ("某公司,1101011990030788,,", "line 5: «…0788» is not the code of a unit"),
        (",91500230MA5U0AB03Z,,", "line 5: no name"),
        ("某公司,91500230MA5U0AB01X,,", "line 5: the code stands in line 2 too"),
        ("某公司,９１５00230 ma5u0ab01x,,", "line 5: the code stands in line 2 too"),
        ("某公司,11010119900307889X,,", "line 5: the code is the identity number of a person"),
        ("某公司,9.15E+17,,", "line 5: «9.15E\\+17» is the short form"),
        ('某公司,"=""91500230MA5U0AB07X""",,', "is a formula, not its result"),
        (
            "某村委会,,三合街道,\n某村委会 ,无,三合街道,",
            "line 6: the unit, which has no code, stands in line 5 too",
        ),
        ("某公司,91500230MA5U0AB07X,月球镇,", "unknown township «月球镇»"),
        ("某公司,91500230MA5U0AB07X,,行星", "unknown kind «行星»"),
    ],
)
def test_one_bad_line_and_nothing_is_changed(
    team: Team, bureau: Bureau, line: str, why: str
) -> None:
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
    assert (
        "3 units added" in app.test_cli_runner().invoke(args=["units", "import", str(file)]).output
    )


# -- looking for a unit on the form
@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("重庆汇锦", 2),
        ("汇锦机械", 1),
        ("虎威镇中心", 1),
        ("丰都县虎威", 1),
        ("91500230MA5U0AB02Y", 1),
        ("91500230ma5u0ab02y", 1),
        ("汇锦", 0),
        ("锦机械制", 0),
        ("91500230MA5U0AB0", 0),
        ("%%%%", 0),
        ("", 0),
    ],
)
def test_beginnings_and_whole_codes_find_names(person: Person, typed: str, count: int) -> None:
    status, page = person.post("find", subject=typed)
    assert status == 200
    assert len(offered(page)) == count
    if not count:
        assert "没有找到这样开头的单位" in page


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
    assert "不需要答复" in page
    code_of(person.send()[1])
    assert db.session.scalars(select(Docket)).one().number


def test_searches_are_limited_and_the_form_still_works(person: Person, team: Team) -> None:
    setting(team, "flood.units", 2)
    pages = [person.post("find", subject="重庆汇锦")[1] for _ in range(3)]
    assert [len(offered(p)) for p in pages] == [2, 2, 0]
    assert "查找人数较多" in pages[2]
    assert person.post("preview")[0] == 200


def test_columns_may_stand_in_any_order_and_lines_may_be_short(team: Team, bureau: Bureau) -> None:
    lines = "序号,统一社会信用代码,单位名称,备注,单位类别\n1,91500230MA5U0AB01X,某某公司\n\n"
    lines += "2,91500230ma5u0ab02y,另一公司,x,个体\n"
    assert put(bureau, lines) == (2, 0)
    rows = db.session.execute(
        select(Unit.name, Unit.credit_code, Unit.kind).order_by(Unit.credit_code)
    ).all()
    assert [tuple(r) for r in rows] == [
        ("某某公司", "91500230MA5U0AB01X", "enterprise"),
        ("另一公司", "91500230MA5U0AB02Y", "sole_trader"),
    ]


def test_a_thousand_faults_are_named_of_many_and_nothing_is_left(
    team: Team, bureau: Bureau
) -> None:
    with pytest.raises(units.BadRegister) as refused:
        put(bureau, HEAD + ROWS + "某公司,123,,\n" * 12_000)
    assert len(refused.value.faults) == 1001
    assert refused.value.faults[-1] == "and 11000 more faults"
    assert db.session.query(Unit).count() == 0
    assert put(bureau, HEAD + ROWS) == (3, 0)


def test_every_faulty_line_is_named(team: Team, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "名录.csv"
    file.write_text(HEAD + "".join(f"某公司,{n},,\n" for n in range(50)), "utf-8")
    answer = app.test_cli_runner().invoke(args=["units", "import", str(file)])
    assert [f"line {n}: " in answer.output for n in range(2, 52)] == [True] * 50
    assert "mend these lines" in answer.output


# -- units without a credit code
LISTS = Path(__file__).parent.parent / "intake" / "lists"


def put_file(
    bureau: Bureau, path: Path, hidden: str = "", notes: list[units.Fault] | None = None
) -> tuple[int, int]:
    with writing() as session:
        return units.take_in(
            session,
            session.get_one(Bureau, bureau.id),
            path,
            units.detect_encoding(path)[0],
            hidden=hidden,
            notes=notes,
        )


def stored() -> list[tuple[str, str | None]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Unit.name, Unit.credit_code).order_by(Unit.name, Unit.credit_code)
    )
    return [(row.name, row.credit_code) for row in rows]


@pytest.mark.parametrize(
    ("name", "count"),
    [("units_village.csv", 1), ("units_old_codes.csv", 5), ("units_heads.csv", 1)],
)
def test_the_files_that_people_send_are_taken_in_once(
    team: Team, bureau: Bureau, name: str, count: int
) -> None:
    assert put_file(bureau, LISTS / name) == (count, 0)
    assert put_file(bureau, LISTS / name) == (0, count)
    assert len(stored()) == count


def test_old_codes_and_none_are_kept_as_what_they_are(team: Team, bureau: Bureau) -> None:
    put_file(bureau, LISTS / "units_old_codes.csv")
    assert dict(stored()) == {
        "丰都县甲公司": "91500230MA5YQ12345",
        "丰都县某某合作社": None,
        "丰都县老单位": "208680012",
        "丰都县个体王某": "500230600123456",
        "丰都县全角厂": "91500230MA5YQ12346",
    }


def test_old_codes_may_stand_in_columns_of_their_own(team: Team, bureau: Bureau) -> None:
    lines = (
        "单位名称,统一社会信用代码,组织机构代码,工商注册"
        "号\n甲,,20868001-2,\n乙,/,,500230600123456\n丙,无,,\n"
    )
    put(bureau, lines)
    assert dict(stored()) == {"甲": "208680012", "乙": "500230600123456", "丙": None}


def test_without_a_code_the_compared_name_within_the_township_is_the_key(
    team: Team, bureau: Bureau
) -> None:
    assert put(
        bureau, HEAD + "某某村（社区）合作社,,三合街道,其他\n某某村(社区)合作社,,名山街道,其他\n"
    ) == (2, 0)
    assert put(bureau, HEAD + "某某村(社区) 合作社,,三合街道,企业\n") == (0, 1)
    rows = db.session.execute(
        select(Unit.name, Unit.township, Unit.kind).order_by(Unit.township)
    ).all()
    assert [tuple(r) for r in rows] == [
        ("某某村(社区) 合作社", "500230001", "enterprise"),
        ("某某村(社区)合作社", "500230002", "organisation"),
    ]


def test_a_unit_that_is_given_a_code_is_not_doubled_and_keeps_it(
    team: Team, bureau: Bureau
) -> None:
    without, coded = "某某合作社,,三合街道,\n", "某某合作社,91500230MA5U0AB01X,三合街道,\n"
    assert put(bureau, HEAD + without) == (1, 0)
    assert put(bureau, HEAD + coded) == (0, 1)
    assert stored() == [("某某合作社", "91500230MA5U0AB01X")]
    assert put(bureau, HEAD + without) == (0, 1)
    assert stored() == [("某某合作社", "91500230MA5U0AB01X")]


def test_two_units_with_codes_and_one_name_are_two(team: Team, bureau: Bureau) -> None:
    put(bureau, HEAD + "某某合作社,,三合街道,\n")
    two = "某某合作社,91500230MA5U0AB01X,三合街道,\n某某合作社,91500230MA5U0AB02Y,三合街道,\n"
    assert put(bureau, HEAD + two) == (2, 0)
    assert [code for _name, code in stored()].count(None) == 1


# -- files as programs write them
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_delimiters(
    team: Team, bureau: Bureau, encoding: str, delimiter: str
) -> None:
    assert put(bureau, (HEAD + ROWS).replace(",", delimiter).replace("\n", "\r\n"), encoding) == (
        3,
        0,
    )
    assert ("重庆汇锦运输有限公司", "91500230MA5U0AB02Y") in stored()


def test_gbk_behind_a_mark_of_utf_8_and_a_title_and_sep(
    team: Team, bureau: Bureau, tmp_path: Path
) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"\xef\xbb\xbf" + (HEAD + ROWS).encode("gbk"))
    assert put_file(bureau, file) == (3, 0)
    assert put(bureau, "sep=,\n调查单位名录,,,\n" + HEAD + ROWS) == (0, 3)


def workbook_file(folder: Path, hide: int = 0) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for line in (
        "调查单位名录\n" + HEAD + ROWS + "丰都县某某村民委员会,,虎威镇,其他\n"
    ).splitlines():
        book.active.append(line.split(","))
    book.active["B3"] = 208680012
    if hide:
        book.active.row_dimensions[hide].hidden = True
    book.create_sheet("填表说明").append(["请勿改表头"])
    book.save(folder / "名录.xlsx")
    return folder / "名录.xlsx"


def test_a_workbook_is_taken_in_and_says_what_it_left_out(
    team: Team, app: Flask, tmp_path: Path
) -> None:
    answer = app.test_cli_runner().invoke(args=["units", "import", str(workbook_file(tmp_path))])
    assert "4 units added, 0 brought up to date" in answer.output, answer.output
    assert "left out: the sheet «填表说明»" in answer.output
    assert ("重庆汇锦机械制造有限公司", "208680012") in stored()


def test_a_hidden_row_counts_only_when_somebody_says_so(
    team: Team, bureau: Bureau, tmp_path: Path
) -> None:
    file = workbook_file(tmp_path, hide=4)
    with pytest.raises(units.BadRegister, match="row 4 of «Sheet» is hidden: say --hidden"):
        put_file(bureau, file)
    notes: list[units.Fault] = []
    assert put_file(bureau, file, "leave", notes) == (3, 0)
    assert "left out: row 4 of «Sheet» is hidden" in map(str, notes)
    assert put_file(bureau, file, "take") == (1, 3)


def test_a_damaged_cell_of_a_workbook_is_named(team: Team, bureau: Bureau, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    file = workbook_file(tmp_path)
    book = load_workbook(file)
    book.active["B3"], book.active["A4"] = 915002305567890123, '="x"&"y"'
    book.save(file)
    with pytest.raises(units.BadRegister) as refused:
        put_file(bureau, file)
    assert [f.split(":")[0] for f in refused.value.faults] == ["«Sheet» line 3", "«Sheet» line 4"]
    assert "more than 15 digits" in refused.value.faults[0]
    assert "result is not in the file" in refused.value.faults[1]


def test_an_old_excel_file_is_told_what_to_do(team: Team, bureau: Bureau) -> None:
    with pytest.raises(units.BadRegister, match="save it as"):
        put_file(bureau, LISTS / "old.xls")


@pytest.mark.parametrize(
    ("typed", "count"),
    [("某某村(社区)", 1), ("某某村（社区）合", 1), ("20868001-2", 1), ("丰都县某某村〔社区", 1)],
)
def test_the_form_finds_units_however_brackets_are_typed(
    person: Person, bureau: Bureau, typed: str, count: int
) -> None:
    put(bureau, HEAD + "丰都县某某村（社区）合作社,208680012,三合街道,其他\n")
    assert len(offered(person.post("find", subject=typed)[1])) == count


def test_a_register_that_is_there_is_given_its_compared_names(team: Team, bureau: Bureau) -> None:
    columns = "bureau_id, name, credit_code, kind, township, address, representative"
    db.session.rollback()  # PostgreSQL would wait for whoever reads
    downgrade(revision="0023")
    with writing() as session:
        row = f"({bureau.id}, '某某（社区）合作社', '91500230MA5U0AB01X', 'enterprise', '', '', '')"
        session.execute(text(f"INSERT INTO unit ({columns}) VALUES {row}"))
    upgrade()
    assert db.session.scalars(select(Unit.folded_name)).all() == ["某某(社区)合作社"]
    put(bureau, HEAD + "某村,,,\n")
    db.session.rollback()  # PostgreSQL would wait for whoever reads
    downgrade(revision="0023")
    assert db.session.scalar(text("SELECT count(*) FROM unit")) == 1


def test_a_code_whose_digits_are_no_day_of_birth_is_nobodys_identity_number() -> None:
    """The codes of this county have 30 where a year of birth would begin."""
    tail = [f"91500230{n:09d}" for n in range(1_010_000, 1_010_200)]
    assert not any(identity_number_good(first + last) for first in tail for last in "0123456789X")
