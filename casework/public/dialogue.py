"""What an informant sees of a tip, and what they and the bureau write to each other."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casework.docket.models import Clock, Docket
from casework.evidence.models import Attachment
from casework.evidence.uploads import Upload, attach
from casework.informants.codes import docket_of as docket_of  # asked for here by the rooms above
from casework.informants.models import IdentityOpening, IdentityRequest, Message

# asked for here by the rooms above
from casework.informants.unread import may_be_deleted, unread  # noqa: F401
from casework.intake.rounded_time import rounded
from casework.people.facts import settings_of
from casework.people.models import Person
from casework.people.row_journal import note_where
from casework.public.stages import days_of, stage_of
from casework.store import db, table, utcnow, writing
from casework.web.filters import SHANGHAI


@dataclass(frozen=True)
class ShownMessage:
    """One message, opened."""

    mine: bool  # the informant's own
    text: str
    at: datetime  # of the informant's own: rounded
    read: bool = False  # by the other side
    number: int = 0
    ref: str = ""  # a random name of the message, for what its writer may do with it


@dataclass(frozen=True)
class Opening:
    """One opening of the identity as its owner is shown it: with roles, without names."""

    at: datetime
    what: str  # name · original
    reason: str  # as it was typed
    roles: tuple[str, ...]  # of whoever read it; none where that is not known


@dataclass(frozen=True)
class StaffLine(ShownMessage):
    """The same for staff, with why the bureau wrote it."""

    internal: str = ""


@dataclass(frozen=True)
class ShownThread:
    """Everything an informant is shown."""

    number: str
    received: date
    stage: str  # one of PUBLIC_STAGES, or declined · transferred
    days: dict[str, date]  # on which each of PUBLIC_STAGES was reached
    next_due: date | None
    thread: list[ShownMessage]
    openings: list[Opening]


def bureau_of(docket_id: int) -> int:
    """Id of the bureau that a tip belongs to."""
    return db.session.scalars(select(Docket.bureau_id).where(Docket.id == docket_id)).one()


def number_of(docket_id: int) -> str:
    """The acceptance number of a tip."""
    return db.session.scalars(select(Docket.number).where(Docket.id == docket_id)).one()


def shown_thread(docket_id: int) -> ShownThread:
    """State in plain words, thread, and who opened the identity when; marks the bureau's messages
    as read."""
    docket = db.session.get_one(Docket, docket_id)
    due = db.session.scalar(
        select(Clock.due).where(
            Clock.docket_id == docket_id,
            Clock.state == "open",
            Clock.rule.in_(("tell_informant", "tell_result")),
        )
    )
    lines = thread(docket_id)
    _mark_read(docket_id, False, lines)
    return ShownThread(
        docket.number,
        docket.opened_on,
        stage_of(docket),
        days_of(docket),
        due,
        lines,
        openings(docket_id),
    )


def openings(docket_id: int) -> list[Opening]:
    """Every opening of the identity, oldest first."""
    query = (
        select(IdentityOpening, Person)
        .outerjoin(IdentityRequest, IdentityRequest.id == IdentityOpening.request_id)
        .outerjoin(Person, Person.id == IdentityRequest.person_id)
        .where(IdentityOpening.docket_id == docket_id)
        .order_by(IdentityOpening.id)
    )
    return [
        Opening(o.at, o.what, o.reason, _roles_then(person, o.at))
        for o, person in db.session.execute(query)
    ]


def _roles_then(person: Person | None, at: datetime) -> tuple[str, ...]:
    return tuple(sorted(person.role_names(at.astimezone(SHANGHAI).date()))) if person else ()


def thread(docket_id: int) -> list[ShownMessage]:
    """All messages, oldest first."""
    return [
        ShownMessage(m.from_informant, _open(m), m.at, m.read_at is not None, m.id, m.ref)
        for m in _messages(docket_id)
    ]


def staff_thread(docket_id: int) -> list[StaffLine]:
    """All messages as staff see them."""
    found = _messages(docket_id)
    return [
        StaffLine(
            m.from_informant, _open(m), m.at, m.read_at is not None, m.id, m.ref, _open_internal(m)
        )
        for m in found
    ]


def _messages(docket_id: int) -> Iterable[Message]:
    return db.session.scalars(
        select(Message).where(Message.docket_id == docket_id).order_by(Message.id)
    )


def _open(message: Message) -> str:
    opened: bytes = current_app.extensions["vault"].open(
        "message", message_binding(message), message.body
    )
    return opened.decode()


def _open_internal(message: Message) -> str:
    if message.internal is None:
        return ""
    opened: bytes = current_app.extensions["vault"].open(
        "message.internal", message_binding(message), message.internal
    )
    return opened.decode()


def message_binding(message: Message) -> str:
    """What binds a message's seal to its row."""
    return f"{message.docket_id}:{message.ref or int(message.at.timestamp())}"


