"""Copies that a case file holds of who is who: licence, identity papers, cards, an agent's
authority. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casework.procedure.facts import Facts
from casework.procedure.ids import StepId
from casework.procedure.model import Named
from casework.toml_file import read_toml

FILE = Path(__file__).with_name("standing.toml")
STEP: StepId = "add_standing"  # the step that brings them


class Document(Named, frozen=True):
    """A kind of copy. ``of``: kinds of respondents for whom it is wanted; empty: all."""

    basis: str
    of: frozenset[str]
    wanted: str


@dataclass(frozen=True)
class Checked:
    """A kind of copy with its state in one file: there, lacking, or (None) asked for only where
    there is an agent."""

    kind: str
    document: Document
    there: bool | None


@cache
def standing_documents() -> Mapping[str, Document]:
    """All kinds, in the order of the file."""
    return read_toml(FILE, dict[str, Document])


def checked(facts: Facts) -> list[Checked]:
    """What the file of this case should hold of them, and whether it does; nothing is asked of a
    case that was never filed."""
    if not facts.did("file"):
        return []
    brought = {str(a.asked.get("standing")) for a in facts.done(STEP)}
    kind = facts.party.kind.value if facts.party else ""
    rows = [(key, d) for key, d in standing_documents().items() if not d.of or kind in d.of]
    return [
        Checked(key, d, True if key in brought else None if d.wanted == "agent" else False)
        for key, d in rows
    ]


def lacking(facts: Facts) -> list[str]:
    """The kinds that are wanted and not there."""
    return [c.kind for c in checked(facts) if c.there is False]
