"""Another process holds the lock of all writers: nobody waits for ever, nothing that was typed is
lost, readers go on.

About SQLite's file lock: on PostgreSQL the rows' own locks do its work.
"""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.store import Busy, db, write, writing
from casework.upkeep.walk import Team
from tests.public.served import Caller, serving
from tests.support.desk import sent
from tests.support.public import TIP, Person, hidden
from tests.support.store import held

pytestmark = pytest.mark.sqlite
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def quick(app: Flask) -> None:
    """Nobody waits for long in these tests."""
    app.config["WRITE_WAIT"] = 0.05


def test_a_writer_is_told_after_a_while(app: Flask, instance: Path, quick: None) -> None:
    with held(instance):
        for _time in range(2):
            with pytest.raises(Busy), writing():
                pass
        assert write._in_vain.is_set()
    with writing() as session:
        session.add(Bureau(code="x", name="x", prefix="x"))
    assert not write._in_vain.is_set()


def test_a_writer_whose_turn_does_not_come_is_told(app: Flask, quick: None) -> None:
    """Within one process too: a long list of tips is being written by another thread."""
    with write._thread_lock, pytest.raises(Busy), writing():
        pass
    with writing():
        pass


def test_whoever_waits_gets_it_when_it_is_free(app: Flask, instance: Path) -> None:
    """One lets go after a moment; nobody is told anything."""
    begun, found = threading.Event(), list[BaseException]()

    def write_one() -> None:
        try:
            with app.app_context():
                begun.set()
                with writing() as session:
                    session.add(Bureau(code="x", name="x", prefix="x"))
        except BaseException as error:
            found.append(error)

    with held(instance):
        other = threading.Thread(target=write_one)
        other.start()
        begun.wait()
    other.join()
    assert found == []
    assert db.session.query(Bureau).count() == 1


def test_a_tip_that_cannot_be_kept_stays_on_its_page(
    client: FlaskClient, team: Team, instance: Path, quick: None
) -> None:
    person = Person(client)
    with held(instance):
        status, page = person.post("preview")
        assert (status, "请稍后" in page or "过一分钟" in page) == (503, True)
        assert TIP["narrative"] in page
        assert TIP["subject"] in page
        for path in ("/", "/report", "/list", "/progress"):
            assert client.get(path).status_code == 200
    assert person.post("preview")[0] == 200
    assert person.send()[0] == 200


def test_a_tip_that_cannot_be_sent_is_sent_by_the_same_button(
    client: FlaskClient, team: Team, instance: Path, quick: None
) -> None:
    person = Person(client)
    preview = person.post("preview")[1]
    fields = {name: hidden(preview, name) for name in ("token", "draft", "once", "seen")}
    with held(instance):
        answer = client.post("/report/send", data=fields)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "Set-Cookie" not in answer.headers
        assert {name: hidden(answer.text, name) for name in fields} == fields
    assert db.session.query(Docket).count() == 0
    assert client.post("/report/send", data=fields).status_code == 200
    assert db.session.query(Docket).count() == 1


def test_a_clerk_loses_no_word_of_a_telephone_call(
    sign_in: SignIn, team: Team, instance: Path, quick: None
) -> None:
    clerk = sign_in("clerk")
    with held(instance):
        answer = clerk.post("/desk/reports/new", data=sent("phone", narrative="很长的电话记录"))
        assert answer.status_code == 503
        assert "很长的电话记录" in answer.text
        assert clerk.get("/desk/").status_code == 200


def test_a_command_ends_with_a_sentence(
    app: Flask, team: Team, instance: Path, quick: None
) -> None:
    with held(instance):
        result = app.test_cli_runner().invoke(args=["people", "reset", "admin"])
    assert result.exit_code == 1
    assert "nothing was written" in result.output
    assert "Traceback" not in result.output


def test_readers_go_on_while_all_writers_wait(
    app: Flask, team: Team, instance: Path, tmp_path: Path
) -> None:
    """At the real server: more tips than it has threads, and the public list is answered before any
    of them is."""
    done = list[str]()
    with serving(instance, tmp_path) as served:
        people = [Caller(served.port) for _ in range(12)]
        threads = [threading.Thread(target=lambda p=p: done.append(p.tip())) for p in people]
        with held(instance):
            for thread in threads:
                thread.start()
            for path in ("/list", "/report", "/"):
                assert Caller(served.port).get(path)[0] == 200
            assert done == []
        for thread in threads:
            thread.join()
    assert len(set(done)) == 12