def _mark_read(docket_id: int, from_informant: bool, shown: Sequence[ShownMessage]) -> None:
    """Mark the shown messages as read; one that came in since stays unread."""
    waiting = (
        Message.docket_id == docket_id,
        Message.id <= max((line.number for line in shown), default=0),
        Message.from_informant.is_(from_informant),
        Message.read_at.is_(None),
    )
    if db.session.scalar(select(Message.id).where(*waiting).limit(1)):
        now = utcnow()  # when an informant looked in is nobody's business: the hour is enough
        at = now if from_informant else now.replace(minute=0, second=0)
        with writing() as session:
            session.execute(update(Message).where(*waiting).values(read_at=at))


def read_by_bureau(docket_id: int, shown: Sequence[ShownMessage]) -> None:
    """Mark these messages of the informant as read by the team."""
    _mark_read(docket_id, True, shown)


def take_back_message(docket_id: int, ref: str) -> bool:
    """Delete a message of the informant that nobody has read yet; False where the bureau was
    quicker, or it is gone."""
    mine = (
        Message.docket_id == docket_id,
        Message.ref == ref,
        Message.from_informant,
        Message.read_at.is_(None),
    )
    if not ref:
        return False
    with writing() as session:
        note_where(session, table(Message), *mine)
        gone = session.execute(delete(Message).where(*mine).returning(Message.id)).all()
    return bool(gone)


def from_informant(docket_id: int, text: str, files: Iterable[Upload]) -> list[str]:
    """Keep a message of the informant and its files, under a time rounded as that of their tip;
    answers the names of files that were here already. A page that was sent and is loaded again
    brings nothing twice: neither such a file, nor words that were just said and are not read
    yet."""
    now, bureau_id = utcnow(), db.session.get_one(Docket, docket_id).bureau_id
    at = rounded(now, settings_of(bureau_id, now.astimezone(SHANGHAI).date()))
    with writing() as session:
        session.get_one(Docket, docket_id, with_for_update=True)
        mine = (Attachment.docket_id == docket_id, Attachment.from_informant)
        known = set(session.scalars(select(Attachment.sha256).where(*mine)))
        fresh: list[Upload] = []
        before: list[Upload] = []
        for file in files:
            (before if file.sha256 in known else fresh).append(file)
            known.add(file.sha256)
        if fresh or (text and not _just_said(session, docket_id, text)):
            attach(session, docket_id, 0, fresh, from_informant=True, at=at)
            session.add(message(docket_id, text, mine=True, at=at))
    return [f.title for f in before]


def _just_said(session: Session, docket_id: int, text: str) -> bool:
    """Whether the informant's last words are the same, and nobody has read them or said anything
    since."""
    newest = (
        select(Message).where(Message.docket_id == docket_id).order_by(Message.id.desc()).limit(1)
    )
    last = session.scalars(newest).one_or_none()
    return last is not None and last.from_informant and last.read_at is None and _open(last) == text


def from_bureau(docket_id: int, text: str, internal: str = "") -> None:
    """Keep a message of the bureau, and for staff alone why it was written."""
    with writing() as session:
        session.add(message(docket_id, text, mine=False, internal=internal))


def message(
    docket_id: int,
    text: str,
    mine: bool,
    internal: str = "",
    at: datetime | None = None,
    once: str = "",
) -> Message:
    """A sealed message, not yet written. ``once``: by what it is known again, where it may be asked
    for a second time."""
    vault = current_app.extensions["vault"]
    made = Message(
        docket_id=docket_id,
        from_informant=mine,
        at=at or utcnow(),
        ref=once or secrets.token_hex(16),
    )
    made.body = vault.seal("message", message_binding(made), text.encode())
    made.internal = (
        vault.seal("message.internal", message_binding(made), internal.encode())
        if internal
        else None
    )
    return made
