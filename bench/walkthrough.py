"""What a clerk must do, counted: two whole cases walked by whoever follows «现在» alone.

    python -m bench.walkthrough [--tell]

Prints clicks, fields, pages and papers of a firm's case (telephone to archive) and a township's (to
the letter that proposes discipline), and what was typed again, lost or offered wrongly.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine

from bench.common import scratch, table
from bench.walk import cheap
from tests.conftest import Mould, program, upgraded
from tests.desk.by_hand import Desk
from tests.desk.walkthrough import Count
from tests.desk.walkthrough_said import BEGINS, CASES, Counted, peopled


def main() -> None:
    """Walk both cases, print the table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--tell", action="store_true", help="print every act")
    given = words.parse_args()
    with scratch() as folder, pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        over = peopled(_instance(folder))
        counts = [walked(case, over, folder / str(n)) for n, case in enumerate(CASES)]
    rows = [
        (name, *(dict(count.rows())[name] for count in counts)) for name, _n in counts[0].rows()
    ]
    table("What a clerk must do", ("what", *(case.name for case in CASES)), rows)
    for case, count in zip(CASES, counts, strict=True):
        _tell(case, count, given.tell)


def walked(case: Counted, over: Mould, folder: Path) -> Count:
    """One case, over a copy of the instance."""
    with (
        time_machine.travel(BEGINS, tick=False) as clock,
        program(replace(over.copy(folder), team=over.team)) as app,
    ):
        return case.walker(Desk(app, clock, BEGINS.date())).walk()


def _instance(folder: Path) -> Mould:
    made = Mould(folder / "mould")
    made.folder.mkdir()
    upgraded(made.folder, None)
    return made


def _tell(case: Counted, count: Count, acts: bool) -> None:
    parts = {
        "typed again": count.again,
        "lost": count.lost,
        "wrong": count.wrong,
        "came back": count.back,
        "untold": count.untold,
        **({"acts": count.acts} if acts else {}),
    }
    for name, found in parts.items():
        print(f"\n{case.name}: {name}", *(f"  {one}" for one in found), sep="\n")


if __name__ == "__main__":
    main()
