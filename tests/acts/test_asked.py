"""Refusals that rest on what was asked: each with an answer that it takes and one that it refuses,
on a case of the road."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from casework.procedure.checks.registry import CHECKS
from casework.procedure.facts import ClockFacts, Facts
from casework.procedure.load import procedure
from casework.procedure.penalties import penalties
from casework.upkeep import road
from casework.upkeep.walk import Walk
from tests.acts.roads import END, facts_of

Change = Callable[[Facts], Facts]
BIG = 60_000_00  # fen: a hearing may be asked for
ROW = road.violation(END)
# late filing, under a law that knew no 通报 for it
LATE = {**ROW, "code": "V10", "conduct_end": "2024-09-12"}


def same(f: Facts) -> Facts:
    return f


def no_bank(f: Facts) -> Facts:
    return replace(f, bureau=replace(f.bureau, bank=""))


def no_figures(f: Facts) -> Facts:
    return replace(f, acts=tuple(a for a in f.acts if a.step != "verify_figures"))


def on_the_day_told(f: Facts) -> Facts:
    """The day on which the notice was served: every window is open."""
    clock = f.clock("defence")
    assert clock
    return replace(f, today=clock.start)


def voices(names: str, vote: str = "agree") -> list[dict[str, str]]:
    return [{"name": n, "post": "局领导", "vote": vote, "opinion": "x"} for n in names]


SIGNED = {"signer": "负责人", "signed_on": "2025-10-14", "document": "声明"}
# check: how the facts are changed, what it takes, what it refuses
ASKED: dict[str, tuple[Change, dict[str, Any], dict[str, Any]]] = {
    "account_named": (
        no_bank,
        {"fine_fen": 100, "bank": "银行，户名，1"},
        {"fine_fen": 100, "bank": " "},
    ),
    "act_named": (same, {"code": "V3"}, {"code": "V99"}),
    "changed_sum_given": (
        same,
        {"result": "changed", "fine_fen": 0},
        {"result": "changed", "fine_fen": None},
    ),
    "circular_allowed": (
        same,
        {"kinds": ["circular"], "violations": [{**LATE, "conduct_end": "2024-09-13"}]},
        {"kinds": ["circular"], "violations": [LATE]},
    ),
    "ends_after_start": (
        same,
        {"began": "09:00", "ended": "09:01"},
        {"began": "09:01", "ended": "09:00"},
    ),
    "facts_have_articles": (same, {"violations": [ROW]}, {"violations": [{**ROW, "code": "V99"}]}),
    "figures_or_reason": (no_figures, {"no_figures": "未涉及指标"}, {"no_figures": ""}),
    "number_given": (same, {"body": "县政府", "number": "1"}, {"body": "县政府", "number": ""}),
    "result_fits_points": (
        same,
        {"point_facts": "fail", "result": "return"},
        {"point_facts": "fail", "result": "pass"},
    ),
    "subject_identified": (
        same,
        {"respondents": [{"name": "某厂"}]},
        {"respondents": [{"name": "某厂"}, {"name": " "}]},
    ),
    "three_voices": (same, {"voices": voices("甲乙丙")}, {"voices": voices("甲乙")}),
    "told_and_heard": (same, {"told": True, "heard": "无异议"}, {"told": True, "heard": ""}),
    "violations_complete": (
        same,
        {"violations": [ROW]},
        {"violations": [{**ROW, "conduct_end": ""}]},
    ),
    "waiver_proved": (on_the_day_told, {**SIGNED, "rights": ["defence"]}, {**SIGNED, "rights": []}),
}


@pytest.fixture
def told(large_case_at_notice_served: Walk) -> Facts:
    """A case whose notice of a large fine was served."""
    return facts_of(large_case_at_notice_served)


def test_each_takes_the_one_and_refuses_the_other(told: Facts) -> None:
    wrong = {}
    for name, (change, good, bad) in ASKED.items():
        facts = change(told)
        said = CHECKS[name](facts, good, facts.today), CHECKS[name](facts, bad, facts.today)
        if said[0] is not None or said[1] is None:
            wrong[name] = said
    assert wrong == {}


def test_the_days_of_the_defence_are_over_after_the_last(told: Facts) -> None:
    last = told.clock("defence").due  # type: ignore[union-attr]
    assert CHECKS["defence_days_over"](told, {}, last) == {"day": last.isoformat()}
    assert CHECKS["defence_days_over"](told, {}, last + timedelta(1)) is None


def test_a_day_that_a_paper_sets_lies_ahead(told: Facts) -> None:
    assert CHECKS["due_lies_ahead"](told, {"due": told.today.isoformat()}, told.today) is not None
    assert (
        CHECKS["due_lies_ahead"](told, {"due": (told.today + timedelta(1)).isoformat()}, told.today)
        is None
    )


def test_what_is_printed_is_not_corrected_in_the_journal(told: Facts) -> None:
    """An entry that made a paper is mended by a new paper; one that made none may be corrected."""
    printed, plain = told.last("prior_notice"), told.last("verify_figures")
    assert printed
    assert plain
    change = {"fields": {"discretion": "x"}}
    assert CHECKS["entry_correctable"](told, {"act": printed.seq, **change}, told.today) is not None
    assert (
        CHECKS["entry_correctable"](told, {"act": plain.seq, "fields": {"method": "x"}}, told.today)
        is None
    )
    assert CHECKS["entry_correctable"](told, {"act": 999, **change}, told.today) is not None


def test_nobody_pays_more_than_is_owed(case_at_served: Walk) -> None:
    facts = facts_of(case_at_served)
    found = {
        fen: CHECKS["not_more_than_owed"](facts, {"paid_fen": fen}, facts.today)
        for fen in (0, 1, 3_000_000, 3_000_001)
    }
    assert [fen for fen, said in found.items() if said is None] == [1, 3_000_000]


def test_where_two_laws_name_two_amounts_the_reviewer_says_which(told: Facts) -> None:
    """统计法 and 全国经济普查条例: a census case is not reviewed without the reviewer's word on the
    amounts."""
    day = date.fromisoformat(ROW["conduct_end"])
    code = next(c for c in penalties().violations if penalties().census_conflict(c, day, True))
    rows = [{**ROW, "code": code, "census": True}]
    acts = (
        replace(a, asked={**a.asked, "violations": rows}) if "violations" in a.asked else a
        for a in told.acts
    )
    census = replace(told, acts=tuple(acts))
    assert census.violations[0]["census"]
    assert CHECKS["census_decided"](census, {"census_law": ""}, told.today) is not None
    assert CHECKS["census_decided"](census, {"census_law": "law"}, told.today) is None
    assert CHECKS["census_decided"](told, {"census_law": ""}, told.today) is None


def test_a_reply_is_put_off_to_twelve_months_at_most(told: Facts) -> None:
    last = told.today + timedelta(365)
    now = told.today + timedelta(180)
    clock = ClockFacts(999, "discipline_hard", "discipline-1", told.today, last, last, "open")
    reply = ClockFacts(998, "discipline_reply", "discipline-1", told.today, now, now, "open")
    facts = replace(told, clocks=(*told.clocks, reply, clock))
    assert CHECKS["within_hard_limit"](facts, {"until": last.isoformat()}, told.today) is None
    assert (
        CHECKS["within_hard_limit"](facts, {"until": (last + timedelta(1)).isoformat()}, told.today)
        is not None
    )
    assert CHECKS["within_hard_limit"](told, {"until": last.isoformat()}, told.today) is not None


def test_every_check_that_is_asked_for_here_belongs_to_a_step() -> None:
    assert set(ASKED) <= {name for step in procedure().steps.values() for name in step.checks}
