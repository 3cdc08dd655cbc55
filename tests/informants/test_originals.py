"""Originals that may tell who the informant is: closed to everybody without a granted request,
shown as a page, logged."""

import base64
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.identity import opening, requests
from casework.identity.originals import SEALED_TO_CUSTODIANS
from casework.informants.models import (
    CustodianKey,
    Identity,
    IdentityBox,
    IdentityOpening,
    IdentityRequest,
)
from casework.mail import mail_tip
from casework.people.models import Bureau, OfficeEntry
from casework.public import dialogue
from casework.store import db, utcnow, writing
from casework.upkeep.walk import Team
from tests.informants.sealed import WORD, make_key, somebody
from tests.mail.letters import plain
from tests.support.desk import sent

SignIn = Callable[[str], FlaskClient]
MARK = (250, 3, 7)  # the colour of the envelope: it is looked for in pictures


@pytest.fixture(autouse=True)
def _custodian(team: Team) -> None:
    make_key(somebody(team, "custodian"))


def envelope() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), MARK).save(out, "PNG")
    return out.getvalue()


def granted(team: Team, docket_id: int) -> tuple[str, int, str]:
    """The docket's code, a request of the head that was granted, and its one-time code."""
    word = requests.ask(somebody(team, "head"), docket_id, "核对信封邮戳。", 4)
    number = (
        db.session.scalars(select(IdentityRequest.id).order_by(IdentityRequest.id.desc())).first()
        or 0
    )
    requests.grant(somebody(team, "custodian"), number, WORD)
    return db.session.get_one(Docket, docket_id).code, number, word


def taken_at_the_counter(sign_in: SignIn, **more: object) -> int:
    data = sent(
        "letter", original_at="", envelopes=(io.BytesIO(envelope()), "王举报的信封.png"), **more
    )
    answer = sign_in("clerk").post("/desk/reports/new", data=data)
    assert answer.status_code == 200, re.findall(r'class="error">.*?</p>', answer.text)
    return db.session.scalars(select(Docket.id).order_by(Docket.id.desc())).first() or 0


def test_an_envelope_goes_to_the_custodians_and_the_server_keeps_no_readable_copy(
    app: Flask, sign_in: SignIn
) -> None:
    docket_id = taken_at_the_counter(sign_in)
    row = db.session.scalars(select(Attachment)).one()
    assert (row.media_type, row.cleaned) == (SEALED_TO_CUSTODIANS, "")
    store = app.extensions["sealed_store"]
    assert list(store.names()) == [row.stored]  # neither the upload nor its working copy is left
    assert not store.read(row.stored).startswith(b"\x89PNG")
    identity = db.session.get_one(Identity, docket_id)
    assert not identity.named
    page = sign_in("clerk").get(f"/desk/dockets/{db.session.get_one(Docket, docket_id).code}").text
    assert "王举报" not in page
    assert "匿名；可能显露举报人的原件已封存" in page
    assert sign_in("head").get(f"/desk/files/{row.id}/look").status_code == 404
    assert sign_in("head").get(f"/desk/files/{row.id}").status_code == 404


def test_with_a_grant_it_is_shown_logged_and_told_to_the_informant(
    team: Team, sign_in: SignIn
) -> None:
    docket_id = taken_at_the_counter(sign_in, who_name="欧阳举报")
    code, number, word = granted(team, docket_id)
    path = f"/desk/dockets/{code}/identity/{number}"
    head = sign_in("head")
    opened = head.post(path, data={"code": word}).text
    assert "欧阳举报" in opened
    assert "王举报的信封.png" in opened
    page = head.post(f"{path}/originals/0", data={"code": word})
    assert page.headers["Cache-Control"] == "no-store"
    assert "img-src data:" in page.headers["Content-Security-Policy"]
    shown = re.search(r'src="data:image/png;base64,([^"]+)"', page.text)
    assert shown
    with Image.open(io.BytesIO(base64.b64decode(shown[1]))) as picture:
        assert picture.convert("RGB").getpixel((5, 5)) == MARK
    assert [opening.what for opening in dialogue.shown_thread(docket_id).openings] == [
        "name",
        "original",
    ]
    assert db.session.scalars(select(IdentityOpening.what)).all() == ["name", "original"]
    assert "identity.original" in db.session.scalars(select(OfficeEntry.what)).all()
    assert "举报人封存原件已打开" in sign_in("auditor").get("/desk/office/audit").text


@pytest.mark.parametrize("login", ["clerk", "officer1", "leader", "custodian", "auditor"])
def test_nobody_else_opens_it_even_with_the_code(team: Team, sign_in: SignIn, login: str) -> None:
    code, number, word = granted(team, taken_at_the_counter(sign_in))
    answer = sign_in(login).post(
        f"/desk/dockets/{code}/identity/{number}/originals/0", data={"code": word}
    )
    assert answer.status_code in (403, 404, 422)
    assert "data:image" not in answer.text
    assert db.session.scalars(select(IdentityOpening)).first() is None


