"""Takes a list in beside the request, as a job.

The list is one transaction, and the job ends in it: a server that stops half-way has written
nothing, and the same list can be sent again. Nothing can be noted meanwhile, so the lease is as
long as the longest list needs.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from flask import current_app
from sqlalchemy.orm import Session

from casework.docket import jobs
from casework.intake import bulk, drafts
from casework.store import writing

LEASE = timedelta(minutes=3)  # a thousand rows take some seconds


def start(bureau_id: int, person_id: int, judged: bulk.Judged, draft_key: str, stored: str) -> int:
    """Begin; the job's id. The draft is dropped in the transaction, so that a second click finds
    nothing to do. ``stored``: the list's sealed file, deleted at the end."""
    total = judged.count("good")
    with writing() as session:
        number = jobs.order(session, jobs.LIST, bureau_id, by_id=person_id, total=total).id
    jobs.in_background(
        number, lambda held: _take_in(held, bureau_id, judged, draft_key, stored), LEASE
    )
    return number


def _take_in(
    held: jobs.Claim, bureau_id: int, judged: bulk.Judged, draft_key: str, stored: str
) -> None:
    def last(session: Session, numbers: list[str]) -> None:
        ends = {"first": numbers[0], "last": numbers[-1]}
        held.end(session, done=len(numbers), result=ends)

    bulk.take_all(bureau_id, judged, lambda s: drafts.drop(s, draft_key), held.report, last)
    with suppress(OSError):  # swept like any file that nothing names
        current_app.extensions["sealed_store"].delete(stored)
