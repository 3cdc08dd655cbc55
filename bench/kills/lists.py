"""Lists: tips of another bureau, and the register of units. Each is one transaction: all of it or
nothing."""

from __future__ import annotations

import random
from typing import Any

from bench import units
from bench.kills import state
from bench.kills.ground import by_command, heads_kept
from bench.kills.process import Tell
from bench.kills.work import LOST, Work
from casework.docket.models import Docket
from casework.people.models import Unit

ROWS, FIRMS = 40, 3000


def people() -> None:
    """The bureau and its staff."""
    from casework.upkeep import demo

    demo.people()
    heads_kept()


class Import(Work):
    """``tips import``."""

    name, mould = "tips import", "people"

    def prepare(self) -> None:
        self.ground.make("people", "empty", people)

    def ready(self, dice: random.Random) -> None:
        self.file = self.ground.beside / "tips.csv"
        lines = ["单位名称,举报内容"]
        lines += [
            f"重庆第{n}号机械制造有限公司,第{n}条：应收账款少报{dice.randrange(100, 999)}万元。"
            for n in range(ROWS)
        ]
        self.file.write_text("\n".join(lines) + "\n", "utf-8")

    def do(self, tell: Tell) -> Any:
        source = ("--body", "市统计局", "--number", "1", "--day", "2026-01-05")
        said = by_command(self.ground.app, "tips", "import", str(self.file), *source)
        tell(said.splitlines()[-1])

    def after(self, told: list[Any]) -> list[str]:
        there = state.count(Docket)
        if told and there != ROWS:
            return [f"{LOST}«{told[0]}» was said, and {there} tips are there"]
        return [] if there in (0, ROWS) else [f"{there} of {ROWS} tips of a list"]

    def at_end(self, told: list[Any]) -> list[str]:
        there = state.count(Docket)
        return [] if there == ROWS else [f"{LOST}{there} of {ROWS} tips of a list in the end"]


class Units(Work):
    """``units import``."""

    name, mould = "units import", "people"

    def prepare(self) -> None:
        self.ground.make("people", "empty", people)

    def ready(self, dice: random.Random) -> None:
        self.file = self.ground.beside / "units.csv"
        units.write(self.file, FIRMS)

    def do(self, tell: Tell) -> Any:
        tell(by_command(self.ground.app, "units", "import", str(self.file)).splitlines()[-1])

    def after(self, told: list[Any]) -> list[str]:
        there = state.count(Unit)
        if told and there != FIRMS:
            return [f"{LOST}«{told[0]}» was said, and {there} units are there"]
        return [] if there in (0, FIRMS) else [f"{there} of {FIRMS} units of a list"]

    def at_end(self, told: list[Any]) -> list[str]:
        there = state.count(Unit)
        return [] if there == FIRMS else [f"{LOST}{there} of {FIRMS} units of a list in the end"]
