"""Dockets and everything that hangs on their journals.

The journal (``act``) is the truth; the other tables are what its effects made, and the docket's row
caches what lists need.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from casework.people.models import compared_name
from casework.procedure.ids import ClockId, RoleId, StageId, StepId, TrackId
from casework.procedure.kinds import kinds_with
from casework.procedure.written_numbers import padded_number
from casework.store import Model, SortText, UtcDateTime, utcnow

_OPEN = text("state = 'open'")
_FAULTY = text("faults <> ''")
# in place of a stage: only number, days and the skeleton of the journal are left
DESTROYED = "destroyed"
FAR = date(9999, 12, 31)  # «nothing due»: sort columns are never NULL


class Docket(Model):
    """A report or a case (办件)."""

    __tablename__ = "docket"
    __table_args__ = (
        UniqueConstraint("bureau_id", "code"),
        Index("ix_docket_list", "bureau_id", "kind", "updated_at", "id"),
        Index("ix_docket_due", "bureau_id", "kind", "next_due", "id"),
        Index("ix_docket_stage", "bureau_id", "kind", "stage", "updated_at", "id"),
        Index("ix_docket_number", "bureau_id", "number"),
        Index("ix_docket_by_number", "bureau_id", "kind", "sorted_number", "id"),
        Index("ix_docket_by_title", "bureau_id", "kind", "title", "id"),
        Index("ix_docket_turns_until", "turns_until"),
        Index("ix_docket_unit_code", "unit_code", "bureau_id"),
        Index("ix_docket_folded_title", "folded_title", "bureau_id"),
        Index(
            "ix_docket_faults", "bureau_id", "id", sqlite_where=_FAULTY, postgresql_where=_FAULTY
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    kind: Mapped[str] = mapped_column(String(8))  # report | case
    code: Mapped[str] = mapped_column(SortText(24))  # in URLs: R2026-31, C2026-12
    number: Mapped[str] = mapped_column(String(60))  # as people read it: 丰统线〔2026〕31号
    # the same as lists are sorted by it: 9号 before 10号
    sorted_number: Mapped[str] = mapped_column(SortText(80), default="")
    opened_on: Mapped[date]
    data_key: Mapped[bytes] = mapped_column(LargeBinary)  # wrapped; opens the payload bodies
    last_seq: Mapped[int] = mapped_column(default=0)
    # -- cache for lists, rebuilt by docket.cache.refresh()
    stage: Mapped[str] = mapped_column(SortText(20), default="")
    # open side tracks: "execution:due,discipline:sent"
    tracks: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(SortText(200), default="")  # respondent's or subject's name
    # the same as names are compared
    folded_title: Mapped[str] = mapped_column(SortText(200), default="")
    # folded; never one that may be a human being's number
    unit_code: Mapped[str] = mapped_column(SortText(18), default="")
    cause: Mapped[str] = mapped_column(String(200), default="")
    township: Mapped[str] = mapped_column(SortText(12), default="")
    channel: Mapped[str] = mapped_column(String(20), default="")
    handlers: Mapped[str] = mapped_column(String(120), default="")
    next_due: Mapped[date] = mapped_column(default=FAR)
    next_clock: Mapped[str] = mapped_column(String(40), default="")
    # role of whom an open proposal waits for
    waits_for: Mapped[str] = mapped_column(String(20), default="")
    group_label: Mapped[str] = mapped_column(String(60), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    # -- what the second reading found, reckoned again at night (archive.read_again)
    # unanswered: "served_in_time:24 decided_in_time:7"
    faults: Mapped[str] = mapped_column(String(2000), default="")
    read_seq: Mapped[int] = mapped_column(default=0)  # the last entry that it read
    read_on: Mapped[date] = mapped_column(default=date.min)
    # the last day for which the rows of docket.turns hold
    turns_until: Mapped[date] = mapped_column(default=date.min)

    @validates("title")
    def _fold(self, _key: str, title: str) -> str:
        """Ties, earlier penalties and twins are found by the name however it is written."""
        self.folded_title = compared_name(title)
        return title

    @validates("number")
    def _pad(self, _key: str, number: str) -> str:
        self.sorted_number = padded_number(number)
        return number


def is_kind(key: str) -> ColumnElement[bool]:
    """A condition on ``Docket``: the row of its kind says something under a key (kinds.toml)."""
    return Docket.kind.in_(kinds_with(key))


class Track(Model):
    """An instance of a track (办理线)."""

    __tablename__ = "track"
    __table_args__ = (UniqueConstraint("docket_id", "label"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"))
    label: Mapped[str] = mapped_column(String(30))
    kind: Mapped[TrackId] = mapped_column(String(20))
    stage: Mapped[StageId] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(120), default="")
    opened_by: Mapped[int]
    ended: Mapped[bool] = mapped_column(default=False)


class Act(Model):
    """A journal entry (办理记录). Never changed, never deleted: triggers see to it."""

    __tablename__ = "act"
    __table_args__ = (
        UniqueConstraint("docket_id", "seq"),
        UniqueConstraint("id", "actor_id"),  # lets approval prove its proposer
        Index("ix_act_at", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"))
    seq: Mapped[int]
    track: Mapped[str] = mapped_column(String(30))
    step: Mapped[StepId] = mapped_column(String(40))
    verb: Mapped[str] = mapped_column(String(10))
    version: Mapped[str] = mapped_column(String(40))  # of the procedure
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    effects: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))  # salted digest of the payload
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ActBody(Model):
    """The payload of an act under the docket's data key, with the salt of its digest."""

    __tablename__ = "act_body"
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Proposal(Model):
    """A proposed step that waits for its approvals. One open proposal holds its track instance."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_waits", "waits_for", "state"),
        Index(
            "uq_proposal_open",
            "docket_id",
            "track",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"), primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    track: Mapped[str] = mapped_column(String(30))
    step: Mapped[StepId] = mapped_column(String(40))
    waits_for: Mapped[RoleId] = mapped_column(String(20))
    # open · approved · returned · withdrawn
    state: Mapped[str] = mapped_column(String(10), default="open")


class Approval(Model):
    """One approval. The database itself refuses that the proposer approves, or one person twice."""

    __tablename__ = "approval"
    __table_args__ = (
        ForeignKeyConstraint(["proposal_id", "proposer_id"], ["act.id", "act.actor_id"]),
        UniqueConstraint("proposal_id", "approver_id"),
        CheckConstraint("proposer_id <> approver_id", name="two_pairs_of_eyes"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int]
    proposer_id: Mapped[int]
    approver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))


class Clock(Model):
    """A deadline (期限)."""

    __tablename__ = "clock"
    __table_args__ = (Index("ix_clock_state_due", "state", "due"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    track: Mapped[str] = mapped_column(String(30))
    rule: Mapped[ClockId] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(120))
    amount: Mapped[int] = mapped_column(default=0)
    unit: Mapped[str] = mapped_column(String(10), default="")
    seq: Mapped[int]  # of the act that started it
    paper_id: Mapped[int | None]
    start: Mapped[date]
    original_due: Mapped[date]
    due: Mapped[date]
    provisional: Mapped[bool] = mapped_column(default=False)
    calendar: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(8), default="open")  # open · paused · met · stopped
    met_on: Mapped[date | None]
    pauses: Mapped[list[list[str | None]]] = mapped_column(JSON, default=list)
    extensions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class Fine(Model):
    """The money of a penalty: sums and days of :class:`casework.procedure.fines.Account`, kept by
    every act that can change them, so that a list of any length is summed by the database."""

    __tablename__ = "fine"
    __table_args__ = (Index("ix_fine_decided", "bureau_id", "decided"),)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    decided: Mapped[date]
    levied: Mapped[int] = mapped_column(BigInteger)  # fen
    paid: Mapped[int] = mapped_column(BigInteger)
    # fen, paid under a decision that fell: owed back
    apart: Mapped[int] = mapped_column(BigInteger, default=0)
    over: Mapped[bool]  # its execution has ended: the rest is settled
    late_days: Mapped[int]
    # number of the day (date.toordinal) from which every day is one more late day; FAR: none
    runs_from: Mapped[int]


class Assignment(Model):
    """An officer of a docket, from one act to another."""

    __tablename__ = "assignment"
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]


class Recusal(Model):
    """A person locked out of a docket (回避)."""

    __tablename__ = "recusal"
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(200), default="")


class Link(Model):
    """A report feeds a case, or a case was absorbed by another. Undone by a date, never by
    deleting."""

    __tablename__ = "link"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # feeds | absorbed
    # the report; the absorbed case
    from_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)  # the case
    since: Mapped[date]
    until: Mapped[date | None]


class Outbox(Model):
    """What floor 5 must learn of an act, written in the act's own transaction."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"))
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    topic: Mapped[str] = mapped_column(String(30))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class StepDraft(Model):
    """A half-written step, sealed for the person who writes it."""

    __tablename__ = "step_draft"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    track: Mapped[str] = mapped_column(String(30), primary_key=True)
    step: Mapped[StepId] = mapped_column(String(40), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class SearchToken(Model):
    """Keyed tokens of overlapping character pairs: the index holds no words."""

    __tablename__ = "search_token"
    token: Mapped[bytes] = mapped_column(LargeBinary(8), primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True, index=True)