def test_a_wrong_code_a_time_that_is_over_and_a_number_that_is_none(
    team: Team, sign_in: SignIn
) -> None:
    code, number, word = granted(team, taken_at_the_counter(sign_in))
    head, path = sign_in("head"), f"/desk/dockets/{code}/identity/{number}/originals"
    assert head.post(f"{path}/0", data={"code": "1234"}).status_code == 422
    assert head.post(f"{path}/7", data={"code": word}).status_code == 404
    assert head.get(f"{path}/0").status_code == 405
    with writing() as session:
        session.execute(update(IdentityBox).values(until=utcnow() - timedelta(seconds=1)))
    assert head.post(f"{path}/0", data={"code": word}).status_code == 422
    assert db.session.scalars(select(IdentityOpening)).first() is None


def test_a_mail_is_shown_with_its_head_and_never_as_a_file(
    team: Team, bureau: Bureau, sign_in: SignIn, instance: Path
) -> None:
    taken = mail_tip.register_mail(bureau, plain(), 10**6)
    assert taken
    code, number, word = granted(team, taken.received.docket_id)
    page = sign_in("head").post(
        f"/desk/dockets/{code}/identity/{number}/originals/0", data={"code": word}
    )
    assert page.mimetype == "text/html"
    sender = re.search(rb"From: .*?([\w.]+@[\w.]+)", plain())
    assert sender
    assert sender[1].decode() in page.text
    assert "与封存时一致" in page.text


def test_an_original_that_was_exchanged_is_not_shown(
    team: Team, sign_in: SignIn, app: Flask
) -> None:
    docket_id = taken_at_the_counter(sign_in)
    code, number, word = granted(team, docket_id)
    store, row = app.extensions["sealed_store"], db.session.scalars(select(Attachment)).one()
    other = store.put(b"another")
    store._path(other.name).replace(store._path(row.stored))
    answer = sign_in("head").post(
        f"/desk/dockets/{code}/identity/{number}/originals/0", data={"code": word}
    )
    assert answer.status_code == 500
    assert "data:image" not in answer.text


def test_what_cannot_be_shown_again_is_not_sealed(sign_in: SignIn) -> None:
    note = (io.BytesIO("便条".encode()), "便条.txt")
    answer = sign_in("clerk").post(
        "/desk/reports/new", data=sent("letter", original_at="", envelopes=note)
    )
    assert answer.status_code == 422
    assert "只有图片和PDF" in answer.text
    assert db.session.query(Docket).count() == 0


def test_it_stays_from_try_to_try(sign_in: SignIn) -> None:
    client = sign_in("clerk")
    first = client.post(
        "/desk/reports/new",
        data=sent(
            "letter", original_at="", subject="", envelopes=(io.BytesIO(envelope()), "信封.png")
        ),
    )
    assert first.status_code == 422
    token = re.search(r'name="kept_envelopes" value="([^"]+)"', first.text)
    assert token
    again = sent("letter", original_at="", kept_envelopes=token[1])
    assert client.post("/desk/reports/new", data=again).status_code == 200
    assert client.post("/desk/reports/new", data=again).status_code == 409  # sent twice: one tip
    assert db.session.query(Docket).count() == 1
    assert db.session.scalars(select(Attachment)).one().media_type == SEALED_TO_CUSTODIANS


def test_without_custodians_there_is_no_such_field(team: Team, sign_in: SignIn) -> None:
    with writing() as session:
        session.delete(session.scalars(select(CustodianKey)).one())
    client = sign_in("clerk")
    assert 'name="envelopes"' not in client.get("/desk/reports/new?channel=letter").text
    forged = client.post(
        "/desk/reports/new", data=sent("letter", envelopes=(io.BytesIO(envelope()), "信封.png"))
    )
    assert forged.status_code == 422


def test_requests_stand_in_the_custodians_work_list(team: Team, sign_in: SignIn) -> None:
    docket_id = taken_at_the_counter(sign_in)
    assert "等我同意" not in sign_in("custodian").get("/desk/").text
    requests.ask(somebody(team, "head"), docket_id, "核对信封邮戳。", 4)
    page = sign_in("custodian").get("/desk/").text
    assert "等我同意 1" in page
    assert "核对信封邮戳。" in page
    assert "/desk/custody/requests/1" in page
    assert "等我同意" not in sign_in("leader").get("/desk/").text
    requests.refuse_request(somebody(team, "custodian"), 1, "不必")
    assert "等我同意" not in sign_in("custodian").get("/desk/").text


def test_the_identity_of_such_a_tip_names_nobody(team: Team, sign_in: SignIn) -> None:
    docket_id = taken_at_the_counter(sign_in)
    _code, number, word = granted(team, docket_id)
    opened = opening.read_identity(somebody(team, "head"), number, word)
    assert opened.who == {}
    assert opened.originals == ("王举报的信封.png",)
