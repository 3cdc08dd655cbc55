"""Five lines at the head of a docket's page say who, what, how much, where it stands and what is
due."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, case_of, drive, facts_of, tip
from tests.support.desk import SignIn

LABELS = ["对象", "事由", "数额", "进展", "期限"]


def lines(client: FlaskClient, walk: Walk) -> dict[str, str]:
    """Label and text of each line on the docket's page."""
    db.session.rollback()
    code = db.session.scalars(select(Docket.code).where(Docket.id == walk.docket_id)).one()
    return summary_of(client.get(f"/desk/dockets/{code}").text)


def summary_of(page: str) -> dict[str, str]:
    part = page.split('id="summary">', 1)[1].split("</dl>", 1)[0]
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", part, re.S)
    return {label: re.sub(r"<[^>]+>", "", text).strip() for label, text in found}


def test_five_lines_tell_a_case_from_its_beginning_to_its_payment(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    head, case = sign_in("head"), case_of(team, bureau)
    first = lines(head, case)
    assert list(first) == LABELS
    assert FIRM["name"] in first["对象"]
    assert first["数额"] == "尚未核对数据"
    drive(case, "served")
    later = lines(head, case)
    assert later["事由"] == "提供不真实统计资料"
    assert "少报" in later["数额"] or "多报" in later["数额"]
    assert re.search(r"差错率\d+\.\d %", later["数额"])
    assert "罚款" in later["数额"]
    assert later["进展"].startswith("已生效（")
    assert "执行：待履行" in later["进展"]
    assert re.search(r"\d{4}-\d\d-\d\d（", later["期限"])


def test_a_tip_is_told_by_the_unit_and_what_was_ticked(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    walk = tip(team, bureau, FIRM["name"])
    found = lines(sign_in("clerk"), walk)
    assert list(found) == LABELS
    assert found["对象"].startswith(FIRM["name"])
    assert found["数额"] == "在案件中核对"
    assert found["进展"].startswith("线索（")
    narrative = str(facts_of(walk).value("narrative"))
    assert narrative
    assert not any(narrative in text for text in found.values())
