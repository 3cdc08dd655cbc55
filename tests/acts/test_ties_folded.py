"""Ties are found by name and code however both are written, in the acts, on the page and on every
list alike."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from casework.acts.facts import gather
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.people.facts import conflicted
from casework.people.may import scope
from casework.people.models import Bureau, Interest, Person
from casework.store import db, writing
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import FIRM, START, case_of, drive, facts_of

NAME = "丰都县古丽·买买提餐饮店"
CODE = "91350100M000100Y43"
NAMES = (
    NAME,
    "丰都县古丽•买买提餐饮店",
    "丰都县古丽・买买提餐饮店",
    "丰都县古丽.买买提餐饮店",
    " 丰都县古丽·买买提 餐饮店",
    "丰都县古丽·\u200b买买提餐饮店",
)
CODES = (
    CODE,
    "91350100m000100y43",
    "9135 0100 M000 100Y 43",
    "９１３５０１００Ｍ０００１００Ｙ４３",
    f" {CODE}",
    f"\u202a{CODE}",
)


def tie(person: int, name: str, code: str = "") -> None:
    with writing() as session:
        session.add(Interest(person_id=person, name=name, credit_code=code, reason="亲属任职"))


def on_lists(person: int, walk: Walk) -> bool:
    """Whether lists, counts and searches name the docket to the person."""
    me = scope(db.session.get_one(Person, person), START)
    return (
        db.session.scalar(select(Docket.id).where(Docket.id == walk.docket_id, visible_to(me)))
        is not None
    )


def opened(person: int, walk: Walk) -> bool:
    """Whether its page opens: seen, and not recused."""
    facts = gather(
        db.session(), vault(), db.session.get_one(Docket, walk.docket_id), person, walk.now
    )
    return facts.sees and facts.actor is not None and not facts.actor.recused


def test_a_tie_is_found_however_the_name_or_the_code_is_written(team: Team, bureau: Bureau) -> None:
    tie(team.leader, NAME, CODE)
    case = case_of(team, bureau)
    assert opened(team.leader, case)
    for name in NAMES:
        assert team.leader in conflicted(name), name
        with writing() as session:
            session.get_one(Docket, case.docket_id).title = name
        assert not on_lists(team.leader, case), name
        assert not opened(team.leader, case), name
    for code in CODES:
        assert team.leader in conflicted("别的名称", code), code
    for code in CODES[1:4]:
        case = case_of(team, bureau, {**FIRM, "name": "别的名称", "credit_code": code})
        assert not on_lists(team.leader, case), code
        assert not opened(team.leader, case), code
    other = case_of(
        team, bureau, {**FIRM, "name": "丰都县别家餐饮店", "credit_code": "11500230008686473P"}
    )
    assert on_lists(team.leader, other)
    assert opened(team.leader, other)


@pytest.mark.parametrize("written", NAMES[1:])
def test_a_tie_that_was_declared_in_another_form_is_found_too(
    team: Team, bureau: Bureau, written: str
) -> None:
    tie(team.leader, written)
    assert team.leader in conflicted(NAME)
    assert not on_lists(team.leader, case_of(team, bureau, {**FIRM, "name": NAME}))


def test_nobody_is_tied_to_a_unit_without_a_code_by_having_none(team: Team, bureau: Bureau) -> None:
    tie(team.leader, "某单位", "无")
    assert conflicted("另一单位", "/") == conflicted("另一单位", "无") == set()
    assert on_lists(team.leader, case_of(team, bureau, {**FIRM, "credit_code": "无"}))


def test_the_docket_keeps_no_code_that_may_be_a_persons_number(team: Team, bureau: Bureau) -> None:
    for code, kept in (
        (CODES[2], CODE),
        ("110105491231002", ""),
        ("512301195003150432", ""),
        ("见附件", ""),
    ):
        case = case_of(team, bureau, {**FIRM, "credit_code": code})
        assert db.session.get_one(Docket, case.docket_id).unit_code == kept, code


def test_an_earlier_penalty_is_found_by_the_code_of_a_firm_that_is_called_otherwise(
    team: Team, bureau: Bureau
) -> None:
    drive(case_of(team, bureau, {**FIRM, "credit_code": CODES[3]}), "served")
    renamed = case_of(
        team, bureau, {**FIRM, "name": "重庆汇锦智能装备有限公司", "credit_code": CODE}
    )
    assert facts_of(renamed).history.penalties_before == 1
    spaced = case_of(team, bureau, {**FIRM, "name": "重庆汇锦机械制造 有限公司"})
    assert facts_of(spaced).history.penalties_before == 1
    other = case_of(
        team,
        bureau,
        {**FIRM, "name": "重庆汇锦智能装备有限公司", "credit_code": "11500230008686473P"},
    )
    assert facts_of(other).history.penalties_before == 0


def test_rows_from_before_are_found_after_the_upgrade(
    app: Flask, team: Team, bureau: Bureau
) -> None:
    """What the older program had stored: folded by the migration; a docket's code, which lies in
    its journal, by a tick."""
    case = case_of(team, bureau, {**FIRM, "name": NAMES[1], "credit_code": CODES[3]})
    tick()
    here = bureau.id
    db.session.remove()
    downgrade(revision="0020")
    with writing() as session:
        row = {"person": team.leader, "name": NAMES[2], "code": CODES[1]}
        session.execute(
            text(
                "INSERT INTO interest (person_id, name, credit_code, "
                "reason) VALUES (:person, :name, :code, 'x')"
            ),
            row,
        )
        session.execute(
            text(
                "INSERT INTO entry (bureau_id, docket_id, track, kind, state, "
                "name, credit_code, township, fields, shown_from,"
                " shown_until, reason, at) VALUES (:bureau, :docket, "
                "'publication-1', 'penalty', 'ended', 'x', :code, '', '{}',"
                " '2026-01-01', '2026-01-02', '', '2026-01-01 00:00:00')"
            ),
            {"bureau": here, "docket": case.docket_id, "code": CODES[3]},
        )
    upgrade()
    assert not on_lists(team.leader, case)
    assert db.session.scalar(text("SELECT credit_code FROM entry")) == CODE
    with writing() as session:
        session.execute(text("UPDATE interest SET folded_name = 'anders'"))
    assert on_lists(team.leader, case)
    tick()
    db.session.expire_all()
    assert db.session.get_one(Docket, case.docket_id).unit_code == CODE
    assert not on_lists(team.leader, case)
