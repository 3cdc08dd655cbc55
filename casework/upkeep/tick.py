"""``tick``: what time itself brings about, once, in order, also after days of standing still."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from casework.acts import batches
from casework.acts.calendar import apply_calendars
from casework.acts.errors import NotDone
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.archive import destroy, jobs, keeping
from casework.archive.models import Binding, SignedCopy, StrayPage
from casework.archive.records import Destruction
from casework.docket import journal
from casework.docket.models import Clock, Docket
from casework.evidence.models import Attachment
from casework.intake import drafts, mail_cli, opening
from casework.papers.models import Paper
from casework.procedure.load import procedure
from casework.store import db, utcnow, writing
from casework.upkeep import outbox
from casework.web.faults import told
from casework.web.shown import SHANGHAI

log = logging.getLogger("casework")
# clock → the step that time takes when its last day is over
BY_TIME = {"public_notice": "deemed_served", "show": "unpublish", "listing": "delist"}
WINDOW = "window_over"  # the step for every right that ends by itself
ORPHAN_AGE = 2 * 24 * 3600  # seconds a file without an owner is kept


def tick(now: datetime | None = None) -> dict[str, int]:
    """One round; answers how much of each kind was done. Doing it twice does nothing more."""
    now = now or utcnow()
    done = {
        "acts": _by_time(now),
        "outbox": outbox.pass_on(),  # before all that may fail: what must leave the public list leaves it
        "calendars": _calendars(now),
        "drafts": _drafts(),
        "heads": _heads(now),
    }
    done |= {"identities": opening.sweep(), "batches": batches.work(), "destroyed": destroy.work()}
    return {**done, "kept": keeping.sweep(now.astimezone(SHANGHAI).date()) if done["heads"] else 0}  # once a day


def _by_time(now: datetime) -> int:
    """Deemed service and expiries, oldest first, each through the one door and dated by the day it happened."""
    done = 0
    while more := _due_now(now):  # one act of time may start a window that is over by now as well
        done += more
    return done


def _due_now(now: datetime) -> int:
    today = now.astimezone(SHANGHAI).date()
    due = db.session.execute(
        select(Clock.id, Clock.docket_id, Clock.track, Clock.rule, Clock.due, Clock.seq)
        .where(Clock.state == "open", Clock.rule.in_([*BY_TIME, *_windows()]), Clock.due < today)
        .order_by(Clock.due, Clock.id)
    ).all()
    return sum(_act(row, now) for row in due)


def _windows() -> list[str]:
    return [c.id for c in procedure().clocks.values() if c.owner == "window"]


def _act(row: Any, now: datetime) -> bool:
    """One act of time. A fault with one docket holds up no other: rights end on their day."""
    try:
        _take(row, now)
    except NotDone as error:
        log.warning("time could not act on docket %s: %s", row.docket_id, error)
        return False
    except Exception as error:
        log.error("time could not act on docket %s: %s", row.docket_id, told(error))
        return False
    return True


def _take(row: Any, now: datetime) -> None:
    payload = (
        {"paper": _paper_of(row.docket_id, row.seq)}
        if row.rule == "public_notice"
        else {"clock": row.id, "_from": row.due.isoformat()}
    )
    on = row.due + timedelta(days=1)
    perform(Intent(row.docket_id, BY_TIME.get(row.rule, WINDOW), None, on, row.track, "take", payload), now)


def _paper_of(docket_id: int, seq: int) -> int:
    """The paper whose public notice an act began."""
    docket = db.session.get_one(Docket, docket_id)
    act = next(r for r in journal.read(db.session(), current_app.extensions["vault"], docket) if r.act.seq == seq)
    asked = act.payload
    if "_proposal" in asked:
        proposal = int(asked["_proposal"])
        entries_ = journal.read(db.session(), current_app.extensions["vault"], docket)
        asked = next(r.payload for r in entries_ if r.act.seq == proposal)
    return int(asked["paper"])


def _calendars(now: datetime) -> int:
    """A new list of holidays, from the library or the bureau, moves the clocks that it concerns."""
    return apply_calendars(now.astimezone(SHANGHAI).date(), now)


# -- housekeeping
def _drafts() -> int:
    with writing() as session:
        jobs.sweep(session)
        return drafts.sweep(session)


def sweep_orphans() -> int:
    """Sealed files that no paper, attachment or draft names, older than two days. Drafts are asked first: what is sent in
    that moment stands among the attachments afterwards."""
    store = current_app.extensions["sealed_store"]
    used = drafts.files_in_use()
    used |= set(db.session.scalars(select(Paper.stored))) | set(db.session.scalars(select(Attachment.stored)))
    used |= set(db.session.scalars(select(Attachment.cleaned)))
    for column in (Binding.stored, SignedCopy.stored, StrayPage.stored, Destruction.stored):
        used |= set(db.session.scalars(select(column)))
    old = [n for n in store.names() if n not in used and time.time() - store.age(n) > ORPHAN_AGE]
    for name in old:
        store.delete(name)
    return len(old)


def heads_file() -> Path:
    """Where the last entries of all chains are kept, outside the database."""
    return Path(current_app.instance_path) / "heads.json"


def _heads(now: datetime) -> int:
    """Once a day: the heads of all chains, so that a cut-off tail is seen."""
    file, day = heads_file(), now.astimezone(SHANGHAI).date().isoformat()
    if file.exists() and json.loads(file.read_text()).get("day") == day:
        return 0
    found = journal.heads(db.session())
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps({"day": day, "heads": found}))
    os.replace(draft, file)
    return len(found)


def kept_heads() -> dict[str, dict[str, object]]:
    """The heads kept last."""
    file = heads_file()
    found: dict[str, dict[str, object]] = json.loads(file.read_text())["heads"] if file.exists() else {}
    return found


def run_in_background(app: Flask, seconds: float = 2.0) -> threading.Thread:
    """A thread of the server that ticks; a fault is logged and the next round tries again."""

    def loop() -> None:
        for _ in _for_ever(seconds):
            with app.app_context():
                try:
                    tick()
                except Exception as error:
                    log.error("tick failed: %s", told(error))

    thread = threading.Thread(target=loop, name="tick", daemon=True)
    thread.start()
    mail_cli.run_in_background(app)  # beside it, so that a slow mail server holds up no deadline
    return thread


def _for_ever(seconds: float) -> Iterator[None]:
    while True:
        yield
        time.sleep(seconds)
