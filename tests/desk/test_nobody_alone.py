"""One administrator alone reaches no informant, no decision and no other administrator: each step
of each attack is refused."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Docket
from casework.identity import custody
from casework.informants.models import IdentityRequest
from casework.people import passwords, two_persons
from casework.people.facts import settings_of
from casework.people.may import today
from casework.people.models import (
    Bureau,
    BureauSetting,
    OfficeEntry,
    OfficeProposal,
    Person,
    PersonRole,
)
from casework.people.row_journal import WHAT
from casework.procedure.load import procedure
from casework.procedure.roles import guarded, registry, who_may
from casework.procedure.settings import shipped
from casework.store import db, utcnow, writing
from casework.upkeep.demo import PASSWORD, accept_key
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from tests.desk.second_person import decide, waiting
from tests.informants.sealed import make_key
from tests.informants.sealed import tip as named_tip
from tests.support.forged import forge

SignIn = Callable[[str], FlaskClient]
WHY = "原保管人调离，须有人接替。"
WORD = "保管人的口令 2026 甲"


def person(login: str) -> Person:
    db.session.expire_all()
    return db.session.scalars(select(Person).where(Person.login == login)).one()


def new_account(admin: FlaskClient, login: str, name: str = "龚雪") -> str:
    """Made by the administrator alone; answers the one-time password."""
    page = admin.post("/desk/office/people/new", data={"name": name, "login": login})
    return re.findall(r'id="password">([^<]+)<', page.text)[0]


def enter(client: FlaskClient, login: str, password: str) -> int:
    client.post("/signout")
    return client.post("/signin", data={"login": login, "password": password}).status_code


def settle(client: FlaskClient, login: str, one_time: str, own: str = "a-new-long-one-77") -> None:
    """Sign in with a one-time password and choose one's own."""
    assert enter(client, login, one_time) == 302
    assert (
        client.post("/password", data={"old": one_time, "new": own, "again": own}).status_code
        == 302
    )


def ask_role(admin: FlaskClient, login: str, role: str) -> str:
    """The administrator gives a role, or proposes it; answers the page."""
    data = {"role": role, "from_day": today().isoformat(), "why": WHY}
    answer = admin.post(
        f"/desk/office/people/{person(login).id}/role", data=data, follow_redirects=True
    )
    assert answer.status_code == 200
    return answer.text


def roles(login: str) -> frozenset[str]:
    return person(login).role_names(today())


@pytest.mark.parametrize(
    "role", ["custodian", "officer", "head", "legal", "leader", "auditor", "admin"]
)
def test_an_account_of_ones_own_making_gets_no_such_role(
    team: Team, sign_in: SignIn, role: str
) -> None:
    """First step of the attack: two accounts made by the administrator, who signs in as both."""
    admin = sign_in("admin")
    first = new_account(admin, "gong.xue")
    ask_role(admin, "gong.xue", role)
    assert roles("gong.xue") == frozenset()
    settle(admin, "gong.xue", first)
    assert admin.get("/desk/custody/").status_code == 403
    assert admin.get("/desk/cases").status_code == 403
    assert admin.get("/desk/office/people").status_code == 403


def test_a_leader_whose_password_the_administrator_replaced_confirms_nothing(
    team: Team, sign_in: SignIn
) -> None:
    admin = sign_in("admin")
    page = admin.post(
        f"/desk/office/people/{person('leader').id}/password", data={"why": "忘记口令"}
    ).text
    for word in re.findall(r'id="password">([^<]+)<', page):
        assert enter(admin, "leader", word) == 422
    assert enter(admin, "leader", PASSWORD) == 302  # nothing has changed yet


def test_a_closed_custodian_is_not_opened_by_one(team: Team, sign_in: SignIn) -> None:
    admin, number = sign_in("admin"), person("custodian").id
    admin.post(f"/desk/office/people/{number}/close")
    admin.post(f"/desk/office/people/{number}/open", data={"why": WHY})
    assert not person("custodian").active


