"""English pages name coded values, steps and choices in English; names, laws and what people wrote
stay as they are."""

import re

import pytest
from sqlalchemy import update

from casework.docket.models import Docket
from casework.people.models import Person
from casework.procedure.settings import shipped
from casework.store import writing
from casework.upkeep.walk import Team, Walk
from tests.support.desk import SPAN, SignIn, code

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("step", ["correct_act", "annul_step", "serve"])
def test_choices_of_a_step_are_english(
    docketed: tuple[Walk, Walk], sign_in: SignIn, step: str
) -> None:
    page = sign_in("officer1").get(f"/desk/dockets/{code(docketed[1])}/main/{step}?lang=en").text
    choices = re.findall(r"<option[^>]*>([^<]+)</option>", page)
    assert not [c for c in choices if HAN.search(c)]
    assert "Assign officers" in page or step != "correct_act"


def test_a_persons_own_language_reaches_every_list(
    docketed: tuple[Walk, Walk], sign_in: SignIn, team: Team
) -> None:
    with writing() as s:
        s.execute(update(Person).where(Person.login == "head").values(language="en"))
        s.execute(update(Docket).where(Docket.id == docketed[0].docket_id).values(cause=""))
    client = sign_in("head")
    page = client.get("/desk/reports").text
    assert re.search(r'<td\s+data-name="Cause or channel">telephone</td>', page)
    assert 'scope="row">telephone</th>' in client.get(f"/desk/statistics/{SPAN}").text
    assert "<dd>Enterprise</dd>" in client.get(f"/desk/dockets/{code(docketed[0])}").text
    assert "搜索" in client.get("/desk/reports?lang=zh").text


def test_a_violation_has_its_english_name(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    page = sign_in("officer1").get(f"/desk/dockets/{code(docketed[1])}/main/file?lang=en").text
    names = re.findall(r'<option value="V\d+"[^>]*>([^<]+)<', page)
    assert len(names) >= 12
    assert not [n for n in names if HAN.search(n)]


def test_a_choice_among_few_is_shown_and_asked_for_by_its_name(team: Team, sign_in: SignIn) -> None:
    head, path = sign_in("head"), "/desk/office/settings/sdx.wait"
    assert "期限届满、审理结束后才认定" in head.get(path).text
    assert "only when they are over" in head.get("/desk/office/settings?lang=en").text
    assert head.post(path, data={"choice": "maybe", "from_day": "2026-11-25"}).status_code == 422
    assert head.post(path, data={"choice": "off", "from_day": "2026-11-25"}).status_code == 302
    assert "不等待" in head.get(path).text
    assert [c.value for c in shipped().setting("sdx.wait").choices] == ["on", "off"]
