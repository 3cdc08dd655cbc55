"""What must hold of an instance after any kill, whatever work was struck."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from flask import current_app
from sqlalchemy import select, text

from casework.archive import destroy
from casework.archive.records import Destruction
from casework.docket.models import Act
from casework.papers.models import Series
from casework.people import heads
from casework.store import db
from casework.upkeep import tick, verify
from casework.vault import placed

# what may lie in an instance folder; a draft of anything else is half a file
ITS_OWN = {
    "casework.sqlite",
    "casework.sqlite-shm",
    "casework.sqlite-wal",
    "daily",
    "heads.json",
    "keys.json",
    "sealed",
    "wording",
    "write.lock",
}
_NUMBER = re.compile(r"〔(\d{4})〕(\d+)号")


def faults() -> list[str]:
    """Everything that does not hold as it lies there."""
    db.session.rollback()
    return [*_database(), *_journals(), *_numbers()]


def faults_at_rest() -> list[str]:
    """The same once the work has gone on to its end: then nothing half is left either."""
    return [*faults(), *_files(), *_half_files(Path(current_app.instance_path))]


def _database() -> Iterator[str]:
    said = db.session.scalars(text("PRAGMA integrity_check")).all()
    yield from (f"database: {line}" for line in said if line != "ok")
    yield from (
        f"a row leads nowhere: {row[0]}"
        for row in db.session.execute(text("PRAGMA foreign_key_check"))
    )


def _journals() -> Iterator[str]:
    """As ``journal verify``: chains, rows played again, rows entered, sealed files."""
    for fault in verify.all_faults(db.session(), heads.read_file(heads.heads_path())):
        yield f"journal verify: {fault.docket} {fault.seq} {fault.what} {fault.detail}"


def _numbers() -> Iterator[str]:
    """Numbers that acts and batches have taken: from one on, none left out, none twice, the last as
    the series says."""
    found = defaultdict[tuple[str, int], list[int]](list)
    for effects in db.session.scalars(select(Act.effects)):
        for e in effects:
            if e.get("series") and e.get("no"):
                found[e["series"], e["year"]].append(e["no"])
    for number in db.session.scalars(select(Destruction.number)):
        parts = _NUMBER.search(number)
        assert parts, number
        found[destroy.SERIES, int(parts[1])].append(int(parts[2]))
    last = {(row.name, row.year): row.last for row in db.session.scalars(select(Series))}
    for series in {**found, **last}:
        if sorted(found[series]) != list(range(1, last.get(series, 0) + 1)):
            yield f"numbers of {series}: {sorted(found[series])}, the last is {last.get(series)}"


def _files() -> Iterator[str]:
    """Sealed files that nothing names are swept once they are two days old: here at once."""
    store = current_app.extensions["sealed_store"]
    tick.ORPHAN_AGE = -tick.ORPHAN_AGE
    tick.sweep_orphans()
    yield from (f"half a sealed file: {name}" for name in store.names() if name.startswith("."))


def _half_files(folder: Path) -> Iterator[str]:
    for name in ("heads.json", "verified.json"):
        placed.clear_drafts(folder / name)  # as the next writing does with what is an hour old
    there = {path.name for path in folder.iterdir()} - ITS_OWN
    yield from (f"left in the instance folder: {name}" for name in sorted(there))
