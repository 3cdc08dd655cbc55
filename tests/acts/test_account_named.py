"""A decision names bank, holder and number itself, and refers to no paper that does not exist (行政
处罚法 §59, §67)."""

import pytest
from sqlalchemy import select

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, case_of, decision, drive, refused
from tests.support.acts import SPOT
from tests.support.desk import SignIn

WHOLE = "中国农业银行丰都支行，丰都县财政局，31-0000000000"
PARTIAL = [
    "农行",
    "农业银行丰都支行，丰都县财政局",
    "农业银行丰都支行，，31-1",
    "农行，财政局，账号另行通知",
    " ",
    "农行，财政局，1，2",
]


@pytest.fixture
def no_bank(bureau: Bureau) -> Bureau:
    with writing() as session:
        session.get_one(Bureau, bureau.id).bank = ""
    return bureau


@pytest.mark.parametrize("bank", PARTIAL)
def test_an_account_with_a_part_lacking_is_refused(team: Team, no_bank: Bureau, bank: str) -> None:
    case = drive(case_of(team, no_bank), "no_review_due")
    with pytest.raises(Refused) as error:
        case.propose("decide_penalty", {**decision(case), "bank": bank})
    assert refused(error) == {"account_named"}


@pytest.mark.parametrize(
    "bank", [WHOLE, "农行丰都支行,财政局,31 0000", "农行丰都支行\n丰都县财政局\n３１－１"]
)
def test_however_its_parts_are_parted(team: Team, no_bank: Bureau, bank: str) -> None:
    case = drive(case_of(team, no_bank), "no_review_due")
    case.take("decide_penalty", {**decision(case), "bank": bank})


def test_what_the_bureau_confirmed_stands_where_the_form_says_nothing(
    case_at_no_review_due: Walk,
) -> None:
    case = case_at_no_review_due
    case.take("decide_penalty", {**decision(case), "bank": ""})


def test_on_the_spot_too(team: Team, no_bank: Bureau) -> None:
    case = drive(case_of(team, no_bank), "assign")
    spot = {**SPOT, "violations": [road.violation(END)]}
    with pytest.raises(Refused) as error:
        case.take("on_the_spot", {**spot, "bank": "农行"})
    assert refused(error) == {"account_named"}
    case.take("on_the_spot", {**spot, "bank": WHOLE})


def test_a_warning_alone_needs_none(team: Team, no_bank: Bureau) -> None:
    case = drive(case_of(team, no_bank), "no_review_due")
    case.take(
        "decide_penalty", {**decision(case), "kinds": ["warning"], "fine_fen": None, "bank": ""}
    )


def test_a_later_paper_bears_the_account_of_its_decision(team: Team, no_bank: Bureau) -> None:
    case = drive(case_of(team, no_bank), "no_review_due")
    case.take("decide_penalty", {**decision(case), "bank": WHOLE})
    case.serve("decision")
    with writing() as session:
        session.get_one(Bureau, no_bank.id).bank = "农行"  # as an older version took it
    case.at(road.later(case.day, 40)).take("demand", {"way": "到银行缴纳"}, "execution-1")


def test_the_bureaus_own_page_takes_all_three_or_nothing(team: Team, sign_in: SignIn) -> None:
    client = sign_in("admin")
    row = db.session.scalars(select(Bureau)).first()
    assert row
    kept = {
        k: getattr(row, k)
        for k in ("name", "prefix", "address", "phone", "superior", "government", "court")
    }
    answer = client.post("/desk/office/bureau", data={**kept, "bank": "农行"})
    assert "开户银行、户名、账号" in answer.text
    for bank in (WHOLE, ""):
        assert (
            client.post(
                "/desk/office/bureau", data={**kept, "bank": bank, "why": "更换账户"}
            ).status_code
            == 302
        )
