"""A day that was asked lies where it can: what happened is not to come and not from another age,
what is due is not over."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from wtforms import FieldList, FormField

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.day_bounds import Lies, bounds
from casework.procedure.load import procedure
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from forms.base import DayField
from forms.registry import form_class
from tests.acts.roads import case_of, drive, facts_of, refused
from tests.support.desk import SignIn, code

NEVER = (date(1983, 12, 31), date(1999, 1, 1), date(2036, 1, 1))
EVIDENCE = {"kind": "written", "title": "销售台帐", "source": "财务科", "proves": "少报收入"}
ORDER = {"act": "少报", "articles": "统计法第八条", "demand": "更正"}
INSTAL = {"request": "申请", "plan": "分三期", "due": ""}


def day_fields(form: Any) -> Iterator[tuple[str, Any]]:
    """The days that a form's class asks for, those in its tables too."""
    for name in dir(form):
        field = getattr(form, name)
        kind = getattr(field, "field_class", None)
        if kind is FieldList and field.args[0].field_class is FormField:
            yield from day_fields(field.args[0].args[0])
        elif isinstance(kind, type) and issubclass(kind, DayField):
            yield name, field


def test_every_day_that_a_step_asks_says_where_it_can_lie() -> None:
    asked = {
        (s.id, name): f
        for s in procedure().steps.values()
        if s.asks
        for name, f in day_fields(form_class(s.asks))
    }
    assert len(asked) > 100
    assert [key for key, f in asked.items() if not isinstance(f.kwargs.get("lies"), Lies)] == []


def correct(case: Walk, act: int, right: date | None, fields: dict[str, str] | None = None) -> None:
    day = right.isoformat() if right else None
    case.take(
        "correct_act", {"act": act, "corrected_on": day, "fields": fields or {}, "reason": "误登"}
    )


def evidence(team: Team, bureau: Bureau) -> tuple[Walk, int]:
    """A piece of evidence, entered three days after the case came to its stage."""
    case = drive(case_of(team, bureau), "interview")
    case.take("add_evidence", EVIDENCE)
    return case, case.last_seq()


@pytest.mark.parametrize("day", NEVER)
def test_the_day_of_an_entry_is_not_corrected_to_another_age(
    team: Team, bureau: Bureau, day: date
) -> None:
    case, act = evidence(team, bureau)
    with pytest.raises(Refused) as error:
        correct(case, act, day)
    assert refused(error) == {"day_not_possible"}


def test_it_is_corrected_to_a_day_of_its_stage(team: Team, bureau: Bureau) -> None:
    case, act = evidence(team, bureau)
    entered = facts_of(case).last("add_evidence").on  # type: ignore[union-attr]
    filed = facts_of(case).last("file").on  # type: ignore[union-attr]
    with pytest.raises(Refused) as error:
        # before the case came to the stage in which the entry was made
        correct(case, act, filed - timedelta(1))
    assert refused(error) == {"day_not_possible"}
    correct(case, act, entered - timedelta(1))
    assert facts_of(case).last("add_evidence").on == entered - timedelta(1)  # type: ignore[union-attr]
    correct(case, act, filed)
    assert facts_of(case).last("add_evidence").on == filed  # type: ignore[union-attr]


def test_the_first_entry_may_be_older_than_its_docket_but_not_of_another_age(
    case_opened: Walk,
) -> None:
    walk = case_opened
    first = facts_of(walk).acts[0]
    with pytest.raises(Refused) as error:
        correct(walk, first.seq, date(1999, 1, 1))
    assert "day_not_possible" in refused(error)


