"""Lists of tips from another body: every row's fate, all or nothing, nothing twice, and files that
mean harm."""

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from casework.docket import jobs
from casework.docket.models import Docket
from casework.identity import custody as keeping
from casework.informants.models import CustodianKey, Identity
from casework.intake import bulk, sheets
from casework.intake.bulk import HandoverSource, judge, take_all
from casework.intake.columns import BadHeads, column_fields
from casework.intake.receive import receive
from casework.intake.sheets import BadSheet
from casework.lists import xlsx as xlsx_reader
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep.walk import Team
from casework.vault import identity as custody
from tests.support.intake import HEADS, ROWS, SOURCE, SignIn, command, sent, table, waited, words
from tests.support.mail import facts_of


def xlsx(rows: list[list[object]] = ROWS, heads: list[str] = HEADS) -> bytes:  # type: ignore[assignment]
    book, out = Workbook(), io.BytesIO()
    for row in [heads, *rows]:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def fates(bureau: Bureau, data: bytes, source: HandoverSource = SOURCE) -> list[str]:
    return [r.fate for r in judge(bureau.id, None, data, source).rows]


# -- reading
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_in_every_charset(codec: str) -> None:
    assert words(sheets.read_sheets(table(codec=codec))) == [HEADS, *ROWS]


