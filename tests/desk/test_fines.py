"""罚款 in a period: every sum is the sum of the list it links to, and of what each case's own page says."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from casework.acts.facts import gather
from casework.acts.perform import vault
from casework.docket.models import Docket
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.checks.execution import owed, surcharge_due
from casework.store import db
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.test_road import FIRM
from tests.desk.test_pages import SignIn

SPAN = "since=2020-01-01&until=2099-01-01"


@pytest.fixture
def fined(team: Team, bureau: Bureau) -> list[Walk]:
    """30,000 yuan each: never paid, paid in part, paid in full, set aside."""
    start = road.later(today() - timedelta(days=140), 0)
    made = [
        Ground(bureau, team, {**FIRM, "name": f"重庆第{n}号罚款有限公司"}, start).case("served", 3_000_000) for n in range(4)
    ]
    _never, part, full, aside = made
    day = road.later(part.day, 3)
    for walk, fen in ((part, 1_000_000), (full, 3_000_000)):
        walk.at(day).take("pay", {"paid_fen": fen, "paid_on": day.isoformat(), "slip": "1"}, "execution-1")
    aside.at(day).take("remedy_start", {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"})
    end = {"kind": "reconsideration", "result": "set_aside", "number": "2", "fine_fen": None, "reason": "事实不清"}
    aside.take("remedy_end", end, "remedy-1")
    tick()
    return made


def yuan(text: str) -> int:
    """«12,000.50 元» as fen."""
    return round(float(text.replace(",", "").removesuffix(" 元")) * 100)


def sums(page: str) -> dict[str, tuple[int, str]]:
    """Each sum with the address of its list."""
    table = page.split('<table class="counts">', 1)[1].split("</table>", 1)[0]
    found = re.findall(
        r'<th scope="row">([^<]+)</th><td class="number">([^<]+)</td><td class="number">(?:<a href="([^"]+)")?', table
    )
    return {name: (yuan(sum_), unescape(href)) for name, sum_, href in found}


def rows(page: str) -> dict[str, list[int]]:
    """What each case of the list shows: levied, surcharge, paid, still owed."""
    body = page.split('<table class="cards">', 1)[1].split("</table>", 1)[0]
    found = re.findall(r'<td data-name="当事人">([^<]+)</td>(.*?)</tr>', body)
    return {name: [yuan(x) for x in re.findall(r'class="number"[^>]*>([^<]+)<', rest)] for name, rest in found}


def foot(page: str) -> list[int]:
    return [yuan(x) for x in re.findall(r'class="number"[^>]*>([^<]+)<', page.split("<tfoot>", 1)[1].split("</tfoot>", 1)[0])]


NAMES = ("罚款数额", "加处罚款", "已缴纳", "尚欠")


def test_each_sum_is_that_of_its_list(fined: list[Walk], sign_in: SignIn) -> None:
    client: FlaskClient = sign_in("head")
    page = client.get(f"/desk/statistics/fines/?{SPAN}").text
    found = sums(page)
    assert len(found) == 4
    for column, (sum_, href) in enumerate(found.values()):
        listed = client.get(href).text
        assert sum(r[column] for r in rows(listed).values()) == foot(listed)[column] == sum_ > 0
        assert all(r[column] for r in rows(listed).values())
    levied, surcharge, paid_, outstanding = (sum_ for sum_, _href in found.values())
    assert (levied, paid_) == (9_000_000, 4_000_000)
    assert outstanding == 9_000_000 + surcharge - 4_000_000


def test_each_row_is_what_the_case_itself_says(fined: list[Walk], sign_in: SignIn) -> None:
    shown = rows(sign_in("leader").get(f"/desk/statistics/fines/?{SPAN}").text)
    assert len(shown) == 3  # nothing was levied by the decision that was set aside
    for walk in fined[:3]:
        facts = gather(db.session(), vault(), db.session.get_one(Docket, walk.docket_id))
        levied, surcharge, paid_, outstanding = shown[facts.title]
        assert (levied, surcharge, outstanding) == (facts.fine.fen, surcharge_due(facts).fen, owed(facts).fen)
        assert paid_ == {0: 0, 1: 1_000_000, 2: 3_000_000}[fined.index(walk)]
    assert [r[1] > 0 for r in shown.values()] == [True, True, False]


def test_a_period_without_a_decision_is_empty(fined: list[Walk], sign_in: SignIn) -> None:
    page = sign_in("head").get("/desk/statistics/fines/?since=2019-01-01&until=2019-12-31").text
    assert {sum_ for sum_, _href in sums(page).values()} == {0}
    assert "本期没有" in page
    assert sign_in("head").get("/desk/statistics/fines/?since=yesterday").status_code == 400