def test_a_service_that_failed_is_not_corrected_to_a_day_before_its_paper(
    case_at_prior_notice: Walk,
) -> None:
    case = case_at_prior_notice
    paper, made = case.paper("prior_notice").id, case.day
    case.at(road.later(made, 3)).take(
        "serve_failed", {"paper": paper, "method": "mail", "reason": "退回"}
    )
    act = case.last_seq()
    with pytest.raises(Refused) as error:
        correct(case, act, made - timedelta(1))
    assert refused(error) == {"service_after_issue"}
    correct(case, act, made + timedelta(1))


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2036, 1, 1)])
def test_a_last_day_is_not_over_and_not_in_another_age(case_at_file: Walk, day: date) -> None:
    case = case_at_file
    with pytest.raises(Refused) as error:
        case.take("order_correction", {**ORDER, "due": day.isoformat()})
    assert refused(error) == {"day_not_possible"}
    case.take("order_correction", {**ORDER, "due": (case.day + timedelta(30)).isoformat()})


def test_what_ran_out_on_the_approvers_desk_is_sent_back(case_at_file: Walk, team: Team) -> None:
    """The paper would name a last day that is over when it is made."""
    case = case_at_file
    case.propose("order_correction", {**ORDER, "due": (case.day + timedelta(3)).isoformat()})
    case.at(case.day + timedelta(5))
    with pytest.raises(Refused) as error:
        case._do("order_correction", "main", "approve", {"opinion": "同意"}, team.leader, None)
    assert "day_not_possible" in refused(error)


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2036, 1, 1)])
def test_an_instalment_and_a_payment_have_a_day_that_can_be(
    case_at_served: Walk, day: date
) -> None:
    case = case_at_served
    with pytest.raises(Refused) as error:
        case.take("instal", {**INSTAL, "due": day.isoformat()}, "execution-1")
    assert refused(error) >= {"day_not_possible"}
    with pytest.raises(Refused) as error:
        case.take("pay", {"paid_fen": 100, "paid_on": day.isoformat(), "slip": "1"}, "execution-1")
    assert refused(error) >= {"day_not_possible"}
    case.take("pay", {"paid_fen": 100, "paid_on": case.day.isoformat(), "slip": "1"}, "execution-1")


def test_a_service_is_not_entered_for_a_day_before_the_docket(case_at_prior_notice: Walk) -> None:
    case = case_at_prior_notice
    with pytest.raises(Refused) as error:
        case.serve("prior_notice", on=date(1999, 1, 1))
    assert "day_not_possible" in refused(error)


def test_a_day_within_an_entry_is_corrected_to_one_that_its_form_would_take(
    large_case_at_notice_served: Walk,
) -> None:
    case = large_case_at_notice_served
    signed = {
        "signer": "李某",
        "document": "声明",
        "note": "",
        "written": "statement",
        "rights": ["defence"],
    }
    served = case.day
    case.at(served + timedelta(1)).take(
        "rights_waived", {**signed, "signed_on": case.day.isoformat()}
    )
    act = case.last_seq()
    for wrong in NEVER:
        with pytest.raises(Refused) as error:
            correct(case, act, None, {"signed_on": wrong.isoformat()})
        assert refused(error) == {"day_not_possible"}
    correct(case, act, None, {"signed_on": served.isoformat()})


def test_a_last_day_that_is_corrected_is_judged_by_the_day_of_its_entry(case_opened: Walk) -> None:
    """It lay ahead when it was entered, and may be over when the slip is found."""
    facts = facts_of(case_opened)
    entered = facts.today - timedelta(40)
    assert bounds(Lies.AHEAD, facts)[0] == facts.today
    assert bounds(Lies.AHEAD, facts, entered)[0] == entered


def test_the_form_says_it_beside_the_field(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    client: FlaskClient = sign_in("officer1")
    case = drive(case_of(team, bureau), "file")
    page = f"/desk/dockets/{code(case)}/main/order_correction"
    for day, says in (("1999-01-01", "最早"), ("2099-01-01", "最晚")):
        answer = client.post(page, data={**ORDER, "due": day})
        assert answer.status_code == 422
        assert says in answer.text.partition('<div id="due-error">')[2][:80]
