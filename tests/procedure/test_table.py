"""The steps are those of the law's table: each row a step, for those roles, approvals, stages and
clocks; and no other.

The table is the statutes' own list of what may be done, row by row. Where the procedure is stricter
or looks away from a likely reading, `DIFFERS` says in what and why; the report of a hearing goes to
the leader throughout, because the head may have been its host. A step that stands in no row is in
`OURS` with its reason, or fails here.
"""

import pytest

from casework.procedure.load import procedure
from casework.procedure.model import ANY, Step

P = procedure()
MAIN = tuple(P.tracks["main"].stages)

# track | step | from → to | who takes it (² = two assigned officers) | who approves | clocks
# started, at once or on service
TABLE = """
report | register | lead → | clerk | | to_leader
report | link_report | lead,accepted → accepted | clerk | head |
report | unlink_report | accepted → lead | clerk | head |
main | absorb_case | verify,filing,investigate → absorbed | clerk | head |
main | undo_absorb | absorbed → verify,filing,investigate | clerk | head |
report | accept | lead → accepted | clerk | head |
report | decline | lead → declined | clerk | leader |
report | transfer_back | transferred → lead | clerk | |
report | object_transfer | lead → transferred | clerk | leader |
report | transfer_report | lead → transferred | clerk | leader | transfer_reply
main | transfer_out | verify…decide → transferred | clerk | leader | transfer_reply
main | report_up | verify…decide → transferred | head | leader | transfer_reply
report | report_up_tip | lead → transferred | head | leader | transfer_reply
main | assign | * → | head | |
main | recuse | * → | officer clerk head | leader |
main | plan_verification | verify → | officer² | head |
main | verify_figures | verify,investigate → | officer² | |
main | extend_verification | verify → | officer | leader |
main | verification_report | verify → filing | officer² | head |
main | file | verify,filing → investigate | officer | leader | case_90 case_limit
main | not_file | filing → not_filed | officer | leader |
main | remind_filing | verify,filing,investigate → | officer | head | reminder
main | order_correction | verify…effective → | officer | leader | correction
main | check_correction | verify…effective → | officer² | |
main | inspection_notice | verify,investigate → | officer | leader |
main | inquire | verify,investigate → | officer | leader | inquiry
main | inquiry_answered | verify,investigate,conclude → | officer | |
main | on_site_record | verify,investigate → | officer² | |
main | interview | verify,investigate → | officer² | |
main | add_evidence | verify,investigate,conclude,notice,defence,hearing,review,panel,decide → | officer | |
main | preserve | verify,investigate → | officer² | leader | preserve
main | dispose_preserved | verify…effective,transferred,absorbed,not_filed,withdrawn,terminated → | officer² | leader |
main | obstruction | verify,investigate → | officer² | |
main | seek_help | verify,investigate → | officer | head | help_reply
main | extend_case | investigate…decide → | officer | leader |
main | suspend | investigate…decide → | officer | leader |
main | resume | investigate…decide → | officer | leader |
main | withdraw_filing | investigate,conclude → withdrawn | officer | leader |
main | admonish | verify,filing,investigate,conclude,decide → terminated | officer² | |
main | on_the_spot | verify,investigate → effective | officer² | | file_with_bureau pay publish reconsider suit
main | investigation_report | investigate → conclude | officer² | head |
main | send_back | conclude,defence,hearing,review,panel,decide → investigate | head legal leader | |
main | prior_notice | conclude → notice | officer | leader | defence hearing_request
main | defence_heard | notice,defence,hearing,review,panel,decide → defence | officer² | |
main | defence_waived | notice → defence | officer² | |
main | defence_review | defence → hearing,review | officer | head |
main | hearing_request | notice,defence,hearing,review,panel,decide → hearing | clerk officer | |
main | hearing_refuse | notice,defence,hearing,review,panel,decide → review | officer | leader |
main | hearing_notice | defence,hearing → hearing | head | leader | hearing_day
main | hearing_held | hearing → | head legal leader | |
main | hearing_given_up | hearing → review | head legal leader | leader |
main | hearing_report | hearing → review | head legal leader | leader |
main | legal_review | conclude,review → conclude,investigate,panel,decide | legal | |
main | review_not_due | review → panel,decide | head | |
main | panel | review,panel,decide → review,investigate,decide | leader | |
main | decide_penalty | decide → serve,effective | officer | leader | pay publish reconsider serve suit
main | decide_no_penalty | conclude,decide → serve,effective | officer | leader | reconsider serve suit
main | circulate_interference | conclude,decide,serve,effective → | officer | leader |
main | settle_interference | conclude → effective | officer | leader |
main | circulate | decide,serve,effective → | officer | leader |
* | serve | *,archived,answered,ended,returned → | officer² | |
* | serve_failed | *,archived,answered,ended,returned → | officer² | |
* | serve_public | *,archived,answered,ended,returned → | officer | leader | public_notice
* | deemed_served | * → | | |
main | redo | serve,effective,closed,archived → investigate | head | leader | redo
main | terminate | investigate…effective → terminated | officer | leader |
main | close | effective,transferred,absorbed,not_filed,withdrawn,terminated → closed | officer | leader | archive
report | answer_informant | accepted → answered | officer | head |
main | archive | closed → archived | clerk | head |
* | correct_act | * → | officer | head |
execution | pay | due,demanded,court,ended → ended | clerk | |
execution | instal | due → | officer | leader | court_window instal
execution | demand | due,demanded → demanded | officer | leader | demand
execution | answer_demand | demanded → | officer | |
execution | apply_court | demanded → court | officer | leader |
execution | court_result | court → ended,due | clerk | |
execution | agree | due,demanded → | officer | leader |
execution | remit_surcharge | due,demanded → | officer | leader |
execution | pause_execution | due,demanded,court → | officer | leader | execution_pause
execution | resume_execution | due,demanded,court → | officer | leader |
execution | end_execution | due,demanded,court → ended | officer | leader |
remedy | remedy_start | new → running | clerk | | answer_due
remedy | remedy_end | running → ended | officer | leader | appeal court_window pay suit_after withdraw_entry
discipline | propose_discipline | new → proposed | officer | leader |
discipline | send_discipline | proposed → sent | officer | leader | discipline_hard discipline_reply
discipline | chase_discipline | sent → | officer | head |
discipline | extend_reply | sent → | officer | head |
discipline | discipline_reply | sent → replied | clerk | |
discipline | report_no_reply | sent → | clerk | |
discipline | end_discipline | replied → ended | head | |
prosecution | send_prosecution | new → sent | officer | leader | prosecution_receipt
prosecution | prosecution_back | sent → returned | clerk | |
prosecution | prosecution_taken | sent → ended | clerk | |
publication | approve_publication | new → due | publisher | leader |
publication | not_public | new → ended | publisher | leader |
publication | publish | due → shown | publisher | | show
publication | unpublish | shown → ended | | |
publication | withdraw_entry | due,shown → ended | publisher | leader |
dishonesty | assess_dishonesty | new → assess | officer | |
dishonesty | dishonesty_notice | assess → notice | officer | leader | sdx_reply
dishonesty | dishonesty_defence | notice → | officer | |
dishonesty | determine | notice → determined | officer | leader | sdx_publish
dishonesty | not_determined | assess,notice → ended | officer | leader |
dishonesty | list_entry | determined → listed | publisher | leader | listing listing_earliest
dishonesty | delist | listed → ended | | |
dishonesty | repair | listed → ended | publisher | leader |
dishonesty | object_listing | listed → | publisher | leader |
dishonesty | extension_notice | listed → | officer | leader | extension_reply
dishonesty | extension_defence | listed → | officer | |
dishonesty | decide_extension | listed → | officer | leader |
dishonesty | extend_listing | listed → | publisher | leader |
dishonesty | withdraw_listing | determined,listed → ended | publisher | leader |
"""  # noqa: E501
ROWS = [[part.strip() for part in line.split("|")] for line in TABLE.strip().splitlines()]

