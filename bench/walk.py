"""Walks that nobody planned, for as long as there is time: what breaks is named with its seed, so
that it becomes a test."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from nacl.pwhash import argon2id

from bench.common import scratch, table
from casework.people import passwords
from casework.procedure.load import procedure
from casework.vault import identity
from tests.conftest import Mould, upgraded
from tests.support import quick
from tests.walks.browsers import Account
from tests.walks.run import AFTER_SCENES, fewer, peopled_for_walks, walk, with_scenes
from tests.walks.sealed import OPENED

MOST = 40  # reasons of refusals that are printed


def main() -> None:
    """Walk, print what was reached and what broke."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--minutes", type=float, default=60)
    words.add_argument(
        "--seed", type=int, default=1, help="of the first walk; the next ones count on"
    )
    words.add_argument("--acts", type=int, default=300, help="of one walk")
    words.add_argument("--walks", type=int, default=0, help="how many; 0: until the time is over")
    words.add_argument(
        "--scenes", action="store_true", help="begin among the scenes of the demonstration"
    )
    words.add_argument(
        "--shrink",
        action="store_true",
        help="leave out acts that are not needed for a fault to show",
    )
    words.add_argument("--tell", action="store_true", help="print every act")
    given = words.parse_args()
    until, total, broken, seed = (
        time.monotonic() + given.minutes * 60,
        Account(),
        list[str](),
        given.seed,
    )
    with scratch() as folder, pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        over, templates = _instance(folder), quick.Templates()
        over, begins = (
            (with_scenes(over), AFTER_SCENES.date() + timedelta(1))
            if given.scenes
            else (over, None)
        )
        while time.monotonic() < until and (not given.walks or seed < given.seed + given.walks):
            found = walk(over, folder / f"{seed}", seed, range(given.acts), templates, begins)
            total.add(found.account)
            if given.tell:
                print(*found.said, sep="\n")
            if found.broken is not None:
                broken.append(str(seed))
                print(found.broken, flush=True)
                if given.shrink:
                    acts = list(range(found.broken.number + 1))
                    print(
                        "needed:", fewer(over, folder / "shrunk", seed, acts, found.broken, begins)
                    )
            state = "broke" if found.broken else "held"
            print(
                f"walk {seed} {state}: {found.account.accepted} acts "
                f"accepted, {len(found.account.taken)} steps",
                flush=True,
            )
            seed += 1
    _print(total, seed - given.seed)
    print(f"{len(broken)} walks broke: {' '.join(broken)}")
    sys.exit(bool(broken))


def cheap(patch: pytest.MonkeyPatch) -> None:
    """Links and SQL are made once; passwords are stretched as little as argon2 allows."""
    quick.late_links(patch)
    quick.shared_sql(patch)
    patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    patch.setattr(identity, "_COST", {"ops": argon2id.OPSLIMIT_MIN, "mem": argon2id.MEMLIMIT_MIN})


def _instance(folder: Path) -> Mould:
    made = Mould(folder / "mould")
    made.folder.mkdir()
    upgraded(made.folder, None)
    return peopled_for_walks(made)


def _print(total: Account, walks: int) -> None:
    steps = {s.id for s in procedure().steps.values() if not s.by_system}
    reached = steps & set(total.taken)
    table(
        f"{walks} walks: {sum(total.acts.values())} acts, {total.accepted} "
        f"accepted, {len(reached)} of {len(steps)} steps",
        ("step", "times"),
        total.taken.most_common(),
    )
    print(f"\nidentities opened: {total.taken[OPENED]}")
    print("never taken:", ", ".join(sorted(steps - reached)) or "none")
    table("Kinds of acts", ("kind", "times"), total.acts.most_common())
    table("Where dockets stood at the end", ("stage", "times"), total.stages.most_common())
    table("What the second reading finds", ("rule", "times"), total.read.most_common())
    table("What was refused", ("step and reason", "times"), total.refused.most_common(MOST))


if __name__ == "__main__":
    main()
