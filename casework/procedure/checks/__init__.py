"""Small named functions that refuse: each takes (facts, asked, on) and answers None, or the values of its sentence.

The sentences and articles stand in ``procedure.toml`` under ``[check.<name>]``; modules here are named like the rooms
of the forms. A function registers itself with ``@check``; conditions (``when = "…"``) with ``@condition``.
"""

from __future__ import annotations

from casework.procedure.checks import (  # noqa: F401 - importing registers them
    closing,
    common,
    decision,
    disclosure,
    execution,
    hearing,
    inspection,
    intake,
    keeping,
    referral,
    review,
    service,
)
from casework.procedure.checks.registry import CHECKS, CONDITIONS, check, condition

__all__ = ["CHECKS", "CONDITIONS", "check", "condition"]
