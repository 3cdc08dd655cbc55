"""Cells of lists as spreadsheets leave them: nothing is taken in that was not written."""

import re
from datetime import date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from casework.docket.models import Docket
from casework.intake import bulk
from casework.intake.bulk import judge, take_all
from casework.intake.bulk_words import code_note, code_word
from casework.people.models import Bureau
from casework.store import db
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


# -- codes that a spreadsheet has damaged
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("code_as_number.xlsx", "more than 15 digits"),
        ("power.csv", "short form"),
        ("quoted_formula.csv", "is a formula"),
    ],
)
def test_a_damaged_code_is_to_be_mended_and_says_where_and_why(
    bureau: Bureau, app: Flask, name: str, why: str
) -> None:
    judged = in_english(bureau, case(name))
    where, said = only_error(judged)
    assert where == "column B (统一社会信用代码)"
    assert why in said
    assert judged.rows[0].line == 2
    with pytest.raises(bulk.NotGood):
        take_all(bureau.id, judged)
    assert db.session.query(Docket).count() == 0


@pytest.mark.parametrize("number", [915002305567890123, 9.15002305567890123e17, 10**15, -(10**15)])
def test_a_number_of_more_than_fifteen_digits_is_never_believed(
    bureau: Bureau, app: Flask, number: float
) -> None:
    where, why = only_error(in_english(bureau, saved(book(tip("某公司", number)))))
    assert where.startswith("column B")
    assert "15 digits" in why
    with_number = [*tip("某公司")[:2], number, *tip("某公司")[3:]]
    assert only_error(in_english(bureau, saved(book(with_number))))[0].startswith("column C")


def test_fifteen_digits_are_kept_by_a_spreadsheet_and_believed(bureau: Bureau) -> None:
    (row,) = judge(bureau.id, None, saved(book(tip("某公司", 500230600123456))), SOURCE).rows
    assert (row.fate, row.code.text) == ("good", "500230600123456")


def test_every_way_of_writing_a_code_has_its_answer(bureau: Bureau, app: Flask) -> None:
    judged = in_english(bureau, case("codes.xlsx"))
    with force_locale("en"):
        said = [(r.fate, r.code.text, code_word(r)) for r in judged.rows]
    assert said == [
        ("good", GOOD_CODE, "code to be confirmed"),  # full width
        ("good", GOOD_CODE, "code to be confirmed"),  # blanks
        ("good", GOOD_CODE, "code to be confirmed"),  # a sign of direction before it
        ("good", "500230198001011234", "code to be confirmed"),
        ("good", "123456789", "code to be confirmed"),
        # 15 digits that may be an old identity number
        ("good", "500230600123456", "code to be confirmed"),
        ("good", "", "no code"),  # 无
        ("wrong", "91500230MAOIZSV123", "wrong"),
        # good as a code and as an identity number
        ("good", "362322198709086409", "code to be confirmed"),
        ("good", "", "no code"),  # /
    ]


def test_an_apostrophe_before_a_code_is_the_spreadsheets(bureau: Bureau) -> None:
    (row,) = judge(bureau.id, None, case("apostrophe.csv"), SOURCE).rows
    assert (row.fate, payload(row)["credit_code"]) == ("good", "915002305567890123")


def test_what_the_page_shows_is_what_is_taken_in(bureau: Bureau, sign_in: SignIn) -> None:
    rows = [
        tip("甲公司", " 9150 0230 ma5y q123 45"),
        tip("乙公司", "无"),
        tip("丙公司", "915002305567890000"),
    ]
    page = sent(sign_in("clerk"), saved(book(*rows))).text  # type: ignore[attr-defined]
    assert re.search(f">{GOOD_CODE}</span><br>待确认<", page)
    assert "无代码" in page
    assert "末三位为 000" in page
    judged = judge(bureau.id, None, saved(book(*rows)), SOURCE)
    assert [payload(r)["credit_code"] for r in judged.rows] == [
        GOOD_CODE,
        None,
        "915002305567890000",
    ]
    assert code_note(judged.rows[1]) == ""


def test_the_identity_number_of_a_person_is_refused_and_not_repeated(
    bureau: Bureau, app: Flask
) -> None:
    where, why = only_error(in_english(bureau, saved(book(tip("某公司", "11010119900307889X")))))
    assert "identity number" in why
    assert "19900307" not in where + why


# -- formulas
def with_formula(value: str, kind: str = "str") -> bytes:
    """A list whose subject is a formula, with its result as a spreadsheet keeps it."""
    made = book(tip("x"))
    made.active["A2"] = '=E2&"公司"'
    kept = rf'<c r="A2" t="{kind}">\1<v>{value}</v></c>'.encode()
    return patched(
        saved(made),
        SHEET,
        lambda data: re.sub(rb'<c r="A2"[^>]*>(<f>.*?</f>)<v ?/?>(</v>)?</c>', kept, data),
    )


def test_the_result_of_a_formula_is_what_counts(bureau: Bureau) -> None:
    (row,) = judge(bureau.id, None, with_formula("丰都乙公司"), SOURCE).rows
    assert (row.fate, row.subject) == ("good", "丰都乙公司")


