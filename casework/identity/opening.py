"""Reading an identity, and the sealed originals that may tell it, by the person who asked for it,
with the one-time code, while it is open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from nacl.public import PrivateKey
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.docket.models import Docket, Link
from casework.identity import custody, originals
from casework.identity.originals import Original
from casework.informants import open_words
from casework.informants.models import (
    IdentityBox,
    IdentityOpening,
    IdentityRequest,
    IdentityVerdict,
)
from casework.papers import leaks
from casework.papers.models import Paper
from casework.people import guessing
from casework.people.models import Person
from casework.people.office import NotPossible
from casework.store import db, utcnow, writing
from casework.vault import halves, receipt
from casework.vault import identity as seals

KNOWN = ("name", "contact", "others", "id_number")  # what is shown; keys of originals are not


@dataclass(frozen=True)
class Opened:
    """An identity as the person who asked reads it."""

    who: Mapping[str, str]
    until: datetime
    hits: tuple[str, ...]  # issued papers in which the name or a contact stands
    originals: tuple[str, ...]  # titles of sealed originals, each opened by :func:`original`


def read_identity(person: Person, request_id: int, code: str) -> Opened:
    """The identity, for the person who asked, with the one-time code, while the grant lasts. The
    reading is logged, for the auditor and the informant, before it is shown. Error: NotPossible for
    another person, another code, or when the time is over.

    From now until the time is over every paper of the report and its cases is searched for it,
    whoever draws it.
    """
    request, plain, until = _opened(person, request_id, code)
    who = _shown(plain)
    words = leaks.identity_words(who)
    open_words.hold_words(request_id, words)
    hits = _papers_with(request.docket_id, words)
    _log(person, request, "name", hits)
    return Opened(who, until, hits, tuple(o.title for o in originals.named_originals(plain)))


def original(person: Person, request_id: int, code: str, number: int) -> Original:
    """One of the sealed originals (a mail, the scan of an envelope), by its place in
    :attr:`Opened.originals`; logged as a reading of its own before it is shown. Errors: IndexError
    for a place that is none; those of ``read_identity``."""
    request, plain, _until = _opened(person, request_id, code)
    found = originals.named_originals(plain)[number]
    open_words.hold_words(request_id, leaks.identity_words(_shown(plain)))
    _log(person, request, "original", ())
    return originals.open_original(plain, found)


def _opened(
    person: Person, request_id: int, code: str
) -> tuple[IdentityRequest, Mapping[str, Any], datetime]:
    request = db.session.get(IdentityRequest, request_id)
    box = db.session.get(IdentityBox, request_id)
    if request is None or request.person_id != person.id or box is None or box.until <= utcnow():
        raise NotPossible("This is not open to you, or its time is over.")
    private = _private(person, request, receipt.normalise(code))
    sealed = current_app.extensions["vault"].open(
        "identity.box", f"request:{request.id}", box.sealed
    )
    plain = (
        halves.open_box(private, sealed)
        if halves.is_box(sealed)
        else seals.open_with(private, sealed)
    )
    return request, json.loads(plain), box.until


def _private(person: Person, request: IdentityRequest, code: str) -> PrivateKey:
    if not receipt.valid(code):
        raise NotPossible("The code has a typing mistake: look at every group of four.")
    found = guessing.guarded(person, "opening", lambda: _unlocked(request.lock, code))
    if found is None:
        raise NotPossible("This is not the code of this request.")
    return found


def _unlocked(lock: bytes, code: str) -> PrivateKey | None:
    try:
        return seals.open_lock(lock, code)
    except seals.WrongPassword:
        return None


def _shown(plain: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        k: "、".join(v) if isinstance(v, list) else str(v) for k in KNOWN if (v := plain.get(k))
    }


def _log(person: Person, request: IdentityRequest, what: str, hits: tuple[str, ...]) -> None:
    """Append-only, for the auditor and for the informant's own page."""
    number = request.docket_id
    with writing() as session:
        session.add(
            IdentityOpening(
                docket_id=number,
                custodian_id=_last_judge(session, request.id),
                reason=request.reason,
                request_id=request.id,
                hits=len(hits),
                what=what,
            )
        )
        entry = "identity.open" if what == "name" else "identity.original"
        custody.note_for_auditor(
            session, person, entry, session.get_one(Docket, number).number, papers="、".join(hits)
        )


def _last_judge(session: Session, request_id: int) -> int:
    query = select(IdentityVerdict.custodian_id).where(IdentityVerdict.request_id == request_id)
    return session.scalars(query.order_by(IdentityVerdict.id.desc()).limit(1)).one()


def _papers_with(docket_id: int, words: frozenset[str]) -> tuple[str, ...]:
    """Papers already issued in the report and its cases in which one of the words stands."""
    cases = select(Link.to_id).where(Link.from_id == docket_id, Link.kind == "feeds")
    papers = db.session.scalars(
        select(Paper)
        .where((Paper.docket_id == docket_id) | Paper.docket_id.in_(cases))
        .order_by(Paper.id)
    ).all()
    store = current_app.extensions["sealed_store"]
    return tuple(
        p.number or p.kind
        for p in papers
        if leaks.stands_in(words, leaks.text_of(store.read(p.stored)))
    )


def sweep(now: datetime | None = None) -> int:
    """Delete opened identities whose time is over, and the words held beside them; answers how
    many."""
    over = IdentityBox.until <= (now or utcnow())
    gone = 0
    if db.session.scalar(select(IdentityBox.request_id).where(over).limit(1)) is not None:
        with writing() as session:
            gone = len(
                session.execute(
                    delete(IdentityBox).where(over).returning(IdentityBox.request_id)
                ).all()
            )
    open_words.forget_all_but(set(db.session.scalars(select(IdentityBox.request_id))))
    return gone
