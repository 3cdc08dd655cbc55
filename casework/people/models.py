"""Bureaus and the people who work for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from casework.procedure.codes import printed_code
from casework.procedure.ids import RoleId
from casework.store import Model, SortText, UtcDateTime, utcnow
from casework.text import folded_name


def compared_name(name: str) -> str:
    """A unit's name as ties and dockets are compared by it."""
    return folded_name(name)[:200]


def compared_code(typed: str) -> str:
    """A unit's code as ties and dockets are compared by it; "" where somebody wrote that there is
    none."""
    code = printed_code(typed)
    return code if len(code) <= 18 else ""


class Bureau(Model):
    """A statistical body (统计机构). Everything about it is data."""

    __tablename__ = "bureau"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)  # short, in URLs
    name: Mapped[str] = mapped_column(String(100))
    prefix: Mapped[str] = mapped_column(String(20))  # 发文机关代字, e.g. 丰统
    area: Mapped[str] = mapped_column(String(12), default="")
    superior: Mapped[str] = mapped_column(String(100), default="")
    government: Mapped[str] = mapped_column(String(100), default="")
    court: Mapped[str] = mapped_column(String(100), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(100), default="")
    hours: Mapped[str] = mapped_column(String(100), default="")
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    bank: Mapped[str] = mapped_column(String(200), default="")
    # version under which all running clocks stand
    calendar: Mapped[str] = mapped_column(String(10), default="")
    # set by triggers: see people.reference
    revision: Mapped[int] = mapped_column(BigInteger, default=0)


class BureauSetting(Model):
    """A bureau's own value of a setting, with who confirmed it; rows are added, never changed."""

    __tablename__ = "bureau_setting"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(Text)
    from_day: Mapped[date]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class CalendarDay(Model):
    """A day that the bureau's calendar sets apart from the library's answer (放假调休)."""

    __tablename__ = "calendar_day"
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    workday: Mapped[bool]
    note: Mapped[str] = mapped_column(String(200), default="")


class OfficeEntry(Model):
    """Who changed people, settings or the calendar, when and what (管理记录). Rows are added, never
    changed."""

    __tablename__ = "office_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    # None: from the command line
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    what: Mapped[str] = mapped_column(String(30))
    about: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))  # salted, of the details as they were entered


class OfficeProposal(Model):
    """A change that takes two persons, from its proposal on (decision 0042): while it waits it
    changes nothing. With ``due_at`` it comes from the owner of the machine and takes effect by
    itself then."""

    __tablename__ = "office_proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # see people.two_persons.KINDS
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # whom it concerns
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    why: Mapped[str] = mapped_column(String(300))
    # sealed: the proposer's half of a one-time password
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    # None: the owner of the machine
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # the first, where two must confirm
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # waiting · confirmed · refused · withdrawn
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ChainLink(Model):
    """The place of an entry among all entries of its bureau's journals. Never changed, never
    deleted: triggers see to it."""

    __tablename__ = "chain_link"
    __table_args__ = (CheckConstraint("(act_id IS NULL) <> (office_id IS NULL)", name="one_entry"),)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, 3 …
    act_id: Mapped[int | None] = mapped_column(ForeignKey("act.id"), unique=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office_entry.id"), unique=True)
    entry: Mapped[str] = mapped_column(String(64))  # hash of that entry
    hash: Mapped[str] = mapped_column(String(64))  # over the place, the entry and the link before
    # that it is the program's own: of the hash, under a key
    seal: Mapped[str] = mapped_column(String(32), default="")


class Township(Model):
    """A township or sub-district (乡镇街道) of the bureau's area."""

    __tablename__ = "township"
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))


