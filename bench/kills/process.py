"""Processes that are forked from this one, which has imported everything: they begin at once, and
can be killed at any time."""

from __future__ import annotations

import io
import json
import os
import select
import signal
import sqlite3
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

Tell = Callable[[Any], None]
BEGUN, ENDED, BROKEN = "begun", "ended", "broken"
# functions of Python's own after which something else lies on the disk than before, and all that
# lead to them
BORDERS = frozenset(("commit", "fsync", "remove", "rename", "replace", "rmdir", "unlink"))
CALLS = BORDERS | {
    "chmod",
    "close",
    "execute",
    "executemany",
    "flush",
    "ftruncate",
    "mkdir",
    "open",
    "utime",
    "write",
}
# whose calls they are: words, lists and days have some of the same names (``"a".replace("a",
# "b")``) and change no disk
OF_THE_DISK = (
    ModuleType,
    sqlite3.Connection,
    sqlite3.Cursor,
    io.FileIO,
    io.BufferedWriter,
    io.BufferedRandom,
    io.TextIOWrapper,
)


@dataclass(frozen=True)
class AtCall:
    """The moment before or after one of some calls, counted from the begin of the work over all
    threads."""

    number: int
    calls: frozenset[str] = CALLS


class Broken(Exception):
    """A forked process ended by an error of its own; its traceback."""


class Child:
    """A process of its own that does ``work(tell)``. What it tells is read here, also after it was
    killed: it lies in the pipe from the moment in which ``tell`` returned. ``at_call``: the moment
    in which it kills itself."""

    def __init__(self, work: Callable[[Tell], Any], at_call: AtCall | None = None) -> None:
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _do(work, writing, at_call)
        os.close(writing)
        self._pipe, self._read, self.told, self.alive = reading, b"", list[Any](), True
        self.state, self.result = "", None

    def wait_for_begin(self) -> None:
        """Until the work begins; what was made ready before it does not count."""
        while self.state == "" and self._take():
            pass

    def killed_after(self, seconds: float) -> bool:
        """Kill it after so many seconds; whether that struck it in mid-work. One that ends earlier
        is not waited for."""
        self._over(seconds)
        # it is not waited for yet, so the number is still its own
        os.kill(self.pid, signal.SIGKILL)
        return self.struck()

    def gone(self) -> bool:
        """Whether it has ended already, by whatever."""
        return self._over(0)

    def _over(self, seconds: float) -> bool:
        handle = os.pidfd_open(self.pid)
        try:
            return bool(select.select([handle], [], [], seconds)[0])
        finally:
            os.close(handle)

    def struck(self) -> bool:
        """Wait for its end; whether it was killed in mid-work."""
        self.end()
        return self.state == BEGUN

    def end(self) -> Any:
        """Wait for its end and read what it told; its result. Broken when it failed by itself."""
        while self._take():
            pass
        os.close(self._pipe)
        os.waitpid(self.pid, 0)
        self.alive = False
        if self.state == BROKEN:
            raise Broken(self.result)
        return self.result

    def _take(self) -> bool:
        """Read what is there; False at the end. A last line that was cut off by the kill was not
        told."""
        part = os.read(self._pipe, 65536)
        *lines, self._read = (self._read + part).split(b"\n")
        for line in lines:
            what, value = json.loads(line)
            if what == "told":
                self.told.append(value)
            else:
                self.state, self.result = what, value
        return bool(part)


def _do(work: Callable[[Tell], Any], pipe: int, at_call: AtCall | None) -> None:
    """In the forked process; it never returns into the program that it was forked from."""
    lock = threading.Lock()

    def tell(value: Any) -> None:
        if value is BEGUN:
            say(BEGUN)
            if at_call:
                look_at_calls(at_call, os.kill, os.getpid(), signal.SIGKILL)
        else:
            say("told", value)

    def say(what: str, value: Any = None) -> None:
        line = json.dumps([what, value], ensure_ascii=False).encode() + b"\n"
        with lock:
            while line:
                line = line[os.write(pipe, line) :]

    try:
        result = work(tell)
        sys.setprofile(None)
        say(ENDED, result)
        os._exit(0)
    except BaseException:
        say(BROKEN, traceback.format_exc())
        os._exit(1)


def look_at_calls(moment: AtCall, then: Callable[..., Any], *given: Any) -> None:
    """From now on count the moments before and after calls in this and all new threads; at the
    chosen one do something."""
    left = moment.number

    def look(_frame: Any, event: str, called: Any) -> None:
        nonlocal left
        if event not in ("c_call", "c_return") or called.__name__ not in moment.calls:
            return
        if isinstance(called.__self__, OF_THE_DISK):
            left -= 1
            if left == 0:
                then(*given)

    threading.setprofile(look)
    sys.setprofile(look)


def apart(work: Callable[[], Any]) -> Any:
    """The result of work that is done in a process of its own, so that nothing of it stays in this
    one."""
    return Child(lambda _tell: work()).end()


def took(work: Callable[[Tell], Any]) -> float:
    """Seconds from the begin of a work to its end, where nobody kills it."""
    child = Child(work)
    child.wait_for_begin()
    began = time.perf_counter()
    child.end()
    return time.perf_counter() - began


def moments_of(work: Callable[[Tell], Any], calls: frozenset[str]) -> int:
    """How many moments there are before and after its calls."""
    counted, next_one = 0, AtCall(1, calls)

    def one_more() -> None:
        nonlocal counted
        counted += 1
        look_at_calls(next_one, one_more)

    def counting(tell: Tell) -> int:
        look_at_calls(next_one, one_more)
        work(lambda value: None if value is BEGUN else tell(value))
        sys.setprofile(None)
        return counted

    return int(Child(counting).end())
