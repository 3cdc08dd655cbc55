"""检查发现: the head opens a case without a tip, on its page; nobody else does."""

import re

import pytest
from sqlalchemy import func, select

from casework.acts.facts import gather
from casework.docket.models import Docket
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Team
from casework.vault.sealing import vault
from tests.acts.roads import FIRM
from tests.support.desk import ASKED, LOGINS, SignIn


def cases() -> int:
    return (
        db.session.scalar(select(func.count()).select_from(Docket).where(Docket.kind == "case"))
        or 0
    )


def test_the_head_opens_a_case_of_the_bureaus_own(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    answer = sign_in("head").post("/desk/cases/new", data={**ASKED, "on": today().isoformat()})
    assert answer.status_code == 302, re.findall(r'class="error"[^>]*>(.*?)</p>', answer.text)
    docket = db.session.scalars(select(Docket).where(Docket.kind == "case")).one()
    facts = gather(db.session(), vault(), docket)
    assert (docket.title, docket.cause, docket.channel) == (FIRM["name"], ASKED["cause"], "random")
    assert (facts.stage, facts.party.name, facts.clock("verify") is not None) == (
        "verify",
        FIRM["name"],
        True,
    )  # type: ignore[union-attr]
    assert sign_in("officer1").get(answer.location).status_code == 200


def test_what_is_missing_is_said_and_nothing_is_opened(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    answer = sign_in("head").post(
        "/desk/cases/new", data={**ASKED, "party_name": "", "on": today().isoformat()}
    )
    assert (answer.status_code, cases()) == (422, 0)
    assert "请填写" in answer.text
    assert ASKED["narrative"] in answer.text


@pytest.mark.parametrize("role", sorted(set(LOGINS) - {"head"}))
def test_no_other_role_does(team: Team, bureau: Bureau, sign_in: SignIn, role: str) -> None:
    answer = sign_in(LOGINS[role]).post(
        "/desk/cases/new", data={**ASKED, "on": today().isoformat()}
    )
    assert (answer.status_code, cases()) == (403, 0)


@pytest.mark.parametrize("name", ["丰都县人民政府", "丰都县统计局"])
def test_a_case_against_the_own_government_is_not_opened_and_the_page_says_why(
    team: Team, bureau: Bureau, sign_in: SignIn, name: str
) -> None:
    """重庆市统计管理条例 §38: both go up to the city's bureau."""
    answer = sign_in("head").post(
        "/desk/cases/new", data={**ASKED, "party_name": name, "on": today().isoformat()}
    )
    assert (answer.status_code, cases()) == (422, 0)
    assert "不能由本局立案" in answer.text
    assert ASKED["narrative"] in answer.text
