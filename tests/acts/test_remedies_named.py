"""A paper against which reconsideration and suit are open names both bodies with their addresses
(行政处罚法 §59第五项)."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from casework.acts.errors import Refused
from casework.papers.models import Paper, Series
from casework.people.models import Bureau, BureauSetting
from casework.procedure.checks.registry import CHECKS
from casework.procedure.load import procedure
from casework.store import db, writing
from casework.upkeep.walk import Team, Walk
from letters import words
from tests.acts.roads import case_of, decision, drive, facts_of, refused


def unset(bureau: Bureau, **columns: str) -> None:
    with writing() as session:
        for name, value in columns.items():
            setattr(session.get_one(Bureau, bureau.id), name, value)


@pytest.fixture
def ready(team: Team, bureau: Bureau) -> Walk:
    return drive(case_of(team, bureau), "no_review_due")


@pytest.mark.parametrize(
    "lacking",
    [
        {"court": ""},
        {"court": "有管辖权的人民法院"},
        {"court": "人民法院"},
        {"government": " "},
    ],
)
def test_without_a_name_nothing_is_decided_and_no_number_taken(
    ready: Walk, bureau: Bureau, lacking: dict[str, str]
) -> None:
    unset(bureau, **lacking)
    taken = db.session.scalar(select(func.sum(Series.last)))
    with pytest.raises(Refused) as error:
        ready.propose("decide_penalty", decision(ready))
    assert refused(error) == {"remedies_named"}
    assert db.session.scalar(select(func.sum(Series.last))) == taken
    assert not db.session.scalars(select(Paper).where(Paper.kind == "decision")).all()


@pytest.mark.parametrize("key", ["remedy.body_address", "remedy.court_address"])
def test_without_an_address_neither(ready: Walk, bureau: Bureau, key: str) -> None:
    facts = facts_of(ready)
    rows = {
        s.key: s.value
        for s in facts.settings
        if s.key in ("remedy.body_address", "remedy.court_address")
    }
    assert all(rows.values())
    assert CHECKS["remedies_named"](facts, {}, facts.today) is None
    bare = replace(facts, settings=facts.settings.with_values({key: ""}))
    assert CHECKS["remedies_named"](bare, {}, facts.today) is not None


def test_the_refusal_says_where_to_set_it() -> None:
    says = procedure().checks["remedies_named"].refuses
    for place in ("单位信息", "行政复议机关地址", "法院地址"):
        assert place in says.zh


def test_every_step_whose_paper_speaks_of_a_suit_asks_for_it() -> None:
    """Wording that names {court}: but the application to that court, which is typed."""
    p = procedure()
    speaks = {
        k
        for k, r in p.papers.items()
        if any("{reconsider_body}" in x.text for _, x in words.wording_of(r.letter).lines())
    }
    lacking = {
        s.id
        for s in p.steps.values()
        if speaks & set(s.prints) and "remedies_named" not in s.checks
    }
    assert lacking == set()
    assert {"decision", "correction", "revocation"} <= speaks


def test_a_bureau_confirms_them_on_its_page(team: Team) -> None:
    kept = db.session.scalars(
        select(BureauSetting).where(BureauSetting.key.like("remedy.%_address"))
    ).all()
    assert {s.key for s in kept} == {"remedy.body_address", "remedy.court_address"}
    assert all(s.from_day < date(2026, 1, 1) for s in kept)
