"""The sealed identity: keys of custodians, request, grant, reading; and what the server cannot do without a word."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from sqlalchemy import func, select, text, update

from casework.docket.models import Docket, Recusal
from casework.evidence.models import Attachment
from casework.evidence.uploads import take_bytes
from casework.informants.models import (
    CustodianKey,
    Identity,
    IdentityBox,
    IdentityHalf,
    IdentityOpening,
    IdentityRequest,
    IdentityVerdict,
    SpareKey,
)
from casework.intake import custody, dialogue, identities, opening
from casework.intake.receive import Received, receive
from casework.papers.models import Paper
from casework.people import office
from casework.people.may import today
from casework.people.models import Bureau, Interest, OfficeEntry, Person, PersonRole
from casework.people.office import NotPossible
from casework.store import db, utcnow, writing
from casework.upkeep.walk import Team
from casework.vault import identity as seals
from casework.vault.sealing import Tampered
from casework.web.shown import local

SignIn = Callable[[str], FlaskClient]
NAME, PHONE = "欧阳举报", "13987654321"
WHO = json.dumps({"name": NAME, "contact": PHONE}, ensure_ascii=False).encode()
WORD = "保管人的口令 2026 甲"
OTHER_WORD = "另一位保管人的口令 2026 乙"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key record keeps the cost it was made with; tests need not pay the full one."""
    monkeypatch.setattr(seals, "_COST", {"ops": 1, "mem": 8 * 1024 * 1024})


def somebody(team: Team, login: str) -> Person:
    return db.session.get_one(Person, team.others[login])


def make_key(person: Person, word: str = WORD) -> str:
    recovery = custody.new_key(person, word, word)
    custody.confirm_key(person, recovery)
    return recovery


def second_custodian(team: Team) -> Person:
    """The auditor becomes a custodian too."""
    with writing() as session:
        session.add(PersonRole(person_id=team.others["auditor"], role="custodian", from_day=today()))
    db.session.expire_all()
    return somebody(team, "auditor")


def tip(bureau: Bureau, who: bytes = WHO) -> Received:
    payload = {
        "channel": "visit",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "虚报",
        "survey_by": "bureau",
    }
    return receive(db.session.get_one(Bureau, bureau.id), payload, who=who)


@pytest.fixture
def custodian(team: Team) -> Person:
    make_key(somebody(team, "custodian"))
    return somebody(team, "custodian")


@pytest.fixture
def report(bureau: Bureau, custodian: Person) -> Received:
    return tip(bureau)


def asked(team: Team, report: Received, hours: int = 4) -> tuple[int, str]:
    code = identities.ask(somebody(team, "head"), report.docket_id, "核实账外数据来源。", hours)
    return db.session.scalars(select(IdentityRequest.id).order_by(IdentityRequest.id.desc())).first() or 0, code


# -- keys
def test_a_key_serves_only_after_its_recovery_key_was_typed_back(team: Team, bureau: Bureau) -> None:
    person = somebody(team, "custodian")
    recovery = custody.new_key(person, WORD, WORD)
    assert custody.present_keys(bureau.id) == []
    with pytest.raises(LookupError):
        tip(bureau)
    with pytest.raises(NotPossible, match="not the recovery key"):
        custody.confirm_key(person, recovery[:-1] + str((int(recovery[-1]) + 1) % 10))
    with pytest.raises(NotPossible, match="not the recovery key"):
        custody.confirm_key(person, WORD)
    custody.confirm_key(person, f" {recovery.replace(' ', '')} ")
    assert [k.person_id for k in custody.present_keys(bureau.id)] == [person.id]
    assert db.session.scalar(select(func.count()).select_from(SpareKey)) == 0


@pytest.mark.parametrize("word", ["short", "custodian-custodian", "aaaaaaaaaaaaaaaa", "fengdu-demo-2026"])
def test_a_weak_password_or_the_one_for_signing_in_makes_no_key(team: Team, word: str) -> None:
    with pytest.raises(NotPossible):
        custody.new_key(somebody(team, "custodian"), word, word)


def test_the_recovery_key_stands_nowhere(team: Team, instance: Path) -> None:
    recovery = make_key(somebody(team, "custodian"))
    for file in instance.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert recovery.encode() not in content
            assert recovery.replace(" ", "").encode() not in content
            assert WORD.encode() not in content


