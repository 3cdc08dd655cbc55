"""Takes a list in beside the request, with its progress in a small file that any process of the
server can read.

The file holds numbers and keyed fingerprints only. What counts is the database: the list is one
transaction, so a server that stops half-way has written nothing, and the same list can be sent
again. Whoever is at work on a run holds its lock; what became of one that nobody holds any more is
asked of the database.
"""

from __future__ import annotations

import fcntl
import json
import logging
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from casework.docket.models import Docket
from casework.intake import arrivals, bulk, drafts
from casework.store import db

log = logging.getLogger("casework")
DAY = 24 * 3600  # seconds
STEP = 20  # rows between two notes of how far it is
_RUN = re.compile(r"[0-9a-f]{32}")


@dataclass
class Progress:
    """How far a list is: state = running · done · failed · stopped (its process is gone)."""

    total: int
    done: int = 0
    state: str = "running"
    first: str = ""
    last: str = ""
    bureau: int = 0
    ends: list[str] = field(default_factory=list)  # fingerprints of the first and the last row


def start(bureau_id: int, judged: bulk.Judged, draft_key: str, stored: str) -> str:
    """Begin; the run's name. The draft is dropped in the transaction, so that a second click finds
    nothing to do."""
    run, app = secrets.token_hex(16), cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    good = [row.content.hex() for row in judged.rows if row.asked]
    progress = Progress(len(good), bureau=bureau_id, ends=[good[0], good[-1]])
    _sweep()
    until_done = ExitStack()
    until_done.enter_context(run_lock(run))
    _write(_file(run), progress)
    work = threading.Thread(
        target=_work,
        args=(app, run, judged, draft_key, stored, progress, until_done),
        name="import",
    )
    work.start()
    return run


def _work(
    app: Flask,
    run: str,
    judged: bulk.Judged,
    draft_key: str,
    stored: str,
    progress: Progress,
    until_done: ExitStack,
) -> None:
    with until_done, app.app_context():

        def moved(done: int) -> None:
            progress.done = done
            if done % STEP == 0:  # other writers wait meanwhile
                _write(_file(run), progress)

        try:
            numbers = bulk.take_all(
                progress.bureau, judged, lambda session: drafts.drop(session, draft_key), moved
            )
            progress.state, progress.first, progress.last = "done", numbers[0], numbers[-1]
            with suppress(OSError):  # swept like any file that nothing names
                current_app.extensions["sealed_store"].delete(stored)
        except Exception as error:  # names only: what it says may hold what the list said
            log.error("a list could not be taken in: %s", type(error).__name__)
            progress.state = "failed"
        finally:
            _write(_file(run), progress)
            db.session.remove()


def progress_of_run(run: str) -> Progress | None:
    """How far a run is; None for one that is not known."""
    if not _RUN.fullmatch(run) or not _file(run).exists():
        return None
    if _is_held(run):
        return _read(run)
    progress = _read(run)  # now that nobody changes it any more
    return _as_it_ended(progress) if progress.state == "running" else progress


def _read(run: str) -> Progress:
    return Progress(**json.loads(_file(run).read_text()))


def _as_it_ended(progress: Progress) -> Progress:
    """What became of a list whose process is gone: all of its rows are tips, or none."""
    dockets = [arrivals.docket_of(progress.bureau, bytes.fromhex(end)) for end in progress.ends]
    numbers = [db.session.get_one(Docket, docket).number for docket in dockets if docket]
    if not numbers or len(numbers) < len(progress.ends):
        return replace(progress, state="stopped")
    return replace(progress, state="done", done=progress.total, first=numbers[0], last=numbers[-1])


@contextmanager
def run_lock(run: str) -> Iterator[None]:
    """While this process is at work on a run; the lock ends with it, however it ends."""
    file = _file(run).with_suffix(".lock")
    file.parent.mkdir(exist_ok=True, mode=0o700)
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _is_held(run: str) -> bool:
    try:
        with _file(run).with_suffix(".lock").open() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _file(run: str) -> Path:
    return Path(current_app.instance_path) / "imports" / f"{run}.json"


def _sweep() -> None:
    """Runs of more than a day ago are nobody's any more."""
    for file in (Path(current_app.instance_path) / "imports").glob("*"):
        if time.time() - file.stat().st_mtime > DAY:
            file.unlink(missing_ok=True)


def _write(file: Path, progress: Progress) -> None:
    file.parent.mkdir(exist_ok=True, mode=0o700)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(asdict(progress)))
    draft.replace(file)
