"""A few kills in a process of its own; prints the tally as JSON.

    python -m tests.upkeep.kills_apart whole|early FOLDER MOULD

A test runner has threads, and a process forked from it inherits their locks and not the threads
that would open them again.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.kills import lists
from bench.kills.ground import Ground
from bench.kills.lists import Import
from bench.kills.process import Tell

KILLS, ROWS = 3, 5


class Early(Import):
    """Says that the list is taken in before it is."""

    def do(self, tell: Tell) -> Any:
        tell("taken in")
        super().do(lambda _said: None)


def main(way: str, folder: str, mould: str) -> None:
    """Kill, and print what was counted."""
    lists.ROWS = ROWS
    with ExitStack() as ending:
        ground = Ground(Path(folder), ending, Path(mould))
        work = {"whole": Import, "early": Early}[way](ground)
        tally = list(work.series(KILLS, seed=1))[-1]
    print(json.dumps(asdict(tally), ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