def test_a_custodians_key_is_taken_by_others_before_anything_is_sealed_to_it(
    team: Team, bureau: object
) -> None:
    custodian = person("custodian")
    custody.confirm_key(custodian, custody.make_key(custodian, WORD, WORD))
    assert custody.present_keys(team.bureau_id) == []  # type: ignore[attr-defined]
    assert not custody.may_name(team.bureau_id)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("identity.custodians", "1"),
        ("identity.hours", "240"),
        ("papers.sign", "on"),
        ("public.exit", "https://x.example.cn/"),
        ("tip.rounding", "1"),
        ("spot.organisation", "300000"),
    ],
)
def test_a_setting_that_protects_is_not_changed_by_one(
    team: Team, sign_in: SignIn, key: str, value: str
) -> None:
    before = settings_of(team.bureau_id, today()).setting(key)  # type: ignore[attr-defined]
    data = {"amount": value, "choice": value, "from_day": today().isoformat(), "why": WHY}
    assert sign_in("admin").post(f"/desk/office/settings/{key}", data=data).status_code == 302
    db.session.rollback()
    assert settings_of(team.bureau_id, today()).setting(key) == before  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "key",
    ["mail.host", "mail.port", "mail.security", "mail.user", "mail.smtp_host", "mail.smtp_port"],
)
def test_the_mailbox_is_named_by_the_operator_alone(team: Team, sign_in: SignIn, key: str) -> None:
    assert sign_in("admin").get(f"/desk/office/settings/{key}").status_code == 404


