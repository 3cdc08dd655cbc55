"""Payment, demand, court (处罚法 §§66–73; 强制法 §§34–58)."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.referral import decision_fell, first_windows_closed, taking_force
from casework.procedure.checks.registry import Refusal, check, condition, refused_unless
from casework.procedure.clock_rules import add_months
from casework.procedure.decision_state import DECISIONS, fell, outcome, running, stands, stayed
from casework.procedure.effects import JudgmentInForce
from casework.procedure.facts import ActFacts, Asked, Facts
from casework.procedure.fines import (
    balance,
    first_grant,
    net_paid,
    owed,
    owed_back,
    payment,
    surcharge_due,
)
from casework.procedure.remedies import FELL, UNDONE
from casework.procedure.terms import Money, SubjectKind
from casework.text import is_blank, says_something

# the windows in which a remedy may be asked for
REMEDIES = ("reconsider", "suit", "suit_after", "appeal")


@condition
def penalty_decided(facts: Facts, _asked: Asked) -> bool:
    """A penalty was decided, its paper stands, and nothing took it away: there is something that
    was carried out."""
    made = facts.last(*DECISIONS)
    penalty = made is not None and made.step != "decide_no_penalty"
    return penalty and facts.paper("decision") is not None and not fell(facts)


@condition
def paid_in_full(facts: Facts, asked: Asked) -> bool:
    """This payment covers fine and surcharge."""
    on = date.fromisoformat(asked["paid_on"]) if asked.get("paid_on") else None
    return int(asked.get("paid_fen") or 0) >= owed(facts, on).fen


@check
def not_more_than_owed(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Nobody owes more than fine and surcharge; what came in above that is said to be so, and owed
    back (强制法 §41). Who pays after the execution was ended pays what nobody asks for any more,
    and not too much."""
    on = date.fromisoformat(asked["paid_on"]) if asked.get("paid_on") else None
    due, paid = balance(facts, on), int(asked.get("paid_fen") or 0)
    left = Money(due.owed.fen + due.settled.fen)
    return refused_unless(
        paid > 0 and (paid <= left.fen or asked.get("more") in (True, "yes")),
        owed=f"{left.yuan:,.2f}",
    )


