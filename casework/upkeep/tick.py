"""``tick``: the acts of time and the work that waits, in order, also after days in which no server
ran."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from casework.acts import batches, turn_rows
from casework.acts.calendar import apply_calendars
from casework.acts.entries import acts_of
from casework.acts.errors import NotDone
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.archive import destroy, retention_rows, scans, second_reading
from casework.archive.models import ScanStack, StrayPage
from casework.archive.records import Destruction
from casework.docket import jobs
from casework.docket.models import Clock, Docket
from casework.evidence.models import Attachment
from casework.identity import opening
from casework.intake import drafts
from casework.papers.models import Paper, SignedCopy
from casework.people import clock, guessing, heads, row_journal, signin, two_persons
from casework.procedure.ids import ClockId, StepId
from casework.procedure.load import procedure
from casework.public import one_time_pages
from casework.store import db, utcnow, writing
from casework.upkeep import due_notices, key_check, outbox, restored_copy
from casework.web.errors import NO_ROOM
from casework.web.faults import told
from casework.web.filters import SHANGHAI

log = logging.getLogger("casework")
# clock → the step that time takes when its last day is over
BY_TIME: dict[ClockId, StepId] = {
    "public_notice": "deemed_served",
    "show": "unpublish",
    "listing": "delist",
}
# clocks whose step takes something off the public list: that waits for nobody
REMOVALS = ("show", "listing")
WINDOW: StepId = "window_over"  # the step for every right that ends by itself
ORPHAN_AGE = 2 * 24 * 3600  # seconds a file without an owner is kept
LOOK_FOR_ORPHANS = 6 * 3600  # seconds between two looks of a server: it lists all files


def tick(now: datetime | None = None) -> dict[str, int]:
    """One round; answers how much of each kind was done. A second round at once finds nothing more
    to do. ``now`` is for tests and demonstration data; without it the machine's clock is asked, and
    held against the last round first."""
    key_check.note_generations()
    restored_copy.enter_note()
    if now is None and (doubt := clock.doubt()):
        return _while_doubted(doubt)
    if now is None:
        clock.note_round(now := utcnow())
    done = {
        "acts": _by_time(now),
        # before all that may fail: what must leave the public list leaves it
        "outbox": outbox.pass_on(),
        "calendars": _calendars(now),
        "drafts": _drafts(),
        "emergencies": two_persons.carry_out_due(now),
    }
    done["turns"] = turn_rows.reckon_due(now)
    done |= {"identities": opening.sweep(), "batches": batches.work(), "destroyed": destroy.work()}
    done["swept"] = _orphans()
    done |= _sign(now)
    return {**done, "kept": _daily(now.astimezone(SHANGHAI).date())}


def _while_doubted(doubt: clock.Doubt) -> dict[str, int]:
    """What a wrong clock cannot spoil: whatever leaves the public list leaves it, identities close,
    the chain is signed."""
    if not current_app.extensions.get("doubt told"):
        current_app.extensions["doubt told"] = True
        log.warning(
            "the clock shows %s, the last round was %s: time waits for a person to confirm it",
            doubt.now,
            doubt.last,
        )
    acts = _by_time(doubt.now, REMOVALS)
    done = {"acts": acts, "outbox": outbox.pass_on(), "identities": opening.sweep()}
    return {**done, **_sign(doubt.now), "waits for a person": 1}


def _by_time(now: datetime, rules: Sequence[str] = ()) -> int:
    """Deemed service and expiries, oldest first, each through the one door and dated by the day it
    happened."""
    done, rules = 0, rules or [*BY_TIME, *_windows()]
    # one act of time may start a window that is over by now as well
    while more := _due_now(now, rules):
        done += more
    return done


def _due_now(now: datetime, rules: Sequence[str]) -> int:
    today = now.astimezone(SHANGHAI).date()
    due = db.session.execute(
        select(Clock.id, Clock.docket_id, Clock.track, Clock.rule, Clock.due, Clock.seq)
        .where(Clock.state == "open", Clock.rule.in_(rules), Clock.due < today)
        .order_by(Clock.due, Clock.id)
    ).all()
    return sum(_act(row, now) for row in due)


def _windows() -> list[str]:
    return [c.id for c in procedure().clocks.values() if c.owner == "window"]


def _act(row: Any, now: datetime) -> bool:
    """One act of time. A fault with one docket holds up no other: rights end on their day. What an
    act before it in the same round has ended, asks for none."""
    if not db.session.scalar(select(Clock.id).where(Clock.id == row.id, Clock.state == "open")):
        return False
    try:
        _take(row, now)
    except NotDone as error:
        _say(logging.WARNING, row.docket_id, str(error), now)
        return False
    except Exception as error:
        _say(logging.ERROR, row.docket_id, told(error), now)
        return False
    return True


def _say(level: int, docket_id: int, why: str, now: datetime) -> None:
    """That time could not act is logged once a day: it is tried every few seconds, and may be
    refused for weeks."""
    day = now.astimezone(SHANGHAI).date()
    said = current_app.extensions.setdefault("time refused", {})
    if said.get((docket_id, why)) != day:
        said[docket_id, why] = day
        log.log(level, "time could not act on docket %s: %s", docket_id, why)


def _take(row: Any, now: datetime) -> None:
    step, answers = BY_TIME.get(row.rule, WINDOW), {"clock": row.id}
    if row.rule == "public_notice":
        paper = _paper_of(row.docket_id, row.seq)
        if paper.state == "issued":
            answers = {"paper": paper.id}
        else:
            # an earlier version withdrew it and let its notice run on: that ends, and nothing is
            # served
            step = WINDOW
    perform(
        Intent(
            row.docket_id,
            step,
            None,
            row.due + timedelta(days=1),
            row.track,
            "take",
            answers,
            counts_from=None if "paper" in answers else row.due,
        ),
        now,
    )


def _paper_of(docket_id: int, seq: int) -> Paper:
    """The paper whose public notice an act began."""
    docket = db.session.get_one(Docket, docket_id)
    acts = acts_of(db.session(), current_app.extensions["vault"], docket)
    act = next(a for a in acts if a.seq == seq)
    return db.session.get_one(Paper, int(act.asked["paper"]))


def _calendars(now: datetime) -> int:
    """A new list of holidays, from the library or the bureau, moves the clocks that it concerns."""
    return apply_calendars(now.astimezone(SHANGHAI).date(), now)


# -- housekeeping
def _drafts() -> int:
    one_time_pages.sweep()
    with writing() as session:
        gone = [*jobs.sweep(session), *scans.sweep(session)]
        guessing.sweep(session)
        signin.sweep(session)
        swept = drafts.sweep(session)
    for name in gone:  # no row may name a file that is not there
        current_app.extensions["sealed_store"].delete(name)
    return swept


def _sign(now: datetime) -> dict[str, int]:
    """The chains. A bureau is signed before its rows are entered: from then on its head must not be
    missing."""
    done = {"heads": _heads(now), "begun": row_journal.begin_all()}
    if done["begun"]:
        _heads(now)
    return done


def _heads(now: datetime) -> int:
    """A file that cannot be written, or a chain that nobody can read, holds up nothing else; the
    page of the administrator says that nothing is signed."""
    try:
        return heads.sign_heads(db.session(), now)
    except Exception as error:
        db.session.rollback()
        full = isinstance(error, OSError) and error.errno in NO_ROOM
        no_room = "no room on the disk; they are signed as soon as there is some"
        why = no_room if full else told(error)
        log.error("the heads of the journals could not be kept: %s", why)
        return 0


def _orphans() -> int:
    """Swept when a process begins, and every few hours while it goes on."""
    looked = current_app.extensions.get("orphans looked for", -LOOK_FOR_ORPHANS)
    moment = time.monotonic()
    if moment - looked < LOOK_FOR_ORPHANS:
        return 0
    current_app.extensions["orphans looked for"] = moment
    return sweep_orphans()


def sweep_orphans() -> int:
    """Delete sealed files, older than two days, that no paper, attachment or draft names; answers
    how many. Drafts are asked first: what is sent in that moment stands among the attachments
    afterwards."""
    store = current_app.extensions["sealed_store"]
    used = drafts.files_in_use()
    used |= set(db.session.scalars(select(Paper.stored))) | set(
        db.session.scalars(select(Attachment.stored))
    )
    used |= set(db.session.scalars(select(Attachment.cleaned)))
    for column in (
        jobs.Job.stored,
        SignedCopy.stored,
        StrayPage.stored,
        ScanStack.stored,
        Destruction.stored,
    ):
        used |= set(db.session.scalars(select(column)))
    old = [n for n in store.names() if n not in used and time.time() - store.age(n) > ORPHAN_AGE]
    for name in old:
        store.shred(name)
    return len(old)


def _daily(day: date) -> int:
    """What the day's first round does beside. The day is noted once it is done: the next round
    makes up for a broken one."""
    file = Path(current_app.instance_path) / "daily"
    if file.exists() and file.read_text("utf-8") == day.isoformat():
        return 0
    done = retention_rows.note_retention(day)
    second_reading.read_due_dockets(day)
    due_notices.note_due(day)
    file.write_text(day.isoformat(), "utf-8")
    return done


def run_in_background(app: Flask, seconds: float = 2.0) -> threading.Thread:
    """Start a thread of the server that ticks every so many seconds; a fault is logged and the next
    round tries again."""

    def loop() -> None:
        for _ in _for_ever(seconds):
            with app.app_context():
                try:
                    tick()
                except Exception as error:
                    log.error("tick failed: %s", told(error))

    thread = threading.Thread(target=loop, name="tick", daemon=True)
    thread.start()
    return thread


def _for_ever(seconds: float) -> Iterator[None]:
    while True:
        yield
        time.sleep(seconds)
