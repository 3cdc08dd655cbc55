"""A card number is one human being: two accounts that bear it make neither two officers nor two
pairs of eyes (统计法 §38; 行政处罚法 §42, §57–58)."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.errors import NotAllowed, Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.people import office
from casework.people.models import Bureau, EnforcementCard, Person, PersonRole
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import facts_of, refused
from tests.support.desk import SignIn

CARD = {"number": "渝统执 0219", "valid_from": date(2024, 1, 1), "valid_until": date(2029, 12, 31)}


def admin() -> Person:
    return db.session.scalars(select(Person).where(Person.login == "admin")).one()


def number_of(person: int) -> str:
    return db.session.scalars(
        select(EnforcementCard.number).where(EnforcementCard.person_id == person)
    ).one()


def second_account(of: int, bureau: Bureau, *roles: str, number: str = "") -> int:
    """Another account with the same card, as it may stand in a database of before."""
    day = date(2024, 1, 1)
    with writing() as session:
        made = Person(
            bureau_id=bureau.id, login=f"again{of}", name="秦岚", password_hash="x", active=True
        )
        made.roles = [PersonRole(role=r, from_day=day) for r in roles]
        made.cards = [EnforcementCard(**{**CARD, "number": number or number_of(of)})]
        session.add(made)
        session.flush()
        return made.id


# -- the administrator's pages
@pytest.mark.parametrize("typed", ["渝统执 0219", "渝统执0219", "渝统执　０２１９", "渝统执-0219"])
def test_a_card_is_not_entered_for_two_people(team: Team, app: Any, typed: str) -> None:
    one, two = team.officers
    office.add_card(admin(), one, CARD)
    with pytest.raises(office.NotPossible, match="card number"):
        office.add_card(admin(), two, {**CARD, "number": typed})
    office.add_card(
        admin(),
        one,
        {**CARD, "number": typed, "valid_from": date(2030, 1, 1), "valid_until": date(2032, 1, 1)},
    )


def test_who_left_and_came_back_has_the_card_on_the_new_account(team: Team, app: Any) -> None:
    one, two = team.officers
    office.add_card(admin(), one, CARD)
    office.set_active(admin(), one, False)
    office.add_card(admin(), two, CARD)
    with pytest.raises(office.NotPossible, match="card number"):
        office.set_active(admin(), one, True)


def test_the_page_says_why(team: Team, sign_in: SignIn) -> None:
    client: FlaskClient = sign_in("admin")
    one, two = team.officers
    data = {"number": "渝统执 0219", "valid_from": "2024-01-01", "valid_until": "2029-12-31"}
    assert client.post(f"/desk/office/people/{one}/card", data=data).status_code == 302
    answer = client.post(f"/desk/office/people/{two}/card", data=data, follow_redirects=True)
    assert "这个执法证号已经登记在另一个未停用的账号下" in answer.text


# -- in a docket, where two such accounts stand all the same
def test_two_accounts_of_one_human_are_not_two_officers(
    case_opened: Walk, team: Team, bureau: Bureau
) -> None:
    case = case_opened
    again = second_account(team.officers[0], bureau, "officer")
    with pytest.raises(Refused) as error:
        case.take("assign", {"assigned": [team.officers[0], again]})
    assert refused(error) == {"two_fit_officers"}
    case.take("assign", {"assigned": [team.officers[0], again, team.officers[1]]})
    asked = {"figures": road.FIGURES, "method": "核对", "cards_shown": True}
    with pytest.raises(Refused) as error:
        case.take("verify_figures", {**asked, "officers": [team.officers[0], again]})
    assert refused(error) == {"two_officers"}
    case.take("verify_figures", asked)


def approve(case: Walk, step: str, who: int) -> None:
    perform(
        Intent(case.docket_id, step, who, case.day, "main", "approve", {"opinion": "同意"}),
        case.now,
    )


def test_nobody_approves_what_the_same_human_proposed(
    case_at_conclude: Walk, team: Team, bureau: Bureau
) -> None:
    case = case_at_conclude
    again = second_account(team.officers[0], bureau, "leader")
    case.propose("suspend", {"reason": "等待鉴定"})
    with pytest.raises(NotAllowed, match="different persons"):
        approve(case, "suspend", again)
    approve(case, "suspend", team.leader)


def test_the_reviewer_is_not_the_officer_under_another_account(
    case_at_conclude: Walk, team: Team, bureau: Bureau
) -> None:
    case = case_at_conclude
    again = second_account(team.officers[0], bureau, "legal")
    assert again in facts_of(case).investigators


def test_who_is_recused_is_recused_with_every_account(
    case_at_assign: Walk, team: Team, bureau: Bureau
) -> None:
    case = case_at_assign
    again = second_account(team.officers[0], bureau, "officer")
    case.take("recuse", {"person": team.officers[0], "reason": "近亲属", "result": "granted"})
    assert facts_of(case).people[again].recused
    assert not facts_of(case).people[team.officers[1]].recused
