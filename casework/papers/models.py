"""Numbers, issued papers, their service, and what came back signed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.procedure.ids import PaperId, StepId
from casework.store import Model, UtcDateTime, utcnow


class Series(Model):
    """The last number that was taken of a series in a year. Numbers have no gaps."""

    __tablename__ = "series"
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Paper(Model):
    """An issued paper (文书). Its bytes never change; only its state does (a trigger sees to
    it)."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("bureau_id", "series", "year", "no"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    seq: Mapped[int]
    step: Mapped[StepId] = mapped_column(String(40))
    track: Mapped[str] = mapped_column(String(30))
    kind: Mapped[PaperId] = mapped_column(String(40))
    series: Mapped[str | None] = mapped_column(String(20))
    year: Mapped[int | None]
    no: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(60), default="")
    # of the docket on the day, as it is printed at the foot
    case_number: Mapped[str] = mapped_column(String(60), default="")
    on: Mapped[date]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    sm3: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int] = mapped_column(default=0)
    # name in the sealed store; empty once its file was destroyed
    stored: Mapped[str] = mapped_column(String(80))
    short_code: Mapped[str] = mapped_column(String(12), index=True)
    # issued · served · returned · withdrawn
    state: Mapped[str] = mapped_column(String(10), default="issued")
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


class SignedCopy(Model):
    """The scanned, signed copy of a paper (签署件), sealed. A later scan stands beside it; the
    newest counts."""

    __tablename__ = "signed_copy"
    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), index=True)
    stored: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    sm3: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int]
    whole: Mapped[bool] = mapped_column(default=True)  # no page of the paper is missing
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


# whether the newest signed copy of a paper has all its pages; none where no copy came back
SIGNED_COPY_IS_WHOLE = (
    select(SignedCopy.whole)
    .where(SignedCopy.paper_id == Paper.id)
    .order_by(SignedCopy.id.desc())
    .limit(1)
    .correlate(Paper)
    .scalar_subquery()
)
