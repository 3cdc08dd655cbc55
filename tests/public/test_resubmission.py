"""A receipt that was lost with the connection is shown again to the page that was sent, and to
nobody else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Docket
from casework.informants import codes
from casework.informants.models import Draft, Receipt
from casework.intake import drafts
from casework.people.may import today
from casework.public import dialogue, resubmission
from casework.store import db, utcnow, writing
from casework.upkeep.walk import Team
from casework.vault import receipt
from tests.support.public import Person, code_of, hidden, setting


@pytest.fixture
def person(team: Team, client: FlaskClient) -> Person:
    return Person(client)


def looked_over(person: Person) -> dict[str, str]:
    """What the button of the preview sends."""
    page = person.post("preview")[1]
    return {**person.fixed, "once": hidden(page, "once")}


def send(person: Person, sent: dict[str, str]) -> tuple[int, str]:
    answer = person.client.post("/report/send", data=sent)
    return answer.status_code, answer.text


def test_the_same_page_sent_again_shows_the_same_receipt_and_writes_nothing(person: Person) -> None:
    sent = looked_over(person)
    pages = [send(person, sent) for _ in range(3)]
    assert [status for status, _page in pages] == [200] * 3
    assert len({code_of(page) for _status, page in pages}) == 1
    docket = db.session.scalars(select(Docket)).one()
    assert all(docket.number in page for _status, page in pages)
    assert dialogue.docket_of(receipt.normalise(code_of(pages[2][1]))) == docket.id
    assert db.session.query(Receipt).count() == 1


def test_two_that_send_it_in_the_same_moment_see_one_receipt(
    person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, met, real = looked_over(person), threading.Barrier(2, timeout=120), drafts.load_draft

    def load(key: str) -> dict[str, Any] | None:
        found = real(key)
        met.wait()
        return found

    def one() -> tuple[int, str]:
        with app.app_context():
            return send(Person(app.test_client(), sent), sent)

    monkeypatch.setattr(drafts, "load_draft", load)
    with ThreadPoolExecutor(2) as pool:
        pages = [f.result() for f in [pool.submit(one) for _ in range(2)]]
    db.session.rollback()
    assert [status for status, _page in pages] == [200, 200]
    assert code_of(pages[0][1]) == code_of(pages[1][1])
    assert db.session.query(Docket).count() == 1


def test_the_page_that_waited_brings_it_along(person: Person, team: Team) -> None:
    setting(team, "flood.busy", 0)
    status, page = send(person, looked_over(person))
    assert status == 429
    setting_off = {**person.fixed, "once": hidden(page, "once"), "wait": hidden(page, "wait")}
    with time_machine.travel(utcnow() + timedelta(seconds=20)):
        first, again = send(person, setting_off), send(person, setting_off)
    assert (first[0], again[0]) == (200, 200)
    assert code_of(first[1]) == code_of(again[1])


@pytest.mark.parametrize("once", ["", "x", "another page", "too late", "of another draft"])
def test_nobody_else_is_shown_it(person: Person, client: FlaskClient, once: str) -> None:
    """Not who found the draft code, not who has a page of their own, not who sits at the computer
    later."""
    sent, late = looked_over(person), once == "too late"
    code = code_of(send(person, sent)[1])
    known = {
        "another page": resubmission.ticket(),
        "too late": sent["once"],
        "of another draft": looked_over(Person(client))["once"],
    }
    with time_machine.travel(utcnow() + timedelta(seconds=resubmission.AGE + 5 if late else 1)):
        status, page = send(person, {**sent, "once": known.get(once, once)})
    assert status == 409
    assert code not in page
    assert "已经提交过" in page


def test_a_second_tip_from_the_same_form_has_a_code_of_its_own(person: Person) -> None:
    """Back, changed, looked over and sent; and the page of the first still shows the first."""
    first = looked_over(person)
    one = code_of(send(person, first)[1])
    second_ = looked_over(person)
    assert second_["draft"] == first["draft"]
    two = code_of(send(person, second_)[1])
    assert one != two
    assert code_of(send(person, first)[1]) == one
    third = looked_over(person)
    assert third["once"] not in (first["once"], second_["once"])
    status, page = send(person, first)  # an old window sends what a newer one has looked over
    assert status == 200
    assert code_of(page) not in (one, two)
    assert db.session.query(Docket).count() == db.session.query(Receipt).count() == 3


def test_a_code_that_was_replaced_is_not_shown_again(person: Person) -> None:
    sent = looked_over(person)
    code = receipt.normalise(code_of(send(person, sent)[1]))
    with writing() as session:
        codes.replace(
            session,
            session.scalars(select(Receipt)).one(),
            receipt.new_code(),
            today(),
            must_change=False,
        )
    assert dialogue.docket_of(code) is None
    assert send(person, sent)[0] == 409


def test_neither_the_code_nor_what_it_is_made_from_is_kept(person: Person, app: Flask) -> None:
    sent = looked_over(person)
    content = drafts.load_draft(sent["draft"])
    assert sent["once"] not in str(content)
    page = send(person, sent)[1]
    assert db.session.scalar(select(Draft)) is None
    db.session.commit()
    everything = b"".join(f.read_bytes() for f in Path(app.instance_path).rglob("*") if f.is_file())
    for secret in (code_of(page), receipt.normalise(code_of(page)), sent["once"], sent["draft"]):
        assert secret.encode() not in everything
    kept = db.session.scalars(select(Receipt.fingerprint)).one()
    assert kept == receipt.fingerprint(
        app.extensions["vault"].keyring, receipt.normalise(code_of(page))
    )


def test_the_code_needs_the_page_and_the_servers_key(app: Flask, team: Team) -> None:
    with app.test_request_context():
        once = resubmission.ticket()
        codes = {
            resubmission.code_for_ticket("A" * 20, once),
            resubmission.code_for_ticket("B" * 20, once),
            resubmission.code_for_ticket("A" * 20, resubmission.ticket()),
        }
        assert len(codes) == 3
        assert all(receipt.valid(code) for code in codes)
        assert resubmission.code_for_ticket("A" * 20, once) in codes
        ring = app.extensions["vault"].keyring
        ring._masters = {g: bytes(32) for g in ring.generations}
        assert resubmission.code_for_ticket("A" * 20, once) not in codes
