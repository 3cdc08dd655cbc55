"""A case file, and what there is of a tip, as the second reading wants it: plain data, in a handful
of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from casework.docket import journal
from casework.docket.models import Docket, is_kind
from casework.papers.models import SIGNED_COPY_IS_WHOLE, Paper, Service
from casework.people.models import EnforcementCard, Person, PersonRole
from casework.people.reference_cache import Reference, reference
from casework.procedure.benchmark import confirmed
from casework.reading import record as plain
from casework.reading.record import Card, Entry, Fined, IssuedPaper, Office, PublicRow, Record
from casework.store.tables import metadata
from casework.vault.sealing import Vault
from casework.web.filters import SHANGHAI

_OF: Any = bindparam("docket")
_SHEETS = (
    select(
        Paper.id,
        Paper.kind,
        Paper.number,
        Paper.step,
        Paper.track,
        Paper.seq,
        Paper.on,
        Paper.state,
        SIGNED_COPY_IS_WHOLE.label("signed"),
        Service.on.label("arrived"),
        Service.method,
        Service.seq.label("service_seq"),
        Service.failed,
    )
    .outerjoin(Service, Service.paper_id == Paper.id)
    .where(Paper.docket_id == _OF)
    .order_by(Paper.id, Service.id)
)
_EARLIER = (
    select(Docket)
    .where(
        Docket.bureau_id == bindparam("bureau"),
        is_kind("respondent"),
        Docket.id != _OF,
        Docket.data_key != b"",
        or_(
            Docket.folded_title == bindparam("title"),
            (Docket.unit_code != "") & (Docket.unit_code == bindparam("unit")),
        ),
        select(Paper.id)
        .where(Paper.docket_id == Docket.id, Paper.kind == "decision", Paper.state != "withdrawn")
        .exists(),
    )
    .order_by(Docket.id)
)


@dataclass(frozen=True)
class Around:
    """What all files of a bureau share."""

    known: Reference
    people: Mapping[int, plain.Person]

    @classmethod
    def of(cls, session: Session, bureau_id: int) -> Around:
        """Read once for any number of files: three statements, and the bureau's reference where it
        is not in memory."""
        return cls(reference(bureau_id), _people(session, bureau_id))


def record_of(
    session: Session, vault: Vault, docket: Docket, around: Around, today: date
) -> Record:
    """The whole file of a case, or of a tip, as it stands: four statements, and one for each
    earlier case in which somebody decided about the same respondent."""
    entries = _entries(session, vault, docket)
    known = around.known
    bare = Record(docket.number, docket.opened_on, today, known.calendar.is_workday, entries)
    decided = bare.last(*plain.DECISIONS)
    return Record(
        number=docket.number or docket.code,
        opened=docket.opened_on,
        today=today,
        workday=known.calendar.is_workday,
        entries=entries,
        sheets=_sheets(session, docket.id),
        shown=_shown(session, docket.id),
        people=around.people,
        fined=_fined(session, vault, docket, today)
        if decided and decided.step in plain.PENALTIES
        else (),
        settings=_settings(known, decided.on if decided else today),
        calendar=known.calendar.version,
        not_ours=(known.facts.name, known.facts.government),
        kind=docket.kind,
    )


def _entries(session: Session, vault: Vault, docket: Docket) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            a.seq,
            a.track,
            a.step,
            a.verb,
            a.on,
            a.at.astimezone(SHANGHAI).date(),
            a.actor_id,
            row.payload.answers,
            tuple(a.effects),
            row.payload.proposal,
            row.payload.files,
        )
        for row in journal.read_entries(session, vault, docket)
        for a in [row.act]
    )


def _sheets(session: Session, docket_id: int) -> tuple[IssuedPaper, ...]:
    rows: dict[int, list[Any]] = {}
    for row in session.execute(_SHEETS, {"docket": docket_id}):
        rows.setdefault(row.id, []).append(row)
    return tuple(_sheet(same) for same in rows.values())


def _sheet(rows: list[Any]) -> IssuedPaper:
    """One paper from the rows of its services."""
    p = rows[0]
    services = tuple(
        plain.Service(r.arrived, r.method, r.service_seq, r.failed) for r in rows if r.arrived
    )
    return IssuedPaper(
        p.id, p.kind, p.number, p.step, p.track, p.seq, p.on, p.state, bool(p.signed), services
    )


def _shown(session: Session, docket_id: int) -> tuple[PublicRow, ...]:
    """Rows of the public lists. They belong to a room beside this one: only the table is known
    here."""
    t = metadata().tables["entry"].c
    rows = session.execute(
        select(
            t.track, t.kind, t.state, t.name, t.credit_code, t.fields, t.shown_from, t.shown_until
        )
        .where(t.docket_id == docket_id)
        .order_by(t.id)
    )
    return tuple(PublicRow(*row) for row in rows)


def _people(session: Session, bureau_id: int) -> dict[int, plain.Person]:
    mine = Person.bureau_id == bureau_id
    offices, cards = dict[int, list[Office]](), dict[int, list[Card]]()
    roles = select(PersonRole.person_id, PersonRole.role, PersonRole.from_day, PersonRole.until_day)
    for r in session.execute(roles.join(Person, Person.id == PersonRole.person_id).where(mine)):
        offices.setdefault(r.person_id, []).append(Office(r.role, r.from_day, r.until_day))
    held = select(
        EnforcementCard.person_id,
        EnforcementCard.number,
        EnforcementCard.valid_from,
        EnforcementCard.valid_until,
    )
    for c in session.execute(held.join(Person, Person.id == EnforcementCard.person_id).where(mine)):
        cards.setdefault(c.person_id, []).append(Card(c.number, c.valid_from, c.valid_until))
    rows = session.execute(select(Person.id, Person.name, Person.qualified).where(mine))
    return {
        p.id: plain.Person(
            p.id, p.name, tuple(cards.get(p.id, ())), tuple(offices.get(p.id, ())), p.qualified
        )
        for p in rows
    }


def _settings(known: Reference, day: date) -> dict[str, str]:
    settings = known.settings(day)
    return {s.key: s.value for s in settings} | {
        "benchmark.confirmed": "yes" if confirmed(settings) else "no"
    }


def _fined(session: Session, vault: Vault, docket: Docket, today: date) -> tuple[Fined, ...]:
    """Fines that stand in other cases of the same respondent."""
    if not docket.folded_title:
        return ()
    asked = {
        "docket": docket.id,
        "bureau": docket.bureau_id,
        "title": docket.folded_title,
        "unit": docket.unit_code,
    }
    others = session.scalars(_EARLIER, asked).all()
    return tuple(f for other in others for f in _fines_of(session, vault, other, today))


def _fines_of(session: Session, vault: Vault, other: Docket, today: date) -> Iterable[Fined]:
    file = Record(
        other.number, other.opened_on, today, lambda _day: True, _entries(session, vault, other)
    )
    for d in file.decisions:
        if d.step in plain.PENALTIES and d.fine:
            yield Fined(other.number, tuple(d.words.get("violations") or file.violations(d.seq)))
