"""Sums of money: what the article allows, what was told, what was added, what was paid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from casework.reading.days import after_days, after_months
from casework.reading.record import PENALTIES, Act, Record, Words
from casework.reading.rule import Said, data, rule
from casework.text import folded_name

PAYS_IN, PER_CENT = 15, 3  # days and per cent a day: 行政处罚法 §67, §72


def yuan(amount: Any) -> int:
    """Yuan as fen."""
    return int(amount) * 100


def law_of(conduct_end: date) -> str:
    """The version of the Statistics Law for conduct that ended on a day (行政处罚法 §37)."""
    return "2009" if conduct_end < date(2024, 9, 13) else "2024"


def ceiling(kind: str, violation: Words, ground: str, census: bool = False) -> int | None:
    """The most that the law allows for one violation, in fen; None: no fine at all (统计法 §44–45,
    §47)."""
    fines, code = data().fines, str(violation.get("code") or "")
    end = str(violation.get("conduct_end") or "")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", end) or kind not in fines.kinds:
        return None
    norm = _norm(code)
    of_census = census and norm == "main"
    table = fines.of["census" if of_census else law_of(date.fromisoformat(end))]
    row = table.get(norm, {}).get("sole_trader" if kind == "sole_trader" else "organisation")
    if not row:
        return None
    serious = code in fines.serious.get(ground, ())
    return yuan(row[-1] if serious else row[0])


def _norm(code: str) -> str:
    """Which norm of the article a violation breaks; «» for an unknown one."""
    return next((norm for norm, codes in data().fines.norms.items() if code in codes), "")


def most(r: Record, decision: Act) -> int:
    """The most for a decision: one act that breaks several norms is fined by the highest (行政处罚
    法 §29)."""
    rows = decision.words.get("violations") or r.violations(decision.seq)
    review = r.last("legal_review", before=decision.seq, after=r.begin(decision))
    by_regulation = not (review and review.words.get("census_law") == "law")
    kind, ground = (
        str(r.party(decision.seq).get("kind") or ""),
        str(decision.words.get("serious_ground") or ""),
    )
    found = (ceiling(kind, v, ground, bool(v.get("census")) and by_regulation) for v in rows)
    return max((c for c in found if c is not None), default=0)


def _fining(r: Record) -> Iterator[Act]:
    return (d for d in r.decisions if d.step in PENALTIES and d.fine)


@rule
def within_the_ceiling(r: Record) -> Said:
    """统计法 §44–45; 全国经济普查条例 §36; 统计法实施条例 §50."""
    for act in _fining(r):
        yield act.seq, act.fine <= most(r, act)


@rule
def organ_not_fined(r: Record) -> Said:
    """统计法 §44: organs of the state are warned and criticised, never fined, whatever kind
    somebody chose for them."""
    for act in _fining(r):
        party = r.party(act.seq)
        name = str(party.get("name") or "")
        organ = party.get("kind") == "state_organ" or _named_like_an_organ(name)
        answers = [
            a.words for a in r.done("confirm_body", before=act.seq) if a.words.get("name") == name
        ]
        no_organ = (
            bool(answers)
            and answers[-1].get("organ") == "no"
            and party.get("kind") != "state_organ"
        )
        yield act.seq, not organ or no_organ


def _named_like_an_organ(name: str) -> bool:
    """By how the name ends; what stands behind it in brackets (本级) says nothing."""
    plain, words = re.sub(r"\(.*\)$", "", folded_name(name)), data().words
    return plain.endswith(tuple(words["organs"])) and not plain.endswith(tuple(words["no_organs"]))


@rule
def person_not_fined(r: Record) -> Said:
    """统计法 §47: a person in a census is taught, not fined."""
    for act in r.decisions:
        if act.step in PENALTIES:
            yield act.seq, r.party(act.seq).get("kind") != "person"


@rule
def not_more_than_told(r: Record) -> Said:
    """行政处罚法 §44, §62."""
    for act in r.penalties:
        notice = r.notice(act)
        yield act.seq, notice is not None and act.fine <= notice.fine


@rule
def fine_named_as_penalty(r: Record) -> Said:
    """行政处罚法 §59第三项: a sum where a fine is imposed, none where it is not."""
    for act in r.decisions:
        if act.step in PENALTIES:
            yield act.seq, ("fine" in (act.words.get("kinds") or ())) == bool(act.fine)


@rule
def small_on_the_spot(r: Record) -> Said:
    """行政处罚法 §51: a warning, or a fine of at most 3,000 yuan (200 for a citizen); nothing
    else."""
    for act in r.done("on_the_spot"):
        limit = 200 if r.party(act.seq).get("kind") == "person" else 3000
        yield (
            act.seq,
            set(act.words.get("kinds") or ()) <= {"warning", "fine"} and act.fine <= yuan(limit),
        )


@rule
def discretion_reasoned(r: Record) -> Said:
    """行政处罚法 §5, §34: a decision says why this sum."""
    for act in r.penalties:
        yield act.seq, bool(str(act.words.get("discretion") or "").strip())


# -- what is added and paid
# ----------------------------------------------------------------------------------------
def last_day(r: Record, decision: Act) -> date | None:
    """The last day for payment (行政处罚法 §67)."""
    arrived = decision.on if decision.step == "on_the_spot" else r.arrived(decision, "decision")
    return after_days(arrived, PAYS_IN, r.workday) if arrived else None


def added(r: Record, decision: Act, until: date) -> int:
    """What was added for being late up to a day, in fen: three per cent of the fine a day, at most
    the fine; days of reconsideration and suit, and those of a grant of instalments, are not counted
    (行政处罚法 §66, §72–73)."""
    last = last_day(r, decision)
    if last is None:
        return 0
    rests = [*_remedies(r, decision), *_grants(r, decision, last)]
    days = (last + timedelta(n) for n in range(1, (until - last).days + 1))
    late = sum(not any(first <= day <= end for first, end in rests) for day in days)
    return min(decision.fine, decision.fine * PER_CENT * late // 100)


def _remedies(r: Record, decision: Act) -> Iterator[tuple[date, date]]:
    """Each from its beginning to its end; a suit that was appealed goes on to the beginning of the
    appeal (行政诉讼法 §85)."""
    begun = r.done("remedy_start", after=decision.seq)
    for act in begun:
        ended = _remedy_end(r, act)
        if ended is None:
            yield act.on, date.max
            continue
        then = next((a for a in begun if a.seq > ended.seq), None)
        appealed = act.words.get("kind") == "suit" and then and then.words.get("kind") == "appeal"
        yield act.on, then.on if then and appealed else ended.on


def _remedy_end(r: Record, begun: Act) -> Act | None:
    """The end of the remedy that an act began; None while it runs."""
    ends = r.done("remedy_end", after=begun.seq)
    return next((a for a in ends if a.track == begun.own_track), None)


def _grants(r: Record, decision: Act, last: date) -> Iterator[tuple[date, date]]:
    for act in r.done("instal", after=decision.seq):
        end = act.day("due")
        if end is not None:
            yield (last if act.on <= last else act.on), end


@rule
def paid_in_full(r: Record) -> Said:
    """行政处罚法 §67, §72: execution ends by payment when the fine and what was added were paid."""
    for decision in _fining(r):
        for act in r.done("pay", after=decision.seq):
            if not act.brings("end"):
                continue
            since = 0 if decision.words.get("set_off") else decision.seq
            paid = sum(
                int(a.words.get("paid_fen") or 0)
                for a in r.done("pay", after=since, before=act.seq + 1)
            )
            back = sum(
                int(a.words.get("refunded_fen") or 0) for a in r.done("refund", before=act.seq)
            )
            owed = _changed_to(r, decision, act.seq) + _owed_late(r, decision, act)
            yield act.seq, paid - back >= owed


def _changed_to(r: Record, decision: Act, before: int) -> int:
    changed = [
        a
        for a in r.done("remedy_end", after=decision.seq, before=before)
        if a.words.get("result") == "changed"
    ]
    return changed[-1].fine if changed else decision.fine


def _owed_late(r: Record, decision: Act, payment: Act) -> int:
    """What was added until the fine itself was covered; nothing where it was remitted (行政强制法
    §42)."""
    changed = _changed_to(r, decision, payment.seq) != decision.fine
    if changed or r.done("remit_surcharge", after=decision.seq, before=payment.seq):
        return 0
    sum_so_far = 0
    for act in r.done("pay", after=decision.seq):
        sum_so_far += int(act.words.get("paid_fen") or 0)
        if sum_so_far >= decision.fine:
            return added(r, decision, act.day("paid_on") or act.on)
    return added(r, decision, payment.day("paid_on") or payment.on)


@rule
def instalments_bounded(r: Record) -> Said:
    """行政处罚法 §66: asked for and granted; the last one within the bureau's own longest time (a
    setting, unverified)."""
    months = int(str(r.settings.get("instal.longest") or "12").split()[0])
    for act in r.done("instal"):
        first, due = r.first("instal"), act.day("due")
        asked = bool(str(act.words.get("request") or "").strip()) and bool(act.approvers)
        latest = after_months(first.on if first else act.on, months, r.workday)
        yield act.seq, asked and due is not None and due <= latest


@rule
def paid_at_the_bank(r: Record) -> Said:
    """行政处罚法 §67: by a slip of the bank or treasury, never to the body itself."""
    for act in r.done("pay", "refund"):
        yield act.seq, bool(str(act.words.get("slip") or "").strip())


@rule
def overpaid_goes_back(r: Record) -> Said:
    """行政强制法 §41; 国家赔偿法 §36: what was paid under a decision that fell goes back before the
    file is put away."""
    archived = r.last("archive")
    anew = any(d.words.get("set_off") for d in r.decisions)
    for act in r.done(*PENALTIES):
        ended = r.fell(act)
        paid = r.done("pay", after=act.seq, before=ended.seq if ended else None)
        if ended is None or not paid:
            continue
        if anew or r.done("refund", after=paid[0].seq):
            yield act.seq, True
        else:
            late = archived is not None and archived.seq > ended.seq
            yield act.seq, False if late else None


# -- the bureau's own benchmark
# ------------------------------------------------------------------------------------
@rule
def benchmark_kept(r: Record) -> Said:
    """行政处罚法 §34: within the range of the benchmark that the bureau has confirmed, or with a
    reason."""
    if r.settings.get("benchmark.confirmed") != "yes":
        return
    for act in r.penalties:
        low, high = _range(r, act)
        notice = r.notice(act)
        reasons = [str(a.words.get("departure_reason") or "").strip() for a in (act, notice) if a]
        yield act.seq, low <= act.fine <= high or any(reasons)


def _range(r: Record, decision: Act) -> tuple[int, int]:
    """From which sum to which the benchmark fines, in fen."""
    rows = r.violations(decision.seq)
    upper = _highest(r, decision, decision.text("serious_ground"))
    lower = _highest(r, decision, "")
    place = min(max((_tier(r, v, decision.seq) for v in rows), default=0) + len(r.fined), 4)
    floor = lower if upper > lower else 0
    between = [
        float(r.settings[f"benchmark.share_{s}"]) for s in ("ordinary", "heavier", "serious")
    ]
    shares = [0, *between, 100]
    if not place:
        return 0, 0
    low, high = (
        floor + int((upper - floor) * share / 100) for share in shares[place - 1 : place + 1]
    )
    return low, high


def _highest(r: Record, decision: Act, ground: str) -> int:
    """The most that the law allows for any of the violations, in fen, on a ground of the upper
    tier or («») without one."""
    kind = str(r.party(decision.seq).get("kind") or "")
    found = (ceiling(kind, v, ground) or 0 for v in r.violations(decision.seq))
    return max(found, default=0)


def _tier(r: Record, violation: Words, before: int) -> int:
    """The tier of one violation: by its rate of error where the figures tell it, else by its
    kind."""
    code, figures = violation.get("code"), r.value("figures", before) or []
    if code not in ("V3", "V4") or not figures:
        return 1 if code in ("V3", "V4", "V10", "V11") else 2
    begins = [
        float(r.settings[f"benchmark.rate_{s}"])
        for s in ("ordinary", "heavier", "serious", "gravest")
    ]
    return max(sum(_rate(f) >= first for first in begins) for f in figures)


def _rate(figure: Words) -> float:
    """|reported − verified| ÷ |verified|, in per cent."""
    reported, verified = float(figure["reported"]), float(figure["verified"])
    if not verified:
        return 0.0 if not reported else float("inf")
    return abs(reported - verified) / abs(verified) * 100
