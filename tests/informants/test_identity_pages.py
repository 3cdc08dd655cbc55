"""The sealed identity on its pages, and who sees nothing of it there."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from casework.docket.models import Docket, Recusal
from casework.evidence.models import Attachment
from casework.evidence.uploads import take_bytes
from casework.identity import opening, requests
from casework.informants.models import IdentityOpening, IdentityRequest
from casework.intake.receive import Received, receive
from casework.people.may import today
from casework.people.models import Bureau, Interest, Person
from casework.public import dialogue
from casework.store import db, writing
from casework.upkeep.walk import Team
from casework.web.filters import local
from tests.desk.second_person import decide, waiting
from tests.informants.sealed import NAME, PHONE, WORD, SignIn, asked, somebody, tip


# -- request, grant, reading
def test_who_is_recused_from_a_case_does_not_see_who_told_of_it(
    team: Team, bureau: Bureau, report: Received, sign_in: SignIn
) -> None:
    """Neither the tips behind it, nor messages, files or the name; the others do."""
    from casework.upkeep.walk import Walk
    from tests.acts.roads import FIRM

    walk = Walk(team, report.docket_id, today())
    walk.take("register", {"proposal": "建议受理。"})
    walk.take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case, tip_ = (db.session.get_one(Docket, n) for n in (walk.case().docket_id, report.docket_id))
    pages = [f"/desk/dockets/{tip_.code}{end}" for end in ("", "/identity", "/messages")]
    pages.append(f"/desk/dockets/{case.code}/identity")
    head = sign_in("head")
    assert [head.get(p).status_code for p in pages] == [200] * 4
    with writing() as session:
        session.add(Recusal(docket_id=case.id, person_id=team.others["head"], reason="亲属"))
    assert [head.get(p).status_code for p in pages] == [404] * 4
    assert sign_in("leader").get(pages[0]).status_code == 200


@pytest.mark.parametrize("about", ["某公司", "重庆 某 公司"])
def test_who_has_a_tie_to_the_unit_learns_nothing_of_the_informant(
    team: Team, bureau: Bureau, report: Received, sign_in: SignIn, about: str
) -> None:
    """Of a tip about it, and of one that fed a case about it and calls it otherwise: neither is
    there for them, on its page, in lists and in searches."""
    from casework.upkeep.walk import Walk
    from tests.acts.roads import FIRM

    walk = Walk(team, report.docket_id, today())
    walk.take("register", {"proposal": "建议受理。"})
    walk.take(
        "accept",
        {"respondents": [{**FIRM, "name": "重庆某公司"}], "cause": "涉嫌虚报", "opinion": "受理"},
    )
    code = db.session.get_one(Docket, report.docket_id).code
    dialogue.from_informant(
        report.docket_id, "见附件", [take_bytes("账.txt", "账外账".encode() * 20, 10**6)]
    )
    file = f"/desk/files/{db.session.scalars(select(Attachment.id)).one()}"
    pages = [f"/desk/dockets/{code}/{end}" for end in ("identity", "messages", "")]
    pages[2] = pages[2].rstrip("/")
    head = sign_in("head")
    assert [head.get(p).status_code for p in (*pages, file)] == [200] * 4
    finds = ("/desk/reports", "/desk/search?q=账外账", "/desk/search?q=某公司&records=1")
    assert any(code in head.get(address).text for address in finds)
    with writing() as session:
        session.add(Interest(person_id=team.others["head"], name="".join(about.split())))
    assert [head.get(p).status_code for p in (*pages, file)] == [404] * 4
    assert not any(code in head.get(address).text for address in finds)
    asked_ = head.post(pages[0], data={"report": report.docket_id, "reason": "想知道", "hours": 1})
    assert asked_.status_code == 404
    assert (
        head.post(
            pages[1], data={"text": "您是谁？", "seen": "您是谁？", "action": "send"}
        ).status_code
        == 404
    )
    assert db.session.scalar(select(func.count()).select_from(IdentityRequest)) == 0
    assert sign_in("clerk").get(pages[1]).status_code == 200


def test_the_informant_reads_each_opening_on_their_page(
    team: Team, report: Received, custodian: Person, client: FlaskClient
) -> None:
    request, code = asked(team, report)
    requests.grant(custodian, request, WORD)
    token = re.search(r'name="token" value="([^"]+)"', client.get("/progress").text)
    assert token
    ask = {"token": token[1], "code": report.code}
    assert "您的身份信息被打开" not in client.post("/progress", data=ask).text
    opening.read_identity(somebody(team, "head"), request, code)
    page = client.post("/progress", data=ask).text
    at = db.session.scalars(select(IdentityOpening.at)).one()
    assert "您的身份信息被打开" in page
    assert local(at) in page


# -- the pages
def test_the_whole_way_on_the_pages(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    client = sign_in("custodian")
    assert "还没有密钥" in client.get("/desk/custody/").text
    assert (
        client.post("/desk/custody/key", data={"new": "short", "again": "short"}).status_code == 422
    )
    made = client.post("/desk/custody/key", data={"new": WORD, "again": WORD})
    assert made.headers["Cache-Control"] == "no-store"
    recovery = re.search(r'id="recovery-key">([\d ]+)<', made.text)
    assert recovery
    assert client.post("/desk/custody/confirm", data={"recovery": "1"}).status_code == 422
    assert client.post("/desk/custody/confirm", data={"recovery": recovery[1]}).status_code == 302
    page = client.get("/desk/custody/").text
    assert recovery[1] not in page
    digits = re.findall(r'class="code">([\d ]{23})<', page)[0]
    with pytest.raises(LookupError):
        tip(bureau)
    for login in ("admin", "leader"):
        assert digits in sign_in(login).get(f"/desk/office/proposals/{waiting().id}").text
        decide(sign_in(login))
    got = tip(bureau)
    code = db.session.get_one(Docket, got.docket_id).code
    path = f"/desk/dockets/{code}/identity"
    assert sign_in("clerk").get(path).status_code == 403
    head = sign_in("head")
    assert path in head.get(f"/desk/dockets/{code}").text
    assert (
        head.post(path, data={"report": got.docket_id, "reason": "", "hours": "4"}).status_code
        == 422
    )
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


def test_a_request_of_another_report_is_not_there(
    team: Team, bureau: Bureau, report: Received, sign_in: SignIn
) -> None:
    request, code = asked(team, report)
    other = db.session.get_one(Docket, tip(bureau).docket_id).code
    assert (
        sign_in("head")
        .post(f"/desk/dockets/{other}/identity/{request}", data={"code": code})
        .status_code
        == 404
    )
    assert sign_in("custodian").get("/desk/custody/requests/999").status_code == 404


def test_an_anonymous_tip_has_no_such_page(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    got = receive(
        db.session.get_one(Bureau, bureau.id),
        {"channel": "web", "subject": "某公司", "narrative": "x"},
    )
    code = db.session.get_one(Docket, got.docket_id).code
    client = sign_in("head")
    assert client.get(f"/desk/dockets/{code}/identity").status_code == 404
    assert "/identity" not in client.get(f"/desk/dockets/{code}").text
