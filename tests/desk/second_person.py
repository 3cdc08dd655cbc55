"""A second person's hands: what one has proposed is confirmed, or refused, over the pages."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from casework.people.models import OfficeProposal
from casework.people.two_persons import WAITING
from casework.store import db


def waiting() -> OfficeProposal:
    """What was proposed last and waits."""
    db.session.rollback()
    found = db.session.scalars(
        select(OfficeProposal)
        .where(OfficeProposal.state == WAITING)
        .order_by(OfficeProposal.id.desc())
        .limit(1)
    ).first()
    assert found is not None, "nothing waits"
    return found


def decide(client: FlaskClient, verdict: str = "confirm") -> str:
    """Whoever is signed in decides about it; answers the page."""
    answer = client.post(f"/desk/office/proposals/{waiting().id}/{verdict}", follow_redirects=True)
    assert answer.status_code == 200
    return answer.text
