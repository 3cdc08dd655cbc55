"""Entering what a restored copy lacks: ``backup restore`` leaves a note in the folder, and the
first round of ``tick`` enters it in the journal of every bureau."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.people import anchors, chain, heads, lost_span, office_journal
from casework.people.heads import Signed
from casework.people.lost_span import Loss
from casework.people.models import Bureau
from casework.store import writing
from casework.vault.digest import canonical
from casework.vault.keys import KeyRing
from casework.web.filters import local

log = logging.getLogger("casework")
NOTE = "restored.json"
_ENDS = (
    "SELECT b.code, max(c.place) FROM chain_link c JOIN bureau b "
    "ON b.id = c.bureau_id GROUP BY b.code"
)


# -- the seal of a copy's list
def seal_of(contents: Mapping[str, Any], ring: KeyRing) -> str:
    """The seal of a copy's list, under a key of its instance: whoever changes a copy and its list
    cannot make it anew."""
    key = ring.derive("copies of the instance")
    return hashlib.blake2b(
        canonical({"made": contents["made"], "sha256": contents["sha256"]}), key=key
    ).hexdigest()


def is_sealed(contents: Mapping[str, Any], ring: KeyRing) -> bool:
    """Whether the list of a copy bears the seal that these keys make."""
    return hmac.compare_digest(
        str(contents.get("seal", "")).encode(), seal_of(contents, ring).encode()
    )


# -- the note
def leave_note(
    folder: Path,
    database: str,
    contents: Mapping[str, Any],
    at: datetime,
    outside: Iterable[Signed],
) -> None:
    """Write the note into the unpacked copy: its list with the seal, where its chains end, and
    heads known elsewhere (``outside``). ``at``: when it was restored."""
    said = {
        "list": contents,
        "at": at.isoformat(),
        "ends": _ends(folder / database),
        "outside": [h.line for h in outside],
    }
    (folder / NOTE).write_text(json.dumps(said, indent=1), "utf-8")


def _ends(database: Path) -> dict[str, int]:
    """Bureau's code → its last place; none in a copy of a version without a chain."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as found:
            return dict(found.execute(_ENDS).fetchall())
    except sqlite3.Error:
        return {}


def enter_note() -> int:
    """Enter what the note says, once, and delete it; answers in how many bureaus. Where the copy's
    list does not bear our seal nothing is entered: keys that came by hand could not be asked
    before, and what was cut off in a copy is no loss."""
    file = Path(current_app.instance_path) / NOTE
    if not file.exists():
        return 0
    said = _sealed_note(file)
    if said is None:
        log.error(
            "a copy was brought back whose list does not bear our seal: "
            "nothing was entered of what is lost"
        )
        file.unlink()
        return 0
    outside = list(anchors.found_in("\n".join(said["outside"])))
    made, at = datetime.fromisoformat(said["list"]["made"]), datetime.fromisoformat(said["at"])
    with writing() as session:
        entered = enter(session, made, at, outside, said["ends"])
    file.unlink()
    return entered


def _sealed_note(file: Path) -> Mapping[str, Any] | None:
    try:
        said: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return said if is_sealed(said["list"], current_app.extensions["vault"].keyring) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def enter(
    session: Session,
    made: datetime,
    at: datetime,
    outside: Iterable[Signed],
    ends: Mapping[str, int] | None = None,
) -> int:
    """Enter in every bureau, once, that a copy made at ``made`` was restored at ``at``; answers in
    how many. ``ends``: where its chains end, by the bureau's code; without it where they end now.
    ``outside``: heads that were kept elsewhere; those that this instance did not sign, or that name
    nothing lost, are passed over."""
    bureaus, outside = session.scalars(select(Bureau).order_by(Bureau.id)).all(), list(outside)
    for bureau in bureaus:
        last = chain.head(session, bureau.id).place if ends is None else ends.get(bureau.code, 0)
        if all(known.at != at for known in lost_span.losses(session, bureau.id)):
            loss = _with_known(bureau.code, Loss(last, made, at), outside)
            office_journal.enter(
                session,
                bureau.id,
                None,
                lost_span.WHAT,
                local(made),
                lost_span.sealed(bureau.code, loss),
            )
    return len(bureaus)


def _with_known(code: str, loss: Loss, outside: Iterable[Signed]) -> Loss:
    """The same with the newest entry of which somebody outside knows."""
    key = heads.signing_key(current_app.extensions["vault"].keyring).verify_key
    lost = [
        h for h in outside if h.bureau == code and h.genuine(key) and loss.explains(h.place, h.at)
    ]
    if not lost:
        return loss
    newest = max(lost, key=lambda h: h.place)
    return replace(loss, known=newest.place, known_at=local(datetime.fromtimestamp(newest.at, UTC)))


def outside_of(files: Iterable[Path]) -> list[Signed]:
    """The heads in files that were kept elsewhere: a ``heads.json``, or texts with lines of
    anchors. Error: OSError."""
    found = list[Signed]()
    for file in files:
        words = file.read_text("utf-8", "replace")
        found += anchors.found_in(words)
        if words.lstrip().startswith("{"):
            found += heads.read_file(file).values()
    return found
