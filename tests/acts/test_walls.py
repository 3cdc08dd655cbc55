"""Who takes no part any more, or took part before; and what happens to a case that another one
reaches into."""

import pytest

from casework.acts.errors import Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.people.models import Bureau, Person
from casework.procedure.checks.closing import papers_served
from casework.procedure.checks.hearing import host_not_of_the_case
from casework.procedure.checks.review import reviewer_not_of_the_case
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, case_of, facts_of, refused

FIGURES = {"figures": road.FIGURES, "method": "账簿", "cards_shown": True}


def gone(person: int) -> None:
    with writing() as session:
        session.get_one(Person, person).active = False


def test_who_left_is_no_officer_any_more(case_at_assign: Walk, team: Team) -> None:
    case = case_at_assign
    gone(team.officers[1])
    with pytest.raises(Refused) as error:
        case.take("verify_figures", FIGURES)
    assert refused(error) == {"no_card"}
    with pytest.raises(Refused) as error:
        case.take("assign", {"assigned": list(team.officers)})
    assert refused(error) == {"two_fit_officers"}


def test_who_investigated_once_neither_hosts_nor_reviews(
    case_at_interview: Walk, team: Team
) -> None:
    """行政处罚法 §64(四): the host has not investigated; to be relieved of the case undoes
    nothing."""
    case = case_at_interview
    third = team.others["officer3"]
    case.take("assign", {"assigned": [team.officers[1], third]})
    facts = facts_of(case)
    assert host_not_of_the_case(facts, {"host": team.officers[0]}, case.day) is not None
    assert host_not_of_the_case(facts, {"host": team.head}, case.day) is None
    # nobody could record the hearing then
    assert host_not_of_the_case(facts, {"host": team.clerk}, case.day) is not None
    from dataclasses import replace

    reviewer = replace(facts, actor=facts.people[team.officers[0]])
    assert reviewer_not_of_the_case(reviewer, {}, case.day) is not None


def test_two_cases_are_not_absorbed_into_each_other(team: Team, bureau: Bureau) -> None:
    one, two = case_of(team, bureau), case_of(team, bureau, {**FIRM, "name": "另一企业"})
    case_of(team, bureau, {**FIRM, "name": "第三企业"})
    one.propose("absorb_case", {"case": two.docket_id, "reason": "同一事项"})
    two.take("absorb_case", {"case": one.docket_id, "reason": "同一事项"})
    with pytest.raises(Refused) as error:
        perform(
            Intent(one.docket_id, "absorb_case", team.head, one.day, "main", "approve", {}), one.now
        )
    assert refused(error) == {"open_case_there"}


def test_a_tip_feeds_a_case_once(case_opened: Walk, team: Team, bureau: Bureau) -> None:
    one = case_opened
    two = case_of(team, bureau, {**FIRM, "name": "另一企业"})
    report = next(x for x in facts_of(two).links)
    from casework.upkeep.walk import Walk

    Walk(team, report.id, one.day).take(
        "link_report", {"case": one.docket_id, "reason": "同一事项"}
    )
    two.take("absorb_case", {"case": one.docket_id, "reason": "同一事项"})
    ids = [x.id for x in facts_of(one).links]
    assert len(ids) == len(set(ids)) == 2


def test_a_notice_told_anew_takes_the_place_of_one_that_never_arrived(
    case_at_prior_notice: Walk,
) -> None:
    case = case_at_prior_notice
    old = case.paper("prior_notice").id
    case.take("prior_notice_again", notice_of(2_000_000))
    case.serve("prior_notice")
    facts = facts_of(case)
    assert [p.state for p in facts.papers if p.id == old] == ["withdrawn"]
    assert papers_served(facts, {}, case.day) is None
    db.session.expire_all()