def test_the_whole_attack_from_the_accounts_to_the_name(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """As it succeeded once: a custodian and a head of the administrator's own, and the next named
    tip read by one person."""
    make_key(person("custodian"))
    admin = sign_in("admin")
    words = {
        login: new_account(admin, login, name)
        for login, name in (("gong.xue", "龚雪"), ("lu.yi", "陆艺"))
    }
    halves = {
        login: half_on(ask_role(admin, login, role))
        for login, role in (("gong.xue", "custodian"), ("lu.yi", "head"))
    }
    client = admin
    for login, word in words.items():
        assert enter(client, login, halves[login]) == 422
        settle(client, login, word)
    # as the custodian that nobody confirmed
    enter(client, "gong.xue", "a-new-long-one-77")
    assert client.post("/desk/custody/key", data={"new": WORD, "again": WORD}).status_code == 403
    assert client.post("/desk/custody/confirm", data={"recovery": "1"}).status_code == 403
    assert [k.person_id for k in custody.present_keys(bureau.id)] == [person("custodian").id]
    got = named_tip(bureau)
    code = db.session.get_one(Docket, got.docket_id).code
    # as the head that nobody confirmed
    enter(client, "lu.yi", "a-new-long-one-77")
    ask = {"report": got.docket_id, "reason": WHY, "hours": "4"}
    assert client.post(f"/desk/dockets/{code}/identity", data=ask).status_code in (403, 404)
    # and as the administrator once more: each way to a second pair of hands
    admin = sign_in("admin")
    for proposal in db.session.scalars(select(OfficeProposal.id)).all():
        admin.post(f"/desk/office/proposals/{proposal}/confirm")
    for login in ("custodian", "head", "leader", "legal", "auditor"):
        page = admin.post(
            f"/desk/office/people/{person(login).id}/password",
            data={"why": WHY},
            follow_redirects=True,
        )
        assert 'id="password"' not in page.text
        assert enter(sign_in("admin"), login, half_on(page.text)) == 422
        admin = sign_in("admin")
    assert admin.post(f"/desk/dockets/{code}/identity", data=ask).status_code in (403, 404)
    assert not db.session.scalars(select(IdentityRequest)).all()
    assert {login: roles(login) for login in words} == dict.fromkeys(words, frozenset())


# -- the halves of a password
def half_on(page: str) -> str:
    found = re.findall(r'id="half">([^<]+)<', page)
    assert len(found) == 1, page
    return str(found[0])


def test_two_persons_make_a_custodian_and_neither_can_sign_in_as_one(
    team: Team, sign_in: SignIn
) -> None:
    admin = sign_in("admin")
    first = new_account(admin, "gong.xue")
    settle(admin, "gong.xue", first)  # the administrator has made the account their own
    one = half_on(ask_role(sign_in("admin"), "gong.xue", "custodian"))
    leader = sign_in("leader")
    home = leader.get("/desk/").text
    for said in ("待我确认", "龚雪", "身份保管员", WHY, "孙宁"):
        assert said in home
    two = half_on(decide(leader))
    assert roles("gong.xue") == {"custodian"}
    for word in ("a-new-long-one-77", one, two, f"{two}-{one}"):
        assert enter(leader, "gong.xue", word) == 422
    settle(leader, "gong.xue", f"{one}-{two}", "another-long-one-88")
    assert leader.get("/desk/custody/").status_code == 200
    assert db.session.scalars(select(OfficeProposal)).one().secret is None


def test_a_second_role_brings_no_second_password(team: Team, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    new_account(admin, "gong.xue")
    one = half_on(ask_role(admin, "gong.xue", "head"))
    # both wait: one password is to come
    assert half_on(ask_role(admin, "gong.xue", "officer")) == one
    two = half_on(decide(sign_in("leader")))
    settle(sign_in("leader"), "gong.xue", f"{one}-{two}", "another-long-one-88")
    assert 'id="half"' not in decide(sign_in("legal"))
    assert roles("gong.xue") == {"head", "officer"}
    assert enter(sign_in("leader"), "gong.xue", "another-long-one-88") == 302
    assert 'id="half"' not in ask_role(sign_in("admin"), "gong.xue", "legal")


def test_a_password_and_second_factor_are_replaced_by_two(team: Team, sign_in: SignIn) -> None:
    with writing() as session:
        passwords.set_totp(
            session.get_one(Person, person("head").id), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        )
    path = f"/desk/office/people/{person('head').id}/password"
    assert "请写明理由" in sign_in("admin").post(path, follow_redirects=True).text
    one = half_on(sign_in("admin").post(path, data={"why": "手机丢失"}).text)
    assert person("head").totp
    two = half_on(decide(sign_in("leader")))
    assert person("head").totp is None
    for word in (one, two, PASSWORD):
        assert enter(sign_in("leader"), "head", word) == 422
    settle(sign_in("leader"), "head", f"{one}-{two}")


# -- who may confirm
@pytest.mark.parametrize(
    ("login", "may"),
    [
        ("leader", True),
        ("legal", True),
        ("head", False),
        ("admin", False),
        ("custodian", False),
        ("auditor", False),
        ("officer1", False),
        ("clerk", False),
        ("publisher", False),
    ],
)
def test_who_confirms_the_password_of_the_head(
    team: Team, sign_in: SignIn, login: str, may: bool
) -> None:
    sign_in("admin").post(
        f"/desk/office/people/{person('head').id}/password", data={"why": "忘记口令"}
    )
    before = person("head").password_hash
    client, number = sign_in(login), waiting().id
    page = client.get(f"/desk/office/proposals/{number}")
    assert (f"/proposals/{number}/confirm" in page.text) is may
    assert ("待我确认" in client.get("/desk/").text) is may
    client.post(f"/desk/office/proposals/{number}/refuse")
    assert (
        db.session.get_one(OfficeProposal, number, populate_existing=True).state == "refused"
    ) is may
    client.post(f"/desk/office/proposals/{number}/confirm")
    assert person("head").password_hash == before


def test_nobody_confirms_what_they_proposed(team: Team, sign_in: SignIn) -> None:
    """A head sets a setting; heads confirm such things, but not their own."""
    data = {"amount": "48", "from_day": today().isoformat(), "why": WHY}
    head = sign_in("head")
    assert head.post("/desk/office/settings/identity.hours", data=data).status_code == 302
    assert (
        "（现为：数值 24 小时）"
        in sign_in("legal").get(f"/desk/office/proposals/{waiting().id}").text
    )
    decide(sign_in("head"))
    assert settings_of(bureau_id(team), today()).number("identity.hours") == 24
    decide(sign_in("legal"))
    assert settings_of(bureau_id(team), today()).number("identity.hours") == 48


def bureau_id(team: Team) -> int:
    return int(team.bureau_id)  # type: ignore[attr-defined]


def test_what_was_decided_is_decided(team: Team, sign_in: SignIn) -> None:
    sign_in("admin").post(
        f"/desk/office/people/{person('head').id}/password", data={"why": "忘记口令"}
    )
    number = waiting().id
    decide(sign_in("leader"), "refuse")
    before = person("head").password_hash
    for login in ("leader", "legal"):
        answer = sign_in(login).post(
            f"/desk/office/proposals/{number}/confirm", follow_redirects=True
        )
        assert "已有决定" in answer.text
    assert person("head").password_hash == before


def test_what_an_administrator_proposed_who_is_none_any_more_is_not_confirmed(
    team: Team, sign_in: SignIn
) -> None:
    ask_role(sign_in("admin"), "clerk", "custodian")
    with writing() as session:
        session.get_one(Person, person("admin").id).active = False
    assert "已无权提出此事" in decide(sign_in("leader"))
    assert roles("clerk") == {"clerk"}


# -- chains of two steps and more
def test_a_role_that_was_ended_is_not_a_way_in(team: Team, sign_in: SignIn) -> None:
    """End the custodian's role, take the account over while it bears none, and ask for it again: it
    is handed over anew."""
    admin, custodian = sign_in("admin"), person("custodian")
    admin.post(f"/desk/office/people/{custodian.id}/end", data={"role_id": custodian.roles[0].id})
    page = admin.post(f"/desk/office/people/{custodian.id}/password").text
    taken = re.findall(r'id="password">([^<]+)<', page)[0]
    settle(admin, "custodian", taken)
    one = half_on(ask_role(sign_in("admin"), "custodian", "custodian"))
    two = half_on(decide(sign_in("leader")))
    for word in ("a-new-long-one-77", taken, one, two):
        assert enter(sign_in("leader"), "custodian", word) == 422


def test_a_role_that_begins_next_month_protects_the_account_from_today_on(
    team: Team, sign_in: SignIn
) -> None:
    admin = sign_in("admin")
    new_account(admin, "gong.xue")
    data = {"role": "custodian", "from_day": (today() + timedelta(30)).isoformat(), "why": WHY}
    half_on(admin.post(f"/desk/office/people/{person('gong.xue').id}/role", data=data).text)
    decide(sign_in("leader"))
    answer = sign_in("admin").post(
        f"/desk/office/people/{person('gong.xue').id}/password", data={"why": "未收到"}
    )
    assert 'id="half"' in answer.text
    assert 'id="password"' not in answer.text


def test_a_half_of_an_account_that_bears_no_role_any_more_serves_nobody(
    team: Team, sign_in: SignIn
) -> None:
    admin, legal = sign_in("admin"), person("legal")
    ask_role(admin, "legal", "custodian")  # without a password: the account bears a role
    admin.post(f"/desk/office/people/{legal.id}/end", data={"role_id": legal.roles[0].id})
    taken = re.findall(
        r'id="password">([^<]+)<', admin.post(f"/desk/office/people/{legal.id}/password").text
    )[0]
    assert "收回后重新提出" in decide(sign_in("leader"))
    assert roles("legal") == frozenset()
    assert enter(sign_in("leader"), "legal", taken) == 302  # theirs now, and of no use


def test_two_accounts_of_ones_own_making_do_not_confirm_each_other(
    team: Team, sign_in: SignIn
) -> None:
    admin, clerks = sign_in("admin"), ("gong.xue", "lu.yi")
    words = {login: new_account(admin, login, login) for login in clerks}
    for login in clerks:
        ask_role(admin, login, "clerk")  # a role that one person gives
        half_on(ask_role(admin, login, "leader"))
    for login, word in words.items():
        settle(admin, login, word)
        for proposal in db.session.scalars(select(OfficeProposal.id)).all():
            assert admin.post(f"/desk/office/proposals/{proposal}/confirm").status_code == 403
    assert not any("leader" in roles(login) for login in clerks)


def test_without_leaders_nothing_opens_again(app: Flask, team: Team, sign_in: SignIn) -> None:
    """An administrator who closes everybody that could refuse has nobody who could confirm
    either."""
    admin = sign_in("admin")
    for login in ("leader", "head", "legal"):
        assert admin.post(f"/desk/office/people/{person(login).id}/close").status_code == 302
    new_account(admin, "gong.xue")
    half_on(ask_role(admin, "gong.xue", "leader"))
    assert roles("gong.xue") == frozenset()
    data = {"amount": "1", "from_day": today().isoformat(), "why": WHY}
    assert (
        "目前没有可以确认的人"
        in admin.post(
            "/desk/office/settings/identity.custodians", data=data, follow_redirects=True
        ).text
    )
    said = app.test_cli_runner().invoke(args=["people", "first-leader", "lu.yi", "陆艺"])
    assert said.exit_code == 1
    assert "people give" in said.output


def test_a_name_is_not_put_on_an_account_that_bears_such_a_role(
    team: Team, sign_in: SignIn
) -> None:
    """Whoever confirms goes by the name: it changes by two as well."""
    admin, number = sign_in("admin"), person("custodian").id
    data = {"name": "孙宁的朋友", "login": "friend", "why": ""}
    assert admin.post(f"/desk/office/people/{number}/data", data=data).status_code == 422
    assert (
        admin.post(f"/desk/office/people/{number}/data", data={**data, "why": "改名"}).status_code
        == 302
    )
    assert person("custodian").name == "陶然"
    decide(sign_in("leader"))
    assert person("friend").name == "孙宁的朋友"


def test_a_tie_that_an_administrator_enters_for_others_takes_away_only(
    team: Team, sign_in: SignIn
) -> None:
    """Whoever is locked out of a case still decides what concerns the office, and nobody else comes
    in."""
    admin = sign_in("admin")
    tie = {"name": "重庆汇锦机械制造有限公司", "credit_code": "", "reason": "亲属任职"}
    for login in ("leader", "legal"):
        assert (
            admin.post(f"/desk/office/people/{person(login).id}/tie", data=tie).status_code == 302
        )
    ask_role(admin, "clerk", "custodian")
    assert roles("clerk") == {"clerk"}
    decide(sign_in("leader"), "refuse")
    assert roles("clerk") == {"clerk"}


def test_a_reopened_account_comes_back_with_two(team: Team, sign_in: SignIn) -> None:
    admin, number = sign_in("admin"), person("custodian").id
    admin.post(f"/desk/office/people/{number}/close")
    # waits as well
    assert (
        'id="half"' in admin.post(f"/desk/office/people/{number}/password", data={"why": "x"}).text
    )
    admin.post(f"/desk/office/people/{number}/open", data={"why": "调回"})
    decide(sign_in("leader"))
    assert person("custodian").active
    assert enter(sign_in("leader"), "custodian", PASSWORD) == 302  # still the one who had it


# -- keys of custodians
def test_a_second_key_is_accepted_by_who_has_one(
    team: Team, bureau: object, sign_in: SignIn
) -> None:
    first = person("custodian")
    custody.confirm_key(first, custody.make_key(first, WORD, WORD))
    decide(sign_in("leader"))
    assert custody.present_keys(bureau_id(team)) == []  # the administrator comes first
    decide(sign_in("admin"))
    decide(sign_in("admin"))
    assert custody.present_keys(bureau_id(team)) == []  # and not twice
    decide(sign_in("leader"))
    assert [k.person_id for k in custody.present_keys(bureau_id(team))] == [first.id]
    with writing() as session:
        session.add(PersonRole(person_id=person("auditor").id, role="custodian", from_day=today()))
    second = person("auditor")
    custody.confirm_key(second, custody.make_key(second, WORD, WORD))
    for login in ("admin", "leader", "auditor"):
        decide(sign_in(login))
        assert len(custody.present_keys(bureau_id(team))) == 1, login
    decide(sign_in("custodian"))
    assert len(custody.present_keys(bureau_id(team))) == 2


def test_another_key_of_the_same_custodian_waits_and_the_earlier_serves(
    team: Team, bureau: object
) -> None:
    custodian = person("custodian")
    custody.confirm_key(custodian, custody.make_key(custodian, WORD, WORD))
    accept_key(custodian)
    before = custody.present_keys(bureau_id(team))[0].record
    for _ in range(2):
        custody.confirm_key(custodian, custody.make_key(custodian, WORD + "乙", WORD + "乙"))
    assert custody.present_keys(bureau_id(team))[0].record == before
    assert db.session.scalars(select(OfficeProposal.state)).all() == [
        "confirmed",
        "withdrawn",
        "waiting",
    ]
    accept_key(custodian)
    assert custody.present_keys(bureau_id(team))[0].record != before


# -- the owner of the machine
def test_an_emergency_waits_three_days_and_everybody_reads_of_it(
    app: Flask, team: Team, sign_in: SignIn
) -> None:
    said = app.test_cli_runner().invoke(
        args=["people", "give", "clerk", "leader", "--why", "局领导因公出国"]
    )
    assert said.exit_code == 0, said.output
    word = re.findall(r"from then on: (\S+)", said.output)[0]
    for login in (
        "clerk",
        "officer1",
        "head",
        "legal",
        "leader",
        "publisher",
        "custodian",
        "auditor",
        "admin",
    ):
        page = sign_in(login).get("/desk/").text
        assert "紧急授权" in page, login
        assert "局领导因公出国" in page, login
    tick()
    assert roles("clerk") == {"clerk"}
    now = utcnow()
    with time_machine.travel(now + timedelta(hours=71), tick=False):
        tick(utcnow())
        assert roles("clerk") == {"clerk"}
    with time_machine.travel(now + timedelta(hours=73), tick=False):
        tick(utcnow())
        assert roles("clerk") == {"clerk", "leader"}
        settle(sign_in("auditor"), "clerk", word)
        assert "紧急授权" in sign_in("auditor").get("/desk/").text
        assert "机器管理者" in sign_in("auditor").get("/desk/office/proposals/").text
        assert "紧急授权：由机器管理者一人授予" in sign_in("auditor").get("/desk/office/audit").text
    with time_machine.travel(now + timedelta(days=11), tick=False):
        assert "紧急授权" not in sign_in("auditor").get("/desk/").text


FORGED = (
    "INSERT INTO office_proposal (bureau_id, kind, person_id, details, "
    "why, proposed_by, at, due_at, state) VALUES "
)


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("role", {"role": "leader", "from_day": "2026-01-01", "until_day": None, "lent_from": ""}),
        ("bureau", {"bank": "6222 0000 1111 2222"}),
    ],
)
def test_what_was_put_in_as_the_machines_own_takes_no_effect(
    app: Flask, team: Team, bureau: Bureau, kind: str, details: dict[str, Any]
) -> None:
    """Whoever has the database alone lets the round of time do nothing for him, though the account
    needs no new password."""
    officer, before = person("officer1"), bureau.bank
    said = json.dumps(details)
    times = "'2026-01-01 00:00:00', '2026-01-02 00:00:00'"
    values = f"({bureau.id}, '{kind}', {officer.id}, '{said}', 'x', NULL, {times}, 'waiting')"
    forge(FORGED + values)
    tick()
    assert "leader" not in roles("officer1")
    db.session.expire_all()
    assert db.session.get_one(Bureau, bureau.id).bank == before
    assert db.session.scalars(select(OfficeProposal.state)).all() == ["refused"]


