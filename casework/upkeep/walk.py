"""Walking a docket along its road with the right people, for demonstration data and tests.

Every step goes through ``receive()`` and ``perform()``, as on pages.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.acts.intent import NEW, Intent
from casework.acts.perform import Done, open_docket, perform
from casework.archive import bound_file, scans
from casework.archive.contents import looked_at
from casework.docket.models import Docket, Link
from casework.evidence.uploads import Upload, take_bytes
from casework.papers.models import Paper
from casework.people.models import Bureau, Person
from casework.procedure.checks.signed import unsigned
from casework.procedure.ids import PaperId, StepId
from casework.procedure.load import procedure
from casework.store import db, writing
from casework.upkeep.walks_in_order import turn
from casework.vault.files import SealedStore
from casework.vault.sealing import vault


@dataclass
class Team:
    """Ids of the person of each role; there are two officers."""

    clerk: int
    officers: tuple[int, int]
    head: int
    legal: int
    leader: int
    publisher: int
    others: dict[str, int] = field(default_factory=dict)

    def who(self, role: str) -> int:
        """Id of the person of a role; the first officer for officers."""
        return self.officers[0] if role == "officer" else int(getattr(self, role))


@dataclass
class Walk:
    """One docket, and the day that its walk has come to."""

    team: Team
    docket_id: int
    day: date
    files: tuple[Upload, ...] = ()  # what comes with the next step

    def brings(self, name: str, data: bytes) -> Walk:
        """Add a file that comes with the next step."""
        upload = take_bytes(name, data, len(data))
        self.files = (*self.files, looked_at(current_app.extensions["sealed_store"], upload))
        return self

    def at(self, day: date) -> Walk:
        """Go on to a day; an earlier one changes nothing."""
        self.day = max(self.day, day)
        turn.get()(self.day)
        return self

    @property
    def now(self) -> datetime:
        """Half past two in the afternoon, Shanghai, of the walk's day."""
        return datetime.combine(self.day, time(6, 30), UTC)

    def take(
        self,
        step: StepId,
        payload: Mapping[str, Any] | None = None,
        track: str = "",
        on: date | None = None,
    ) -> Done:
        """Take a step as the right person; where it has approvals, propose it and approve it as the
        others. Errors: those of ``perform``."""
        rule = procedure().steps[step]
        asked = dict(payload or {})
        if rule.officers:
            asked.setdefault("officers", list(self.team.officers))
        label = track or ("report" if rule.track == "report" else "main")
        label = NEW if not rule.stages else label
        # an officer sees the tips of own cases only
        tips = label == "report" and "clerk" in rule.roles
        actor = self.team.who("clerk" if tips else rule.roles[0])
        done = self._do(step, label, "take", asked, actor, on)
        for role in rule.approvals:
            done = self._do(
                step, label, "approve", {"opinion": "同意。"}, self._judge(role, actor), None
            )
        return done

    def _judge(self, role: str, proposer: int) -> int:
        person = self.team.who(role)
        if person == proposer:
            raise ValueError(f"{role} may not approve what the same person proposed")
        return person

    def _do(
        self,
        step: StepId,
        track: str,
        verb: str,
        asked: Mapping[str, Any],
        actor: int,
        on: date | None,
    ) -> Done:
        files, self.files = self.files, ()
        return perform(
            Intent(self.docket_id, step, actor, on or self.day, track, verb, asked, None, files),
            self.now,
        )

    def propose(
        self, step: StepId, payload: Mapping[str, Any] | None = None, track: str = "main"
    ) -> Done:
        """Propose a step, which then waits for its approver. Errors: those of ``perform``."""
        rule = procedure().steps[step]
        asked = {
            **({"officers": list(self.team.officers)} if rule.officers else {}),
            **(payload or {}),
        }
        label = NEW if not rule.stages else track
        return self._do(step, label, "take", asked, self.team.who(rule.roles[0]), None)

    def serve(self, kind: PaperId, on: date | None = None, track: str = "") -> Done:
        """Serve the newest paper of a kind directly."""
        paper = self.paper(kind)
        asked = {
            "paper": paper.id,
            "method": "direct",
            "signer": "办公室收件人",
            "place": "当事人住所",
        }
        return self.take("serve", asked, track or paper.track, on)

    def scanned(self, but: Container[str] = ()) -> Walk:
        """Return the sheets that must be signed, each as it was printed, as if they came through
        the scanner. ``but``: kinds of papers that stay out."""
        session = db.session()
        facts = gather(session, vault(), session.get_one(Docket, self.docket_id))
        for paper in unsigned(facts):
            if paper.kind not in but:
                self.scan_of(paper.id)
        return self

    def scan_of(self, paper_id: int) -> None:
        """Return the signed copy of one paper."""
        store: SealedStore = current_app.extensions["sealed_store"]
        with writing() as session:
            paper, clerk = (
                session.get_one(Paper, paper_id),
                session.get_one(Person, self.team.clerk),
            )
            scans.attach(
                session, store, paper, store.read(paper.stored), scans.length(store, paper), clerk
            )

    def bound(self) -> Walk:
        """Bind the whole file, as the clerk orders it on its page."""
        docket, clerk = (
            db.session.get_one(Docket, self.docket_id),
            db.session.get_one(Person, self.team.clerk),
        )
        bound_file.run_binding(bound_file.ask(docket, "internal", clerk))
        return self

    def paper(self, kind: PaperId) -> Paper:
        """The newest paper of a kind."""
        query = (
            select(Paper)
            .where(Paper.docket_id == self.docket_id, Paper.kind == kind)
            .order_by(Paper.id.desc())
            .limit(1)
        )
        return db.session.scalars(query).one()

    def last_seq(self) -> int:
        """The number of the newest entry that took effect: an approval comes last."""
        query = select(Docket.last_seq).where(Docket.id == self.docket_id)
        return db.session.scalars(query).one()

    def cases(self) -> list[int]:
        """Ids of the cases that a report feeds."""
        query = (
            select(Link.to_id)
            .where(Link.from_id == self.docket_id, Link.until.is_(None))
            .order_by(Link.to_id)
        )
        return list(db.session.scalars(query))

    def case(self) -> Walk:
        """The first case of a report, from the same day on."""
        return Walk(self.team, self.cases()[0], self.day)


def open_directly(team: Team, bureau: Bureau, payload: Mapping[str, Any], day: date) -> Walk:
    """Open a case on a finding of the bureau's own; answers its walk."""
    walk = Walk(team, 0, day)
    with writing() as session:
        walk.docket_id = _open(session, bureau, team, payload, walk)
    return walk


def _open(
    session: Session, bureau: Bureau, team: Team, payload: Mapping[str, Any], walk: Walk
) -> int:
    intent = Intent(0, "open_case_directly", team.head, walk.day, NEW, "take", payload)
    return open_docket(session, bureau.id, intent, walk.now)[0].id
