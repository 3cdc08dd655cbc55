"""What operators and time do: copies, new keys, destruction, a round of time, and the case file."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pikepdf
from sqlalchemy import select

from bench.kills import full, state
from bench.kills.ground import by_command
from bench.kills.process import Tell
from bench.kills.work import LOST, Work, leases_run_out
from casework.archive import bound_file, destroy
from casework.archive.records import Destruction, DestructionItem
from casework.docket import jobs
from casework.docket.jobs import Job
from casework.docket.models import Docket, Outbox
from casework.store import db
from casework.upkeep import rotation
from casework.upkeep import tick as time_itself


class Backup(Work):
    """``backup make``, every second time over an older copy of the same name."""

    name, mould = "backup make", "ripe"

    def prepare(self) -> None:
        self.ground.make("ripe", "empty", full.ripe_cases)

    def ready(self, dice: random.Random) -> None:
        self.file, self.older = self.ground.beside / "copy.tar", dice.random() < 0.5
        if self.older:
            self.ground.apart(lambda: by_command(self.ground.app, "backup", "make", str(self.file)))

    def do(self, tell: Tell) -> Any:
        tell(by_command(self.ground.app, "backup", "make", str(self.file)).splitlines()[-1])

    def after(self, told: list[Any]) -> list[str]:
        if not self.file.exists():
            return [f"{LOST}no copy is there"] if told or self.older else []
        try:
            by_command(self.ground.app, "backup", "check", str(self.file))
        except RuntimeError as error:
            return [f"{LOST if told or self.older else ''}half a copy: {error}"]
        return []

    def at_end(self, told: list[Any]) -> list[str]:
        left = {path.name for path in self.ground.beside.iterdir()} - {self.file.name}
        return [*self.after(told), *(f"left beside the copy: {name}" for name in sorted(left))]


class Rotate(Work):
    """``keys rotate``, and ``--only-reseal`` after a kill: everything opens at any moment."""

    name, mould = "keys rotate", "ripe"

    def prepare(self) -> None:
        self.ground.make("ripe", "empty", full.ripe_cases)

    def do(self, tell: Tell) -> Any:
        self._rotate(tell, "keys", "rotate")

    def go_on(self, tell: Tell) -> Any:
        self._rotate(tell, "keys", "rotate", "--only-reseal")

    def _rotate(self, tell: Tell, *words: str) -> None:
        reseal = rotation.reseal_rows

        def told(model: Any, column: str, *rest: Any) -> int:
            done = reseal(model, column, *rest)
            tell(f"{model.__tablename__}.{column}")
            return done

        rotation.reseal_rows = told
        tell(by_command(self.ground.app, *words).splitlines()[-1])

    def after(self, told: list[Any]) -> list[str]:
        faults, newest = [], self._newest()
        for model, column, purpose, row in rotation.SEALED:
            sealed = getattr(model, column)
            found = [getattr(r, column) for r in self._opened(model, sealed, purpose, row, faults)]
            if f"{model.__tablename__}.{column}" in told and any(
                blob[:2] != newest for blob in found
            ):
                faults.append(f"{LOST}{model.__tablename__}.{column} is not under the newest key")
        return faults

    def _opened(
        self, model: Any, sealed: Any, purpose: str, row: Any, faults: list[str]
    ) -> list[Any]:
        rows = list(db.session.scalars(select(model).where(sealed.is_not(None), sealed != b"")))
        for found in rows:
            try:
                self._vault().open(purpose, row(found), getattr(found, sealed.key))
            except ValueError:
                faults.append(f"{LOST}a row of {model.__tablename__}.{sealed.key} does not open")
        return rows

    def at_end(self, told: list[Any]) -> list[str]:
        store, newest = self.ground.app.extensions["sealed_store"], self._newest()
        every = [f"{model.__tablename__}.{column}" for model, column, *_ in rotation.SEALED]
        files = [name for name in store.names() if store._path(name).read_bytes()[:2] != newest]
        return [
            *self.after([*told, *every]),
            *(f"file {name} is not under the newest key" for name in files),
        ]

    def _vault(self) -> Any:
        return self.ground.app.extensions["vault"]

    def _newest(self) -> bytes:
        newest: int = self._vault().keyring.current
        return newest.to_bytes(2, "big")


class Destroy(Work):
    """A confirmed batch of five files, as a round of time destroys them."""

    name, mould = "destruction", "condemned"

    def prepare(self) -> None:
        self.ground.make("condemned", "empty", full.condemned)

    def do(self, tell: Tell) -> Any:
        one = destroy._one

        def told(batch: int, docket: int, *rest: Any) -> None:
            one(batch, docket, *rest)
            tell(docket)

        destroy._one = told
        destroy.work(day=full.FAR)

    def after(self, told: list[Any]) -> list[str]:
        done = set(
            db.session.scalars(
                select(DestructionItem.docket_id).where(DestructionItem.done_at.is_not(None))
            )
        )
        return [
            f"{LOST}docket {number} was destroyed, and its line does not say so"
            for number in set(told) - done
        ]

    def at_end(self, told: list[Any]) -> list[str]:
        store, batch = (
            self.ground.app.extensions["sealed_store"],
            db.session.scalars(select(Destruction)).one(),
        )
        stays = [d.id for d in db.session.scalars(select(Docket)) if d.data_key]
        return [
            *self.after(told),
            *([] if batch.state == "done" else [f"the batch is {batch.state}"]),
            *(f"docket {number} was not destroyed" for number in stays),
            *(f"file {name} was not destroyed" for name in store.names() if name != batch.stored),
        ]


class Tick(Work):
    """A round of time: deadlines that are over, what acts told, an order for several tips."""

    name, mould = "tick", "due"

    def prepare(self) -> None:
        self.ground.make("due", "empty", full.due)
        self.ground.take("due")
        self.whole = self.ground.apart(lambda: (self.do(lambda _told: None), state.told())[1])

    def do(self, tell: Tell) -> Any:
        act = time_itself.perform

        def told(intent: Any, now: Any) -> Any:
            done = act(intent, now)
            tell([done.docket_id, done.seq])
            return done

        time_itself.perform = told
        # what deadlines moved by a list of holidays bring about comes with the second round
        for _ in range(2):
            time_itself.tick()

    def after(self, told: list[Any]) -> list[str]:
        there = {d.id: d.last_seq for d in db.session.scalars(select(Docket))}
        return [
            f"{LOST}entry {seq} of docket {docket}" for docket, seq in told if there[docket] < seq
        ]

    def at_end(self, told: list[Any]) -> list[str]:
        waiting = [
            row.topic for row in db.session.scalars(select(Outbox).where(Outbox.done_at.is_(None)))
        ]
        order = db.session.scalars(select(Job).where(Job.kind == jobs.MANY)).one()
        more = time_itself.tick()
        return [
            *self.after(told),
            *state.differing(self.whole, state.told()),
            *(f"nobody was told: {topic}" for topic in waiting),
            *(
                []
                if order.state == "done" and len(order.result["results"]) == order.total
                else ["the order for several was not ended"]
            ),
            *(
                f"a further round does more: {more}"
                for kind in ("acts", "outbox", "batches", "destroyed")
                if more[kind]
            ),
        ]


class Bind(Work):
    """The case file, ordered on its page."""

    name, mould = "binding, on the page", "small"

    def prepare(self) -> None:
        self.ground.make("small", "empty", full.small_case)

    def do(self, tell: Tell) -> Any:
        docket = _largest()
        number = bound_file.ask(docket, "internal", None)
        bound_file.run_binding(number)
        tell(number)

    def after(self, told: list[Any]) -> list[str]:
        bindings = list(db.session.scalars(select(Job).where(Job.kind == jobs.BIND)))
        faults = [f"binding {row.id} failed" for row in bindings if row.state == "failed"]
        there = {row.id: row for row in bindings if row.state == "done"}
        faults += [f"{LOST}binding {number}" for number in told if number not in there]
        half = [number for number, row in there.items() if not self._whole(row)]
        return faults + [
            f"{LOST if number in told else ''}binding {number} is no whole file" for number in half
        ]

    def _whole(self, row: Job) -> bool:
        with self.ground.beside.joinpath(f"{row.id}.pdf").open("w+b") as file:
            file.writelines(self.ground.app.extensions["sealed_store"].chunks(row.stored))
            return _pages(Path(file.name)) == row.result["pages"]

    def at_end(self, told: list[Any]) -> list[str]:
        leases_run_out()
        rows = db.session.scalars(
            select(Job).where(Job.kind == jobs.BIND, Job.state.in_(jobs.OPEN))
        )
        return [
            *self.after(told),
            *(f"binding {row.id} goes on for ever" for row in rows if not row.interrupted),
        ]


class BindToFile(Work):
    """The same by its command, into a folder."""

    name, mould = "binding, by command", "small"

    def prepare(self) -> None:
        self.ground.make("small", "empty", full.small_case)

    def do(self, tell: Tell) -> Any:
        by_command(self.ground.app, "papers", "bind", _largest().code, str(self.ground.beside))
        tell("bound")

    def go_on(self, tell: Tell) -> Any:
        # the command itself refuses to write over a file
        if not list(self.ground.beside.glob("*.pdf")):
            self.do(tell)

    def after(self, told: list[Any]) -> list[str]:
        there = list(self.ground.beside.glob("*.pdf"))
        if told and not there:
            return [f"{LOST}no bound file is there"]
        return [f"{LOST if told else ''}half a bound file" for file in there if not _pages(file)]

    def at_end(self, told: list[Any]) -> list[str]:
        left = [path.name for path in self.ground.beside.iterdir() if path.suffix != ".pdf"]
        return [*self.after(told), *(f"left beside the bound file: {name}" for name in left)]


def _largest() -> Docket:
    """The case with the longest journal."""
    return db.session.scalars(
        select(Docket).where(Docket.kind == "case").order_by(Docket.last_seq.desc())
    ).first()


def _pages(file: Path) -> int:
    """Pages of a PDF; 0 where it is none."""
    try:
        with pikepdf.open(file, attempt_recovery=False) as pdf:
            return len(pdf.pages)
    except pikepdf.PdfError:
        return 0
