"""记录锚定单: the newest head of a bureau on a sheet for the auditor's cabinet. It belongs to no
docket and has no number of a series: its printing is an entry of the office's journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from casework.acts.draw import wording
from casework.people import anchors, heads
from casework.people.heads import Signed
from casework.people.models import Bureau, OfficeEntry, Person
from casework.people.office_journal import enter
from casework.store import db, writing
from casework.web.filters import SHANGHAI
from letters.base import BureauHead, Letter
from letters.format import printed_date
from letters.registry import LETTERS

PRINTED = "anchor.print"  # the office's entry
LINES = 4  # of four groups each


def print_now(person: Person, now: datetime) -> bytes:
    """The sheet with the newest head, as PDF. That it was printed is entered after it."""
    bureau = db.session.get_one(Bureau, person.bureau_id)
    head = heads.sign_newest(db.session(), bureau, now)
    made, who, bureau_id = (
        sheet(bureau, head, person.name, now.astimezone(SHANGHAI).date()),
        person.id,
        bureau.id,
    )
    with writing() as session:
        enter(session, bureau_id, who, PRINTED, "", {"place": head.place})
    return made


def last_printed(bureau_id: int) -> datetime | None:
    """When a sheet was printed last."""
    mine = (OfficeEntry.bureau_id == bureau_id, OfficeEntry.what == PRINTED)
    return db.session.scalar(select(func.max(OfficeEntry.at)).where(*mine))


def sheet(bureau: Bureau, head: Signed, printer: str, day: date) -> bytes:
    """The sheet for a head."""
    pieces = anchors.groups(head.hash)
    lines = {f"line_{n + 1}": "　".join(pieces[n * 4 : n * 4 + 4]) for n in range(LINES)}
    values: Mapping[str, str] = {
        "code": head.bureau,
        "place": str(head.place),
        "day": printed_date(day),
        "printer": printer,
        "whole": head.line,
        **lines,
    }
    kind: Any = LETTERS["anchor_sheet"]
    by = BureauHead(bureau.name, bureau.name, bureau.address, bureau.phone, bureau.area)
    made: Letter = kind(bureau=by, number=str(head.place), on=day, values=values, wording=wording())
    return made.draw()
