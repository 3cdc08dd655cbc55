"""Sheets, rows and columns of lists: nothing goes unseen, and what is no list is told by name."""

import pytest
from flask import Flask
from flask_babel import force_locale

from casework.intake import sheets
from casework.intake.bulk import judge
from casework.intake.bulk_words import part_words, why_bad
from casework.intake.columns import BadHeads
from casework.intake.sheets import BadSheet
from casework.intake.tables import Part
from casework.people.models import Bureau
from tests.intake.books import (
    GOOD_CODE,
    HEADS,
    SHEET,
    book,
    case,
    in_english,
    only_error,
    patched,
    payload,
    saved,
    tip,
)
from tests.support.intake import SOURCE, SignIn, sent


# -- what goes unseen
def test_every_sheet_with_the_heads_of_a_list_is_read_and_named(
    bureau: Bureau, sign_in: SignIn
) -> None:
    judged = judge(bureau.id, None, case("two_sheets.xlsx"), SOURCE)
    assert [(r.sheet, r.subject) for r in judged.rows] == [
        ("第一批", "丰都庚一公司"),
        ("第二批", "丰都庚二公司"),
    ]
    assert [payload(r)["original_at"] for r in judged.rows] == [
        "清单.xlsx 第一批 #2",
        "清单.xlsx 第二批 #2",
    ]
    page = sent(sign_in("clerk"), case("two_sheets.xlsx")).text  # type: ignore[attr-defined]
    assert "第一批、第二批" in page


def test_a_sheet_that_is_no_list_is_named_and_left_only_when_somebody_says_so(
    bureau: Bureau,
) -> None:
    made = book(tip("某公司"))
    made.create_sheet("填表说明").append(["请勿删除", "说明"])
    made.create_sheet("空表")
    judged = judge(bureau.id, None, saved(made), SOURCE)
    assert judged.parts == [Part("others", "填表说明")]
    assert (judged.open, judged.may_go_on) == (["others"], False)
    assert judge(bureau.id, None, saved(made), SOURCE, {"others": "leave"}).may_go_on


def test_a_second_sheet_with_other_heads_is_refused_with_its_name(
    bureau: Bureau, app: Flask
) -> None:
    made = book(tip("某公司"))
    made.create_sheet("第二批").append([*HEADS[:-1], "心情"])
    with pytest.raises(BadHeads) as refused:
        judge(bureau.id, None, saved(made), SOURCE)
    with force_locale("en"):
        assert why_bad(refused.value).startswith("Sheet «第二批»: Columns that are not known: 心情")


@pytest.mark.parametrize(
    ("choice", "fates"),
    [("", ["good", "hidden"]), ("leave", ["good", "left"]), ("take", ["good", "good"])],
)
def test_a_hidden_row_counts_only_when_somebody_says_so(
    bureau: Bureau, choice: str, fates: list[str]
) -> None:
    judged = judge(bureau.id, None, case("hidden_row.xlsx"), SOURCE, {"rows": choice})
    assert judged.parts == [Part("rows", "Sheet", ("3",))]
    assert [r.fate for r in judged.rows] == fates
    assert judged.may_go_on is bool(choice)


def test_a_row_without_height_is_hidden_too(bureau: Bureau) -> None:
    data = saved(book(tip("甲公司"), tip("乙公司")))
    flat = patched(
        data,
        SHEET,
        lambda sheet: sheet.replace(b'<row r="3"', b'<row r="3" ht="0" customHeight="1"'),
    )
    assert [r.fate for r in judge(bureau.id, None, flat, SOURCE).rows] == ["good", "hidden"]


def test_a_hidden_column_and_a_hidden_sheet(bureau: Bureau) -> None:
    made = book(tip("甲公司", GOOD_CODE))
    made.active.column_dimensions["B"].hidden = True
    made.active.column_dimensions["H"].hidden = True  # nothing stands in it
    second = made.create_sheet("底稿")
    for row in (HEADS, tip("乙公司")):
        second.append(row)
    second.sheet_state = "veryHidden"
    judged = judge(bureau.id, None, saved(made), SOURCE)
    assert judged.parts == [Part("columns", "Sheet", ("B",)), Part("sheets", "底稿")]
    assert judged.open == ["columns", "sheets"]
    left = judge(bureau.id, None, saved(made), SOURCE, {"columns": "leave", "sheets": "leave"})
    assert [payload(r)["credit_code"] for r in left.rows] == [None]
    taken = judge(bureau.id, None, saved(made), SOURCE, {"columns": "take", "sheets": "take"})
    assert [(r.subject, payload(r)["credit_code"]) for r in taken.rows] == [
        ("甲公司", GOOD_CODE),
        ("乙公司", None),
    ]


def test_a_title_over_the_heads_is_named_and_not_read(bureau: Bureau, app: Flask) -> None:
    judged = in_english(bureau, case("title_row.xlsx"))
    assert [(r.line, r.fate) for r in judged.rows] == [(3, "good")]
    with force_locale("en"):
        assert (
            part_words(judged.parts[0])
            == "Row 1 stands over the heads and is not read: «丰都县举报线索移交清单»."
        )


def test_sep_says_the_delimiter_and_is_no_row(bureau: Bureau) -> None:
    (row,) = judge(bureau.id, None, case("sep.csv"), SOURCE).rows
    assert (row.line, row.fate, row.subject) == (2, "good", "丰都巳公司")
    text = "sep=;\n" + ";".join(HEADS) + "\n某公司,分店;无;虚报;2026-11-20;\n"
    assert judge(bureau.id, None, text.encode(), SOURCE).rows[0].subject == "某公司,分店"


def test_a_cell_without_a_head_is_named(bureau: Bureau, app: Flask) -> None:
    where, why = only_error(in_english(bureau, saved(book([*tip("某公司"), None, "批注"]))))
    assert (where, "«批注» stands in a column that has no head" in why) == ("column G", True)
    made = book(tip("某公司", "x"), heads=["被举报单位", "", "反映内容", "收到日期", "报告期"])
    assert only_error(in_english(bureau, saved(made)))[0] == "column B"


# -- files that are no list
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (case("old.xls"), "old kind (.xls or .et)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "needs a password"),
        (b"<html><table><tr><td>x</td></tr></table>", "web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "web page"),
        (OLE + b"WordDocument", "no table"),
        (b"%PDF-1.7", "no table"),
    ],
)
def test_a_file_of_another_kind_is_told_by_name(
    bureau: Bureau, app: Flask, data: bytes, why: str
) -> None:
    with pytest.raises(BadSheet) as refused:
        sheets.read_sheets(data)
    with force_locale("en"):
        said = why_bad(refused.value)
    assert why in said
    assert "no table" in said or "«.xlsx»" in said or "password" in said