DIFFERS = {  # step: (who takes it with us, officers present with us, why)
    "absorb_case": (
        "officer clerk",
        0,
        "whoever works on the case sees that it is the same matter",
    ),
    "undo_absorb": ("officer clerk", 0, "the same"),
    "transfer_out": ("head clerk", 0, "the head leads the case; the clerk sends the letter"),
    "hearing_given_up": (
        "officer head",
        0,
        "the party says so to the officers, often before a host is named",
    ),
    "serve": (
        "officer clerk",
        0,
        "a letter, a fax and an electronic paper are sent by the clerk; each way has its proof",
    ),
    "serve_failed": ("officer clerk", 0, "the same"),
    "answer_informant": (
        "officer clerk",
        0,
        "the clerk speaks with informants; the head approves the words",
    ),
    "correct_act": ("officer clerk", 0, "whoever made the entry sees the slip; the head approves"),
    "defence_waived": ("officer", 0, "days that ran out are read in the calendar and not heard"),
    "file": ("officer", 2, "stricter: both officers stand on the sheet"),
    "prior_notice": ("officer", 2, "stricter: the notice names both"),
    "decide_penalty": ("officer", 2, "stricter: both propose"),
    "decide_no_penalty": ("officer", 2, "stricter: both propose"),
}
OURS = {  # step: (track, who takes it, who approves, why the table has no row for it)
    "receive": (
        "report",
        "clerk system",
        "",
        "the tip itself, before it is registered (统计法实施条例 §38)",
    ),
    "add_standing": (
        "main",
        "officer",
        "",
        "copies of licence, identity, cards: the file's own list (行政处罚法 §54, §59)",
    ),
    "instruct_report": (
        "report",
        "leader",
        "",
        "领导批示 on a tip: words without a change of stage",
    ),
    "reply_to_sender": (
        "report",
        "clerk",
        "leader",
        "what a leader or another body waits for (信访工作条例 §30)",
    ),
    "open_case": ("main", "", "", "time's own: the case that an accepted tip opens"),
    "open_case_directly": (
        "main",
        "head",
        "",
        "found by the bureau itself, without a tip (统计法 §38)",
    ),
    "case_back": ("main", "head", "", "退回恢复 of a case, as transfer_back is of a tip"),
    "hearing_report_instead": (
        "main",
        "legal head leader",
        "leader",
        "in the place of a host who is ill (行政处罚法 §65)",
    ),
    "help_replied": ("main", "officer", "", "the answer to seek_help (行政处罚法 §26)"),
    "filed_with_bureau": ("main", "officer", "", "报备 of a penalty on the spot (行政处罚法 §52)"),
    "filing_known": ("report", "", "", "time's own: the days for telling the informant begin"),
    "result_known": ("report", "", "", "time's own: the same after the result"),
    "prior_notice_again": (
        "main",
        "officer",
        "leader",
        "told anew, where the sum or the facts grew (行政处罚法 §44)",
    ),
    "rights_waived": (
        "main",
        "officer",
        "head",
        "a waiver is the party's own signed paper, looked at by two (行政处罚法 §62)",
    ),
    "take_back_decision": (
        "main",
        "officer",
        "leader",
        "a decision found wrong before it was served (行政处罚法 §62, §75)",
    ),
    "revoke_decision": (
        "main",
        "head legal",
        "leader",
        "a served decision found wrong is taken back (行政处罚法 §75第二款)",
    ),
    "change_party": (
        "main",
        "officer clerk",
        "head",
        "address, person in charge, code as they are right (行政处罚法 §59)",
    ),
    "confirm_body": (
        "main",
        "officer",
        "",
        "a name like that of a state organ, which is never fined (统计法 §44)",
    ),
    "window_over": (ANY, "", "", "time's own: a right whose days ran out"),
    "calendar_changed": (ANY, "", "", "time's own: another list of holidays"),
    "correct_service": (
        ANY,
        "officer clerk",
        "head",
        "a day of service that was entered wrongly; its receipt is printed",
    ),
    "refund": (
        "main",
        "clerk",
        "leader",
        "退还: paid under a decision that was set aside or changed (行政强制法 §41)",
    ),
    "hold_disposal": (
        ANY,
        "clerk head legal leader",
        "",
        "暂缓处置: a file that is needed is not destroyed (档案法 §21)",
    ),
    "lift_hold": (ANY, "clerk legal", "head", "its end, by two persons"),
    "keep_longer": (ANY, "clerk", "head", "a new term after appraisal (档案法实施条例 §24)"),
    "renew_code": ("report", "clerk", "head", "a lost receipt code, made new at the counter"),
    "withdraw_discipline": (
        "discipline",
        "officer",
        "leader",
        "a proposal that was not sent is taken back (统计法 §46)",
    ),
    "release_numbers": (
        ANY,
        "officer clerk",
        "head",
        "a number on a paper that is not the informant's",
    ),
    "answer_reading": (
        ANY,
        "legal",
        "",
        "a fault that the second reading found is answered with a reason (行政处罚法 §75)",
    ),
    "answer_tip_reading": (
        "report",
        "leader",
        "",
        "the same of a tip, which no legal reviewer sees (统计法实施条例 §38)",
    ),
    "confirm_code": (
        ANY,
        "officer clerk publisher",
        "",
        "a code that may be a person's number is compared with the licence",
    ),
    "no_signed_copy": (
        "main",
        "legal head",
        "leader",
        "拒签 or a lost sheet: said by nobody of the case (行政处罚法 §55)",
    ),
    "service_proof": (
        "main",
        "officer clerk",
        "",
        "邮寄、电子送达: the slip proves it, no signature (民事诉讼法 §§90–91)",
    ),
    "replace_copy": (
        "main",
        "officer clerk",
        "head",
        "what cannot be read is not archived so (档案法实施条例 §19)",
    ),
    "annul_step": (
        ANY,
        "officer clerk head legal leader",
        "leader",
        "a step taken by mistake, while nothing follows it",
    ),
}


