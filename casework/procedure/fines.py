"""The money of a decision: levied, added for being late, paid, still owed. Every page, check and
sum asks here. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from casework.procedure.clock_rules import late_days, surcharge_of
from casework.procedure.decision_state import DECISIONS, fell, litigated
from casework.procedure.effects import TrackEnded
from casework.procedure.facts import ActFacts, ClockFacts, Facts, TrackFacts
from casework.procedure.terms import Money

Spans = list[tuple[date, date | None]]


@dataclass(frozen=True)
class Balance:
    """What a case owes on a day. ``levied + surcharge = paid + settled + owed``, unless more was
    paid; whatever came in and is owed by nobody is owed ``back`` (强制法 §41)."""

    levied: Money
    surcharge: Money  # 加处罚款
    paid: Money
    # nobody owes it any more: the court executed it, or the execution was ended (强制法 §40)
    settled: Money
    owed: Money
    back: Money  # 应退还: paid under a decision that fell, or more than is due


@dataclass(frozen=True)
class Account:
    """The same without a day: what an act can change. From ``runs_from`` on every day is one more
    late day (None: it stands still, or is over)."""

    decided: date
    levied: int  # fen
    paid: int
    apart: int  # paid under an earlier decision that fell, and not set off: it is owed back
    over: bool  # its execution has ended
    late_days: int
    runs_from: date | None

    def on(self, day: date, percent: float) -> Balance:
        """The balance on a day on which nothing has happened since."""
        days = self.late_days + (max((day - self.runs_from).days, 0) if self.runs_from else 0)
        return _balance(
            self.levied,
            surcharge_of(Money(self.levied), days, percent).fen,
            self.paid,
            self.apart,
            self.over,
        )


def _balance(levied: int, surcharge: int, paid: int, apart: int, over: bool) -> Balance:
    rest = levied + surcharge - paid
    owed, back = max(rest, 0), max(-rest, 0) + apart
    return Balance(
        *(
            Money(fen)
            for fen in (levied, surcharge, paid, owed if over else 0, 0 if over else owed, back)
        )
    )


def percent_of(facts: Facts) -> float:
    """加处罚款: per cent of the fine a day (处罚法 §72)."""
    return facts.settings.number("pay.surcharge")


def balance(facts: Facts, on: date | None = None) -> Balance:
    """What the case owes on a day, today by default."""
    return _balance(
        _levied(facts), surcharge_due(facts, on).fen, *_came_in(facts), over_on(facts) is not None
    )


def surcharge_due(facts: Facts, on: date | None = None) -> Money:
    """加处罚款 up to a day; zero once remitted, or with the decision."""
    last = _last_day(facts)
    if last is None:
        return Money(0)
    until = min(on or facts.today, _stopped_on(facts) or date.max)
    return surcharge_of(
        Money(_levied(facts)), late_days(last, until, standing_still(facts)), percent_of(facts)
    )


def account(facts: Facts) -> Account | None:
    """What is kept of a case for sums of many; None while no penalty was decided."""
    made = _penalty(facts)
    if made is None:
        return None
    days, runs_from = _late(facts)
    return Account(
        made.on, _levied(facts), *_came_in(facts), over_on(facts) is not None, days, runs_from
    )


def _late(facts: Facts) -> tuple[int, date | None]:
    """Late days up to the last change of pace, and the day from which every day is one more."""
    last, stopped, spans = _last_day(facts), _stopped_on(facts), standing_still(facts)
    if last is None:
        return 0, None
    if stopped is not None:
        return late_days(last, stopped, spans), None
    if open_ := [first for first, end in spans if end is None]:
        return late_days(last, max(last, min(open_)), spans), None
    turn = max((last, *(end for _, end in spans if end is not None)))
    return late_days(last, turn, spans), turn


def _last_day(facts: Facts) -> date | None:
    """The last day for payment that the decision set; None where nothing is added: no fine is in
    force, or the surcharge was remitted. What is granted later stands still from its grant on, and
    takes back nothing (处罚法 §66, §72)."""
    clock, made, remitted = (
        next(iter(_payment_clocks(facts)), None),
        _penalty(facts),
        facts.last("remit_surcharge"),
    )
    gone = remitted is not None and made is not None and remitted.seq > made.seq
    return None if clock is None or fell(facts) or gone else clock.due


def payment(facts: Facts) -> ClockFacts | None:
    """The clock of the payment: that of the newest decision, or of the instalments granted since.
    An earlier decision's days are nobody's any more."""
    return next(reversed(_payment_clocks(facts)), None)


def _payment_clocks(facts: Facts) -> list[ClockFacts]:
    """The days for payment of the newest decision, and those of each instalments granted since,
    oldest first."""
    made = _penalty(facts)
    found = [
        c
        for c in facts.clocks
        if c.rule in ("pay", "instal") and made is not None and c.seq >= made.seq
    ]
    return sorted(found, key=lambda c: c.id)


def first_grant(facts: Facts) -> date:
    """The day on which payment in parts or later was first granted under the newest decision; today
    where it never was."""
    return next((c.start for c in _payment_clocks(facts) if c.rule == "instal"), facts.today)


def _stopped_on(facts: Facts) -> date | None:
    """From then on nothing is added: the fine itself was covered, or its execution has ended."""
    days = [d for d in (_covered_on(facts), over_on(facts)) if d is not None]
    return min(days, default=None)


def _penalty(facts: Facts) -> ActFacts | None:
    """The newest decision that imposed a penalty."""
    return facts.last("decide_penalty", "on_the_spot")


def _levied(facts: Facts) -> int:
    return 0 if fell(facts) else facts.fine.fen


def net_paid(facts: Facts) -> Money:
    """What has come in under whatever decision, less what was paid back."""
    return Money(_sum(facts.done("pay"), "paid_fen") - _sum(facts.done("refund"), "refunded_fen"))


def owed_back(facts: Facts) -> Money:
    """应退还 today: paid under a decision that was set aside and not set off, or more than is due
    (强制法 §41)."""
    return balance(facts).back


def _sum(acts: Iterable[ActFacts], key: str) -> int:
    return sum(int(a.asked.get(key) or 0) for a in acts)


def _came_in(facts: Facts) -> tuple[int, int]:
    """What counts as paid under the newest decision, and what was paid under those before it; both
    less what was paid back. A decision that sets off expressly takes over what came in before
    it."""
    own, refunded = _sum(_payments(facts), "paid_fen"), _sum(facts.done("refund"), "refunded_fen")
    before = _sum(facts.done("pay"), "paid_fen") - own
    if _sets_off(facts):
        return own + before - refunded, 0
    return own - max(refunded - before, 0), max(before - refunded, 0)


def _payments(facts: Facts) -> list[ActFacts]:
    """Those recorded in an execution of the newest decision, oldest first."""
    made = _penalty(facts)
    tracks = {t.label for t in facts.tracks if made is not None and t.opened_by >= made.seq}
    return [a for a in facts.done("pay") if a.track in tracks]


def _sets_off(facts: Facts) -> bool:
    made = _penalty(facts)
    return made is not None and bool(made.asked.get("set_off"))


def _covered_on(facts: Facts) -> date | None:
    """The day on which the money that covered the fine was paid; the act that records it may be of
    a later day."""
    own, made, total = _payments(facts), _penalty(facts), 0
    if made is not None and _sets_off(facts):
        total = _sum((a for a in facts.done("pay") if a not in own), "paid_fen")
        if total >= facts.fine.fen:
            return made.on
    for act in own:
        total += int(act.asked.get("paid_fen") or 0)
        if facts.fine.fen and total >= facts.fine.fen:
            return _paid_on(act)
    return None


def _paid_on(act: ActFacts) -> date:
    """The day of a payment: that which was entered, else that of the act."""
    return date.fromisoformat(act.asked["paid_on"]) if act.asked.get("paid_on") else act.on


def standing_still(facts: Facts) -> Spans:
    """Spans in which no surcharge runs: of reconsideration and suit (处罚法 §73), and from the day
    after a grant to the last instalment (§66), or to the next grant that took its place."""
    # instalments, or the days given anew when an appeal restored the decision
    granted = _payment_clocks(facts)[1:]
    cut = [*(c.start for c in granted[1:]), date.max]
    in_parts = [
        (c.start + timedelta(1), min(c.due, end)) for c, end in zip(granted, cut, strict=False)
    ]
    return [*litigated(facts), *in_parts]


def over_on(facts: Facts) -> date | None:
    """The day on which the execution of the newest decision ended; None while one is open, or
    before any began."""
    tracks = _executions(facts)
    if not tracks or not all(t.ended for t in tracks):
        return None
    labels = {t.label for t in tracks}
    ended = [
        a.on
        for a in facts.done()
        for e in a.effects
        if isinstance(e, TrackEnded) and e.track in labels
    ]
    return max(ended, default=facts.today)


def _executions(facts: Facts) -> list[TrackFacts]:
    """Executions of the newest decision; none before one was made."""
    made = facts.last(*DECISIONS)
    if made is None:
        return []
    return [t for t in facts.tracks if t.kind == "execution" and t.opened_by >= made.seq]


def owed(facts: Facts, on: date | None = None) -> Money:
    """What is still to be paid on a day."""
    return balance(facts, on).owed