def test_what_was_changed_beside_the_program_while_it_waited_is_not_confirmed(
    app: Flask, team: Team, sign_in: SignIn
) -> None:
    """A leader with the database puts an administrator's name on what he wants himself, or other
    values into it."""
    new_account(sign_in("admin"), "gong.xue")
    ask_role(sign_in("admin"), "gong.xue", "officer")
    said = json.dumps(
        {"role": "leader", "from_day": today().isoformat(), "until_day": None, "lent_from": ""}
    )
    forge(f"UPDATE office_proposal SET details = '{said}'")
    decide(sign_in("leader"))
    assert roles("gong.xue") == frozenset()
    assert waiting().kind == "role"
    decide(sign_in("leader"), "refuse")


def test_an_emergency_is_refused_or_confirmed_before(
    app: Flask, team: Team, sign_in: SignIn
) -> None:
    give = ["people", "give", "clerk", "leader", "--why", "局领导因公出国"]
    app.test_cli_runner().invoke(args=give)
    decide(sign_in("admin"), "withdraw")
    assert waiting().kind == "role"  # an administrator takes back what administrators propose
    decide(sign_in("legal"), "refuse")
    with time_machine.travel(utcnow() + timedelta(hours=80), tick=False):
        tick(utcnow())
        assert roles("clerk") == {"clerk"}
    word = re.findall(r"from then on: (\S+)", app.test_cli_runner().invoke(args=give).output)[0]
    second = half_on(decide(sign_in("legal")))
    assert roles("clerk") == {"clerk", "leader"}
    # the owner of the machine alone has not got the account
    assert enter(sign_in("legal"), "clerk", word) == 422
    settle(sign_in("legal"), "clerk", f"{word}-{second}")


