"""A process that is killed at a certain point of its work: nothing of it is tidied up, as after a
power cut."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import has_app_context

from casework.docket import jobs
from casework.store import db, utcnow


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


def leases_run_out(patch: pytest.MonkeyPatch, lease: timedelta = jobs.LEASE) -> None:
    """From now on nobody holds a job that was claimed before."""
    later = utcnow() + lease + timedelta(seconds=2)
    patch.setattr(jobs, "utcnow", lambda: later)
