"""What has to come before what, and what has no place after an end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from casework.reading.record import DECISIONS, NOTICES, Act, IssuedPaper, Record
from casework.reading.rule import Said, rule

EFFECTS = ("demand", "apply_court", "publish", "list_entry", "determine")
INVESTIGATES = (
    "on_site_record",
    "interview",
    "verify_figures",
    "preserve",
    "inspection_notice",
    "inquire",
    "obstruction",
    "investigation_report",
    *NOTICES,
    "hearing_notice",
    "hearing_held",
    "legal_review",
    "panel",
    *DECISIONS,
)
TO_THE_PARTY = (
    "inspection_notice",
    "inquiry",
    "reminder",
    "correction",
    "preserve",
    "preserve_disposal",
    "prior_notice",
    "hearing_notice",
    "hearing_refusal",
    "decision",
    "revocation",
    "instalment_notice",
    "demand",
)
EXECUTES = (
    "instal",
    "demand",
    "answer_demand",
    "apply_court",
    "agree",
    "remit_surcharge",
    "pause_execution",
    "resume_execution",
    "end_execution",
)


@rule
def can_be_read(r: Record) -> Said:
    """行政处罚法 §47: the journal of the case can be read, from the first entry to the last,
    without a gap."""
    numbers = [e.seq for e in r.entries]
    if numbers:
        yield numbers[-1], numbers == list(range(1, len(numbers) + 1)) and bool(r.acts)


@rule
def filed_before_decision(r: Record) -> Said:
    """行政处罚法 §54: no penalty of the ordinary procedure without a filing that the head
    approved."""
    for act in r.done("decide_penalty"):
        filing = r.filing(act)
        yield act.seq, filing is not None and bool(filing.approvers) and filing.on <= act.on


@rule
def investigated_before_notice(r: Record) -> Said:
    """行政处罚法 §54, §57: the facts first."""
    for act in r.done(*NOTICES):
        report = r.last("investigation_report", before=act.seq)
        yield act.seq, report is not None and report.on <= act.on


@rule
def evidence_before_report(r: Record) -> Said:
    """行政处罚法 §40, §46: facts rest on evidence of the file."""
    for act in r.done("investigation_report"):
        found = r.done(
            "on_site_record",
            "interview",
            "verify_figures",
            "add_evidence",
            "obstruction",
            before=act.seq,
        )
        yield act.seq, bool(found)


@rule
def told_before_decision(r: Record) -> Said:
    """行政处罚法 §44, §62: told, and arrived, before the decision."""
    for act in r.penalties:
        arrived = r.arrived(r.notice(act), "prior_notice")
        yield act.seq, arrived is not None and arrived <= act.on


@rule
def reviewed_before_decision(r: Record) -> Said:
    """行政处罚法 §58: where it is due, no decision without a review that passed."""
    for act in r.penalties:
        if not _review_due(r, act):
            continue
        held = r.last("hearing_held", before=act.seq, after=r.begin(act))
        since = max([held.seq if held else 0, *(a.seq for a in [r.report(act)] if a)])
        review = r.last("legal_review", before=act.seq, after=since)
        yield (
            act.seq,
            review is not None and review.words.get("result") == "pass" and _all_points(review),
        )


def _review_due(r: Record, decision: Act) -> bool:
    report, notice = r.report(decision), r.notice(decision)
    heard = r.done("hearing_held", before=decision.seq, after=r.begin(decision))
    least = int(float(r.settings.get("review.threshold") or 50_000) * 100)
    told = max(decision.fine, notice.fine if notice else 0)
    return bool(heard) or told >= least or bool(report and report.words.get("complex"))


def _all_points(review: Act) -> bool:
    return all(v == "pass" for k, v in review.words.items() if k.startswith("point_"))


@rule
def failed_point_not_passed(r: Record) -> Said:
    """行政处罚法 §58: a review with a point that failed has not passed."""
    for act in r.done("legal_review"):
        yield act.seq, act.words.get("result") != "pass" or _all_points(act)


@rule
def discussed_before_decision(r: Record) -> Said:
    """行政处罚法 §57第二款: complex or grave conduct is decided by the heads together."""
    for act in r.penalties:
        report = r.report(act)
        grave = bool(act.words.get("serious_ground")) or bool(
            report and report.words.get("complex")
        )
        if grave:
            panel = r.last("panel", before=act.seq, after=report.seq if report else r.begin(act))
            yield act.seq, panel is not None and panel.words.get("result") == "agreed"


@rule
def panel_votes(r: Record) -> Said:
    """行政处罚法 §57第二款: three heads at least, and the result is what most of them said."""
    for act in r.done("panel"):
        rows = [v for v in act.words.get("voices") or () if v.get("name")]
        voices = {str(v["name"]).strip(): v.get("vote") for v in rows}
        agreed = sum(v == "agree" for v in voices.values())
        follows = (agreed * 2 > len(voices)) == (act.words.get("result") == "agreed")
        each_once = len(voices) == len(rows)
        yield act.seq, len(voices) >= 3 and each_once and follows


@rule
def served_before_effect(r: Record) -> Said:
    """行政处罚法 §61, §66–67: nothing follows from a decision that has not arrived."""
    for act in r.done(*EFFECTS):
        made = r.last(*DECISIONS, before=act.seq)
        if made is not None and made.step == "on_the_spot":
            yield act.seq, True
        elif made is not None:
            arrived = r.arrived(made, "decision")
            yield act.seq, arrived is not None and arrived <= act.on


@rule
def nothing_while_suspended(r: Record) -> Said:
    """行政处罚法 §54, §60: what stands still is not investigated."""
    for begins, ends in suspensions(r):
        yield begins.seq, True
        for act in r.done(*INVESTIGATES, after=begins.seq, before=ends.seq if ends else None):
            if begins.on <= act.on:
                yield act.seq, False


def suspensions(r: Record) -> Iterator[tuple[Act, Act | None]]:
    """When the case stood still, and when it went on."""
    for begins in r.done("suspend"):
        yield begins, r.first("resume", after=begins.seq)


@rule
def nothing_after_the_end(r: Record) -> Said:
    """行政强制法 §40: what has ended is not executed any more."""
    for act in r.done(*EXECUTES, "publish"):
        ended = r.last("terminate", "withdraw_filing", before=act.seq)
        gone = (
            ended is not None
            and r.last("redo", *DECISIONS, before=act.seq, after=ended.seq) is None
        )
        yield act.seq, not gone and (act.step == "publish" or not _track_ended(r, act))


def _track_ended(r: Record, act: Act) -> bool:
    """Whether the track of an act had ended before it; ending it is an act's own last effect."""
    ended = False
    for a in r.acts:
        if a.seq >= act.seq:
            break
        for effect in a.effects:
            if effect.get("track") == act.track and effect.get("do") in ("end", "reopen", "open"):
                ended = effect["do"] == "end"
    return ended


