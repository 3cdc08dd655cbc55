"""Kill -9 at random moments over all kinds of work; what was acknowledged is counted here, beside
the program.

    bench/kill 1,000 kills and more over all kinds bench/kill --kind tips --kills 200 --seed 1 one
    kind

The instance lies in memory: a kill ends a process, not a machine, and what a process has written
stays written. Exit 1 on any fault.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.common import table
from bench.kills.ground import Ground
from bench.kills.lists import Import, Units
from bench.kills.mail import Folder, Imap
from bench.kills.page_lists import PageLists
from bench.kills.public import Pieces, Tips
from bench.kills.restore import Restore
from bench.kills.scanner import Scans
from bench.kills.served import Served
from bench.kills.staff import Print, Steps
from bench.kills.upkeep import Backup, Bind, BindToFile, Destroy, Rotate, Tick
from bench.kills.warm import warm
from bench.kills.work import Tally, Work

# the folder in it is our own and closed
MEMORY = Path("/dev/shm")  # noqa: S108
KINDS: dict[str, tuple[type[Work] | type[Served], int]] = {
    "tips": (Tips, 200),
    "pieces": (Pieces, 120),
    "steps": (Steps, 100),
    "print": (Print, 60),
    "scans": (Scans, 100),
    "page-lists": (PageLists, 60),
    "folder": (Folder, 80),
    "imap": (Imap, 60),
    "import": (Import, 90),
    "units": (Units, 90),
    "backup": (Backup, 80),
    "restore": (Restore, 100),
    "rotate": (Rotate, 90),
    "bind": (Bind, 50),
    "bind-command": (BindToFile, 50),
    "destroy": (Destroy, 60),
    "tick": (Tick, 40),
}


def main() -> None:
    """Kill, print the table, name the faults."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument(
        "--kind", choices=KINDS, action="append", help="one or more kinds; without, all"
    )
    words.add_argument(
        "--kills", type=int, help="of each kind; without, as many as make a thousand over all"
    )
    words.add_argument("--seed", type=int, default=1)
    given = words.parse_args()
    logging.disable()  # what the program says about being killed
    os.environ.pop("DATABASE_URL", None)
    os.environ["CASEWORK_URL"] = "http://127.0.0.1"  # papers carry their QR
    with ExitStack() as ending:
        memory = MEMORY if MEMORY.is_dir() else None
        folder = ending.enter_context(
            tempfile.TemporaryDirectory(prefix="casework-kill-", dir=memory)
        )
        ground = Ground(Path(folder), ending)
        warm(ground)
        # what was loaded until here is not looked through again in every forked process
        gc.freeze()
        tallies = [_one(ground, kind, given.kills, given.seed) for kind in given.kind or KINDS]
    gc.unfreeze()
    _show(tallies, given.seed)
    sys.exit(any(t.faults for t in tallies))


def _one(ground: Ground, kind: str, kills: int | None, seed: int) -> Tally:
    work, usual = KINDS[kind]
    began, tally, known = time.perf_counter(), Tally(kind), 0
    for tally in work(ground).series(kills or usual, seed):
        print(*("\n" + fault for fault in tally.faults[known:]), sep="", end="", file=sys.stderr)
        known = len(tally.faults)
        print(
            f"\r{tally.kind}: {tally.kills} kills, {tally.within} in "
            f"mid-work, {len(tally.faults)} faults",
            end="",
            file=sys.stderr,
            flush=True,
        )
    print(
        f", {tally.acknowledged} acknowledged, {time.perf_counter() - began:.0f} s", file=sys.stderr
    )
    return tally


def _show(tallies: list[Tally], seed: int) -> None:
    rows = [(t.kind, t.kills, t.within, t.acknowledged, t.lost, len(t.faults)) for t in tallies]
    columns = list(zip(*rows, strict=True))[1:]
    table(
        f"kill -9, seed {seed}",
        ("kind", "kills", "in mid-work", "acknowledged", "lost", "faults"),
        [*rows, ("all", *(sum(column) for column in columns))],
    )
    for tally in tallies:
        print(*tally.faults, sep="\n")


if __name__ == "__main__":
    main()
