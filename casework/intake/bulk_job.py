"""Takes a list in beside the request, with its progress in a small file that any process of the server can read.

The file holds numbers only. What counts is the database: the list is one transaction, so a server that stops half-way has
written nothing, and the same list can be sent again.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from casework.intake import bulk, drafts
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
    pid: int = 0


def start(bureau_id: int, judged: bulk.Judged, draft_key: str, stored: str) -> str:
    """Begin; the run's name. The draft is dropped in the transaction, so that a second click finds nothing to do."""
    run, app = secrets.token_hex(16), cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    progress = Progress(judged.count("good"), pid=os.getpid())
    _sweep()
    _write(_file(run), progress)
    work = threading.Thread(target=_work, args=(app, run, bureau_id, judged, draft_key, stored, progress), name="import")
    work.start()
    return run


def _work(app: Flask, run: str, bureau_id: int, judged: bulk.Judged, draft_key: str, stored: str, progress: Progress) -> None:
    with app.app_context():

        def moved(done: int) -> None:
            progress.done = done
            if done % STEP == 0:  # other writers wait meanwhile
                _write(_file(run), progress)

        try:
            numbers = bulk.take_all(bureau_id, judged, lambda session: drafts.drop(session, draft_key), moved)
            progress.state, progress.first, progress.last = "done", numbers[0], numbers[-1]
            current_app.extensions["sealed_store"].delete(stored)
        except Exception as error:  # names only: what it says may hold what the list said
            log.error("a list could not be taken in: %s", type(error).__name__)
            progress.state = "failed"
        finally:
            _write(_file(run), progress)
            db.session.remove()


def look(run: str) -> Progress | None:
    """How far a run is; None for one that is not known."""
    if not _RUN.fullmatch(run) or not _file(run).exists():
        return None
    progress = Progress(**json.loads(_file(run).read_text()))
    if progress.state == "running" and not _alive(progress.pid):
        progress.state = "stopped"
    return progress


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _file(run: str) -> Path:
    return Path(current_app.instance_path) / "imports" / f"{run}.json"


def _sweep() -> None:
    """Runs of more than a day ago are nobody's any more."""
    for file in (Path(current_app.instance_path) / "imports").glob("*.json"):
        if time.time() - file.stat().st_mtime > DAY:
            file.unlink(missing_ok=True)


def _write(file: Path, progress: Progress) -> None:
    file.parent.mkdir(exist_ok=True, mode=0o700)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(asdict(progress)))
    draft.replace(file)
