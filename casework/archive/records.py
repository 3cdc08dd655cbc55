"""What the archive room writes down: how long each file is kept, what was handed over, what was
destroyed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import Model, UtcDateTime, utcnow


class Keeping(Model):
    """How long a docket that was put away is kept: what the pure rules say of its journal, for
    lists. Written by ``tick``."""

    __tablename__ = "keeping"
    __table_args__ = (Index("ix_keeping_due", "bureau_id", "due", "docket_id"),)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    term: Mapped[str] = mapped_column(String(12))  # years, or «permanent»
    why: Mapped[str] = mapped_column(String(12))  # archived · prolonged · report · with_case
    since: Mapped[date]
    due: Mapped[date]  # from this day on it may be judged
    seq: Mapped[int]  # last entry of the journal when this was worked out


class Handover(Model):
    """A transfer list (移交清单): files handed to an archive (档案馆)."""

    __tablename__ = "handover"
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(String(100))  # the archive that takes them
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    received_by: Mapped[str] = mapped_column(String(60), default="")  # who signed for them there
    received_on: Mapped[date | None]


class HandoverItem(Model):
    """One file of a transfer list; a file is on one list at most."""

    __tablename__ = "handover_item"
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), index=True)


class Destruction(Model):
    """A batch of files to be destroyed (鉴定销毁): proposed by one person, confirmed by another.
    The database itself refuses that they are the same, that rows go, and that a confirmed batch
    changes."""

    __tablename__ = "destruction"
    __table_args__ = (
        CheckConstraint("confirmer_id IS NULL OR confirmer_id <> proposer_id", name="two_persons"),
        CheckConstraint(
            "state IN ('proposed', 'withdrawn') OR confirmer_id IS NOT NULL", name="confirmed"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    # number of the appraisal report (鉴定工作报告, 档案法实施条例 §24)
    report: Mapped[str] = mapped_column(String(60))
    proposer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    confirmer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # proposed · withdrawn · confirmed · done
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stored: Mapped[str] = mapped_column(String(80), default="")  # the certificate, sealed
    sha256: Mapped[str] = mapped_column(String(64), default="")
    sm3: Mapped[str] = mapped_column(String(64), default="")


class DestructionItem(Model):
    """One docket of a batch: what remains of it for good (销毁清册)."""

    __tablename__ = "destruction_item"
    destruction_id: Mapped[int] = mapped_column(ForeignKey("destruction.id"), primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(24))
    number: Mapped[str] = mapped_column(String(60), index=True)
    term: Mapped[str] = mapped_column(String(12))
    since: Mapped[date]
    due: Mapped[date]
    # names in the sealed store still to be shredded
    files: Mapped[list[str]] = mapped_column(JSON, default=list)
    emptied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the rows are gone
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the files too
    left_out: Mapped[str] = mapped_column(String(20), default="")  # why it was spared after all
