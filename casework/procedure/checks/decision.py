"""Prior notice, defence, decision: ceilings, law versions, and what must come before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from casework.procedure.checks.common import refused_unless
from casework.procedure.checks.registry import Refusal, check, condition
from casework.procedure.facts import NOTICES, Asked, Facts
from casework.procedure.penalties import penalties, time_bar_on, time_barred
from casework.procedure.terms import Money, SubjectKind

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
    """Every violation names an item of the law and the end of the conduct, which picks the version."""
    rows = asked.get("violations") or facts.violations
    good = all(r.get("code") in penalties().violations and r.get("conduct_end") for r in rows)
    return refused_unless(bool(rows) and good)


@check
def state_organ_no_fine(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """国家机关: 责令改正、警告、通报, never a fine (统计法 §44)."""
    organ = facts.party is not None and facts.party.kind is SubjectKind.STATE_ORGAN
    return refused_unless(not organ or sum_of(asked).fen == 0)


@check
def sum_within_ceiling(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The ceiling of the law in force at the end of the conduct; the upper tier only on a ground of 条例 §50."""
    if facts.party is None or sum_of(asked).fen == 0:
        return None
    ground = str(asked.get("serious_ground") or "")
    if ground == "repeated" and facts.history.corrections_within_year < 3:
        return {"ceiling": "—", "why": "repeated"}
    rows = asked.get("violations") or facts.violations
    if law_amounts_chosen(facts):
        rows = [{**r, "census": False} for r in rows]
    ceiling = penalties().ceiling_of(facts.party.kind, rows, ground)
    if ceiling is None:
        return {"ceiling": "0", "why": ""}
    return refused_unless(sum_of(asked).fen <= ceiling.fen, ceiling=f"{ceiling.yuan:,.0f}", why="")


def law_amounts_chosen(facts: Facts) -> bool:
    """Whether a legal review of the present report said that a census case is fined by the law's own amounts."""
    review, report = facts.last("legal_review"), facts.last("investigation_report")
    fresh = review is not None and (report is None or review.seq > report.seq)
    return bool(fresh and review and review.asked.get("census_law") == "law" and review.asked.get("result") == "pass")


@check
def conduct_not_barred(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Nothing is punished that was found more than two years after it ended (处罚法 §36)."""
    rows = asked.get("violations") or facts.violations
    ends = [date.fromisoformat(r["conduct_end"]) for r in rows if r.get("conduct_end")]
    barred = [e for e in ends if time_barred(e, facts.found_on)]
    return refused_unless(not barred, day=time_bar_on(min(barred)).isoformat() if barred else "")


@check
def law_reaches_party(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The law threatens this kind of party with a penalty for each of the violations."""
    rows = asked.get("violations") or facts.violations
    known = [r["code"] for r in rows if r.get("code") in penalties().violations]
    return refused_unless(facts.party is None or all(penalties().reaches(facts.party.kind, c) for c in known))


@check
def warning_given(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """统计法 §44, §45: 给予警告 is no choice; 通报 and a fine stand beside it (可以予以通报, 可以并处)."""
    return refused_unless("warning" in (asked.get("kinds") or []))


@check
def nothing_untold(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """No kind of penalty, and no ground for more, that the newest notice did not tell (处罚法 §44: else no decision)."""
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


def may_be_circulated(facts: Facts, asked: Asked) -> bool:
    """Whether any violation's law knows 通报; of a sole trader none does (统计法 §44, §45: 责令改正、警告、罚款)."""
    if facts.party is not None and facts.party.kind is SubjectKind.SOLE_TRADER:
        return False
    rows = asked.get("violations") or facts.violations
    return any(penalties().may_circulate(r["code"], date.fromisoformat(r["conduct_end"])) for r in rows)


@check
def notice_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The newest prior notice has been served (处罚法 §62: else no decision)."""
    newest, served = facts.paper("prior_notice"), facts.served("prior_notice")
    return refused_unless(newest is not None and newest == served)


@check
def waiver_or_expired(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The party waived in writing, or the days for the defence are over."""
    clock = facts.clock("defence")
    over = clock is not None and clock.over(facts.today)
    return refused_unless(over or asked.get("how") == "waived", day=clock.due.isoformat() if clock else "")


@check
def windows_over(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The days for defence and for a hearing request are over, or were used (处罚法 §62)."""
    for rule in ("defence", "hearing_request"):
        clock = facts.clock(rule)
        if clock is not None and not clock.over(facts.today):
            return {"day": clock.due.isoformat()}
    return None


@check
def not_above_notice(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Never above what was told: neither because of the defence (处罚法 §45) nor untold (§44)."""
    told = facts.proposed_fine
    return refused_unless(sum_of(asked).fen <= told.fen, told=f"{told.yuan:,.0f}")


@check
def account_named(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A fine needs the bank where it is paid (处罚法 §67)."""
    named = bool(str(asked.get("bank") or facts.bureau.bank).strip())
    return refused_unless(sum_of(asked).fen == 0 or named)


@check
def ground_holds(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The ground's own conditions (处罚法 §33, §36, §57)."""
    ground, corrected = asked.get("ground"), bool(asked.get("corrected"))
    ends = [date.fromisoformat(v["conduct_end"]) for v in facts.violations if v.get("conduct_end")]
    holds = {
        "minor": corrected,
        "first": corrected and facts.history.penalties_before == 0,
        "no_fault": bool(str(asked.get("proof") or "").strip()),
        "not_made_out": True,
        "time_barred": bool(ends) and all(time_barred(e, facts.found_on) for e in ends),
    }
    return refused_unless(holds.get(str(ground), False))


@condition
def hearing_may_be_asked(facts: Facts, asked: Asked) -> bool:
    """The proposed fine reaches the threshold (处罚法 §63; settings)."""
    if facts.party is None:
        return False
    fine = sum_of(asked) if "fine_fen" in asked else facts.proposed_fine
    key = "organisation" if facts.party.kind in ORGANISATIONS else facts.party.kind.value
    return fine.fen > 0 and fine.yuan >= Decimal(facts.settings.money(f"hearing.{key}").yuan)
