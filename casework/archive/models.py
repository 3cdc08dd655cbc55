"""What was printed, and scanned pages on their way to their papers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import Model, UtcDateTime, utcnow


class PrintMark(Model):
    """A paper was printed to be signed; the newest printing counts."""

    __tablename__ = "print_mark"
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class ScanStack(Model):
    """A stack of scanned pages as it came, sealed: kept while one of its pages waits, and some
    months longer."""

    __tablename__ = "scan_stack"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    stored: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    pages: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class StrayPage(Model):
    """A scanned page without a code of ours, or one that looks empty: waits for a person to say
    what it is."""

    __tablename__ = "stray_page"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    stack_id: Mapped[int | None] = mapped_column(ForeignKey("scan_stack.id"), index=True)
    place: Mapped[int] = mapped_column(default=0)  # page of the stack, from 1; 0 = not known
    blank: Mapped[bool] = mapped_column(default=False)
    stored: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
