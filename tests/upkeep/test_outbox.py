"""What acts told the floor above is passed on by handfuls: few statements for a crowd, and a fault
holds up its docket only."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import func, select

from casework.docket import jobs
from casework.docket.models import Docket, Outbox, SearchToken
from casework.docket.work import Notice
from casework.informants.models import Message
from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import outbox
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, tip
from tests.support.counted import counted
from tests.support.forged import forge


def crowd(bureau: Bureau, number: int) -> list[int]:
    """So many tips; their dockets."""
    payload = {
        "channel": "web",
        "subject_kind": "enterprise",
        "narrative": "少报产值",
        "kinds": ["refusal"],
    }
    return [
        receive(bureau, {**payload, "subject": f"重庆汇锦{i}号厂", "township": ""}).docket_id
        for i in range(number)
    ]


def waiting() -> set[int]:
    return set(db.session.scalars(select(Outbox.docket_id).where(Outbox.done_at.is_(None))))


def test_a_crowd_of_tips_takes_few_statements(team: Team, bureau: Bureau) -> None:
    """Twice as many tips of one handful take no statement more; clerks have one notice that counts
    them all."""
    jobs.standing(jobs.OUTBOX, bureau.id)
    crowd(bureau, outbox.TOGETHER // 2)
    with counted() as few:
        outbox.pass_on()
    dockets = crowd(bureau, outbox.TOGETHER)
    with counted() as more:
        outbox.pass_on()
    assert len(more) <= len(few) < 3 * outbox.TOGETHER
    assert not waiting()
    for docket_id in dockets:
        assert db.session.scalar(select(func.count()).where(SearchToken.docket_id == docket_id))
    mine = select(Notice).where(Notice.person_id == team.clerk, Notice.topic == "new_tips")
    assert sum(n.data["count"] for n in db.session.scalars(mine)) == outbox.TOGETHER * 3 // 2


def test_a_handful_with_a_fault_is_taken_one_by_one(
    team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """All others are done, once; the faulty one waits for the next round, and then is done."""
    dockets = crowd(bureau, 7)
    right, bad = outbox.index, dockets[3]

    def faulty(session: Any, found: Any) -> None:
        found = list(found)
        right(session, found)
        if bad in [d.id for d in found]:
            raise LookupError("broken")

    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR):
        broken.setattr(outbox, "index", faulty)
        assert outbox.pass_on() == 6
    assert waiting() == {bad}
    assert str(bad) in caplog.text
    indexed = set(db.session.scalars(select(SearchToken.docket_id).distinct()))
    assert indexed == set(dockets) - {bad}
    assert outbox.pass_on() == 1
    assert not waiting()
    mine = select(Notice).where(Notice.person_id == team.clerk, Notice.topic == "new_tips")
    assert sum(n.data["count"] for n in db.session.scalars(mine)) == 7
    assert db.session.get_one(Docket, bad).number


def reopened(topic: str) -> None:
    """Everything of a kind that was passed on waits once more, by the hand of somebody who has the
    database alone."""
    forge(f"UPDATE outbox SET done_at = NULL WHERE topic = '{topic}'")
    outbox.pass_on()
    assert not waiting()


def messages() -> int:
    return db.session.scalar(select(func.count()).select_from(Message)) or 0


def told_tip(team: Team, bureau: Bureau) -> Walk:
    """A tip that was accepted, with its reply."""
    made = tip(team, bureau)
    made.take(
        "accept",
        {
            "respondents": [FIRM],
            "cause": "涉嫌提供不真实统计资料",
            "opinion": "受理",
            "reply": "已受理。",
        },
    )
    outbox.pass_on()
    return made


def test_an_informant_is_told_once(team: Team, bureau: Bureau) -> None:
    told_tip(team, bureau)
    assert messages() == 1
    reopened("tell_informant")
    assert messages() == 1


def test_a_reply_that_nobody_approved_yet_is_not_written(team: Team, bureau: Bureau) -> None:
    """The proposal names it, and bears no effect: whoever has the database alone does not let it go
    out."""
    made = tip(team, bureau)
    asked = {
        "respondents": [FIRM],
        "cause": "涉嫌提供不真实统计资料",
        "opinion": "受理",
        "reply": "已受理。",
    }
    made.propose("accept", asked, "report")
    forge(
        "INSERT INTO outbox (docket_id, act_id, topic, data) SELECT "
        "docket_id, max(id), 'tell_informant', '{}' "
        f"FROM act WHERE docket_id = {made.docket_id} GROUP BY docket_id"
    )
    outbox.pass_on()
    assert messages() == 0
    assert not waiting()


def test_clerks_are_told_of_a_tip_once(team: Team, bureau: Bureau) -> None:
    crowd(bureau, 3)
    outbox.pass_on()
    before = [n.data for n in db.session.scalars(select(Notice).order_by(Notice.id))]
    reopened("index")
    assert [n.data for n in db.session.scalars(select(Notice).order_by(Notice.id))] == before
