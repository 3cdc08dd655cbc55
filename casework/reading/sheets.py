"""Papers: made, served with their proof, and come back signed where the law wants a signature."""

from __future__ import annotations

from casework.reading.record import DECISIONS, NOTICES, Act, IssuedPaper, Record
from casework.reading.rule import Said, rule

# whose signature the law asks for: 行政处罚法 §52, §55–57, §61, §64; 民事诉讼法 §87; 行政强制法 §42
SIGNED = (
    "on_site_record",
    "interview",
    "obstruction",
    "preserve_list",
    "defence_record",
    "hearing_record",
    "panel_record",
    "service_receipt",
    "agreement",
)
MADE_BY = {
    "prior_notice": "prior_notice",
    "prior_notice_again": "prior_notice",
    "decide_penalty": "decision",
    "decide_no_penalty": "decision",
    "on_the_spot": "decision",
    "file": "filing_approval",
    "on_site_record": "on_site_record",
    "interview": "interview",
    "legal_review": "legal_review",
    "panel": "panel_record",
    "hearing_notice": "hearing_notice",
    "hearing_held": "hearing_record",
    "investigation_report": "investigation_report",
    "preserve": "preserve",
    "demand": "demand",
    "apply_court": "court_application",
    "propose_discipline": "discipline_proposal",
}
NUMBERED = (
    "prior_notice",
    "decision",
    "hearing_notice",
    "preserve",
    "demand",
    "court_application",
    "discipline_proposal",
)
SERVED = (
    "prior_notice",
    "decision",
    "hearing_notice",
    "inspection_notice",
    "inquiry",
    "correction",
    "demand",
    "preserve",
)
PROOF = {
    "direct": ("signer",),
    "left": ("witness", "refused_reason"),
    "mail": ("tracking_no",),
    "electronic": ("consent",),
    "entrusted": ("signer",),
    "forwarded": ("signer",),
}

BY_SLIP = ("mail", "electronic")  # ways of service that a slip or a record proves, not a signature


@rule
def papers_made(r: Record) -> Said:
    """行政处罚法 §47, §52, §55, §59: every act that has to leave a paper left one, with its
    number."""
    for act in r.done(*MADE_BY):
        kind = MADE_BY[act.step]
        sheets = [s for s in r.sheets if s.seq == act.seq and s.kind == kind]
        yield act.seq, bool(sheets) and all(s.number or kind not in NUMBERED for s in sheets)


@rule
def service_proved(r: Record) -> Said:
    """行政处罚法 §61; 民事诉讼法 §§87–94: each way of service has its own proof."""
    for act in r.done("serve"):
        proofs = PROOF.get(str(act.words.get("method") or ""), ("",))
        yield act.seq, all(str(act.words.get(p) or "").strip() for p in proofs)


@rule
def service_seen_by_receipt(r: Record) -> Said:
    """民事诉讼法 §87: a service leaves a receipt, and the sheet served is one of this file."""
    for act in r.done("serve"):
        of = next((s for s in r.sheets if s.id == int(act.words.get("paper") or 0)), None)
        receipt = any(s.kind == "service_receipt" and s.seq == act.seq for s in r.sheets)
        yield act.seq, of is not None and receipt


@rule
def served_after_it_was_made(r: Record) -> Said:
    """民事诉讼法 §87: nothing arrives before it was made, and no withdrawn sheet does."""
    for sheet in r.sheets:
        for service in sheet.services:
            if not service.failed:
                yield service.seq, service.on >= sheet.on


@rule
def sheets_served(r: Record) -> Said:
    """行政处罚法 §44, §59, §61: what speaks to the party has arrived, or was withdrawn, when the
    case is closed."""
    closed = r.closed
    for sheet in r.sheets:
        # that one is handed over
        if sheet.kind in SERVED and sheet.state != "withdrawn" and sheet.step != "on_the_spot":
            yield sheet.seq, _by_closing(sheet.served is not None, sheet, closed)


