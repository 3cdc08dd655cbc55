"""What people typed, as it stands in a sentence of a paper."""

from __future__ import annotations

import pytest

from letters.said import addressed, adds, cited, survey_form


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("统计法第二十四条", "《中华人民共和国统计法》第二十四条"),
        ("《统计法》第八条", "《中华人民共和国统计法》第八条"),
        ("违反统计法实施条例第五十条", "违反《中华人民共和国统计法实施条例》第五十条"),
        (
            "中华人民共和国统计法（2024年修正）第八条",
            "《中华人民共和国统计法》（2024年修正）第八条",
        ),
        (
            "《中华人民共和国统计法》（2024年修正）第八条",
            "《中华人民共和国统计法》（2024年修正）第八条",
        ),
        ("行政处罚法第33条", "《中华人民共和国行政处罚法》第33条"),
        ("违反统计法律法规", "违反统计法律法规"),
        ("国统字〔2019〕33号第十六条", "国统字〔2019〕33号第十六条"),
    ],
)
def test_a_law_is_cited_by_its_full_name(typed: str, printed: str) -> None:
    assert cited(typed) == printed
    assert cited(printed) == printed


def test_nothing_is_said_twice() -> None:
    assert adds("发现李某的行为涉嫌犯罪。", "涉嫌犯罪。") == ""
    assert adds("发现李某的行为涉嫌犯罪。", "伪造印章，涉嫌犯罪") == "伪造印章，涉嫌犯罪。"
    assert adds("同意处罚意见。", "") == ""


def test_a_letter_speaks_to_the_party() -> None:
    assert addressed("当事人未提出陈述申辩。") == "你单位未提出陈述申辩。"
    assert addressed("在当事人住所进行") == "在你单位住所进行"
    assert addressed("双方当事人到场，其他当事人另案处理") == "双方当事人到场，其他当事人另案处理"


@pytest.mark.parametrize(
    "typed",
    [
        "财务状况，B103-2，2025年年报",
        "B103-2,财务状况,2025年年报",
        "2025年年报；B103-2、财务状况",
    ],
)
def test_a_form_that_is_owed_stands_in_its_columns(typed: str) -> None:
    assert survey_form(typed) == {"name": "财务状况", "form": "B103-2", "period": "2025年年报"}


def test_a_number_alone_is_no_name() -> None:
    assert survey_form("B103-2") == {"name": "—", "form": "B103-2", "period": "—"}
    assert survey_form("B103-2表，2026年1-10月") == {
        "name": "—",
        "form": "B103-2表",
        "period": "2026年1-10月",
    }
