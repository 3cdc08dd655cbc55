"""Floods: limits that answer plainly, patience while much comes in, and no address anywhere."""

import hashlib
import html
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from casework.docket.models import Docket
from casework.intake import rate_limit
from casework.intake.rounded_time import rounded
from casework.procedure.settings import shipped
from casework.store import db
from casework.upkeep.walk import Team
from casework.vault.receipt import new_code
from casework.web import sender
from tests.support.public import Person, code_of, hidden, picture, setting

pytestmark = pytest.mark.usefixtures("one_day")
FROM = {"REMOTE_ADDR": "203.0.114.77"}


@pytest.fixture
def person(team: Team, client: FlaskClient) -> Person:
    return Person(client)


def tip(client: FlaskClient) -> tuple[Person, int, str]:
    one = Person(client)
    one.post("preview")
    return one, *one.send()


def test_above_the_limit_a_plain_page_answers_and_the_draft_stays(
    client: FlaskClient, team: Team
) -> None:
    setting(team, "flood.tips", 2)
    assert [tip(client)[1] for _ in range(2)] == [200, 200]
    third, status, page = tip(client)
    assert status == 429
    assert "023-0000 0000" in page.split("<main", 1)[1].split("</main>")[0]
    assert "十分钟后再试" in page
    setting(team, "flood.tips", 9)
    assert third.send()[0] == 200
    assert db.session.query(Docket).count() == 3


def test_one_sender_does_not_use_up_what_all_have(client: FlaskClient, team: Team) -> None:
    setting(team, "flood.tips_one", 1)
    people = [Person(client) for _ in range(3)]
    for one in people:
        one.post("preview")
    sent = [
        client.post("/report/send", data=p.fixed, environ_base=FROM).status_code for p in people[:2]
    ]
    assert sent == [200, 429]
    assert (
        client.post(
            "/report/send", data=people[2].fixed, environ_base={"REMOTE_ADDR": "8.8.4.4"}
        ).status_code
        == 200
    )


@pytest.mark.parametrize("shared", ["127.0.0.1", "10.0.0.7", "::1", ""])
def test_addresses_that_many_share_are_not_told_apart(app: Flask, shared: str) -> None:
    with app.test_request_context(
        "/", environ_base={"REMOTE_ADDR": shared}, headers={"X-Forwarded-For": "203.0.113.77"}
    ):
        assert sender.sender() == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2a00:1450:1:2::7", "2a00:1450:1:2:ffff::9", True),
        ("2a00:1450:1:2::7", "2a00:1450:1:3::7", False),
        ("8.8.8.8", "8.8.8.9", False),
    ],
)
def test_whoever_has_a_whole_network_of_addresses_is_one_sender(
    app: Flask, one: str, other: str, same: bool
) -> None:
    found = []
    for address in (one, other):
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
            found.append(sender.sender())
    assert all(found)
    assert (found[0] == found[1]) is same


def test_a_proxy_that_is_trusted_names_the_sender(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_PROXY", "1")
    # the first part is whatever the sender wrote
    said = {"X-Forwarded-For": "8.8.8.8, 203.0.114.77"}
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "127.0.0.1"}, headers=said):
        assert sender.sender() == "203.0.114.77"


def test_counters_hold_no_address_and_forget_by_the_day() -> None:
    counter = rate_limit.Counter()
    with time_machine.travel(datetime(2026, 3, 2, 4, tzinfo=UTC), tick=False):
        counter.count("tips", "203.0.114.77")
        assert counter.number("tips", "203.0.114.77") == 1
        assert "203.0.114.77" not in repr(counter._times)
        before = set(counter._times)
    with time_machine.travel(datetime(2026, 3, 3, 4, tzinfo=UTC), tick=False):
        counter.count("tips", "203.0.114.77")
        assert counter.number("tips") == 1
        # the one for all; the sender has another name today
        assert len(before & set(counter._times)) == 1


def test_wrong_codes_are_limited_and_right_ones_are_not_counted(person: Person, team: Team) -> None:
    setting(team, "flood.codes", 3)
    person.post("preview")
    good = {"token": person.fixed["token"], "code": code_of(person.send()[1])}
    for _ in range(5):
        assert person.client.post("/progress", data=good).status_code == 200
    wrong = [
        person.client.post("/progress", data={**good, "code": new_code()}).status_code
        for _ in range(4)
    ]
    assert wrong == [422, 422, 422, 429]
    # others who guess keep nobody out
    assert person.client.post("/progress", data=good).status_code == 200


def test_the_files_of_a_day_have_a_limit(person: Person, team: Team) -> None:
    setting(team, "upload.day_total", 10)
    person.post("upload", [(picture(), "1.jpg")])
    assert "今日收到的附件已达上限" in person.post("upload", [(picture(), "2.jpg")])[1]


def test_the_files_of_a_tip_have_a_limit_together(person: Person, team: Team) -> None:
    setting(team, "upload.max_total", len(picture()))
    person.post("upload", [(picture(), "1.jpg")])
    assert "附件合计超过" in person.post("upload", [(picture(), "2.jpg")])[1]


# -- while much comes in
@pytest.fixture
def waiting(person: Person, team: Team) -> tuple[Person, str]:
    """Somebody who sends while much comes in, and the page that asks for patience."""
    setting(team, "flood.busy", 0)
    person.post("preview")
    status, page = person.send()
    assert status == 429
    assert "草稿" in page
    return person, page


def again(person: Person, **more: str) -> int:
    return person.client.post("/report/send", data={**person.fixed, **more}).status_code


def test_without_scripts_a_short_wait_is_enough(waiting: tuple[Person, str]) -> None:
    person, page = waiting
    ticket = hidden(page, "wait")
    assert again(person, wait=ticket) == 429
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=rate_limit.WAIT + 2)):
        assert again(Person(person.client), wait=ticket) == 409  # a draft that was never saved
        assert again(person, wait=ticket[:-2] + "xx") == 429
        assert again(person, wait=ticket) == 200


def test_with_scripts_the_browser_works_instead(waiting: tuple[Person, str]) -> None:
    person, page = waiting
    puzzle = json.loads(html.unescape(page.split("data-challenge='")[1].split("'")[0]))
    number = next(
        n
        for n in range(puzzle["max"] + 1)
        if hashlib.sha256(f"{puzzle['salt']}{n}".encode()).hexdigest() == puzzle["challenge"]
    )
    solved = {k: v for k, v in puzzle.items() if k != "max"} | {"number": number}
    work = b64encode(json.dumps(solved).encode()).decode()
    other = Person(person.client)
    other.post("preview")
    assert again(other, work=work) == 429  # solved for another draft
    wrong = b64encode(json.dumps(solved | {"number": number + 1}).encode()).decode()
    assert again(person, work=wrong) == 429
    assert again(person, work="nonsense") == 429
    assert again(person, work=work) == 200


# -- times
def test_times_of_anonymous_web_tips_are_rounded_within_their_day() -> None:
    settings = shipped().with_values({"tip.rounding": "60"})
    assert rounded(datetime(2026, 3, 2, 4, 59, 58, tzinfo=UTC), settings) == datetime(
        2026, 3, 2, 4, tzinfo=UTC
    )
    whole_day = shipped().with_values({"tip.rounding": "1440"})
    assert rounded(datetime(2026, 3, 2, 17, 5, tzinfo=UTC), whole_day) == datetime(
        2026, 3, 2, 16, tzinfo=UTC
    )