def test_a_forgotten_password_is_replaced_with_the_recovery_key(team: Team, bureau: Bureau) -> None:
    person = somebody(team, "custodian")
    recovery = make_key(person)
    got = tip(bureau)
    with pytest.raises(NotPossible, match="Neither the password"):
        custody.change_password(person, "not the password", OTHER_WORD, OTHER_WORD)
    custody.change_password(person, recovery, OTHER_WORD, OTHER_WORD)
    request, code = asked(team, got)
    with pytest.raises(NotPossible, match="Neither the password"):
        identities.grant(person, request, WORD)
    assert identities.grant(person, request, OTHER_WORD)
    assert opening.read(somebody(team, "head"), request, code).who["name"] == NAME


def test_a_new_key_takes_over_everything_and_the_old_one_goes(team: Team, bureau: Bureau, custodian: Person) -> None:
    before = custody.key_of(custodian)
    assert before is not None
    old, first = before.record, tip(bureau)
    for _ in range(60):  # more than one batch
        tip(bureau)
    make_key(custodian, OTHER_WORD)
    later = tip(bureau)
    assert custody.count(bureau.id) == custody.Count(total=62, left=61, lost=0)
    with pytest.raises(NotPossible):
        custody.reseal(custodian, "wrong word")
    assert custody.reseal(custodian, WORD, limit=50) == 50  # goes on where it stopped
    assert custody.count(bureau.id).left == 11
    assert db.session.scalar(select(func.count()).select_from(SpareKey)) == 1
    assert custody.reseal(custodian, WORD) == 11
    assert custody.count(bureau.id) == custody.Count(total=62, left=0, lost=0)
    assert db.session.scalar(select(func.count()).select_from(SpareKey)) == 0
    for got in (first, later):
        sealed = custody.unwrapped(db.session.get_one(Identity, got.docket_id))
        now = custody.key_of(custodian)
        assert now is not None
        assert seals.open_identity(now.record, OTHER_WORD, sealed) == WHO
        with pytest.raises(seals.WrongPassword):
            seals.open_identity(old, WORD, sealed)


def test_a_new_custodian_gets_the_old_identities_from_a_present_one(team: Team, bureau: Bureau, report: Received) -> None:
    newcomer = second_custodian(team)
    make_key(newcomer, OTHER_WORD)
    request, code = asked(team, report)
    with pytest.raises(NotPossible, match="does not open this identity"):
        identities.grant(newcomer, request, OTHER_WORD)
    assert custody.reseal(newcomer, OTHER_WORD) == 0
    assert custody.reseal(somebody(team, "custodian"), WORD) == 1
    assert identities.grant(newcomer, request, OTHER_WORD)
    assert opening.read(somebody(team, "head"), request, code).who["contact"] == PHONE


def test_who_is_no_custodian_any_more_is_sealed_out(team: Team, bureau: Bureau, report: Received) -> None:
    newcomer = second_custodian(team)
    make_key(newcomer, OTHER_WORD)
    leaver = somebody(team, "custodian")
    custody.reseal(leaver, WORD)
    role = next(r for r in leaver.roles if r.role == "custodian")
    office.end_role(somebody(team, "admin"), leaver.id, role.id, today())
    db.session.expire_all()
    assert custody.count(bureau.id).left == 1
    assert custody.reseal(newcomer, OTHER_WORD) == 1
    record = db.session.get_one(CustodianKey, leaver.id).record
    with pytest.raises(seals.WrongPassword):
        seals.open_identity(record, WORD, custody.unwrapped(db.session.get_one(Identity, report.docket_id)))


def test_what_no_key_opens_any_more_is_said(team: Team, bureau: Bureau, report: Received) -> None:
    with writing() as session:
        session.get_one(CustodianKey, team.others["custodian"]).record = seals.new_custodian("lost for ever")[0]
    assert custody.count(bureau.id) == custody.Count(total=1, left=1, lost=1)


# -- what the server can do by itself
def every_blob() -> list[bytes]:
    """Every byte string in the database, and in the JSON of key records and boxes."""
    found: list[bytes] = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            found += [v for v in row if isinstance(v, bytes)]
    return found


