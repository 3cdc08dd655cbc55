"""What a refusal leads to mends it lawfully: it never invites to record what somebody else has not
done yet."""

from __future__ import annotations

import pytest

from casework.procedure.load import procedure

P = procedure()
# Steps that write down what a party, another body, a court or a host did: they follow the event,
# and bring nothing about.
RECORDS = {
    "receive",
    "defence_heard",
    "defence_waived",
    "rights_waived",
    "hearing_request",
    "hearing_held",
    "hearing_given_up",
    "inquiry_answered",
    "help_replied",
    "serve_failed",
    "pay",
    "answer_demand",
    "agree",
    "court_result",
    "remedy_start",
    "remedy_end",
    "discipline_reply",
    "report_no_reply",
    "prosecution_taken",
    "prosecution_back",
    "dishonesty_defence",
    "extension_defence",
    "check_correction",
    "no_signed_copy",
}
# done only to be undone again
UNDONE = {"is_held": "hold_disposal", "execution_not_paused": "resume_execution"}


def test_no_refusal_invites_to_record_what_did_not_happen() -> None:
    assert set(P.steps) >= RECORDS
    assert {c.id: c.cure for c in P.checks.values() if c.cure in RECORDS} == {}


@pytest.mark.parametrize("check", UNDONE)
def test_nothing_is_done_only_to_be_undone(check: str) -> None:
    assert P.checks[check].cure != UNDONE[check]


WAITS = [
    "hearing_window_over",
    "execution_over",
    "prosecution_over",
    "hearing_was_held",
    "one_remedy_at_a_time",
]


@pytest.mark.parametrize("check", WAITS)
def test_where_somebody_else_has_to_act_the_sentence_says_wait(check: str) -> None:
    assert "等" in P.checks[check].refuses.zh
    assert "wait" in P.checks[check].refuses.en.lower()


def test_a_refusal_leads_to_a_step_or_to_a_page_never_to_both() -> None:
    assert [c.id for c in P.checks.values() if c.cure and c.page] == []
    assert {c.id for c in P.checks.values() if c.page} == {"signed_papers_back", "file_bound"}


# Owed only where the investigation found it, and such a case is closed after it was dealt with.
WHERE_FOUND = {"discipline_proposed", "correction_ordered", "circular_given", "publication_decided"}


def test_what_stands_in_the_way_of_closing_can_be_mended_wherever_a_case_is_closed() -> None:
    close = P.steps["close"]
    cures = {
        need: P.steps[P.checks[need].cure]
        for need in close.needs
        if P.checks[need].cure and need not in WHERE_FOUND
    }
    here = {
        need: s for need, s in cures.items() if s.track in ("main", "*") and "*" not in s.stages
    }
    assert {need for need, s in here.items() if set(close.stages) - set(s.stages)} == set()
