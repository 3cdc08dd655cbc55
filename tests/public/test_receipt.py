"""The receipt code: typed back, on a slip, changed after staff have seen it; never stored, in no
address, in no title."""

import base64
import io
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from casework.docket.models import Docket
from casework.informants.models import OldReceipt, Receipt
from casework.intake.receive import Received, receive
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Team
from casework.vault.receipt import fingerprint, new_code
from tests.conftest import need
from tests.support.desk import sent as counter_form
from tests.support.public import Person, code_of, hidden

PLAIN = {
    "channel": "phone",
    "subject": "某公司",
    "subject_kind": "enterprise",
    "narrative": "少报",
    "survey_by": "bureau",
}


@pytest.fixture
def person(team: Team, client: FlaskClient) -> Person:
    return Person(client)


@pytest.fixture
def sent(person: Person) -> dict[str, str]:
    """What the receipt page holds, to be posted from it."""
    person.post("preview")
    page = person.send()[1]
    return {k: hidden(page, k) for k in ("token", "code", "number")}


def test_the_receipt_page_is_kept_nowhere(person: Person) -> None:
    person.post("preview")
    answer = person.client.post("/report/send", data=person.fixed)
    assert answer.headers["Cache-Control"] == "no-store"
    code = code_of(answer.text)
    title = answer.text.split("</title>")[0]
    assert code not in title
    assert code.replace(" ", "") not in title
    assert not re.search(r'(href|action|src)="[^"]*' + code.replace(" ", ""), answer.text)


def test_typing_back(person: Person, sent: dict[str, str]) -> None:
    code = sent["code"]
    right = person.client.post(
        "/receipt/check", data={**sent, "first": code[:4], "last": " " + code[-4:]}
    ).text
    assert "抄写无误" in right
    wrong = person.client.post(
        "/receipt/check", data={**sent, "first": code[:4], "last": "0000"}
    ).text
    assert "和查询码的前四位、后四位对不上" in wrong
    assert 'role="alert"' in wrong
    assert code_of(wrong).replace(" ", "") == code
    assert "不核对" in wrong


def test_the_slip_as_a_page(person: Person, sent: dict[str, str]) -> None:
    answer = person.client.post("/receipt/slip", data=sent)
    assert sent["number"] in answer.text
    drawn = re.search(r'src="data:image/png;base64,([^"]+)"', answer.text)
    assert drawn
    assert (
        zxingcpp.read_barcode(Image.open(io.BytesIO(base64.b64decode(drawn[1])))).text
        == sent["code"]
    )
    assert "img-src data:" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_slip_leads_back_to_the_bureaus_own_address(
    person: Person, sent: dict[str, str], app: Flask
) -> None:
    """Not to whatever host a proxy, or somebody else, says that we are."""
    assert (
        "evil.example"
        in person.client.post("/receipt/slip", data=sent, headers={"Host": "evil.example"}).text
    )
    app.config["PUBLIC_URL"] = "https://tips.example.gov.cn"
    page = person.client.post("/receipt/slip", data=sent, headers={"Host": "evil.example"}).text
    assert "evil.example" not in page
    assert "tips.example.gov.cn" in page


def test_pages_with_a_code_say_that_their_window_is_to_be_closed(
    person: Person, sent: dict[str, str]
) -> None:
    for path in ("/receipt/check", "/progress"):
        assert "用完请按“离开”" in person.client.post(path, data=sent).text


def test_the_slip_as_a_pdf_holds_the_code(
    person: Person, sent: dict[str, str], tmp_path: Path
) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    answer = person.client.post("/receipt/slip.pdf", data=sent)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert sent["code"] not in str(answer.headers)
    file = tmp_path / "slip.pdf"
    file.write_bytes(answer.data)
    text = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True
    ).stdout
    assert sent["code"] in re.sub(r"\D", "", text.split("来件编号")[0])
    assert sent["number"] in text
    assert text.count("\f") == 1


def test_slips_leave_nothing_behind(person: Person, sent: dict[str, str], app: Flask) -> None:
    for path in ("check", "slip", "slip.pdf"):
        person.client.post(f"/receipt/{path}", data={**sent, "first": "1", "last": "2"})
    everything = b"".join(f.read_bytes() for f in Path(app.instance_path).rglob("*") if f.is_file())
    assert sent["code"].encode() not in everything


@pytest.mark.parametrize(
    "change", [{"code": "1" * 24}, {"number": "<b>"}, {"token": "x"}, {"number": ""}]
)
def test_a_made_up_slip_is_refused(
    person: Person, sent: dict[str, str], change: dict[str, str]
) -> None:
    assert person.client.post("/receipt/slip.pdf", data={**sent, **change}).status_code == 400


