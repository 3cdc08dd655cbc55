"""Why an act was not done. Each carries what a page needs to say so; nothing was written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class NotDone(Exception):
    """Base: the act did not happen and left nothing behind."""


class NotAllowed(NotDone):
    """The person may see the docket but not do this; ``reason`` is an English msgid."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(NotDone):
    """Checks refused; each has a check's id and the values of its sentence."""

    def __init__(self, refusals: Sequence[Any]) -> None:
        super().__init__(", ".join(str(r.check) for r in refusals))
        self.refusals = tuple(refusals)


class Conflict(NotDone):
    """Somebody acted on the same track since the page was shown; ``acts`` are theirs."""

    def __init__(self, acts: Sequence[Any]) -> None:
        super().__init__(f"{len(acts)} later acts")
        self.acts = tuple(acts)
