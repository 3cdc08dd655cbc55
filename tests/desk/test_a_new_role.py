"""A role is one row of ``roles.toml``: who looks and does nothing is added, and every page knows
them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.people.models import Person, PersonRole
from casework.procedure import roles
from casework.store import writing
from casework.upkeep.walk import Team, Walk
from tests.support.desk import BY_ACTION, PATHS, SignIn, code

ROW = """
[role.inspector]
zh = "督查员"
en = "inspector"
sees = { report = "all", case = "all" }
two_persons = false
may = ["docket.see", "docket.search", "paper.open", "statistics.see"]
"""
KEPT = (
    roles.registry,
    roles.held_roles,
    roles.who_may,
    roles.permissions_of,
    roles.level,
    roles.guarded,
)


@pytest.fixture
def inspector(
    team: Team, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn
) -> Iterator[FlaskClient]:
    """Somebody who has the new role alone; it is gone after the test."""
    made = roles.parse_roles(roles.FILE.read_text("utf-8") + ROW)
    for kept in KEPT:
        kept.cache_clear()
    monkeypatch.setattr(roles, "registry", lambda: made)
    with writing() as session:
        person = session.scalars(select(Person).where(Person.login == "publisher")).one()
        person.roles = [PersonRole(role="inspector", from_day=date(2026, 1, 1))]
    yield sign_in("publisher")
    monkeypatch.undo()
    for kept in KEPT:
        kept.cache_clear()


def test_who_may_look_looks_everywhere_and_does_nothing(
    docketed: tuple[Walk, Walk], inspector: FlaskClient
) -> None:
    assert "督查员" in inspector.get("/desk/office/me").text
    for endpoint, path in PATHS.items():
        expected = 200 if "inspector" in roles.who_may(BY_ACTION[endpoint]) else 403
        assert inspector.get(path).status_code == expected, path
    for walk in docketed:
        page = inspector.get(f"/desk/dockets/{code(walk)}")
        assert page.status_code == 200
        assert 'class="button" href="/desk/dockets/' not in page.text
    step = f"/desk/dockets/{code(docketed[1])}/main/assign"
    officers = [str(n) for n in docketed[1].team.officers]
    taken = inspector.post(step, data={"assigned": officers})
    assert taken.status_code == 403


def test_the_office_gives_the_new_role_by_its_name(
    team: Team, inspector: FlaskClient, sign_in: SignIn
) -> None:
    inspector.post("/signout")
    admin = sign_in("admin")
    assert "督查员" in admin.get("/desk/office/people").text
    for language, name in (("zh", "督查员"), ("en", "inspector")):
        page = admin.get(f"/desk/office/people/{team.publisher}?lang={language}").text
        assert f'<option value="inspector">{name}</option>' in page


def test_a_row_of_a_role_that_is_gone_hides_nothing_and_gives_nothing(
    team: Team, sign_in: SignIn
) -> None:
    with writing() as session:
        person = session.scalars(select(Person).where(Person.login == "publisher")).one()
        for role in ("auditor", "inspector"):
            person.roles.append(PersonRole(role=role, from_day=date(2026, 1, 1)))
        person.roles[0].until_day = date(2026, 1, 2)
    client = sign_in("publisher")
    assert client.get("/desk/cases").status_code == 200
    assert "«inspector»" in client.get("/desk/office/me").text