def started(step: Step) -> set[str]:
    return {b.to for f in (step.follows, step.on_service) for b in f.starts}


def led(step: Step) -> set[str]:
    return {b.to for f in (step.follows, step.on_service) for b in f.leads_to}


def stages(text: str) -> list[str]:
    """«a,b» and «a…d» (from a to d along the main track, exits apart), or both, as stages; «new»
    opens the track."""
    return (
        []
        if text == "new" or not text
        else [stage for piece in text.split(",") for stage in span(piece)]
    )


def span(piece: str) -> list[str]:
    first, dots, last = piece.partition("…")
    return list(MAIN[MAIN.index(first) : MAIN.index(last) + 1]) if dots else [piece]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_row(row: list[str]) -> None:
    track, name, way, _roles, approvals, clocks = row
    step = P.steps[name]
    before, _arrow, after = (part.strip() for part in way.partition("→"))
    assert step.track == track
    assert sorted(step.stages) == sorted(stages(before))
    assert led(step) == set(stages(after))
    assert step.approvals == tuple(approvals.split())
    assert started(step) == set(clocks.split())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_who_takes_it(row: list[str]) -> None:
    step, roles = P.steps[row[1]], row[3]
    law = (set(roles.removesuffix("²").split()), 2 if roles.endswith("²") else 0)
    ours = (set(step.roles), step.officers)
    if row[1] in DIFFERS:
        who, officers, why = DIFFERS[row[1]]
        assert why
        assert law != ours, "no difference any more: take the row out of DIFFERS"
        law = (set(who.split()), officers)
    assert ours == law


def test_there_is_no_other_step() -> None:
    rows = {row[1] for row in ROWS}
    assert len(rows) == len(ROWS)
    assert not rows & set(OURS)
    assert set(P.steps) - rows - set(OURS) == set(), (
        "neither a row of the law's table nor a reason of ours"
    )
    assert set(OURS) <= set(P.steps)


@pytest.mark.parametrize("name", OURS)
def test_a_step_of_ours_is_for_those_it_says(name: str) -> None:
    track, roles, approvals, why = OURS[name]
    step = P.steps[name]
    assert why
    assert (step.track, set(step.roles), step.approvals) == (
        track,
        set(roles.split()),
        tuple(approvals.split()),
    )
    assert step.by_system == (not roles)


def test_what_time_does_nobody_else_does() -> None:
    """A step without a role in its row is time's alone."""
    alone = {row[1] for row in ROWS if not row[3]} | {
        name for name, (_t, roles, _a, _w) in OURS.items() if not roles
    }
    assert {s.id for s in P.steps.values() if s.by_system} == alone


def test_each_step_names_its_article() -> None:
    assert [s.id for s in P.steps.values() if not s.basis] == []
