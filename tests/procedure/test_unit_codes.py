"""What is taken for the code of a unit, what is said of one that is none, and numbers of people in
a text."""

import pytest
from flask import Flask

from casework.procedure.codes import (
    CodeFault,
    CodeState,
    unit_code,
    what_is_wrong,
    without_identity_numbers,
)
from forms.codes import refusal
from tests.support.procedure import BOTH, BOTH_OF_A_TRADER, IN_CHONGQING


@pytest.mark.parametrize(
    ("code", "kind", "state"),
    [
        (BOTH, "enterprise", CodeState.DOUBTFUL),
        (BOTH, "sole_trader", CodeState.IDENTITY),
        (BOTH, "person", CodeState.IDENTITY),
        (BOTH_OF_A_TRADER, "sole_trader", CodeState.DOUBTFUL),
        (IN_CHONGQING, "enterprise", CodeState.IDENTITY),
        ("", "sole_trader", CodeState.NONE),
        ("／", "person", CodeState.NONE),
        ("无", "enterprise", CodeState.NONE),
    ],
)
def test_who_stands_behind_a_number_good_by_both_check_digits(
    code: str, kind: str, state: CodeState
) -> None:
    assert unit_code(code, kind).state is state


@pytest.mark.parametrize(
    ("typed", "fault", "says"),
    [
        ("9.15E+17", CodeFault.SPREADSHEET, "电子表格"),
        ("915002305567890123.0", CodeFault.SIGNS, "."),
        ('="915002305567890123"', CodeFault.SIGNS, '="'),
        ("'915002305567890123", CodeFault.SIGNS, "'"),
        ("91500230MA5YQ1234", CodeFault.LENGTH, "17位"),
        ("91500230MA5YQ123456", CodeFault.LENGTH, "19位"),
        ("91500230MAOYQI2345", CodeFault.LETTERS, "OI"),
        ("见附件", CodeFault.SIGNS, "见附件"),
    ],
)
def test_a_wrong_code_is_refused_with_what_is_wrong(
    app: Flask, typed: str, fault: CodeFault, says: str
) -> None:
    assert what_is_wrong(unit_code(typed))[0] is fault
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert says in str(refusal(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "91500230MA5YQ12345",
        "９１５００２３０ＭＡ５ＹＱ１２３４５",
        "9150 0230 MA5Y Q123 45",
        " 91500230-ma5yq12345",
        "\u202a91500230MA5YQ12345\u202c",
        "208680012",
        "500230600123456",
        "无",
        "/",
        "",
        "915002305567890123",
    ],
)
def test_what_people_and_machines_write_for_a_code_passes(app: Flask, typed: str) -> None:
    with app.test_request_context():
        assert refusal(typed) is None


def test_numbers_of_people_leave_a_text_however_they_are_written() -> None:
    wide = "１１０１０５１９４９１２３１００２Ｘ"
    for written in (
        "11010519491231002X",
        "110105 19491231 002x",
        wide,
        "110105-19491231-002X",
        "110105491231002",
    ):
        shown = without_identity_numbers(f"负责人王某（{written}），电话13800000000，共3人")
        assert not [part for part in ("19491231", "１９４９", "491231") if part in shown], written
        assert shown.startswith("负责人王某（■■"), written
        assert shown.endswith("），电话13800000000，共3人"), written
    told = (
        "应收账款上报646千元，核实5087千元；信用代码91350100M000100Y43，"
        "文号渝统罚〔2026〕12号，户31-0000000000"
    )
    assert without_identity_numbers(told) == told
    assert without_identity_numbers(f"代码{BOTH}。", BOTH) == f"代码{BOTH}。"
    assert (
        without_identity_numbers("代码91350211 M0000XUF46。", "", "91350211M0000XUF46")
        == "代码■■■■■■■■ ■■■■■■■■■■。"
    )