def test_xlsx_days_and_numbers_are_text() -> None:
    from datetime import datetime

    rows: list[list[object]] = [[1, None, 2.0, datetime(2026, 11, 3), "", 0.5, 0.1 + 0.2]]
    assert words(sheets.read_sheets(xlsx(rows)))[1:] == [
        ["1", "", "2", "2026-11-03", "", "0.5", "0.3"]
    ]


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx())) as package:
        parts = {n: package.read(n) for n in package.namelist()}
    parts[name] = change(parts[name])
    return packed(parts)


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("why", "data"),
    [
        ("bomb", packed({"xl/worksheets/sheet1.xml": b" " * (sheets.MOST_UNPACKED + 1)})),
        ("bomb", packed({f"{n}.xml": b"" for n in range(xlsx_reader.MOST_PARTS + 1)})),
        ("bomb", with_part("xl/worksheets/sheet1.xml", lambda d: ENTITIES + d.split(b"?>", 1)[-1])),
        ("size", b"a" * (sheets.MOST_BYTES + 1)),
        ("kind", b"PK\x03\x04 broken"),
        ("kind", packed({"a": b"b"})),
        ("empty", b""),
        ("rows", table(rows=ROWS * 701)),
        ("cell", table(rows=[["1", "a" * 20001, "", "", "", "", ""]])),
        ("cell", table(rows=[["1", "a" * 200_000, "", "", "", "", ""]])),
        ("columns", table(rows=[["x"] * 61])),
        ("kind", b"\x00\x01\x02\x03"),
        ("kind", xlsx()[: len(xlsx()) // 2]),
    ],
)
def test_files_that_are_no_list(why: str, data: bytes) -> None:
    with pytest.raises(BadSheet) as refused:
        sheets.read_sheets(data)
    assert refused.value.why == why


def test_a_sheet_that_lies_about_its_size_is_read_to_its_end() -> None:
    def lie(data: bytes) -> bytes:
        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', data)

    assert len(words(sheets.read_sheets(with_part("xl/worksheets/sheet1.xml", lie)))) == 3


@pytest.mark.parametrize(
    ("why", "data"), [("empty", table(rows=[])), ("rows", table(rows=ROWS * 501))]
)
def test_lists_without_tips_or_with_too_many(bureau: Bureau, why: str, data: bytes) -> None:
    with pytest.raises(BadSheet) as refused:
        judge(bureau.id, None, data, SOURCE)
    assert refused.value.why == why


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for tried in (data, b"PK" + data):
        try:
            sheets.read_sheets(tried)
        except BadSheet:
            continue


@pytest.mark.parametrize(
    ("why", "heads"),
    [
        ("unknown", ["被举报对象", "反映内容", "心情"]),
        ("twice", ["被举报对象", "单位名称", "反映内容"]),
        ("missing", ["被举报对象"]),
    ],
)
def test_heads_that_are_not_understood_are_named(why: str, heads: list[str]) -> None:
    with pytest.raises(BadHeads) as refused:
        column_fields(heads)
    assert refused.value.why == why


def test_heads_may_be_written_in_other_ways() -> None:
    assert column_fields(["*被举报对象（全称）", " 反映 内容：", ""]) == [
        "subject",
        "narrative",
        "",
    ]


# -- fates
def test_good_rows(bureau: Bureau) -> None:
    judged = judge(bureau.id, None, xlsx(), SOURCE)
    assert judged.may_go_on
    first = judged.rows[0].asked
    assert first is not None
    assert first.payload["kinds"] == ["false_data", "ordered"]
    assert first.payload["source_body"] == "某县信访办"
    assert (first.on.isoformat(), first.payload["subject_kind"]) == ("2026-11-03", "enterprise")


@pytest.mark.parametrize(
    ("column", "value", "label"),
    [
        (1, "", "column B (被举报对象)"),
        (2, "行星", "column C (对象类型)"),
        (3, "杀人", "column D (问题类型)"),
        (4, "", "column E (反映内容)"),
        (6, "2099-01-01", "column G (收到日期)"),
        (6, "昨天", "column G (收到日期)"),
        (1, "长" * 201, "column B (被举报对象)"),
    ],
)
def test_the_wrong_field_is_named(
    bureau: Bureau, app: Flask, column: int, value: str, label: str
) -> None:
    from flask_babel import force_locale

    bad = [*ROWS[0]]
    bad[column] = value
    with force_locale("en"):
        judged = judge(bureau.id, None, table([bad, ROWS[1]]), SOURCE)
    assert [r.fate for r in judged.rows] == ["wrong", "good"]
    assert [at for at, _why in judged.rows[0].errors] == [label]
    assert not judged.may_go_on
    with pytest.raises(bulk.NotGood):
        take_all(bureau.id, judged)
    assert db.session.query(Docket).count() == 0


def test_a_handover_without_its_document_is_not_good(bureau: Bureau) -> None:
    assert fates(bureau, table(), HandoverSource("清单.csv")) == ["wrong", "wrong"]


# -- all or nothing, and once
def test_all_rows_become_tips_and_the_same_list_adds_nothing(bureau: Bureau) -> None:
    seen: list[int] = []
    numbers = take_all(bureau.id, judge(bureau.id, None, table(), SOURCE), progress=seen.append)
    assert [n.split("〕")[1] for n in numbers] == ["1号", "2号"]
    assert seen == [1, 2]
    dockets = list(db.session.scalars(select(Docket).order_by(Docket.id)))
    assert [(d.title, d.channel) for d in dockets] == [
        ("汇锦机械有限公司", "department"),
        ("三合镇统计站", "department"),
    ]
    assert facts_of(dockets[0].id)["original_at"] == "清单.xlsx #2"
    for again in (table(), xlsx(), table(codec="gbk")):
        judged = judge(
            bureau.id,
            None,
            again,
            HandoverSource("另一个名字.xlsx", *list(SOURCE.__dict__.values())[1:]),
        )
        assert [(r.fate, r.docket_id) for r in judged.rows] == [
            ("here", dockets[0].id),
            ("here", dockets[1].id),
        ]
        assert not judged.may_go_on


def test_a_row_that_stands_twice_comes_once(bureau: Bureau) -> None:
    judged = judge(bureau.id, None, table([ROWS[0], ["9", *ROWS[0][1:]]]), SOURCE)
    assert [(r.fate, r.same_as) for r in judged.rows] == [("good", ""), ("here", "2")]


def test_a_fault_in_the_last_row_leaves_nothing(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged, real, calls = judge(bureau.id, None, table(), SOURCE), bulk.receive_in, []

    def fails(*a: object, **k: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError
        return real(*a, **k)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "receive_in", fails)
    with pytest.raises(RuntimeError):
        take_all(bureau.id, judged)
    assert db.session.query(Docket).count() == 0
    assert fates(bureau, table()) == ["good", "good"]


def test_what_came_in_between_looking_and_taking_stops_it(bureau: Bureau) -> None:
    judged = judge(bureau.id, None, table(), SOURCE)
    take_all(bureau.id, judge(bureau.id, None, table([ROWS[1]]), SOURCE))
    with pytest.raises(bulk.NotGood):
        take_all(bureau.id, judged)
    assert db.session.query(Docket).count() == 1


# -- informants
WHO_HEADS, WHO_ROWS = [*HEADS, "举报人姓名", "联系电话"], [[*ROWS[0], "冉小梅", "13896541207"]]


def test_names_without_a_custodian_are_refused(bureau: Bureau) -> None:
    assert fates(bureau, table(WHO_ROWS, WHO_HEADS)) == ["wrong"]


def test_names_are_sealed_to_the_custodians_and_stand_nowhere(
    team: Team, bureau: Bureau, instance: Path
) -> None:
    record, _recovery = custody.new_custodian("a password of theirs")
    with writing() as session:
        session.add(
            CustodianKey(person_id=team.others["custodian"], bureau_id=bureau.id, record=record)
        )
    take_all(bureau.id, judge(bureau.id, None, table(WHO_ROWS, WHO_HEADS), SOURCE))
    docket = db.session.scalars(select(Docket)).one()
    sealed = keeping.unwrapped(db.session.get_one(Identity, docket.id))
    opened = json.loads(custody.open_identity(record, "a password of theirs", sealed))
    assert opened == {"name": "冉小梅", "contact": "13896541207"}
    written = b"".join(p.read_bytes() for p in instance.rglob("*") if p.is_file())
    assert "冉小梅".encode() not in written
    assert "冉小梅" not in json.dumps(facts_of(docket.id), ensure_ascii=False)


def test_the_command_dry_then_in_earnest_then_again(
    bureau: Bureau, instance: Path, tmp_path: Path
) -> None:
    file = tmp_path / "清单.csv"
    file.write_bytes(table(codec="gb18030"))
    said = ["--body", SOURCE.body, "--number", SOURCE.number, "--day", SOURCE.day]
    dry = command(instance, str(file), "--dry-run", *said)
    assert (dry.returncode, dry.stdout.strip()) == (0, "good: 2, wrong: 0, here already: 0"), (
        dry.stderr
    )
    db.session.rollback()
    assert db.session.query(Docket).count() == 0
    done = command(instance, str(file), *said)
    assert "1号" in done.stdout
    again = command(instance, str(file), *said)
    assert "here already: 2" in again.stdout
    db.session.rollback()
    assert db.session.query(Docket).count() == 2
    assert command(instance, str(file)).returncode == 1


def test_upload_look_confirm_progress(bureau: Bureau, sign_in: SignIn, app: Flask) -> None:
    client = sign_in("clerk")
    page = sent(client, xlsx())
    assert page.status_code == 200  # type: ignore[attr-defined]
    assert "拟接收" in page.text  # type: ignore[attr-defined]
    assert db.session.query(Docket).count() == 0
    key = re.search(r'name="key" value="([^"]+)"', page.text)  # type: ignore[attr-defined]
    assert key
    answer = client.post("/desk/reports/import/confirm", data={"key": key[1]})
    assert answer.status_code == 302
    assert "已接收 2 件线索" in waited(client, answer.location)
    db.session.rollback()
    assert db.session.query(Docket).count() == 2
    assert client.post("/desk/reports/import/confirm", data={"key": key[1]}).status_code == 409
    assert list(app.extensions["sealed_store"].names()) == []
    assert "已在办" in sent(client, xlsx()).text  # type: ignore[attr-defined]


def test_a_list_with_a_wrong_row_has_no_button(bureau: Bureau, sign_in: SignIn) -> None:
    page = sent(sign_in("clerk"), table([["1", "", "企业", "", "多报", "", ""], ROWS[1]])).text  # type: ignore[attr-defined]
    assert 'name="key"' not in page
    assert "须更正" in page


def test_another_person_cannot_confirm(bureau: Bureau, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    key = re.search(r'name="key" value="([^"]+)"', sent(client, xlsx()).text)  # type: ignore[attr-defined]
    assert key
    assert (
        sign_in("officer1").post("/desk/reports/import/confirm", data={"key": key[1]}).status_code
        == 403
    )


def test_what_is_no_list_is_said(bureau: Bureau, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    assert sent(client, b"PK broken").status_code == 422  # type: ignore[attr-defined]
    assert "心情" in sent(client, table(heads=[*HEADS[:-1], "心情"])).text  # type: ignore[attr-defined]
    assert client.post("/desk/reports/import", data={}).status_code == 422


def test_the_blank_list_is_understood(bureau: Bureau, sign_in: SignIn) -> None:
    book = load_workbook(io.BytesIO(sign_in("clerk").get("/desk/reports/import/blank.xlsx").data))
    heads = [str(c.value) for c in book.active[1]]
    assert "" not in column_fields(heads)


def test_no_other_page_of_a_list_is_there(bureau: Bureau, team: Team, sign_in: SignIn) -> None:
    with writing() as session:
        other = Bureau(code="z", name="另一统计局", prefix="另统")
        session.add(other)
        session.flush()
        theirs = jobs.order(session, jobs.LIST, other.id).id
        mine = jobs.order(session, jobs.MANY, bureau.id).id
    for number in (theirs, mine, "1" * 32, "..%2f..%2fkeys"):
        assert sign_in("clerk").get(f"/desk/reports/import/{number}").status_code == 404


def test_a_public_tip_during_an_import_of_a_thousand_rows_waits_and_succeeds(
    bureau: Bureau, app: Flask, team: Team
) -> None:
    """The list is one transaction that others wait for; whoever files meanwhile gets the next
    number."""
    rows = [
        [str(n), f"某某公司第{n}号", *ROWS[0][2:4], f"第{n}条", *ROWS[0][5:]]
        for n in range(sheets.MOST_ROWS)
    ]
    judged = judge(bureau.id, team.clerk, table(rows), SOURCE)
    assert judged.count("good") == sheets.MOST_ROWS
    began, bureau_id, numbers = threading.Event(), bureau.id, list[str]()

    def bring() -> None:
        with app.app_context():
            numbers.extend(take_all(bureau_id, judged, progress=lambda _n: began.set()))

    thread = threading.Thread(target=bring)
    thread.start()
    assert began.wait(120)
    tip = {
        "channel": "web",
        "subject": "另一公司",
        "subject_kind": "enterprise",
        "narrative": "少报",
    }
    got = receive(db.session.get_one(Bureau, bureau_id), tip)
    thread.join()
    assert len(set(numbers)) == sheets.MOST_ROWS
    assert got.number.endswith(f"{sheets.MOST_ROWS + 1}号")
    db.session.rollback()
    assert db.session.query(Docket).count() == sheets.MOST_ROWS + 1
