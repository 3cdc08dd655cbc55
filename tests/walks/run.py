"""A whole walk in an instance of its own, for the test and for the long run (``bench/walk.py``)."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import time_machine
from sqlalchemy import select

from casework.store import db
from casework.upkeep.tick import tick
from tests.conftest import Mould, program
from tests.support import quick
from tests.walks.browsers import Account, Broken
from tests.walks.walk import People

# the day on which the people came; walks begin a year later, or more
BEFORE = datetime(2023, 10, 1, tzinfo=UTC)
TRIES = 60  # walks that look for a shorter one
AFTER_SCENES = datetime(2025, 11, 10, 1, tzinfo=UTC)


@dataclass
class Walked:
    """How a walk went; ``broken`` is None where everything held."""

    account: Account
    said: list[str]
    broken: Broken | None


def peopled_for_walks(made: Mould) -> Mould:
    """The same instance with a bureau, staff of every role, and the key of its custodian."""
    from casework.upkeep.demo import custodian_key, people

    with time_machine.travel(BEFORE, tick=False), program(made):
        bureau, team = people()
        team.bureau_id = bureau.id  # type: ignore[attr-defined]
        custodian_key(team)
    return replace(made, team=team)


def with_scenes(made: Mould) -> Mould:
    """The same instance with a docket on every stage: all scenes of the demonstration, played until
    a day of their own."""
    from casework.people.models import Bureau
    from casework.upkeep.demo import make_units, scenes
    from casework.upkeep.walks_in_order import in_order

    assert made.team is not None
    with time_machine.travel(AFTER_SCENES, tick=False), program(made, CLOCK_DAYS=100 * 365):
        number = db.session.scalars(select(Bureau.id)).one()
        make_units(number)
        for _ in in_order(scenes(number, made.team)):
            pass
        # what deadlines moved by a list of holidays bring about comes with the second round
        for _ in range(2):
            tick()
    return made


def walk(
    over: Mould,
    folder: Path,
    seed: int,
    acts: Iterable[int],
    templates: quick.Templates | None = None,
    begins: date | None = None,
) -> Walked:
    """One walk: the acts of these numbers, in a copy of the instance that is gone afterwards.
    ``begins``: its first day, where the seed does not give it."""
    copied = over.copy(folder / "instance")
    (folder / "memory").mkdir()
    assert copied.team is not None
    with ExitStack() as at_the_end:
        at_the_end.callback(shutil.rmtree, folder, ignore_errors=True)
        if copied.server:
            at_the_end.callback(copied.server.drop, copied.name)
        clock = at_the_end.enter_context(time_machine.travel(BEFORE, tick=False))
        app = at_the_end.enter_context(program(copied, MEMORY_FOLDER=str(folder / "memory")))
        if templates is not None:
            app.jinja_env.bytecode_cache = templates
        people = at_the_end.enter_context(People(app, copied.team, clock, seed, begins))
        broken = _walked(people, acts)
        return Walked(people.account, people.said, broken)


def _walked(people: People, acts: Iterable[int]) -> Broken | None:
    try:
        for number in acts:
            people.act(number)
        people.finish()
    except Broken as error:
        return error
    return None


def fewer(
    over: Mould,
    folder: Path,
    seed: int,
    acts: list[int],
    broken: Broken,
    begins: date | None = None,
) -> list[int]:
    """Fewer acts that break the same, found by leaving pieces out."""
    size, tries = len(acts) // 2, TRIES
    while size and tries:
        for at in range(0, len(acts), size):
            left, tries = [*acts[:at], *acts[at + size :]], tries - 1
            found = walk(over, folder / f"{tries}", seed, left, None, begins).broken
            if found is not None and found.kind == broken.kind:
                acts = left
                break
            if not tries:
                break
        else:
            size //= 2
    return acts
