"""Gathers :class:`Facts` from the tables, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, literal, or_, select, union_all
from sqlalchemy.orm import Session

from casework.acts.binding_state import newest_binding
from casework.acts.entries import acts_of
from casework.docket.models import (
    DESTROYED,
    Approval,
    Assignment,
    Clock,
    Docket,
    Link,
    Proposal,
    Recusal,
    Track,
    is_kind,
)
from casework.docket.visible import visible_to
from casework.informants.models import Identity
from casework.papers.models import SIGNED_COPY_IS_WHOLE, Paper, Service
from casework.people import facts as people
from casework.people.may import scope_of
from casework.people.reference_cache import reference
from casework.procedure import remedies
from casework.procedure.clock_rules import Extension, add_months
from casework.procedure.decision_state import DECISIONS, REVOKED
from casework.procedure.facts import (
    TAKEN,
    ActFacts,
    ClockFacts,
    Facts,
    FinedFacts,
    HistoryFacts,
    LinkFacts,
    PaperFacts,
    PersonFacts,
    ProposalFacts,
    ServiceFacts,
    TrackFacts,
)
from casework.procedure.ids import StepId
from casework.procedure.kinds import fed_kinds, kinds
from casework.procedure.terms import Period, Unit
from casework.reading.rule import kept_faults
from casework.store import table, utcnow
from casework.vault.sealing import Vault
from casework.web.filters import SHANGHAI

PENALTIES: tuple[StepId, ...] = ("decide_penalty", "on_the_spot")  # the decisions that impose one
# Statements are built once: a docket's page and every act run them all.
_OF: Any = bindparam("docket")
_RECUSED = select(Recusal.person_id).where(Recusal.docket_id == _OF)
_SEEN = 0  # beside the numbers of persons: no person has it
_OFFICERS = (
    select(Assignment.person_id)
    .where(
        Assignment.docket_id == _OF,
        or_(Assignment.until.is_(None), Assignment.until > bindparam("today")),
    )
    .order_by(Assignment.id)
)
_TRACKS = (
    select(Track.label, Track.kind, Track.stage, Track.about, Track.opened_by, Track.ended)
    .where(Track.docket_id == _OF)
    .order_by(Track.id)
)
_CLOCKS = select(*table(Clock).c).where(Clock.docket_id == _OF).order_by(Clock.id)
_PAPERS = (
    select(
        Paper.id,
        Paper.kind,
        Paper.number,
        Paper.track,
        Paper.step,
        Paper.seq,
        Paper.on,
        Paper.state,
        Service.on.label("served_on"),
        Service.method,
        Service.seq.label("served_seq"),
        Service.failed,
        SIGNED_COPY_IS_WHOLE.label("signed_back"),
    )
    .outerjoin(Service, Service.paper_id == Paper.id)
    .where(Paper.docket_id == _OF)
    .order_by(Paper.id, Service.id)
)
_PROPOSALS = (
    select(Proposal.act_id, Proposal.track, Proposal.step, Proposal.waits_for, Approval.approver_id)
    .outerjoin(Approval, Approval.proposal_id == Proposal.act_id)
    .where(Proposal.docket_id == _OF, Proposal.state == "open")
    .order_by(Approval.id)
)
_LINKABLE = select(
    Docket.id, Docket.kind, Docket.number, Docket.title, Docket.stage, Docket.unit_code
)
_FEEDS = (Link.kind == "feeds", Link.until.is_(None))
_REPORTS = (
    _LINKABLE.join(Link, Link.from_id == Docket.id)
    .where(Link.to_id == _OF, *_FEEDS)
    .order_by(Link.id)
)
_CASES = (
    _LINKABLE.join(Link, Link.to_id == Docket.id)
    .where(Link.from_id == _OF, *_FEEDS)
    .order_by(Link.id)
)
ENDED = (
    DESTROYED,
    "closed",
    "archived",
    "transferred",
    "absorbed",
    "not_filed",
    "withdrawn",
    "terminated",
)
_FED = select(Link.to_id).where(Link.from_id == _OF, *_FEEDS)
_OPEN = (
    _LINKABLE.where(
        Docket.bureau_id == bindparam("bureau"),
        Docket.kind.in_(fed_kinds()),
        Docket.id != _OF,
        Docket.stage.not_in(ENDED),
        Docket.id.not_in(_FED),
    )
    .order_by(Docket.updated_at.desc(), Docket.id.desc())
    .limit(50)
)
_ARRIVED = or_(
    Paper.step == "on_the_spot", (Paper.step == "decide_penalty") & (Paper.state == "served")
)
_HISTORY = (
    select(Paper.kind, Paper.docket_id, _ARRIVED.label("arrived"))
    .join(Docket, Docket.id == Paper.docket_id)
    .where(
        Docket.bureau_id == bindparam("bureau"),
        is_kind("respondent"),
        or_(
            Docket.folded_title == bindparam("title"),
            (Docket.unit_code != "") & (Docket.unit_code == bindparam("unit")),
        ),
        Paper.state != "withdrawn",
        or_(
            (Paper.kind == "decision") & Paper.step.in_(PENALTIES),
            (Paper.kind == "correction")
            & (Paper.state == "served")
            & (Paper.on > bindparam("year_ago")),
        ),
    )
)


def gather(
    session: Session,
    vault: Vault,
    docket: Docket,
    actor_id: int | None = None,
    now: datetime | None = None,
    *,
    lenient: bool = False,
) -> Facts:
    """All facts of one docket in this transaction, as ``actor_id`` sees them (None: nobody looks).
    ``now`` defaults to the present. Error: UnreadEntry for an entry that somebody meddled with,
    here or in a docket that the facts rest on; ``lenient``: as ``acts_of`` has it."""
    now = now or utcnow()
    today = now.astimezone(SHANGHAI).date()
    # nothing hangs on an empty journal: nine statements fewer for each tip
    if not docket.last_seq and not docket.title:
        empty = blank_facts(session, docket.bureau_id, docket.kind, actor_id, now)
        return replace(empty, id=docket.id, number=docket.number, opened_on=docket.opened_on)
    known = reference(docket.bureau_id)
    acts = acts_of(session, vault, docket, lenient=lenient)
    staff, sees = _staff(session, docket, known.staff(today), _credit_code(acts), actor_id)
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
        bound=newest_binding(session, docket.id) if kinds()[docket.kind].case_file else None,
        proposals=_proposals(session, docket.id, acts),
        officers=_officers(session, docket.id, staff, today),
        people=staff,
        actor=staff.get(actor_id) if actor_id else None,
        sees=sees,
        links=_links(session, docket),
        open_cases=_open_cases(session, docket),
        history=_history(session, vault, docket, today),
        faults=kept_faults(docket.faults),
        townships=known.townships,
    )


def blank_facts(
    session: Session, bureau_id: int, kind: str, actor_id: int | None, now: datetime | None = None
) -> Facts:
    """Facts of a docket that does not exist yet, for the form that opens one."""
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
        sees=True,
        townships=known.townships,
    )


def recorded_code(session: Session, vault: Vault, docket: Docket) -> str:
    """The unit code that the journal has last, as typed: the respondent's, or in a tip that of whom
    it is about; "" for none."""
    return _credit_code(acts_of(session, vault, docket))


# -- the other tables
def _credit_code(acts: tuple[ActFacts, ...]) -> str:
    """The respondent's, or that of whom a tip is about, as recorded last."""
    codes = (
        (a.asked.get("party") or a.asked).get("credit_code")
        for a in acts
        if a.verb in TAKEN and not a.annulled
    )
    return str(next(reversed([c for c in codes if c]), ""))


