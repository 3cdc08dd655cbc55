"""Why an act was refused. Nothing was written when one of these is raised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class NotDone(Exception):
    """Base of the errors of ``perform``."""


class NotAllowed(NotDone):
    """The person sees the docket but may not take the step; ``reason``: English msgid."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(NotDone):
    """One or more checks refused; ``refusals``: their ids and the values of their sentences."""

    def __init__(self, refusals: Sequence[Any]) -> None:
        super().__init__(", ".join(str(r.check) for r in refusals))
        self.refusals = tuple(refusals)


class Conflict(NotDone):
    """Later acts stand on the same track than the page showed; ``acts``: those."""

    def __init__(self, acts: Sequence[Any]) -> None:
        super().__init__(f"{len(acts)} later acts")
        self.acts = tuple(acts)
