"""Rules that hold for every step, whatever the procedure says: who, when, with whom. Pure."""

from __future__ import annotations

from datetime import date

from casework.acts.errors import Conflict, NotAllowed, Refused
from casework.acts.intent import NEW, Intent
from casework.procedure.facts import CORRECTIONS, WORDS, Facts, ProposalFacts
from casework.procedure.force import DECISIONS
from casework.procedure.model import ANY, Procedure, Step
from casework.procedure.offers import Refused as Refusal
from casework.procedure.offers import refusals


def open_proposal(facts: Facts, track: str) -> ProposalFacts | None:
    """The proposal that holds a track instance."""
    return next((p for p in facts.proposals if p.track == track), None)


def check_conflict(facts: Facts, intent: Intent) -> None:
    """Conflict when a later act stands on the same or the first track, or a correction, that the page did not show."""
    if intent.seen is None:
        return
    same = (intent.track, facts.main.label if facts.tracks else "")
    later = [a for a in facts.acts if a.seq > intent.seen and (a.track in same or a.step in (*CORRECTIONS, "annul_step"))]
    if later:
        raise Conflict(later)


def check_who(facts: Facts, step: Step, intent: Intent) -> None:
    """Role for taking and proposing; for an approval the role waited for, another person, each once."""
    if intent.actor_id is None:
        if not step.by_system and "system" not in step.roles:
            raise NotAllowed("Only a person may take this step.")
        return
    actor = facts.actor
    if actor is None:
        raise NotAllowed("You do not work for this bureau.")
    if actor.recused:
        raise NotAllowed("You are recused from this docket.")
    if not facts.sees:
        raise NotAllowed("You may not see this docket.")
    if step.id in DECISIONS and intent.verb != "withdraw" and actor.id in _reviewers(facts):
        raise NotAllowed("Whoever reviewed the case does not decide it.")
    if intent.verb in ("take", "propose"):
        _may_take(step, actor.roles)
    else:
        _may_judge(facts, step, intent, actor.id, actor.roles)


def _reviewers(facts: Facts) -> set[int | None]:
    """Everybody who made a legal review of it, one taken back among them: the database counts it too."""
    return {a.actor for a in facts.acts if a.step == "legal_review" and a.verb == "take"}


def _may_take(step: Step, roles: frozenset[str]) -> None:
    if step.by_system or not roles & set(step.roles):
        raise NotAllowed("Your role may not take this step.")


def _may_judge(facts: Facts, step: Step, intent: Intent, actor: int, roles: frozenset[str]) -> None:
    if not intent.payload.keys() <= WORDS:
        raise ValueError(f"who judges adds words alone, not {sorted(intent.payload.keys() - WORDS)}")
    proposal = open_proposal(facts, intent.track)
    if proposal is None or proposal.step != intent.step:
        raise Conflict([a for a in facts.acts if a.track == intent.track][-1:])
    if intent.verb == "withdraw":
        if actor != proposal.proposer:
            raise NotAllowed("Only the proposer may withdraw a proposal.")
        return
    if proposal.waits_for not in roles:
        raise NotAllowed("This proposal waits for somebody of another role.")
    if actor == proposal.proposer or actor in proposal.approved_by:
        raise NotAllowed("Proposer and approver must be different persons.")
    _proposed_by_nobody_recused(facts, proposal, intent)
    asked = next(a.asked for a in facts.acts if a.seq == proposal.seq)
    if "recuse" in step.does and int(asked["person"]) == actor:
        raise NotAllowed("A recusal of yourself is decided by somebody else.")


def _proposed_by_nobody_recused(facts: Facts, proposal: ProposalFacts, intent: Intent) -> None:
    """What somebody proposed who was recused since is sent back, not approved (行政处罚法 §43)."""
    proposer = facts.people.get(proposal.proposer)
    if intent.verb == "approve" and proposer is not None and proposer.recused:
        raise Refused([Refusal("officer_recused", {"name": proposer.name})])


def check_where(p: Procedure, facts: Facts, step: Step, track: str) -> None:
    """The track instance exists, is open, in a stage of the step, and no proposal holds it."""
    if open_proposal(facts, track) and not step.by_system:
        raise Refused([Refusal("proposal_open", {})])
    if not step.stages:
        _may_open(facts, step, track)
        return
    instance = facts.track(track)
    if instance is None or (step.track not in (ANY, instance.kind)):
        raise Refused([Refusal("wrong_track", {})])
    if instance.ended and instance.stage not in step.stages and not step.by_system:
        raise Refused([Refusal("wrong_track", {})])  # «any stage» is any stage of what has not ended
    if ANY not in step.stages and instance.stage not in step.stages:
        raise Refused([Refusal("wrong_stage", {"stage": p.stage(instance.kind, instance.stage).name.zh})])
    if step.once and any(facts.done(step.id, track)):
        raise Refused([Refusal("only_once", {})])


def _may_open(facts: Facts, step: Step, track: str) -> None:
    first = not facts.tracks and step.track in ("report", "main")
    beside = ANY in step.beside or facts.stage in step.beside
    if track != NEW or not (first or (facts.tracks and beside)):
        raise Refused([Refusal("wrong_stage", {"stage": ""})])


def check_day(facts: Facts, step: Step, track: str, on: date) -> None:
    """Not in the future; today for steps that make papers; never before the act that opened the stage."""
    if on > facts.today or (step.only_today and on != facts.today):
        raise Refused([Refusal("day_not_allowed", {})])
    if step.by_system or step.track == ANY:  # time dates its acts itself; what is of no stage (a service) may be entered late
        return
    opened = [
        a.on
        for a in facts.done()
        for e in a.effects
        if (e["do"] == "move" and e["track"] == track) or (e["do"] == "open" and e["label"] == track)
    ]
    if opened and on < opened[-1]:
        raise Refused([Refusal("day_before_stage", {"day": opened[-1].isoformat()})])


def check_officers(facts: Facts, step: Step, officers: list[int], on: date) -> None:
    """As many assigned officers as the step asks, none recused, each with a card valid on that very day (统计法 §38)."""
    if not step.officers:
        return
    present = [p for p in facts.officers if p.id in set(officers)]
    if len({p.id for p in present}) < step.officers:
        raise Refused([Refusal("two_officers", {})])
    for person in present:
        if person.recused:
            raise Refused([Refusal("officer_recused", {"name": person.name})])
        if not person.inspects_on(on):
            raise Refused([Refusal("no_card", {"name": person.name, "day": on.isoformat()})])
    if facts.actor and facts.actor.id not in {p.id for p in present} and "officer" in step.roles:
        raise Refused([Refusal("not_your_case", {})])


def check_all(p: Procedure, facts: Facts, step: Step, intent: Intent, on: date) -> None:
    """Everything for an act that takes effect now: place, day, officers, the step's own needs and checks."""
    track = intent.track
    check_where(p, facts, step, track)
    check_day(facts, step, track, on)
    check_officers(facts, step, list(intent.payload.get("officers") or []), on)
    own = facts.seen_from(track)
    for stage in ("needs", "checks"):
        refused = refusals(p, own, step, intent.payload, on, stage)
        if refused:
            raise Refused(refused)
