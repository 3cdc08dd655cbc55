"""The stored form of effects is hashed and played again: each is written as ever, and read back."""

from datetime import date
from typing import Any

import pytest

from casework.procedure import effects
from casework.procedure.effects import Effect, read, stored

D, E = date(2026, 3, 2), date(2026, 6, 1)
FORMS: list[tuple[Effect, dict[str, Any]]] = [
    (effects.Special("assign"), {"do": "assign"}),
    (
        effects.TrackOpened("main", "main", "verify", ""),
        {"do": "open", "track": "main", "label": "main", "stage": "verify", "about_field": ""},
    ),
    (
        effects.TrackOpened("remedy", "remedy-1", "running"),
        {"do": "open", "track": "remedy", "label": "remedy-1", "stage": "running"},
    ),
    (effects.StageReached("main", "file"), {"do": "move", "track": "main", "to": "file"}),
    (effects.TrackEnded("main"), {"do": "end", "track": "main"}),
    (effects.TrackReopened("main", "serve"), {"do": "reopen", "track": "main", "to": "serve"}),
    (
        effects.ClockStarted("appeal", "remedy-1", D, E, "§85", "c1"),
        {
            "do": "clock.start",
            "rule": "appeal",
            "track": "remedy-1",
            "from": "2026-03-02",
            "due": "2026-06-01",
            "basis": "§85",
            "calendar": "c1",
            "paper": None,
            "amount": 0,
            "unit": "",
            "provisional": False,
        },
    ),
    (effects.ClockMet(3, "case"), {"do": "clock.meet", "clock": 3, "rule": "case"}),
    (
        effects.ClockMet(3, "case", D),
        {"do": "clock.meet", "clock": 3, "rule": "case", "on": "2026-03-02"},
    ),
    (effects.ClockStopped(3, "case"), {"do": "clock.stop", "clock": 3, "rule": "case"}),
    (effects.ClockPaused(3, "case"), {"do": "clock.pause", "clock": 3, "rule": "case"}),
    (effects.ClockReopened(3, "case"), {"do": "clock.reopen", "clock": 3, "rule": "case"}),
    (
        effects.ClockResumed(3, "case", E, D, True),
        {
            "do": "clock.resume",
            "clock": 3,
            "rule": "case",
            "due": "2026-06-01",
            "before": "2026-03-02",
            "provisional": True,
        },
    ),
    (
        effects.ClockExtended(3, "case", E, D),
        {
            "do": "clock.extend",
            "clock": 3,
            "rule": "case",
            "due": "2026-06-01",
            "before": "2026-03-02",
        },
    ),
    (
        effects.ClockExtended(3, "case", E, D, 30, "day", False),
        {
            "do": "clock.extend",
            "clock": 3,
            "rule": "case",
            "due": "2026-06-01",
            "before": "2026-03-02",
            "amount": 30,
            "unit": "day",
            "provisional": False,
        },
    ),
    (
        effects.ClockMoved(3, "case", E, D, False, "c1", D, E),
        {
            "do": "clock.move",
            "clock": 3,
            "rule": "case",
            "due": "2026-06-01",
            "before": "2026-03-02",
            "provisional": False,
            "calendar": "c1",
            "began": "2026-03-02",
            "from": "2026-06-01",
        },
    ),
    (
        effects.NumberTaken("case", 2026, 7, "丰统案〔2026〕7号"),
        {"do": "number", "series": "case", "year": 2026, "no": 7, "text": "丰统案〔2026〕7号"},
    ),
    (
        effects.PaperMade("filing", "", "AB12", 900, "0f", 0, "main", "丰统案〔2026〕7号"),
        {
            "do": "paper",
            "kind": "filing",
            "number": "",
            "short_code": "AB12",
            "size": 900,
            "stored": "0f",
            "pages": 0,
            "track": "main",
            "case_number": "丰统案〔2026〕7号",
        },
    ),
    (effects.PaperWithdrawn(5), {"do": "paper.withdraw", "paper": 5}),
    (
        effects.PeriodTold("defence", 5, "workday"),
        {"do": "told", "rule": "defence", "amount": 5, "unit": "workday"},
    ),
    (effects.PagesCounted(88), {"do": "count_pages", "pages": 88}),
    (
        effects.RemedyEnded("changed", False),
        {"do": "remedy_result", "result": "changed", "over": False},
    ),
    (
        effects.JudgmentInForce("redo", True, 31),
        {"do": "judgment_in_force", "result": "redo", "over": True, "judgment": 31},
    ),
]


@pytest.mark.parametrize(("effect", "form"), FORMS, ids=[form["do"] for _e, form in FORMS])
def test_an_effect_has_one_stored_form(effect: Effect, form: dict[str, Any]) -> None:
    assert stored(effect) == form
    assert read([form]) == (effect,)


def test_every_kind_is_among_them() -> None:
    assert {form["do"] for _e, form in FORMS} >= set(effects.KINDS)


def test_older_entries_are_read() -> None:
    """What they lacked has its default; what they kept beside is passed over."""
    old = {"do": "clock.resume", "clock": 3, "rule": "case", "due": "2026-06-01"}
    assert read([old]) == (effects.ClockResumed(3, "case", E),)
    said = {"do": "remedy_result"} | {"result": "changed", "sm3": "0" * 64}
    assert read([said]) == (effects.RemedyEnded("changed"),)


@pytest.mark.parametrize(
    "broken", [{}, {"do": "clock.meet"}, {"do": "clock.move", "clock": 1, "due": "tomorrow"}]
)
def test_what_is_no_effect_is_an_error(broken: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        read([broken])
