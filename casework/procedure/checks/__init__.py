"""Small named functions that refuse: each takes (facts, asked, on) and answers None, or the values
of its sentence.

The sentences and articles stand in ``procedure.toml`` under ``[check.<name>]``; modules here are
named like the rooms of the forms. A function registers itself with ``@check``; conditions (``when =
"…"``) with ``@condition``.
"""

from __future__ import annotations

# importing registers them
from casework.procedure.checks import (
    benchmark,
    closing,
    common,
    decision,
    defended,
    disclosure,
    execution,
    heard,
    hearing,
    inspection,
    intake,
    interference,
    keeping,
    longer,
    proposals,
    reading,
    referral,
    review,
    service,
    signed,
)
from casework.procedure.checks.registry import CHECKS, CONDITIONS, check, condition

__all__ = ["CHECKS", "CONDITIONS", "check", "condition"]
