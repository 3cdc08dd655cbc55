"""Which tables are guarded row by row, and what a row of them says.

The office's journal has digests of it (:mod:`casework.people.row_journal`), a person's seal is made
over it (:mod:`casework.people.seals`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table

# table → columns that change all day and of which nothing hangs
GUARDED: Mapping[str, frozenset[str]] = {
    "attachment": frozenset(),
    "bureau": frozenset({"revision", "calendar"}),
    "bureau_setting": frozenset(),
    "calendar_address": frozenset(),
    "calendar_day": frozenset(),
    "custodian_key": frozenset(),
    "destruction": frozenset(),
    "destruction_item": frozenset({"files"}),
    "drawn_unit": frozenset(),
    "enforcement_card": frozenset(),
    "entry": frozenset(),
    "handover": frozenset(),
    "handover_item": frozenset(),
    "identity": frozenset(),
    "identity_opening": frozenset(),
    "identity_request": frozenset(),
    "identity_verdict": frozenset(),
    "interest": frozenset(),
    "link": frozenset(),
    "message": frozenset({"read_at"}),
    "mobilisation": frozenset(),
    "office_proposal": frozenset(),
    "person": frozenset({"totp_step", "session_no", "language", "seal"}),
    "person_role": frozenset(),
    "random_draw": frozenset({"frame"}),  # large, and held by its digest
    "receipt": frozenset(),
    "signed_copy": frozenset(),
    "spare_key": frozenset(),
    "township": frozenset(),
}


def said(t: Table, row: Any) -> dict[str, Any]:
    """What a row says. Empty values are left out, so that a column that is added later changes
    nothing of older rows."""
    left_out = GUARDED[t.name]
    return {c.name: plain(row[c.name]) for c in t.columns if c.name not in left_out and row[c.name]}


def plain(value: Any) -> Any:
    """A value of a row or of its key as JSON has it: seconds, ISO days, hexadecimal, lists."""
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    return value
