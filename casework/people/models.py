"""Bureaus and the people who work for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.store import Model, SortText, UtcDateTime, utcnow


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
    calendar: Mapped[str] = mapped_column(String(10), default="")  # version under which all running clocks stand
    revision: Mapped[int] = mapped_column(BigInteger, default=0)  # set by triggers: see people.reference


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
    """Who changed people, settings or the calendar, when and what (管理记录). Rows are added, never changed."""

    __tablename__ = "office_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: from the command line
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    what: Mapped[str] = mapped_column(String(30))
    about: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Township(Model):
    """A township or sub-district (乡镇街道) of the bureau's area."""

    __tablename__ = "township"
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))


class Unit(Model):
    """A row of the unit register (调查对象名录), to pick a respondent from."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("bureau_id", "credit_code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    name: Mapped[str] = mapped_column(SortText(200), index=True)
    credit_code: Mapped[str] = mapped_column(SortText(18))
    kind: Mapped[str] = mapped_column(String(20))
    township: Mapped[str] = mapped_column(String(12), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    representative: Mapped[str] = mapped_column(String(60), default="")


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
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    session_no: Mapped[int] = mapped_column(default=0)  # raised to end all sessions
    active: Mapped[bool] = mapped_column(default=True)
    qualified: Mapped[bool] = mapped_column(default=False)  # 法律职业资格 (行政处罚法 §58)
    language: Mapped[str] = mapped_column(String(12), default="zh_Hans_CN")

    roles: Mapped[list[PersonRole]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    cards: Mapped[list[EnforcementCard]] = relationship(lazy="selectin", cascade="all, delete-orphan")

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
        """Roles held on that day; a lent person's end by themselves."""
        return held_on(self.roles, day)


def held_on(roles: Iterable[Any], day: date) -> frozenset[str]:
    """Names of those rows of ``PersonRole`` that hold on that day."""
    return frozenset(r.role for r in roles if r.from_day <= day and (r.until_day is None or day <= r.until_day))


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


class SavedView(Model):
    """A list's filter under a name, a person's own."""

    __tablename__ = "saved_view"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    which: Mapped[str] = mapped_column(String(10))  # reports | cases
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(600))


class Interest(Model):
    """A declared tie between a person and a unit; a case against that unit locks the person out (回避)."""

    __tablename__ = "interest"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credit_code: Mapped[str] = mapped_column(String(18), default="", index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
