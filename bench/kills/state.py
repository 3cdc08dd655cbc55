"""What an instance holds, told so that two instances can be compared: one that nobody killed
anything in, and another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from casework.docket.models import Act, Docket
from casework.papers.models import Paper
from casework.store import db


def told() -> dict[str, list[str]]:
    """Every docket's entries, papers and state, without what differs by chance: keys, times, names
    of files."""
    found: dict[str, list[str]] = {}
    for docket in db.session.scalars(select(Docket).order_by(Docket.id)):
        acts = (
            select(Act.step, Act.verb, Act.track, Act.on)
            .where(Act.docket_id == docket.id)
            .order_by(Act.seq)
        )
        papers = (
            select(Paper.kind, Paper.number, Paper.state)
            .where(Paper.docket_id == docket.id)
            .order_by(Paper.id)
        )
        row = (
            docket.number,
            docket.stage,
            docket.tracks,
            docket.waits_for,
            docket.next_due,
            docket.next_clock,
        )
        lines = (row, *db.session.execute(acts), *db.session.execute(papers))
        found[str(docket.id)] = [" ".join(map(str, line)) for line in lines]
    return found


def differing(before: dict[str, list[str]], now: dict[str, list[str]]) -> list[str]:
    """Sentences about what is otherwise."""
    return [
        f"docket {number}: {set(before.get(number, ())) ^ set(now.get(number, ()))}"
        for number in sorted({**before, **now})
        if before.get(number) != now.get(number)
    ]


def count(model: type, *which: Any) -> int:
    """Rows of a table, or those of it."""
    return db.session.scalar(select(func.count()).select_from(model).where(*which)) or 0
