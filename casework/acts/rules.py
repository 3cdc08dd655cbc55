"""Rules for every step whatever the procedure says: where, on which day, with what reason; who may
take it stands in ``acts/who.py``. No queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from casework.acts.errors import Conflict, Refused
from casework.acts.intent import NEW, Intent
from casework.acts.who import open_proposal
from casework.people.clock import Doubt
from casework.procedure.checks import CHECKS
from casework.procedure.checks.closing import written
from casework.procedure.day_bounds import Lies, began, bounds, of_entry, stage_began
from casework.procedure.facts import (
    CORRECTIONS,
    ActFacts,
    Asked,
    Facts,
    PersonFacts,
    TrackFacts,
)
from casework.procedure.kinds import first_tracks
from casework.procedure.model import ANY, Procedure, Step
from casework.procedure.offers import Refusal, refusals, stands_still, taken_at_the_end
from casework.procedure.overlay import correction_applies, is_day
from casework.procedure.roles import who_may
from casework.text import is_blank, says_something
from forms.base import days_asked
from forms.registry import form_class


def check_conflict(facts: Facts, intent: Intent) -> None:
    """Conflict when a later act stands on the same or the first track, or corrects an entry, that
    the page (``intent.seen``) did not show. Entries of the program itself do not count: they follow
    from the day, and all checks are made anew."""
    if intent.seen is None:
        return
    same = (intent.track, facts.main.label if facts.tracks else "")
    unseen = [a for a in facts.acts if a.seq > intent.seen and written(a)]
    later = [a for a in unseen if a.track in same or a.step in (*CORRECTIONS, "annul_step")]
    if later:
        raise Conflict(later)


def check_clock(step: Step, doubt: Doubt | None) -> None:
    """Refused while the server's clock is in doubt, for every step but those that take an entry off
    the public list and print nothing."""
    if doubt is not None and (step.prints or not {"withdraw_entry", "end_entry"} & set(step.does)):
        raise Refused([Refusal("clock_doubted", doubt.said)])


def check_where(p: Procedure, facts: Facts, step: Step, track: str) -> None:
    """Refused unless the track instance exists, is open and in a stage of the step, no proposal
    holds it, the case does not stand still, and a step that is taken once was not taken."""
    if open_proposal(facts, track) and not step.by_system:
        raise Refused([Refusal("proposal_open", {})])
    if stands_still(p, facts, step):
        raise Refused([Refusal("not_suspended", {})])
    if not step.stages:
        _may_open(facts, step, track)
        return
    instance = facts.track(track)
    if instance is None or step.track not in (ANY, instance.kind):
        raise Refused([Refusal("wrong_track", {})])
    _check_stage(p, step, instance)
    if step.once and any(facts.done(step.id, track)):
        raise Refused([Refusal("only_once", {})])


def _check_stage(p: Procedure, step: Step, instance: TrackFacts) -> None:
    """The track instance is open, and in a stage of the step."""
    if instance.ended and not step.by_system and not taken_at_the_end(p, step, instance):
        # «any stage» is any stage of what has not ended
        raise Refused([Refusal("wrong_track", {})])
    if ANY not in step.stages and instance.stage not in step.stages:
        raise Refused(
            [Refusal("wrong_stage", {"stage": p.stage(instance.kind, instance.stage).name.zh})]
        )


def _may_open(facts: Facts, step: Step, track: str) -> None:
    first = not facts.tracks and step.track in first_tracks()
    beside = ANY in step.beside or facts.stage in step.beside
    if track != NEW or not (first or (facts.tracks and beside)):
        raise Refused([Refusal("wrong_stage", {"stage": ""})])


def check_day(facts: Facts, step: Step, track: str, on: date) -> None:
    """Refused for a day in the future, before the act that opened the stage, or, where the step
    prints, any day but today."""
    if on > facts.today or (step.only_today and on != facts.today):
        raise Refused([Refusal("day_not_allowed", {})])
    if step.by_system:  # time dates its acts itself
        return
    _within(on, began(facts), facts.today)
    # what is of no stage (a service), and what somebody else sends, may be entered late
    since = None if step.track == ANY or step.entered_late else stage_began(facts, track)
    if since and on < since:
        raise Refused([Refusal("day_before_stage", {"day": since.isoformat()})])


def check_days(p: Procedure, facts: Facts, step: Step, intent: Intent) -> None:
    """Every day that was asked lies where its field says it can; a correction asks what the form it
    corrects asks."""
    asked = intent.answers
    if "correct" in step.does:
        act = facts.entry_named(asked)
        if act is not None:  # refused as such
            _check_corrected(p, facts, act, asked)
        return
    for lies, day in _days_of(step, asked, asked):
        _within(date.fromisoformat(day), *bounds(lies, facts))


def check_reasons(p: Procedure, facts: Facts, step: Step, asked: Asked) -> None:
    """Refused where a reason that the law asks for is none (行政处罚法 §§34, 47, 60, 75), also when
    a correction writes it."""
    of, fields = step.id, asked
    if "correct" in step.does:
        act = facts.entry_named(asked)
        of, fields = act.step if act else of, asked.get("fields") or {}
    for key, text in fields.items():
        reason = isinstance(text, str) and bool({key, f"{of}.{key}"} & p.reasoned.keys())
        # that one is given at all, others ask
        if reason and not is_blank(text) and not says_something(text):
            raise Refused([Refusal("says_something", {})])


def _check_corrected(p: Procedure, facts: Facts, act: ActFacts, asked: Asked) -> None:
    """The right day of an entry is one on which it could have been made; a right day within it one
    it could have said."""
    step = p.steps[act.step]
    for lies, day in _days_of(step, act.asked, asked.get("fields") or {}):
        if is_day(day):  # words in the place of a day are refused as such
            _within(date.fromisoformat(day), *bounds(lies, facts, act.on))
    # the day of a service has a check of its own
    if asked.get("corrected_on") and act.step != "serve":
        right = date.fromisoformat(asked["corrected_on"])
        _within(right, *of_entry(p, facts, act))
        found = (
            CHECKS["service_after_issue"](facts, act.asked, right)
            if "service_after_issue" in step.checks
            else None
        )
        if found is not None:
            raise Refused([Refusal("service_after_issue", found)])
    _asked_again(p, facts, act, asked.get("fields") or {})


def _asked_again(p: Procedure, facts: Facts, act: ActFacts, fields: Asked) -> None:
    """What the step's own checks let pass once and would not with the right text is no correction:
    asked of the docket as it was before the entry (a payment dated before its decision would take
    away what was added for being late)."""
    # what does not fit is refused as such
    if not fields or act.seq == facts.acts[0].seq or not correction_applies(act.asked, fields):
        return
    before = replace(facts, acts=tuple(a for a in facts.acts if a.seq < act.seq))
    step, right = p.steps[act.step], {**act.asked, **fields}
    then = {r.check for r in refusals(p, before, step, act.asked, act.on, "checks")}
    found = [r for r in refusals(p, before, step, right, act.on, "checks") if r.check not in then]
    if found:
        raise Refused(found)


def _days_of(step: Step, asked: Asked, days: Asked) -> list[tuple[Lies, str]]:
    """The days among some answers, by the form that asked them; none where the program itself
    acted."""
    return list(days_asked(form_class(step.asks).that_asked(asked), days)) if step.asks else []


def _within(day: date, first: date, last: date) -> None:
    if not first <= day <= last:
        words = {"day": day.isoformat(), "first": first.isoformat(), "last": last.isoformat()}
        raise Refused([Refusal("day_not_possible", words)])


def check_officers(facts: Facts, step: Step, officers: list[int], on: date) -> None:
    """Refused unless there are as many assigned officers as the step asks, none recused, each with
    an enforcement card valid on that day (统计法 §38)."""
    if not step.officers:
        return
    present = [p for p in facts.officers if p.id in set(officers)]
    if facts.humans(present) < step.officers:
        raise Refused([Refusal("two_officers", {})])
    for person in present:
        _check_officer(facts, person, on)
    officers_step = bool(who_may("case.inspect") & set(step.roles))
    if facts.actor and facts.actor.id not in {p.id for p in present} and officers_step:
        raise Refused([Refusal("not_your_case", {})])


def _check_officer(facts: Facts, person: PersonFacts, on: date) -> None:
    """Not recused, with a card valid on the day, and assigned by then."""
    if person.recused:
        raise Refused([Refusal("officer_recused", {"name": person.name})])
    if not person.inspects_on(on):
        raise Refused([Refusal("no_card", {"name": person.name, "day": on.isoformat()})])
    if not assigned_on(facts, person.id, on):
        raise Refused([Refusal("not_yet_assigned", {"name": person.name, "day": on.isoformat()})])


def assigned_on(facts: Facts, person: int, day: date) -> bool:
    """Whether somebody was an officer of the case on that day. Each assignment names all officers
    from then on."""
    before = [a for a in facts.done("assign") if a.on <= day]
    newest = max(before, key=lambda a: (a.on, a.seq), default=None)
    return newest is not None and person in [int(i) for i in newest.asked.get("assigned") or []]


def check_all(p: Procedure, facts: Facts, step: Step, intent: Intent, on: date) -> None:
    """All checks of an act that takes effect now: place, day, officers, what the step needs, its
    own checks. Refused with every refusal of the first kind that fails."""
    track = intent.track
    check_where(p, facts, step, track)
    check_day(facts, step, track, on)
    check_days(p, facts, step, intent)
    check_officers(facts, step, list(intent.answers.get("officers") or []), on)
    own = facts.seen_from(track)
    for stage in ("needs", "checks"):
        refused = refusals(p, own, step, intent.answers, on, stage)
        if refused:
            raise Refused(refused)
    check_reasons(p, facts, step, intent.answers)