@rule
def sheets_signed(r: Record) -> Said:
    """行政处罚法 §47, §55, §61, §64第八项; 民事诉讼法 §§90–91: the signed sheet came back, it is
    said before witnesses why not, or a slip of the post or a record proves the service that nobody
    signs for."""
    said = {int(a.words.get("paper") or 0): a for a in r.done("no_signed_copy")}
    for sheet in r.sheets:
        if sheet.kind in SIGNED and sheet.state != "withdrawn":
            good = sheet.signed or _absence_said(said.get(sheet.id)) or _slip_there(r, sheet)
            yield sheet.seq, _by_closing(good, sheet, r.closed)


def _slip_there(r: Record, receipt: IssuedPaper) -> bool:
    """A readable slip came with a service by mail or electronically, or later for one of its
    receipts; it stays that of the service when the day of the service is set right."""
    service = _service_behind(r, receipt)
    if service is None or service.words.get("method") not in BY_SLIP:
        return False
    return any(_files_readable(a) for a in (service, *_proofs(r, service)))


def _proofs(r: Record, service: Act) -> list[Act]:
    """Proofs that came later for one of the receipts of a service."""
    sheets = [s for s in r.sheets if s.kind == "service_receipt"]
    receipts = {s.id for s in sheets if _service_behind(r, s) == service}
    return [a for a in r.done("service_proof") if int(a.words.get("paper") or 0) in receipts]


def _files_readable(act: Act) -> bool:
    """Files came with an act, and each of them can be bound."""
    return bool(act.files) and not any(f.get("unbound") for f in act.files)


def _service_behind(r: Record, receipt: IssuedPaper) -> Act | None:
    """The service that a receipt is about: it made the receipt, or a correction of it did."""
    acts = {a.seq: a for a in r.done("serve", "correct_service")}
    made = acts.get(receipt.seq)
    if made is not None and made.step == "correct_service":
        return acts.get(int(made.words.get("act") or 0))
    return made


@rule
def spot_decision_signed(r: Record) -> Said:
    """行政处罚法 §52第二款: officers sign a decision on the spot, and it bears that it was received
    or refused."""
    for sheet in r.sheets:
        if sheet.kind == "decision" and sheet.step == "on_the_spot" and sheet.state != "withdrawn":
            yield sheet.seq, _by_closing(sheet.signed, sheet, r.closed)


def _absence_said(act: Act | None) -> bool:
    """Approved by another; a refusal names its witness."""
    if act is None or not act.approvers or not str(act.words.get("reason") or "").strip():
        return False
    return act.words.get("why_unsigned") != "refused" or bool(
        str(act.words.get("witness") or "").strip()
    )


def _by_closing(good: bool, sheet: IssuedPaper, closed: Act | None) -> bool | None:
    """Has to be so when the case is closed; not yet to be said before."""
    if good:
        return True
    return False if closed is not None and sheet.seq < closed.seq else None


@rule
def withdrawn_not_used(r: Record) -> Said:
    """行政处罚法 §59, §62: no decision rests on a notice that was withdrawn."""
    for act in r.penalties:
        notice = r.notice(act)
        if notice is not None and notice.step in NOTICES:
            yield (
                act.seq,
                any(
                    s.seq == notice.seq and s.kind == "prior_notice" and s.state != "withdrawn"
                    for s in r.sheets
                ),
            )


@rule
def closed_with_reason(r: Record) -> Said:
    """行政处罚法 §47, §57: a case is closed with its result, and what was decided is carried
    out."""
    closed = r.closed
    if closed is None:
        return
    made = r.last(*DECISIONS, before=closed.seq)
    yield (
        closed.seq,
        bool(str(closed.words.get("result") or "").strip()) and _carried_out(r, made, closed),
    )


def _carried_out(r: Record, made: Act | None, closed: Act) -> bool:
    """Paid, ended by a court or by an end of execution; or nothing was to be paid."""
    if made is None or not made.fine or r.fell(made) is not None:
        return True
    ends = ("end_execution", "court_result", "terminate", "revoke_decision")
    return (
        bool(made.words.get("set_off"))
        or bool(r.done(*ends, after=made.seq, before=closed.seq))
        or any(a.brings("end") for a in r.done("pay", after=made.seq))
        or any(e.get("over") for a in r.done("remedy_end", after=made.seq) for e in a.effects)
    )
