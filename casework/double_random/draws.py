"""The life of a draw: committed, its number typed by two persons, drawn, its cases opened."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.errors import NotAllowed, Refused
from casework.acts.intent import NEW, Intent
from casework.acts.perform import open_docket, perform_in
from casework.double_random import lots
from casework.double_random.frame import DrawRules, make_frame
from casework.double_random.models import DrawnUnit, RandomDraw
from casework.people.facts import settings_of, staff_facts
from casework.people.models import OfficeEntry
from casework.people.office_journal import details_hold, enter
from casework.people.row_journal import is_entered
from casework.store import db, hold_bureau, utcnow, writing
from casework.vault.digest import canonical

SOURCE = "draw.public_source"  # the setting that names whose public number it is
_ROOM = 0x4452  # of PostgreSQL's advisory locks


class NotNow(Exception):
    """What was asked cannot be done. ``reason``: a key of ``desk.draws.REASONS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class InspectedUnit:
    """A unit that was drawn, as pages and the sheet show it."""

    place: int
    unit: Mapping[str, Any]  # as in the frame
    officers: Sequence[Mapping[str, Any]]  # as in the frame; none where nobody may go
    docket_id: int | None


def frame_of(draw: RandomDraw) -> dict[str, Any]:
    """The frame as it was committed.

    Error: NotNow («changed») where it is not the one whose digest stands in the journal, or the
    row says something else than the frame.
    """
    frame: dict[str, Any] = json.loads(zlib.decompress(draw.frame))
    digest, said = lots.frame_digest(frame), (draw.name, draw.source, draw.public_day.isoformat())
    if {digest, draw.digest} != {_entered(db.session(), draw, "draw.commit").get("digest")}:
        raise NotNow("changed")
    if said != (frame["name"], frame["source"], frame["public_day"]):
        raise NotNow("changed")
    return frame


def _entered(session: Session, draw: RandomDraw, what: str) -> Mapping[str, Any]:
    """What the office's journal says of a draw last; nothing where that entry does not hold."""
    entry = session.scalars(
        select(OfficeEntry)
        .where(
            OfficeEntry.bureau_id == draw.bureau_id,
            OfficeEntry.what == what,
            OfficeEntry.about == _about(draw),
        )
        .order_by(OfficeEntry.id.desc())
        .limit(1)
    ).one_or_none()
    return entry.details if entry and details_hold(entry) else {}


def commit(
    bureau_id: int, person_id: int, name: str, rules: DrawRules, public_day: date, day: date
) -> int:
    """Write the frame down as it is today and commit its digest; the draw's number.

    Error: NotNow where the setting names no public number, its day is not after today, there are no
    units or no two officers, or one of the units waits in another draw («waiting»): of two draws
    somebody could finish the one that they like.
    """
    source = settings_of(bureau_id, day).text(SOURCE)
    if not source:
        raise NotNow("no source")
    if public_day <= day:
        raise NotNow("day not later")
    with writing() as session:
        hold_bureau(session, _ROOM, bureau_id)  # of two at once the second sees the first's
        frame = make_frame(session, bureau_id, rules, day)
        if not frame["units"] or len(frame["officers"]) < lots.EACH:
            raise NotNow("no units" if not frame["units"] else "no officers")
        if _waiting(session, bureau_id) & _units_of(frame):
            raise NotNow("waiting")
        frame |= {"name": name, "source": source, "public_day": public_day.isoformat()}
        digest = lots.frame_digest(frame)
        draw = RandomDraw(
            bureau_id=bureau_id,
            name=name,
            frame=zlib.compress(canonical(frame)),
            digest=digest,
            source=source,
            public_day=public_day,
            made_by=person_id,
        )
        session.add(draw)
        session.flush()
        said = {"digest": digest, "source": source, "public_day": public_day.isoformat()}
        _enter(session, draw, person_id, "draw.commit", said | {"units": len(frame["units"])})
        return draw.id


def _waiting(session: Session, bureau_id: int) -> set[int]:
    """Ids of the units that stand in draws whose number is still to come or to be typed."""
    asked = select(RandomDraw).where(
        RandomDraw.bureau_id == bureau_id, RandomDraw.state == "committed"
    )
    return {unit for draw in session.scalars(asked) for unit in _units_of(frame_of(draw))}


def _units_of(frame: Mapping[str, Any]) -> set[int]:
    return {unit["id"] for unit in frame["units"]}


def take_back(draw_id: int, person_id: int, reason: str, day: date) -> None:
    """Take a draw back, before the day of its number: later it might be taken back because of whom
    it would draw.

    Error: NotNow from that day on.
    """
    with writing() as session:
        draw = _open(session, draw_id)
        if day >= draw.public_day:
            raise NotNow("too late")
        draw.state = "withdrawn"
        _enter(session, draw, person_id, "draw.withdraw", {"reason": reason})


def type_number(draw_id: int, person_id: int, typed: str, day: date) -> bool:
    """The public number as somebody read it. The first person's waits for the second's; when both
    are the same the units are drawn (True). Where they differ both are to be typed again.

    Error: ValueError for no number; NotNow before its day, for the same person twice, where they
    differ («differ»), or where the frame is not the committed one.
    """
    number = lots.public_number(typed)
    with writing() as session:
        draw = _open(session, draw_id)
        if day < draw.public_day:
            raise NotNow("too early")
        if draw.number and _same_human(draw, person_id, day):
            raise NotNow("same person")
        _enter(session, draw, person_id, "draw.number", {"number": number})
        if not draw.number:
            draw.number, draw.number_by = number, person_id
            return False
        agree = draw.number == number
        if agree:
            _draw(session, draw, person_id)
        else:
            draw.number, draw.number_by = "", None
    if not agree:
        raise NotNow("differ")
    return True


