"""The names of ``procedure.toml`` and ``roles.toml`` that Python may write, as types. mypy refuses
any other where a role, track, stage, step, clock, paper or check is meant; the program does not
start while one that stands here is in neither file (``procedure/validate.py``).

What the files alone name need not stand here. A track is named by its kind; the label of an
instance («discipline-2») is plain text.
"""

from typing import TYPE_CHECKING, Any, Literal, get_args

Every = Literal["*"]  # any track, any open stage, all clocks of a track
Nothing = Literal[""]

RoleId = (
    Literal["clerk", "officer", "head", "legal", "leader", "publisher", "custodian", "auditor"]
    | Literal["admin", "system"]
)
TrackId = (
    Literal["report", "main", "execution", "remedy", "discipline", "prosecution", "dishonesty"]
    | Literal["publication"]
)
StageId = (
    Literal["lead", "accepted", "answered", "declined", "transferred", "verify", "filing"]
    | Literal["investigate", "conclude", "notice", "defence", "hearing", "review", "panel"]
    | Literal["decide", "serve", "effective", "closed", "archived", "absorbed", "not_filed"]
    | Literal["withdrawn", "terminated", "due", "demanded", "court", "ended", "running", "proposed"]
    | Literal["sent", "replied", "returned", "assess", "determined", "listed", "shown"]
)
StepId = (
    Literal["receive", "register", "instruct_report", "reply_to_sender", "link_report"]
    | Literal["unlink_report", "accept", "decline", "transfer_report", "report_up_tip"]
    | Literal["transfer_back", "object_transfer", "answer_informant", "open_case"]
    | Literal["open_case_directly", "assign", "recuse", "transfer_out", "report_up", "case_back"]
    | Literal["absorb_case", "undo_absorb", "plan_verification", "verify_figures"]
    | Literal["extend_verification", "verification_report", "file", "not_file", "remind_filing"]
    | Literal["order_correction", "check_correction", "inspection_notice", "inquire"]
    | Literal["inquiry_answered", "on_site_record", "interview", "add_evidence", "add_standing"]
    | Literal["preserve", "dispose_preserved", "obstruction", "seek_help", "help_replied"]
    | Literal["extend_case", "suspend", "resume", "withdraw_filing", "confirm_body", "change_party"]
    | Literal["admonish", "on_the_spot", "filed_with_bureau", "investigation_report", "send_back"]
    | Literal["filing_known", "result_known", "prior_notice", "defence_heard", "defence_waived"]
    | Literal["rights_waived", "defence_review", "prior_notice_again", "hearing_request"]
    | Literal["hearing_refuse", "hearing_notice", "hearing_held", "hearing_given_up"]
    | Literal["hearing_report", "hearing_report_instead", "legal_review", "review_not_due", "panel"]
    | Literal["decide_penalty", "take_back_decision", "decide_no_penalty", "circulate"]
    | Literal["circulate_interference", "settle_interference", "serve", "correct_service"]
    | Literal["serve_failed", "serve_public", "deemed_served", "window_over", "calendar_changed"]
    | Literal["revoke_decision", "redo", "terminate", "close", "no_signed_copy", "service_proof"]
    | Literal["answer_reading", "answer_tip_reading", "replace_copy", "archive", "hold_disposal"]
    | Literal["lift_hold", "keep_longer", "correct_act", "renew_code", "release_numbers"]
    | Literal["confirm_code", "annul_step", "refund", "pay", "instal", "demand", "answer_demand"]
    | Literal["apply_court", "court_result", "agree", "remit_surcharge", "pause_execution"]
    | Literal["resume_execution", "end_execution", "remedy_start", "remedy_end"]
    | Literal["propose_discipline", "send_discipline", "withdraw_discipline", "chase_discipline"]
    | Literal["extend_reply", "discipline_reply", "report_no_reply", "end_discipline"]
    | Literal["send_prosecution", "prosecution_back", "prosecution_taken", "approve_publication"]
    | Literal["not_public", "publish", "unpublish", "withdraw_entry", "assess_dishonesty"]
    | Literal["dishonesty_notice", "dishonesty_defence", "determine", "not_determined"]
    | Literal["list_entry", "delist", "repair", "object_listing", "extension_notice"]
    | Literal["extension_defence", "decide_extension", "extend_listing", "withdraw_listing"]
)
ClockId = (
    Literal["tell_informant", "instruction", "handover", "to_leader", "transfer_reply"]
    | Literal["tell_filing", "tell_result", "verify", "case_90", "case_limit", "reminder"]
    | Literal["correction", "inquiry", "preserve", "help_reply", "file_with_bureau", "defence"]
    | Literal["hearing_request", "hearing_day", "serve", "pay", "instal", "reconsider", "suit"]
    | Literal["public_notice", "archive", "redo", "demand", "court_window", "execution_pause"]
    | Literal["answer_due", "suit_after", "appeal", "withdraw_entry", "discipline_reply"]
    | Literal["discipline_hard", "prosecution_receipt", "publish", "show", "sdx_reply"]
    | Literal["extension_reply", "sdx_publish", "listing", "listing_earliest"]
)
PaperId = (
    Literal["registration_sheet", "phone_record", "sender_reply", "acceptance_notice"]
    | Literal["acceptance_approval", "transfer", "material_list", "transfer_receipt"]
    | Literal["recusal_application", "recusal", "verification_plan", "verification_report"]
    | Literal["filing_approval", "inspection_notice", "address_confirmation", "inquiry"]
    | Literal["inquiry_answer", "on_site_record", "interview", "obstruction", "preserve"]
    | Literal["preserve_list", "preserve_disposal", "reminder", "correction", "help_request"]
    | Literal["extension", "withdrawal", "investigation_report", "investigation_approval"]
    | Literal["prior_notice", "defence_record", "defence_review", "hearing_notice"]
    | Literal["hearing_refusal", "hearing_record", "hearing_report", "legal_review", "panel_record"]
    | Literal["decision_approval", "decision", "revocation", "bulletin", "service_receipt"]
    | Literal["instalments", "instalment_notice", "demand", "court_application", "agreement"]
    | Literal["execution_record", "closing_report", "reply", "file_cover", "discipline_proposal"]
    | Literal["discipline_cover", "discipline_feedback", "discipline_chase", "prosecution_letter"]
    | Literal["publication_approval", "dishonesty_notice", "dishonesty_decision"]
    | Literal["listing_extension_notice", "listing_extension", "listing_draft", "repair_approval"]
    | Literal["delisting"]
)
# refusals that hold for every step, and have no function
GeneralCheck = (
    Literal["clock_doubted", "day_before_stage", "day_not_allowed", "day_not_possible"]
    | Literal["informant_in_public", "informant_on_paper", "no_card", "not_signed", "not_suspended"]
    | Literal["not_yet_assigned", "not_your_case", "numbers_in_public", "numbers_on_paper"]
    | Literal["officer_recused", "only_once", "paper_not_searched", "proposal_open"]
    | Literal["says_something", "staff_in_public", "tip_in_public", "tip_on_paper", "two_officers"]
    | Literal["wrong_stage", "wrong_track"]
)
# and checks of steps that Python asks or treats apart
CheckId = (
    GeneralCheck
    | Literal["code_confirmed", "code_in_doubt", "code_of_a_unit", "open_case_there"]
    | Literal["service_after_issue"]
)


def names_of(alias: Any) -> frozenset[str]:
    """The names of one of these types."""
    return frozenset(name for part in get_args(alias) for name in get_args(part))


# what Python names, by what it is
NAMED = {
    "role": names_of(RoleId),
    "track": names_of(TrackId),
    "stage": names_of(StageId),
    "step": names_of(StepId),
    "clock": names_of(ClockId),
    "paper": names_of(PaperId),
    "check": names_of(CheckId),
}
if not TYPE_CHECKING:  # the files may name more: where they are read, any text will do
    RoleId = TrackId = StageId = StepId = ClockId = PaperId = CheckId = Every = Nothing = str
