"""What nobody changes alone: one person proposes, another confirms, and until then nothing has
changed (decision 0042).

Roles that open identities, approve, audit or administer, passwords of those who bear one, their
accounts, custodians' keys, settings that protect, the bureau's data. To take away needs nobody
else. Each kind of change is registered by the module that makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.people.may import may, today
from casework.people.models import OfficeProposal, Person, PersonRole
from casework.people.office_journal import enter
from casework.people.reference_cache import reference
from casework.people.row_journal import is_entered
from casework.procedure.roles import guarded, who_may
from casework.store import db, utcnow, writing
from casework.web.filters import local

WAITING, CONFIRMED, REFUSED, WITHDRAWN = "waiting", "confirmed", "refused", "withdrawn"
EMERGENCY = timedelta(hours=72)  # until what the owner of the machine gives alone takes effect
TOLD = timedelta(days=7)  # for which everybody reads of it afterwards
PURPOSE = "office.half"  # of the seal


class NotPossible(ValueError):
    """A change that would break a rule; the message is an English msgid."""


@dataclass(frozen=True)
class Outcome:
    """What became of a change: done at once, or proposed under a number. A password, or the half of
    one, is shown once."""

    proposal: int = 0
    password: str = ""
    half: str = ""


def _by_role(_session: Session, _proposal: OfficeProposal, person: Person) -> bool:
    return bool(person.role_names(today()) & who_may("office.confirm"))


def _one(_session: Session, _proposal: OfficeProposal) -> int:
    return 1


@dataclass(frozen=True)
class Kind:
    """How a kind of change is made once it is confirmed, and by whom.

    ``carry_out`` answers the confirmer's half of a one-time password, or nothing; NotPossible where
    a rule stands against the change by now. ``action``: what the proposer must be allowed still,
    and whoever withdraws it.
    """

    carry_out: Callable[[Session, OfficeProposal, Person | None], str]
    action: str
    may_confirm: Callable[[Session, OfficeProposal, Person], bool] = _by_role
    confirmers: Callable[[Session, OfficeProposal], int] = _one  # how many must
    for_oneself: bool = False  # whether the person concerned may propose it
    asks_why: bool = True


KINDS: dict[str, Kind] = {}


# -- whom it protects
def bears(person: Person, day: date) -> bool:
    """Whether the account has a role that takes two persons, today or on a day to come; a closed
    one too. An account that is not what was sealed has one: who took its roles away for a moment
    replaces no password."""
    if not reference(person.bureau_id).is_sealed(person.id):
        return True
    return any(
        r.role in guarded() and (r.until_day is None or r.until_day >= day) for r in person.roles
    )


def begun(session: Session, bureau_id: int) -> bool:
    """Whether the bureau has, or ever had, somebody who confirms: its first leader. Until then
    nobody could confirm its settings. Never false again: rows of roles that began stay when the
    role ends; where one was taken away beside the program, somebody is not what was sealed."""
    if not reference(bureau_id).all_sealed():
        return True
    led = select(PersonRole.id).join(Person, Person.id == PersonRole.person_id)
    led = led.where(Person.bureau_id == bureau_id, PersonRole.role.in_(who_may("office.confirm")))
    return session.scalar(led.limit(1)) is not None


# -- proposing
@dataclass(frozen=True)
class Wanted:
    """A change somebody wants."""

    kind: str
    person: Person | None
    details: Mapping[str, Any]
    why: str
    secret: str = ""


def propose(session: Session, actor: Person, wanted: Wanted) -> Outcome:
    """Keep it until another person decides. NotPossible without a reason, for oneself, or when the
    same waits already."""
    if (
        wanted.person is not None
        and wanted.person.id == actor.id
        and not KINDS[wanted.kind].for_oneself
    ):
        raise NotPossible("Nobody proposes this for themselves.")
    if KINDS[wanted.kind].asks_why and not wanted.why.strip():
        raise NotPossible("Write the reason: whoever confirms this decides by it.")
    row = _row(actor.bureau_id, wanted, utcnow())
    row.proposed_by = actor.id
    _keep(session, row, wanted.secret)
    enter(
        session,
        row.bureau_id,
        actor.id,
        "propose",
        concern(row, wanted.person),
        {**_said(row), "why": row.why},
    )
    return Outcome(proposal=row.id, half=wanted.secret)


def emergency(session: Session, person: Person, wanted: Wanted) -> datetime:
    """What the owner of the machine gives alone; answers when it takes effect unless somebody
    refuses it."""
    now, bureau_id = utcnow(), person.bureau_id
    row = _row(bureau_id, wanted, now)
    row.due_at = now + EMERGENCY
    _keep(session, row, wanted.secret)
    said = {**_said(row), "why": row.why, "due_at": local(row.due_at)}
    enter(session, bureau_id, None, "emergency", person.name, said)
    return row.due_at


def _row(bureau_id: int, wanted: Wanted, now: datetime) -> OfficeProposal:
    details = {k: v.isoformat() if isinstance(v, date) else v for k, v in wanted.details.items()}
    return OfficeProposal(
        bureau_id=bureau_id,
        kind=wanted.kind,
        person_id=wanted.person.id if wanted.person else None,
        details=details,
        why=wanted.why.strip()[:300],
        at=now,
        state=WAITING,
    )


def _keep(session: Session, row: OfficeProposal, secret: str) -> None:
    """An administrator's own that waits stands in nobody's way at the machine."""
    of_machine = (
        OfficeProposal.proposed_by.is_(None)
        if row.proposed_by is None
        else OfficeProposal.proposed_by.is_not(None)
    )
    same = select(OfficeProposal).where(
        OfficeProposal.bureau_id == row.bureau_id,
        OfficeProposal.kind == row.kind,
        OfficeProposal.state == WAITING,
        of_machine,
    )
    if any(
        p.person_id == row.person_id and p.details == row.details for p in session.scalars(same)
    ):
        raise NotPossible("The same waits for a second person already.")
    session.add(row)
    session.flush()
    if secret:
        row.secret = current_app.extensions["vault"].seal(
            PURPOSE, half_binding(row.id), secret.encode()
        )


def half_binding(number: int) -> str:
    """What the seal of a half is bound to."""
    return f"office_proposal:{number}"


def secret_of(proposal: OfficeProposal) -> str:
    """The half that was shown to who proposed it; "" where the account needed no new password."""
    if not proposal.secret:
        return ""
    opened: bytes = current_app.extensions["vault"].open(
        PURPOSE, half_binding(proposal.id), proposal.secret
    )
    return opened.decode()


def half_that_waits(session: Session, actor: Person, person: Person) -> str:
    """The half that this administrator has for the person already: several roles that wait bring
    one password."""
    mine = select(OfficeProposal).where(
        OfficeProposal.person_id == person.id,
        OfficeProposal.proposed_by == actor.id,
        OfficeProposal.state == WAITING,
        OfficeProposal.secret.is_not(None),
    )
    found = session.scalars(mine.order_by(OfficeProposal.id).limit(1)).first()
    return secret_of(found) if found else ""


def _said(row: OfficeProposal) -> dict[str, Any]:
    """For the journal: what kind of change, and its values."""
    return {"change": row.kind, **row.details}


def concern(row: OfficeProposal, person: Person | None) -> str:
    """Whom or what it concerns, in a few words."""
    return person.name if person else str(row.details.get("name_zh", ""))


# -- deciding
def may_confirm(session: Session, proposal: OfficeProposal, person: Person) -> bool:
    """Whether this person may: not who proposed it, not whom it concerns, and no one twice."""
    involved = (proposal.proposed_by, proposal.person_id, proposal.agreed_by)
    if (
        person.id in involved
        or not person.active
        or person.must_change
        or person.bureau_id != proposal.bureau_id
    ):
        return False
    return KINDS[proposal.kind].may_confirm(session, proposal, person)


def who_may_confirm(session: Session, proposal: OfficeProposal) -> list[str]:
    """Names of those who may, for the one who waits."""
    staff = session.scalars(
        select(Person)
        .where(Person.bureau_id == proposal.bureau_id, Person.active)
        .order_by(Person.id)
    )
    return [p.name for p in staff if may_confirm(session, proposal, p)]


def confirm(actor: Person, number: int) -> Outcome:
    """The second person's word: the change is made. ``Outcome.proposal`` is 0 once it is, and the
    number while one more must confirm. NotPossible for who may not, or where a rule stands against
    the change by now."""
    with writing() as session:
        proposal = _waiting(session, actor.bureau_id, number)
        kind, person = KINDS[proposal.kind], _concerned(session, proposal)
        _allowed(session, proposal, actor)
        _check_entered(session, proposal)
        if not _proposer_stands(session, proposal):
            raise NotPossible(
                "Whoever proposed this may not do so any more: it cannot be confirmed."
            )
        noted = {**_said(proposal), "proposed_by": proposer_name(session, proposal)}
        if proposal.agreed_by is None and kind.confirmers(session, proposal) > 1:
            proposal.agreed_by = actor.id
            enter(
                session,
                actor.bureau_id,
                actor.id,
                "propose.agree",
                concern(proposal, person),
                noted,
            )
            return Outcome(proposal=number)
        enter(
            session, actor.bureau_id, actor.id, "propose.confirm", concern(proposal, person), noted
        )
        half = kind.carry_out(session, proposal, actor)
        _settle(proposal, CONFIRMED, actor.id)
    return Outcome(half=half)


def refuse(actor: Person, number: int) -> None:
    """The second person says no: nothing changes."""
    with writing() as session:
        proposal = _waiting(session, actor.bureau_id, number)
        _allowed(session, proposal, actor)
        _end(session, proposal, REFUSED, actor)


def withdraw(actor: Person, number: int) -> None:
    """Whoever could have proposed it takes it back; what the owner of the machine wants can only be
    refused."""
    with writing() as session:
        proposal = _waiting(session, actor.bureau_id, number)
        if not may_withdraw(proposal, actor):
            raise NotPossible("Only who proposed this takes it back.")
        _end(session, proposal, WITHDRAWN, actor)


def give_up(session: Session, actor: Person, kind: str) -> None:
    """In the caller's write: what waits of this kind for the person themself makes room for
    another."""
    mine = select(OfficeProposal).where(
        OfficeProposal.kind == kind,
        OfficeProposal.person_id == actor.id,
        OfficeProposal.state == WAITING,
    )
    for proposal in session.scalars(mine.with_for_update()).all():
        _end(session, proposal, WITHDRAWN, actor)


def may_withdraw(proposal: OfficeProposal, person: Person) -> bool:
    """Whether this person may take it back."""
    return proposal.proposed_by is not None and may(person, KINDS[proposal.kind].action, today())


def _allowed(session: Session, proposal: OfficeProposal, actor: Person) -> None:
    if not may_confirm(session, proposal, session.get_one(Person, actor.id)):
        raise NotPossible(
            "Another person decides this: not who proposed it, and not whom it concerns."
        )


def _end(session: Session, proposal: OfficeProposal, state: str, actor: Person) -> None:
    what = {REFUSED: "propose.refuse", WITHDRAWN: "propose.withdraw"}[state]
    enter(
        session,
        actor.bureau_id,
        actor.id,
        what,
        concern(proposal, _concerned(session, proposal)),
        _said(proposal),
    )
    _settle(proposal, state, actor.id)


def _settle(proposal: OfficeProposal, state: str, actor_id: int | None) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.secret = (
        state,
        actor_id,
        utcnow(),
        None,
    )


def _waiting(session: Session, bureau_id: int, number: int) -> OfficeProposal:
    """The proposal, locked: of two who decide at once the second is told."""
    wanted = select(OfficeProposal).where(
        OfficeProposal.id == number,
        OfficeProposal.bureau_id == bureau_id,
        OfficeProposal.state == WAITING,
    )
    found = session.scalars(
        wanted.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotPossible("This is decided already.")
    return found


def _concerned(session: Session, proposal: OfficeProposal) -> Person | None:
    return session.get_one(Person, proposal.person_id) if proposal.person_id else None


def _proposer_stands(session: Session, proposal: OfficeProposal) -> bool:
    if proposal.proposed_by is None:
        return True
    return may(session.get_one(Person, proposal.proposed_by), KINDS[proposal.kind].action, today())


def proposer_name(session: Session, proposal: OfficeProposal) -> str:
    """Who proposed it; "" is the owner of the machine."""
    return session.get_one(Person, proposal.proposed_by).name if proposal.proposed_by else ""


def _check_entered(session: Session, proposal: OfficeProposal) -> None:
    """NotPossible for a proposal that was put in or changed beside the program."""
    if not is_entered(session, proposal.bureau_id, proposal):
        raise NotPossible(
            "This is not what was entered when it was proposed. Refuse it, and tell the auditor."
        )


# -- time
def carry_out_due(now: datetime) -> int:
    """What the owner of the machine has given and nobody refused in time takes effect; answers how
    many did."""
    all_due = select(OfficeProposal.id, OfficeProposal.bureau_id).order_by(OfficeProposal.id)
    due = db.session.execute(
        all_due.where(OfficeProposal.state == WAITING, OfficeProposal.due_at <= now)
    ).all()
    return sum(_take_effect(row.id, row.bureau_id) for row in due)


def _take_effect(number: int, bureau_id: int) -> int:
    try:
        with writing() as session:
            proposal = _waiting(session, bureau_id, number)
            _check_entered(session, proposal)
            KINDS[proposal.kind].carry_out(session, proposal, None)
            _settle(proposal, CONFIRMED, None)
    except NotPossible:  # a rule stands against it by now, or somebody has just decided
        with writing() as session:
            left = session.get_one(
                OfficeProposal, number, with_for_update=True, populate_existing=True
            )
            if left.state == WAITING:
                _settle(left, REFUSED, None)
        return 0
    return 1


# -- for pages
def of_bureau(bureau_id: int, last: int = 100) -> Sequence[OfficeProposal]:
    """All that wait, then what was decided last."""
    rows = (
        select(OfficeProposal)
        .where(OfficeProposal.bureau_id == bureau_id)
        .order_by(OfficeProposal.id.desc())
    )
    waiting = db.session.scalars(rows.where(OfficeProposal.state == WAITING)).all()
    return [*waiting, *db.session.scalars(rows.where(OfficeProposal.state != WAITING).limit(last))]


def find(bureau_id: int, number: int) -> OfficeProposal | None:
    """One of the bureau's."""
    wanted = select(OfficeProposal).where(
        OfficeProposal.id == number, OfficeProposal.bureau_id == bureau_id
    )
    return db.session.scalars(wanted).one_or_none()


def for_home(bureau_id: int, now: datetime) -> Sequence[OfficeProposal]:
    """What waits, and what the owner of the machine gave lately, in one statement."""
    lately = (OfficeProposal.due_at.is_not(None)) & (OfficeProposal.decided_at > now - TOLD)
    wanted = select(OfficeProposal).where(
        OfficeProposal.bureau_id == bureau_id, or_(OfficeProposal.state == WAITING, lately)
    )
    return db.session.scalars(wanted.order_by(OfficeProposal.id)).all()