def test_a_formula_without_its_result_is_to_be_mended(bureau: Bureau, app: Flask) -> None:
    made = book(tip("x"))
    made.active["A2"] = '=E2&"公司"'
    where, why = only_error(in_english(bureau, saved(made)))
    assert (where, "does not hold its result" in why) == ("column A (被举报单位)", True)
    judged = in_english(bureau, case("formulas.xlsx"))
    assert [where for where, _why in judged.rows[0].errors] == [
        "column A (被举报单位)",
        "column C (反映内容)",
    ]


def test_an_error_of_the_spreadsheet_is_to_be_mended(bureau: Bureau, app: Flask) -> None:
    assert "error message" in only_error(in_english(bureau, with_formula("#REF!", "e")))[1]


def test_a_text_that_begins_with_a_sign_of_equality_is_no_formula(bureau: Bureau) -> None:
    made = book(tip("某公司"))
    made.active["C2"].value = "=多报产值"
    made.active["C2"].data_type = "s"
    (row,) = judge(bureau.id, None, saved(made), SOURCE).rows
    assert payload(row)["narrative"] == "=多报产值"


# -- days
@pytest.mark.parametrize("name", ["days_format_31.xlsx", "days_format_57.xlsx"])
def test_chinese_formats_that_are_named_nowhere_are_days(bureau: Bureau, name: str) -> None:
    (row,) = judge(bureau.id, None, case(name), SOURCE).rows
    assert row.asked is not None
    assert row.asked.on == date(2026, 11, 20)


@pytest.mark.parametrize("number", [*range(27, 32), 36, *range(50, 55), 57, 58])
def test_each_of_the_chinese_formats(bureau: Bureau, number: int) -> None:
    def unnamed(styles: bytes) -> bytes:
        without = re.sub(rb"<numFmts.*?</numFmts>", b"", styles)
        return re.sub(rb'numFmtId="(?!0")\d+"', b'numFmtId="%d"' % number, without)

    made = book(tip("某公司", day=datetime(2026, 11, 20)))
    (row,) = judge(bureau.id, None, patched(saved(made), "xl/styles.xml", unnamed), SOURCE).rows
    assert row.asked is not None
    assert row.asked.on == date(2026, 11, 20)


@pytest.mark.parametrize(
    "day",
    [
        "20261120",
        "2026-11-20 09:30:00",
        "2026-11-20T09:30",
        "2026.11.20",
        "2026年11月20日",
        "２０２６年１１月２０日",
        "2026/11/20",
        " 2026.11.20 ",
        "2026、11、20",
        "\u202a2026-11-20",
        date(2026, 11, 20),
        datetime(2026, 11, 20, 9, 30),
    ],
)
def test_ways_of_writing_a_day(bureau: Bureau, day: object) -> None:
    (row,) = judge(bureau.id, None, saved(book(tip("某公司", day=day))), SOURCE).rows
    assert row.asked is not None, row.errors
    assert row.asked.on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (46346, "«46346» is a bare number"),
        ("11月20日", "«11月20日» has no year"),
        ("26.11.20", "only two digits of a year"),
        ("2026-02-30", "There is no day «2026-02-30»"),
        ("二〇二六年十一月", "not understood as a day"),
    ],
)
def test_a_day_that_would_be_a_guess_says_why_and_shows_the_cell(
    bureau: Bureau, app: Flask, day: object, why: str
) -> None:
    where, said = only_error(in_english(bureau, saved(book(tip("某公司", day=day)))))
    assert where == "column D (收到日期)"
    assert why in said


def test_the_days_of_the_case_as_text(bureau: Bureau) -> None:
    judged = judge(bureau.id, None, case("days_as_text.xlsx"), SOURCE)
    # no year, words, two digits of a year
    assert [r.line for r in judged.rows if r.fate == "wrong"] == [7, 9, 11]
    assert {r.asked.on for r in judged.rows if r.asked} == {date(2026, 11, 20)}


def test_a_month_reads_as_it_is_shown(bureau: Bureau) -> None:
    made = book(tip("某公司"))
    made.active["E2"] = datetime(2026, 10, 1)
    made.active["E2"].number_format = 'yyyy"年"m"月"'
    (row,) = judge(bureau.id, None, saved(made), SOURCE).rows
    assert payload(row)["period"] == "2026年10月"


# -- text
def test_lines_within_a_cell_come_in_as_lines(bureau: Bureau) -> None:
    csv_list = (
        ",".join(HEADS)
        + '\r\n某公司,,"第一行\r\n第二行",2026-11-20,\r\n另一公司,,虚报,2026-11-20,\r\n'
    )
    judged = judge(bureau.id, None, csv_list.encode("gb18030"), SOURCE)
    assert payload(judged.rows[0])["narrative"] == "第一行\n第二行"
    assert [r.line for r in judged.rows] == [2, 3]
    (row,) = judge(
        bureau.id, None, saved(book(tip("某公司", words="第一行_x000D_\n第二行😋"))), SOURCE
    ).rows
    assert payload(row)["narrative"] == "第一行\n第二行😋"


def test_heads_are_compared_folded(bureau: Bureau) -> None:
    heads = [
        "被举报单位（必填）",
        "统一社会\n信用代码",
        " 反映內容".replace("內", "内"),
        "收到日期\u200b",
        "＊报告期",
    ]
    assert [
        r.fate for r in judge(bureau.id, None, saved(book(tip("某公司"), heads=heads)), SOURCE).rows
    ] == ["good"]
