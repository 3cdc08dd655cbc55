"""Signing in, the second factor, and what guessing comes to: through the real pages."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.people import passwords
from casework.people.models import OfficeEntry, Person
from casework.store import db, utcnow, writing
from casework.upkeep.demo import PASSWORD
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from tests.conftest import Browser
from tests.support.counted import counted
from tests.support.store import held

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
TOO_MANY = "尝试次数太多"
WRONG = "不正确"


@pytest.fixture
def browser(app: Flask) -> Callable[[], FlaskClient]:
    """A new browser, at an address of its own where one is named."""

    def new(address: str = "127.0.0.1") -> FlaskClient:
        client = Browser(app, app.response_class)
        client.environ_base["REMOTE_ADDR"] = address
        return client

    return new


@pytest.fixture
def head(team: Team) -> SimpleNamespace:
    """The head, who holds a second factor."""
    with writing() as session:
        passwords.set_totp(session.get_one(Person, team.others["head"]), SECRET)
    return SimpleNamespace(id=team.others["head"])


@pytest.fixture(autouse=True)
def _noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(utcnow().replace(second=5), tick=False) as clock:
        yield clock


def code() -> str:
    return pyotp.TOTP(SECRET).at(utcnow())


def enter(
    client: FlaskClient, login: str, password: str = PASSWORD, code: str = "", **more: str
) -> tuple[int, str]:
    answer = client.post(
        "/signin", data={"login": login, "password": password, "code": code, **more}
    )
    return answer.status_code, answer.text


def entries() -> list[OfficeEntry]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(OfficeEntry).where(OfficeEntry.what == "guess").order_by(OfficeEntry.id)
        )
    )


# -- codes
def test_one_code_lets_one_of_six_in_who_come_together(
    app: Flask, head: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All six have their code read before the first of them is in."""
    together, real, found = threading.Barrier(6, timeout=120), passwords.password_matches, []

    def fits(stored: str | None, word: str) -> bool:
        good = real(stored, word)
        db.session.rollback()
        together.wait()
        return good

    monkeypatch.setattr(passwords, "password_matches", fits)
    word = code()
    one = lambda: found.append(enter(FlaskClient(app, app.response_class), "head", code=word)[0])  # noqa: E731
    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [302, 422, 422, 422, 422, 422]


def test_a_code_in_full_width_or_arabic_digits_is_read(
    head: SimpleNamespace, browser: Callable[[], FlaskClient]
) -> None:
    assert enter(browser(), "head", code=code().translate(WIDE))[0] == 302
    with time_machine.travel(utcnow() + timedelta(minutes=2), tick=False):
        assert (
            enter(
                browser(), "head", code=code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
            )[0]
            == 302
        )


@pytest.mark.parametrize("typed", ["", "１２３", "十二", "²³¹", "x" * 10_000, "é" * 6, "\0"])
def test_a_wrong_code_says_nothing_of_the_password(
    typed: str, head: SimpleNamespace, browser: Callable[[], FlaskClient]
) -> None:
    """Neither does it break."""
    right, wrong = (
        enter(browser(), "head", code=typed),
        enter(browser(), "head", "wrong", code=typed),
    )
    assert right[0] == wrong[0] == 422
    same = [
        re.sub(r'name="csrf_token" value="[^"]*"', "", text) for _status, text in (right, wrong)
    ]
    assert same[0] == same[1]


def test_codes_with_the_right_password_are_counted_and_told(
    head: SimpleNamespace, browser: Callable[[], FlaskClient]
) -> None:
    for _ in range(5):
        assert enter(browser(), "head", code="１２３４５６")[0] == 422
    assert TOO_MANY in enter(browser(), "head", code=code())[1]
    assert [e.details["secret"] for e in entries()] == ["code"] * 5
    assert "123456" not in str([e.details for e in entries()])


# -- the count of a name
def test_an_unknown_name_answers_as_a_known_one(
    team: Team, browser: Callable[[], FlaskClient]
) -> None:
    said = [[enter(browser(), login, "wrong") for _ in range(7)] for login in ("clerk", "nobody")]
    plain = [
        [(status, re.sub('(value="(clerk|nobody|[^"]{40,})")', "", text)) for status, text in row]
        for row in said
    ]
    assert plain[0] == plain[1]
    assert [TOO_MANY in text for _status, text in said[1]] == [False] * 5 + [True] * 2


