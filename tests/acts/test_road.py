"""The road from a tip to an archived case file, and that its papers and lists say what its facts
say."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from casework.acts.errors import Refused
from casework.acts.facts import gather
from casework.docket import journal
from casework.docket.models import Docket, Track
from casework.papers.models import Paper
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Walk
from casework.vault.sealing import vault
from tests.acts.roads import facts_of, refused


def test_the_whole_road(case_at_served: Walk, app: Flask) -> None:
    case = case_at_served
    facts = facts_of(case)
    assert facts.stage == "effective"
    assert facts.number == "丰统案〔2025〕1号"
    assert [t.kind for t in facts.tracks] == ["main", "execution"]
    assert [f"{f.error_rate:.1%}" for f in facts.figures if f.error_rate] == ["87.3%", "23.9%"]
    case.at(road.later(case.day, 5)).take(
        "pay", {"paid_fen": 3_000_000, "paid_on": case.day.isoformat(), "slip": "1"}, "execution-1"
    )
    assert facts_of(case).track("execution-1").ended  # type: ignore[union-attr]
    closing = {"result": "警告并处罚款", "execution": "缴清", "publication": ""}
    with pytest.raises(Refused) as error:
        case.scanned().take("close", closing)
    assert refused(error) == {"publication_decided"}
    case.take("not_public", {"reason": "不具有一定社会影响"})
    assert facts_of(case).clock("publish").state == "stopped"  # type: ignore[union-attr]
    case.scanned().take("close", closing)
    case.at(road.later(case.day, 9)).bound().take("archive", {"term": "30", "shelf": "1-2"})
    assert facts_of(case).stage == "archived"
    numbers = [p.number for p in facts.papers if p.number]
    assert "丰统罚告〔2025〕1号" in numbers
    assert "丰统罚〔2025〕1号" in numbers
    assert not list(journal.verify_chains(db.session(), vault()))


def test_papers_are_real_and_stored_unchanged(
    case_at_notice_of_inspection: Walk, app: Flask
) -> None:
    case = case_at_notice_of_inspection
    for paper in db.session.scalars(select(Paper).where(Paper.docket_id == case.docket_id)):
        data = app.extensions["sealed_store"].read(paper.stored)
        assert data.startswith(b"%PDF-")
        from casework.vault.digest import sha256, sm3

        assert (sha256(data), sm3(data)) == (paper.sha256, paper.sm3)


def test_what_lists_cache_is_what_facts_say(case_at_served: Walk) -> None:
    case = case_at_served
    db.session.expire_all()
    for docket in db.session.scalars(select(Docket)):
        facts = gather(db.session(), vault(), docket, None, case.now)
        assert docket.stage == facts.stage
        due = min((c.due for c in facts.clocks if c.state == "open"), default=date(9999, 12, 31))
        assert docket.next_due == due
        rows = db.session.scalars(select(Track).where(Track.docket_id == docket.id))
        assert {t.label for t in rows} == {t.label for t in facts.tracks}
