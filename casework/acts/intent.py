"""The record of one intended act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from casework.evidence.uploads import Upload
from casework.procedure.ids import StepId
from casework.procedure.payload import Asked

NEW = "new"  # the track label of a step that opens its track


@dataclass(frozen=True)
class Intent:
    """One intended act of a person, or of time (``actor_id`` None). ``on``: the day it is dated, in
    Shanghai; ``track``: label of the track instance; ``seen``: number of the last entry that the
    page showed, None where there was no page."""

    docket_id: int
    step: StepId
    actor_id: int | None  # None = time itself
    on: date
    track: str = NEW
    verb: str = "take"  # take · propose · approve · return · withdraw
    # what the step's form asked, by the names of its fields; of a judgement the judge's words
    answers: Asked = field(default_factory=dict)
    seen: int | None = None
    files: tuple[Upload, ...] = ()  # sealed already; they belong to the docket from this act on
    counts_from: date | None = None  # see Payload
