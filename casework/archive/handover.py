"""Transfer lists (移交清单): archived cases that go to the county's archive, who gave and who took
them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.acts.draw import wording
from casework.acts.facts import gather
from casework.archive.records import Handover, HandoverItem, Keeping
from casework.archive.retention_rows import held_now
from casework.docket.models import Docket, is_kind
from casework.docket.visible import visible_to
from casework.papers import numbers
from casework.people.may import Scope
from casework.people.models import Bureau, Person
from casework.procedure.facts import Facts
from casework.procedure.retention import pages_of
from casework.store import writing
from casework.text import is_blank
from casework.vault.sealing import vault
from letters.archive import HandoverList
from letters.base import BureauHead
from letters.casefile import cover_fields, term_words
from letters.format import printed_date

SERIES = "档移"
MOST = 300


class NotPossible(ValueError):
    """The list cannot be made or signed for; the text is an English msgid."""


def waiting_for_handover(
    session: Session, scope: Scope, before: date | None = None
) -> Sequence[Any]:
    """Rows (Keeping, Docket, held) of archived cases on no list yet, earliest first; ``before``:
    put away by then."""
    wanted = _free(scope)
    if before:
        wanted = wanted.where(Keeping.since <= before)
    return session.execute(wanted.order_by(Keeping.since, Keeping.docket_id).limit(MOST)).all()


def _free(scope: Scope) -> Any:
    return (
        select(Keeping, Docket, held_now())
        .join(Docket, Docket.id == Keeping.docket_id)
        .outerjoin(HandoverItem, HandoverItem.docket_id == Docket.id)
        .where(
            visible_to(scope),
            is_kind("case_file"),
            Docket.stage == "archived",
            HandoverItem.docket_id.is_(None),
        )
    )


def make_transfer_list(
    person: Person, scope: Scope, ids: Iterable[int], body: str, day: date
) -> int:
    """A numbered list of the chosen files; answers its id."""
    if is_blank(body):
        raise NotPossible("Name the archive that takes the files.")
    person_id, bureau_id = person.id, person.bureau_id
    with writing() as session:
        free = set(session.scalars(_free(scope).with_only_columns(Docket.id)))
        chosen = [i for i in dict.fromkeys(ids) if i in free]
        if not 0 < len(chosen) <= MOST:
            raise NotPossible("Choose between one and three hundred files.")
        bureau = session.get_one(Bureau, bureau_id)
        number = numbers.peek(session, bureau.id, bureau.prefix, SERIES, day.year)
        numbers.take_number(session, bureau.id, number)
        row = Handover(bureau_id=bureau.id, number=number.text, body=body[:100], by_id=person_id)
        session.add(row)
        session.flush()
        session.add_all(HandoverItem(docket_id=i, handover_id=row.id) for i in chosen)
        return row.id


def signed_for(person: Person, number: int, taker: str, on: date, today: date) -> None:
    """Note who signed for the files at the archive, and when; once. NotPossible."""
    if is_blank(taker) or on > today:
        raise NotPossible("Name who signed for the files, and a day that is not in the future.")
    bureau_id = person.bureau_id
    with writing() as session:
        row = session.scalars(
            select(Handover)
            .where(Handover.id == number, Handover.bureau_id == bureau_id)
            .with_for_update()
        ).one()
        if row.received_on is not None:
            raise NotPossible("This list is signed for already.")
        row.received_by, row.received_on = taker[:60], on


def lists(session: Session, bureau_id: int) -> Sequence[tuple[Handover, int]]:
    """All transfer lists with how many files each has, newest first."""
    query = (
        select(Handover, func.count(HandoverItem.docket_id))
        .outerjoin(HandoverItem, HandoverItem.handover_id == Handover.id)
        .where(Handover.bureau_id == bureau_id)
        .group_by(Handover.id)
    )
    return [
        (row, count)
        for row, count in session.execute(query.order_by(Handover.id.desc()).limit(200))
    ]


def transfer_list_pdf(session: Session, row: Handover, day: date) -> bytes:
    """The list as PDF, from the files as they stand. One destroyed since is named by its number
    alone."""
    query = (
        select(Docket)
        .join(HandoverItem, HandoverItem.docket_id == Docket.id)
        .where(HandoverItem.handover_id == row.id)
    )
    dockets = session.scalars(query.order_by(Docket.id)).all()
    bureau = session.get_one(Bureau, row.bureau_id)
    return HandoverList(
        bureau=BureauHead(bureau.name, bureau.name),
        number=row.number,
        on=day,
        wording=wording(),
        body=row.body,
        giver=session.get_one(Person, row.by_id).name,
        taker=row.received_by,
        taken=printed_date(row.received_on) if row.received_on else "",
        entries=tuple(_entry(session, d) for d in dockets),
    ).draw()


def _entry(session: Session, docket: Docket) -> Mapping[str, str]:
    if not docket.data_key:
        gone = dict.fromkeys(
            ("archive_number", "title", "day", "term", "documents", "pages", "remark"), "—"
        )
        return {**gone, "entry_number": docket.number}
    return entry_of(gather(session, vault(), docket))


def entry_of(facts: Facts) -> dict[str, str]:
    """The line of one file in a transfer list, from its journal."""
    fields, archived = cover_fields(facts), facts.last("archive")
    kept = archived.asked if archived else {}
    return {
        "archive_number": fields["archive_number"] or "—",
        "entry_number": facts.number,
        "title": fields["case_name"],
        "day": archived.on.isoformat() if archived else "",
        "term": term_words(str(kept.get("term") or "")),
        "documents": str(sum(p.state != "withdrawn" for p in facts.papers)),
        "pages": str(pages_of(facts) or ""),
        "remark": "",
    }
