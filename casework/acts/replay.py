"""What the tables of a docket would hold if its journal were played again, and where they hold
something else.

The journal is the truth: its entries are chained and signed. The other tables are what its effects
made. Played through the same functions into an empty database in memory, they must come out alike,
row by row and column by column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, create_engine, delete, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

# they register their effects
from casework.acts import case_opening, special_effects  # noqa: F401
from casework.acts.apply import Applied, apply
from casework.acts.entries import acts_of
from casework.acts.perform import LAYS_OVER, said_now
from casework.docket import cache, journal
from casework.docket.journal import Fault, Read
from casework.docket.models import (
    Act,
    Approval,
    Assignment,
    Clock,
    Docket,
    Outbox,
    Proposal,
    Recusal,
    Track,
)
from casework.informants.models import CodeRenewal
from casework.papers.models import Paper, Service
from casework.people.models import Person
from casework.procedure import effects
from casework.procedure.effects import ClockStarted, Effect, PaperMade, RemedyEnded
from casework.store import Model, table
from casework.vault.sealing import Vault

# table → columns that no entry of the journal says
COMPARED: Mapping[type[Model], frozenset[str]] = {
    Track: frozenset({"id"}),
    # by its id other entries name it; it takes the one it has, and they must find it
    Clock: frozenset({"id"}),
    Paper: frozenset({"id", "at"}),
    Service: frozenset({"id"}),
    Assignment: frozenset({"id"}),
    Recusal: frozenset(),
    Proposal: frozenset({"waits_for"}),
    Approval: frozenset({"id"}),
}
# of a docket's row: what lists show. Handlers are names of people, who may have been renamed; whom
# it waits for hangs on today's rules; the key is proven by opening what it seals.
ROW = (
    "number",
    "sorted_number",
    "code",
    "last_seq",
    "stage",
    "tracks",
    "title",
    "folded_title",
    "unit_code",
    "cause",
    "township",
    "channel",
    "next_due",
    "next_clock",
    "group_label",
    "updated_at",
)
_MADE: tuple[type[Model], ...] = (Act, Docket, Outbox, CodeRenewal, Person, *COMPARED)
_KEPT_IDS: Mapping[type[Effect], type[Model]] = {
    ClockStarted: Clock,
    PaperMade: Paper,
}  # other entries name these rows by their id
# effects that write to other dockets, whose journals have entries of their own, or only pass word
# on
_BEYOND = frozenset(
    {
        "open_cases",
        "link_report",
        "unlink_report",
        "absorb",
        "undo_absorb",
        "case_filed",
        "case_ended",
        "mend_entry",
        "code_confirmed",
        "remedy_begun",
        "renew_code",
    }
)
_FELL = ("set_aside", "redo", "changed")


def tables() -> list[Table]:
    """The tables that are compared."""
    return [table(model) for model in COMPARED]


@dataclass(frozen=True)
class Stage:
    """An in-memory database in which one docket's journal is played at a time."""

    session: Session

    @classmethod
    def empty(cls) -> Stage:
        """A new one with its tables."""
        engine = create_engine("sqlite://", poolclass=StaticPool)
        # nobody lives here: no bureau, no people
        engine.raw_connection().execute("PRAGMA foreign_keys = OFF")
        Model.metadata.create_all(engine, tables=[table(m) for m in _MADE])
        return cls(Session(engine))

    def clear(self) -> None:
        """Delete all rows, for the next docket."""
        self.session.rollback()
        self.session.expunge_all()
        for model in reversed(_MADE):
            self.session.execute(delete(table(model)))
        self.session.commit()


def replay_faults(
    session: Session, vault: Vault, only: Collection[int] | None = None
) -> Iterator[Fault]:
    """Every row of every docket that is not what its journal made of it. ``only``: dockets to look
    at (ids)."""
    stage = Stage.empty()
    dockets = journal.among(select(Docket).where(Docket.data_key != b""), only).order_by(Docket.id)
    for docket in session.scalars(dockets).yield_per(100):
        stage.clear()
        entries = journal.read_entries(session, vault, docket)
        try:
            play(stage, docket, entries, _ids(session, docket.id))
            _lay_over(session, vault, docket, stage, entries)
        except Exception as error:  # whatever a row that was meddled with may bring about
            yield Fault(
                docket.number or docket.code, docket.last_seq, "unplayable", type(error).__name__
            )
            continue
        yield from _differences(session, stage.session, docket)


def _ids(session: Session, docket_id: int) -> dict[type[Model], list[int]]:
    return {
        model: list(
            session.scalars(
                select(model.id).where(model.docket_id == docket_id).order_by(model.id.desc())
            )
        )
        for model in (Clock, Paper)
    }


