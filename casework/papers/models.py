"""Numbers, issued papers and their service."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import Model, UtcDateTime, utcnow


class Series(Model):
    """The last number taken of a series in a year. Numbers have no gaps."""

    __tablename__ = "series"
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Paper(Model):
    """An issued paper (文书). Its bytes never change; only its state does (a trigger sees to it)."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("bureau_id", "series", "year", "no"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    seq: Mapped[int]
    step: Mapped[str] = mapped_column(String(40))
    track: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(40))
    series: Mapped[str | None] = mapped_column(String(20))
    year: Mapped[int | None]
    no: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(60), default="")
    on: Mapped[date]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    sm3: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int] = mapped_column(default=0)
    stored: Mapped[str] = mapped_column(String(80))  # name in the sealed store; empty once its file was destroyed
    short_code: Mapped[str] = mapped_column(String(12), index=True)
    state: Mapped[str] = mapped_column(String(10), default="issued")  # issued · served · returned · withdrawn
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class Service(Model):
    """One attempt to serve a paper (送达)."""

    __tablename__ = "service"
    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), index=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    seq: Mapped[int]
    on: Mapped[date]
    method: Mapped[str] = mapped_column(String(20))
    failed: Mapped[bool] = mapped_column(default=False)
