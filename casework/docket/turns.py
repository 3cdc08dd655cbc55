"""Whose turn it is, as rows: what each docket waits for, so that everybody finds in one statement
what waits for them. The rows are reckoned by ``acts/turn_rows.py``; no name and no word of a docket
stands in them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from casework.docket.models import FAR, Docket
from casework.procedure.ids import RoleId
from casework.store import Model

_ROLE = text("person_id IS NULL")


class TurnRow(Model):
    """One thing that a docket waits for, with one role or one person for whom (acts/turns.py says
    what each kind means). Rows of one thing have the same ``place`` and differ in whom alone."""

    __tablename__ = "turn"
    __table_args__ = (
        Index(
            "ix_turn_role",
            "bureau_id",
            "role",
            "due",
            "docket_id",
            "place",
            sqlite_where=_ROLE,
            postgresql_where=_ROLE,
        ),
        Index("ix_turn_person", "person_id", "due", "docket_id", "place"),
        Index("ix_turn_by", "by_id", "since"),
        Index("ix_turn_step", "bureau_id", "step", "due", "docket_id", "place"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    place: Mapped[int]  # among what the docket waits for
    kind: Mapped[str] = mapped_column(String(10))
    step: Mapped[str] = mapped_column(String(40), default="")
    track: Mapped[str] = mapped_column(String(30))
    role: Mapped[RoleId] = mapped_column(String(20))
    # None: everybody who holds the role
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    from_day: Mapped[date]
    due: Mapped[date] = mapped_column(default=FAR)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who proposed it
    seq: Mapped[int] = mapped_column(default=0)  # the entry of the proposal
    clock: Mapped[str] = mapped_column(String(40), default="")


def again(session: Session, docket_id: int) -> None:
    """Let the next round reckon a docket anew: something beside its journal has changed."""
    session.execute(update(Docket).where(Docket.id == docket_id).values(turns_until=date.min))
