"""``backup restore`` after a machine broke, and the first rounds of time under the copy, which
enter what was lost."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import create_app
from bench.kills import full, sound, state
from bench.kills.ground import Ground, by_command, heads_kept
from bench.kills.process import Tell
from bench.kills.work import LOST, Work
from casework.intake.receive import receive
from casework.people import chain, lost_span
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import restored_copy
from casework.upkeep import tick as time_itself

UNPACKED, ENTERED = "unpacked", "a round of time is over"
LATER = 2  # tips that came after the copy was made
TIP = {
    "channel": "web",
    "subject": "重庆汇锦机械制造有限公司",
    "subject_kind": "enterprise",
    "kinds": ["false_data"],
    "narrative": "上报数与账面数相差很大。",
    "identity": "anonymous",
}


def copied(app: Flask, folder: Path) -> list[int]:
    """Into a folder: a copy of cases, the keys, and what is known outside of the tips that came
    after it. The last place of the bureau's chain in the copy, and the last that was lost."""
    full.ripe_cases()
    folder.mkdir()
    by_command(app, "backup", "make", str(folder / "copy.tar"))
    bureau = db.session.scalars(select(Bureau)).one()
    number, ends = bureau.id, chain.head(db.session(), bureau.id).place
    for _ in range(LATER):
        receive(full.bureau_of(number), TIP)
    heads_kept()
    shutil.copy2(Path(app.instance_path, "keys.json"), folder)
    (folder / "anchor.txt").write_text(by_command(app, "journal", "anchor"), "utf-8")
    return [ends, chain.head(db.session(), number).place]


class Restore(Work):
    """The copy comes back with its keys, into a new folder or an empty one; then time goes on under
    it."""

    name, mould = "backup restore", "broken"

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.copied, self.folder = ground.folder / "copied", ground.beside / "back"
        # what the copy holds after a round that nobody killed
        self.whole: dict[str, list[str]] = {}

    def prepare(self) -> None:
        self.ground.make("copied", "empty", partial(copied, self.ground.app, self.copied))
        self.ground.make(
            "broken",
            "empty",
            partial(shutil.copy2, self.copied / "keys.json", self.ground.instance),
        )
        self.ground.take("broken")
        self.whole = self.ground.apart(
            lambda: (self.do(lambda _told: None), self._under(state.told))[1]
        )

    def ready(self, dice: random.Random) -> None:
        if dice.random() < 0.5:
            self.folder.mkdir(mode=0o700)

    def do(self, tell: Tell) -> Any:
        if not self._is_there():
            by_command(
                self.ground.app,
                "backup",
                "restore",
                str(self.copied / "copy.tar"),
                str(self.folder),
                "--keys",
                str(self.copied / "keys.json"),
                "--known",
                str(self.copied / "anchor.txt"),
            )
            tell(UNPACKED)
        self._under(time_itself.tick)
        tell(ENTERED)

    def _is_there(self) -> bool:
        return self.folder.exists() and any(self.folder.iterdir())

    def _under(self, work: Callable[[], Any]) -> Any:
        """The work in the program over the copy, as it is started anew."""
        with create_app(str(self.folder)).app_context():
            return work()

    def after(self, told: list[Any]) -> list[str]:
        """All of the copy is there or nothing."""
        if self._is_there():
            return [
                *self._open_to_others(),
                *self._under(lambda: [*sound.faults(), *_entered(told)]),
            ]
        return [*self._open_to_others(), *([f"{LOST}nothing is unpacked"] if told else [])]

    def _open_to_others(self) -> list[str]:
        """What a kill left beside the copy, and the copy itself, are closed."""
        beside = [
            *self.folder.parent.glob(".restoring-*"),
            *([self.folder] if self._is_there() else []),
        ]
        return [
            f"others may look into {path.name}" for path in beside if path.stat().st_mode & 0o077
        ]

    def at_end(self, told: list[Any]) -> list[str]:
        left = [
            path.name
            for path in self.folder.parent.iterdir()
            if path != self.folder and any(path.iterdir())
        ]
        return [
            *self._open_to_others(),
            *(f"left beside the copy: {name}" for name in left),
            *self._under(lambda: [*sound.faults_at_rest(), *_entered(told), *self._differing()]),
        ]

    def _differing(self) -> list[str]:
        """In the end the copy is what it was, and its loss is entered as it was."""
        ends, wanted = [[loss.place, loss.known] for loss in _losses()], self.ground.made["copied"]
        return [
            *state.differing(self.whole, state.told()),
            *([] if ends == [wanted] else [f"what was lost: {ends}, and not {wanted}"]),
            *(["the note is still there"] if (self.folder / restored_copy.NOTE).exists() else []),
        ]


def _entered(told: list[Any]) -> list[str]:
    """Faults about the entry of what was lost: once at most, and there once a round was over."""
    times = len(_losses())
    if ENTERED in told and not times:
        return [f"{LOST}the entry of what was lost"]
    return [f"the loss was entered {times} times"] if times > 1 else []


def _losses() -> list[lost_span.Loss]:
    return lost_span.losses(db.session(), db.session.scalars(select(Bureau.id)).one())
