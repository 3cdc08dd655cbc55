"""Who may know an informant: request and custodians' answers
(docs/decisions/0010-identity-opened-for-one.md); the reading itself is in :mod:`opening`.

At the request a one-time code is made and shown to the person alone; only the public half of the
key it gives is stored. A custodian's password opens the identity and seals it to that key, for a
limited time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from nacl.public import PrivateKey
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.docket.models import Docket, Link
from casework.identity import custody
from casework.informants.models import (
    Identity,
    IdentityBox,
    IdentityHalf,
    IdentityRequest,
    IdentityVerdict,
)
from casework.people.facts import settings_of
from casework.people.may import today
from casework.people.models import Person
from casework.people.office import NotPossible
from casework.procedure.kinds import kinds
from casework.store import db, utcnow, writing
from casework.text import is_blank
from casework.vault import halves, receipt
from casework.vault import identity as seals
from casework.vault.sealing import Vault

NOT_YOURS = "Your key does not open this identity. Another custodian must seal it anew first."
Verdicts = list[tuple[IdentityVerdict, str]]  # each with the custodian's name
WAITING, REFUSED, OPEN, OVER = "waiting", "refused", "open", "over"


@dataclass(frozen=True)
class ShownRequest:
    """A request to know an informant, with its answers, as pages show it."""

    id: int
    docket_id: int
    number: str  # of the report
    person_id: int
    who: str
    reason: str
    hours: int
    at: datetime
    state: str  # waiting · refused · open · over
    until: datetime | None
    verdicts: tuple[tuple[str, bool, str], ...]  # custodian, granted, note
    judges: frozenset[int]  # custodians who have answered


def named_reports(docket: Docket) -> list[Docket]:
    """Reports with a sealed identity: this one, or those that a case comes from."""
    query = select(Docket).join(Identity, Identity.docket_id == Docket.id).order_by(Docket.id)
    if kinds()[docket.kind].informant:
        return list(db.session.scalars(query.where(Docket.id == docket.id)))
    feeds = select(Link.from_id).where(
        Link.to_id == docket.id, Link.kind == "feeds", Link.until.is_(None)
    )
    return list(db.session.scalars(query.where(Docket.id.in_(feeds))))


# -- asking
def longest(bureau_id: int) -> int:
    """Hours for which a grant may last at most (setting ``identity.hours``)."""
    return int(settings_of(bureau_id, today()).number("identity.hours"))


def ask(person: Person, docket_id: int, reason: str, hours: int) -> str:
    """Ask to know an informant for so many hours; answers the one-time code, which is kept nowhere.
    Error: NotPossible without a reason, for hours beyond the bureau's limit, or while an earlier
    request of the person is open."""
    if is_blank(reason):
        raise NotPossible("Say why you must know who the informant is.")
    if not 1 <= hours <= longest(person.bureau_id):
        raise NotPossible("The time is not one of those your bureau allows.")
    if any(
        r.state in (WAITING, OPEN) and r.person_id == person.id for r in of_dockets([docket_id])
    ):
        raise NotPossible("You have asked already; that request is still open.")
    code = receipt.new_code()
    lock = seals.new_lock(code)
    with writing() as session:
        number = session.get_one(Docket, docket_id).number
        session.add(
            IdentityRequest(
                docket_id=docket_id,
                person_id=person.id,
                reason=reason[:300],
                hours=hours,
                lock=lock,
            )
        )
        custody.note_for_auditor(
            session, person, "identity.ask", number, why=reason[:300], length=hours
        )
    return code


# -- looking
def of_dockets(docket_ids: Iterable[int]) -> list[ShownRequest]:
    """Requests about reports (ids), newest first."""
    return _shown(IdentityRequest.docket_id.in_(list(docket_ids)))


def of_bureau(bureau_id: int) -> list[ShownRequest]:
    """All requests of a bureau, newest first."""
    return _shown(Docket.bureau_id == bureau_id)


def _shown(condition: Any) -> list[ShownRequest]:
    rows = db.session.execute(
        select(IdentityRequest, Docket.number, Person.name, IdentityBox.until)
        .join(Docket, Docket.id == IdentityRequest.docket_id)
        .join(Person, Person.id == IdentityRequest.person_id)
        .outerjoin(IdentityBox, IdentityBox.request_id == IdentityRequest.id)
        .where(condition)
        .order_by(IdentityRequest.id.desc())
        .limit(200)
    ).all()
    numbers = [r.id for r, *_ in rows]
    verdicts, asked = (
        _verdicts(numbers),
        select(IdentityHalf.request_id).where(IdentityHalf.request_id.in_(numbers)),
    )
    halfway = set(db.session.scalars(asked))
    return [
        _one(r, number, name, until, verdicts.get(r.id, []), r.id in halfway)
        for r, number, name, until in rows
    ]


def _verdicts(requests: list[int]) -> dict[int, Verdicts]:
    rows = db.session.execute(
        select(IdentityVerdict, Person.name)
        .join(Person, Person.id == IdentityVerdict.custodian_id)
        .where(IdentityVerdict.request_id.in_(requests))
        .order_by(IdentityVerdict.id)
    )
    found: dict[int, Verdicts] = {}
    for verdict, name in rows:
        found.setdefault(verdict.request_id, []).append((verdict, name))
    return found


def _one(
    r: IdentityRequest,
    number: str,
    who: str,
    until: datetime | None,
    verdicts: Verdicts,
    halfway: bool,
) -> ShownRequest:
    if any(not v.granted for v, _ in verdicts):
        state = REFUSED
    elif until is not None and until > utcnow():
        state = OPEN
    else:
        state = WAITING if until is None and (halfway or not verdicts) else OVER
    return ShownRequest(
        r.id,
        r.docket_id,
        number,
        r.person_id,
        who,
        r.reason,
        r.hours,
        r.at,
        state,
        until,
        tuple((name, v.granted, v.note) for v, name in verdicts),
        frozenset(v.custodian_id for v, _ in verdicts),
    )


def find(bureau_id: int, request_id: int) -> ShownRequest | None:
    """The request of that id; None where the bureau has none."""
    return next(
        iter(_shown((Docket.bureau_id == bureau_id) & (IdentityRequest.id == request_id))), None
    )


# -- answering
def refuse_request(custodian: Person, request_id: int, note: str) -> None:
    """Answer a request with no, as one of the custodians; that ends it. Error: NotPossible without
    a note that says why, or once it is answered."""
    asked = _answerable(custodian, request_id)
    if is_blank(note):
        raise NotPossible("Say why not.")
    with writing() as session:
        _answer(session, custodian, asked, False, note)
        session.execute(delete(IdentityHalf).where(IdentityHalf.request_id == request_id))


def grant(custodian: Person, request_id: int, word: str, note: str = "") -> bool:
    """Answer a request with yes, as one of the custodians, with the key's password (``word``). The
    last consent that is needed seals the identity to the person who asked. Answers whether it is
    open now, or waits for another custodian. Error: NotPossible for a wrong word, a custodian who
    may not answer, or once it is answered."""
    asked = _answerable(custodian, request_id)
    privates = custody.unlocked(custodian, word)
    row = db.session.get_one(IdentityRequest, request_id)
    sealed = custody.unwrapped(db.session.get_one(Identity, row.docket_id))
    needed = max(custody.needed(custodian.bureau_id), 2 if halves.takes_two(sealed) else 1)
    last = len(asked.judges) + 1 >= needed
    box = _box(privates, row, sealed) if last else _consent(privates, row, sealed)
    with writing() as session:
        _answer(session, custodian, asked, True, note)
        if last:
            session.execute(delete(IdentityHalf).where(IdentityHalf.request_id == request_id))
            kept = _vault().seal("identity.box", f"request:{request_id}", box)
            session.add(
                IdentityBox(
                    request_id=request_id,
                    sealed=kept,
                    until=utcnow() + timedelta(hours=asked.hours),
                )
            )
        else:
            kept = _vault().seal("identity.half", f"request:{request_id}:{custodian.id}", box)
            session.add(IdentityHalf(request_id=request_id, custodian_id=custodian.id, sealed=kept))
    return last


def _answerable(custodian: Person, request_id: int) -> ShownRequest:
    asked = find(custodian.bureau_id, request_id)
    if asked is None or asked.state != WAITING:
        raise NotPossible("This request has been answered.")
    if asked.person_id == custodian.id:
        raise NotPossible("Nobody grants their own request.")
    if custodian.id in asked.judges:
        raise NotPossible("You have answered; another custodian must agree too.")
    return asked


def _answer(
    session: Session, custodian: Person, asked: ShownRequest, granted: bool, note: str
) -> None:
    """NotPossible where another has answered while a password was stretched: a refusal that was
    first stands, and of two who agree the second is the last."""
    session.get_one(IdentityRequest, asked.id, with_for_update=True)
    given = session.scalars(
        select(IdentityVerdict.custodian_id).where(IdentityVerdict.request_id == asked.id)
    )
    if frozenset(given) != asked.judges:
        raise NotPossible("Another custodian has just answered. Look at the request again.")
    session.add(
        IdentityVerdict(
            request_id=asked.id, custodian_id=custodian.id, granted=granted, note=note[:300]
        )
    )
    what = "identity.grant" if granted else "identity.refuse"
    custody.note_for_auditor(
        session, custodian, what, asked.number, asker=asked.who, why=note[:300]
    )


def _consent(privates: list[PrivateKey], request: IdentityRequest, sealed: bytes) -> bytes:
    """What stays of a consent that is not the last: half of the key where two are needed, else
    nothing."""
    if not halves.takes_two(sealed):
        return b""
    try:
        return halves.half_for(seals.public_key(request.lock), privates, sealed)
    except seals.WrongPassword:
        raise NotPossible(NOT_YOURS) from None


def _box(privates: list[PrivateKey], request: IdentityRequest, sealed: bytes) -> bytes:
    """The identity for the one who asked."""
    if not halves.takes_two(sealed):
        mine = next((p for p in privates if bytes(p.public_key) in seals.sealed_to(sealed)), None)
        if mine is None:
            raise NotPossible(NOT_YOURS)
        return seals.seal_identity([seals.public_key(request.lock)], seals.open_with(mine, sealed))
    rows = db.session.scalars(
        select(IdentityHalf).where(IdentityHalf.request_id == request.id)
    ).all()
    earlier = [
        _vault().open("identity.half", f"request:{r.request_id}:{r.custodian_id}", r.sealed)
        for r in rows
    ]
    box = halves.joined(_consent(privates, request, sealed), [e for e in earlier if e], sealed)
    if box is None:
        raise NotPossible(
            "It was sealed anew since the first custodian agreed. Refuse "
            "this request; it must be asked anew."
        )
    return box


def _vault() -> Vault:
    vault: Vault = current_app.extensions["vault"]
    return vault
