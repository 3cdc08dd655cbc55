"""A process that is killed at a certain point of its work: nothing of it is tidied up, as after a
power cut."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from flask import has_app_context

from casework.store import db


def killed(work: Callable[[], Any], owner: Any, name: str) -> None:
    """Do the work in a process of its own, which is killed where it would call ``owner.name``."""
    if has_app_context():  # no connection may be in two processes
        db.session.remove()
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            setattr(owner, name, lambda *_a, **_k: os.kill(os.getpid(), signal.SIGKILL))
            work()
        finally:
            os._exit(3)  # it lived: nothing of pytest may run twice
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
