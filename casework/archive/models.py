"""Bound files, what was printed and what came back signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import Model, UtcDateTime, utcnow


class Binding(Model):
    """One order to bind a case file, and its result: a sealed PDF that is gone after some days."""

    __tablename__ = "binding"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # internal · outgoing · index
    state: Mapped[str] = mapped_column(String(10), default="waiting")  # waiting · running · done · failed
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    notes: Mapped[list[list[str]]] = mapped_column(JSON, default=list)  # [what, title], words of them in templates/casefile
    stored: Mapped[str] = mapped_column(String(80), default="")
    size: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class PrintMark(Model):
    """A paper was printed to be signed; the newest printing counts."""

    __tablename__ = "print_mark"
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class SignedCopy(Model):
    """The scanned, signed copy of a paper (签署件), sealed. A later scan stands beside it; the newest counts."""

    __tablename__ = "signed_copy"
    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), index=True)
    stored: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    sm3: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class StrayPage(Model):
    """A scanned page without a code of ours: waits for a person to say where it belongs."""

    __tablename__ = "stray_page"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    stored: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
