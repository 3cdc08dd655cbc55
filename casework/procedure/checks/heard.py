"""Whether the party was heard before the decision: its two windows, and what it used of them or
gave up (处罚法 §62)."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.registry import Refusal, check, condition, refused_unless
from casework.procedure.decision_state import DECISIONS
from casework.procedure.facts import NOTICES, ActFacts, Asked, ClockFacts, Facts, PaperFacts
from casework.procedure.ids import StepId
from casework.text import is_blank

WAIVED: StepId = "rights_waived"  # the step by which a written waiver is recorded
# clock of a window: the right as a waiver names it
RIGHTS = {"defence": "defence", "hearing_request": "hearing"}
# clock of a window: the step that uses it
USES = {"defence": "defence_heard", "hearing_request": "hearing_request"}


def notice_told(facts: Facts, before: int | None = None) -> PaperFacts | None:
    """The newest prior notice that arrived; `before`: made before the act of that number."""
    found = [
        p
        for p in facts.papers
        if p.kind == "prior_notice" and p.served and not p.served.failed and p.state != "withdrawn"
        if before is None or p.seq < before
    ]
    return max(found, key=lambda p: p.id, default=None)


def window(facts: Facts, rule: str, notice: PaperFacts | None) -> ClockFacts | None:
    """The clock of a window that ran from the arrival of that notice; None where it opened none."""
    found = [
        c for c in facts.clocks if notice is not None and c.rule == rule and c.paper == notice.id
    ]
    return max(found, key=lambda c: c.id, default=None)


def gives_up(act: ActFacts, right: str) -> bool:
    """Whether an act is the party's written waiver of a right."""
    return act.step == WAIVED and right in (act.asked.get("rights") or [])


def declared_nothing(asked: Asked) -> bool:
    """Whether the party declared, on a paper that is named, that it has nothing to add to its
    defence."""
    return bool(asked.get("whole")) and not is_blank(str(asked.get("document") or ""))


def used(facts: Facts, rule: str, notice: PaperFacts) -> list[ActFacts]:
    """Acts by which the party used up the right of a window, or gave it up in writing, since that
    notice. A defence uses it up only when the party declared that it is the whole one: one word is
    not all that may still be said (处罚法 §45). Nobody gives up what was not told yet: a waiver
    that is older than the arrival, once its day is set right, counts for nothing."""
    told = notice.served.on.isoformat() if notice.served else ""
    since = [a for a in facts.done() if a.seq > notice.seq]
    waived = [a for a in since if gives_up(a, RIGHTS[rule]) and _signed_on(a) >= told]
    return waived + [a for a in since if _uses_up(a, rule)]


def _signed_on(waiver: ActFacts) -> str:
    """The day on which a waiver was signed; «» where it was not asked."""
    return str(waiver.asked.get("signed_on") or "")


def _uses_up(act: ActFacts, rule: str) -> bool:
    """Whether by an act the party used up the right of a window."""
    return act.step == USES[rule] and (rule != "defence" or declared_nothing(act.asked))


def day_of(facts: Facts) -> date:
    """The day of the act whose effects are planned; today where it is only offered."""
    return facts.taking.on or facts.today


def in_time(facts: Facts, rule: str, on: date) -> bool:
    """Whether that day lies within a window of the newest notice that arrived."""
    clock = window(facts, rule, notice_told(facts))
    return clock is not None and on <= clock.due


@check
def after_the_notice(facts: Facts, _asked: Asked, on: date) -> Refusal | None:
    """Not before the day on which the notice arrived: what comes by post may be entered later, on
    the day it was posted."""
    notice = notice_told(facts)
    day = notice.served.on if notice and notice.served else None
    return refused_unless(day is None or on >= day, day=day.isoformat() if day else "")