def test_server_database_and_key_file_without_a_password_open_nothing(
    app: Flask, team: Team, report: Received, custodian: Person
) -> None:
    """A granted request lies there too; everything stored is tried as a key on everything stored."""
    request, _code = asked(team, report)
    identities.grant(custodian, request, WORD)
    vault = app.extensions["vault"]
    sealed = [custody.unwrapped(db.session.get_one(Identity, report.docket_id))]
    sealed.append(vault.open("identity.box", f"request:{request}", db.session.get_one(IdentityBox, request).sealed))
    masters = [bytes.fromhex(m) for m in json.loads(vault.keyring.path.read_text())["masters"].values()]
    purposes = ("identity", "identity.box", "data key", "receipt", "session", "file", "message")
    keys = {*masters, *(vault.keyring.derive(p) for p in purposes)}
    for blob in [*every_blob(), *sealed]:
        parts = [blob, *(seals._raw(p) for p in re.findall(r'"([A-Za-z0-9+/=]{40,})"', blob.decode("latin-1")))]
        keys |= {p[i : i + 32] for p in parts for i in (0, 16, max(len(p) - 32, 0)) if len(p[i : i + 32]) == 32}
    assert len(keys) > 40
    for blob in sealed:
        opened = json.loads(blob)
        for box in opened["boxes"].values():
            for key in keys:
                with pytest.raises((CryptoError, ValueError)):
                    SealedBox(PrivateKey(key)).decrypt(seals._raw(box))
                with pytest.raises((CryptoError, ValueError)):
                    SecretBox(key).decrypt(seals._raw(opened["data"]))


def test_neither_name_nor_contact_stands_in_any_file(instance: Path, team: Team, report: Received, custodian: Person) -> None:
    request, code = asked(team, report)
    identities.grant(custodian, request, WORD)
    opening.read(somebody(team, "head"), request, code)
    for file in instance.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for secret in (NAME.encode(), PHONE.encode(), code.encode()):
                assert secret not in content, file


def test_two_exchanged_identities_do_not_open(bureau: Bureau, report: Received) -> None:
    second = tip(bureau, b'{"name": "x"}')
    one, two = (db.session.get_one(Identity, r.docket_id).sealed for r in (report, second))
    with writing() as session:
        session.get_one(Identity, report.docket_id).sealed = two
        session.get_one(Identity, second.docket_id).sealed = one
    with pytest.raises(Tampered):
        custody.unwrapped(db.session.get_one(Identity, report.docket_id))


# -- request, grant, reading
def test_granted_it_is_read_by_the_one_who_asked_and_the_informant_sees_it(
    team: Team, report: Received, custodian: Person, client: FlaskClient
) -> None:
    request, code = asked(team, report)
    assert identities.grant(custodian, request, WORD, "同意")
    opened = opening.read(somebody(team, "head"), request, code)
    assert (opened.who["name"], opened.who["contact"], opened.hits) == (NAME, PHONE, ())
    opening.read(somebody(team, "head"), request, code)  # again within the time: logged again
    rows = db.session.execute(select(IdentityOpening.custodian_id, IdentityOpening.request_id)).all()
    assert rows == [(custodian.id, request)] * 2
    assert len(dialogue.shown(report.docket_id).openings) == 2
    entries = db.session.scalars(select(OfficeEntry.what).where(OfficeEntry.what.startswith("identity."))).all()
    assert entries == ["identity.ask", "identity.grant", "identity.open", "identity.open"]


def test_another_person_cannot_read_it_with_the_code_nor_the_one_who_asked_without(
    team: Team, report: Received, custodian: Person
) -> None:
    request, code = asked(team, report)
    identities.grant(custodian, request, WORD)
    for login in ("officer1", "leader", "custodian"):
        with pytest.raises(NotPossible, match="not open to you"):
            opening.read(somebody(team, login), request, code)
    with pytest.raises(NotPossible, match="typing mistake"):
        opening.read(somebody(team, "head"), request, code[:-1] + str((int(code[-1]) + 1) % 10))
    other = identities.receipt.new_code()
    with pytest.raises(NotPossible, match="not the code"):
        opening.read(somebody(team, "head"), request, other)
    assert db.session.scalar(select(func.count()).select_from(IdentityOpening)) == 0