class Unit(Model):
    """A row of the unit register (调查对象名录), to pick a respondent from.

    `credit_code` holds the code that it has, an old one too; None for a unit without one, which its
    name within its township tells from others. Names are looked up and compared by `folded_name`.
    """

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("bureau_id", "credit_code"),
        Index(
            "uq_unit_without_code",
            "bureau_id",
            "township",
            "folded_name",
            unique=True,
            sqlite_where=text("credit_code IS NULL"),
            postgresql_where=text("credit_code IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    name: Mapped[str] = mapped_column(SortText(200))
    folded_name: Mapped[str] = mapped_column(SortText(200), default="", index=True)
    credit_code: Mapped[str | None] = mapped_column(SortText(18))
    kind: Mapped[str] = mapped_column(String(20))
    township: Mapped[str] = mapped_column(String(12), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    representative: Mapped[str] = mapped_column(String(60), default="")

    @validates("name")
    def _fold(self, _key: str, typed: str) -> str:
        """A name is compared in one form, however it was typed."""
        self.folded_name = compared_name(typed)
        return typed


class Person(Model):
    """A member of staff who signs in."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=False)  # a one-time password
    totp: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed secret of the second factor
    totp_step: Mapped[int] = mapped_column(default=0)  # last used time step: a code serves once
    session_no: Mapped[int] = mapped_column(default=0)  # raised to end all sessions
    active: Mapped[bool] = mapped_column(default=True)
    qualified: Mapped[bool] = mapped_column(default=False)  # 法律职业资格 (行政处罚法 §58)
    # people of one team have the same word: for roles that see their team's dockets (roles.toml)
    team: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(12), default="zh_Hans_CN")
    # of the row with roles, cards and key: see people.seals
    seal: Mapped[str] = mapped_column(String(64), default="")

    roles: Mapped[list[PersonRole]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    cards: Mapped[list[EnforcementCard]] = relationship(
        lazy="selectin", cascade="all, delete-orphan"
    )

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """An inactive person is signed out at the next request."""
        return self.active

    def get_id(self) -> str:
        """Id and session number: raising the number ends every session of this person."""
        return f"{self.id}.{self.session_no}"

    def role_names(self, day: date) -> frozenset[str]:
        """Roles held on that day; a lent person's end by themselves. What was put in beside the
        program gives none; what the open write gives holds from its end on."""
        from casework.people.reference_cache import reference  # which reads these tables

        return reference(self.bureau_id).roles(self.id, day)


def held_on(roles: Iterable[Any], day: date) -> frozenset[RoleId]:
    """Names of those rows of ``PersonRole`` that hold on that day."""
    return frozenset(
        r.role for r in roles if r.from_day <= day and (r.until_day is None or day <= r.until_day)
    )


class SignIn(Model):
    """A session that goes on. Its cookie holds the key; without the row no copy of the cookie opens
    anything."""

    __tablename__ = "sign_in"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class Guess(Model):
    """How often a secret was guessed at lately, under a digest of whose and which; see
    ``people.guessing``."""

    __tablename__ = "guess"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)  # when all of it will be forgotten


class KeyCheck(Model):
    """A generation of the key file that seals this database, and a digest that only its key makes;
    see ``upkeep.key_check``."""

    __tablename__ = "key_check"
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))


class LastRound(Model):
    """When time last did its work under a clock that nobody doubted: one row, sealed; see
    ``people.clock``."""

    __tablename__ = "last_round"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    seal: Mapped[str] = mapped_column(String(64))


class PersonRole(Model):
    """A role for a time. ``lent_from`` names the other body of a lent person."""

    __tablename__ = "person_role"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    lent_from: Mapped[str] = mapped_column(String(100), default="")


class EnforcementCard(Model):
    """统计执法证: without one valid on the day, no enforcement work (统计法 §38; 实施条例 §36)."""

    __tablename__ = "enforcement_card"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date]
    valid_until: Mapped[date]


class CalendarAddress(Model):
    """That a person has a calendar under a secret address; see ``people.calendar_address``."""

    __tablename__ = "calendar_address"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class SavedView(Model):
    """A list's filter under a name, a person's own."""

    __tablename__ = "saved_view"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    which: Mapped[str] = mapped_column(String(10))  # reports | cases
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(600))


class Interest(Model):
    """A declared tie between a person and a unit; a case against that unit locks the person out (回
    避).

    Name and code are kept as they were typed, and beside them in the form in which they are
    compared.
    """

    __tablename__ = "interest"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credit_code: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    folded_name: Mapped[str] = mapped_column(SortText(200), default="", index=True)
    folded_code: Mapped[str] = mapped_column(SortText(18), default="", index=True)

    @validates("name", "credit_code")
    def _fold(self, key: str, typed: str) -> str:
        """A name and a code are compared in one form, however they were typed."""
        if key == "name":
            self.folded_name = compared_name(typed)
        else:
            self.folded_code = compared_code(typed)
        return typed
