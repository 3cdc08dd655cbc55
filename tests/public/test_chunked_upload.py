"""Uploads in pieces: they go on where a connection broke, and are checked as a whole like any other
file."""

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.evidence.models import Attachment
from casework.informants.models import Draft
from casework.intake import drafts
from casework.public import chunked_upload
from casework.store import db
from casework.upkeep.walk import Team
from tests.support.public import Person, hidden, picture, setting


@pytest.fixture
def person(team: Team, client: FlaskClient) -> Person:
    return Person(client)


def put(
    person: Person, data: bytes, offset: int, size: int, name: str = "账簿.jpg"
) -> tuple[int, dict[str, Any]]:
    fields = {**person.fixed, "name": name, "size": str(size), "offset": str(offset)}
    answer = person.client.post(
        "/report/piece",
        data={**fields, "piece": (io.BytesIO(data), "piece")},
        content_type="multipart/form-data",
    )
    return answer.status_code, answer.get_json(silent=True) or {}


def test_a_file_in_three_pieces_is_one_file_of_the_tip(person: Person, app: Flask) -> None:
    whole = picture()
    third = len(whole) // 3
    assert put(person, whole[:third], 0, len(whole)) == (200, {"got": third})
    person.post("save")  # what was typed meanwhile is kept beside it
    assert put(person, whole[third : 2 * third], third, len(whole))[1] == {"got": 2 * third}
    answer = put(person, whole[2 * third :], 2 * third, len(whole))[1]
    assert answer["title"] == "账簿.jpg"
    page = person.post("preview")[1]
    assert "账簿.jpg" in page
    person.send()
    row = db.session.scalars(select(Attachment)).one()
    assert app.extensions["sealed_store"].read(row.stored) == whole
    # original and cleaned copy; no piece is left
    assert len(list(app.extensions["sealed_store"].names())) == 2


def test_it_goes_on_where_the_connection_broke(person: Person) -> None:
    whole = picture()
    put(person, whole[:100], 0, len(whole))
    # the same again: nothing twice
    assert put(person, whole[:100], 0, len(whole))[1] == {"got": 100}
    # a hole: go back to what is here
    assert put(person, whole[500:600], 500, len(whole))[1] == {"got": 100}
    assert "stored" in put(person, whole[100:], 100, len(whole))[1]


def at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, asks: list[Callable[[], Any]]
) -> list[Any]:
    """Requests of which each has read the draft before any of them has changed it: as when a
    browser sends again what the server still works at."""
    met, real, seen = (
        threading.Barrier(len(asks), timeout=120),
        drafts.load_draft,
        threading.local(),
    )

    def load(key: str) -> dict[str, Any] | None:
        found = real(key)
        if not hasattr(seen, "once"):
            seen.once = met.wait()
        return found

    def one(ask: Callable[[], Any]) -> Any:
        with app.app_context():
            return ask()

    monkeypatch.setattr(drafts, "load_draft", load)
    with ThreadPoolExecutor(len(asks)) as pool:
        answers = [f.result() for f in [pool.submit(one, ask) for ask in asks]]
    monkeypatch.setattr(drafts, "load_draft", real)
    return answers