@rule
def one_remedy_at_once(r: Record) -> Said:
    """行政复议法 §29–30; 行政诉讼法 §44: one road after the other, about one decision."""
    running: dict[str, int] = {}  # track → the decision that it is about
    for act in r.done("remedy_start", "remedy_end"):
        if act.step == "remedy_end":
            running.pop(act.track, None)
            continue
        made = r.last(*DECISIONS, before=act.seq)
        about = made.seq if made else 0
        yield act.seq, about not in running.values()
        running[act.own_track] = about


@rule
def public_notice_last(r: Record) -> Said:
    """民事诉讼法 §95: only for a sheet that was tried otherwise and came back, or lay in the
    envelope of another that did."""
    sheets = {s.id: s for s in r.sheets}
    for act in r.done("serve_public"):
        sheet = sheets.get(int(act.words.get("paper") or 0))
        tried = (
            (a, sheets.get(int(a.words.get("paper") or 0)))
            for a in r.done("serve_failed", before=act.seq)
        )
        yield act.seq, sheet is not None and any(_tells_of(sheet, a, other) for a, other in tried)


def _tells_of(sheet: IssuedPaper, failed: Act, other: IssuedPaper | None) -> bool:
    """Whether a failed service says that a sheet could not be brought: its own, or a later one of
    another of the party's."""
    if other is None:
        return False
    return other.id == sheet.id or (other.kind in TO_THE_PARTY and failed.seq > sheet.seq)