def test_after_the_time_it_does_not_open_and_the_box_is_gone(team: Team, report: Received, custodian: Person) -> None:
    request, code = asked(team, report, hours=1)
    identities.grant(custodian, request, WORD)
    with writing() as session:
        session.execute(update(IdentityBox).values(until=utcnow() - timedelta(seconds=1)))
    with pytest.raises(NotPossible, match="time is over"):
        opening.read(somebody(team, "head"), request, code)
    assert opening.sweep() == 1
    assert opening.sweep() == 0
    assert db.session.get(IdentityBox, request) is None
    shown = identities.find(somebody(team, "head").bureau_id, request)
    assert shown is not None
    assert shown.state == identities.OVER


def test_a_box_moved_to_another_request_does_not_open(team: Team, report: Received, custodian: Person) -> None:
    first, _ = asked(team, report)
    identities.grant(custodian, first, WORD)
    code = identities.ask(somebody(team, "leader"), report.docket_id, "另一请求", 1)
    second = first + 1
    identities.grant(custodian, second, WORD)
    with writing() as session:
        session.get_one(IdentityBox, second).sealed = session.get_one(IdentityBox, first).sealed
    with pytest.raises(Tampered):
        opening.read(somebody(team, "leader"), second, code)


def test_refused_stays_refused_and_says_why(team: Team, report: Received, custodian: Person) -> None:
    request, code = asked(team, report)
    with pytest.raises(NotPossible, match="why not"):
        identities.refuse(custodian, request, " ")
    identities.refuse(custodian, request, "可通过留言询问。")
    with pytest.raises(NotPossible, match="answered"):
        identities.grant(custodian, request, WORD)
    with pytest.raises(NotPossible, match="not open"):
        opening.read(somebody(team, "head"), request, code)
    shown = identities.of_dockets([report.docket_id])[0]
    assert (shown.state, shown.verdicts) == ("refused", (("陶然", False, "可通过留言询问。"),))


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """What another does while a custodian's password is stretched, which takes a second."""
    real = custody.unlocked

    def unlocked(person: Person, word: str) -> list[PrivateKey]:
        monkeypatch.setattr(custody, "unlocked", real)
        found = real(person, word)
        act()
        return found

    monkeypatch.setattr(custody, "unlocked", unlocked)


