"""Prior notice, defence, decision: ceilings, law versions, and what must come before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from casework.procedure.bank import bank_account
from casework.procedure.bodies import in_question, is_state_organ
from casework.procedure.checks.registry import Refusal, check, condition, refused_unless
from casework.procedure.day_bounds import LAW_BEGAN
from casework.procedure.decision_state import DECISIONS, outcome
from casework.procedure.facts import NOTICES, Asked, ClockFacts, Facts
from casework.procedure.ids import ClockId
from casework.procedure.interference import rows_of
from casework.procedure.penalties import penalties
from casework.procedure.remedy_bodies import remedy_bodies
from casework.procedure.terms import Money, SubjectKind
from casework.procedure.time_bar import time_bar_on, time_barred
from casework.text import is_blank, unless_blank

ORGANISATIONS = (
    SubjectKind.ENTERPRISE,
    SubjectKind.INSTITUTION,
    SubjectKind.ORGANISATION,
    SubjectKind.STATE_ORGAN,
)


def sum_of(asked: Asked) -> Money:
    """The fine that was asked for."""
    return Money(int(asked.get("fine_fen") or 0))


@check
def facts_have_articles(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Every violation names an item of the law and the end of the conduct, which picks the
    version."""
    rows = asked.get("violations") or facts.violations
    good = all(r.get("code") in penalties().violations and r.get("conduct_end") for r in rows)
    return refused_unless(bool(rows_of(facts, asked)) and good)


