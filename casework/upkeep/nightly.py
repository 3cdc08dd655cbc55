"""The server verifies its journals itself: once a night what was written since, once a week
everything.

In a thread of its own: a look at many dockets takes minutes, and must hold up no deadline.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, current_app

from casework.people import heads, last_verification
from casework.store import db, utcnow
from casework.upkeep import verify
from casework.web.faults import told
from casework.web.filters import SHANGHAI

log = logging.getLogger("casework")
FROM_HOUR = 1  # of the night, in Shanghai: before it the day that ended is still being worked off
AFTER_START = 600.0  # seconds that a server which has just begun is left alone
BETWEEN = 300.0  # seconds between two looks at whether it is time


def due(now: datetime) -> str:
    """Which look is due: «quick», «whole», or "" for none. A result that is not ours, or that found
    faults, asks for a whole one; so does one whose last whole look is a week old."""
    try:
        last = last_verification.read_result()
    except last_verification.NotOurs:
        return "whole"
    if last is None:
        return "whole"
    today, moment = now.astimezone(SHANGHAI), last.at.astimezone(SHANGHAI)
    if today.date() <= moment.date() or today.hour < FROM_HOUR:
        return ""
    old = last.whole_at is None or now - last.whole_at >= last_verification.WHOLE_AGAIN - timedelta(
        hours=12
    )
    return "whole" if last.faults or old else "quick"


def look_when_due(now: datetime | None = None) -> str:
    """Verify if a look is due and no other process is verifying; answers which one was made, "" for
    none."""
    now = now or utcnow()
    kind = due(now)
    if not kind:
        return ""
    with (Path(current_app.instance_path) / "verify.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return ""
        with suppress(Exception):  # then the result says that the newest entries are not signed
            heads.sign_heads(db.session(), now)
        found, _faults = verify.verify_and_store(now, quick=kind == "quick")
    if found.faults:
        log.error("the journals do not hold: %s faults; «journal verify» names them", found.faults)
    return kind


def run_in_background(app: Flask) -> threading.Thread:
    """Start a thread of the server that looks when it is due. A fault of the look itself is logged;
    the next time tries again."""

    def loop() -> None:
        time.sleep(AFTER_START)
        while True:
            with app.app_context():
                try:
                    look_when_due()
                except Exception as error:
                    log.error("the journals could not be verified: %s", told(error))
            time.sleep(BETWEEN)

    thread = threading.Thread(target=loop, name="verify", daemon=True)
    thread.start()
    return thread
