"""What the second reading finds in the demonstration's scenes: only days that were let pass on
purpose."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from casework.docket.models import Docket
from casework.store import db

LET_PASS = {  # rule: why a scene shows it
    "archived_in_time": "closed cases that wait to be put away",
    "decided_in_time": "cases that were to be dealt with anew, or stand "
    "still in the middle of the road",
    "served_in_time": "decisions that wait for service",
    "time_for_verification": "cases that wait to be verified",
}


def only_what_was_let_pass() -> Counter[str]:
    """Every case was read in the night, and nothing is at fault but what a scene left lying.
    Answers how often each."""
    columns = (Docket.number, Docket.faults, Docket.read_seq, Docket.last_seq)
    cases = db.session.execute(select(*columns).where(Docket.kind == "case"))
    found: Counter[str] = Counter()
    for number, faults, read, last in cases:
        assert read == last, number
        found.update(fault.rpartition(":")[0] for fault in faults.split())
    assert set(found) <= set(LET_PASS), found
    return found
