"""What each step is for and what happens then (``help.toml``): shown on its page, printed in the
handbook."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from casework.procedure.model import Label, Procedure
from casework.toml_file import Row, read_toml

FILE = Path(__file__).with_name("help.toml")


class StepHelp(Row, frozen=True):
    """A step in two sentences, in both languages."""

    purpose: Label  # what it is for, or when it is taken
    then: Label  # what happens then


@cache
def step_help() -> dict[str, StepHelp]:
    """The help of every step, by the step's id. TomlError for a file that is not whole."""
    return read_toml(FILE, dict[str, StepHelp])


def help_faults(p: Procedure) -> Iterator[str]:
    """Steps without help, with the line of each, and help without a step."""
    there = step_help()
    missing = (s for s in p.steps.values() if s.id not in there)
    yield from (f"line {s.line}: step {s.id}: no help" for s in missing)
    yield from (f"help.toml: unknown step «{name}»" for name in there if name not in p.steps)
