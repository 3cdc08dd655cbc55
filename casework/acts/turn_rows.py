"""Keeps the rows that say whose turn it is (``docket/turns.py``): anew with each act, and when a
day has passed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.acts.turns import whose, whose_turn
from casework.docket.models import FAR, Docket
from casework.docket.turns import TurnRow
from casework.procedure.facts import Facts
from casework.store import db, table, utcnow, writing
from casework.vault.sealing import Vault, vault
from casework.web.faults import told
from casework.web.filters import SHANGHAI

log = logging.getLogger("casework")
TOPIC = "turns"  # the outbox's word for dockets to be reckoned anew
TOGETHER = 20  # dockets of one transaction: others wait for its lock
A_ROUND = 500  # dockets of one round: the next one comes after seconds
_ROWS = table(TurnRow)
_NEW = insert(_ROWS)


def reckon(session: Session, vault: Vault, docket: Docket, now: datetime) -> None:
    """Write anew what the docket waits for, in the caller's transaction. They hold until the day is
    over; where nothing is waited for, until something happens."""
    session.flush()
    facts = gather(session, vault, docket, None, now)
    rows = list(turn_rows(facts))
    connection = session.connection()
    connection.execute(delete(_ROWS).where(_ROWS.c.docket_id == docket.id))
    if rows:
        connection.execute(_NEW, rows)
    docket.turns_until = facts.today if rows or _still_open(facts) else FAR


def _still_open(facts: Facts) -> bool:
    """Something may come to wait by a day alone: a track or a deadline is open."""
    return any(not t.ended for t in facts.tracks[1:]) or any(c.running for c in facts.clocks)


def turn_rows(facts: Facts) -> Iterator[dict[str, Any]]:
    """What a docket waits for as rows of the table, without their ids."""
    for place, turn in enumerate(whose_turn(facts)):
        for role, person in whose(facts, turn):
            yield {
                "bureau_id": facts.bureau.id,
                "docket_id": facts.id,
                "place": place,
                "kind": turn.kind,
                "step": turn.step,
                "track": turn.track,
                "role": role,
                "person_id": person,
                "since": turn.since,
                "from_day": turn.from_day,
                "due": turn.due,
                "by_id": turn.by,
                "seq": turn.seq,
                "clock": turn.clock,
            }


def reckon_due(now: datetime | None = None) -> int:
    """The dockets whose rows no longer hold, the newest first, some hundreds a round; answers how
    many were done. One that cannot be read waits for the next day and holds up no other."""
    now = now or utcnow()
    day = now.astimezone(SHANGHAI).date()
    due = select(Docket.id).where(Docket.turns_until < day, Docket.data_key != b"")
    due = due.order_by(Docket.turns_until, Docket.id.desc()).limit(A_ROUND)
    numbers = list(db.session.scalars(due))
    db.session.rollback()
    some = (numbers[at : at + TOGETHER] for at in range(0, len(numbers), TOGETHER))
    return sum(_together(few, now, day) for few in some)


def _together(numbers: list[int], now: datetime, day: date) -> int:
    try:
        with writing() as session:
            of = select(Docket).where(Docket.id.in_(numbers), Docket.turns_until < day)
            dockets = session.scalars(of.order_by(Docket.id).with_for_update()).all()
            for docket in dockets:
                reckon(session, vault(), docket, now)
            return len(dockets)
    except Exception as error:
        if len(numbers) > 1:
            return sum(_together([number], now, day) for number in numbers)
        log.error("what docket %s waits for could not be reckoned: %s", numbers[0], told(error))
        with writing() as session:
            session.get_one(Docket, numbers[0]).turns_until = day
        return 0
