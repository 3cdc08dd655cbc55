"""What an earlier version kept in tables of their own is there as jobs after an update."""

from __future__ import annotations

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from casework.acts.binding_state import newest_binding
from casework.docket import jobs
from casework.docket.jobs import Job
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep.walk import Team
from tests.acts.roads import case_of

ORDER = (
    'INSERT INTO batch (id, bureau_id, person_id, step, "on", body, items, results, at, done_at) '
    "VALUES (:id, :bureau, :person, 'assign', '2026-11-02', :body, :items, :results, "
    "'2026-11-02 01:00:00', {done})"
)
BINDING = (
    "INSERT INTO binding (id, bureau_id, docket_id, kind, state, done, total, notes, stored, size, "
    "pages, stamped, holds, at, moved_at) VALUES (:id, :bureau, :docket, 'internal', :state, 3, 4, "
    "'[]', '', 9, 12, 11, '1-2', '2026-11-02 01:00:00', '2026-11-02 01:00:00')"
)


def test_bindings_and_orders_become_jobs(app: Flask, team: Team, bureau: Bureau) -> None:
    """Orders keep their numbers, to which they are sealed; of two bindings the newer stays the
    newer; what comes next takes no number of theirs."""
    docket, person, bureau_id = case_of(team, bureau).docket_id, team.head, bureau.id
    db.session.remove()
    downgrade(revision="0035")
    with writing() as session:
        values = {"bureau": bureau_id, "person": person, "body": b"sealed"}
        values |= {"items": f"[{docket}, 5]", "results": f'[{{"docket": {docket}}}]'}
        session.execute(text(ORDER.format(done="NULL")), {**values, "id": 7})
        done = ORDER.format(done="'2026-11-02 01:00:00'")
        session.execute(text(done), {**values, "id": 9})
        for number, state in ((3, "failed"), (4, "gone")):
            values = {"id": number, "bureau": bureau_id, "docket": docket, "state": state}
            session.execute(text(BINDING), values)
    upgrade()
    with writing() as session:
        added = jobs.order(session, jobs.LIST, bureau_id).id
    rows = {row.id: row for row in db.session.scalars(select(Job))}
    assert {n: (row.kind, row.state) for n, row in rows.items()} == {
        7: ("many", "waiting"),
        9: ("many", "done"),
        10: ("bind", "failed"),
        11: ("bind", "done"),
        added: ("list", "waiting"),
    }
    assert rows[7].result == {"dockets": [docket, 5], "results": [{"docket": docket}]}
    assert (rows[7].what, rows[7].by_id, rows[7].body) == ("assign", person, b"sealed")
    assert (rows[11].what, rows[11].shown_state, rows[11].total) == ("internal", "gone", 4)
    bound = newest_binding(db.session(), docket)
    assert bound
    assert (bound.pages, bound.documents, bound.failed) == (11, 4, False)
