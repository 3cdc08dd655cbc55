"""Who takes what a docket waits for, and the groups into which its page folds all other steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casework.desk.naming import role_word
from casework.procedure.facts import Facts, PersonFacts
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.web.language import current

Row = dict[str, Any]
MOST_NAMES = 3  # more persons who may take a step are named by their role


@dataclass(frozen=True)
class Folded:
    """Steps that can be taken beside the ordinary next one, under one heading."""

    name: str
    rows: Sequence[Row]
    exit: bool


def folded(rows: Iterable[Row]) -> Iterator[Folded]:
    """Rows of steps by their groups, in the order of ``procedure.toml``: ways out last."""
    rows = list(rows)
    for group in sorted(procedure().groups.values(), key=lambda g: g.exit):
        own = [row for row in rows if row["group"] == group.id]
        if own:
            yield Folded(group.name.in_language(current()), own, group.exit)


def who_takes(facts: Facts, step: Step) -> str:
    """Whoever may take the step of this docket, by name; by role where they are many or none."""
    able = [p for p in facts.officers if _able(p, step)]
    able = able or [p for p in facts.people.values() if _able(p, step)]
    if 0 < len(able) <= MOST_NAMES:
        return "、".join(sorted({p.name for p in able}))
    return "、".join(role_word(r) for r in step.roles)


def _able(person: PersonFacts, step: Step) -> bool:
    return bool(person.roles & set(step.roles)) and not person.recused