def test_an_administrators_proposal_stands_in_no_emergencys_way(
    app: Flask, team: Team, sign_in: SignIn
) -> None:
    sign_in("admin").post(
        f"/desk/office/people/{person('leader').id}/password", data={"why": "占位"}
    )
    reset = ["people", "reset", "leader", "--why", "忘记口令"]
    assert app.test_cli_runner().invoke(args=reset).exit_code == 0
    assert app.test_cli_runner().invoke(args=reset).exit_code == 1  # once is enough


def test_an_account_for_fines_is_compared_by_a_second_person(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    before, mine = bureau.bank, "中国农业银行丰都支行，孙宁，62-1111111111"
    kept = {
        k: getattr(bureau, k)
        for k in (
            "name",
            "prefix",
            "address",
            "phone",
            "superior",
            "government",
            "court",
            "hours",
            "credit_code",
            "email",
        )
    }
    assert (
        sign_in("admin")
        .post("/desk/office/bureau", data={**kept, "bank": mine, "why": "换行"})
        .status_code
        == 302
    )
    page = sign_in("leader").get(f"/desk/office/proposals/{waiting().id}").text
    assert mine in page
    assert before in page
    decide(sign_in("leader"), "refuse")
    assert db.session.scalars(select(Bureau.bank)).one() == before


def test_the_password_of_a_leader_is_no_shorter_way(
    app: Flask, team: Team, sign_in: SignIn
) -> None:
    before = person("leader").password_hash
    # says why, to everybody
    assert app.test_cli_runner().invoke(args=["people", "reset", "leader"]).exit_code == 1
    assert (
        app.test_cli_runner().invoke(args=["people", "reset", "leader", "--why", "忘记"]).exit_code
        == 0
    )
    assert person("leader").password_hash == before
    said = app.test_cli_runner().invoke(args=["people", "reset", "clerk"]).output
    assert enter(sign_in("head"), "clerk", said.strip().rpartition(" ")[2]) == 302


# -- how it begins
def test_a_bureau_begins_with_an_administrator_and_a_leader_from_the_machine(
    app: Flask, client: FlaskClient
) -> None:
    run = app.test_cli_runner()
    admin = re.findall(r"password «([^»]+)»", run.invoke(args=["people", "first-admin"]).output)[0]
    settle(client, "admin", admin)
    half_on(ask_role_of(client, new_account_id(client, "lu.yi"), "leader"))
    hours = {"amount": "8", "from_day": today().isoformat()}
    assert client.post("/desk/office/settings/identity.hours", data=hours).status_code == 302
    assert settings_of(1, today()).number("identity.hours") == 8  # nobody could confirm it yet
    leader = re.findall(
        r"password «([^»]+)»",
        run.invoke(args=["people", "first-leader", "zhou.ming", "周明"]).output,
    )[0]
    assert run.invoke(args=["people", "first-leader", "zhou.er", "周二"]).exit_code == 1
    settle(client, "zhou.ming", leader)
    assert 'id="half"' in decide(client)
    assert roles("lu.yi") == {"leader"}


def new_account_id(admin: FlaskClient, login: str) -> int:
    new_account(admin, login)
    return person(login).id


def ask_role_of(admin: FlaskClient, number: int, role: str) -> str:
    data = {"role": role, "from_day": today().isoformat(), "why": WHY}
    return admin.post(f"/desk/office/people/{number}/role", data=data).text


# -- what it covers
def test_every_role_that_opens_approves_audits_or_administers_takes_two() -> None:
    opening = {
        "identity.open",
        "identity.grant",
        "archive.confirm",
        "audit.see",
        "admin.people",
        "admin.settings",
        "office.confirm",
    }
    assert {p.id for p in registry().permissions.values() if p.two_persons} == opening
    wanted = frozenset[str]().union(*(who_may(a) for a in opening))
    wanted |= {role for step in procedure().steps.values() for role in step.approvals}
    assert wanted == guarded()


def test_settings_that_protect_are_these() -> None:
    """Another one that protects somebody gets ``two_persons``; decision 0042 says of each group why
    it does or does not."""
    groups = {"identity", "spot", "public", "channels"}
    single = {
        "tip.rounding",
        "calendar.names",
        "case.time_bar",
        "draw.public_source",
        "review.threshold",
        "panel.posts",
        "mail.reply",
        "mail.address",
        "flood.codes",
        "flood.codes_one",
        "papers.sign",
        "mail.anchor",
        "hearing.organisation",
        "hearing.sole_trader",
        "hearing.person",
    }
    assert {s.key for s in shipped() if s.two_persons} == single | {
        s.key for s in shipped() if s.key.partition(".")[0] in groups
    }


def test_everything_stands_in_the_offices_journal(team: Team, sign_in: SignIn) -> None:
    ask_role(sign_in("admin"), "clerk", "custodian")
    decide(sign_in("admin"), "withdraw")
    ask_role(sign_in("admin"), "clerk", "custodian")
    decide(sign_in("leader"), "refuse")
    ask_role(sign_in("admin"), "clerk", "custodian")
    decide(sign_in("leader"))
    found = db.session.execute(
        select(OfficeEntry.what, OfficeEntry.actor_id).where(OfficeEntry.what != WHAT)
    ).all()
    admin, leader = person("admin").id, person("leader").id
    assert [tuple(row) for row in found] == [
        ("propose", admin),
        ("propose.withdraw", admin),
        ("propose", admin),
        ("propose.refuse", leader),
        ("propose", admin),
        ("propose.confirm", leader),
        ("person.password", leader),
        ("role.give", leader),
    ]
    page = sign_in("auditor").get("/desk/office/audit").text
    for said in ("第二人已确认", "第二人不同意", "收回了提议", WHY):
        assert said in page


def test_another_bureaus_proposals_are_not_there(team: Team, sign_in: SignIn) -> None:
    with writing() as session:
        other = Bureau(code="other", name="别处统计局", prefix="别统")
        session.add(other)
        session.flush()
        session.add(
            OfficeProposal(
                bureau_id=other.id,
                kind="bureau",
                details={"phone": "1"},
                why="别处",
                state="waiting",
            )
        )
    leader = sign_in("leader")
    assert "别处" not in leader.get("/desk/").text + leader.get("/desk/office/proposals/").text
    number = waiting().id
    assert leader.get(f"/desk/office/proposals/{number}").status_code == 404
    assert leader.post(f"/desk/office/proposals/{number}/confirm").status_code == 404


def test_of_two_who_decide_at_once_one_is_told(app: Flask, team: Team, sign_in: SignIn) -> None:
    data = {"amount": "48", "from_day": today().isoformat(), "why": WHY}
    assert (
        sign_in("admin").post("/desk/office/settings/identity.hours", data=data).status_code == 302
    )
    number, said, together = waiting().id, [], threading.Barrier(2)
    db.session.remove()

    def decide_as(login: str) -> None:
        with app.app_context():
            who = person(login)
            together.wait()
            try:
                two_persons.confirm(who, number)
                said.append("confirmed")
            except two_persons.NotPossible as error:
                said.append(str(error))
            db.session.remove()

    both = [threading.Thread(target=decide_as, args=(login,)) for login in ("leader", "legal")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(said) == ["This is decided already.", "confirmed"]
    assert (
        len(
            db.session.scalars(
                select(BureauSetting).where(BureauSetting.key == "identity.hours")
            ).all()
        )
        == 1
    )


def test_a_key_that_was_refused_waits_no_more(team: Team, sign_in: SignIn) -> None:
    custodian = person("custodian")
    custody.confirm_key(custodian, custody.make_key(custodian, WORD, WORD))
    assert "等待他人认可" in sign_in("custodian").get("/desk/custody/").text
    decide(sign_in("admin"), "refuse")
    assert "等待他人认可" not in sign_in("custodian").get("/desk/custody/").text
    # and another one may be offered
    custody.confirm_key(custodian, custody.make_key(custodian, WORD, WORD))
    accept_key(custodian)
    assert custody.key_of(custodian)


def test_the_machine_gives_nothing_to_a_closed_account(app: Flask, team: Team) -> None:
    with writing() as session:
        session.get_one(Person, person("clerk").id).active = False
    said = app.test_cli_runner().invoke(args=["people", "give", "clerk", "leader", "--why", WHY])
    assert said.exit_code == 1
    assert "closed" in said.output
    assert not db.session.scalars(select(OfficeProposal)).all()
