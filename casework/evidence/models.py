"""Sealed files: what informants and officers hand in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import Model, UtcDateTime, utcnow


class Attachment(Model):
    """A file of a docket: the original sealed and hashed, and a cleaned working copy where one can
    be made."""

    __tablename__ = "attachment"
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    seq: Mapped[int] = mapped_column(default=0)  # act that brought it
    title: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: names of files tell who sent them
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    sm3: Mapped[str] = mapped_column(String(64))
    stored: Mapped[str] = mapped_column(String(80))
    # "" = no cleaned copy could be made
    cleaned: Mapped[str] = mapped_column(String(80), default="")
    # off · clean · failed · infected:NAME
    scan: Mapped[str] = mapped_column(String(80), default="off")
    from_informant: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