def _staff(
    session: Session,
    docket: Docket,
    staff: Mapping[int, PersonFacts],
    code: str,
    actor_id: int | None,
) -> tuple[Mapping[int, PersonFacts], bool]:
    """Staff with who is recused, and whether the person who looks or acts may see the docket: one
    statement for both."""
    actor = staff.get(actor_id) if actor_id else None
    asked = _recused(docket.bureau_id, actor.id, actor.roles) if actor else _RECUSED
    found = set(session.scalars(asked, {"docket": docket.id}))
    recused = found - {_SEEN} | people.conflicted(docket.title, code)
    cards = frozenset().union(*(staff[i].card_numbers for i in recused if i in staff))
    # another account of the same human
    recused |= {i for i, p in staff.items() if p.card_numbers & cards} if cards else set()
    return (
        {i: replace(p, recused=i in recused) for i, p in staff.items()} if recused else staff
    ), _SEEN in found


@lru_cache(maxsize=256)
def _recused(bureau_id: int, person_id: int, roles: frozenset[str]) -> Any:
    seen = select(Docket.id).where(
        Docket.id == _OF, visible_to(scope_of(bureau_id, person_id, roles))
    )
    return union_all(_RECUSED, select(literal(_SEEN)).where(seen.exists()))


def _officers(
    session: Session, docket_id: int, staff: Mapping[int, PersonFacts], today: date
) -> tuple[PersonFacts, ...]:
    rows = session.scalars(_OFFICERS, {"docket": docket_id, "today": today})
    return tuple(staff[i] for i in rows if i in staff)


