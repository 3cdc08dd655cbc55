"""The names of ``procedure.toml`` and ``roles.toml`` that Python may write, as types. mypy refuses
any other where a role, track, stage, step, clock, paper or check is meant; the program does not
start while one that stands here is in neither file (``procedure/validate.py``).

What the files alone name need not stand here. A track is named by its kind; the label of an
instance («discipline-2») is plain text.
"""

from typing import TYPE_CHECKING, Any, Literal

Every = Literal["*"]  # any track, any open stage, all clocks of a track
Nothing = Literal[""]

# fmt: off
RoleId = Literal[
    "clerk", "officer", "head", "legal", "leader", "publisher", "custodian", "auditor", "admin",
    "system",
]
TrackId = Literal[
    "report", "main", "execution", "remedy", "discipline", "prosecution", "dishonesty",
    "publication",
]
StageId = Literal[
    "lead", "accepted", "answered", "declined", "transferred", "verify", "filing", "investigate",
    "conclude", "notice", "defence", "hearing", "review", "panel", "decide", "serve", "effective",
    "closed", "archived", "absorbed", "not_filed", "withdrawn", "terminated", "due", "demanded",
    "court", "ended", "running", "proposed", "sent", "replied", "returned", "assess", "determined",
    "listed", "shown",
]
StepId = Literal[
    "receive", "register", "instruct_report", "reply_to_sender", "link_report", "unlink_report",
    "accept", "decline", "transfer_report", "report_up_tip", "transfer_back", "object_transfer",
    "answer_informant", "open_case", "open_case_directly", "assign", "recuse", "transfer_out",
    "report_up", "case_back", "absorb_case", "undo_absorb", "plan_verification", "verify_figures",
    "extend_verification", "verification_report", "file", "not_file", "remind_filing",
    "order_correction", "check_correction", "inspection_notice", "inquire", "inquiry_answered",
    "on_site_record", "interview", "add_evidence", "add_standing", "preserve", "dispose_preserved",
    "obstruction", "seek_help", "help_replied", "extend_case", "suspend", "resume",
    "withdraw_filing", "confirm_body", "change_party", "admonish", "on_the_spot",
    "filed_with_bureau", "investigation_report", "send_back", "filing_known", "result_known",
    "prior_notice", "defence_heard", "defence_waived", "rights_waived", "defence_review",
    "prior_notice_again", "hearing_request", "hearing_refuse", "hearing_notice", "hearing_held",
    "hearing_given_up", "hearing_report", "hearing_report_instead", "legal_review",
    "review_not_due", "panel", "decide_penalty", "take_back_decision", "decide_no_penalty",
    "circulate", "circulate_interference", "settle_interference", "serve", "correct_service",
    "serve_failed", "serve_public", "deemed_served", "window_over", "calendar_changed",
    "revoke_decision", "redo", "terminate", "close", "no_signed_copy", "service_proof",
    "answer_reading", "answer_tip_reading", "replace_copy", "archive", "hold_disposal", "lift_hold",
    "keep_longer", "correct_act", "renew_code", "release_numbers", "confirm_code", "annul_step",
    "refund", "pay", "instal", "demand", "answer_demand", "apply_court", "court_result", "agree",
    "remit_surcharge", "pause_execution", "resume_execution", "end_execution", "remedy_start",
    "remedy_end", "propose_discipline", "send_discipline", "withdraw_discipline",
    "chase_discipline", "extend_reply", "discipline_reply", "report_no_reply", "end_discipline",
    "send_prosecution", "prosecution_back", "prosecution_taken", "approve_publication",
    "not_public", "publish", "unpublish", "withdraw_entry", "assess_dishonesty",
    "dishonesty_notice", "dishonesty_defence", "determine", "not_determined", "list_entry",
    "delist", "repair", "object_listing", "extension_notice", "extension_defence",
    "decide_extension", "extend_listing", "withdraw_listing",
]
ClockId = Literal[
    "tell_informant", "instruction", "handover", "to_leader", "transfer_reply", "tell_filing",
    "tell_result", "verify", "case_90", "case_limit", "reminder", "correction", "inquiry",
    "preserve", "help_reply", "file_with_bureau", "defence", "hearing_request", "hearing_day",
    "serve", "pay", "instal", "reconsider", "suit", "public_notice", "archive", "redo", "demand",
    "court_window", "execution_pause", "answer_due", "suit_after", "appeal", "withdraw_entry",
    "discipline_reply", "discipline_hard", "prosecution_receipt", "publish", "show", "sdx_reply",
    "extension_reply", "sdx_publish", "listing", "listing_earliest",
]
PaperId = Literal[
    "registration_sheet", "phone_record", "sender_reply", "acceptance_notice",
    "acceptance_approval", "transfer", "material_list", "transfer_receipt", "recusal_application",
    "recusal", "verification_plan", "verification_report", "filing_approval", "inspection_notice",
    "address_confirmation", "inquiry", "inquiry_answer", "on_site_record", "interview",
    "obstruction", "preserve", "preserve_list", "preserve_disposal", "reminder", "correction",
    "help_request", "extension", "withdrawal", "investigation_report", "investigation_approval",
    "prior_notice", "defence_record", "defence_review", "hearing_notice", "hearing_refusal",
    "hearing_record", "hearing_report", "legal_review", "panel_record", "decision_approval",
    "decision", "revocation", "bulletin", "service_receipt", "instalments", "instalment_notice",
    "demand", "court_application", "agreement", "execution_record", "closing_report", "reply",
    "file_cover", "discipline_proposal", "discipline_cover", "discipline_feedback",
    "discipline_chase", "prosecution_letter", "publication_approval", "dishonesty_notice",
    "dishonesty_decision", "listing_extension_notice", "listing_extension", "listing_draft",
    "repair_approval", "delisting",
]
# refusals that hold for every step, and have no function
GeneralCheck = Literal[
    "clock_doubted", "day_before_stage", "day_not_allowed", "day_not_possible",
    "informant_in_public", "informant_on_paper", "no_card", "not_signed", "not_suspended",
    "not_yet_assigned", "not_your_case", "numbers_in_public", "numbers_on_paper", "officer_recused",
    "only_once", "paper_not_searched", "proposal_open", "says_something", "staff_in_public",
    "tip_in_public", "tip_on_paper", "two_officers", "wrong_stage", "wrong_track",
]
# and checks of steps that Python asks or treats apart
CheckId = Literal[
    GeneralCheck, "code_confirmed", "code_in_doubt", "code_of_a_unit", "open_case_there",
    "service_after_issue",
]
# fmt: on
NAMED: dict[str, Any] = {
    "role": RoleId,
    "track": TrackId,
    "stage": StageId,
    "step": StepId,
    "clock": ClockId,
    "paper": PaperId,
    "check": CheckId,
}
if not TYPE_CHECKING:  # the files may name more: where they are read, any text will do
    RoleId = TrackId = StageId = StepId = ClockId = PaperId = CheckId = Every = Nothing = str
