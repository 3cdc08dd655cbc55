"""Gathers :class:`Facts` in a handful of statements: the only bridge from tables to the pure floors below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from casework.docket.journal import Read, read
from casework.docket.models import DESTROYED, Approval, Assignment, Clock, Docket, Link, Proposal, Recusal, Track
from casework.informants.models import Identity
from casework.papers.models import Paper, Service
from casework.people import facts as people
from casework.people.reference import reference
from casework.procedure.clock_rules import Extension
from casework.procedure.facts import (
    SAID,
    ActFacts,
    ClockFacts,
    Facts,
    HistoryFacts,
    LinkFacts,
    PaperFacts,
    PersonFacts,
    ProposalFacts,
    ServiceFacts,
    TrackFacts,
)
from casework.procedure.terms import Period, Unit
from casework.store import utcnow
from casework.vault.sealing import Vault
from casework.web.shown import SHANGHAI


def gather(session: Session, vault: Vault, docket: Docket, actor_id: int | None = None, now: datetime | None = None) -> Facts:
    """Everything about one docket, as it stands in this transaction; ``now`` defaults to the present."""
    now = now or utcnow()
    today = now.astimezone(SHANGHAI).date()
    if not docket.last_seq and not docket.title:  # nothing hangs on an empty journal: nine statements fewer for each tip
        empty = blank(session, docket.bureau_id, docket.kind, actor_id, now)
        return replace(empty, id=docket.id, number=docket.number, opened_on=docket.opened_on)
    known = reference(docket.bureau_id)
    acts = _acts(read(session, vault, docket))
    staff = _staff(session, docket, known.staff(today))
    return Facts(
        id=docket.id,
        kind=docket.kind,
        number=docket.number,
        title=docket.title,
        opened_on=docket.opened_on,
        bureau=known.facts,
        now=now,
        today=today,
        settings=known.settings(today),
        calendar=known.calendar,
        acts=acts,
        tracks=_tracks(session, docket.id),
        clocks=_clocks(session, docket.id),
        papers=_papers(session, docket.id),
        proposals=_proposals(session, docket.id, acts),
        officers=_officers(session, docket.id, staff, today),
        people=staff,
        actor=staff.get(actor_id) if actor_id else None,
        links=_links(session, docket),
        open_cases=_open_cases(session, docket),
        history=_history(session, docket, today),
        townships=known.townships,
    )


def blank(session: Session, bureau_id: int, kind: str, actor_id: int | None, now: datetime | None = None) -> Facts:
    """Facts of a docket that does not exist yet: for the form that opens it."""
    now = now or utcnow()
    today = now.astimezone(SHANGHAI).date()
    known = reference(bureau_id)
    staff = known.staff(today)
    return Facts(
        id=0,
        kind=kind,
        number="",
        title="",
        opened_on=today,
        bureau=known.facts,
        now=now,
        today=today,
        settings=known.settings(today),
        calendar=known.calendar,
        people=staff,
        actor=staff.get(actor_id) if actor_id else None,
        townships=known.townships,
    )


# -- the journal as facts see it
def _acts(entries: Iterable[Read]) -> tuple[ActFacts, ...]:
    """Entries with the payload of their proposal under a last approval, corrections laid over, annulled ones marked."""
    plain = {r.act.seq: (r, dict(r.payload)) for r in entries}
    annulled: set[int] = set()
    for read_, payload in plain.values():
        effective = read_.act.verb in ("take", "done")
        asked = _asked(plain, payload)
        if effective and read_.act.step == "correct_act":
            plain[int(asked["act"])][1].update(asked.get("fields") or {})
        if effective and read_.act.step == "annul_step":
            annulled.add(int(asked["act"]))
    return tuple(
        ActFacts(
            seq=seq,
            track=r.act.track,
            step=r.act.step,
            verb=r.act.verb,
            on=_day(payload) or r.act.on,
            at=r.act.at,
            actor=r.act.actor_id,
            asked=_asked(plain, payload),
            effects=tuple(r.act.effects),
            annulled=seq in annulled,
            said=payload.get(SAID) or {},
        )
        for seq, (r, payload) in plain.items()
    )


def _asked(plain: Mapping[int, tuple[Read, dict[str, Any]]], payload: dict[str, Any]) -> dict[str, Any]:
    """A judgement carries what was proposed, and by whom; corrections lie over it, the judge's own words do not."""
    if not (proposal := payload.get("_proposal")):
        return payload
    made, proposed = plain[int(proposal)]
    return {**proposed, **{k: v for k, v in payload.items() if k != SAID}, "_proposer": made.act.actor_id}


def _day(payload: Mapping[str, Any]) -> date | None:
    """A corrected day it happened."""
    return date.fromisoformat(payload["corrected_on"]) if payload.get("corrected_on") else None


# -- the other tables
def _staff(session: Session, docket: Docket, staff: Mapping[int, PersonFacts]) -> Mapping[int, PersonFacts]:
    recused = set(session.scalars(select(Recusal.person_id).where(Recusal.docket_id == docket.id)))
    recused |= people.conflicted(docket.title)
    return {i: replace(p, recused=i in recused) for i, p in staff.items()} if recused else staff


def _officers(session: Session, docket_id: int, staff: Mapping[int, PersonFacts], today: date) -> tuple[PersonFacts, ...]:
    rows = session.scalars(
        select(Assignment.person_id)
        .where(Assignment.docket_id == docket_id, or_(Assignment.until.is_(None), Assignment.until > today))
        .order_by(Assignment.id)
    )
    return tuple(staff[i] for i in rows if i in staff)