def test_a_last_piece_sent_twice_at_once_loses_no_file(
    person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection broke while the server put the file together; the script sends the piece once
    more."""
    whole = picture()
    put(person, whole[:100], 0, len(whole))
    last = [lambda: put(Person(app.test_client(), person.fixed), whole[100:], 100, len(whole))] * 2
    answers = at_once(app, monkeypatch, last)
    db.session.rollback()
    kept = (drafts.load_draft(person.fixed["draft"]) or {})["files"]
    assert [f["title"] for f in kept] == ["账簿.jpg"]
    said = {
        "got": len(whole),
        "stored": kept[0]["stored"],
        "title": "账簿.jpg",
        "about": "1 KB · 已上传",
    }
    assert answers == [(200, said)] * 2
    # and whoever asks later learns that it is here
    assert put(person, whole[100:], 100, len(whole)) == (200, said)
    # the same file chosen once more is no second one
    assert put(person, whole, 0, len(whole)) == (200, said)
    assert set(app.extensions["sealed_store"].names()) == drafts.files_in_use()


def test_two_files_that_end_at_once_are_both_kept(
    person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, other = picture(), Person(app.test_client(), person.fixed)
    ask = [
        lambda: put(person, whole, 0, len(whole), "一.jpg"),
        lambda: put(other, whole + b"\0", 0, len(whole) + 1, "二.jpg"),
    ]
    assert {status for status, _answer in at_once(app, monkeypatch, ask)} == {200}
    db.session.rollback()
    kept = drafts.load_draft(person.fixed["draft"]) or {}
    assert {f["title"] for f in kept["files"]} == {"一.jpg", "二.jpg"}
    assert not kept.get("partial")


def test_a_server_stopped_while_it_puts_a_file_together_goes_on_when_asked_again(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = picture()
    put(person, whole[:100], 0, len(whole))
    with monkeypatch.context() as patched:
        patched.setattr(chunked_upload, "take_bytes", lambda *_a: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            put(person, whole[100:], 100, len(whole))
    answer = put(person, whole[100:], 100, len(whole))[1]
    assert (answer["got"], "stored" in answer) in ((len(whole), True), (0, False))
    if "stored" not in answer:  # it begins anew
        assert "stored" in put(person, whole, 0, len(whole))[1]


def test_a_file_taken_out_while_another_comes_stays_out(
    person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = person.post("upload", [(picture(), "错.jpg")])[1]
    stored, whole = hidden(page, "remove"), picture() + b"\0"
    other = Person(app.test_client(), person.fixed)
    real = drafts.load_draft

    def load(key: str) -> dict[str, Any] | None:
        monkeypatch.setattr(drafts, "load_draft", real)
        found = real(key)
        other.post("", remove=stored)
        return found

    monkeypatch.setattr(drafts, "load_draft", load)
    assert put(person, whole, 0, len(whole))[0] == 200
    assert [f["title"] for f in (drafts.load_draft(person.fixed["draft"]) or {})["files"]] == [
        "账簿.jpg"
    ]


def test_pieces_of_a_living_draft_are_not_swept(person: Person, app: Flask) -> None:
    put(person, picture()[:100], 0, len(picture()))
    assert set(app.extensions["sealed_store"].names()) == drafts.files_in_use()


@pytest.mark.parametrize(
    ("data", "size", "sentence"),
    [(b"MZ\x90\x00" + bytes(50), 54, "可以接收"), (b"", 0, "空文件"), (b"x", 10**9, "超过")],
)
def test_a_refused_file_is_said_and_nothing_of_it_stays(
    person: Person, app: Flask, data: bytes, size: int, sentence: str
) -> None:
    status, answer = put(person, data, 0, size)
    assert status == 422
    assert sentence in answer["refused"]
    assert list(app.extensions["sealed_store"].names()) == []
    assert put(person, data, 0, size)[0] == 422


def test_limits_hold_for_pieces_too(person: Person, team: Team) -> None:
    setting(team, "upload.max_files", 1)
    person.post("upload", [(picture(), "1.jpg")])
    assert "超出数量" in put(person, picture(), 0, len(picture()))[1]["refused"]


@pytest.mark.parametrize(
    "change", [{"draft": "x"}, {"token": "x"}, {"offset": "-1"}, {"size": "x"}]
)
def test_a_made_up_piece_is_refused(person: Person, change: dict[str, str]) -> None:
    fields = {**person.fixed, "name": "a.jpg", "size": "10", "offset": "0", **change}
    answer = person.client.post(
        "/report/piece", data={**fields, "piece": (io.BytesIO(b"x"), "piece")}
    )
    assert answer.status_code == 400
    assert db.session.scalar(select(Draft)) is None


def test_more_than_was_said_is_refused(person: Person) -> None:
    assert put(person, b"x" * 20, 0, 10)[0] == 400