def play(
    stage: Stage, docket: Docket, entries: Iterable[Read], ids: Mapping[type[Model], list[int]]
) -> None:
    """Play a journal on an empty stage. ``ids``: of its clocks and papers, the first last; rows
    that are made take them."""
    made = Docket(
        id=docket.id,
        bureau_id=docket.bureau_id,
        kind=docket.kind,
        code="~",
        number="",
        opened_on=docket.opened_on,
        data_key=b"",
        last_seq=0,
    )
    stage.session.add(made)
    stage.session.flush()
    read: dict[int, Read] = {}
    for entry in entries:
        read[entry.act.seq] = entry
        _act(stage.session, entry.act)
        made.last_seq = entry.act.seq
        act, payload = entry.act, entry.payload
        proposed = read[payload.proposal] if act.verb == "done" else None
        if proposed:
            payload = payload.judging(proposed.payload)
        at = Applied(
            stage.session,
            made,
            act.id,
            act.seq,
            act.step,
            act.track,
            act.on,
            act.at,
            act.actor_id,
            payload.answers,
            payload.papers,
            proposed.act.actor_id if proposed else None,
        )
        for effect in effects.read(act.effects):
            _apply(at, effect, ids)
        _proposal(stage.session, entry, read)
        cache.refresh(
            stage.session,
            made,
            act.on,
            act.at,
            [payload.answers] if act.verb in ("take", "done") else (),
        )
    stage.session.flush()


def _lay_over(
    session: Session, vault: Vault, docket: Docket, stage: Stage, entries: Iterable[Read]
) -> None:
    """After an entry that laid something right over others the row says what all of them say
    now."""
    if any(e.act.step in LAYS_OVER and e.act.verb in ("take", "done") for e in entries):
        made, last = (
            stage.session.scalars(select(Docket)).one(),
            max((e.act for e in entries), key=lambda act: act.seq),
        )
        cache.refresh(
            stage.session, made, last.on, last.at, said_now(acts_of(session, vault, docket))
        )


def _act(session: Session, act: Act) -> None:
    session.connection().execute(
        table(Act).insert(), {c.name: getattr(act, c.key) for c in table(Act).columns}
    )


def _apply(at: Applied, effect: Effect, ids: Mapping[type[Model], list[int]]) -> None:
    if effect.do in _BEYOND:
        return
    if isinstance(effect, RemedyEnded):
        _fell(at, effect)
        return
    apply(at, effect)
    model = _KEPT_IDS.get(type(effect))
    if model is None:
        return
    at.session.flush()
    newest = at.session.scalar(select(func.max(model.id)))  # type: ignore[attr-defined]
    at.session.execute(
        update(table(model)).where(table(model).c.id == newest).values(id=ids[model].pop())
    )
    at.session.expire_all()


def _fell(at: Applied, effect: RemedyEnded) -> None:
    """The decision fell, or was changed to what had been paid: its execution ended. Older entries
    do not say which; there every change is taken as the end."""
    if at.answers.get("result") in _FELL if effect.over is None else effect.over:
        running = (
            Track.docket_id == at.docket.id,
            Track.kind == "execution",
            Track.ended.is_(False),
        )
        at.session.execute(update(Track).where(*running).values(ended=True, stage="ended"))


def _proposal(session: Session, entry: Read, read: Mapping[int, Read]) -> None:
    """Proposals and approvals follow from the verbs of the entries."""
    act = entry.act
    if act.verb == "propose":
        row = {
            "act_id": act.id,
            "docket_id": act.docket_id,
            "track": act.track,
            "step": act.step,
            "waits_for": "",
            "state": "open",
        }
        session.connection().execute(table(Proposal).insert(), row)
        return
    if not entry.payload.proposal or act.verb not in ("approve", "done", "return", "withdraw"):
        return
    proposed = read[entry.payload.proposal].act
    if act.verb in ("approve", "done"):
        approval = {
            "proposal_id": proposed.id,
            "proposer_id": proposed.actor_id,
            "approver_id": act.actor_id,
            "act_id": act.id,
        }
        session.connection().execute(table(Approval).insert(), approval)
    state = {"done": "approved", "return": "returned", "withdraw": "withdrawn", "approve": "open"}[
        act.verb
    ]
    session.execute(
        update(table(Proposal)).where(table(Proposal).c.act_id == proposed.id).values(state=state)
    )


# -- comparing
def _differences(session: Session, played: Session, docket: Docket) -> Iterator[Fault]:
    where = docket.number or docket.code
    made = played.scalars(select(Docket)).one()
    for column in ROW:
        if getattr(docket, column) != getattr(made, column):
            yield Fault(where, docket.last_seq, "row", f"docket {column}")
    for model, left_out in COMPARED.items():
        now, then = (
            _rows(session, model, docket.id, left_out),
            _rows(played, model, docket.id, left_out),
        )
        if len(now) != len(then):
            yield Fault(where, docket.last_seq, "row", f"{model.__tablename__} added or gone")
            continue
        columns = sorted({c for a, b in zip(now, then, strict=True) for c in a if a[c] != b[c]})
        yield from (
            Fault(where, docket.last_seq, "row", f"{model.__tablename__} {c}") for c in columns
        )


def _rows(
    session: Session, model: type[Model], docket_id: int, left_out: frozenset[str]
) -> list[dict[str, Any]]:
    """The rows of a docket in a table, in an order that does not hang on what is left out."""
    t = table(model)
    columns = [c for c in t.columns if c.name not in left_out]
    rows = [
        dict(row._mapping) for row in session.execute(select(*columns).where(_of(t, docket_id)))
    ]
    return sorted(rows, key=lambda row: [str(row[c.name]) for c in t.columns if c.name in row])


def _of(t: Table, docket_id: int) -> Any:
    if "docket_id" in t.c:
        return t.c.docket_id == docket_id
    if "paper_id" in t.c:
        return t.c.paper_id.in_(select(Paper.id).where(Paper.docket_id == docket_id))
    return t.c.proposal_id.in_(select(Proposal.act_id).where(Proposal.docket_id == docket_id))