@check
def state_organ_no_fine(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """国家机关: 责令改正、警告、通报, never a fine (统计法 §44)."""
    return refused_unless(not is_state_organ(facts) or sum_of(asked).fen == 0)


@check
def body_settled(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Who is fined is no organ of the state: where the name sounds like one, a person has looked
    (统计法 §44)."""
    return refused_unless(sum_of(asked).fen == 0 or not in_question(facts))


@check
def body_in_question(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The name raises the question, and nobody has answered it."""
    return refused_unless(in_question(facts))


@check
def sum_within_ceiling(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The ceiling of the law in force at the end of the conduct; the upper tier only on a ground of
    条例 §50."""
    if facts.party is None or sum_of(asked).fen == 0:
        return None
    ground = str(asked.get("serious_ground") or "")
    if ground == "repeated" and facts.history.corrections_within_year < 3:
        return {"ceiling": "—", "why": "repeated"}
    rows = rows_of(facts, asked)
    if law_amounts_chosen(facts):
        rows = [{**r, "census": False} for r in rows]
    ceiling = penalties().ceiling_of(facts.party.kind, rows, ground)
    if ceiling is None:
        return {"ceiling": "0", "why": ""}
    return refused_unless(sum_of(asked).fen <= ceiling.fen, ceiling=f"{ceiling.yuan:,.0f}", why="")


def law_amounts_chosen(facts: Facts) -> bool:
    """Whether a legal review of the present report said that a census case is fined by the law's
    own amounts."""
    review, report = facts.last("legal_review"), facts.last("investigation_report")
    fresh = review is not None and (report is None or review.seq > report.seq)
    return bool(
        fresh
        and review
        and review.asked.get("census_law") == "law"
        and review.asked.get("result") == "pass"
    )


@check
def conduct_not_barred(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Nothing is punished that was found too late after it ended (处罚法 §36)."""
    rows = rows_of(facts, asked)
    ends = [date.fromisoformat(r["conduct_end"]) for r in rows if r.get("conduct_end")]
    barred = [e for e in ends if time_barred(facts, e)]
    day = time_bar_on(facts, min(barred)).isoformat() if barred else ""
    return refused_unless(not barred, day=day)


@check
def conduct_happened(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Only what was done is punished (处罚法 §4): each conduct ended, not before it began, and not
    before the law began."""
    rows = asked.get("violations") or facts.violations
    first, today = LAW_BEGAN.isoformat(), facts.today.isoformat()
    spans = [
        (str(r.get("conduct_start") or r["conduct_end"]), str(r["conduct_end"]))
        for r in rows
        if r.get("conduct_end")
    ]
    return refused_unless(
        all(first <= start <= end <= today for start, end in spans), first=first, today=today
    )


@check
def law_reaches_party(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The law threatens this kind of party with a penalty for each of the violations."""
    rows = rows_of(facts, asked)
    known = [r["code"] for r in rows if r.get("code") in penalties().violations]
    return refused_unless(
        facts.party is None or all(penalties().reaches(facts.party.kind, c) for c in known)
    )


@check
def warning_given(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """统计法 §44, §45: 给予警告 is no choice; 通报 and a fine stand beside it (可以予以通报, 可以并
    处)."""
    return refused_unless("warning" in (asked.get("kinds") or []))


@check
def nothing_untold(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """No kind of penalty, and no ground for more, that the newest notice did not tell (处罚法 §44:
    else no decision)."""
    notice = facts.last(*NOTICES)
    told = notice.asked if notice else {}
    kinds = set(asked.get("kinds") or []) <= set(told.get("kinds") or [])
    ground = str(asked.get("serious_ground") or "") in ("", str(told.get("serious_ground") or ""))
    return refused_unless(kinds and ground)


@check
def circular_allowed(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """通报 for late filing only for conduct from 2024-09-13 on (统计法 2009 §42 knows none)."""
    wants = "circular" in (asked.get("kinds") or [])
    return refused_unless(not wants or may_be_circulated(facts, asked))


@check
def circular_lawful(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The violations on record may be circulated."""
    return refused_unless(may_be_circulated(facts, asked))


@check
def circular_decided(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """通报 is a penalty of its own (处罚法 §9第一项): told in the notice (§44), imposed by the
    decision, else not given."""
    made = facts.last(*DECISIONS)
    told = [a for a in facts.done() if a.step in NOTICES and made is not None and a.seq < made.seq]
    imposed = made is not None and "circular" in (made.asked.get("kinds") or [])
    return refused_unless(
        imposed and bool(told) and "circular" in (told[-1].asked.get("kinds") or [])
    )


def may_be_circulated(facts: Facts, asked: Asked) -> bool:
    """Whether any violation's law knows 通报; of a sole trader none does (统计法 §44, §45: 责令改
    正、警告、罚款)."""
    if facts.party is not None and facts.party.kind is SubjectKind.SOLE_TRADER:
        return False
    rows = rows_of(facts, asked)
    return any(
        penalties().may_circulate(r["code"], date.fromisoformat(r["conduct_end"])) for r in rows
    )


@check
def notice_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The newest prior notice has been served (处罚法 §62: else no decision)."""
    newest, served = facts.paper("prior_notice"), facts.served("prior_notice")
    return refused_unless(newest is not None and newest == served)


@check
def not_above_notice(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Never above what was told: neither because of the defence (处罚法 §45) nor untold (§44)."""
    told = facts.proposed_fine
    return refused_unless(sum_of(asked).fen <= told.fen, told=f"{told.yuan:,.0f}")


@check
def account_named(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A fine needs the account where it is paid: bank, holder and number (处罚法 §59, §67)."""
    named = bank_account(unless_blank(str(asked.get("bank") or "")) or facts.bureau.bank)
    return refused_unless(sum_of(asked).fen == 0 or named is not None)


@check
def remedies_named(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The body for reconsideration and the court are known by name and address (处罚法 §59第五
    项)."""
    return refused_unless(all(bool(named) for body in remedy_bodies(facts) for named in body))


@check
def ground_holds(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The ground's own conditions (处罚法 §33, §36, §57)."""
    ground, corrected = asked.get("ground"), bool(asked.get("corrected"))
    ends = [
        date.fromisoformat(v["conduct_end"]) for v in rows_of(facts, {}) if v.get("conduct_end")
    ]
    holds = {
        "minor": corrected,
        "first": corrected and facts.history.penalties_before == 0,
        "no_fault": not is_blank(str(asked.get("proof") or "")),
        "not_made_out": True,
        "time_barred": bool(ends) and all(time_barred(facts, e) for e in ends),
    }
    return refused_unless(holds.get(str(ground), False))


# within which a case is decided: 处罚法 §60, the bureau's rule, a court's order
LIMITS: tuple[ClockId, ...] = ("case_90", "case_limit", "redo")


def limits_over(facts: Facts) -> list[ClockFacts]:
    """The limits that ran out undecided. 处罚法 §60 lets rules set another one: where that was
    extended and still runs, the ninety days are not held against the case."""
    newest = {rule: c for rule in LIMITS if (c := facts.clock(rule)) is not None and c.running}
    limit = newest.get("case_limit")
    if limit is not None and limit.extended and not limit.missed(facts.today):
        newest.pop("case_90", None)
    return [c for c in newest.values() if c.missed(facts.today)]


@check
def late_reason_given(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """What is decided after the limit is decided all the same, and says why so late (处罚法
    §60)."""
    over = limits_over(facts)
    good = not over or not is_blank(str(asked.get("late_reason") or ""))
    return refused_unless(good, day=min(c.due for c in over).isoformat() if over else "")


def made_anew(facts: Facts) -> bool:
    """The newest decision was set aside with the order to make it anew, and that is in force."""
    end = outcome(facts)
    return end is not None and end.result == "redo"


@check
def not_the_same_again(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A penalty after a decision that was set aside says what differs from it, or that only its
    procedure was wrong: the same is not decided again on the same facts and grounds (行诉法 §71; 复
    议法 §64)."""
    return refused_unless(
        not made_anew(facts) or not is_blank(str(asked.get("again_reason") or ""))
    )


@check
def not_found_serious(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """«Minor» and «minor harm» (处罚法 §33) are no ground while the newest report or notice says a
    serious one (条例 §50)."""
    newest = facts.last("investigation_report", *NOTICES)
    ground = str(newest.asked.get("serious_ground") or "") if newest else ""
    return refused_unless(not ground or asked.get("ground") not in ("minor", "first"))


@condition
def hearing_may_be_asked(facts: Facts, asked: Asked) -> bool:
    """The proposed fine reaches the threshold (处罚法 §63; settings)."""
    if facts.party is None:
        return False
    fine = sum_of(asked) if "fine_fen" in asked else facts.proposed_fine
    key = "organisation" if facts.party.kind in ORGANISATIONS else facts.party.kind.value
    return fine.fen > 0 and fine.yuan >= Decimal(facts.settings.money(f"hearing.{key}").yuan)