def test_an_unknown_name_costs_what_a_known_one_costs(
    head: SimpleNamespace, browser: Callable[[], FlaskClient]
) -> None:
    """The same statements in the same order: what takes the same time cannot be told apart by a
    clock."""
    asked = []
    for login in ("head", "nobody", "clerk"):
        client = browser()
        client.get("/signin")
        with counted() as statements:
            enter(client, login, "wrong")
        asked.append(list(statements))
    assert asked[0] == asked[1] == asked[2]
    assert len(asked[0]) > 3


def test_a_password_that_was_changed_while_it_was_judged_lets_nobody_in(
    team: Team, browser: Callable[[], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = passwords.password_matches

    def fits(stored: str | None, word: str) -> bool:
        good = real(stored, word)
        with writing() as session:
            session.get_one(Person, team.clerk).password_hash = passwords.hashed(
                "another-one-by-now"
            )
        return good

    monkeypatch.setattr(passwords, "password_matches", fits)
    assert enter(browser(), "clerk")[0] == 422


def test_the_operator_lets_in_who_has_lost_the_second_factor(
    app: Flask, head: SimpleNamespace, browser: Callable[[], FlaskClient]
) -> None:
    """The only administrator has nobody else to ask."""
    for _ in range(3):
        enter(browser(), "head", "wrong")
    said = (
        app.test_cli_runner().invoke(args=["people", "reset", "head", "--why", "手机丢失"]).output
    )
    word = re.findall(r"from then on: (\S+)", said)[0]
    assert enter(browser(), "head", word)[0] == 422
    with time_machine.travel(utcnow() + timedelta(hours=73), tick=False):
        tick(utcnow())
        assert enter(browser(), "head", word)[0] == 302


def test_guesses_are_forgotten_one_by_one(team: Team, browser: Callable[[], FlaskClient]) -> None:
    for _ in range(9):
        enter(browser(), "clerk", "wrong")
    assert TOO_MANY in enter(browser(), "clerk")[1]
    with time_machine.travel(utcnow() + timedelta(minutes=11), tick=False):
        assert enter(browser(), "clerk")[0] == 302


def test_who_guesses_elsewhere_keeps_nobody_out(
    team: Team, browser: Callable[..., FlaskClient]
) -> None:
    for _ in range(9):
        enter(browser("203.0.113.9"), "clerk", "wrong")
    assert TOO_MANY in enter(browser("203.0.113.9"), "clerk")[1]
    assert enter(browser("198.51.100.1"), "clerk")[0] == 302


def test_who_guesses_from_many_places_is_stopped_all_the_same(
    team: Team, browser: Callable[..., FlaskClient]
) -> None:
    said = [enter(browser(f"198.51.100.{n}"), "clerk", "wrong")[1] for n in range(1, 31)]
    assert WRONG in said[0]
    assert TOO_MANY in said[-1]
    assert TOO_MANY in enter(browser("203.0.113.9"), "clerk")[1]


def test_the_second_factor_opens_a_name_that_is_guessed(
    head: SimpleNamespace, browser: Callable[[], FlaskClient]
) -> None:
    for _ in range(9):
        enter(browser(), "head", "wrong")
    assert TOO_MANY in enter(browser(), "head")[1]
    assert TOO_MANY in enter(browser(), "head", "wrong", code())[1]
    assert enter(browser(), "head", code=code())[0] == 302


def test_one_sender_of_many_names_is_held_back(
    team: Team, browser: Callable[..., FlaskClient]
) -> None:
    said = [enter(browser("8.8.8.8"), f"name{n}", "wrong")[0] for n in range(32)]
    assert said[0] == 422
    assert said[-1] == 429
    assert enter(browser("9.9.9.9"), "clerk")[0] == 302


def test_no_address_is_kept(app: Flask, team: Team, browser: Callable[..., FlaskClient]) -> None:
    enter(browser("8.8.4.4"), "nobody", "wrong")
    rows = [
        str(dict(r._mapping))
        for t in db.metadata.sorted_tables
        for r in db.session.execute(select(t))
    ]
    assert not any("8.8.4.4" in row or "nobody" in row for row in rows)
    assert "8.8.4.4" not in repr(vars(app.extensions["guesses"]))


# -- guessing within a session
def test_guessing_the_password_within_a_session_ends_it(
    team: Team, sign_in: Callable[[str], FlaskClient]
) -> None:
    client = sign_in("clerk")
    wrong = {"old": "wrong", "new": "vier-kleine-worte", "again": "vier-kleine-worte"}
    said = [client.post("/password", data=wrong).status_code for _ in range(5)]
    assert said == [422] * 4 + [429]
    assert client.get("/desk/").status_code == 302
    assert [e.details["secret"] for e in entries()] == ["password"] * 5
    assert "wrong" not in str([e.details for e in entries()])
    client = sign_in("clerk")
    # nothing is judged yet
    assert client.post("/password", data={**wrong, "old": PASSWORD}).status_code == 429
    with time_machine.travel(utcnow() + timedelta(minutes=11), tick=False):
        client = sign_in("clerk")
        assert client.post("/password", data={**wrong, "old": PASSWORD}).status_code == 302


def test_guessing_a_custodians_key_ends_the_session(
    team: Team, sign_in: Callable[[str], FlaskClient]
) -> None:
    from tests.informants.sealed import make_key

    make_key(db.session.get_one(Person, team.others["custodian"]))
    client = sign_in("custodian")
    said = [
        client.post("/desk/custody/reseal", data={"word": "wrong"}).status_code for _ in range(5)
    ]
    assert said == [422] * 4 + [429]
    assert client.get("/desk/custody/").status_code == 302
    assert [e.details["secret"] for e in entries()] == ["key"] * 5


def test_a_new_key_tells_nobody_the_password_for_signing_in(
    team: Team, browser: Callable[[], FlaskClient]
) -> None:
    """It refuses that very password, and would else be a door to guess at."""
    mine = "huit-petits-mots-ici"
    with writing() as session:
        session.get_one(Person, team.others["custodian"]).password_hash = passwords.hashed(mine)
    client = browser()
    enter(client, "custodian", mine)
    for n in range(5):
        word = f"falsche-vermutung-{n}x"
        client.post("/desk/custody/key", data={"new": word, "again": word})
    assert client.post("/desk/custody/key", data={"new": mine, "again": mine}).status_code == 429


# -- sessions
def test_signing_out_ends_a_copied_cookie(
    app: Flask,
    team: Team,
    sign_in: Callable[[str], FlaskClient],
    browser: Callable[[], FlaskClient],
) -> None:
    client, copy, other = sign_in("clerk"), browser(), browser()
    enter(other, "clerk")
    with client.session_transaction() as mine, copy.session_transaction() as theirs:
        theirs.update(mine)
    assert copy.get("/desk/").status_code == 200
    client.post("/signout")
    assert copy.get("/desk/").status_code == 302
    assert other.get("/desk/").status_code == 200  # another session of the same person goes on


def test_everywhere_ends_all(
    team: Team, sign_in: Callable[[str], FlaskClient], browser: Callable[[], FlaskClient]
) -> None:
    client, other = sign_in("clerk"), browser()
    enter(other, "clerk")
    client.post("/signout", data={"everywhere": "1"})
    assert other.get("/desk/").status_code == 302


# -- setting the second factor
def shown_secret(client: FlaskClient) -> str:
    found = re.search("<code>([A-Z2-7]{32})</code>", client.get("/second-factor").text)
    assert found
    return found[1]


def test_a_second_factor_is_set_with_the_password_alone_at_first(
    team: Team, sign_in: Callable[[str], FlaskClient], browser: Callable[[], FlaskClient]
) -> None:
    client = sign_in("clerk")
    secret = shown_secret(client)
    new = pyotp.TOTP(secret).at(utcnow())
    assert client.post("/second-factor", data={"code": new}).status_code == 422
    assert client.post("/second-factor", data={"code": new, "password": "wrong"}).status_code == 422
    assert enter(browser(), "clerk")[0] == 302  # nothing was set yet
    assert (
        client.post(
            "/second-factor", data={"code": new.translate(WIDE), "password": PASSWORD}
        ).status_code
        == 302
    )
    assert enter(browser(), "clerk")[0] == 422


def test_it_is_replaced_with_the_present_code_only(
    head: SimpleNamespace, browser: Callable[[], FlaskClient]
) -> None:
    client = browser()
    enter(client, "head", code=code())
    with time_machine.travel(utcnow() + timedelta(minutes=2), tick=False):
        new = pyotp.TOTP(shown_secret(client)).at(utcnow())
        assert (
            client.post("/second-factor", data={"code": new, "password": PASSWORD}).status_code
            == 422
        )
        assert (
            client.post(
                "/second-factor", data={"code": new, "password": PASSWORD, "present": new}
            ).status_code
            == 422
        )
        good = {"code": new, "password": PASSWORD, "present": code()}
        assert client.post("/second-factor", data=good).status_code == 302
        assert enter(browser(), "head", code=code())[0] == 422


def test_guessing_at_the_second_factor_ends_the_session(
    head: SimpleNamespace, browser: Callable[[], FlaskClient]
) -> None:
    client = browser()
    enter(client, "head", code=code())
    new = pyotp.TOTP(shown_secret(client)).at(utcnow())
    wrong = {"code": new, "password": PASSWORD, "present": "000000"}
    said = [client.post("/second-factor", data=wrong).status_code for _ in range(5)]
    assert said == [422] * 4 + [429]
    assert client.get("/desk/").status_code == 302


# -- where to go next
@pytest.mark.parametrize(
    "wanted",
    ["/desk/\r\nX-Bad: 1", "/\t/evil.example", "/\n/evil.example", "//evil.example", "/\x7f"],
)
def test_an_odd_address_to_go_on_to_is_left_out(
    wanted: str, team: Team, browser: Callable[[], FlaskClient]
) -> None:
    answer = browser().post(
        "/signin", data={"login": "clerk", "password": PASSWORD, "next": wanted}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/desk/"


def test_an_address_of_ours_is_gone_on_to(team: Team, browser: Callable[[], FlaskClient]) -> None:
    answer = browser().post(
        "/signin", data={"login": "clerk", "password": PASSWORD, "next": "/desk/search?q=统计"}
    )
    assert answer.headers["Location"].startswith("/desk/search?q=")


def test_a_secret_that_is_set_up_is_not_readable_in_the_cookie(
    team: Team, sign_in: Callable[[str], FlaskClient]
) -> None:
    """The cookie is signed, not sealed: whoever reads it on its way would have the second
    factor."""
    client = sign_in("head")
    shown = re.search(r"<code>([A-Z2-7]{32})</code>", client.get("/second-factor").text)
    assert shown
    with client.session_transaction() as held:
        said = dict(held)
    assert shown[1] not in repr(said)
    assert client.get("/second-factor.png").status_code == 200


# -- somebody else writes for too long
@pytest.mark.sqlite
@pytest.mark.parametrize("at", ["before it is judged", "after it was judged"])
def test_a_right_password_while_nobody_can_write_is_no_guess(
    app: Flask,
    team: Team,
    instance: Path,
    browser: Callable[[], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
    at: str,
) -> None:
    """More often than wrong ones are allowed: everybody tries again until it works, and is let in
    then."""
    app.config["WRITE_WAIT"] = 0.05
    client, real = browser("10.1.1.1"), passwords.password_matches
    lock = ExitStack()

    def fits(stored: str | None, word: str) -> bool:
        lock.enter_context(held(instance))
        return real(stored, word)

    for _try in range(40):
        if at == "before it is judged":
            lock.enter_context(held(instance))
        else:
            monkeypatch.setattr(passwords, "password_matches", fits)
        assert enter(client, "clerk")[0] == 503
        lock.close()
        monkeypatch.setattr(passwords, "password_matches", real)
    assert enter(client, "clerk")[0] == 302


@pytest.mark.sqlite
def test_a_wrong_password_while_nobody_can_write_is_one(
    app: Flask,
    team: Team,
    instance: Path,
    browser: Callable[[], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app.config["WRITE_WAIT"] = 0.05
    client, real = browser("10.1.1.1"), passwords.password_matches
    lock = ExitStack()

    def fits(stored: str | None, word: str) -> bool:
        lock.enter_context(held(instance))
        return real(stored, word)

    monkeypatch.setattr(passwords, "password_matches", fits)
    for _try in range(5):
        assert enter(client, "clerk", "wrong")[0] == 503
        lock.close()
    monkeypatch.setattr(passwords, "password_matches", real)
    assert TOO_MANY in enter(client, "clerk")[1]


@pytest.mark.sqlite
def test_the_right_present_password_while_nobody_can_write_is_no_guess(
    app: Flask,
    team: Team,
    instance: Path,
    sign_in: Callable[[str], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app.config["WRITE_WAIT"] = 0.05
    client, real = sign_in("clerk"), passwords.matches
    lock = ExitStack()

    def matches(person: Person, word: str) -> bool:
        lock.enter_context(held(instance))
        return real(person, word)

    monkeypatch.setattr(passwords, "matches", matches)
    for _try in range(7):
        data = {"old": PASSWORD, "new": "a-new-long-one-77", "again": "a-new-long-one-77"}
        assert client.post("/password", data=data).status_code == 503
        lock.close()
    monkeypatch.setattr(passwords, "matches", real)
    assert client.post("/password", data=data).status_code == 302
