"""Why a step is not possible, as a sentence."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from casework.desk import clock_rows, naming
from casework.desk.naming import refusal_sentence
from casework.procedure.offers import Refusal
from casework.procedure.settings import shipped
from casework.procedure.terms import Unit
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("lang", "day", "said"),
    [
        ("zh", "2026-03-02", "企业申辩期限未满（至2026-03-02）。"),
        ("zh", "", "企业申辩期限未满。"),
        ("en", "", "The firm's days for a reply are not over."),
    ],
)
def test_a_day_not_yet_known_leaves_no_empty_brackets(
    app: Flask, lang: str, day: str, said: str
) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        assert refusal_sentence(Refusal("dishonesty_heard", {"day": day})) == said


@pytest.mark.parametrize(
    ("lang", "values", "said"),
    [
        (
            "zh",
            {"clock": "线索核查", "clock_en": "Verification"},
            "本局尚有未办结的期限：线索核查。",
        ),
        (
            "en",
            {"clock": "线索核查", "clock_en": "Verification"},
            "A deadline of the bureau is still running: Verification.",
        ),
        # kept by an older release
        ("en", {"clock": "线索核查"}, "A deadline of the bureau is still running: 线索核查."),
    ],
)
def test_a_deadline_is_named_in_the_language_of_the_page(
    app: Flask, lang: str, values: dict[str, str], said: str
) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        assert refusal_sentence(Refusal("no_open_own_clock", values)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1 working day", "2 working days", "1 month", "3 days"]),
        ("zh", ["1 个工作日", "2 个工作日", "1 个月", "3 日"]),
    ],
)
def test_one_is_no_plural(app: Flask, language: str, said: list[str]) -> None:
    with app.test_request_context(f"/?lang={language}"):
        asked = [(1, Unit.WORKDAY), (2, Unit.WORKDAY), (1, Unit.MONTH), (3, Unit.DAY)]
        assert [naming.period_word(n, unit) for n, unit in asked] == said
        assert clock_rows.left_word("soon", 1, True) == (
            "1 working day left" if language == "en" else "还剩 1 个工作日"
        )


def test_a_list_names_the_last_day_and_counts_nothing(app: Flask) -> None:
    """Its deadlines count differently, in working days or in all: a number would contradict the
    case page."""
    today = date(2026, 3, 6)
    with app.test_request_context("/"):
        found = [clock_rows.due_word(today + timedelta(days=n), today) for n in (-5, 0, 3, 9)]
        none = clock_rows.due_word(date(9999, 12, 31), today)
    assert [f["word"] for f in found] == [
        "2026-03-01 已逾期",
        "今日到期",
        "2026-03-09",
        "2026-03-15",
    ]
    assert [f["state"] for f in found] == ["overdue", "today", "soon", "fine"]
    assert none == {"state": "", "word": ""}


def test_a_setting_is_shown_with_its_unit_in_chinese(app: Flask) -> None:
    with app.test_request_context("/"):
        assert naming.setting_value(shipped().setting("burst.hours")) == "24 小时"


def test_what_a_paper_still_needs_is_named_in_words(app: Flask) -> None:
    """Whatever the builders of papers ask for: a field, another paper, a step, a period."""
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "letters").glob("*.py"))
    asked = set(re.findall(r'required\([^"\n]*"([\w.]+)"\)', sources))
    assert {"served", "decision"} <= asked
    with app.test_request_context("/?lang=zh"):
        assert [name for name in asked if re.search("[a-z_]", naming.missing_name(name))] == []
