"""``perform(intent)``: the only door through which a docket changes.

Facts are gathered and papers drawn outside the lock; then, under it, everything is looked at again
if anything moved, and written in one transaction: journal entry, clocks, papers, stage, outbox. If
any part fails nothing of it stays.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts import fines, leaks, rules, turn_rows, who
from casework.acts.apply import Applied, apply
from casework.acts.draw import Drawn, draw_papers
from casework.acts.entries import acts_of
from casework.acts.facts import gather
from casework.acts.intent import Intent
from casework.acts.personal_notices import tell_people
from casework.docket import cache
from casework.docket.journal import NewEntry, append, last_hash
from casework.docket.models import Approval, Docket, Proposal
from casework.evidence.uploads import attach
from casework.papers import numbers
from casework.people import clock
from casework.procedure.effects import Effect, stored
from casework.procedure.facts import CORRECTIONS, ActFacts, Facts, ProposalFacts, Taking
from casework.procedure.ids import StepId
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.payload import Payload
from casework.procedure.plan import plan
from casework.store import db, writing
from casework.vault.sealing import vault

REINDEX = "unit_code"  # the outbox's word for a docket whose words are to be found anew

# whoever sends a tip does not wait until it is reckoned whose turn it is: the next round does
RECEIVE: StepId = "receive"
LAYS_OVER = (*CORRECTIONS, "annul_step")  # steps after which earlier entries say something else


@dataclass(frozen=True)
class Done:
    """What an act did: docket, its entry's row id and number, verb, effects."""

    docket_id: int
    act_id: int
    seq: int
    verb: str
    effects: tuple[Effect, ...]
    # signs that its papers draw otherwise → as drawn
    otherwise: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """A checked act with its papers drawn, and the number of the last entry it was checked against
    (``seq``). It holds while no later entry was written."""

    intent: Intent
    step: Step
    facts: Facts
    verb: str
    drawn: Drawn
    proposal: ProposalFacts | None
    seq: int  # the docket's last entry when this was prepared


def perform(intent: Intent, now: datetime | None = None) -> Done:
    """Do the act in a transaction of its own. Raises NotAllowed, Refused, Conflict, or an error of
    ``letters`` where a paper cannot be drawn; nothing is written then. ``now``: for tests and the
    demonstration."""
    prepared = prepare(db.session(), intent, now) if procedure().steps[intent.step].prints else None
    with writing() as session:
        return perform_in(session, intent, now, prepared)


def perform_in(
    session: Session, intent: Intent, now: datetime | None = None, prepared: Prepared | None = None
) -> Done:
    """The same inside an open write transaction, for acts that concern several dockets."""
    if _numbered(intent):
        numbers.hold(session, session.get_one(Docket, intent.docket_id).bureau_id)
    docket = session.scalars(
        select(Docket).where(Docket.id == intent.docket_id).with_for_update()
    ).one()
    if prepared is None or _stale(session, prepared, docket):
        prepared = prepare(session, intent, now)
    return _write(session, docket, prepared)


def _numbered(intent: Intent) -> bool:
    """Whether the step may take a number."""
    step = procedure().steps[intent.step]
    return bool(step.prints or step.numbers)


def _stale(session: Session, prepared: Prepared, docket: Docket) -> bool:
    """Somebody wrote to the docket, or took a number, since the papers were drawn."""
    bureau, prefix = docket.bureau_id, prepared.facts.bureau.prefix
    first: dict[tuple[str, int], int] = {}
    for n in prepared.drawn.numbers:
        first.setdefault((n.series, n.year), n.no)
    moved = any(
        numbers.peek(session, bureau, prefix, s, y).no != no for (s, y), no in first.items()
    )
    return moved or docket.last_seq != prepared.seq