def _tracks(session: Session, docket_id: int) -> tuple[TrackFacts, ...]:
    rows = session.execute(_TRACKS, {"docket": docket_id})
    return tuple(TrackFacts(t.label, t.kind, t.stage, t.about, t.opened_by, t.ended) for t in rows)


def clock_facts(c: Any) -> ClockFacts:
    """A clock's row as facts."""
    pauses = tuple(
        (date.fromisoformat(a or ""), date.fromisoformat(b) if b else None) for a, b in c.pauses
    )
    return ClockFacts(
        id=c.id,
        rule=c.rule,
        track=c.track,
        start=c.start,
        due=c.due,
        original_due=c.original_due,
        state=c.state,
        provisional=c.provisional,
        met_on=c.met_on,
        paper=c.paper_id,
        seq=c.seq,
        pauses=pauses,
        period=_period(c.amount, c.unit),
        extensions=tuple(_extension(x) for x in c.extensions),
    )


def _period(amount: int, unit: str) -> Period | None:
    return Period(amount, Unit(unit)) if amount and unit else None


def _extension(x: Mapping[str, Any]) -> Extension:
    period = _period(x.get("amount") or 0, x.get("unit") or "")
    return Extension(date.fromisoformat(x["on"]), date.fromisoformat(x["to"]), period)


def _clocks(session: Session, docket_id: int) -> tuple[ClockFacts, ...]:
    return tuple(clock_facts(c) for c in session.execute(_CLOCKS, {"docket": docket_id}))


def _papers(session: Session, docket_id: int) -> tuple[PaperFacts, ...]:
    # of several services the last
    newest = {p.id: p for p in session.execute(_PAPERS, {"docket": docket_id})}
    return tuple(
        PaperFacts(
            id=p.id,
            kind=p.kind,
            number=p.number,
            track=p.track,
            step=p.step,
            seq=p.seq,
            on=p.on,
            state=p.state,
            served=ServiceFacts(p.served_on, p.method, p.served_seq, p.failed)
            if p.served_on
            else None,
            signed_back=bool(p.signed_back),
        )
        for p in newest.values()
    )


def _proposals(
    session: Session, docket_id: int, acts: tuple[ActFacts, ...]
) -> tuple[ProposalFacts, ...]:
    rows = session.execute(_PROPOSALS, {"docket": docket_id})
    seqs = {(a.track, a.step): a for a in acts if a.verb == "propose"}
    found: dict[int, ProposalFacts] = {}
    for p in rows:
        act = seqs[p.track, p.step]
        before = found.get(p.act_id)
        approved = (
            *(before.approved_by if before else ()),
            *([p.approver_id] if p.approver_id else []),
        )
        found[p.act_id] = ProposalFacts(
            act.seq, p.track, p.step, act.actor or 0, p.waits_for, approved
        )
    return tuple(found.values())


def _links(session: Session, docket: Docket) -> tuple[LinkFacts, ...]:
    """What feeds it, or what it feeds; links that were undone are not among them."""
    feeds = kinds()[docket.kind].feeds
    return _as_links(session, session.execute(_CASES if feeds else _REPORTS, {"docket": docket.id}))


