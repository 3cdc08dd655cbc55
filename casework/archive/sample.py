"""The monthly sample for quality review: the same for every reviewer, not predictable, without the
handlers' names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.archive.second_reading import reading_of
from casework.docket.models import Act, Docket, is_kind
from casework.docket.visible import visible_to
from casework.people.may import Scope
from casework.procedure.facts import Facts
from casework.reading.rule import Verdict
from casework.vault.sealing import Vault

SIZE = 5  # cases a month
CLOSING = "close"  # the step


@dataclass(frozen=True)
class Sampled:
    """A case of the sample as a reviewer sees it: a letter for a name, and what the second reading
    says; never who handled it."""

    label: str
    code: str
    facts: Facts
    verdicts: list[Verdict]


def closed_in(session: Session, scope: Scope, first: date, after: date) -> list[Docket]:
    """Cases that the person may see and that were closed from the first day up to, not including,
    the second."""
    closed = select(Act.docket_id).where(
        Act.step == CLOSING,
        Act.verb.in_(("take", "done")),
        Act.on >= first,
        Act.on < after,
        Act.docket_id == Docket.id,
    )
    return list(
        session.scalars(
            select(Docket).where(visible_to(scope), is_kind("case_file"), closed.exists())
        )
    )


def month_of(day: date) -> tuple[date, date]:
    """First day of the month before the day's, and the first after it: a sample is drawn of a whole
    month."""
    after = day.replace(day=1)
    first = date(after.year - (after.month == 1), (after.month - 2) % 12 + 1, 1)
    return first, after


def draw_sample(
    session: Session, vault: Vault, scope: Scope, first: date, after: date, today: date
) -> list[Sampled]:
    """The cases whose keyed digests with the month come first, read as they stand today."""
    seed = vault.keyring.derive("quality sample")

    def rank(docket: Docket) -> bytes:
        return hashlib.blake2b(
            f"{first.isoformat()}:{docket.id}".encode(), key=seed, digest_size=16
        ).digest()

    chosen = sorted(closed_in(session, scope, first, after), key=rank)[:SIZE]
    return [_sampled(session, vault, docket, no, today) for no, docket in enumerate(chosen)]


def _sampled(session: Session, vault: Vault, docket: Docket, no: int, today: date) -> Sampled:
    facts = gather(session, vault, docket)
    return Sampled("甲乙丙丁戊"[no], docket.code, facts, reading_of(session, vault, docket, today))
