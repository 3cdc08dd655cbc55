"""Every step that the law's table asks for exists, on its track, for the right roles, with its approval and its clocks.

The table is the statutes' own list of what may be done, row by row. A row that disappears from the procedure fails here.
Where ours is stricter or looks away from a likely one, the row says so: the report of a hearing goes to the leader, because
the head may be its host; public notice needs approval; entries end by themselves, and earlier by withdrawal or repair.
"""

import pytest

from casework.procedure.load import procedure
from casework.procedure.model import Step

P = procedure()

# track | step | who takes it | who approves | clocks started (at once or on service)
TABLE = """
report | register | clerk | | to_leader?
report | link_report | clerk | head |
report | unlink_report | clerk | head |
main | absorb_case | clerk | head |
main | undo_absorb | clerk | head |
report | accept | clerk | head |
report | decline | clerk | leader |
report | transfer_back | clerk | |
report | object_transfer | clerk | leader |
report | transfer_report | clerk | leader | transfer_reply
main | transfer_out | clerk | leader | transfer_reply
main | report_up | head | leader |
report | report_up_tip | head | leader |
main | assign | head | |
main | recuse | officer clerk | leader |
main | plan_verification | officer | head |
main | verify_figures | officer | |
main | extend_verification | officer | leader |
main | verification_report | officer | head |
main | file | officer | leader | case_90 case_limit
main | not_file | officer | leader |
main | remind_filing | officer | head | reminder
main | order_correction | officer | leader | correction
main | check_correction | officer | |
main | inspection_notice | officer | leader |
main | inquire | officer | leader | inquiry
main | inquiry_answered | officer | |
main | on_site_record | officer | |
main | interview | officer | |
main | add_evidence | officer | |
main | preserve | officer | leader | preserve
main | dispose_preserved | officer | leader |
main | obstruction | officer | |
main | seek_help | officer | head | help_reply
main | extend_case | officer | leader |
main | suspend | officer | leader |
main | resume | officer | leader |
main | withdraw_filing | officer | leader |
main | admonish | officer | |
main | on_the_spot | officer | | file_with_bureau
main | investigation_report | officer | head |
main | send_back | head | |
main | prior_notice | officer | leader | defence hearing_request
main | defence_heard | officer | |
main | defence_waived | officer | |
main | defence_review | officer | head |
main | hearing_request | clerk officer | |
main | hearing_refuse | officer | leader |
main | hearing_notice | head | leader | hearing_day
main | hearing_held | | |
main | hearing_given_up | | |
main | hearing_report | | leader |
main | legal_review | legal | |
main | review_not_due | head | |
main | panel | leader | |
main | decide_penalty | officer | leader | serve publish pay reconsider suit
main | decide_no_penalty | officer | leader | serve
main | circulate | officer | leader |
* | serve | officer | |
* | serve_failed | officer | |
* | serve_public | officer | leader | public_notice
* | deemed_served | | |
main | redo | head | leader | redo
main | terminate | officer | leader |
main | close | officer | leader | archive
report | answer_informant | officer | head |
main | archive | clerk | head |
* | correct_act | officer | head |
execution | pay | clerk | |
execution | instal | officer | leader | instal
execution | demand | officer | leader | demand
execution | answer_demand | | |
execution | apply_court | officer | leader |
execution | court_result | clerk | |
execution | agree | officer | leader |
execution | remit_surcharge | officer | leader |
execution | pause_execution | officer | leader | execution_pause
execution | resume_execution | officer | leader |
execution | end_execution | officer | leader |
remedy | remedy_start | clerk | | answer_due
remedy | remedy_end | officer | leader | suit_after
discipline | propose_discipline | officer | leader |
discipline | send_discipline | officer | leader | discipline_reply discipline_hard
discipline | chase_discipline | officer | head |
discipline | extend_reply | officer | head |
discipline | discipline_reply | clerk | |
discipline | report_no_reply | clerk | |
discipline | end_discipline | head | |
prosecution | send_prosecution | officer | leader | prosecution_receipt
prosecution | prosecution_back | clerk | |
prosecution | prosecution_taken | clerk | |
publication | approve_publication | publisher | leader |
publication | not_public | publisher | leader |
publication | publish | publisher | | show
publication | unpublish | | |
publication | withdraw_entry | publisher | leader |
dishonesty | assess_dishonesty | officer | |
dishonesty | dishonesty_notice | officer | leader | sdx_reply
dishonesty | dishonesty_defence | officer | |
dishonesty | determine | officer | leader | sdx_publish
dishonesty | not_determined | officer | leader |
dishonesty | list_entry | publisher | leader | listing
dishonesty | delist | | |
dishonesty | repair | publisher | leader |
dishonesty | object_listing | publisher | leader |
dishonesty | extend_listing | publisher | leader |
dishonesty | withdraw_listing | publisher | leader |
"""
ROWS = [[part.strip() for part in line.split("|")] for line in TABLE.strip().splitlines()]


def started(step: Step) -> set[str]:
    return {b.to for f in (step.follows, step.on_service) for b in f.starts}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_row(row: list[str]) -> None:
    track, name, roles, approvals, clocks = row
    step = P.steps[name]
    assert step.track in (track, "*")
    assert set(roles.split()) <= set(step.roles), step.roles
    assert tuple(approvals.split()) == step.approvals
    assert {c for c in clocks.split() if not c.endswith("?")} <= started(step), started(step)


def test_two_officers_wherever_the_law_asks_for_two() -> None:
    """行政处罚法 §42; 统计法 §38."""
    for name in ("verify_figures", "on_site_record", "interview", "preserve", "obstruction", "admonish", "on_the_spot",
                 "check_correction", "defence_heard", "investigation_report",
                 "verification_report", "plan_verification"):  # fmt: skip
        assert P.steps[name].officers == 2, name


def test_each_step_names_its_article() -> None:
    assert [s.id for s in P.steps.values() if not s.basis] == []