@check
def whole_defence_proved(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """That the party has nothing to add is its own word, on a paper that is named."""
    return refused_unless(not asked.get("whole") or declared_nothing(asked))


@condition
def whole_defence(_facts: Facts, asked: Asked) -> bool:
    """The party declared that this is its whole defence."""
    return declared_nothing(asked)


@condition
def defence_to_review(facts: Facts, asked: Asked) -> bool:
    """The first defence, or one that came within the days: it is reviewed, anew where that was done
    (处罚法 §45)."""
    return facts.stage == "notice" or in_time(facts, "defence", day_of(facts))


def open_until(facts: Facts, rule: str, day: date, before: int | None = None) -> date | None:
    """The last day of a window that is still open on a day; None where it was used, given up in
    writing, or is over.

    A window is counted by its last day, whoever noted that it was over: a corrected day of service
    moves it.
    """
    notice = notice_told(facts, before)
    clock = window(facts, rule, notice)
    if notice is None or clock is None or clock.due < day:
        return None
    return None if any(a.on <= day for a in used(facts, rule, notice)) else clock.due


def heard_too_short(facts: Facts) -> date | None:
    """The last day of a window that was open when the newest penalty was decided; None where none
    was (处罚法 §62)."""
    made = facts.last("decide_penalty")
    if made is None:
        return None
    days = [open_until(facts, rule, made.on, made.seq) for rule in RIGHTS]
    return max((d for d in days if d), default=None)


@check
def windows_over(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The days for defence and for a hearing request are over, or were used, or given up in writing
    (处罚法 §62)."""
    days = [d for d in (open_until(facts, rule, facts.today) for rule in RIGHTS) if d]
    return refused_unless(not days, day=max(days).isoformat() if days else "")


@check
def hearing_window_over(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Asked for, given up in writing, or the days for asking are over."""
    day = open_until(facts, "hearing_request", facts.today)
    return refused_unless(day is None, day=day.isoformat() if day else "")


@check
def defence_days_over(facts: Facts, _asked: Asked, on: date) -> Refusal | None:
    """The days for the defence ended before that day; whoever gives up the rest of them says so in
    writing."""
    clock = window(facts, "defence", notice_told(facts))
    good = clock is not None and clock.due < on
    return refused_unless(good, day=clock.due.isoformat() if clock else "")


@check
def waiver_proved(facts: Facts, asked: Asked, on: date) -> Refusal | None:
    """A right is given up by a statement of the party's own: signed, by somebody, on a day after
    the notice arrived."""
    notice = notice_told(facts)
    signed = str(asked.get("signed_on") or "")
    written = not any(is_blank(str(asked.get(key) or "")) for key in ("signer", "document"))
    told = notice.served.on.isoformat() if notice and notice.served else ""
    good = written and bool(told) and told <= signed <= on.isoformat() and bool(asked.get("rights"))
    return refused_unless(good, day=told)


@check
def heard_before_served(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A decision that was made while the party could still speak is not served (处罚法 §62: it may
    not be made)."""
    made = facts.last("decide_penalty")
    paper = next((p for p in facts.papers if p.id == int(asked.get("paper") or 0)), None)
    if made is None or paper is None or paper.kind != "decision" or paper.seq != made.seq:
        return None
    day = heard_too_short(facts)
    return refused_unless(day is None, day=day.isoformat() if day else "")


@condition
def decided_too_early(facts: Facts, _asked: Asked) -> bool:
    """The penalty that waits for service was made while a window of the party was open."""
    made = facts.last(*DECISIONS)
    return made is not None and made.step == "decide_penalty" and heard_too_short(facts) is not None


@condition
def defence_given_up(facts: Facts, asked: Asked) -> bool:
    """The defence is given up before anything was said."""
    return facts.stage == "notice" and "defence" in (asked.get("rights") or [])


def since_notice(facts: Facts, *steps: str) -> list[ActFacts]:
    """Acts of some steps since the newest prior notice was made, oldest first."""
    notice = facts.last(*NOTICES)
    return [a for a in facts.done() if a.step in steps and (notice is None or a.seq > notice.seq)]


def defences(facts: Facts) -> list[ActFacts]:
    """What the party said in its defence since the newest report of the investigation, oldest
    first: telling anew does not unsay it."""
    report = facts.last("investigation_report")
    return [a for a in facts.done("defence_heard") if report is None or a.seq > report.seq]
