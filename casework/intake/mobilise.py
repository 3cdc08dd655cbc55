"""Townships to be mobilised (预案三（八）6): the task's own life, every change with an entry of the
office."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.docket.work import Mobilisation
from casework.people.may import today
from casework.people.models import Person
from casework.people.office_journal import enter
from casework.store import writing


@dataclass(frozen=True)
class TaskChange:
    """What a person writes on the task."""

    handler: int | None
    due: date
    result: str
    done: bool


def open_tasks(session: Session, bureau_id: int) -> list[Mobilisation]:
    """Those that are not closed, most pressing first."""
    query = select(Mobilisation).where(
        Mobilisation.bureau_id == bureau_id, Mobilisation.closed_on.is_(None)
    )
    return list(session.scalars(query.order_by(Mobilisation.due, Mobilisation.id)))


def change(actor: Person, task_id: int, wanted: TaskChange) -> None:
    """Write it down; LookupError for a task that is closed or another bureau's."""
    with writing() as session:
        task = session.get_one(Mobilisation, task_id)
        if task.bureau_id != actor.bureau_id or task.closed_on is not None:
            raise LookupError("no such open task")
        task.handler_id, task.due, task.result = wanted.handler, wanted.due, wanted.result
        if wanted.done:
            task.closed_on = today()
        enter(session, actor.bureau_id, actor.id, "mobilise.change", task.township, asdict(wanted))
