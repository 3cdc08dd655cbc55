"""What the log may say of a fault: where it arose and of which kind, never what somebody wrote."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from casework.public import report
from casework.store import db
from casework.upkeep.walk import Team
from casework.web import faults
from tests.support.public import TIP, Person

SECRET = "财务科冉小梅"


def fails(*_a: object, **_k: object) -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise RuntimeError(f"with the words of a person: {SECRET}") from error


def test_a_fault_while_a_tip_is_sent_leaves_no_word_of_it_in_the_log(
    team: Team,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    person = Person(client)
    person.post("preview", narrative=SECRET)
    monkeypatch.setattr(report, "receive", fails)
    status, page = person.send()
    assert status == 500
    assert SECRET not in page
    # with tracebacks, as a file would have it
    logged = "".join(logging.Formatter().format(r) for r in caplog.records)
    assert "RuntimeError" in logged
    assert "ValueError" in logged
    assert "in fails" in logged
    assert SECRET not in logged
    assert TIP["subject"] not in logged


def test_a_fault_of_the_database_names_no_row(app: Flask, team: Team) -> None:
    with pytest.raises(IntegrityError) as raised:
        db.session.execute(
            text("INSERT INTO bureau (id, code, name) VALUES (1, :word, :word)"), {"word": SECRET}
        )
    said = faults.told(raised.value)
    assert SECRET not in said
    assert SECRET not in str(raised.value)  # what a command of cron would print
    assert "IntegrityError (" in said


def test_a_fault_behind_a_fault_is_told_and_an_endless_row_is_cut() -> None:
    last: Exception = ValueError("a")
    for _ in range(50):
        new = RuntimeError("b")
        new.__cause__ = last
        last = new
    assert faults.told(last).count("RuntimeError") == faults._DEEPEST
