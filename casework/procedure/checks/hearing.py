"""Asking for, announcing and holding a hearing (处罚法 §§63–65)."""

from __future__ import annotations

from datetime import date, timedelta

from casework.procedure.checks.common import refused_unless
from casework.procedure.checks.decision import hearing_may_be_asked
from casework.procedure.checks.registry import Refusal, check, condition
from casework.procedure.clock_rules import backward
from casework.procedure.facts import NOTICES, ActFacts, Asked, Facts


def _since_notice(facts: Facts, *steps: str) -> ActFacts | None:
    """The newest act of some steps since the newest prior notice."""
    notice, act = facts.last(*NOTICES), facts.last(*steps)
    return act if act and (notice is None or act.seq > notice.seq) else None


def pending(facts: Facts) -> bool:
    """A hearing was asked for and neither held, refused nor given up."""
    asked = _since_notice(facts, "hearing_request")
    answered = _since_notice(facts, "hearing_refuse", "hearing_given_up", "hearing_report")
    return asked is not None and (answered is None or answered.seq < asked.seq)


@condition
def hearing_pending(facts: Facts, _asked: Asked) -> bool:
    """A hearing is still to be held."""
    return pending(facts)


@check
def hearing_pending_now(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A hearing is still to be held."""
    return refused_unless(pending(facts))


@check
def defence_answered(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """What the party said since the notice has been reviewed (处罚法 §45), whether a hearing follows or not."""
    said, answered = _since_notice(facts, "defence_heard"), _since_notice(facts, "defence_review")
    return refused_unless(said is None or (answered is not None and answered.seq > said.seq))


@check
def hearing_could_be_asked(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The proposed fine reaches the threshold and the notice is served."""
    return refused_unless(hearing_may_be_asked(facts, {}) and facts.clock("hearing_request") is not None)


@check
def hearing_not_yet_asked(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Asked for once in a notice."""
    return refused_unless(_since_notice(facts, "hearing_request") is None)


@check
def asked_in_time(facts: Facts, _asked: Asked, on: date) -> Refusal | None:
    """Within five working days of the notice (§64)."""
    clock = facts.clock("hearing_request")
    return refused_unless(clock is not None and on <= clock.due, day=clock.due.isoformat() if clock else "")


@check
def hearing_window_over(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Asked for, or the days for asking are over."""
    clock = facts.clock("hearing_request")
    return refused_unless(clock is None or clock.over(facts.today), day=clock.due.isoformat() if clock else "")


@check
def seven_days_before(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Seven whole working days lie between notice and hearing (§64)."""
    latest = _latest(facts, asked)
    return refused_unless(facts.today <= latest, latest=latest.isoformat())


def earliest(facts: Facts) -> date:
    """The first day for a hearing whose notice is served today."""
    day = facts.calendar.add_workdays(facts.today, facts.settings.period("hearing.notice").amount)
    while _latest(facts, {"hearing_on": day.isoformat()}) < facts.today:
        day = facts.calendar.next_workday(day + timedelta(days=1))
    return day


@check
def host_not_of_the_case(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The host is in office, never investigated and is not recused (§64)."""
    host = int(asked.get("host") or 0)
    person = facts.people.get(host)
    fit = person is not None and bool(person.roles) and not person.recused
    return refused_unless(fit and host not in facts.investigators)


@check
def hearing_notice_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The party was told of the hearing by the newest notice."""
    newest = facts.paper("hearing_notice")
    return refused_unless(newest is not None and newest == facts.served("hearing_notice"))


@check
def told_in_time(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The notice arrived seven whole working days before the day it names (§64)."""
    paper, notice = facts.served("hearing_notice"), facts.last("hearing_notice")
    if paper is None or paper.served is None or notice is None or paper.seq != notice.seq:
        return None  # not served at all: refused as such
    return refused_unless(paper.served.on <= _latest(facts, notice.asked), day=paper.served.on.isoformat())


def _latest(facts: Facts, asked: Asked) -> date:
    """The latest day on which the party may be told of the hearing."""
    amount = facts.settings.period("hearing.notice").amount
    return backward(date.fromisoformat(asked["hearing_on"]), amount, facts.calendar).on


@check
def hearing_not_yet_held(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Not held since the newest notice."""
    return refused_unless(_since_notice(facts, "hearing_held") is None)


@check
def on_the_day_told(facts: Facts, _asked: Asked, on: date) -> Refusal | None:
    """Not before the day that the notice names: the party prepares for that day (§64)."""
    notice = facts.last("hearing_notice")
    day = str(notice.asked.get("hearing_on") or "") if notice else ""
    return refused_unless(not day or on >= date.fromisoformat(day), day=day)


@check
def hearing_was_held(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Held since the newest notice."""
    return refused_unless(_since_notice(facts, "hearing_held") is not None)


@check
def host_is_actor(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The host named in the notice records it."""
    notice = facts.last("hearing_notice")
    host = int(notice.asked.get("host") or 0) if notice else 0
    return refused_unless(facts.actor is not None and facts.actor.id == host)


@check
def hearing_done(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """No hearing is pending (§65)."""
    return refused_unless(not pending(facts))


def held(facts: Facts) -> ActFacts | None:
    """The hearing held since the newest notice."""
    return _since_notice(facts, "hearing_held")
