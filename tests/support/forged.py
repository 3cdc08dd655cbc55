"""Entries of a journal that somebody changed with the database alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text

from casework.docket import journal
from casework.docket.models import Act
from casework.people import chain, heads
from casework.people.models import ChainLink
from casework.store import db, utcnow
from casework.vault.digest import canonical, sm3
from casework.vault.sealing import vault


def anchors() -> list[heads.Signed]:
    """What somebody carried away today."""
    keys = vault().keyring
    return [
        heads.sign(keys, code, head, utcnow())
        for code, head in heads.newest_heads(db.session()).items()
    ]


# -- what an attacker with the database writes himself; he knows the program, but has no key
def hash_of_act(row: Any) -> str:
    entry = journal.NewEntry(
        row.track,
        row.step,
        row.verb,
        row.version,
        row.actor_id,
        row.on,
        row.at,
        {},
        tuple(row.effects),
    )
    return sm3(canonical(journal.skeleton(row.docket_id, row.seq, entry, row.digest, row.prev)))


def rehash(docket_id: int) -> None:
    """Make a docket's own chain hold again after a change."""
    prev = journal.GENESIS
    for seq in sorted(db.session.scalars(select(Act.seq).where(Act.docket_id == docket_id))):
        forge(f"UPDATE act SET prev = '{prev}' WHERE docket_id = {docket_id} AND seq = {seq}")
        row = db.session.scalars(
            select(Act).where(Act.docket_id == docket_id, Act.seq == seq)
        ).one()
        prev = hash_of_act(row)
        forge(f"UPDATE act SET hash = '{prev}' WHERE docket_id = {docket_id} AND seq = {seq}")


def rechain(bureau_id: int) -> None:
    """Make the chain of the bureau hold again over what stands there now, by somebody who holds the
    key file as well."""
    query = (
        select(ChainLink, Act)
        .outerjoin(Act, Act.id == ChainLink.act_id)
        .where(ChainLink.bureau_id == bureau_id)
    )
    rows = db.session.execute(query.order_by(ChainLink.place)).all()
    links = [
        (link.place, act.hash if act else link.entry) for link, act in rows if act or link.office_id
    ]
    kept = ", ".join(str(old) for old, _entry in links)
    forge(f"DELETE FROM chain_link WHERE bureau_id = {bureau_id} AND place NOT IN ({kept})")
    prev = chain.GENESIS
    for place, (old, entry) in enumerate(links, 1):
        prev = chain.hash_of(bureau_id, place, entry, prev)
        values = (
            f"place = {place}, entry = '{entry}', hash = '{prev}', seal = '{chain.seal_of(prev)}'"
        )
        forge(f"UPDATE chain_link SET {values} WHERE bureau_id = {bureau_id} AND place = {old}")


def drop_last_act() -> None:
    forge("DELETE FROM paper")
    forge("DELETE FROM act_body WHERE act_id = (SELECT max(id) FROM act)")
    forge(
        "UPDATE docket SET last_seq = last_seq - 1 WHERE id = (SELECT "
        "docket_id FROM act ORDER BY id DESC LIMIT 1)"
    )
    forge("DELETE FROM act WHERE id = (SELECT max(id) FROM act)")


def forge(statement: str) -> None:
    """Somebody with the database file itself: neither triggers nor references stand in the way."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(statement))
        db.session.expire_all()
        return
    raw = db.engine.raw_connection()
    raw.execute("PRAGMA foreign_keys = OFF")
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    raw.execute(statement)
    raw.execute("PRAGMA foreign_keys = ON")
    raw.close()
    db.session.rollback()
    db.session.expire_all()