def test_pages_with_a_code_may_stand_open_for_days(person: Person, sent: dict[str, str]) -> None:
    """Neither the receipt nor an answer that took its time is lost; a code that nobody has is not
    looked for so."""
    ask = {
        "token": sent["token"],
        "code": sent["code"],
        "action": "answer",
        "text": "想了三天才写完",
    }
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
        for path in ("check", "slip", "slip.pdf"):
            assert (
                person.client.post(
                    f"/receipt/{path}", data={**sent, "first": "1", "last": "2"}
                ).status_code
                == 200
            ), path
        page = person.client.post("/progress", data=ask)
        assert (page.status_code, "想了三天才写完" in page.text) == (200, True)
        assert person.client.post("/progress", data={**ask, "code": new_code()}).status_code == 400
        assert person.client.post("/progress", data={**ask, "token": "x"}).status_code == 400


# -- codes that staff have seen
@pytest.fixture
def entered(team: Team, bureau: Bureau) -> Received:
    """A tip that a clerk wrote down for somebody."""
    return receive(bureau, PLAIN, actor_id=team.clerk)


def test_a_code_seen_by_staff_opens_nothing_but_its_change(
    person: Person, entered: Received
) -> None:
    ask = {"token": person.fixed["token"], "code": entered.code}
    page = person.client.post("/progress", data=ask).text
    assert "首次使用" in page
    assert entered.number not in page
    assert (
        "首次使用"
        in person.client.post(
            "/progress", data={**ask, "action": "answer", "text": "我是办事员"}
        ).text
    )
    fresh = code_of(person.client.post("/receipt/change", data=ask).text)
    assert fresh.replace(" ", "") != entered.code
    assert "已经换过" in person.client.post("/progress", data=ask).text
    assert entered.number in person.client.post("/progress", data={**ask, "code": fresh}).text


def test_a_code_changes_once(person: Person, entered: Received) -> None:
    ask = {"token": person.fixed["token"], "code": entered.code}
    code_of(person.client.post("/receipt/change", data=ask).text)
    assert person.client.post("/receipt/change", data=ask).status_code == 409
    assert (
        person.client.post("/receipt/change", data={**ask, "code": new_code()}).status_code == 409
    )


def test_a_web_tip_keeps_its_code(person: Person, sent: dict[str, str]) -> None:
    assert db.session.scalars(select(Receipt.must_change)).one() is False
    assert sent["number"] in person.client.post("/progress", data=sent).text
    assert db.session.query(Docket).count() == 1


# -- a code that the informant no longer trusts
def exchange(person: Person, code: str) -> dict[str, str]:
    """What the button on the page behind the code posts."""
    page = person.client.post("/progress", data={"token": person.fixed["token"], "code": code}).text
    form = page[page.index('action="/receipt/change"') :]
    return {k: hidden(form, k) for k in ("token", "code", "once")}


def test_the_informant_exchanges_a_code_on_suspicion(person: Person, sent: dict[str, str]) -> None:
    ask = exchange(person, sent["code"])
    page = person.client.post("/receipt/change", data=ask)
    new = code_of(page.text).replace(" ", "")
    assert page.headers["Cache-Control"] == "no-store"
    assert "抄写核对" in page.text or "前四位" in page.text  # with the same care as at the receipt
    ended = person.client.post("/progress", data={**sent})
    assert ended.status_code == 422
    assert "已经换过" in ended.text
    assert "不是您自己换的吗" in ended.text
    assert sent["number"] not in ended.text
    assert sent["number"] in person.client.post("/progress", data={**sent, "code": new}).text


def test_the_new_code_is_not_lost_with_the_connection(person: Person, sent: dict[str, str]) -> None:
    """The same page sent again shows it again; another page with the old code does not."""
    ask, other = exchange(person, sent["code"]), exchange(person, sent["code"])
    first = code_of(person.client.post("/receipt/change", data=ask).text)
    assert code_of(person.client.post("/receipt/change", data=ask).text) == first
    answer = person.client.post("/receipt/change", data=other)
    assert answer.status_code == 409
    assert first not in answer.text
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert person.client.post("/receipt/change", data=ask).status_code == 409


def test_only_a_code_that_once_was_good_learns_that_it_ended(
    person: Person, sent: dict[str, str]
) -> None:
    person.client.post("/receipt/change", data=exchange(person, sent["code"]))
    never = {**sent, "code": new_code()}
    for path in ("/progress", "/receipt/change"):
        page = person.client.post(path, data=never).text
        assert "没有这个查询码" in page
        assert "换过" not in page


def test_of_an_ended_code_its_fingerprint_alone_is_kept(
    person: Person, sent: dict[str, str], app: Flask
) -> None:
    person.client.post("/receipt/change", data=exchange(person, sent["code"]))
    kept = db.session.scalars(select(OldReceipt)).one()
    assert kept.fingerprint == fingerprint(app.extensions["vault"].keyring, sent["code"])
    db.session.commit()
    everything = b"".join(f.read_bytes() for f in Path(app.instance_path).rglob("*") if f.is_file())
    assert sent["code"].encode() not in everything


def test_the_counter_prints_the_slip(team: Team, sign_in: object, client: FlaskClient) -> None:
    desk = sign_in("clerk")  # type: ignore[operator]
    page = desk.post("/desk/reports/new", data=counter_form("phone")).text
    fields = {k: hidden(page, k) for k in ("token", "code", "number")}
    assert client.post("/receipt/slip", data=fields).status_code == 200
