"""Many walks in the order of their days: numbers that they take then follow the calendar, as a
bureau's do.

Each walk is a thread of its own; one runs at a time. Before a walk goes on to a later day it waits
until no other one has an earlier day before it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from datetime import date
from queue import SimpleQueue

from flask import current_app

from casework.store import db

Turn = Callable[[date], None]
Planned = tuple[date, Callable[[], object]]  # the day on which a walk begins, and the walk
# called when a walk comes to a day; alone: nothing
turn: ContextVar[Turn] = ContextVar("turn", default=lambda day: None)


class Interrupted(Exception):
    """Another walk failed; this one ends too."""


class _Calendar:
    """Who waits for which day. The earliest goes first; of the same day whoever was there first in
    the list."""

    def __init__(self, walks: int) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[int, date] = {}
        self._running = walks
        self.failed = False

    def come_to(self, walk: int, day: date) -> None:
        """Return when it is this walk's turn. Error: Interrupted."""
        db.session.rollback()  # what was read is let go: others write meanwhile
        with self._changed:
            self._waiting[walk] = day
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.failed or self._first() == walk)
            del self._waiting[walk]
            if self.failed:
                raise Interrupted

    def _first(self) -> int | None:
        """Whose turn it is, once all that run wait."""
        if len(self._waiting) < self._running:
            return None
        return min(self._waiting, key=lambda walk: (self._waiting[walk], walk))

    def leave(self, failed: bool) -> None:
        """A walk is at its end."""
        with self._changed:
            self._running -= 1
            self.failed = self.failed or failed
            self._changed.notify_all()


def in_order(walks: Sequence[Planned]) -> Iterator[None]:
    """Play walks, each with the day on which it begins, and give None for each that has ended.
    Error: the first one of a walk, once all have ended."""
    calendar, ended = _Calendar(len(walks)), SimpleQueue[BaseException | None]()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the threads have contexts of their own

    def play(number: int, day: date, walk: Callable[[], object]) -> None:
        error: BaseException | None = None
        with app.app_context():
            turn.set(lambda on: calendar.come_to(number, on))
            try:
                calendar.come_to(number, day)
                walk()
            except BaseException as caught:  # it is raised where the walks were ordered
                error = caught
            finally:
                db.session.remove()
                calendar.leave(failed=error is not None)
                ended.put(error)

    threads = [
        threading.Thread(target=play, args=(n, day, walk), daemon=True)
        for n, (day, walk) in enumerate(walks)
    ]
    for thread in threads:
        thread.start()
    errors = []
    for _ in threads:
        error = ended.get()
        if error is not None and not isinstance(error, Interrupted):
            errors.append(error)
        yield
    db.session.rollback()  # whoever ordered them sees what they wrote
    if errors:
        raise errors[0]
