"""Which entries the public sees today. Pages and files of the list ask here alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, extract, false, func, or_, select
from sqlalchemy.orm import Session

from casework.disclosure.gate import PublicEntry, Withdrawn, public, withdrawn
from casework.disclosure.models import DisclosureEntry
from casework.procedure.codes import CodeState, unit_code
from casework.web.numbers import number_of

PAGE = 50
KINDS = ("penalty", "dishonesty")


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty: all of it."""

    query: str = ""  # part of a name or of the facts, or a credit code
    kind: str = ""
    township: str = ""
    year: str = ""  # in which it was first shown

    @property
    def address(self) -> dict[str, str]:
        """The parameters that lead to the same list, without those that are empty."""
        found = {"q": self.query, "kind": self.kind, "township": self.township, "year": self.year}
        return {k: v for k, v in found.items() if v}


def asked(args: Mapping[str, str]) -> Wanted:
    """What an address asks for; what names no list and no year narrows nothing."""
    kind, year = args.get("kind", ""), args.get("year", "").strip()
    good = year.isascii() and year.isdigit() and len(year) == 4 and year != "0000"
    query, township = args.get("q", "").strip()[:100], args.get("township", "")[:12]
    return Wanted(query, kind if kind in KINDS else "", township, year if good else "")


def runs_today(bureau_id: int, day: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions on entries that may be shown on a day: begun, not past their end, not
    withdrawn."""
    return (
        DisclosureEntry.bureau_id == bureau_id,
        DisclosureEntry.state == "shown",
        DisclosureEntry.shown_from <= day,
        DisclosureEntry.shown_until >= day,
    )


def fitting(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Conditions on entries that a search narrows the list to."""
    found: list[ColumnElement[bool]] = []
    if wanted.kind:
        found.append(DisclosureEntry.kind == wanted.kind)
    if wanted.township:
        found.append(DisclosureEntry.township == wanted.township)
    if wanted.year:
        found.append(
            DisclosureEntry.shown_from.between(
                date(int(wanted.year), 1, 1), date(int(wanted.year), 12, 31)
            )
        )
    if wanted.query:
        like = (
            "%" + wanted.query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        )
        words = or_(
            DisclosureEntry.name.like(like, escape="\\"),
            DisclosureEntry.fields["facts"].as_string().like(like, escape="\\"),
        )
        found.append(or_(words, _has_code(wanted.query)))
    return found


def _has_code(query: str) -> ColumnElement[bool]:
    """Has that code, however it was typed; what the page does not show is not found by it
    either."""
    code = unit_code(query)
    if code.state is CodeState.GOOD:
        return DisclosureEntry.credit_code == code.text
    if code.state is CodeState.DOUBTFUL:
        return and_(DisclosureEntry.credit_code == code.text, DisclosureEntry.code_confirmed)
    return false()


def all_of(session: Session, bureau_id: int, day: date, wanted: Wanted) -> list[PublicEntry]:
    """All entries that are shown on a day and fit, newest first."""
    query = select(DisclosureEntry).where(*runs_today(bureau_id, day), *fitting(wanted))
    return [
        public(e)
        for e in session.scalars(
            query.order_by(DisclosureEntry.shown_from.desc(), DisclosureEntry.id.desc())
        )
    ]


def entries_page(
    session: Session, bureau_id: int, day: date, wanted: Wanted, after: str
) -> tuple[list[PublicEntry], str]:
    """A page of the entries that are shown on a day and fit, newest first: those after a key
    «day.id», and the key of the next page, "" where there is none. Error: ValueError for what is no
    key."""
    query = select(DisclosureEntry).where(*runs_today(bureau_id, day), *fitting(wanted))
    if after:
        first, _, number = after.partition(".")
        begun, last = date.fromisoformat(first), number_of(number)
        query = query.where(
            or_(
                DisclosureEntry.shown_from < begun,
                and_(DisclosureEntry.shown_from == begun, DisclosureEntry.id < last),
            )
        )
    rows = [
        public(e)
        for e in session.scalars(
            query.order_by(DisclosureEntry.shown_from.desc(), DisclosureEntry.id.desc()).limit(
                PAGE + 1
            )
        )
    ]
    more = len(rows) > PAGE
    return rows[
        :PAGE
    ], f"{rows[PAGE - 1].shown_from.isoformat()}.{rows[PAGE - 1].id}" if more else ""


def one(session: Session, number: int, day: date) -> PublicEntry | None:
    """The entry of that id, of whatever bureau, if it may be shown on that day; else None."""
    row = session.get(DisclosureEntry, number)
    if row is None or row.state != "shown" or not row.shown_from <= day <= row.shown_until:
        return None
    return public(row)


def withdrawn_one(session: Session, number: int, day: date) -> Withdrawn | None:
    """The withdrawn entry of that id, until the day on which its time would have been over
    (行政处罚法 §48); else None."""
    row = session.get(DisclosureEntry, number)
    if row is None or row.state != "withdrawn" or not row.shown_from <= day <= row.shown_until:
        return None
    return withdrawn(row)


def withdrawn_of(session: Session, bureau_id: int, day: date, wanted: Wanted) -> list[Withdrawn]:
    """All withdrawn entries of a bureau of which something is still said, newest first; none where
    words, a township or a year are wanted."""
    if wanted.query or wanted.township or wanted.year:
        return []
    query = select(DisclosureEntry).where(
        DisclosureEntry.bureau_id == bureau_id,
        DisclosureEntry.state == "withdrawn",
        DisclosureEntry.shown_from <= day,
        DisclosureEntry.shown_until >= day,
    )
    query = query.where(DisclosureEntry.kind == wanted.kind) if wanted.kind else query
    return [withdrawn(e) for e in session.scalars(query.order_by(DisclosureEntry.id.desc()))]


def over(session: Session, number: int, day: date) -> DisclosureEntry | None:
    """The entry of that id when its time on the list is over; nothing of it may be said any
    more."""
    row = session.get(DisclosureEntry, number)
    return row if row is not None and (row.shown_until < day or row.state == "ended") else None


def count_entries(session: Session, bureau_id: int, day: date, wanted: Wanted) -> int:
    """The number of entries that are shown on a day and fit."""
    return (
        session.scalar(
            select(func.count(DisclosureEntry.id)).where(
                *runs_today(bureau_id, day), *fitting(wanted)
            )
        )
        or 0
    )


def choices(session: Session, bureau_id: int, day: date) -> tuple[list[str], list[str]]:
    """The codes of townships and the years of the entries that are shown on a day."""
    year = extract("year", DisclosureEntry.shown_from)
    rows = session.execute(
        select(DisclosureEntry.township, year)
        .where(*runs_today(bureau_id, day))
        .group_by(DisclosureEntry.township, year)
    )
    found = [(town, str(int(y))) for town, y in rows]
    return sorted({t for t, _ in found if t}), sorted({y for _, y in found}, reverse=True)
