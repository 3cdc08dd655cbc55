"""Every kind of paper the program can draw, by kind."""

from __future__ import annotations

from letters.archive import DestructionCertificate, DestructionList, HandoverList
from letters.base import Letter
from letters.casefile import FileCover, FileEnd, FileIndex, FileSlip, Labels, Separator
from letters.decision import Decision, PriorNotice
from letters.disclosure import DisclosureList
from letters.inspection import FilingApproval, InspectionNotice, OnSiteRecord
from letters.intake import AcceptanceNotice, PhoneRecord, RegistrationSheet
from letters.notice import notice_kind
from letters.referral import DisciplineProposal
from letters.service import ServiceReceipt

CLASSES: tuple[type[Letter], ...] = (
    RegistrationSheet,
    PhoneRecord,
    AcceptanceNotice,
    FilingApproval,
    InspectionNotice,
    OnSiteRecord,
    PriorNotice,
    Decision,
    ServiceReceipt,
    DisciplineProposal,
    DisclosureList,
    FileCover,
    FileIndex,
    FileEnd,
    FileSlip,
    Separator,
    Labels,
    HandoverList,
    DestructionList,
    DestructionCertificate,
)

# Papers that are wording alone (wording/<name>.txt), and the order of their dates: the first may
# not lie after the second.
NOTICES: dict[str, tuple[tuple[str, str], ...]] = {
    "acceptance_approval": (),
    "sender_reply": (("received", "on"),),
    "verification_plan": (),
    "verification_report": (),
    "withdrawal": (),
    "inquiry": (),
    "inquiry_answer": (),
    "obstruction": (),
    "interview": (),
    "preserve": (("on", "until"),),
    "preserve_list": (("on", "until"),),
    "preserve_disposal": (("preserved", "on"),),
    "reminder": (("due", "until"), ("on", "until")),
    "correction": (("on", "until"),),
    "investigation_report": (),
    "investigation_approval": (),
    "defence_record": (),
    "defence_review": (),
    "hearing_notice": (("on", "hearing_on"),),
    "hearing_refusal": (("notified", "asked"), ("asked", "on")),
    "revocation": (("decided", "served"), ("served", "on")),
    "hearing_record": (("hearing_on", "on"),),
    "hearing_report": (("hearing_on", "on"),),
    "legal_review": (),
    "panel_record": (),
    "decision_approval": (),
    "address_confirmation": (),
    "instalments": (("decided", "served"), ("served", "on"), ("on", "due")),
    "instalment_notice": (("decided", "served"), ("served", "on"), ("on", "due")),
    "agreement": (("decided", "served"), ("served", "on")),
    "demand": (("decided", "served"), ("served", "on")),
    "court_application": (("decided", "served"), ("served", "demanded"), ("demanded", "on")),
    "transfer": (),
    "material_list": (),
    "transfer_receipt": (),
    "discipline_cover": (("proposed_on", "on"),),
    "discipline_feedback": (("proposed_on", "on"),),
    "discipline_chase": (("proposed_on", "sent"), ("sent", "on")),
    "help_request": (),
    "dishonesty_notice": (),
    "dishonesty_decision": (("notified", "on"),),
    "listing_draft": (("decided", "on"), ("on", "until")),
    "repair_approval": (("determined", "shown_from"), ("shown_from", "on")),
    "delisting": (("determined", "shown_from"), ("shown_from", "removed")),
    "listing_extension_notice": (
        ("determined", "shown_from"),
        ("shown_from", "on"),
        ("due", "until"),
    ),
    "listing_extension": (("determined", "shown_from"), ("notified", "on"), ("due", "until")),
    "publication_approval": (("decided", "on"), ("on", "until")),
    "bulletin": (("decided", "on"),),
    "extension": (("due", "until"),),
    "poster": (),
    "anchor_sheet": (),
    "recusal_application": (),
    "recusal": (),
    "closing_report": (),
    "execution_record": (),
    "reply": (("received", "on"),),
}

NOTICE_KINDS = {kind: notice_kind(kind, order) for kind, order in NOTICES.items()}
LETTERS: dict[str, type[Letter]] = {**{cls.kind: cls for cls in CLASSES}, **NOTICE_KINDS}
