"""One kind of work under kill -9: made ready, struck again and again, gone on with, and looked
at."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bench.kills import sound
from bench.kills.ground import Ground
from bench.kills.process import BEGUN, BORDERS, CALLS, AtCall, Broken, Child, Tell, moments_of, took
from casework.docket.jobs import OPEN, Job
from casework.store import utcnow, writing

AGAIN = 0.5  # how often what goes on after a kill is struck as well
# how often the kill comes after a time, and around any call; else around one of the borders
BY_TIME, BY_CALL = 0.4, 0.2


@dataclass(frozen=True)
class Size:
    """How much work there is to be struck in: seconds, moments around calls, and around those that
    are borders."""

    seconds: float
    calls: int
    borders: int

    def moment(self, dice: random.Random) -> float | AtCall:
        """A random one: after so many seconds, or around a call."""
        which, share = dice.random(), dice.random()
        if which < BY_TIME:
            return share * self.seconds
        by_call = which < BY_TIME + BY_CALL
        return AtCall(
            1 + int(share * (self.calls if by_call else self.borders)),
            CALLS if by_call else BORDERS,
        )


@dataclass
class Tally:
    """What was counted of one kind."""

    kind: str
    kills: int = 0
    within: int = 0  # struck in mid-work
    acknowledged: int = 0
    lost: int = 0
    faults: list[str] = field(default_factory=list)

    def note(self, seed: str, faults: Sequence[str]) -> None:
        """Faults of one round, with what it takes to see them again."""
        self.faults += [f"{self.kind} {seed}: {fault}" for fault in faults]
        self.lost += sum(fault.startswith(LOST) for fault in faults)


LOST = "lost: "  # before a fault that is about something acknowledged


class Work:
    """A kind of work. Of the methods ``make`` and ``ready`` run in forked processes, as all do that
    open the database."""

    name = ""
    mould = ""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    def prepare(self) -> None:
        """Make the mould, where it is not there yet."""

    def ready(self, dice: random.Random) -> None:
        """What the next round needs beside the fresh copy; in this process, which must not open the
        database."""

    def do(self, tell: Tell) -> Any:
        """The work, in a process of its own. ``tell`` what is acknowledged in the moment in which
        somebody would know of it."""
        raise NotImplementedError

    def go_on(self, tell: Tell) -> Any:
        """What is done after a kill to bring it to its end; must end as if nobody had killed
        anything."""
        return self.do(tell)

    def after(self, told: list[Any]) -> list[str]:
        """Faults right after a kill, in mid-work; ``told``: everything acknowledged so far. Begin
        those about it with LOST."""
        return []

    def at_end(self, told: list[Any]) -> list[str]:
        """Faults once the work has gone on to its end."""
        return []

    # -- one series
    def series(self, kills: int, seed: int) -> Iterator[Tally]:
        """Kill so many times; the tally after each round."""
        self.prepare()
        tally, dice, size = Tally(self.name), random.Random(f"{self.name} {seed}"), self._size()
        while tally.kills < kills:
            seen = f"round {tally.kills} of seed {seed}"
            self.ground.take(self.mould)
            self.ready(dice)
            try:
                self._round(tally, dice, size, seen)
            except Broken as broken:
                tally.note(seen, [str(broken)])
            yield tally

    def _size(self) -> Size:
        """How much work there is to be struck in. What it is done on must be sound."""
        self.ground.take(self.mould)
        if unsound := self.ground.apart(sound.faults_at_rest):
            raise ValueError(f"the mould of {self.name} is not sound: {unsound}")
        seconds = []
        for n in range(3):
            self._anew(n)
            seconds.append(took(self._forked(self.do)))
        counts = []
        for calls in (CALLS, BORDERS):
            self._anew(3)
            counts.append(moments_of(self._forked(self.do), calls))
        return Size(sorted(seconds)[1], *counts)

    def _anew(self, n: int) -> None:
        self.ground.take(self.mould)
        self.ready(random.Random(n))

    def _round(self, tally: Tally, dice: random.Random, size: Size, seen: str) -> None:
        told: list[Any] = []
        struck = self._strike(tally, self.do, told, dice, size)
        tally.note(seen, self.ground.apart(lambda: [*sound.faults(), *self.after(told)]))
        while struck and dice.random() < AGAIN:
            struck = self._strike(tally, self.go_on, told, dice, size)
            tally.note(seen, self.ground.apart(lambda: [*sound.faults(), *self.after(told)]))
        child = Child(self._forked(self.go_on))
        child.end()
        told += child.told
        tally.acknowledged += len(told)
        tally.note(seen, self.ground.apart(lambda: [*sound.faults_at_rest(), *self.at_end(told)]))

    def _strike(
        self, tally: Tally, work: Any, told: list[Any], dice: random.Random, size: Size
    ) -> bool:
        moment = size.moment(dice)
        child = Child(self._forked(work), moment if isinstance(moment, AtCall) else None)
        child.wait_for_begin()
        within = child.struck() if isinstance(moment, AtCall) else child.killed_after(moment)
        told += child.told
        tally.kills += 1
        tally.within += within
        return within

    def _forked(self, work: Any) -> Any:
        """The work in the program, told of when it begins."""

        def begun(tell: Tell) -> Any:
            if work == self.go_on:
                leases_run_out()
            tell(BEGUN)
            return work(tell)

        return self.ground.told(begun)


def leases_run_out() -> None:
    """What a killed process held is free: nobody waits here until its time is over."""
    with writing() as session:
        past = {"lease_until": utcnow() - timedelta(days=1)}
        session.execute(update(Job).where(Job.state.in_(OPEN)).values(past))
