"""People, settings, calendar and audit: what an administrator does on pages, and what nobody
can."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select, text

from casework.acts.calendar import apply_calendars
from casework.docket.models import Act, Clock
from casework.people import facts, office
from casework.people.may import today
from casework.people.models import Bureau, BureauSetting, OfficeEntry, Person, PersonRole
from casework.people.row_journal import WHAT
from casework.procedure.load import procedure
from casework.procedure.settings import shipped
from casework.store import db, writing
from casework.upkeep.demo import CONFIRMED, PASSWORD
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from tests.acts.roads import case_of, tip
from tests.desk.second_person import decide

SignIn = Callable[[str], FlaskClient]


def person(login: str) -> Person:
    return db.session.scalars(select(Person).where(Person.login == login)).one()


def kept_of(key: str) -> list[str]:
    return list(db.session.scalars(select(BureauSetting.value).where(BureauSetting.key == key)))


def test_from_a_new_person_to_their_first_page(
    team: Team, sign_in: SignIn, client: FlaskClient
) -> None:
    admin = sign_in("admin")
    shown = admin.post("/desk/office/people/new", data={"name": "龚雪", "login": "gong.xue"})
    password = re.search(r'id="password">([^<]+)<', shown.text)
    assert password
    number = person("gong.xue").id
    for role in ("clerk", "publisher"):
        answer = admin.post(
            f"/desk/office/people/{number}/role",
            data={"role": role, "from_day": today().isoformat()},
        )
        assert answer.status_code == 302
    card = {"number": "渝统执 0901", "valid_from": "2026-01-01", "valid_until": "2028-12-31"}
    assert admin.post(f"/desk/office/people/{number}/card", data=card).status_code == 302
    page = admin.get(f"/desk/office/people/{number}").text
    assert "渝统执 0901" in page
    assert "登记员" in page
    client.post("/signout")
    client.post("/signin", data={"login": "gong.xue", "password": password[1]})
    assert client.get("/desk/").headers["Location"] == "/password"
    new = {"old": password[1], "new": "a-new-long-one-77", "again": "a-new-long-one-77"}
    assert client.post("/password", data=new).status_code == 302
    assert client.get("/desk/").status_code == 200
    assert client.get("/desk/office/people").status_code == 403
    entries = db.session.scalars(
        select(OfficeEntry.what).where(OfficeEntry.what != WHAT).order_by(OfficeEntry.id)
    ).all()
    assert entries == ["person.new", "role.give", "role.give", "card.new"]


@pytest.mark.parametrize(
    ("who", "role", "sentence"),
    [
        ("admin", "leader", "任何人不得更改自己的角色"),
        ("clerk", "admin", "管理员不得同时担任其他角色"),
        ("clerk", "clerk", "已有此角色"),
    ],
)
def test_roles_that_nobody_gets(
    team: Team, sign_in: SignIn, who: str, role: str, sentence: str
) -> None:
    admin, number = sign_in("admin"), person(who).id
    answer = admin.post(
        f"/desk/office/people/{number}/role", data={"role": role, "from_day": today().isoformat()}
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalars(select(OfficeEntry).where(OfficeEntry.what != WHAT)).all() == []


def test_a_lent_person_needs_a_last_day(team: Team, sign_in: SignIn) -> None:
    admin, number = sign_in("admin"), person("clerk").id
    data = {"role": "officer", "from_day": today().isoformat(), "lent_from": "涪陵区统计局"}
    assert (
        "借调人员的角色须写明截止日期"
        in admin.post(f"/desk/office/people/{number}/role", data=data).text
    )
    data |= {"until_day": (today() + timedelta(30)).isoformat(), "why": "案件较多，向涪陵区借调。"}
    assert 'id="half"' in admin.post(f"/desk/office/people/{number}/role", data=data).text
    decide(sign_in("leader"))
    assert "officer" in person("clerk").role_names(today())


def test_a_closed_account_and_an_ended_role_end_at_once(
    team: Team, sign_in: SignIn, client: FlaskClient
) -> None:
    clerk = sign_in("clerk")
    assert clerk.get("/desk/cases").status_code == 200
    admin = db.session.get_one(Person, person("admin").id)
    role = person("clerk").roles[0].id
    office.end_role(admin, person("clerk").id, role, today())
    assert clerk.get("/desk/cases").status_code == 403
    office.set_active(admin, person("clerk").id, False)
    assert clerk.get("/desk/cases").status_code == 302


def test_a_new_password_ends_sessions_and_is_shown_once(team: Team, sign_in: SignIn) -> None:
    number = person("clerk").id
    clerk_session = person("clerk").session_no
    page = sign_in("admin").post(f"/desk/office/people/{number}/password")
    assert re.search(r'id="password">(\w{4}-){3}\w{4}<', page.text)
    assert page.headers["Cache-Control"] == "no-store"
    db.session.expire_all()
    assert person("clerk").session_no == clerk_session + 1
    assert person("clerk").must_change


def test_another_bureaus_people_are_not_there(team: Team, sign_in: SignIn) -> None:
    with writing() as session:
        other = Bureau(code="other", name="别处统计局", prefix="别统")
        session.add(other)
        session.flush()
        session.add(Person(bureau_id=other.id, login="else", name="别人", password_hash="x"))
    admin, number = sign_in("admin"), person("else").id
    assert admin.get(f"/desk/office/people/{number}").status_code == 404
    assert admin.post(f"/desk/office/people/{number}/close").status_code == 404
    assert "别人" not in admin.get("/desk/office/people").text


def test_a_declared_tie_locks_its_person_out(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    officer = sign_in("officer1")
    tie = {"name": "重庆汇锦机械制造有限公司", "credit_code": "", "reason": "配偶任职"}
    assert officer.post("/desk/office/me", data=tie).status_code == 302
    assert person("officer1").id in facts.conflicted("重庆汇锦机械制造有限公司")
    assert person("officer1").id in facts.conflicted(" 重庆汇锦机械制造 有限公司")
    assert facts.conflicted("别的公司") == facts.conflicted("") == set()
    assert "回避" in officer.get("/desk/office/me").text
    assert officer.post("/desk/office/me", data={**tie, "credit_code": "9150"}).status_code == 422


def test_the_bureaus_data_reach_the_public_page(
    team: Team, sign_in: SignIn, client: FlaskClient
) -> None:
    admin = sign_in("admin")
    data = {
        "name": "丰都县统计局",
        "prefix": "丰统",
        "address": "平都大道",
        "phone": "023-7060 1234",
        "superior": "重庆市统计局",
        "government": "丰都县人民政府",
        "court": "丰都县人民法院",
    }
    assert admin.post("/desk/office/bureau", data={**data, "phone": ""}).status_code == 422
    # no reason for who confirms it
    assert admin.post("/desk/office/bureau", data=data).status_code == 422
    assert admin.post("/desk/office/bureau", data={**data, "why": "电话已换"}).status_code == 302
    assert "023-7060 1234" not in client.get("/").text
    decide(sign_in("leader"))
    assert "023-7060 1234" in client.get("/").text


def test_a_setting_is_confirmed_with_its_history(team: Team, sign_in: SignIn) -> None:
    head = sign_in("head")
    before = head.get("/desk/office/settings").text.count("tag today")
    path = "/desk/office/settings/tip.verify_days"
    day = today().isoformat()
    assert (
        head.post(path, data={"amount": "sixty", "unit": "day", "from_day": day}).status_code == 422
    )
    assert head.post(path, data={"amount": "0", "unit": "day", "from_day": day}).status_code == 422
    assert (
        head.post(path, data={"amount": "45", "unit": "workday", "from_day": day}).status_code
        == 302
    )
    assert head.get("/desk/office/settings").text.count("tag today") == before - 1
    assert "45 个工作日" in head.get(path).text
    assert "向东平" in head.get(path).text
    assert head.get("/desk/office/settings/no.such").status_code == 404
    with pytest.raises(Exception, match="append-only"), writing() as session:
        session.execute(text("UPDATE bureau_setting SET value = '1 day'"))
    with pytest.raises(Exception, match="append-only"), writing() as session:
        session.execute(text("DELETE FROM office_entry"))


def clocks() -> dict[int, date]:
    db.session.expire_all()
    return {c.id: c.due for c in db.session.scalars(select(Clock).where(Clock.state == "open"))}


def test_a_changed_calendar_moves_open_clocks_and_says_which(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    tip(team, bureau, "日历测试公司")
    tick()
    before = clocks()
    chosen = max(before.values())
    data = {"first": chosen.isoformat(), "last": "", "kind": "off", "note": "国办发明电〔2026〕7号"}
    admin = sign_in("admin")
    seen = admin.post("/desk/office/calendar", data=data)
    assert seen.status_code == 200
    assert chosen.isoformat() in seen.text
    assert clocks() == before  # looking changes nothing
    assert admin.post("/desk/office/calendar", data={**data, "save": "1"}).status_code == 302
    after = clocks()
    assert {i for i in before if before[i] != after[i]} == {
        i for i in before if before[i] == chosen
    }
    assert all(after[i] > chosen for i in before if before[i] == chosen)
    entry = db.session.scalars(select(Act).where(Act.step == "calendar_changed")).one()
    assert {e["before"] for e in entry.effects if e["do"] == "clock.move"} == {chosen.isoformat()}
    assert entry.actor_id is None
    page = admin.get("/desk/office/calendar").text
    assert "国办发明电〔2026〕7号" in page
    assert "日历测试公司" in page
    assert apply_calendars(today()) == 0  # once
    admin.post("/desk/office/calendar", data={**data, "kind": "work", "save": "1"})
    assert clocks() == before  # and back


def test_a_calendar_that_changed_unseen_is_caught_up_with(team: Team, bureau: Bureau) -> None:
    """As after an upgrade of the library: nobody opened the page, time itself notices."""
    tip(team, bureau, "日历测试公司")
    tick()
    chosen = max(clocks().values())
    admin = db.session.get_one(Person, person("admin").id)
    office.set_days(admin, chosen, None, False, "x")
    assert tick()["calendars"] == 1
    assert tick()["calendars"] == 0


def test_audit_names_who_did_what(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    case_of(team, bureau)
    auditor = sign_in("auditor")
    page = auditor.get("/desk/office/audit").text
    assert "受理" in page
    assert "向东平" in page
    name = procedure().steps["register"].name.zh
    only = auditor.get(f"/desk/office/audit?step=register&person={team.clerk}").text
    assert f">{name} <" in only
    assert ">向东平<" not in only.split("<tbody>")[1]
    assert "没有符合条件的记录" in auditor.get("/desk/office/audit?last=2001-01-01").text
    assert auditor.get("/desk/office/audit?first=nonsense").status_code == 200


def listed(page: str) -> list[str]:
    """Keys of the settings on the page, by their links."""
    return re.findall(r'href="/desk/office/settings/([\w.]+)"', page)


def test_one_page_lists_what_a_bureau_must_still_confirm(team: Team, sign_in: SignIn) -> None:
    """待核 alone, all of it, and nothing else; what is confirmed moves over; the other view is the
    rest."""
    head = sign_in("head")
    # the tests' bureau has set these
    wanted = {s.key for s in shipped() if not s.verified} - set(CONFIRMED)
    assert wanted
    page = head.get("/desk/office/settings?state=open").text
    assert set(listed(page)) == wanted
    assert page.count("tag today") == len(wanted)
    for s in (s for s in shipped().unverified() if s.key in wanted):
        assert escape(s.source) in page
        assert s.source
    rest = set(listed(head.get("/desk/office/settings?state=confirmed").text))
    everything = set(listed(head.get("/desk/office/settings").text))
    assert (rest | wanted, rest & wanted) == (everything, set())
    assert everything == {s.key for s in shipped()}
    head.post(
        "/desk/office/settings/tip.verify_days",
        data={"amount": "60", "unit": "day", "from_day": today().isoformat()},
    )
    after = set(listed(head.get("/desk/office/settings?state=open").text))
    assert wanted - after == {"tip.verify_days"}
    unread = [s.name.zh for s in procedure().steps.values() if "未核对" in s.basis]
    assert unread
    assert all(name in page for name in unread)
    assert set(listed(head.get("/desk/office/settings?state=nonsense").text)) == everything


@pytest.mark.parametrize("typed", ["0", "2", "99", "1.5", "-1", "", "x"])
def test_no_more_custodians_must_agree_than_there_are(
    typed: str, team: Team, sign_in: SignIn
) -> None:
    head, where = sign_in("head"), "/desk/office/settings/identity.custodians"
    assert (
        head.post(where, data={"amount": typed, "from_day": today().isoformat()}).status_code == 422
    )
    assert not kept_of("identity.custodians")


@pytest.mark.parametrize("typed", ["２", "٢", " 2 "])
def test_as_many_as_there_are_may_have_to(typed: str, team: Team, sign_in: SignIn) -> None:
    """Kept in one form, however it was typed."""
    with writing() as session:
        session.add(
            PersonRole(person_id=team.others["auditor"], role="custodian", from_day=today())
        )
    head, where = sign_in("head"), "/desk/office/settings/identity.custodians"
    data = {"amount": typed, "from_day": today().isoformat(), "why": "两人同意更稳妥"}
    assert head.post(where, data=data).status_code == 302
    decide(sign_in("leader"))
    assert kept_of("identity.custodians") == ["2"]


WEAK = [
    "123456789012",
    "password1234",
    "qwertyuiop12",
    "P@ssw0rd!2024",
    "aaaaaaaaaaaab",
    "abcabcabcabc",
    "1qaz2wsx3edc",
    "zaq1xsw2cde3",
    "abcdefghijkl",
    "098765432109",
    "clerk-clerk-1",
    "woaini520131",
    "fengdu2026!!",
    "admin@123456",
    "丰都县统计局丰都县统计局",
    "asdfghjkl;12",
    "letmein12345",
    "iloveyou2024",
    "tongji123456",
    "Welcome2026!",
    "short",
    "１２３４５６７８９０１２",
]
STRONG = [
    "vier-kleine-worte-hier",
    "长江边的第七棵黄桷树会开花",
    "kT9!vq2#Lm4z",
    "correct horse battery",
    "a-new-long-one-77",
]


@pytest.mark.parametrize("word", WEAK)
def test_a_password_that_is_guessed_first_is_refused(
    word: str, team: Team, sign_in: SignIn
) -> None:
    client = sign_in("clerk")
    answer = client.post("/password", data={"old": PASSWORD, "new": word, "again": word})
    assert answer.status_code == 422
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("word", STRONG)
def test_another_one_is_taken(word: str, team: Team, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    assert (
        client.post("/password", data={"old": PASSWORD, "new": word, "again": word}).status_code
        == 302
    )


def test_the_same_password_is_no_new_one(team: Team, sign_in: SignIn) -> None:
    client, word = sign_in("clerk"), "vier-kleine-worte-hier"
    client.post("/password", data={"old": PASSWORD, "new": word, "again": word})
    assert (
        client.post("/password", data={"old": word, "new": word, "again": word}).status_code == 422
    )


@pytest.mark.parametrize("typed", ["maybe", "已配置", "1 2"])
def test_a_switch_offers_on_and_off_alone(typed: str, team: Team, sign_in: SignIn) -> None:
    head, where = sign_in("head"), "/desk/office/settings/papers.sign"
    assert re.findall(r'<option[^>]* value="(\w+)"', head.get(where).text) == ["on", "off"]
    refused = head.post(where, data={"choice": typed, "from_day": today().isoformat()})
    assert refused.status_code == 422
    assert "请从列出的选项中选择一项" in refused.text
    assert not kept_of("papers.sign")
    assert (
        head.post(
            where, data={"choice": "开", "from_day": today().isoformat(), "why": "已有证书"}
        ).status_code
        == 302
    )
    decide(sign_in("leader"))
    assert kept_of("papers.sign") == ["on"]


def test_a_number_is_refused_with_what_would_be_understood(team: Team, sign_in: SignIn) -> None:
    head, day = sign_in("head"), today().isoformat()
    share = head.post(
        "/desk/office/settings/benchmark.rate_serious", data={"amount": "120", "from_day": day}
    )
    assert share.status_code == 422
    assert "请填写0到100之间的数" in share.text
    tips = head.post("/desk/office/settings/flood.tips", data={"amount": "1.5", "from_day": day})
    assert tips.status_code == 422
    assert "请填写整数" in tips.text


def test_a_text_is_kept_as_it_was_typed(team: Team, sign_in: SignIn) -> None:
    """Addresses with commas between them stay several."""
    where = "/desk/office/settings/mail.staff"
    kept = "a@example.gov.cn, b@example.gov.cn"
    assert (
        sign_in("head")
        .post(where, data={"amount": kept, "from_day": today().isoformat()})
        .status_code
        == 302
    )
    assert kept_of("mail.staff") == [kept]


def test_a_text_can_be_emptied_again(team: Team, sign_in: SignIn) -> None:
    """Only with a tick that says so, beside what then stands: what was shipped."""
    head, where, day = sign_in("head"), "/desk/office/settings/mail.staff", today().isoformat()
    head.post(where, data={"amount": "a@example.gov.cn", "from_day": day})
    refused = head.post(where, data={"amount": " ", "from_day": day})
    assert refused.status_code == 422
    assert "请填写，或者勾选“恢复随系统提供的内容”" in refused.text
    assert "随系统提供的内容：（空）" in refused.text
    both = head.post(where, data={"amount": "b@example.gov.cn", "empty": "y", "from_day": day})
    assert both.status_code == 422
    assert "填写了内容，就不要勾选" in both.text
    assert head.post(where, data={"amount": "", "empty": "y", "from_day": day}).status_code == 302
    assert kept_of("mail.staff") == ["a@example.gov.cn", ""]


def test_a_text_that_is_shipped_with_words_gets_them_back(team: Team, sign_in: SignIn) -> None:
    """Nothing of the program meets an empty name of a folder."""
    head, where, day = sign_in("head"), "/desk/office/settings/mail.folder", today().isoformat()
    head.post(where, data={"amount": "Tips", "from_day": day})
    assert "随系统提供的内容：INBOX" in head.get(where).text
    head.post(where, data={"amount": "", "empty": "y", "from_day": day})
    assert kept_of("mail.folder") == ["Tips", "INBOX"]


def test_a_number_has_no_such_tick(team: Team, sign_in: SignIn) -> None:
    head, day = sign_in("head"), today().isoformat()
    assert 'name="empty"' not in head.get("/desk/office/settings/tip.verify_days").text
    refused = head.post(
        "/desk/office/settings/flood.tips", data={"amount": "", "empty": "y", "from_day": day}
    )
    assert refused.status_code == 422
