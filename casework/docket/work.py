"""Work beside the journals: notices to people, townships to be mobilised."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import Model, UtcDateTime, utcnow


class Notice(Model):
    """Something a person is told on their home page until they have seen it."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_person", "person_id", "seen_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    docket_id: Mapped[int | None] = mapped_column(ForeignKey("docket.id"))
    topic: Mapped[str] = mapped_column(String(30))  # as templates/desk/notices.html names them
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RefusalMark(Model):
    """A tip about a refusal or an obstruction, with its township: what the threshold counts."""

    __tablename__ = "refusal_mark"
    __table_args__ = (Index("ix_refusal_mark_place", "bureau_id", "township", "on"),)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    township: Mapped[str] = mapped_column(String(12))
    on: Mapped[date]


class Mobilisation(Model):
    """A township that has to be mobilised because many refuse (预案三（八）6): who, until when,
    with what result."""

    __tablename__ = "mobilisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    township: Mapped[str] = mapped_column(String(12))
    opened_on: Mapped[date]
    refusals: Mapped[int]  # in the window, when it was opened
    due: Mapped[date]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    result: Mapped[str] = mapped_column(String(2000), default="")
    closed_on: Mapped[date | None]
