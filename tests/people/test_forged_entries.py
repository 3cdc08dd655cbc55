"""Whoever has the database alone can append to no journal: a chain without a key is anybody's to
make longer."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import insert, select

from casework.people import chain, heads, office_journal, row_journal
from casework.people.chain import ChainLink
from casework.people.models import Bureau, OfficeEntry
from casework.store import Model, db, utcnow
from casework.upkeep.walk import Team
from casework.vault.digest import canonical, salted_digest
from tests.acts.roads import tip
from tests.acts.whole import all_hold, faults
from tests.support.forged import forge


def append(bureau_id: int, what: str, details: dict[str, Any]) -> None:
    """An entry of the office with its link, as the program makes them, but for what only its keys
    make."""
    forge("SELECT 1")
    salt = secrets.token_bytes(16)
    entry = OfficeEntry(
        bureau_id=bureau_id,
        actor_id=None,
        at=utcnow().replace(microsecond=0),
        what=what,
        about="",
        details=details,
        salt=salt,
        digest=salted_digest(salt, canonical(details)),
    )
    db.session.add(entry)
    db.session.flush()
    last, hashed = chain.head(db.session(), bureau_id), office_journal.hash_of(entry)
    place = last.place + 1
    link = {
        "bureau_id": bureau_id,
        "place": place,
        "entry": hashed,
        "act_id": None,
        "office_id": entry.id,
        "hash": chain.hash_of(bureau_id, place, hashed, last.hash),
    }
    db.session.execute(insert(ChainLink).values(**link))
    db.session.commit()


def mark_of(name: str) -> str:
    """What the newest entry of a table's only row says that stands there: to be read by whoever
    reads the database."""
    entries = db.session.scalars(
        select(OfficeEntry.details).where(OfficeEntry.what == "rows").order_by(OfficeEntry.id)
    )
    return str([line[4] for details in entries for line in details["rows"] if line[0] == name][-1])


def test_a_forged_row_with_a_forged_entry_is_named(team: Team, bureau: Bureau) -> None:
    """The account for fines is another, and an entry says that it was changed."""
    number = bureau.id
    assert all_hold()
    forge("UPDATE bureau SET bank = '62-1111111111'")
    t, salt = Model.metadata.tables["bureau"], secrets.token_bytes(16)
    row = db.session.execute(select(t)).mappings().one()
    digest = salted_digest(salt, canonical(row_journal.said(t, row)))
    append(
        number,
        "rows",
        {"salt": salt.hex(), "rows": [["bureau", [number], digest, mark_of("bureau"), "0" * 32]]},
    )
    assert heads.sign_heads(db.session(), utcnow()) == 0  # nothing is signed over it
    assert ("foreign", place_of_last(number)) in {(f.what, f.seq) for f in faults()}


def place_of_last(bureau_id: int) -> int:
    return chain.head(db.session(), bureau_id).place


def test_a_file_emptied_with_a_forged_destruction_is_named(team: Team, bureau: Bureau) -> None:
    """Nobody destroys a file by saying that it was destroyed."""
    number, docket = bureau.id, tip(team, bureau).docket_id
    assert all_hold()
    append(number, "docket.destroyed", {"docket": docket, "batch": 1})
    assert ("foreign", place_of_last(number)) in {(f.what, f.seq) for f in faults()}


def test_what_the_program_enters_after_a_forged_entry_leaves_it_named(
    team: Team, bureau: Bureau
) -> None:
    number = bureau.id
    assert all_hold()
    append(number, "setting", {"value": "1"})
    place = place_of_last(number)
    tip(team, bureau)
    assert place_of_last(number) > place
    assert heads.sign_heads(db.session(), utcnow()) == 0
    assert ("foreign", place) in {(f.what, f.seq) for f in faults()}
