"""Every date explains itself in one sentence: from when, how long, by which article, and whatever
moved it."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from casework.procedure import clock_rules
from casework.procedure.calendar import WorkCalendar
from casework.procedure.clock_rules import Extension
from casework.procedure.explain import explain
from casework.procedure.facts import ClockFacts
from casework.procedure.load import procedure
from casework.procedure.terms import Period, Unit

FACTS: Any = SimpleNamespace(calendar=WorkCalendar(), done=tuple)


def clock(rule: str, start: str, period: Period | None, due: str = "") -> ClockFacts:
    begun = date.fromisoformat(start)
    end = date.fromisoformat(due) if due else clock_rules.due(begun, period, FACTS.calendar).on  # type: ignore[arg-type]
    return ClockFacts(1, rule, "main", begun, end, end, "open", period=period)


def said(c: ClockFacts, language: str = "zh") -> str:
    return explain(procedure(), c, FACTS, language)


PLAIN = clock("defence", "2024-11-08", Period(5, Unit.WORKDAY))
# the last day lies in the National Day holiday
HOLIDAY = clock("pay", "2025-09-20", Period(15, Unit.DAY))
LATE = replace(
    PLAIN,
    due=date(2024, 12, 2),
    extensions=(Extension(date(2024, 11, 14), date(2024, 12, 2), None),),
)
STILL = replace(PLAIN, state="paused", pauses=((date(2024, 11, 11), None),))
AGAIN = replace(PLAIN, due=date(2024, 11, 20), pauses=((date(2024, 11, 11), date(2024, 11, 14)),))
DOUBT = replace(clock("defence", "2099-11-02", Period(5, Unit.WORKDAY)), provisional=True)
BASIS = {rule: procedure().clocks[rule].basis for rule in ("defence", "pay", "redo")}


@pytest.mark.parametrize(
    ("c", "zh", "en"),
    [
        (
            PLAIN,
            f"自11月8日次日起5个工作日，{BASIS['defence']}。",
            f"5 working days from the day after 2024-11-08, {BASIS['defence']}.",
        ),
        (
            HOLIDAY,
            f"自9月20日次日起15日，{BASIS['pay']}。期限末日为非工作日，顺延至10月9日。",
            f"15 days from the day after 2025-09-20, {BASIS['pay']}. The last "
            "day is a day off, so it moves to 2025-10-09.",
        ),
        (
            clock("redo", "2025-03-03", None, "2025-05-06"),
            f"3月3日的文书定于5月6日，{BASIS['redo']}。",
            f"Set for 2025-05-06 by a paper of 2025-03-03, {BASIS['redo']}.",
        ),
        (LATE, "已批准延长，原定11月15日。", "Extended with approval; it was 2024-11-15."),
        (STILL, "自11月11日起中止计算。", "Standing still since 2024-11-11."),
        (
            AGAIN,
            "11月11日至11月14日中止，不计入期限。",
            "It stood still from 2024-11-11 to 2024-11-14; these days do not count.",
        ),
        (
            DOUBT,
            "2099年放假安排未公布，为暂定日期。",
            "The calendar of 2099 is not published yet, so the date is provisional.",
        ),
    ],
)
def test_a_date_says_where_it_comes_from(c: ClockFacts, zh: str, en: str) -> None:
    assert zh in said(c)
    assert en in said(c, "en")
    assert said(c).startswith(("自", "3月3日的文书"))


def test_what_does_not_hold_is_not_said() -> None:
    for word in ("延长", "中止", "顺延", "暂定"):
        assert word not in said(PLAIN)


@pytest.mark.parametrize("rule", procedure().clocks)
def test_every_clock_names_its_article(rule: str) -> None:
    found = clock(rule, "2025-03-03", Period(3, Unit.MONTH))
    assert procedure().clocks[rule].basis
    assert procedure().clocks[rule].basis in said(found)
    assert "{" not in said(found) + said(found, "en")
