"""What a page says is said once, in names instead of codes, and nothing that is done stands among
what is still to come."""

import re

from flask import Flask

from casework.desk.form_answers import asked_rows
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.upkeep.walk import Team, Walk
from forms.registry import all_forms
from tests.acts.roads import case_of, drive, facts_of
from tests.support.desk import SignIn, code


def test_a_township_is_named_and_the_name_comes_first(
    docketed: tuple[Walk, Walk], app: Flask
) -> None:
    facts = facts_of(docketed[0])
    accepted = next(a for a in facts.acts if a.step == "accept")
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        shown = dict(asked_rows(facts, procedure().steps["accept"], accepted.asked))["被反映对象"]
    assert shown.index("重庆汇锦") < shown.index("丰都县三合街道")
    assert "高家镇" in shown
    assert "500230109" not in shown


def test_a_step_taken_once_is_not_called_impossible(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    page = sign_in("clerk").get(f"/desk/dockets/{code(docketed[0])}").text
    assert "只能办理一次" not in page


def test_what_comes_next_stands_before_the_record(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    page = sign_in("head").get(f"/desk/dockets/{code(docketed[1])}").text
    assert page.index('id="next"') < page.index('id="deadlines"') < page.index('id="journal"')


def test_the_approval_is_named_once_on_a_step(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    page = sign_in("officer1").get(f"/desk/dockets/{code(docketed[1])}/main/file").text
    follows = page.split("提交后</h2>", 1)[1].split("</section>", 1)[0]
    assert len(re.findall("局领导", follows)) == 1


def test_whoever_proposes_a_fine_sees_how_much_it_may_be(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """统计法 §44: the most for the violation and, in a serious case, the most at all; the cause
    stands there already."""
    case, client = drive(case_of(team, bureau), "conclude"), sign_in("officer1")
    assert (
        "100,000 元以下罚款，情节严重的 500,000 元以下"
        in client.get(f"/desk/dockets/{code(case)}/main/prior_notice").text
    )
    assert "元以下罚款" not in client.get(f"/desk/dockets/{code(case)}/main/add_evidence").text
    assert (
        'value="涉嫌提供不真实统计资料"' in client.get(f"/desk/dockets/{code(case)}/main/file").text
    )


def test_no_answer_is_called_like_its_question(app: Flask) -> None:
    """«是否采纳» is asked; «是否采纳» is no answer to it."""
    alike = []
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        for name, form in all_forms().items():
            fields = ((key, getattr(form, key, None)) for key in dir(form))
            for key, field in fields:
                words = [
                    str(text) for _value, text in getattr(field, "kwargs", {}).get("choices") or ()
                ]
                if words and (str(field.args[0]) in words or len(set(words)) < len(words)):  # type: ignore[union-attr]
                    alike.append((name, key))
    assert alike == []


def test_a_size_is_read_in_megabytes(team: Team, sign_in: SignIn) -> None:
    page = sign_in("clerk").get("/desk/office/settings").text
    assert "30.0 MB" in page
    assert "31457280" not in page