# -- preparing: pure but for reading
def prepare(session: Session, intent: Intent, now: datetime | None = None) -> Prepared:
    """Gather facts, check the act, draw its papers. Errors: see :func:`perform`."""
    p, docket = procedure(), session.get_one(Docket, intent.docket_id)
    step = p.steps[intent.step]
    facts = gather(session, vault(), docket, intent.actor_id, now)
    rules.check_conflict(facts, intent)
    who.check_who(facts, step, intent)
    rules.check_clock(step, clock.doubt() if now is None else None)
    facts = replace(facts, taking=Taking(files=_files(intent), counts_from=intent.counts_from))
    proposal = who.open_proposal(facts, intent.track)
    verb = _verb(step, intent, proposal)
    drawn = Drawn()
    if verb == "propose":
        rules.check_all(p, facts, step, intent, intent.on)
        leaks.search_public(facts, step, intent)
        drawn = Drawn(otherwise=leaks.search_proposed(p, facts, step, intent))
    if verb in ("take", "done"):
        facts, intent = _as_taken(facts, intent, proposal if verb == "done" else None)
        rules.check_all(p, facts, step, intent, intent.on)
        leaks.search_public(facts, step, intent)
        drawn = draw_papers(
            session,
            p,
            facts,
            step,
            intent,
            plan(p, facts, step, intent.track, intent.answers, intent.on),
        )
    return Prepared(intent, step, facts, verb, drawn, proposal, docket.last_seq)


def _verb(step: Step, intent: Intent, proposal: ProposalFacts | None) -> str:
    """A step with approvals is proposed; the last approval makes it «done»."""
    if intent.verb in ("take", "propose"):
        return "propose" if step.approvals else "take"
    if (
        intent.verb == "approve"
        and proposal
        and len(proposal.approved_by) + 1 >= len(step.approvals)
    ):
        return "done"
    return intent.verb


def _as_taken(facts: Facts, intent: Intent, proposal: ProposalFacts | None) -> tuple[Facts, Intent]:
    """Under a last approval the answers of the proposal are what takes effect, and the proposal
    holds nothing any more."""
    if proposal is None:
        return facts, intent
    made = next(a for a in facts.acts if a.seq == proposal.seq)
    facts = replace(
        facts,
        proposals=tuple(x for x in facts.proposals if x.seq != proposal.seq),
        actor=facts.people.get(proposal.proposer),
        taking=Taking(files=made.files, proposal=proposal.seq, said=intent.answers),
    )
    return facts, replace(intent, answers=made.asked, on=facts.today)


# -- writing
def _write(session: Session, docket: Docket, prepared: Prepared) -> Done:
    intent, facts, drawn = prepared.intent, prepared.facts, prepared.drawn
    otherwise = drawn.otherwise if drawn.digests else {}
    entry = NewEntry(
        track=drawn.track or intent.track,
        step=intent.step,
        verb=prepared.verb,
        version=procedure().version,
        actor_id=intent.actor_id,
        on=intent.on,
        at=facts.now,
        payload=replace(_payload(prepared), papers=drawn.digests, otherwise=otherwise),
        effects=tuple(stored(e) for e in drawn.effects),
    )
    for number in drawn.numbers:
        numbers.take_number(session, docket.bureau_id, number)
    act_id = append(session, vault(), docket, entry, last_hash(session, docket.id, docket.last_seq))
    applied = Applied(
        session,
        docket,
        act_id,
        docket.last_seq,
        intent.step,
        entry.track,
        intent.on,
        facts.now,
        intent.actor_id,
        intent.answers,
        drawn.digests,
        prepared.proposal.proposer if prepared.verb == "done" and prepared.proposal else None,
    )
    attach(session, docket.id, docket.last_seq, intent.files)
    for effect in drawn.effects:
        apply(applied, effect)
    _keep_proposal(session, prepared, act_id, docket)
    tell_people(session, facts, prepared.step, intent, prepared.verb, prepared.proposal)
    named = docket.title, docket.cause
    cache.refresh(session, docket, facts.today, facts.now, _told(session, docket, prepared))
    if (docket.title, docket.cause) != named and "index" not in prepared.step.does:
        applied.tell(REINDEX)
    _reckon(applied, prepared)
    return Done(
        docket.id, act_id, docket.last_seq, prepared.verb, tuple(drawn.effects), drawn.otherwise
    )