def test_a_refusal_in_the_moment_of_a_grant_stands(
    team: Team, report: Received, custodian: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_key(second_custodian(team), OTHER_WORD)
    custody.reseal(somebody(team, "custodian"), WORD)
    request, code = asked(team, report)
    meanwhile(monkeypatch, lambda: identities.refuse(somebody(team, "auditor"), request, "可通过留言询问。"))
    with pytest.raises(NotPossible, match="just answered"):
        identities.grant(somebody(team, "custodian"), request, WORD)
    with pytest.raises(NotPossible, match="not open"):
        opening.read(somebody(team, "head"), request, code)
    assert db.session.scalars(select(IdentityBox)).all() == []


def test_two_who_agree_in_the_same_moment_open_it_together(
    team: Team, two: tuple[Person, Person, Received], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second, got = two
    request, code = asked(team, got)
    meanwhile(monkeypatch, lambda: identities.grant(somebody(team, "auditor"), request, OTHER_WORD))
    with pytest.raises(NotPossible, match="just answered"):
        identities.grant(first, request, WORD)
    assert identities.grant(somebody(team, "custodian"), request, WORD)
    assert opening.read(somebody(team, "head"), request, code).who["name"] == NAME


def test_where_the_bureau_wants_two_one_is_not_enough(team: Team, bureau: Bureau, report: Received) -> None:
    office.confirm(somebody(team, "head"), "identity.custodians", "2", today())
    first, second = somebody(team, "custodian"), second_custodian(team)
    make_key(second, OTHER_WORD)
    custody.reseal(somebody(team, "custodian"), WORD)
    request, code = asked(team, report)
    assert not identities.grant(first, request, WORD)
    assert db.session.get(IdentityBox, request) is None
    with pytest.raises(NotPossible, match="another custodian"):
        identities.grant(somebody(team, "custodian"), request, WORD)
    assert identities.grant(somebody(team, "auditor"), request, OTHER_WORD)
    assert opening.read(somebody(team, "head"), request, code).who["name"] == NAME


def test_nobody_grants_their_own_request(team: Team, report: Received, custodian: Person) -> None:
    identities.ask(custodian, report.docket_id, "自己想看", 1)
    with pytest.raises(NotPossible, match="own request"):
        identities.grant(custodian, 1, WORD)


@pytest.mark.parametrize(("reason", "hours"), [("", 1), ("x", 0), ("x", 25), ("x", -1)])
def test_a_request_needs_a_reason_and_a_time_within_the_setting(team: Team, report: Received, reason: str, hours: int) -> None:
    with pytest.raises(NotPossible):
        identities.ask(somebody(team, "head"), report.docket_id, reason, hours)


@pytest.mark.parametrize("table", ["identity_request", "identity_verdict", "identity_opening"])
def test_what_was_asked_answered_and_opened_stays(team: Team, report: Received, custodian: Person, table: str) -> None:
    request, code = asked(team, report)
    identities.grant(custodian, request, WORD)
    opening.read(somebody(team, "head"), request, code)
    for change in (f"DELETE FROM {table}", f"UPDATE {table} SET at = '2020-01-01 00:00:00'"):
        with pytest.raises(Exception, match="append-only"), writing() as session:
            session.execute(text(change))


def test_a_name_on_an_issued_paper_is_found_at_the_opening(
    team: Team, bureau: Bureau, report: Received, custodian: Person
) -> None:
    from casework.upkeep.walk import Walk

    walk = Walk(team, report.docket_id, today())
    walk.take("register", {"proposal": f"举报人{NAME}来访。建议受理。"})
    request, code = asked(team, report)
    identities.grant(custodian, request, WORD)
    opened = opening.read(somebody(team, "head"), request, code)
    assert len(opened.hits) == 1
    assert db.session.scalars(select(IdentityOpening.hits)).one() == 1


def test_it_is_found_on_papers_of_the_cases_too(team: Team, bureau: Bureau, report: Received, custodian: Person) -> None:
    from casework.upkeep.walk import Walk
    from tests.acts.roads import FIRM

    walk = Walk(team, report.docket_id, today())
    walk.take("register", {"proposal": "建议受理。"})
    walk.take("accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"})
    case = walk.case()
    case.take("assign", {"assigned": list(team.officers)})
    party = {**FIRM, "name": f"{NAME}所说的公司"}
    before = set(db.session.scalars(select(Paper.id)))
    case.take("verification_report", {"party": party, "findings": "核实。", "no_figures": "没有数字", "result": "file"})
    printed = db.session.scalars(select(Paper).where(Paper.docket_id == case.docket_id, Paper.id.not_in(before))).all()
    assert printed
    request, code = asked(team, report)
    identities.grant(custodian, request, WORD)
    hits = opening.read(somebody(team, "head"), request, code).hits
    assert set(hits) == {p.number or p.kind for p in printed}


def test_who_is_recused_from_a_case_does_not_see_who_told_of_it(
    team: Team, bureau: Bureau, report: Received, sign_in: SignIn
) -> None:
    """Neither the tips behind it, nor messages, files or the name; the others do."""
    from casework.upkeep.walk import Walk
    from tests.acts.roads import FIRM

    walk = Walk(team, report.docket_id, today())
    walk.take("register", {"proposal": "建议受理。"})
    walk.take("accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"})
    case, tip_ = (db.session.get_one(Docket, n) for n in (walk.case().docket_id, report.docket_id))
    pages = [f"/desk/dockets/{tip_.code}{end}" for end in ("", "/identity", "/messages")]
    pages.append(f"/desk/dockets/{case.code}/identity")
    head = sign_in("head")
    assert [head.get(p).status_code for p in pages] == [200] * 4
    with writing() as session:
        session.add(Recusal(docket_id=case.id, person_id=team.others["head"], reason="亲属"))
    assert [head.get(p).status_code for p in pages] == [404] * 4
    assert sign_in("leader").get(pages[0]).status_code == 200


