"""Every kind of paper the program can draw, by kind."""

from __future__ import annotations

from letters.base import Letter
from letters.casefile import FileCover, FileEnd, FileIndex, FileSlip
from letters.decision import Decision, PriorNotice
from letters.disclosure import DisclosureList
from letters.inspection import FilingApproval, InspectionNotice, OnSiteRecord
from letters.intake import AcceptanceNotice, PhoneRecord, RegistrationSheet
from letters.notice import Sheet, notice_kind
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
    Sheet,
    FileCover,
    FileIndex,
    FileEnd,
    FileSlip,
)

# Papers that are wording alone (wording/<name>.txt).
NOTICES = (
    "inquiry",
    "reminder",
    "correction",
    "preserve",
    "hearing_notice",
    "demand",
    "transfer",
    "dishonesty_notice",
    "dishonesty_decision",
    "delisting",
    "reply",
    "extension",
)

LETTERS: dict[str, type[Letter]] = {cls.kind: cls for cls in CLASSES} | {k: notice_kind(k) for k in NOTICES}
