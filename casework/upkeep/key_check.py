"""Whether ``keys.json`` is that of this database: each generation has a digest there that only the
right key makes.

Asked before the program opens a room. Foreign keys would open nothing, and whatever is sealed under
them is lost to those who come back with the right ones.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from pathlib import Path

from flask import current_app
from sqlalchemy import inspect, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from casework.docket.journal import data_key_name
from casework.docket.models import Docket
from casework.people.models import Bureau, KeyCheck
from casework.store import db, table, writing
from casework.vault.keys import KeyRing
from casework.vault.sealing import Tampered, Vault

_FOREIGN = (
    "keys.json is not that of this database: put back the one that "
    "belongs to it, and change nothing else"
)
_MISSING = "keys.json is missing beside existing data: put it back from where you keep it"
_SHORT = (
    "keys.json is an older copy: it lacks generation {generation}, "
    "which sealed this database; put the newest back"
)


class WrongKeys(Exception):
    """The key file does not belong to the database; the message says what to do about it."""


def require_right_keys() -> None:
    """Compare the key file with what the database says of its generations. Error: WrongKeys.
    Nothing is said of a database without tables; one that does not answer is asked again by
    ``tick``."""
    if db.engine.dialect.name == "sqlite" and not _file_exists():
        return
    try:
        if inspect(db.engine).has_table("bureau"):
            _look(db.session())
    except (OperationalError, InterfaceError):  # it does not answer
        return
    finally:
        db.session.remove()


def _file_exists() -> bool:
    """A connection would make an empty file."""
    name = db.engine.url.database
    return bool(name) and Path(str(name)).exists()


def _look(session: Session) -> None:
    vault: Vault = current_app.extensions["vault"]
    if not vault.keyring.on_disk and session.scalar(select(Bureau.id).limit(1)) is not None:
        raise WrongKeys(_MISSING)
    known = _known(session)
    if not known:
        _opens_something(session, vault)
    for generation, digest in sorted(known.items()):
        if generation not in vault.keyring.generations:
            raise WrongKeys(_SHORT.format(generation=generation))
        if not hmac.compare_digest(digest.encode(), digest_of(vault.keyring, generation).encode()):
            raise WrongKeys(_FOREIGN)


def _known(session: Session) -> Mapping[int, str]:
    """Generation → its digest; none in a database of an earlier version, until the first round."""
    if not inspect(db.engine).has_table("key_check"):
        return {}
    return {
        generation: digest
        for generation, digest in session.execute(select(KeyCheck.generation, KeyCheck.digest))
    }


def _opens_something(session: Session, vault: Vault) -> None:
    """Before a database knows its keys: whether they open the newest docket."""
    t = table(Docket)
    newest = (
        select(t.c.id, t.c.data_key).where(t.c.data_key != b"").order_by(t.c.id.desc()).limit(1)
    )
    found = session.execute(newest).one_or_none()
    if found is None:
        return
    try:
        vault.unwrap(data_key_name(found.id), found.data_key)
    except Tampered:
        raise WrongKeys(_FOREIGN) from None


def digest_of(ring: KeyRing, generation: int) -> str:
    """The digest of a generation's key that the database keeps; the key cannot be found from it."""
    return ring.derive("key check", generation).hex()


def note_generations() -> int:
    """Note the generations that the database does not know yet, once the others were found right;
    answers how many. Error: WrongKeys."""
    ring: KeyRing = current_app.extensions["vault"].keyring
    if current_app.extensions.get("keys noted") == ring.current:
        return 0
    session = db.session()
    _look(session)
    new = sorted(set(ring.generations) - set(_known(session)))
    if new:
        with writing() as write:
            for generation in new:
                write.merge(KeyCheck(generation=generation, digest=digest_of(ring, generation)))
    current_app.extensions["keys noted"] = ring.current
    return len(new)