def _same_human(draw: RandomDraw, person_id: int, day: date) -> bool:
    """Whether who typed first, or somebody with the same card, types again."""
    staff, first = staff_facts(draw.bureau_id, day), draw.number_by or 0
    return first == person_id or bool(staff[first].card_numbers & staff[person_id].card_numbers)


def _draw(session: Session, draw: RandomDraw, person_id: int) -> None:
    drawn = lots.draw_units(frame_of(draw), draw.number)
    for place, (unit, officers) in enumerate(drawn, 1):
        session.add(DrawnUnit(draw_id=draw.id, place=place, unit_id=unit, officers=list(officers)))
    draw.state, draw.drawn_by, draw.drawn_at = "drawn", person_id, utcnow()
    _enter(session, draw, person_id, "draw.result", {"units": [unit for unit, _o in drawn]})


def result(draw: RandomDraw) -> list[InspectedUnit]:
    """What was drawn, in order; repeated from frame and number, not read from the rows alone.

    Error: NotNow («changed») where frame or rows are not what was committed and drawn.
    """
    frame, rows = frame_of(draw), _rows(db.session(), draw)
    again = lots.draw_units(frame, draw.number) if draw.state == "drawn" else []
    if again and draw.number != _entered(db.session(), draw, "draw.number").get("number"):
        raise NotNow("changed")
    if [(r.unit_id, tuple(r.officers)) for r in rows] != again:
        raise NotNow("changed")
    units = {u["id"]: u for u in frame["units"]}
    officers = {o["id"]: o for o in frame["officers"]}
    return [
        InspectedUnit(r.place, units[r.unit_id], [officers[o] for o in r.officers], r.docket_id)
        for r in rows
    ]


def _rows(session: Session, draw: RandomDraw) -> Sequence[DrawnUnit]:
    asked = select(DrawnUnit).where(DrawnUnit.draw_id == draw.id)
    return session.scalars(asked.order_by(DrawnUnit.place)).all()


def open_cases(draw: RandomDraw, person_id: int, day: date, words: Mapping[str, str]) -> int:
    """A case for each drawn unit that has two officers and none yet, assigned to them; how many
    were opened. ``words``: its ``cause`` and ``narrative``. Each is a transaction of its own, so
    that what stops one leaves the others.

    Error: as of the steps «open_case_directly» and «assign», after the others were opened; NotNow
    («changed»).
    """
    with writing() as session:
        if not is_entered(session, draw.bureau_id, draw, *_rows(session, draw)):
            raise NotNow("changed")
    waiting = [d for d in result(draw) if d.docket_id is None and d.officers]
    stopped: list[Refused | NotAllowed] = []
    for drawn in waiting:
        try:
            with writing() as session:
                row = session.get_one(DrawnUnit, (draw.id, drawn.place), with_for_update=True)
                if row.docket_id is None:
                    row.docket_id = _open_case(session, draw, drawn, person_id, day, words)
        except (Refused, NotAllowed) as error:
            stopped.append(error)
    if stopped:
        raise stopped[0]
    return len(waiting)


def _open_case(
    session: Session,
    draw: RandomDraw,
    drawn: InspectedUnit,
    person_id: int,
    day: date,
    words: Mapping[str, str],
) -> int:
    unit = drawn.unit
    party = {
        "name": unit["name"],
        "kind": unit["kind"],
        "credit_code": unit["code"],
        "township": unit["township"],
    }
    asked = {"channel": "random", "party": party, "township": unit["township"], **words}
    asked["credit_code"] = unit["code"]
    intent = Intent(0, "open_case_directly", person_id, day, NEW, "take", asked)
    docket, _done = open_docket(session, draw.bureau_id, intent)
    assigned = {"assigned": [o["id"] for o in drawn.officers], "note": draw.name}
    perform_in(session, Intent(docket.id, "assign", person_id, day, "main", "take", assigned))
    return docket.id


def as_file(draw: RandomDraw) -> dict[str, Any]:
    """What ``draw verify`` reads: frame, digest, number, and what was drawn."""
    return {
        "frame": frame_of(draw),
        "digest": draw.digest,
        "number": draw.number if draw.state == "drawn" else "",
        "drawn": [[d.unit["id"], [o["id"] for o in d.officers]] for d in result(draw)],
    }


def _open(session: Session, draw_id: int) -> RandomDraw:
    draw = session.get_one(RandomDraw, draw_id, with_for_update=True)
    if draw.state != "committed":
        raise NotNow("over")
    if not is_entered(session, draw.bureau_id, draw):
        raise NotNow("changed")
    return draw


def _about(draw: RandomDraw) -> str:
    return f"#{draw.id} {draw.name}"[:200]


def _enter(
    session: Session, draw: RandomDraw, person_id: int, what: str, said: Mapping[str, Any]
) -> None:
    enter(session, draw.bureau_id, person_id, what, _about(draw), said)
