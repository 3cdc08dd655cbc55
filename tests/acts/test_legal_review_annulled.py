"""What somebody judged alone is taken back at that person's own word: nobody unmakes a failed
review (处罚法 §58)."""

import pytest

from casework.acts.errors import NotAllowed, Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.people.models import Bureau
from casework.upkeep.scenes.hearing import POINTS
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, case_of, drive, facts_of, refused
from tests.support.acts import REPORT, row, why

FAILED = {
    **POINTS,
    "point_evidence": "fail",
    "opinion": "证据不足",
    "result": "return",
    "census_law": "",
}
PASSED = {**POINTS, "opinion": "同意", "result": "pass", "census_law": ""}
VOICES = [{"name": n, "post": "局领导", "vote": "agree", "opinion": "同意"} for n in "甲乙丙"]


def act(case: Walk, step: str, by: int, verb: str = "take", **asked: object) -> None:
    perform(Intent(case.docket_id, step, by, case.day, "main", verb, asked), case.now)


def undo(case: Walk, by: int) -> None:
    """Proposed by that person; the leader agrees."""
    act(case, "annul_step", by, act=case.last_seq(), reason="误录")
    act(case, "annul_step", case.team.leader, "approve", opinion="同意")


def failed(team: Team, bureau: Bureau) -> Walk:
    case = drive(case_of(team, bureau), "conclude")
    case.take("legal_review", FAILED)
    assert facts_of(case).stage == "investigate"
    return case


def test_a_failed_review_is_not_taken_back_by_officer_or_head(team: Team, bureau: Bureau) -> None:
    case = failed(team, bureau)
    for person in (team.officers[0], team.clerk, team.head):
        with pytest.raises(Refused) as error:
            undo(case, person)
        assert refused(error) == {"own_judgement"}


def test_the_way_on_is_a_new_report_and_a_new_review(team: Team, bureau: Bureau) -> None:
    case = failed(team, bureau)
    case.take("investigation_report", {**REPORT, "violations": [row(END, END)]})
    case.take("legal_review", PASSED)
    assert facts_of(case).stage == "conclude"


def test_the_reviewer_takes_back_a_slip_of_their_own_and_the_leader_agrees(
    team: Team, bureau: Bureau
) -> None:
    case = failed(team, bureau)
    undo(case, team.legal)
    assert facts_of(case).stage == "conclude"
    assert not facts_of(case).did("legal_review")


def test_nor_is_the_panel_or_a_case_that_was_sent_back(
    case_at_reviewed: Walk, team: Team, bureau: Bureau
) -> None:
    case = case_at_reviewed
    case.take(
        "panel", {"place": "会议室", "voices": VOICES, "conclusion": "同意", "result": "agreed"}
    )
    with pytest.raises(Refused) as error:
        undo(case, team.officers[0])
    assert refused(error) == {"own_judgement"}
    other = drive(case_of(team, bureau), "conclude")
    other.take("send_back", {"reason": "证据不足"})  # by the head
    for person in (team.officers[0], team.legal):
        with pytest.raises(Refused) as error:
            undo(other, person)
        assert refused(error) == {"own_judgement"}
    undo(other, team.head)
    assert facts_of(other).stage == "conclude"


def test_what_officers_and_clerks_enter_is_theirs_to_take_back(
    case_at_conclude: Walk, team: Team
) -> None:
    case = case_at_conclude
    with pytest.raises(Refused) as error:
        undo(case, team.legal)
    assert refused(error) == {"own_judgement"}
    undo(case, team.officers[1])
    assert facts_of(case).stage == "investigate"


def test_nobody_agrees_with_themselves(case_at_reviewed: Walk, team: Team) -> None:
    """The only leader's panel is held again instead: it may be, while nothing is decided."""
    case = case_at_reviewed
    case.take(
        "panel", {"place": "会议室", "voices": VOICES, "conclusion": "同意", "result": "agreed"}
    )
    act(case, "annul_step", team.leader, act=case.last_seq(), reason="误录")
    with pytest.raises(NotAllowed):
        act(case, "annul_step", team.leader, "approve", opinion="同意")
    act(case, "annul_step", team.leader, "withdraw")
    assert why(case, "panel") == set()
