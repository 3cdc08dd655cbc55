"""Pieces that are drawn once: they see their values alone, and whatever changes shows at once."""

import re
from collections.abc import Hashable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import meta
from markupsafe import escape
from sqlalchemy import select, update

from casework.desk.menu import menu, place
from casework.docket.models import Docket
from casework.people.models import Bureau, Person, SavedView, Township
from casework.procedure.kinds import kinds
from casework.procedure.roles import registry
from casework.store import db, writing
from casework.upkeep.walk import Walk
from casework.web import fragment_cache
from tests.desk.test_pages import counted
from tests.support.desk import SignIn

EVERYWHERE = {"_", "ngettext", "url_for", *fragment_cache.HELPERS}


def undeclared(app: Flask, template: str) -> set[str]:
    """Names that a template and those it stands on take from outside."""
    env = app.jinja_env
    source, _name, _fresh = env.loader.get_source(env, template)  # type: ignore[union-attr]
    tree = env.parse(source)
    below = [t for t in meta.find_referenced_templates(tree) if t]
    return meta.find_undeclared_variables(tree).union(*(undeclared(app, t) for t in below))


def test_a_piece_sees_its_values_alone(
    app: Flask, docketed: tuple[Walk, Walk], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a kept piece depends on is part of the name it is kept under."""
    used: dict[str, set[str]] = {}
    piece = fragment_cache._piece

    def noted(
        name: Hashable, template: str, values: Mapping[str, Hashable]
    ) -> fragment_cache.Piece:
        used.setdefault(template, set()).update(values)
        return piece(name, template, values)

    monkeypatch.setattr(fragment_cache, "_piece", noted)
    for login in ("head", "clerk", "custodian"):
        client = sign_in(login)
        for path in (
            "/desk/",
            "/desk/cases?stage=filing&mine=1",
            "/desk/reports",
            "/desk/search?q=汇锦",
            "/desk/office/me",
        ):
            assert client.get(path).status_code in (200, 403, 404), path
    assert {
        "layout/desk_page.html",
        "layout/desk_top.html",
        "desk/list_main.html",
    } <= set(used)
    for template, values in used.items():
        assert undeclared(app, template) <= values | EVERYWHERE, template


def test_the_menu_knows_each_place(app: Flask) -> None:
    with app.test_request_context():
        entries = menu(registry().permissions)
        assert {f"/desk/{kind.list}" for kind in kinds().values()} <= {e.place for e in entries}
        for e in entries:
            assert e.url.startswith(e.place)
            assert place(e.url) == e.place


def change(statement: object) -> None:
    with writing() as s:
        s.execute(statement)  # type: ignore[call-overload]


def test_what_changes_shows_at_once(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    client, case = sign_in("head"), docketed[1].docket_id
    before = client.get("/desk/cases").text
    head = db.session.scalars(select(Person.id).where(Person.login == "head")).one()
    change(update(Docket).where(Docket.id == case).values(title="改名一号厂"))
    change(update(Bureau).values(name="改名县统计局"))
    with writing() as s:
        s.get_one(Person, head).name = "改名某"
    change(update(Township).values(name="改名镇"))
    change(
        SavedView.__table__.insert().values(
            person_id=head, which="cases", name="改名视图", query="sort=due"
        )
    )
    after = client.get("/desk/cases").text
    for word in ("改名一号厂", "改名县统计局 · ", "改名某 · ", "改名镇</option>", "改名视图</a>"):
        assert word in after, word
        assert word not in before, word


def test_a_role_that_ends_leaves_the_menu(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    client = sign_in("auditor")
    assert "/desk/office/audit" in client.get("/desk/cases").text
    who = db.session.scalars(select(Person.id).where(Person.login == "auditor")).one()
    with writing() as s:
        s.get_one(Person, who).roles[0].role = "clerk"
    page = client.get("/desk/cases").text
    assert "/desk/office/audit" not in page
    assert " · 登记员" in page


def test_each_session_has_its_own_token_and_language(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    token = r'name="csrf_token" value="([^".]+)'
    tokens = [re.findall(token, sign_in("head").get("/desk/cases").text) for _session in range(2)]
    one = sign_in("head")
    assert tokens[0]
    assert not set(tokens[0]) & set(tokens[1])
    assert "Sign out" in one.get("/desk/cases?lang=en").text
    assert 'href="/desk/papers?lang=en"' in one.get("/desk/cases?lang=en").text
    one.get("/desk/cases?stage=filing&lang=en")
    assert 'href="/desk/cases?lang=en&amp;stage=filing"' in one.get("/desk/papers?lang=en").text
    assert one.get("/desk/cases?lang=en").text.count('type="hidden" name="lang" value="en"') == 2
    page = one.get("/desk/cases").text
    assert "退出" in page
    assert "lang=en" not in page.replace('<a href="?lang=en" lang="en">', "")


def test_cells_are_escaped_and_keep_their_signs(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    odd = '<b>"甲&乙" 100%s'
    change(update(Docket).where(Docket.id == docketed[1].docket_id).values(title=odd))
    client = sign_in("head")
    assert str(escape(odd)) in client.get("/desk/cases").text
    assert "<b>" not in client.get("/desk/cases?q=%3Cb%3E%22甲").text


def test_a_list_takes_three_statements_with_its_session(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    client: FlaskClient = sign_in("head")
    client.get("/desk/cases")
    with counted() as seen:
        client.get("/desk/cases?stage=filing")
    assert len([s for s in seen if not s.startswith("BEGIN")]) == 3, seen
