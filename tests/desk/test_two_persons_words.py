"""What the pages of changes that two persons make say, so that nobody hands over what is worth
nothing."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.people.models import Person
from casework.store import db
from casework.upkeep.walk import Team

SignIn = Callable[[str], FlaskClient]


@pytest.mark.parametrize("page", ["people/{0}", "bureau"])
def test_a_reason_that_may_be_needed_is_not_called_optional(
    team: Team, sign_in: SignIn, page: str
) -> None:
    number = db.session.scalars(select(Person.id).where(Person.login == "clerk")).one()
    shown = sign_in("admin").get("/desk/office/" + page.format(number)).text
    labels = re.findall(r"<label[^>]*for=\"why[^>]*>.*?</label>", shown, re.DOTALL)
    assert labels
    assert not [label for label in labels if "选填" in label]


def test_a_new_account_says_that_its_password_ends_with_a_role_of_two(
    team: Team, sign_in: SignIn
) -> None:
    shown = (
        sign_in("admin")
        .post("/desk/office/people/new", data={"name": "龚雪", "login": "gong.xue"})
        .text
    )
    assert "须由两人授予的角色" in shown


def test_what_was_decided_stands_under_its_own_heading(team: Team, sign_in: SignIn) -> None:
    shown = sign_in("admin").get("/desk/office/proposals/").text
    assert "<h2>已有结果</h2>" in shown
    assert "决定日期" not in shown


def test_records_that_were_not_verified_yet_are_not_called_wrong(app: Flask) -> None:
    words = {
        "journals_state": lambda: ("never", None),
        "lost_with_copies": list,
        "anchor_mail_late": bool,
        "allowed": lambda _what: False,
        "look": SimpleNamespace(),
    }
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        module = app.jinja_env.get_template("parts/health.html").make_module(words)
        shown = str(module.line())  # type: ignore[attr-defined]
    assert "尚未核对过" in shown
    assert "有问题" not in shown