@rule
def days_possible(r: Record) -> Said:
    """行政处罚法 §47: no day before the case, none that had not come when it was written. Where the
    entry that opened it was corrected, the case began on the right day."""
    begun = min([r.opened, *(act.on for act in r.acts[:1])])
    for act in r.acts:
        days = [
            act.on,
            *(d for d in (act.day("paid_on"), act.day("refunded_on"), act.day("signed_on")) if d),
        ]
        yield act.seq, all(begun <= day <= act.at for day in days)
        if right := act.day("corrected_on"):
            yield act.seq, begun <= right <= act.at


@rule
def corrections_fit(r: Record) -> Said:
    """行政处罚法 §47: a correction names an entry and puts a text in the place of a text."""
    known = {a.seq: a for a in (*r.acts, *r.taken_back)}
    for act in r.done("correct_act", "correct_service"):
        named = known.get(int(act.words.get("act") or 0))
        fields = act.words.get("fields") or {}
        if named is None or named.seq >= act.seq:
            yield act.seq, False
        else:
            there = [named.words.get(key) for key in fields]
            yield act.seq, all(isinstance(text, str) for text in (*fields.values(), *there))


@rule
def judgments_corrected_on_paper(r: Record) -> Said:
    """行政复议法 §77; 行政诉讼法 §94: what a court or the reviewing body did is corrected on its
    own document."""
    known = {a.seq: a for a in (*r.acts, *r.taken_back)}
    for act in r.done("correct_act"):
        named = known.get(int(act.words.get("act") or 0))
        if named is not None and named.step in ("remedy_start", "remedy_end", "court_result"):
            yield act.seq, bool(str(act.words.get("proof") or "").strip())


@rule
def agreement_broken_first(r: Record) -> Said:
    """行政强制法 §42第三款: after an agreement nothing is enforced before the party fails to keep
    it."""
    for act in r.done("demand", "apply_court"):
        agreed = r.last("agree", before=act.seq)
        later = r.last("demand", *DECISIONS, before=act.seq)
        if agreed is not None and (later is None or agreed.seq > later.seq):
            yield act.seq, bool(str(act.words.get("broken") or "").strip())


@rule
def preserving_approved(r: Record) -> Said:
    """行政处罚法 §56: approved by the head before things are kept."""
    for act in r.done("preserve"):
        yield act.seq, bool(act.approvers)


@rule
def spot_filed(r: Record) -> Said:
    """行政处罚法 §52第三款: a penalty on the spot is filed with the body."""
    for act in r.done("on_the_spot"):
        filed = r.first("filed_with_bureau", after=act.seq)
        yield act.seq, filed is not None or (None if not r.closed else False)


@rule
def rights_told_on_the_spot(r: Record) -> Said:
    """行政处罚法 §44, §52."""
    for act in r.done("on_the_spot"):
        yield (
            act.seq,
            bool(act.words.get("told")) and bool(str(act.words.get("heard") or "").strip()),
        )


@rule
def one_decision_at_a_time(r: Record) -> Said:
    """行政处罚法 §57: one decision at a time; another follows only where the first fell."""
    made = r.done(*DECISIONS)
    for before, act in pairwise(made):
        yield act.seq, r.fell(before) is not None
