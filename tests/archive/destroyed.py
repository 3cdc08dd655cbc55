"""Batches of destruction, proposed and confirmed, and what is left after them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import text

from casework.archive import appraise, destroy
from casework.docket.models import Docket
from casework.people.may import scope, today
from casework.people.models import Person
from casework.store import db
from casework.store.tables import metadata
from casework.upkeep.walk import Team, Walk

LATER = date(2099, 3, 1)
Ripe = tuple[Walk, Walk]


def person(team: Team, login: str) -> Person:
    return db.session.get_one(Person, team.others[login])


def propose(who: Person, docket: int, day: date = LATER) -> int:
    return destroy.propose(who, scope(who, today()), [docket], "丰统鉴〔2099〕1号", day)


def proposed(team: Team, both: Ripe) -> int:
    return propose(person(team, "clerk"), both[1].docket_id)


def confirmed(team: Team, both: Ripe) -> int:
    number = proposed(team, both)
    destroy.confirm(person(team, "leader"), number, LATER)
    return number


def why(docket: int, day: date = LATER) -> list[str]:
    return appraise.hindrances(db.session(), db.session.get_one(Docket, docket), day)


def rows_of(table: str) -> int:
    """Rows of a table; notices of the batch itself, which name its number, are not a docket's."""
    of_dockets = " WHERE docket_id IS NOT NULL" if table == "notice" else ""
    return int(str(db.session.execute(text(f"SELECT count(*) FROM {table}{of_dockets}")).scalar()))


def bytes_of(instance: Path) -> Iterator[tuple[str, bytes]]:
    """Everything on the disk of the instance; every row, where they are not there (its files:
    tests/postgres)."""
    for file in instance.rglob("*"):
        if file.is_file():
            yield str(file.relative_to(instance)), file.read_bytes()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            for name, table in metadata().tables.items():
                cells = [cell for row in connection.execute(table.select()) for cell in row]
                yield (
                    name,
                    b"\n".join(c if isinstance(c, bytes) else str(c).encode() for c in cells),
                )


STATEMENTS = [
    "DELETE FROM act_body",
    "DELETE FROM act",
    "UPDATE act SET verb = 'x'",
    "UPDATE act_body SET body = salt",
    "UPDATE paper SET sha256 = ''",
    "UPDATE paper SET stored = ''",
    "UPDATE paper SET number = ''",
    "DELETE FROM paper",
    "DELETE FROM identity_request",
    "DELETE FROM identity_verdict",
    "DELETE FROM identity_opening",
    "DELETE FROM approval",
    "UPDATE identity_request SET reason = ''",
    "UPDATE office_entry SET details = '{}'",
    "UPDATE office_entry SET what = 'x'",
    "DELETE FROM office_entry",
]
ALWAYS = [
    s
    for s in STATEMENTS
    if s
    not in (
        "DELETE FROM act_body",
        "UPDATE paper SET sha256 = ''",
        "UPDATE paper SET stored = ''",
        "DELETE FROM identity_request",
        "DELETE FROM identity_verdict",
        "DELETE FROM identity_opening",
        "UPDATE office_entry SET details = '{}'",
    )
]
