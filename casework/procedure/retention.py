"""How long a file is kept (保管期限), and from when on it may be judged. Pure.

Counted from 1 January of the year after it was put away: archived in 2026 for thirty years → to be
judged from 1 January 2057.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from casework.procedure.effects import PagesCounted, StageReached
from casework.procedure.facts import Facts
from casework.procedure.ids import StepId
from casework.procedure.kinds import kinds
from casework.procedure.model import Label, Named
from casework.toml_file import Row, read_toml

FILE = Path(__file__).with_name("retention.toml")
PERMANENT = "permanent"
NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class RetentionTerm:
    """Term («10», «30», «permanent»), why (archived · prolonged · report · with_case), counted from
    which day's year."""

    term: str
    why: str
    since: date

    @property
    def due(self) -> date:
        """The first day on which it may be judged; NEVER for what is kept for good."""
        return NEVER if self.term == PERMANENT else date(self.since.year + 1 + int(self.term), 1, 1)


class Mark(Named, frozen=True):
    """A mark of an important case (重要案件)."""

    id: str
    steps: tuple[StepId, ...]
    basis: str
    verified: bool


class _Tables(Row, frozen=True):
    term: dict[str, Label]
    permanent: tuple[Mark, ...]


@cache
def _tables() -> _Tables:
    return read_toml(FILE, _Tables)


def term_names() -> Mapping[str, Label]:
    """Names of the terms by id."""
    return _tables().term


def marks() -> tuple[Mark, ...]:
    """All marks, in the order of the file."""
    return _tables().permanent


def marks_of(facts: Facts) -> list[Mark]:
    """The marks that a case bears."""
    return [m for m in marks() if facts.did(*m.steps)]


def disposal_held_back(facts: Facts) -> bool:
    """Whether its disposal is held back (暂缓处置)."""
    newest = facts.last("hold_disposal", "lift_hold")
    return newest is not None and newest.step == "hold_disposal"


def pages_of(facts: Facts) -> int | None:
    """How many numbered pages an archived file has, as counted when it was bound; of files archived
    before that was so, what was typed. None while it is not archived."""
    archived = facts.last("archive")
    if archived is None:
        return None
    counted = [e.pages for e in archived.effects if isinstance(e, PagesCounted)]
    return int(counted[0] if counted else archived.asked.get("pages") or 0)


def is_put_away(facts: Facts) -> bool:
    """Whether the docket rests, in one of the stages that its kind names."""
    return facts.stage in kinds()[facts.kind].put_away


def retention_term(
    facts: Facts, cases: Sequence[RetentionTerm | None] = ()
) -> RetentionTerm | None:
    """How long a docket is kept; None for one that is not put away. ``cases``: the same of those
    that it feeds, with which it is kept."""
    if cases:
        kept = [c for c in cases if c is not None]
        longest = max(kept, key=lambda c: c.due, default=None)
        return (
            RetentionTerm(longest.term, "with_case", longest.since)
            if longest and len(kept) == len(cases)
            else None
        )
    return (_prolonged(facts) or _own_term(facts)) if is_put_away(facts) else None


def _own_term(facts: Facts) -> RetentionTerm | None:
    """A case file's from the archive step; others' from the day on which they ended, as long as the
    bureau has set; None where the kind says nothing of it."""
    archived, setting = facts.last("archive"), kinds()[facts.kind].kept_for
    if archived:
        return RetentionTerm(str(archived.asked["term"]), "archived", archived.on)
    if not setting:
        return None
    return RetentionTerm(str(int(facts.settings.number(setting))), "report", _ended_on(facts))


def _prolonged(facts: Facts) -> RetentionTerm | None:
    again = facts.last("keep_longer")
    return RetentionTerm(str(again.asked["term"]), "prolonged", again.on) if again else None


def _ended_on(facts: Facts) -> date:
    """The day on which the report came into its present stage."""
    days = [
        a.on
        for a in facts.done()
        for e in a.effects
        if isinstance(e, StageReached) and (e.track, e.to) == (facts.main.label, facts.stage)
    ]
    return days[-1] if days else facts.opened_on
