"""Effects that a step's ``does`` names: officers, links, service, corrections, cases opened, word
to disclosure."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update

from casework.acts.apply import Applied, effect
from casework.docket.models import Assignment, Clock, Recusal
from casework.informants.models import CodeRenewal
from casework.papers.models import Paper, Service
from casework.procedure.effects import Effect

# -- people


@effect("assign")
def _assign(a: Applied, _e: Effect) -> None:
    """The docket's officers from now on are those named; earlier ones end today."""
    wanted = [int(i) for i in a.answers.get("assigned") or []]
    _unassign(a, keep=wanted)
    have = set(a.session.scalars(_standing(a)))
    for person in wanted:
        if person not in have:
            a.session.add(Assignment(docket_id=a.docket.id, person_id=person, since=a.on))


def _standing(a: Applied) -> Any:
    return select(Assignment.person_id).where(
        Assignment.docket_id == a.docket.id, Assignment.until.is_(None)
    )


def _unassign(a: Applied, keep: list[int]) -> None:
    a.session.execute(
        update(Assignment)
        .where(
            Assignment.docket_id == a.docket.id,
            Assignment.until.is_(None),
            Assignment.person_id.not_in(keep),
        )
        .values(until=a.on)
    )


@effect("recuse")
def _recuse(a: Applied, _e: Effect) -> None:
    """A granted recusal locks the person out and ends the assignment (行政处罚法 §43)."""
    if a.answers.get("result") not in (None, "granted"):
        return
    person = int(a.answers["person"])
    a.session.merge(
        Recusal(
            docket_id=a.docket.id, person_id=person, reason=str(a.answers.get("reason") or "")[:200]
        )
    )
    a.session.execute(
        update(Assignment)
        .where(
            Assignment.docket_id == a.docket.id,
            Assignment.person_id == person,
            Assignment.until.is_(None),
        )
        .values(until=a.on)
    )


# -- clocks


@effect("expire")
def _expire(a: Applied, _e: Effect) -> None:
    """A window that ended by itself: nobody was late."""
    clock = a.session.get_one(Clock, int(a.answers["clock"]))
    if clock.docket_id != a.docket.id:
        raise LookupError("a clock of another docket")
    clock.state, clock.met_on = "stopped", a.on


# -- service


def _service(a: Applied, failed: bool = False, method: str = "") -> Paper:
    paper = a.session.get_one(Paper, int(a.answers["paper"]))
    a.session.add(
        Service(
            paper_id=paper.id,
            act_id=a.act_id,
            seq=a.seq,
            on=a.on,
            method=method or str(a.answers.get("method") or ""),
            failed=failed,
        )
    )
    return paper


@effect("serve")
def _serve(a: Applied, _e: Effect) -> None:
    """The paper arrived; the clocks it starts are effects of their own."""
    _service(a, method="" if a.answers.get("method") else "public").state = "served"


@effect("correct_service")
def _correct_service(a: Applied, _e: Effect) -> None:
    """The service as it really was, beside the row of the entry that it sets right: the newest of a
    paper holds."""
    here = select(Paper.id).where(Paper.docket_id == a.docket.id)
    entered = select(Service).where(
        Service.seq == int(a.answers["act"]), Service.paper_id.in_(here)
    )
    wrong = a.session.scalars(entered.order_by(Service.id.desc()).limit(1)).one()
    on = date.fromisoformat(a.answers["corrected_on"])
    right = Service(
        paper_id=wrong.paper_id,
        act_id=a.act_id,
        seq=wrong.seq,
        on=on,
        method=wrong.method,
        failed=False,
    )
    a.session.add(right)


@effect("serve_failed")
def _serve_failed(a: Applied, _e: Effect) -> None:
    _service(a, failed=True)


@effect("serve_public")
def _serve_public(a: Applied, _e: Effect) -> None:
    """Public notice began; «served» comes with ``deemed_served`` (民事诉讼法 §95)."""
    _service(a, failed=True, method="public")


# -- the informant


@effect("renew_code")
def _renew_code(a: Applied, _e: Effect) -> None:
    """One new receipt code may be made; it is shown at the counter and stands in no journal."""
    a.session.add(CodeRenewal(docket_id=a.docket.id, act_id=a.act_id))


# -- the file


@effect("count_pages")
def _count_pages(a: Applied, _e: Effect) -> None:
    """The number stays with the entry; ``procedure.retention.pages_of`` reads it there."""


@effect("told")
def _told(a: Applied, _e: Effect) -> None:
    """The period stays with the entry; the paper's service counts by it (``procedure.plan``)."""


# -- corrections


@effect("correct")
def _correct(a: Applied, _e: Effect) -> None:
    """Facts lay the corrected fields over the entry they name; clocks it moved are effects of their
    own."""


@effect("take_back_decision")
def _take_back_decision(a: Applied, _e: Effect) -> None:
    """Facts take the decision as not made; its paper and the clocks are effects of their own."""


@effect("calendar")
def _calendar(a: Applied, _e: Effect) -> None:
    """A changed calendar; the clocks it moved are effects of their own."""


# -- word to floor 5


def _tell(topic: str) -> None:
    @effect(topic)
    def tell(a: Applied, _e: Effect) -> None:
        a.tell(topic, track=a.track, on=a.on.isoformat())


for _topic in (
    "publish_entry",
    "withdraw_entry",
    "list_entry",
    "end_entry",
    "extend_entry",
    "tell_informant",
    "index",
    "read_again",
):
    _tell(_topic)