def _reckon(a: Applied, prepared: Prepared) -> None:
    """Update whose turn it is, and the case's account where the act concerns its money. A linked
    docket waits for others once this one stands elsewhere: a case is closed when its tips are
    answered."""
    facts, docket = prepared.facts, a.docket
    if prepared.step.id != RECEIVE:
        turn_rows.reckon(a.session, vault(), docket, facts.now)
    if facts.links and docket.stage != facts.stage:
        a.tell(turn_rows.TOPIC, dockets=[x.id for x in facts.links])
    took_effect = prepared.verb in ("take", "done")
    if took_effect and fines.concerned(facts, prepared.intent.step):
        fines.update_account(a.session, vault(), docket, facts.now)


def _told(session: Session, docket: Docket, prepared: Prepared) -> Iterable[Mapping[str, Any]]:
    """The answers from which the docket's row is refreshed: the act's own, or after a correction or
    annulment those of all entries."""
    if prepared.verb not in ("take", "done"):
        return []
    if prepared.step.id not in LAYS_OVER:
        return [prepared.intent.answers]
    session.flush()
    return said_now(acts_of(session, vault(), docket))


def said_now(acts: Iterable[ActFacts]) -> list[Mapping[str, Any]]:
    """The answers of all entries that hold, oldest first, with what was laid over them."""
    return [a.asked for a in acts if a.effective and a.step not in CORRECTIONS]


def _payload(prepared: Prepared) -> Payload:
    """A judgement names its proposal and holds only the judge's own words; what was proposed is not
    written twice."""
    intent, taking, proposal = prepared.intent, prepared.facts.taking, prepared.proposal
    if proposal is None or prepared.verb in ("take", "propose"):
        return Payload(intent.answers, files=taking.files, counts_from=taking.counts_from)
    said = intent.answers if taking.said is None else taking.said
    return Payload(said=said, proposal=proposal.seq)


def _files(intent: Intent) -> tuple[Mapping[str, Any], ...]:
    """Hashes of the files that came with an act, and which of them cannot be bound."""
    return tuple(
        {
            "title": u.title,
            "sha256": u.sha256,
            "sm3": u.sm3,
            **({"unbound": True} if u.unbound else {}),
        }
        for u in intent.files
    )


def _keep_proposal(session: Session, prepared: Prepared, act_id: int, docket: Docket) -> None:
    verb, step, intent = prepared.verb, prepared.step, prepared.intent
    if verb == "propose":
        session.add(
            Proposal(
                act_id=act_id,
                docket_id=docket.id,
                track=intent.track,
                step=step.id,
                waits_for=step.approvals[0],
                state="open",
            )
        )
    elif prepared.proposal and verb != "take":
        # what time takes judges nothing: the proposal goes on waiting beside it
        _judge(session, prepared, act_id, docket)


def _judge(session: Session, prepared: Prepared, act_id: int, docket: Docket) -> None:
    verb, step, intent, facts = prepared.verb, prepared.step, prepared.intent, prepared.proposal
    row = session.scalars(
        select(Proposal).where(
            Proposal.docket_id == docket.id,
            Proposal.track == intent.track,
            Proposal.state == "open",
        )
    ).one()
    if verb in ("approve", "done") and facts:
        session.add(
            Approval(
                proposal_id=row.act_id,
                proposer_id=facts.proposer,
                approver_id=intent.actor_id,
                act_id=act_id,
            )
        )
    if verb == "approve" and facts:
        row.waits_for = step.approvals[len(facts.approved_by) + 1]
    else:
        row.state = {"done": "approved", "return": "returned", "withdraw": "withdrawn"}[verb]


def open_docket(
    session: Session, bureau_id: int, intent: Intent, now: datetime | None = None
) -> tuple[Docket, Done]:
    """A new docket of the kind that the step belongs to, and its first act, in the caller's
    transaction: the row, its data key, then ``perform``."""
    docket = Docket(
        bureau_id=bureau_id,
        kind=procedure().kind_of(intent.step),
        code=f"~{secrets.token_hex(8)}",
        number="",
        opened_on=intent.on,
        data_key=b"",
    )
    if _numbered(intent):
        numbers.hold(session, bureau_id)
    session.add(docket)
    session.flush()
    docket.data_key = vault().new_data_key(f"docket:{docket.id}")[0]
    intent = replace(intent, docket_id=docket.id)
    return docket, _write(session, docket, prepare(session, intent, now))