@check
def something_owed_back(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Money came in that nobody owes (强制法 §41)."""
    return refused_unless(owed_back(facts).fen > 0)


@check
def nothing_owed_back(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The bureau has paid back what it has to."""
    left = owed_back(facts)
    return refused_unless(not left.fen, owed=f"{left.yuan:,.2f}")


@check
def not_more_than_owed_back(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Nobody gets back more than is owed back."""
    left = owed_back(facts)
    return refused_unless(
        0 < int(asked.get("refunded_fen") or 0) <= left.fen, owed=f"{left.yuan:,.2f}"
    )


@check
def refund_day(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Money goes back after it came in, and not tomorrow."""
    first, on = next(facts.done("pay"), None), asked.get("refunded_on")
    return refused_unless(
        not on or first is None or first.on <= date.fromisoformat(on) <= facts.today
    )


@check
def something_to_set_off(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Only what is owed back is set off against a new fine."""
    return refused_unless(not asked.get("set_off") or owed_back(facts).fen > 0)


@check
def payment_day(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Money comes in after the decision, and not tomorrow."""
    made, paid_on = facts.last(*DECISIONS), asked.get("paid_on")
    return refused_unless(
        not paid_on or made is None or made.on <= date.fromisoformat(paid_on) <= facts.today
    )


@check
def instalments_add_up(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Each instalment has its day and its sum; all together they are the rest of the fine, or that
    with what was added to it (处罚法 §66). A plan that was proposed before they were asked apart
    stands as it was typed."""
    if asked.get("plan") and "instalments" not in asked:
        return None
    rows, due = list(asked.get("instalments") or []), balance(facts)
    sums = [int(r.get("part_fen") or 0) for r in rows]
    rest = max(due.levied.fen - due.paid.fen, 0)
    good = _days_in_order(rows, asked.get("due"))
    good = good and min(sums) > 0 and rest <= sum(sums) <= due.owed.fen
    return refused_unless(good, rest=f"{Money(rest).yuan:,.2f}", owed=f"{due.owed.yuan:,.2f}")


def _days_in_order(rows: list[Asked], last: str | None) -> bool:
    """Whether each instalment has its own day, one after the other, up to the last day granted."""
    days = [str(r.get("pay_by") or "") for r in rows]
    return bool(rows) and all(days) and days == sorted(set(days)) and days[-1] == last


@check
def instalments_not_shorter(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A grant is for the party (处罚法 §66): its last day is none before the present one."""
    clock, due = payment(facts), asked.get("due")
    good = not due or clock is None or date.fromisoformat(due) >= clock.due
    return refused_unless(good, day=clock.due.isoformat() if clock else "")


@check
def instalments_not_too_long(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The last instalment lies within the longest time for it, counted from the first grant (处罚法
    §66)."""
    longest = add_months(first_grant(facts), facts.settings.period("instal.longest").amount)
    due = asked.get("due")
    return refused_unless(not due or date.fromisoformat(due) <= longest, day=longest.isoformat())


@check
def payment_overdue(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The days for payment are over and the sum is not paid."""
    clock = payment(facts)
    over = clock is not None and clock.missed(facts.today) and owed(facts).fen > 0
    return refused_unless(over, day=clock.due.isoformat() if clock else "")


@check
def not_stayed(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Execution is neither stayed by a remedy nor paused."""
    return refused_unless(not stayed(facts) and not _paused(facts))


@check
def end_ground_given(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A case whose decision stands ends on a ground of 强制法 §40 after which nobody owes the fine,
    with what proves it; before a decision a reason is enough."""
    proved = asked.get("ground") in ("dead", "gone") and not is_blank(str(asked.get("proof") or ""))
    return refused_unless(not stands(facts) or proved)


@check
def end_ground_holds(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A ground of 强制法 §40 is one of the respondent that there is: citizens die, organisations
    end."""
    one = facts.party is not None and facts.party.kind in (
        SubjectKind.PERSON,
        SubjectKind.SOLE_TRADER,
    )
    holds = {"dead": one, "gone": not one, "annulled": fell(facts)}
    return refused_unless(holds.get(str(asked.get("ground") or ""), True))


def _paused(facts: Facts) -> bool:
    clock = facts.clock("execution_pause")
    return clock is not None and clock.running


@check
def execution_paused(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Execution stands still."""
    return refused_unless(_paused(facts))


@check
def execution_not_paused(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Execution does not stand still."""
    return refused_unless(not _paused(facts))


@check
def agreement_made(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """An execution agreement stands, and it says what the party did to mend the matter (强制法
    §42): «none» remits nothing."""
    agreed = facts.last("agree")
    mended = agreed is not None and says_something(str(agreed.asked.get("remedied") or ""))
    return refused_unless(mended and not facts.did("remit_surcharge"))


def _demanded_before_a_change(facts: Facts) -> bool:
    """Whether a remedy changed the sum after it was demanded."""
    demanded, end = facts.last("demand"), outcome(facts)
    return (
        demanded is not None
        and end is not None
        and end.result == "changed"
        and end.seq > demanded.seq
    )


@check
def not_yet_demanded(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Demanded once, and again where the sum was changed since."""
    stages = {t.stage for t in facts.open_tracks("execution")}
    return refused_unless("demanded" not in stages or _demanded_before_a_change(facts))


@check
def demand_of_the_sum(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """What the court is asked to enforce is what was demanded (强制法 §54)."""
    return refused_unless(not _demanded_before_a_change(facts))


def agreement_stands(facts: Facts) -> ActFacts | None:
    """The agreement on how to perform, while nothing was demanded since: of the newest decision
    alone."""
    agreed, later = facts.last("agree"), facts.last("demand", *DECISIONS)
    return agreed if agreed is not None and (later is None or agreed.seq > later.seq) else None


@check
def agreement_broken(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Beside an agreement nothing is enforced unless the party does not keep it, and it is said
    what was not kept (强制法 §42第三款)."""
    agreed = agreement_stands(facts)
    good = agreed is None or not is_blank(str(asked.get("broken") or ""))
    return refused_unless(good, day=agreed.on.isoformat() if agreed else "")


@check
def demand_over(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Ten working days since the newest demand was served (强制法 §54); an earlier one, after which
    a court was asked already, demands nothing any more."""
    demand = facts.paper("demand")
    clock = next(
        (
            c
            for c in facts.clocks
            if c.rule == "demand" and demand is not None and c.paper == demand.id
        ),
        None,
    )
    return refused_unless(
        clock is not None and clock.due < facts.today, day=clock.due.isoformat() if clock else "—"
    )


@check
def remedies_over(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """No remedy runs and the days for asking for one are over (强制法 §53)."""
    open_ = [c for c in facts.clocks if c.rule in REMEDIES and not c.over(facts.today)]
    return refused_unless(
        not running(facts) and not open_,
        day=max((c.due for c in open_), default=facts.today).isoformat(),
    )


@check
def court_window_open(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Within three months after the remedies, or the instalments, ended (强制法 §53; 处罚法
    §72)."""
    clock, made = facts.clock("court_window"), facts.last(*DECISIONS)
    if clock is None or made is None or clock.seq < made.seq:
        return None
    return refused_unless(facts.today <= clock.due, day=clock.due.isoformat())


@condition
def court_ended_it(_facts: Facts, asked: Asked) -> bool:
    """The court executed the decision, or ended its execution: nobody's days run any more."""
    return asked.get("result") in ("executed", "ended")


@condition
def court_may_be_asked(facts: Facts, asked: Asked) -> bool:
    """The last right to a remedy has ended unused or lost while the sum is owed: three months for
    the court begin (强制法 §53)."""
    ended = next((c for c in facts.clocks if c.id == int(asked.get("clock") or 0)), None)
    if ended is None or ended.rule not in REMEDIES or running(facts) or decision_fell(facts, asked):
        return False
    return _owing(facts, (ended.rule,))


@condition
def remedies_lost(facts: Facts, asked: Asked) -> bool:
    """The last remedy ended and none can follow: an appeal that failed, a suit withdrawn, a
    reconsideration withdrawn when the days for a suit were over."""
    final = (asked.get("kind") == "appeal" and asked.get("result") != "retrial") or asked.get(
        "result"
    ) == "withdrawn"
    closed = REMEDIES if first_windows_closed(facts, asked) else ()
    alone = [t.label for t in running(facts)] == [facts.taking.track]
    return final and alone and not decision_fell(facts, asked) and _owing(facts, closed)


def _owing(facts: Facts, closed: tuple[str, ...]) -> bool:
    """A sum is owed, and no window is open but those that close with this act."""
    windows = [c for c in facts.clocks if c.rule in REMEDIES and c.rule not in closed and c.running]
    return bool(facts.open_tracks("execution")) and owed(facts).fen > 0 and not windows


@condition
def nothing_owed_any_more(facts: Facts, asked: Asked) -> bool:
    """The decision fell, or was changed to what has come in already: nobody owes anything under
    it."""
    holds = taking_force(facts, asked)
    if holds is None:
        return False
    covered = holds.result == "changed" and (holds.fine_fen or 0) <= net_paid(facts).fen
    return holds.result in FELL or (covered and surcharge_due(facts).fen == 0)


@condition
def execution_revives(facts: Facts, asked: Asked) -> bool:
    """The appeal became known after time had taken the judgment as final, and restores the
    decision: its sum is owed again, with days for payment of its own."""
    restored = asked.get("kind") == "appeal" and asked.get("result") in (
        *UNDONE,
        "changed",
        "unlawful",
    )
    sum_ = int(asked.get("fine_fen") or 0) if asked.get("result") == "changed" else facts.fine.fen
    return (
        restored
        and _over_by_judgment(facts)
        and not facts.open_tracks("execution")
        and sum_ > net_paid(facts).fen
    )


def _over_by_judgment(facts: Facts) -> bool:
    """Whether the newest judgment that took force on the newest decision left nothing owed."""
    made = facts.last(*DECISIONS)
    since = [a for a in facts.done() if made is not None and a.seq > made.seq]
    in_force = [e for a in since for e in a.effects if isinstance(e, JudgmentInForce)]
    return bool(in_force) and bool(in_force[-1].over)


@condition
def court_time_runs(facts: Facts, _asked: Asked) -> bool:
    """The three months for the court have begun."""
    clock = facts.clock("court_window")
    return clock is not None and clock.running
