"""A lock that somebody holds."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casework.store import write


@contextmanager
def held(instance: Path) -> Iterator[None]:
    """As another process holds it: a lock belongs to the opened file, not to us."""
    with (instance / "write.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    write._in_vain.clear()
