"""What has come in already, known by keyed fingerprints alone: neither senders nor contents can be
guessed back from them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import Model, UtcDateTime, utcnow


class Arrival(Model):
    """One mail, one row of another bureau's list, or one page of the counter that became a tip;
    written in its transaction."""

    __tablename__ = "arrival"
    __table_args__ = (UniqueConstraint("bureau_id", "content"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    # keyed fingerprint of everything that counts
    content: Mapped[bytes] = mapped_column(LargeBinary(32))
    # of a mail's Message-ID
    message: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    docket_id: Mapped[int | None] = mapped_column(ForeignKey("docket.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class TipMail(Model):
    """Up to which docket a bureau's people were told of new tips by mail, and when last."""

    __tablename__ = "tip_mail"
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), primary_key=True)
    upto: Mapped[int]
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReplyDue(Model):
    """A reply to a mail that is still to be sent; nothing of its sender stands here."""

    __tablename__ = "reply_due"
    __table_args__ = (UniqueConstraint("bureau_id", "content"),)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary(32))  # the mail's, as in «arrival»
    # with a key of ours it makes the receipt code once more
    number: Mapped[bytes] = mapped_column(LargeBinary(32))
    tries: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RepliedTo(Model):
    """How often a sender was replied to on one day, under a key of that day."""

    __tablename__ = "replied_to"
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), primary_key=True)
    sender: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    day: Mapped[date]
    times: Mapped[int]
