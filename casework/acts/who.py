"""Who may take or propose a step, and who judges it: rules for every step whatever the procedure
says. No queries."""

from __future__ import annotations

from casework.acts.errors import Conflict, NotAllowed, Refused
from casework.acts.intent import Intent
from casework.procedure.decision_state import DECISIONS
from casework.procedure.facts import WORDS, Facts, ProposalFacts
from casework.procedure.model import Step
from casework.procedure.offers import Refusal
from casework.procedure.roles import SYSTEM


def open_proposal(facts: Facts, track: str) -> ProposalFacts | None:
    """The open proposal on a track instance (by label), or None."""
    return next((p for p in facts.proposals if p.track == track), None)


def check_who(facts: Facts, step: Step, intent: Intent) -> None:
    """NotAllowed unless the person's role may take or propose the step; for a judgement unless they
    have the role waited for, are another person, and have not approved yet."""
    if intent.actor_id is None:
        if not step.by_system and SYSTEM not in step.roles:
            raise NotAllowed("Only a person may take this step.")
        return
    actor = facts.actor
    if actor is None:
        raise NotAllowed("You do not work for this bureau.")
    if actor.recused:
        raise NotAllowed("You are recused from this docket.")
    if not facts.sees:
        raise NotAllowed("You may not see this docket.")
    _decides_nothing_reviewed(facts, step, intent, actor.id)
    if intent.verb in ("take", "propose"):
        _may_take(step, actor.roles)
    else:
        _may_judge(facts, step, intent, actor.id, actor.roles)


def _decides_nothing_reviewed(facts: Facts, step: Step, intent: Intent, actor: int) -> None:
    """Who reviewed a case has no part in its decision, but to withdraw the proposal of one."""
    decides = step.id in DECISIONS and intent.verb != "withdraw"
    if decides and facts.accounts_of(actor) & _reviewers(facts):
        raise NotAllowed("Whoever reviewed the case does not decide it.")


def _reviewers(facts: Facts) -> set[int | None]:
    """Everybody who made a legal review of it, one taken back among them: the database counts it
    too."""
    return {a.actor for a in facts.acts if a.step == "legal_review" and a.verb == "take"}


def _may_take(step: Step, roles: frozenset[str]) -> None:
    if step.by_system or not roles & set(step.roles):
        raise NotAllowed("Your role may not take this step.")


def _may_judge(facts: Facts, step: Step, intent: Intent, actor: int, roles: frozenset[str]) -> None:
    """Who approves or returns is another person of the role waited for; the head examines what
    others found (处罚法 §57)."""
    if not intent.answers.keys() <= WORDS:
        raise ValueError(
            f"who judges adds words alone, not {sorted(intent.answers.keys() - WORDS)}"
        )
    proposal = open_proposal(facts, intent.track)
    if proposal is None or proposal.step != intent.step:
        raise Conflict([a for a in facts.acts if a.track == intent.track][-1:])
    if intent.verb == "withdraw":
        if actor != proposal.proposer:
            raise NotAllowed("Only the proposer may withdraw a proposal.")
        return
    if proposal.waits_for not in roles:
        raise NotAllowed("This proposal waits for somebody of another role.")
    _judges_nothing_of_its_own(facts, step, intent, proposal, actor)


def _judges_nothing_of_its_own(
    facts: Facts, step: Step, intent: Intent, proposal: ProposalFacts, actor: int
) -> None:
    """Who judges neither proposed nor approved it, did not find what it rests on, and is not the
    person whom a recusal is about."""
    if facts.accounts_of(actor) & {proposal.proposer, *proposal.approved_by}:
        raise NotAllowed("Proposer and approver must be different persons.")
    if step.id in DECISIONS and intent.verb == "approve" and actor in facts.investigators:
        raise NotAllowed("Whoever investigated the case does not approve its decision.")
    _proposed_by_nobody_recused(facts, proposal, intent)
    asked = next(a.asked for a in facts.acts if a.seq == proposal.seq)
    if "recuse" in step.does and int(asked["person"]) in facts.accounts_of(actor):
        raise NotAllowed("A recusal of yourself is decided by somebody else.")


def _proposed_by_nobody_recused(facts: Facts, proposal: ProposalFacts, intent: Intent) -> None:
    """What somebody proposed who was recused since is sent back, not approved (行政处罚法 §43)."""
    proposer = facts.people.get(proposal.proposer)
    if intent.verb == "approve" and proposer is not None and proposer.recused:
        raise Refused([Refusal("officer_recused", {"name": proposer.name})])
