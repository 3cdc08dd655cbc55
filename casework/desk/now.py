"""Who takes what a docket waits for, and the groups into which its page folds all other steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casework.acts.turns import Turn
from casework.desk.naming import role_word
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
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


def who_takes(facts: Facts, turns: Sequence[Turn]) -> str:
    """Whoever can do it, by name; by role where they are many or none."""
    names = sorted({facts.people[i].name for t in turns for i in t.people})
    if 0 < len(names) <= MOST_NAMES:
        return "、".join(names)
    return "、".join(dict.fromkeys(role_word(r) for t in turns for r in t.roles))