@pytest.mark.parametrize(("about", "status"), [("某公司", 404), ("重庆 某 公司", 403)])
def test_who_has_a_tie_to_the_unit_learns_nothing_of_the_informant(
    team: Team, bureau: Bureau, report: Received, sign_in: SignIn, about: str, status: int
) -> None:
    """Of a tip about it, which is not there for them, and of one that fed a case about it."""
    from casework.upkeep.walk import Walk
    from tests.acts.roads import FIRM

    walk = Walk(team, report.docket_id, today())
    walk.take("register", {"proposal": "建议受理。"})
    walk.take("accept", {"respondents": [{**FIRM, "name": "重庆某公司"}], "cause": "涉嫌虚报", "opinion": "受理"})
    code = db.session.get_one(Docket, report.docket_id).code
    dialogue.from_informant(report.docket_id, "见附件", [take_bytes("账.txt", "账外账".encode() * 20, 10**6)])
    file = f"/desk/files/{db.session.scalars(select(Attachment.id)).one()}"
    pages = [f"/desk/dockets/{code}/{end}" for end in ("identity", "messages")]
    head = sign_in("head")
    assert [head.get(p).status_code for p in (*pages, file)] == [200] * 3
    with writing() as session:
        session.add(Interest(person_id=team.others["head"], name="".join(about.split())))
    for page in pages:
        answer = head.get(page)
        assert answer.status_code == status
        assert status == 404 or "回避" in answer.text
    assert head.get(file).status_code == 404
    asked_ = head.post(pages[0], data={"report": report.docket_id, "reason": "想知道", "hours": 1})
    assert asked_.status_code == status
    assert head.post(pages[1], data={"text": "您是谁？", "seen": "您是谁？", "action": "send"}).status_code == status
    assert db.session.scalar(select(func.count()).select_from(IdentityRequest)) == 0
    assert sign_in("clerk").get(pages[1]).status_code == 200


def test_the_informant_reads_each_opening_on_their_page(
    team: Team, report: Received, custodian: Person, client: FlaskClient
) -> None:
    request, code = asked(team, report)
    identities.grant(custodian, request, WORD)
    token = re.search(r'name="token" value="([^"]+)"', client.get("/progress").text)
    assert token
    ask = {"token": token[1], "code": report.code}
    assert "您的身份信息被打开" not in client.post("/progress", data=ask).text
    opening.read(somebody(team, "head"), request, code)
    page = client.post("/progress", data=ask).text
    at = db.session.scalars(select(IdentityOpening.at)).one()
    assert "您的身份信息被打开" in page
    assert local(at) in page


