"""What the tips behind a docket tell, for :mod:`casework.acts.leaks`: none of it leaves with the
papers of a case."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.docket.models import Docket, Link
from casework.procedure.facts import Facts
from casework.procedure.kinds import kinds
from casework.procedure.personal import plain, texts
from casework.procedure.traces_of_tips import TELLING, passages
from casework.vault.sealing import Vault

SENDERS = ("source_number", "source_body")
DAYS = ("found_on", "source_day", "postmark", "original_at")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Behind:
    """Numbers and senders of the tips, what was told in them, and the days on which they came."""

    numbers: frozenset[str]
    told: tuple[str, ...]
    days: frozenset[date]
    known: tuple[str, ...]  # names that stand in tips and on every paper alike

    def passages(self, length: int = TELLING) -> frozenset[str]:
        """Every run of ``length`` characters of what was told."""
        return frozenset(part for told in self.told for part in passages(told, self.known, length))


def behind(session: Session, vault: Vault, facts: Facts) -> Behind:
    """Of a case: all tips that ever fed it; of a tip: itself."""
    reports = [facts] if kinds()[facts.kind].informant else _feeding(session, vault, facts)
    known = tuple(sorted(_known(facts), key=len, reverse=True))
    ours = plain("".join(known))
    numbers = _numbers(reports)
    days = {day for r in reports for day in _days(r)} - _own_days(facts)
    return Behind(
        frozenset(n for n in numbers if len(n) > 1 and n not in ours),
        _told(reports),
        frozenset(days),
        known,
    )


def _numbers(reports: list[Facts]) -> set[str]:
    """Register numbers of tips, and numbers and names of the bodies that sent them."""
    senders = [str(r.value(key) or "") for r in reports for key in SENDERS]
    return {plain(text) for text in (*(r.number for r in reports), *senders)}


def _told(reports: list[Facts]) -> tuple[str, ...]:
    """What the tips tell, oldest first."""
    narratives = [a.asked.get("narrative") for r in reports for a in r.done()]
    return tuple(str(narrative) for narrative in narratives if narrative)


def _feeding(session: Session, vault: Vault, facts: Facts) -> list[Facts]:
    query = select(Link.from_id).where(Link.to_id == facts.id, Link.kind == "feeds").distinct()
    return [
        gather(session, vault, session.get_one(Docket, n))
        for n in session.scalars(query.order_by(Link.from_id))
    ]


def _known(facts: Facts) -> set[str]:
    """The respondent and the bureau, as papers name them."""
    party = facts.party
    names = {party.name, party.address, party.representative} if party else {facts.title}
    return {name for name in (*names, *texts(astuple(facts.bureau))) if len(plain(name)) > 1}


def _days(report: Facts) -> set[date]:
    written = [str(report.value(key) or "") for key in DAYS]
    return {report.opened_on} | {
        date.fromisoformat(day) for text in written for day in _ISO.findall(text)
    }


def _own_days(facts: Facts) -> set[date]:
    """Days that the party knows by itself: of its conduct, of the bureau's papers and of their
    service."""
    days = {date.fromisoformat(day) for day in _days_of_conduct(facts)}
    if not kinds()[facts.kind].respondent:
        return days
    for paper in facts.papers:
        if paper.state != "withdrawn":
            days.add(paper.on)
            if paper.served:
                days.add(paper.served.on)
    return days


def _days_of_conduct(facts: Facts) -> list[str]:
    """The first and the last days of the violations, in ISO, as far as they are named."""
    ends = [v.get(k) for v in facts.violations for k in ("conduct_start", "conduct_end")]
    return [str(day) for day in ends if day]
