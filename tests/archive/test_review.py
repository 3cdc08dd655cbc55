"""The review before closing: each point can go red, the page says what is missing, the monthly sample is blind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from casework.acts.facts import gather
from casework.archive import sample
from casework.docket.models import Act, Docket
from casework.people.may import scope, today
from casework.people.models import Person
from casework.procedure import review
from casework.procedure.facts import ActFacts, Facts, LinkFacts
from casework.store import db, writing
from casework.upkeep.walk import Walk
from tests.archive.conftest import code
from tests.desk.test_pages import SignIn


def facts_of(app: Flask, walk: Walk) -> Facts:
    return gather(db.session(), app.extensions["vault"], db.session.get_one(Docket, walk.docket_id))


def without(*steps: str) -> Callable[[Facts], Facts]:
    return lambda f: replace(f, acts=tuple(a for a in f.acts if a.step not in steps))


def asked(step: str, **values: object) -> Callable[[Facts], Facts]:
    def change(a: ActFacts) -> ActFacts:
        return replace(a, asked={**a.asked, **values}) if a.step == step else a

    return lambda f: replace(f, acts=tuple(change(a) for a in f.acts))


def party(f: Facts, **changes: str) -> Facts:
    def change(a: ActFacts) -> ActFacts:
        known = a.asked.get("party")
        return replace(a, asked={**a.asked, "party": {**known, **changes}}) if known else a

    return replace(f, acts=tuple(change(a) for a in f.acts))


def no_papers(kind: str) -> Callable[[Facts], Facts]:
    return lambda f: replace(f, papers=tuple(p for p in f.papers if p.kind != kind))


def unserved(kind: str) -> Callable[[Facts], Facts]:
    def change(f: Facts) -> Facts:
        return replace(f, papers=tuple(replace(p, served=None, state="issued") if p.kind == kind else p for p in f.papers))

    return change


def late(rule: str) -> Callable[[Facts], Facts]:
    def change(f: Facts) -> Facts:
        moved = (replace(c, due=c.met_on - timedelta(1)) if c.rule == rule and c.met_on else c for c in f.clocks)
        return replace(f, clocks=tuple(moved))

    return change


def same_person(f: Facts) -> Facts:
    acts = (replace(a, actor=a.asked["_proposer"]) if a.verb == "done" else a for a in f.acts)
    return replace(f, acts=tuple(acts))


WAITING = LinkFacts(9, "report", "x", "x", "accepted", named=True)
OLD = [{"code": "V3", "what": "x", "conduct_start": "2019-01-01", "conduct_end": "2019-02-01", "census": False}]
UNKNOWN = [{**OLD[0], "code": "V99", "conduct_end": "2026-01-01"}]
RED: dict[str, Callable[[Facts], Facts]] = {
    "respondent_identified": lambda f: party(f, address=""),
    "code_right": lambda f: party(f, credit_code="91500230MA5U7X12345678"),
    "competent_officers": lambda f: replace(f, officers=f.officers[:1]),
    "facts_recorded": without("verify_figures"),
    "evidence_of_two_kinds": without("verify_figures", "on_site_record"),
    "conclusion_reached": without("investigation_report"),
    "articles_in_force": asked("investigation_report", violations=UNKNOWN),
    "within_time_bar": asked("investigation_report", violations=OLD),
    "filed_first": without("file"),
    "cards_on_each_day": lambda f: replace(f, people={i: replace(p, cards=()) for i, p in f.people.items()}),
    "told_before": unserved("prior_notice"),
    "heard": without("defence_heard", "defence_waived"),
    "reviewed": asked("investigation_report", complex=True),
    "discussed_where_due": asked("investigation_report", complex=True),
    "served_in_time": late("serve"),
    "publication_settled": lambda f: replace(f, tracks=tuple(t for t in f.tracks if t.kind != "publication")),
    "no_limit_missed": late("serve"),
    "papers_complete": no_papers("decision"),
    "all_served": unserved("inspection_notice"),
    "discretion_reasoned": lambda f: without_discretion(f),
    "sum_lawful": asked("decide_penalty", fine_fen=90_000_00),
    "proposal_and_decision_apart": same_person,
    "sheets_signed": lambda f: replace(f, papers=tuple(replace(p, signed_back=False) for p in f.papers)),
    "evidence_readable": lambda f: replace(f, acts=(*f.acts[:-1], with_files(f.acts[-1])), bound=None),
    "bound_whole": lambda f: replace(f, bound=None),
    "informants_told": lambda f: replace(f, links=(*f.links, WAITING)),
}


def with_files(a: ActFacts) -> ActFacts:
    return replace(a, asked={**a.asked, "_files": [{"title": "账簿.pdf", "sha256": "0" * 64, "sm3": "0" * 64}]})


def without_discretion(f: Facts) -> Facts:
    return replace(f, acts=tuple(replace(a, asked={k: v for k, v in a.asked.items() if k != "discretion"}) for a in f.acts))


def test_every_point_has_a_way_to_be_missing() -> None:
    assert set(RED) == {p.test for p in review.points()} == set(review.TESTS)


def test_each_point_goes_red_when_what_it_asks_for_is_missing(app: Flask, decided: Walk) -> None:
    decided.take("not_public", {"reason": "不具有社会影响。"})
    decided.scanned().bound()
    facts = party(facts_of(app, decided), credit_code="91350100M000100Y43")
    for test, spoil in RED.items():
        before, after = review.TESTS[test](facts), review.TESTS[test](spoil(facts))
        assert (before, after) in ((True, False), (None, False)), (test, before, after)


def test_a_lawful_case_has_only_what_is_truly_missing(app: Flask, decided: Walk) -> None:
    decided.take("not_public", {"reason": "不具有社会影响。"})
    decided.scanned().bound()
    verdicts = review.review(facts_of(app, decided))
    assert [v.point.test for v in verdicts if v.good is False] == ["respondent_identified"]  # the firm has no code on record
    assert 90 <= review.score(verdicts) < 100


def test_the_page_says_why_not_and_leads_there(decided: Walk, sign_in: SignIn) -> None:
    client = sign_in("officer1")
    assert f"/desk/casefile/{code(decided)}/review" in client.get(f"/desk/dockets/{code(decided)}").text
    page = client.get(f"/desk/casefile/{code(decided)}/review").text
    for words in ("为什么不能结案", "执行", "主体资格", "行政处罚法 §58"):
        assert words in page, words
    assert f"/desk/dockets/{code(decided)}#people" in page


def test_the_page_leads_to_the_step_that_comes_first(decided: Walk, sign_in: SignIn) -> None:
    """Whoever may decide about publishing gets the link; the officer is told who may."""
    address = f"/desk/casefile/{code(decided)}/review"
    says, link = "是否公示处罚决定尚未作出决定", f"/desk/dockets/{code(decided)}/new/approve_publication"
    officer, publisher = sign_in("officer1").get(address).text, sign_in("publisher")
    assert says in officer
    assert link not in officer
    assert "先办：处罚公示审批，公示员" in officer
    page = publisher.get(address).text
    assert f'href="{link}"' in page
    assert publisher.get(link).status_code == 200
    decided.at(today()).take("not_public", {"reason": "不具有社会影响。"})
    assert says not in publisher.get(address).text


def test_the_sample_is_the_same_for_all_and_names_no_handler(
    app: Flask, decided: Walk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    docket = db.session.get_one(Docket, decided.docket_id)
    with writing() as session:
        session.get_one(Docket, docket.id).faults = "served_in_time:3 days_possible:7"
    monkeypatch.setattr(sample, "closed_in", lambda *_a: [docket])
    page = sign_in("auditor").get("/desk/casefile/sample").text.split("<main", 1)[1]
    assert "逐条复查，问题：2项" in page
    for telling in ("秦岚", "邓一川", docket.number, docket.title):
        assert telling not in page
    assert "主体资格" in page


def test_the_sample_is_drawn_by_the_key_and_the_month(app: Flask, decided: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    docket = db.session.get_one(Docket, decided.docket_id)
    many = [Docket(id=i, code=str(i)) for i in range(100, 140)]
    monkeypatch.setattr(sample, "closed_in", lambda *_a: many)
    monkeypatch.setattr(sample, "_sampled", lambda _s, _v, d, _n: d.id)
    who = scope(db.session.get_one(Person, decided.team.head), today())

    def drawn(month: int) -> list[object]:
        return list(sample.draw(db.session(), app.extensions["vault"], who, date(2026, month, 1), date(2026, month + 1, 1)))

    assert docket.kind == "case"
    assert drawn(3) == drawn(3)
    assert len(drawn(3)) == sample.SIZE
    assert drawn(3) != drawn(4)


def test_a_sample_is_of_the_whole_month_before() -> None:
    assert sample.month_of(date(2026, 1, 31)) == (date(2025, 12, 1), date(2026, 1, 1))
    assert sample.month_of(date(2026, 12, 1)) == (date(2026, 11, 1), date(2026, 12, 1))


def test_closed_cases_are_found_by_the_month_of_their_closing(
    app: Flask, decided: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = scope(db.session.get_one(Person, decided.team.head), today())
    first = decided.day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    assert sample.closed_in(db.session(), who, first, after) == []
    entry = select(Act).where(Act.docket_id == decided.docket_id).order_by(Act.seq.desc()).limit(1)
    last = db.session.scalars(entry).one()
    monkeypatch.setattr(sample, "CLOSING", last.step)
    assert [d.id for d in sample.closed_in(db.session(), who, first, after)] == [decided.docket_id]
    assert sample.closed_in(db.session(), who, after, after + timedelta(31)) == []
