"""Draws and the units that they drew."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import Model, UtcDateTime, utcnow


class RandomDraw(Model):
    """A draw: its frame, committed by digest before the public number is known."""

    __tablename__ = "random_draw"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))  # of the inspection plan
    frame: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON, zlib
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the frame
    source: Mapped[str] = mapped_column(String(200))  # whose public number it will be
    public_day: Mapped[date]  # the day of that number, after the day of commitment
    # committed · drawn · withdrawn
    state: Mapped[str] = mapped_column(String(10), default="committed")
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    # the number as the first person typed it; the second person types it again
    number: Mapped[str] = mapped_column(String(60), default="")
    number_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DrawnUnit(Model):
    """A unit that was drawn, with its officers, and the case by which it is inspected."""

    __tablename__ = "drawn_unit"
    draw_id: Mapped[int] = mapped_column(ForeignKey("random_draw.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, 3 … in the order of the lots
    unit_id: Mapped[int]  # as the frame numbers it; the register may change
    officers: Mapped[list[int]] = mapped_column(
        JSON
    )  # ids of two persons; none where nobody may go
    docket_id: Mapped[int | None] = mapped_column(ForeignKey("docket.id"))
