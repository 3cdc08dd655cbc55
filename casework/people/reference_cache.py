"""What a bureau's people change seldom and every page needs: the bureau, settings, townships,
calendar, staff.

Read once and kept in memory under the bureau's revision, a random number that triggers of the
database set anew at every change of such a table (``store.triggers.revising``), whoever makes it.
One small statement a transaction asks whether what is kept still holds; a change that was rolled
back leaves a number that nobody meets again. Pages of the public ask once in a second (PUBLIC_LAG):
a new telephone number may come that much later to them. Whoever writes always asks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from functools import cache
from time import monotonic
from types import MappingProxyType
from typing import Any, TypeVar, cast

from flask import current_app, g
from sqlalchemy import Select, Table, bindparam, select
from sqlalchemy.orm import Session

from casework.people import seals
from casework.people.models import Bureau, BureauSetting, CalendarDay, Person, Township, held_on
from casework.procedure.calendar import WorkCalendar
from casework.procedure.facts import BureauFacts, PersonFacts
from casework.procedure.settings import Settings, shipped
from casework.procedure.terms import Card
from casework.store import db, is_writing, table

T = TypeVar("T")
_MOST = 400  # things kept of one revision: settings and staff of some days
_BUREAU: Any = bindparam("bureau")
_BY_ID = select(Bureau.id, Bureau.revision).where(Bureau.id == _BUREAU)
_BY_CODE = select(Bureau.id, Bureau.revision).where(Bureau.code == bindparam("code"))
_ONLY = select(Bureau.id, Bureau.revision).order_by(Bureau.id).limit(2)
_ROW = select(table(Bureau)).where(Bureau.id == _BUREAU)
_VALUES = (
    select(BureauSetting.key, BureauSetting.value, BureauSetting.from_day)
    .where(BureauSetting.bureau_id == _BUREAU)
    .order_by(BureauSetting.from_day, BureauSetting.id)
)
_DAYS = select(CalendarDay.day, CalendarDay.workday).where(CalendarDay.bureau_id == _BUREAU)
_TOWNSHIPS = select(Township.code, Township.name).where(Township.bureau_id == _BUREAU)
_STAFF = select(table(Person)).where(Person.bureau_id == _BUREAU).order_by(Person.id)
_OF_STAFF = Person.bureau_id == _BUREAU


class Reference:
    """One bureau's seldom changed things, as of one revision; all read at once."""

    def __init__(self, session: Session, bureau_id: int, revision: int) -> None:
        def rows(statement: Any) -> Any:
            return session.connection().execute(statement, {"bureau": bureau_id}).all()

        self.revision = revision
        # no session's: it outlives them and is never written
        self.bureau = Bureau(**rows(_ROW)[0]._mapping)
        self.facts = bureau_facts(self.bureau)
        self.calendar = WorkCalendar({day: workday for day, workday in rows(_DAYS)})
        self.townships: Mapping[str, str] = MappingProxyType(
            {code: name for code, name in rows(_TOWNSHIPS)}
        )
        self._values, self._staff = rows(_VALUES), rows(_STAFF)
        self._parts = {name: rows(_of_staff(seals.part(name))) for name in seals.PARTS}
        self._sealed = frozenset(p.id for p in self._staff if self.holds(p._mapping))
        self._kept: dict[Hashable, Any] = {}

    def keep(self, name: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` reads or works out, once a revision; it depends on nothing but ``name`` and
        tables that revise."""
        if name in self._kept:
            return cast(T, self._kept[name])
        made = make()
        if not is_writing():  # what this transaction itself changed may yet be rolled back
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[name] = made
        return made

    def settings(self, day: date) -> Settings:
        """The shipped settings with the bureau's own newest values in force on that day."""
        values = {
            key: value for key, value, since in self._values if since <= day and key in shipped()
        }
        return (
            self.keep(("settings", day), lambda: shipped().with_kept(values))
            if values
            else shipped()
        )

    def staff(self, day: date) -> Mapping[int, PersonFacts]:
        """Everybody of the bureau with the roles of that day, those who left included: journals
        name them."""
        return self.keep(
            ("staff", day),
            lambda: MappingProxyType({p.id: self._person(p, day) for p in self._staff}),
        )

    def roles(self, person_id: int, day: date) -> frozenset[str]:
        """Roles that somebody of the bureau holds on that day."""
        return self.keep(
            ("roles", person_id, day), lambda: held_on(self._own("person_role", person_id), day)
        )

    # -- what was put in beside the program gives nothing (people.seals)
    def holds(self, row: Any) -> bool:
        """Whether a person's row (a mapping), as somebody has just read it, is what was sealed with
        these roles and cards."""
        mine = {
            name: [r._mapping for r in rows if r.person_id == row["id"]]
            for name, rows in self._parts.items()
        }
        return seals.seal_fits(row, mine)

    def all_sealed(self) -> bool:
        """Whether everybody of the bureau is what was sealed."""
        return len(self._sealed) == len(self._staff)

    def is_sealed(self, person_id: int) -> bool:
        """Whether somebody of the bureau is."""
        return person_id in self._sealed

    def custodian_key(self, person_id: int) -> bytes | None:
        """The key of a custodian that others accepted."""
        return next((r.record for r in self._own("custodian_key", person_id)), None)

    def _own(self, name: str, person_id: int) -> list[Any]:
        """The person's rows of a table; none where the person is not what was sealed."""
        return [
            r for r in self._parts[name] if r.person_id == person_id and person_id in self._sealed
        ]

    def _person(self, person: Any, day: date) -> PersonFacts:
        # who left has none
        roles = held_on(self._own("person_role", person.id) if person.active else [], day)
        cards = self._own("enforcement_card", person.id)
        own = tuple(
            Card(c.number, c.valid_from.isoformat(), c.valid_until.isoformat()) for c in cards
        )
        return PersonFacts(person.id, person.name, roles, own, False, person.qualified)


@cache
def _of_staff(t: Table) -> Select[Any]:
    """Rows of the bureau's people in a table."""
    of_bureau = select(t).join(Person, Person.id == t.c.person_id).where(_OF_STAFF)
    return of_bureau.order_by(*t.primary_key.columns)


def bureau_facts(b: Bureau) -> BureauFacts:
    """A bureau's row as facts."""
    return BureauFacts(
        b.id,
        b.name,
        b.prefix,
        b.area,
        b.superior,
        b.government,
        b.court,
        b.address,
        b.phone,
        b.credit_code,
        b.bank,
    )


def reference(bureau_id: int) -> Reference:
    """The bureau's, as this transaction sees it. LookupError for an unknown bureau."""
    return _asked(bureau_id, _BY_ID, {"bureau": bureau_id})


def reference_by_code(code: str) -> Reference:
    """That of the bureau an address names; «»: of the only one. LookupError when there is none, or
    more than one."""
    return _asked(code, _BY_CODE, {"code": code}) if code else _asked("", _ONLY, {})


def reference_at(session: Session, bureau_id: int, revision: int) -> Reference:
    """The same when another statement has brought the revision along."""
    return _remembered(session, bureau_id, _current(session, bureau_id, revision))


def _current(session: Session, bureau_id: int, revision: int) -> Reference:
    kept: dict[int, Reference] = current_app.extensions.setdefault("reference", {})
    found = kept.get(bureau_id)
    if found is None or found.revision != revision:
        found = kept[bureau_id] = Reference(session, bureau_id, revision)
    return found


def _asked(name: int | str, statement: Any, values: Mapping[str, Any]) -> Reference:
    """Asked once a reading transaction, by id (a number) or by code; a writing one may have changed
    something itself and asks each time."""
    session = db.session()
    transaction, known = session.info.get("reference", (None, {}))
    if transaction is session.get_transaction() and name in known and not is_writing():
        return cast(Reference, known[name])
    if found := _lately(name):
        return found
    rows = session.connection().execute(statement, values).all()
    if len(rows) != 1:
        raise LookupError("no such bureau, or more than one")
    found = _current(session, *rows[0])
    if not is_writing():
        lately = current_app.extensions.setdefault("reference lately", {})
        lately[name] = lately[found.bureau.id] = (monotonic(), found)
    return _remembered(session, name, found)


def _lately(name: int | str) -> Reference | None:
    """What a page of the public may show: asked for within the last second, and nobody of this
    process has met a newer one."""
    if not g.get("public", False) or is_writing():
        return None
    at, found = current_app.extensions.get("reference lately", {}).get(name, (0.0, None))
    late = found is None or monotonic() - at > current_app.config["PUBLIC_LAG"]
    return (
        None
        if late or current_app.extensions["reference"].get(found.bureau.id) is not found
        else cast(Reference, found)
    )


def _remembered(session: Session, name: int | str, found: Reference) -> Reference:
    transaction, known = session.info.get("reference", (None, {}))
    if not is_writing():
        same = known if transaction is session.get_transaction() else {}
        session.info["reference"] = (
            session.get_transaction(),
            {**same, name: found, found.bureau.id: found},
        )
    return found