def _open_cases(session: Session, docket: Docket) -> tuple[LinkFacts, ...]:
    """The bureau's other open cases, newest first, as many as a list of choices can bear; none that
    a tip feeds already."""
    return _as_links(
        session, session.execute(_OPEN, {"docket": docket.id, "bureau": docket.bureau_id})
    )


def _as_links(session: Session, rows: Iterable[Any]) -> tuple[LinkFacts, ...]:
    dockets = list(rows)
    reports = [d.id for d in dockets if kinds()[d.kind].informant]
    known = select(Identity.docket_id).where(Identity.docket_id.in_(reports), Identity.named)
    named = set(session.scalars(known)) if reports else set()
    return tuple(
        LinkFacts(d.id, d.kind, d.number, d.title, d.stage, d.id in named, d.unit_code)
        for d in dockets
    )


def _history(session: Session, vault: Vault, docket: Docket, today: date) -> HistoryFacts:
    """Orders to correct that arrived within one year, and earlier penalties that stand, against the
    same respondent in this bureau. The journals of earlier cases are read only where such a penalty
    arrived: a remedy may have taken it away."""
    if not docket.folded_title:
        return HistoryFacts()
    year_ago = add_months(today, -12)
    same = {"bureau": docket.bureau_id, "title": docket.folded_title, "unit": docket.unit_code}
    rows = session.execute(_HISTORY, {**same, "year_ago": year_ago}).all()
    decisions = [x for x in rows if x.kind == "decision" and x.docket_id != docket.id]
    standing = _standing(session, vault, {x.docket_id for x in decisions})
    return HistoryFacts(
        corrections_within_year=sum(1 for x in rows if x.kind == "correction"),
        penalties_before=len({x.docket_id for x in decisions if x.arrived} & standing.keys()),
        fined=_fines(session, standing),
    )


def _fines(
    session: Session, journals: Mapping[int, tuple[ActFacts, ...]]
) -> tuple[FinedFacts, ...]:
    """The fines that the journals of some cases end in, where they do."""
    found = (_fined(session.get_one(Docket, of).number, acts) for of, acts in journals.items())
    return tuple(fined for fined in found if fined)


def _standing(
    session: Session, vault: Vault, dockets: Iterable[int]
) -> dict[int, tuple[ActFacts, ...]]:
    """The journals of those cases whose penalty stands, by the case."""
    journals = {
        docket: acts_of(session, vault, session.get_one(Docket, docket))
        for docket in sorted(dockets)
    }
    return {docket: acts for docket, acts in journals.items() if _stands(acts)}


def _fined(number: str, acts: tuple[ActFacts, ...]) -> FinedFacts | None:
    """The fine that a journal ends in, and what it was for; None where it imposed none."""
    done = [a for a in acts if a.effective]
    made = _newest_decision(done)
    if made is None or not _sum_in_force(done, made):
        return None
    indicators = (str(f.get("indicator") or "") for f in _last(done, "figures"))
    return FinedFacts(number, tuple(_last(done, "violations")), tuple(indicators))


def _newest_decision(done: list[ActFacts]) -> ActFacts | None:
    return next((a for a in reversed(done) if a.step in DECISIONS), None)


def _sum_in_force(done: list[ActFacts], made: ActFacts) -> int:
    """The fine of a decision in fen, or what a remedy changed it to."""
    end = remedies.remedied_decision(done, made)
    if end is not None and end.fine_fen is not None:
        return end.fine_fen
    return int(made.asked.get("fine_fen") or 0)


def _last(acts: Iterable[ActFacts], key: str) -> list[Mapping[str, Any]]:
    """The newest table of that name in a journal."""
    return next(reversed([a.asked[key] for a in acts if a.asked.get(key)]), [])


def _stands(acts: tuple[ActFacts, ...]) -> bool:
    """Whether the newest decision of a journal imposes a penalty that no remedy took away."""
    done = [a for a in acts if a.effective]
    made = _newest_decision(done)
    if made is None or made.step not in PENALTIES:
        return False
    if any(a.step == REVOKED and a.seq > made.seq for a in done):
        return False
    end = remedies.remedied_decision(done, made)
    return end is None or end.result not in remedies.FELL
