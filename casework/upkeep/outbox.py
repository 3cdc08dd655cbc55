"""Doing what acts ordered through the outbox: search tokens, notices, the public list, messages to
informants. ``tick`` calls it.

Rows that wait are taken several in one transaction, in order: what a crowd of tips leaves behind
then costs a fraction, and the write lock is asked for seldom. Where any of them fails all of them
are rolled back, and each row is taken alone: a fault leaves its docket's rows for the next round
and holds up no other docket.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from casework.acts import fines, turn_rows
from casework.acts.facts import recorded_code
from casework.archive import second_reading
from casework.disclosure import entries
from casework.docket import cache, jobs, journal, turns
from casework.docket.jobs import Job
from casework.docket.lists import searched_text
from casework.docket.models import Act, Docket, Outbox, SearchToken
from casework.informants.models import Message
from casework.intake import incoming
from casework.people.may import today
from casework.procedure import effects
from casework.public.dialogue import message
from casework.store import db, table, writing
from casework.vault.tokens import keyed, tokens
from casework.web.faults import told
from casework.web.signed_token import keyed_digest

log = logging.getLogger("casework")
TOGETHER = 8  # rows of one transaction: others wait for its lock a hundredth of a second
LEASE = timedelta(seconds=30)  # what must leave the public list waits for a dead process no longer
CODES = "unit_code"  # asked for every docket by a migration: what acts told goes before
CODES_A_ROUND = 2000
TELL = "tell_informant"
_TOKENS = table(SearchToken)
_found = select(SearchToken.docket_id).distinct()


def pass_on() -> int:
    """Do everything that waits; answers how many rows were done. What must leave the public list
    goes first, whatever is wrong with another docket."""
    waiting = (
        select(Outbox.id, Outbox.docket_id, Docket.bureau_id)
        .join(Docket, Docket.id == Outbox.docket_id)
        .where(Outbox.done_at.is_(None))
        .order_by(Outbox.id)
    )
    rows = [
        *db.session.execute(waiting.where(Outbox.topic != CODES)),
        *db.session.execute(waiting.where(Outbox.topic == CODES).limit(CODES_A_ROUND)),
    ]
    bureaus = dict.fromkeys(r.bureau_id for r in rows)
    return sum(_of_bureau(b, [r for r in rows if r.bureau_id == b]) for b in bureaus)


def _of_bureau(bureau_id: int, rows: Sequence[Any]) -> int:
    stuck: set[int] = set()
    number = jobs.standing(jobs.OUTBOX, bureau_id)
    with jobs.claimed(Job.id == number, lasts=LEASE) as held:
        if held is None:
            return 0
        some = (rows[at : at + TOGETHER] for at in range(0, len(rows), TOGETHER))
        return sum(_together(held, few, stuck) for few in some)


def _together(held: jobs.Claim, rows: Sequence[Any], stuck: set[int]) -> int:
    rows = [r for r in rows if r.docket_id not in stuck]
    if not rows:
        return 0
    try:
        with writing() as session:
            held.note(session)
            return _handle_all(session, [r.id for r in rows])
    except jobs.LeaseLost:
        raise
    except Exception as error:
        if len(rows) > 1:
            return sum(_together(held, [row], stuck) for row in rows)
        stuck.add(rows[0].docket_id)
        log.error("what docket %s told could not be done: %s", rows[0].docket_id, told(error))
        return 0


def _handle_all(session: Session, numbers: list[int]) -> int:
    """Those of the rows that no other tick has done."""
    these = select(Outbox).where(Outbox.id.in_(numbers), Outbox.done_at.is_(None))
    rows = session.scalars(these.order_by(Outbox.id)).all()
    entries = select(Act).where(Act.id.in_([r.act_id for r in rows]))
    acts = {a.id: a for a in session.scalars(entries)}
    of = select(Docket).where(Docket.id.in_([r.docket_id for r in rows]))
    dockets = {d.id: d for d in session.scalars(of)}
    changed = [(dockets[r.docket_id], acts[r.act_id]) for r in rows if r.topic == "index"]
    if changed:
        _index(session, changed)
    for row in rows:
        _handle(session, row)
        row.done_at = acts[row.act_id].at  # not to the second: that of an anonymous tip is rounded
    return len(rows)


def _index(session: Session, changed: Sequence[tuple[Docket, Act]]) -> None:
    """Make what changed findable, and tell of what came in."""
    dockets = {docket.id: docket for docket, _act in changed}
    known = set(session.scalars(_found.where(SearchToken.docket_id.in_(list(dockets)))))
    index(session, dockets.values())
    # what was found before came in before: nobody is told twice
    incoming.arrived(session, [(d, act) for d, act in changed if d.id not in known])


def index(session: Session, dockets: Iterable[Docket]) -> None:
    """Write the search tokens of what lists show of dockets: number, name, cause."""
    ring, found, connection = current_app.extensions["vault"].keyring, [], session.connection()
    for docket in dockets:
        text = searched_text(docket)
        found += [
            {"token": t, "docket_id": docket.id}
            for t in keyed(ring, docket.bureau_id, tokens(text))
        ]
    connection.execute(
        delete(_TOKENS).where(_TOKENS.c.docket_id.in_({row["docket_id"] for row in found}))
    )
    connection.execute(insert(_TOKENS), found)


def _handle(session: Session, row: Outbox) -> None:
    if row.topic == "new_report_on_case":
        incoming.on_open_case(session, row)
    elif row.topic in entries.TOPICS:
        entries.handle(session, row)
    elif row.topic == fines.TOPIC:
        fines.update_account(
            session, current_app.extensions["vault"], session.get_one(Docket, row.docket_id)
        )
    elif row.topic == second_reading.TOPIC:
        second_reading.keep_one(session, session.get_one(Docket, row.docket_id), today())
    elif row.topic == CODES:
        docket, vault = session.get_one(Docket, row.docket_id), current_app.extensions["vault"]
        docket.unit_code = cache.kept_code(recorded_code(session, vault, docket))
        index(session, [docket])  # its words were folded otherwise before, too
    elif row.topic == turn_rows.TOPIC:
        for linked in sorted(row.data["dockets"]):
            turns.again(session, linked)
    elif row.topic == TELL:
        _tell_informant(session, row)


def _name_of(act_id: int) -> str:
    """By which the message that an act told is known again; it says nothing of how many acts there
    are."""
    return keyed_digest("told an informant", str(act_id), 16)


def _tell_informant(session: Session, row: Outbox) -> None:
    """The reply becomes a message that only the receipt's holder reads, once. What no act said was
    put in beside the program, and is passed over."""
    docket, act = session.get_one(Docket, row.docket_id), session.get_one(Act, row.act_id)
    if act.docket_id != docket.id or effects.Special(TELL) not in effects.read(act.effects):
        log.error(
            "what docket %s is to have told an informant stands in none of its entries", docket.id
        )
        return
    once = _name_of(act.id)
    if _is_told(session, docket, once):
        log.error(
            "what docket %s told an informant is told already: somebody opened it again", docket.id
        )
        return
    asked = _said(session, docket, act)
    text = str(asked.get("reply") or asked.get("text") or "")
    why = next((str(asked[k]) for k in ("internal", "opinion", "reason") if asked.get(k)), "")
    if text:
        session.add(message(docket.id, text, mine=False, internal=why, once=once))


def _is_told(session: Session, docket: Docket, once: str) -> bool:
    """Whether the message of that name is there already."""
    there = select(Message.id).where(Message.docket_id == docket.id, Message.ref == once)
    return session.scalar(there) is not None


def _said(session: Session, docket: Docket, act: Act) -> Mapping[str, Any]:
    """What an entry says; under an approval what was proposed."""
    reads = journal.read_entries(session, current_app.extensions["vault"], docket)
    said = next(r for r in reads if r.act.id == act.id)
    seq = said.payload.proposal or said.act.seq
    return next(r.payload.answers for r in reads if r.act.seq == seq)
