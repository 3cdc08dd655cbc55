"""Who may take a step, and when: two pairs of eyes, reviewers, cards, ties, recusals, roles,
stages, days."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, ProgrammingError

from casework.acts.errors import NotAllowed, Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Act, Docket, Proposal
from casework.people.models import Bureau, EnforcementCard, Interest, Person, PersonRole
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import (
    END,
    FIRM,
    START,
    case_of,
    decision,
    drive,
    facts_of,
    refused,
    reviewed_by,
)


def test_two_pairs_of_eyes(case_at_report: Walk, team: Team) -> None:
    case = case_at_report
    case.propose("file", road.filing(END))
    db.session.expire_all()
    proposal = db.session.scalars(
        select(Proposal).where(Proposal.docket_id == case.docket_id, Proposal.state == "open")
    ).one()
    with pytest.raises(NotAllowed):
        perform(
            Intent(case.docket_id, "file", team.officers[0], case.day, "main", "approve", {}),
            case.now,
        )
    with pytest.raises(NotAllowed):
        perform(
            Intent(case.docket_id, "file", team.head, case.day, "main", "approve", {}), case.now
        )
    act = db.session.get_one(Act, proposal.act_id)
    statement = (
        "INSERT INTO approval (proposal_id, proposer_id, "
        "approver_id, act_id) VALUES (:a, :p, :p, :a)"
    )
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text(statement), {"a": act.id, "p": act.actor_id})
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(
            text(statement.replace(":p, :p", ":q, :p")),
            {"a": act.id, "p": team.leader, "q": team.head},
        )


@pytest.mark.parametrize("other", ["leader", "officer"])
def test_who_reviewed_does_not_decide(team: Team, bureau: Bureau, other: str) -> None:
    """One person with two offices: the legal reviewer neither approves the decision nor proposes it
    (行政处罚法 §§57–58)."""
    person = team.leader if other == "leader" else team.others["officer3"]
    with writing() as session:
        session.add(PersonRole(person_id=person, role="legal", from_day=START))
        session.get_one(Person, person).qualified = True
    case = reviewed_by(drive(case_of(team, bureau), "reviewed", 60_000_00), person)
    if other == "officer":
        case.take("assign", {"assigned": [person, *team.officers]})
    asked = decision(case)
    proposer = team.officers[0] if other == "leader" else person
    intent = Intent(case.docket_id, "decide_penalty", proposer, case.day, "main", "take", asked)
    if other == "officer":
        with pytest.raises(NotAllowed, match="reviewed the case"):
            perform(intent, case.now)
        return
    proposed = perform(intent, case.now)
    with pytest.raises(NotAllowed, match="reviewed the case"):
        perform(
            Intent(case.docket_id, "decide_penalty", person, case.day, "main", "approve", {}),
            case.now,
        )
    statement = (
        "INSERT INTO approval (proposal_id, proposer_id, "
        "approver_id, act_id) VALUES (:a, :p, :q, :a)"
    )
    refused_by_database = (IntegrityError, ProgrammingError, OperationalError, InternalError)
    with pytest.raises(refused_by_database, match="does not decide"), writing() as session:
        session.execute(text(statement), {"a": proposed.act_id, "p": proposer, "q": person})


@pytest.mark.parametrize("relieved", [False, True])
def test_who_investigated_does_not_approve_the_decision(
    case_at_no_review_due: Walk, team: Team, relieved: bool
) -> None:
    """行政处罚法 §57: the head examines what others found; to be relieved of the case, or made a
    leader, undoes nothing."""
    case, person = case_at_no_review_due, team.officers[1]
    with writing() as session:
        session.add(PersonRole(person_id=person, role="leader", from_day=case.day))
    if relieved:
        case.take("assign", {"assigned": [team.officers[0], team.others["officer3"]]})
    asked = {
        **decision(case),
        "officers": [team.officers[0], team.others["officer3"] if relieved else person],
    }
    perform(
        Intent(case.docket_id, "decide_penalty", team.officers[0], case.day, "main", "take", asked),
        case.now,
    )
    with pytest.raises(NotAllowed, match="investigated the case"):
        perform(
            Intent(
                case.docket_id,
                "decide_penalty",
                person,
                case.day,
                "main",
                "approve",
                {"opinion": "同意"},
            ),
            case.now,
        )
    perform(
        Intent(
            case.docket_id,
            "decide_penalty",
            team.leader,
            case.day,
            "main",
            "approve",
            {"opinion": "同意"},
        ),
        case.now,
    )


def test_who_investigated_does_not_answer_for_the_file(
    case_at_no_review_due: Walk, team: Team
) -> None:
    """What the second reading found is answered by somebody who did not work on the case."""
    case = case_at_no_review_due
    with writing() as session:
        session.add(PersonRole(person_id=team.officers[0], role="legal", from_day=START))
        session.get_one(Docket, case.docket_id).faults = "two_officers:9"
    asked = {"fault": "two_officers:9", "reason": "另一名执法人员当时在场，见录像。"}
    with pytest.raises(Refused) as error:
        perform(
            Intent(
                case.docket_id, "answer_reading", team.officers[0], case.day, "main", "take", asked
            ),
            case.now,
        )
    assert refused(error) == {"reviewer_not_of_the_case"}
    perform(
        Intent(case.docket_id, "answer_reading", team.legal, case.day, "main", "take", asked),
        case.now,
    )


def test_the_reviewer_is_qualified_and_not_of_the_case(
    large_case_at_reviewed: Walk, team: Team
) -> None:
    """行政处罚法 §58: whoever reviews holds the qualification and did not work on the case."""
    case = large_case_at_reviewed
    with writing() as session:
        session.add(PersonRole(person_id=team.officers[0], role="legal", from_day=START))
    with pytest.raises(Refused) as error:
        reviewed_by(case, team.officers[0])
    assert refused(error) == {"reviewer_not_of_the_case", "reviewer_qualified"}
    with writing() as session:
        session.get_one(Person, team.legal).qualified = False
    with pytest.raises(Refused) as error:
        reviewed_by(case, team.legal)
    assert refused(error) == {"reviewer_qualified"}
    with writing() as session:
        session.get_one(Person, team.legal).qualified = True
    assert facts_of(reviewed_by(case, team.legal)).did("legal_review")


def test_a_card_must_be_valid_that_very_day(case_at_assign: Walk, team: Team) -> None:
    case = case_at_assign
    with writing() as session:
        card = session.scalars(
            select(EnforcementCard).where(EnforcementCard.person_id == team.officers[1])
        ).one()
        card.valid_until = case.day
    figures = {"figures": road.FIGURES, "method": "账簿", "cards_shown": True}
    case.take("verify_figures", figures)
    with pytest.raises(Refused) as error:
        case.at(road.later(case.day, 1)).take("verify_figures", figures)
    assert refused(error) == {"no_card"}


def test_one_officer_is_not_enough(case_at_assign: Walk, team: Team) -> None:
    case = case_at_assign
    with pytest.raises(Refused) as error:
        case.take(
            "verify_figures",
            {"figures": road.FIGURES, "method": "x", "officers": [team.officers[0]]},
        )
    assert refused(error) == {"two_officers"}


def test_a_declared_tie_locks_an_officer_out(case_at_assign: Walk, team: Team) -> None:
    case = case_at_assign
    with writing() as session:
        session.add(Interest(person_id=team.officers[0], name=FIRM["name"], reason="亲属任职"))
    with pytest.raises(NotAllowed, match="recused"):
        case.take("verify_figures", {"figures": road.FIGURES, "method": "x"})


def test_a_tie_to_the_credit_code_locks_out_whatever_the_name(team: Team, bureau: Bureau) -> None:
    """A firm that changed its name, or is written otherwise in the tip, keeps its code."""
    code = "91350100M000100Y43"
    case = drive(case_of(team, bureau, {**FIRM, "credit_code": code}), "assign")
    with writing() as session:
        session.add(
            Interest(
                person_id=team.officers[0], name="旧名有限公司", credit_code=code, reason="亲属任职"
            )
        )
    with pytest.raises(NotAllowed, match="recused"):
        case.take("verify_figures", {"figures": road.FIGURES, "method": "x"})
    with writing() as session:
        session.scalars(select(Interest)).one().credit_code = "91350100M000100Y35"
    assert not facts_of(case).people[team.officers[0]].recused


def test_a_granted_recusal_locks_an_officer_out(case_at_assign: Walk, team: Team) -> None:
    case = case_at_assign
    case.take("recuse", {"person": team.officers[1], "reason": "近亲属", "result": "granted"})
    facts = facts_of(case)
    assert team.officers[1] not in {p.id for p in facts.officers}
    with pytest.raises(Refused):
        case.take("assign", {"assigned": list(team.officers)})


def test_a_role_that_is_not_named_may_not_act(case_opened: Walk, team: Team) -> None:
    case = case_opened
    with pytest.raises(NotAllowed):
        perform(
            Intent(
                case.docket_id,
                "assign",
                team.clerk,
                case.day,
                "main",
                "take",
                {"assigned": list(team.officers)},
            ),
            case.now,
        )


def test_a_step_out_of_place_is_refused(case_opened: Walk) -> None:
    case = case_opened
    with pytest.raises(Refused) as error:
        case.take("decide_penalty", {})
    assert refused(error) == {"wrong_stage"}


@pytest.mark.parametrize(("shift", "step"), [(1, "add_evidence"), (-400, "add_evidence")])
def test_the_day_it_happened_has_bounds(case_at_assign: Walk, shift: int, step: str) -> None:
    case = case_at_assign
    asked = {"kind": "written", "title": "账簿", "source": "企业", "proves": "少报"}
    with pytest.raises(Refused):
        case.take(step, asked, on=case.day + timedelta(shift))
