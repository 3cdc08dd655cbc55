"""Public entries. Nothing stands here without an approved decision in force."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from casework.store import Model, SortText, UtcDateTime, utcnow
from casework.text import folded_code


class DisclosureEntry(Model):
    """One firm on a public list: of penalties (处罚公示) or of serious dishonesty (严重失信)."""

    __tablename__ = "entry"
    __table_args__ = (Index("ix_entry_list", "bureau_id", "kind", "state", "shown_from", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"))
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    track: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(12))  # penalty | dishonesty
    # shown · resting (its decision is stayed) · ended · withdrawn
    state: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(SortText(200))
    # folded; what of it is shown: see gate.py
    credit_code: Mapped[str] = mapped_column(SortText(18), default="")
    # a person compared a doubtful one with the licence
    code_confirmed: Mapped[bool] = mapped_column(default=False)
    township: Mapped[str] = mapped_column(String(12), default="")
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    shown_from: Mapped[date]
    shown_until: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300), default="")  # why withdrawn
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)

    @validates("credit_code")
    def _fold(self, _key: str, typed: str) -> str:
        """However it was typed, it is found and shown in one form."""
        return folded_code(typed)