def _tracks(session: Session, docket_id: int) -> tuple[TrackFacts, ...]:
    rows = session.scalars(select(Track).where(Track.docket_id == docket_id).order_by(Track.id))
    return tuple(TrackFacts(t.label, t.kind, t.stage, t.about, t.opened_by, t.ended) for t in rows)


def clock_facts(c: Clock) -> ClockFacts:
    """A clock's row as facts."""
    pauses = tuple((date.fromisoformat(a or ""), date.fromisoformat(b) if b else None) for a, b in c.pauses)
    return ClockFacts(
        id=c.id, rule=c.rule, track=c.track, start=c.start, due=c.due, original_due=c.original_due, state=c.state,
        provisional=c.provisional, met_on=c.met_on, paper=c.paper_id, seq=c.seq, pauses=pauses,
        period=_period(c.amount, c.unit), extensions=tuple(_extension(x) for x in c.extensions),
    )  # fmt: skip


def _period(amount: int, unit: str) -> Period | None:
    return Period(amount, Unit(unit)) if amount and unit else None


def _extension(x: Mapping[str, Any]) -> Extension:
    period = _period(x.get("amount") or 0, x.get("unit") or "")
    return Extension(date.fromisoformat(x["on"]), date.fromisoformat(x["to"]), period)


def _clocks(session: Session, docket_id: int) -> tuple[ClockFacts, ...]:
    return tuple(clock_facts(c) for c in session.scalars(select(Clock).where(Clock.docket_id == docket_id).order_by(Clock.id)))


def _papers(session: Session, docket_id: int) -> tuple[PaperFacts, ...]:
    rows = session.execute(
        select(Paper, Service)
        .outerjoin(Service, Service.paper_id == Paper.id)
        .where(Paper.docket_id == docket_id)
        .order_by(Paper.id, Service.id)
    )
    newest = {p.id: (p, s) for p, s in rows}
    return tuple(
        PaperFacts(
            id=p.id, kind=p.kind, number=p.number, track=p.track, step=p.step, seq=p.seq, on=p.on, state=p.state,
            served=ServiceFacts(s.on, s.method, s.seq, s.failed) if s else None,
        )
        for p, s in newest.values()
    )  # fmt: skip


def _proposals(session: Session, docket_id: int, acts: tuple[ActFacts, ...]) -> tuple[ProposalFacts, ...]:
    rows = session.execute(
        select(Proposal, Approval.approver_id)
        .outerjoin(Approval, Approval.proposal_id == Proposal.act_id)
        .where(Proposal.docket_id == docket_id, Proposal.state == "open")
    ).all()
    seqs = {(a.track, a.step): a for a in acts if a.verb == "propose"}
    found: dict[int, ProposalFacts] = {}
    for p, approver in rows:
        act = seqs[p.track, p.step]
        before = found.get(p.act_id)
        approved = (*(before.approved_by if before else ()), *([approver] if approver else []))
        found[p.act_id] = ProposalFacts(act.seq, p.track, p.step, act.actor or 0, p.waits_for, approved)
    return tuple(found.values())


def _links(session: Session, docket: Docket) -> tuple[LinkFacts, ...]:
    """Reports of a case, cases of a report; links that were undone are not among them."""
    other = aliased(Docket)
    mine, theirs = (Link.to_id, Link.from_id) if docket.kind == "case" else (Link.from_id, Link.to_id)
    rows = session.execute(
        _linkable(other).join(Link, theirs == other.id).where(mine == docket.id, Link.kind == "feeds", Link.until.is_(None))
    )
    return _as_links(session, rows)


def _open_cases(session: Session, docket: Docket) -> tuple[LinkFacts, ...]:
    """The bureau's other open cases, newest first, as many as a list of choices can bear."""
    ended = (DESTROYED, "closed", "archived", "transferred", "absorbed", "not_filed", "withdrawn", "terminated")
    rows = session.execute(
        _linkable(Docket)
        .where(Docket.bureau_id == docket.bureau_id, Docket.kind == "case", Docket.id != docket.id, Docket.stage.not_in(ended))
        .order_by(Docket.updated_at.desc(), Docket.id.desc())
        .limit(50)
    )
    return _as_links(session, rows)


def _linkable(of: Any) -> Any:
    return select(of.id, of.kind, of.number, of.title, of.stage)


def _as_links(session: Session, rows: Iterable[Any]) -> tuple[LinkFacts, ...]:
    dockets = list(rows)
    reports = [d.id for d in dockets if d.kind == "report"]
    known = select(Identity.docket_id).where(Identity.docket_id.in_(reports), Identity.named)
    named = set(session.scalars(known)) if reports else set()
    return tuple(LinkFacts(d.id, d.kind, d.number, d.title, d.stage, d.id in named, d.id in named) for d in dockets)


def _history(session: Session, docket: Docket, today: date) -> HistoryFacts:
    """Orders to correct within one year, and earlier penalties, against the same respondent in this bureau."""
    if not docket.title:
        return HistoryFacts()
    rows = session.execute(
        select(Paper.kind, Paper.docket_id)
        .join(Docket, Docket.id == Paper.docket_id)
        .where(
            Docket.bureau_id == docket.bureau_id,
            Docket.kind == "case",
            Docket.title == docket.title,
            Paper.state != "withdrawn",
            or_(
                Paper.kind == "decision",
                (Paper.kind == "correction") & (Paper.on > today - timedelta(days=365)),
            ),
        )
    ).all()
    return HistoryFacts(
        corrections_within_year=sum(1 for kind, _ in rows if kind == "correction"),
        penalties_before=sum(1 for kind, of in rows if kind == "decision" and of != docket.id),
    )