# -- the pages
def test_the_whole_way_on_the_pages(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    client = sign_in("custodian")
    assert "还没有密钥" in client.get("/desk/custody/").text
    assert client.post("/desk/custody/key", data={"new": "short", "again": "short"}).status_code == 422
    made = client.post("/desk/custody/key", data={"new": WORD, "again": WORD})
    assert made.headers["Cache-Control"] == "no-store"
    recovery = re.search(r'id="recovery-key">([\d ]+)<', made.text)
    assert recovery
    assert client.post("/desk/custody/confirm", data={"recovery": "1"}).status_code == 422
    assert client.post("/desk/custody/confirm", data={"recovery": recovery[1]}).status_code == 302
    assert recovery[1] not in client.get("/desk/custody/").text
    got = tip(bureau)
    code = db.session.get_one(Docket, got.docket_id).code
    path = f"/desk/dockets/{code}/identity"
    assert sign_in("clerk").get(path).status_code == 403
    head = sign_in("head")
    assert path in head.get(f"/desk/dockets/{code}").text
    assert head.post(path, data={"report": got.docket_id, "reason": "", "hours": "4"}).status_code == 422
    answer = head.post(path, data={"report": got.docket_id, "reason": "核实来源", "hours": "4"})
    assert answer.headers["Cache-Control"] == "no-store"
    shown = re.search(r'id="code">([\d ]+)<', answer.text)
    assert shown
    request = db.session.scalars(select(IdentityRequest.id)).one()
    client = sign_in("custodian")
    assert "核实来源" in client.get("/desk/custody/").text
    there = f"/desk/custody/requests/{request}"
    assert client.post(there, data={"verdict": "grant", "word": "x"}).status_code == 422
    granted = client.post(there, data={"verdict": "grant", "word": WORD})
    assert granted.status_code == 302
    assert NAME not in granted.text
    head = sign_in("head")
    assert head.post(f"{path}/{request}", data={"code": "1234"}).status_code == 422
    opened = head.post(f"{path}/{request}", data={"code": shown[1]})
    assert opened.headers["Cache-Control"] == "no-store"
    assert NAME in opened.text
    assert PHONE in opened.text
    assert NAME not in head.get(path).text
    assert sign_in("leader").post(f"{path}/{request}", data={"code": shown[1]}).status_code == 422
    progress = sign_in("auditor").get("/desk/office/audit")
    assert "举报人身份已打开" in progress.text


def test_a_request_of_another_report_is_not_there(team: Team, bureau: Bureau, report: Received, sign_in: SignIn) -> None:
    request, code = asked(team, report)
    other = db.session.get_one(Docket, tip(bureau).docket_id).code
    assert sign_in("head").post(f"/desk/dockets/{other}/identity/{request}", data={"code": code}).status_code == 404
    assert sign_in("custodian").get("/desk/custody/requests/999").status_code == 404


def test_an_anonymous_tip_has_no_such_page(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    got = receive(db.session.get_one(Bureau, bureau.id), {"channel": "web", "subject": "某公司", "narrative": "x"})
    code = db.session.get_one(Docket, got.docket_id).code
    client = sign_in("head")
    assert client.get(f"/desk/dockets/{code}/identity").status_code == 404
    assert "/identity" not in client.get(f"/desk/dockets/{code}").text


def test_verdicts_are_one_for_each_custodian(team: Team, report: Received, custodian: Person) -> None:
    request, _ = asked(team, report)
    identities.refuse(custodian, request, "不必")
    with pytest.raises(Exception, match=r"(?i)unique"), writing() as session:
        session.add(IdentityVerdict(request_id=request, custodian_id=custodian.id, granted=True))


# -- two custodians: by the cipher, not by the program
@pytest.fixture
def two(team: Team, bureau: Bureau) -> tuple[Person, Person, Received]:
    """Two custodians with keys, the bureau wanting both, and a tip sealed so."""
    office.confirm(somebody(team, "head"), "identity.custodians", "2", today())
    first, second = somebody(team, "custodian"), second_custodian(team)
    make_key(first)
    make_key(second, OTHER_WORD)
    return somebody(team, "custodian"), somebody(team, "auditor"), tip(bureau)


def test_what_takes_two_no_custodian_opens_alone(team: Team, app: Flask, two: tuple[Person, Person, Received]) -> None:
    """With one custodian's key, the other's consent of an earlier request, all that is stored, and the server's own keys."""
    first, second, got = two
    request, _code = asked(team, got)
    identities.grant(second, request, OTHER_WORD)
    sealed = custody.unwrapped(db.session.get_one(Identity, got.docket_id))
    privates = custody.unlocked(first, WORD)
    assert custody._opened(sealed, privates) is None
    opened = json.loads(sealed)
    mine = [SealedBox(p).decrypt(seals._raw(h)) for p in privates for pair in opened["pairs"] for n, h in pair.items()
            if n == seals._text(bytes(p.public_key))]  # fmt: skip
    assert len(mine) == 1
    vault = app.extensions["vault"]
    half = db.session.scalars(select(IdentityHalf)).one()
    consent = json.loads(vault.open("identity.half", f"request:{request}:{second.id}", half.sealed))
    with pytest.raises(CryptoError):
        SealedBox(privates[0]).decrypt(seals._raw(consent["halves"]["0"]))
    for blob in [*every_blob(), *mine]:
        for at in range(max(1, len(blob) - 31)):
            for key in (blob[at : at + 32], bytes(a ^ b for a, b in zip(blob[at : at + 32], mine[0], strict=False))):
                if len(key) == 32:
                    with pytest.raises(CryptoError):
                        SecretBox(key).decrypt(seals._raw(opened["data"]))


def test_two_consents_in_either_order_open_it_for_the_one_who_asked(team: Team, two: tuple[Person, Person, Received]) -> None:
    first, second, got = two
    for one, other, words in ((first, second, (WORD, OTHER_WORD)), (second, first, (OTHER_WORD, WORD))):
        request, code = asked(team, got)
        assert not identities.grant(one, request, words[0])
        shown = identities.find(first.bureau_id, request)
        assert shown is not None
        assert shown.state == identities.WAITING
        assert db.session.get(IdentityBox, request) is None
        with pytest.raises(NotPossible, match="not open"):
            opening.read(somebody(team, "head"), request, code)
        assert identities.grant(other, request, words[1])
        assert opening.read(somebody(team, "head"), request, code).who["name"] == NAME
        assert db.session.scalars(select(IdentityHalf)).all() == []
        with writing() as session:
            session.execute(update(IdentityBox).values(until=utcnow() - timedelta(seconds=1)))
        opening.sweep()


def test_with_one_custodian_where_two_are_wanted_no_name_is_taken(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    office.confirm(somebody(team, "head"), "identity.custodians", "2", today())
    make_key(somebody(team, "custodian"))
    assert not custody.may_name(bureau.id)
    with pytest.raises(LookupError):
        tip(bureau)
    assert "目前无人可以留名" in sign_in("custodian").get("/desk/custody/").text


def test_what_takes_two_is_sealed_anew_by_two_who_sit_together(
    team: Team, bureau: Bureau, two: tuple[Person, Person, Received], sign_in: SignIn
) -> None:
    first, second, got = two
    with writing() as session:
        session.add(PersonRole(person_id=team.others["legal"], role="custodian", from_day=today()))
    db.session.expire_all()
    third_word = "第三位保管人的口令 2026 丙"
    make_key(somebody(team, "legal"), third_word)
    assert custody.count(bureau.id) == custody.Count(total=1, left=1, lost=0)
    assert custody.reseal(somebody(team, "custodian"), WORD) == 0  # alone: nothing
    page = sign_in("custodian")
    typed = {"word": WORD, "beside": second.id}
    assert page.post("/desk/custody/reseal", data={**typed, "other_word": "wrong word 12345"}).status_code == 422
    assert page.post("/desk/custody/reseal", data={**typed, "other_word": OTHER_WORD}).status_code == 302
    assert custody.count(bureau.id).left == 0
    request, code = asked(team, got)
    identities.grant(somebody(team, "legal"), request, third_word)
    assert identities.grant(somebody(team, "custodian"), request, WORD)
    assert opening.read(somebody(team, "head"), request, code).who["name"] == NAME
    assert first.id != second.id


def test_a_consent_given_before_it_was_sealed_anew_does_not_count(team: Team, two: tuple[Person, Person, Received]) -> None:
    first, _second, got = two
    request, _code = asked(team, got)
    identities.grant(first, request, WORD)
    make_key(somebody(team, "auditor"), "又一个保管人口令 2026")
    assert custody.reseal(somebody(team, "custodian"), WORD, beside=(somebody(team, "auditor"), OTHER_WORD)) == 1
    with pytest.raises(NotPossible, match="sealed anew"):
        identities.grant(somebody(team, "auditor"), request, "又一个保管人口令 2026")
    assert db.session.get(IdentityBox, request) is None
    identities.refuse(somebody(team, "auditor"), request, "重新封存过，请重新申请。")
    assert db.session.scalars(select(IdentityHalf)).all() == []


def test_back_to_one_needs_both_once_more(team: Team, bureau: Bureau, two: tuple[Person, Person, Received]) -> None:
    _first, second, got = two
    office.confirm(somebody(team, "head"), "identity.custodians", "1", today())
    request, _code = asked(team, got)
    assert not identities.grant(somebody(team, "custodian"), request, WORD)  # the cipher still wants two
    assert custody.reseal(somebody(team, "custodian"), WORD) == 0
    assert custody.reseal(somebody(team, "custodian"), WORD, beside=(second, OTHER_WORD)) == 1
    code = identities.ask(somebody(team, "leader"), got.docket_id, "核实", 1)
    assert identities.grant(somebody(team, "custodian"), request + 1, WORD)
    assert opening.read(somebody(team, "leader"), request + 1, code).who["name"] == NAME
